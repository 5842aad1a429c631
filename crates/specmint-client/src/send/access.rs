//! As whom a request is sent: with credentials that are known before, or with those that the client's
//! source gives when it is time.

use super::{Fault, Prepared};
use crate::answer::Head;
use crate::api::Scheme;
use crate::client::Core;
use crate::credential::CredentialSet;
use crate::credential::source::Held;
use crate::error::{CredentialsError, Error, MissingCredential};

/// What a request is sent with.
pub(crate) enum Access {
    /// Credentials for these schemes: the client's, or those of the call.
    Fixed {
        own: Option<CredentialSet>,
        chosen: Vec<usize>,
    },
    /// Whatever the client's source gives.
    Source(Wanted),
}

/// Which credentials a request wants.
#[derive(Clone, Copy)]
pub(crate) enum Wanted {
    /// The first combination of schemes for which there are any; that may be none at all.
    OneOf(&'static [&'static [usize]]),
    /// All that there are.
    Everything,
}

impl Wanted {
    /// The schemes whose credentials are sent, or the names of what is missing.
    pub(crate) fn choose(
        self,
        set: &CredentialSet,
        schemes: &[Scheme],
    ) -> Result<Vec<usize>, Vec<&'static str>> {
        match self {
            Self::OneOf(alternatives) => set.choose(alternatives, schemes),
            Self::Everything => Ok(set.present(schemes)),
        }
    }
}

impl Access {
    /// For requests that go where credentials don't belong.
    pub(crate) const NOBODY: Self = Self::Fixed {
        own: None,
        chosen: Vec::new(),
    };

    pub(crate) fn new(
        core: &Core,
        own: Option<CredentialSet>,
        wanted: Wanted,
    ) -> Result<Self, Vec<&'static str>> {
        let unwanted = match wanted {
            Wanted::OneOf(alternatives) => alternatives.is_empty(),
            Wanted::Everything => core.schemes.is_empty(),
        };
        if own.is_none() && core.source.is_some() && !unwanted {
            return Ok(Self::Source(wanted));
        }
        let set = own.as_ref().unwrap_or(&core.credentials);
        let chosen = wanted.choose(set, core.schemes)?;
        Ok(Self::Fixed { own, chosen })
    }

    /// The schemes whose credentials are sent, or may be.
    pub(crate) fn schemes(&self, schemes: &[Scheme]) -> Vec<usize> {
        match self {
            Self::Fixed { chosen, .. } => chosen.clone(),
            Self::Source(Wanted::OneOf(alternatives)) => alternatives.concat(),
            Self::Source(Wanted::Everything) => (0..schemes.len()).collect(),
        }
    }
}

/// Credentials of the client's source, and the schemes for which they are sent.
pub(super) struct Granted {
    pub(super) held: Held,
    pub(super) chosen: Vec<usize>,
}

/// Gets credentials of the client's source, others than those that a server has refused.
pub(super) async fn ask(
    core: &Core,
    prepared: &Prepared,
    wanted: Wanted,
    refused: Option<(&Granted, &Head)>,
) -> Result<Granted, Fault> {
    let Some(source) = &core.source else {
        return Err(prepared.invalid("the client has no source of credentials"));
    };
    let held = source
        .get(refused.map(|(granted, _)| &granted.held))
        .await
        .map_err(|source| {
            Error::Credentials(Box::new(CredentialsError {
                operation: prepared.operation.clone(),
                head: refused.map(|(_, head)| head.clone()),
                source,
            }))
        })?;
    match wanted.choose(&held.set, core.schemes) {
        Ok(chosen) => Ok(Granted { held, chosen }),
        Err(schemes) => Err(Error::MissingCredential(MissingCredential {
            operation: prepared.operation.clone(),
            schemes,
        })),
    }
}
