//! A client of the kind that is generated, written by hand: the shape that generated code has.

/// The error of every call: what happened, and the API's own error body where it sent one.
pub(crate) type Error = specmint_client::Error<types::Error>;

/// Client for the Acme API.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    inner: specmint_client::Client<Api>,
}

/// What tells this API from others: its servers, security schemes and names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Api {}

impl specmint_client::Api for Api {
    const NAME: &'static str = "acme";
    const VERSION: &'static str = "1.0.0";
    const ENV: &'static str = "ACME";
    const SERVERS: &'static [&'static str] = &["https://api.acme.test"];
    const SCHEMES: &'static [specmint_client::Scheme] = &[
        specmint_client::Scheme::api_key("apiKey", specmint_client::In::Header, "Authorization"),
        specmint_client::Scheme::bearer("token"),
        specmint_client::Scheme::basic("login"),
        specmint_client::Scheme::api_key("queryKey", specmint_client::In::Query, "api key"),
        specmint_client::Scheme::api_key("session", specmint_client::In::Cookie, "sid"),
        specmint_client::Scheme::mutual_tls("certificate"),
        specmint_client::Scheme::unsupported("digest"),
    ];
    type ErrorBody = types::Error;
    type Credentials = Credentials;
}

impl Client {
    pub(crate) fn new(credentials: Credentials) -> Result<Self, specmint_client::BuildError> {
        Self::builder().credentials(credentials).build()
    }

    pub(crate) fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }
}

/// Settings of a [`Client`].
pub(crate) type ClientBuilder = specmint_client::ClientBuilder<Api, Client>;

impl std::ops::Deref for Client {
    type Target = specmint_client::Client<Api>;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl From<specmint_client::Client<Api>> for Client {
    fn from(inner: specmint_client::Client<Api>) -> Self {
        Self { inner }
    }
}

/// Credentials of the Acme API.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials(specmint_client::CredentialSet);

impl Credentials {
    /// `apiKey`: sent as the header `Authorization`.
    pub(crate) fn api_key(key: impl Into<specmint_client::Secret>) -> Self {
        Self(specmint_client::CredentialSet::default().with(0, key))
    }

    /// `token`: sent as a bearer token.
    pub(crate) fn token(token: impl Into<specmint_client::Secret>) -> Self {
        Self(specmint_client::CredentialSet::default().with(1, token))
    }

    /// Any scheme, by its index.
    pub(crate) fn and(self, scheme: usize, key: impl Into<specmint_client::Secret>) -> Self {
        Self(self.0.with(scheme, key))
    }

    /// `login`: sent as the header `Authorization`.
    pub(crate) fn and_basic(
        self,
        user: &str,
        password: impl Into<specmint_client::Secret>,
    ) -> Self {
        Self(self.0.with_basic(2, user, password))
    }
}

impl specmint_client::Credentials for Credentials {
    fn set(&self) -> &specmint_client::CredentialSet {
        &self.0
    }

    fn from_set(set: specmint_client::CredentialSet) -> Self {
        Self(set)
    }
}

/// One table row per operation.
mod operations {
    use specmint_client::{Answer, ErrorAnswer, Operation, Parameter, StatusMatch, Style, decode};

    use super::types;

    pub(super) static DELETE_CONTACT: Operation<types::Error> =
        Operation::new("delete_contact", "DELETE", "/v1/contacts/{id}")
            .parameters(&[Parameter::path("id")])
            .security(&[&[0]])
            .answers(&[Answer::new(StatusMatch::Code(204), "")])
            .errors(&[
                ErrorAnswer::json(
                    StatusMatch::Range(4),
                    "application/json",
                    decode::<types::Error>,
                ),
                ErrorAnswer::json(
                    StatusMatch::Default,
                    "application/json",
                    decode::<types::Error>,
                ),
            ]);

    pub(super) static CREATE_CONTACT: Operation<types::Error> =
        Operation::new("create_contact", "POST", "/v1/contacts")
            .parameters(&[
                Parameter::query("filter")
                    .style(Style::DeepObject)
                    .required(true),
                Parameter::header("X-Note"),
            ])
            .security(&[&[0]])
            .answers(&[
                Answer::new(StatusMatch::Code(201), "application/json"),
                Answer::new(StatusMatch::Code(202), ""),
            ])
            .errors(&[ErrorAnswer::json(
                StatusMatch::Code(404),
                "application/json",
                decode::<types::Error>,
            )]);
}

impl Client {
    /// Delete a contact by its unique identifier.
    ///
    /// `DELETE /v1/contacts/{id}`
    pub(crate) fn delete_contact(&self) -> builder::DeleteContact<'_> {
        builder::DeleteContact::new(self)
    }

