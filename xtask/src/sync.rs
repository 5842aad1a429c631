//! `sync-specs`: keeping step with the documentation sites. Its interface stands; the fetching
//! doesn't yet, and it says so instead of doing nothing.

use anyhow::anyhow;

use crate::Failure;

/// Fetch the documentation pages of the embedded APIs, compare them with `specs/`, and report what
/// changed for callers.
///
/// It will: read each API's documentation index (`docs` in `specs/<api>/api.toml`), fetch the pages
/// it lists from that host only, over HTTPS, politely and within bounds; refuse whatever looks like
/// an outage or a different site; compare operation by operation and name each change by a stable
/// fingerprint with its page, line and Rust symbol; and write pages and lock in one step, or nothing.
/// Nothing is deleted because it was not seen.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The APIs; all embedded ones where none is named.
    #[arg(value_name = "API")]
    apis: Vec<String>,
    /// Show everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Exit with 4 if upstream differs from what is committed; write nothing.
    #[arg(long)]
    check: bool,
    /// Read the pages from a directory instead of the network.
    #[arg(long, value_name = "DIR")]
    from: Option<std::path::PathBuf>,
    /// Write the change report; JSON or Markdown by the file's ending.
    #[arg(long, value_name = "FILE")]
    report: Vec<std::path::PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let Args { apis, dry_run: _, check: _, from: _, report: _ } = args;
    let what = if apis.is_empty() { "the embedded APIs".to_owned() } else { apis.join(", ") };
    Err(Failure::Other(anyhow!(
        "`sync-specs` does not fetch yet; nothing was read or written for {what}\n\
         help: replace the files under specs/<api>/pages by hand, then run `cargo test`"
    )))
}
