//! Code that calls an API, and can be tested without it: the client is an argument.

use specmint::quo;

/// Deletes a contact; says whether there was one.
pub async fn forget(client: &quo::Client, id: &str) -> Result<bool, quo::Error> {
    match client.delete_contact().id(id).send().await {
        Ok(_) => Ok(true),
        Err(error) if error.status().is_some_and(|status| status == 404) => Ok(false),
        Err(error) => Err(error),
    }
}