    /// Create a contact.
    pub(crate) fn create_contact(&self) -> builder::CreateContact<'_> {
        builder::CreateContact::new(self)
    }
}

pub(crate) mod builder {
    use super::types;

    /// Builder for [`Client::delete_contact`].
    #[derive(Clone, Debug)]
    pub(crate) struct DeleteContact<'a> {
        client: &'a super::Client,
        id: Result<String, String>,
    }

    impl<'a> DeleteContact<'a> {
        pub(crate) fn new(client: &'a super::Client) -> Self {
            Self {
                client,
                id: Err("id was not initialized".to_owned()),
            }
        }

        pub(crate) fn id<V>(mut self, value: V) -> Self
        where
            V: TryInto<String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| "conversion to `String` for id failed".to_owned());
            self
        }

        pub(crate) async fn send(self) -> Result<specmint_client::ResponseValue<()>, super::Error> {
            let Self { client, id } = self;
            specmint_client::Call::new(client, &super::operations::DELETE_CONTACT)
                .parameter(id)
                .empty()
                .await
        }
    }

    /// Builder for [`Client::create_contact`].
    #[derive(Clone, Debug)]
    pub(crate) struct CreateContact<'a> {
        client: &'a super::Client,
        filter: Result<types::Filter, String>,
        note: Result<Option<String>, String>,
        body: Result<types::Contact, String>,
    }

    impl<'a> CreateContact<'a> {
        pub(crate) fn new(client: &'a super::Client) -> Self {
            Self {
                client,
                filter: Err("filter was not initialized".to_owned()),
                note: Ok(None),
                body: Err("body was not initialized".to_owned()),
            }
        }

        pub(crate) fn filter(mut self, value: types::Filter) -> Self {
            self.filter = Ok(value);
            self
        }

        pub(crate) fn note(mut self, value: impl Into<String>) -> Self {
            self.note = Ok(Some(value.into()));
            self
        }

        pub(crate) fn body(mut self, value: types::Contact) -> Self {
            self.body = Ok(value);
            self
        }

        pub(crate) async fn send(
            self,
        ) -> Result<specmint_client::ResponseValue<types::CreateContactAnswer>, super::Error>
        {
            let Self {
                client,
                filter,
                note,
                body,
            } = self;
            specmint_client::Call::new(client, &super::operations::CREATE_CONTACT)
                .parameter(filter)
                .parameter(note)
                .json_body(body)
                .one_of::<types::CreateContactAnswer>()
                .await
        }
    }
}

pub(crate) mod types {
    use serde::{Deserialize, Serialize};

    /// What the API says about a failure.
    #[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
    pub(crate) struct Error {
        pub(crate) code: String,
        pub(crate) message: String,
    }

    #[derive(Clone, Debug, Serialize)]
    pub(crate) struct Filter {
        pub(crate) kind: String,
        pub(crate) tags: Vec<String>,
    }

    #[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
    pub(crate) struct Contact {
        pub(crate) name: String,
        pub(crate) state: State,
        #[serde(default, deserialize_with = "specmint_client::lenient::integer")]
        pub(crate) age: i64,
        #[serde(default, deserialize_with = "specmint_client::lenient::default")]
        pub(crate) tags: Vec<String>,
    }

    specmint_client::open_enum! {
        /// State of a contact.
        pub(crate) enum State {
            /// In use.
            Active = "active",
            Gone = "gone",
        }
    }

    /// Answers of [`Client::create_contact`](super::Client::create_contact).
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) enum CreateContactAnswer {
        Created(Contact),
        Accepted,
    }

    impl specmint_client::Answers for CreateContactAnswer {
        fn decode(
            answer: &specmint_client::Received,
        ) -> Result<Self, specmint_client::DecodeError> {
            match answer.row() {
                Some(0) => answer.json().map(Self::Created),
                Some(1) => Ok(Self::Accepted),
                _ => Err(specmint_client::DecodeError::new("undocumented answer")),
            }
        }
    }
}
