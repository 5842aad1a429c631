//! Calls both embedded APIs through their generated clients, over real HTTPS, without the network.
//!
//! ```text
//! cargo run --example quickstart
//! ```
//!
//! A server on loopback plays `api.openphone.com` and `api.minimo.it` and compares every request
//! with what the documentation pages say: method, path, host and `Authorization`, letter by
//! letter. Ends with a non-zero code where anything differs.

mod server;

use std::{error::Error, process::ExitCode};

use server::{Page, Server};
use specmint::{minimo, quo};

/// The pages, as text: the server's expectations come from here, not from the generated clients.
const QUO: &str = include_str!("../../specs/quo/pages/contacts/delete-a-contact.md");
const MINIMO: &str = include_str!("../../specs/minimo/pages/contacts/delete-contact.md");

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(mismatches) if mismatches.is_empty() => {
            say("every request was what the pages document");
            ExitCode::SUCCESS
        }
        Ok(mismatches) => {
            for mismatch in mismatches {
                eprintln!("mismatch: {mismatch}");
            }
            ExitCode::FAILURE
        }
        Err(err) => {
            eprintln!("error: {err}");
            ExitCode::FAILURE
        }
    }
}

/// Plays the calls and returns what the server found wrong, and what the clients did.
async fn run() -> Result<Vec<String>, Box<dyn Error>> {
    let server = Server::start(vec![
        // Quo sends its key bare; the page says so by `type: apiKey` under `Authorization`.
        Page::read("quo", QUO, "quo-key")?,
        // Minimo's page says `scheme: bearer`, and its path has a server of its own.
        Page::read("minimo", MINIMO, "Bearer minimo-token")?,
    ])
    .await?;
    for page in server.pages() {
        say(&format!(
            "{}: the page says {} https://{}{}",
            page.api, page.method, page.host, page.path
        ));
    }
    let mut wrong = Vec::new();
    call_quo(&server, &mut wrong).await?;
    call_minimo(&server, &mut wrong).await?;
    wrong.extend(server.mismatches());
    if server.calls() != 6 {
        wrong.push(format!("6 requests were to arrive, {} did", server.calls()));
    }
    Ok(wrong)
}

async fn call_quo(server: &Server, wrong: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    let client = |key: &str| {
        quo::Client::builder()
            .credentials(quo::Credentials::api_key(key))
            .http_client(server.http_client()) // only so that the real host name leads to loopback
            .build()
    };
    let quo = client("quo-key")?;

    let done = quo
        .delete_contact()
        .id("66d0d87e8dc1211467372303")
        .send()
        .await?;
    say(&format!("quo: deleted a contact: {}", done.status()));
    expect(wrong, "quo's success", done.status().as_u16() == 204);

    match quo.delete_contact().id(server::UNKNOWN).send().await {
        Err(quo::Error::ErrorResponse(error)) => {
            say(&format!(
                "quo: {}, typed: code {}, {:?}",
                error.status(),
                error.code,
                error.title
            ));
            expect(
                wrong,
                "quo's 404",
                error.status().as_u16() == 404 && error.code == "0800404",
            );
        }
        other => wrong.push(format!("quo's 404 came as {other:?}")),
    }

    match client("stolen")?
        .delete_contact()
        .id("66d0d87e8dc1211467372303")
        .send()
        .await
    {
        Err(quo::Error::ErrorResponse(error)) => {
            say(&format!(
                "quo: wrong key: {}, {:?}",
                error.status(),
                error.message
            ));
            expect(wrong, "quo's 401", error.status().as_u16() == 401);
        }
        other => wrong.push(format!("quo's 401 came as {other:?}")),
    }
    Ok(())
}

async fn call_minimo(server: &Server, wrong: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    let client = |token: &str| {
        minimo::Client::builder()
            .credentials(minimo::Credentials::bearer_auth(token))
            .http_client(server.http_client())
            .build()
    };
    let minimo = client("minimo-token")?;

    let deleted: bool = minimo.delete_contact().id(42).send().await?.into_inner();
    say(&format!("minimo: deleted a contact: {deleted}"));
    expect(wrong, "minimo's success", deleted);

    match minimo
        .delete_contact()
        .id(server::UNKNOWN.parse::<i64>()?)
        .send()
        .await
    {
        Err(minimo::Error::ErrorResponse(error)) => {
            say(&format!(
                "minimo: {}, typed: {:?}",
                error.status(),
                error.message
            ));
            expect(
                wrong,
                "minimo's 404",
                error.message.as_deref() == Some("Contact not found"),
            );
        }
        other => wrong.push(format!("minimo's 404 came as {other:?}")),
    }

    // The page documents no 401, so it comes as it is: status, headers and the first bytes.
    match client("stolen")?.delete_contact().id(42).send().await {
        Err(error) => {
            say(&format!("minimo: wrong key: {error}"));
            expect(
                wrong,
                "minimo's 401",
                error.status().is_some_and(|s| s.as_u16() == 401),
            );
        }
        Ok(done) => wrong.push(format!("minimo took a wrong key: {done:?}")),
    }
    Ok(())
}

fn expect(wrong: &mut Vec<String>, what: &str, holds: bool) {
    if !holds {
        wrong.push(format!("{what} is not what the page documents"));
    }
}

#[expect(
    clippy::print_stdout,
    reason = "saying what happens is what the example is for"
)]
fn say(line: &str) {
    println!("{line}");
}
