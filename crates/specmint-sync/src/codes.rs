//! `S1`: what keeping step can run into. A code is never reused for something else.

use specmint_spec::diag::{Code, CodeInfo};

macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal, $explanation:literal;)*) => {
        $(#[doc = $title] pub const $name: Code = Code($code);)*
        /// The codes of this crate.
        pub const TABLE: &[CodeInfo] = &[
            $(CodeInfo { code: $name, title: $title, explanation: $explanation },)*
        ];
    };
}

codes! {
    CONFIG = "S1001", "The configuration can't be used",
        "`api.toml` or the command line asks for something that can't be done. Nothing was read from the network.";
    LINK = "S1002", "A link of the index was skipped",
        "The index lists an address that `api.toml` doesn't allow: another host, another scheme, credentials in the address, an address literal, or an unlisted port. Add the host under `hosts` if it is meant.";
    REDIRECT = "S1003", "A redirect leads where it must not",
        "Redirects are followed by hand, three at most, on the same host and never from HTTPS to HTTP. Put the final address into `api.toml`.";
    ADDRESS = "S1004", "A host name leads into a private network",
        "The name resolves to a loopback, link-local, private or otherwise reserved address. Documentation sites are on public addresses; a local mirror needs `allow-private = true`.";
    ROBOTS = "S1005", "robots.txt forbids the request",
        "The site asks programs not to fetch this address. Save the pages by other means and use `--from DIR`.";
    BOUNDS = "S1006", "Too much, or too slow",
        "An index, a page, the number of pages, all pages together, or the time exceeds its bound. The bounds are far above any real site's.";
    REMOVED = "S1101", "Operations would disappear",
        "Nothing is deleted because it was not seen. Confirm that the vendor withdrew these operations, then run again with `--allow-removals`.";
    SERVER = "S1102", "The API server changed",
        "Clients send their credentials to this host. Confirm the change with the vendor, then accept it by its fingerprint.";
    CREDENTIALS = "S1103", "The credentials changed",
        "How callers authenticate changed: scheme, place or name. Confirm the change with the vendor, then accept it by its fingerprint.";
    SHRUNK = "S1104", "Many operations would disappear at once",
        "More than a fifth of the API's operations are gone. That is rarely a decision and often an outage. Accept it by its fingerprint if it is a decision.";
    BREAKING = "S1105", "A breaking change was not accepted",
        "`refuse-breaking = true` in `api.toml` asks for each breaking change to be accepted by its fingerprint.";
    PAGES = "S1201", "Some pages could not be used",
        "Nothing was written, because a set of pages with holes reads like a smaller API. Run again, exclude a page under `select`, or read a saved copy with `--from DIR`.";
    READING = "S1202", "The pages don't make one API",
        "The pages were fetched, but reading them as one OpenAPI document failed; the diagnostics above say where.";
    INDEX = "S1203", "The index can't be used",
        "The documentation index (`llms.txt`) did not come, is no index, or lists no pages.";
    UNLISTED = "S1204", "A page is no longer listed but still answers",
        "It is kept: an index can be incomplete or written by hand.";
    PINNED = "S1205", "A pinned page differs from what the site serves",
        "The page is pinned in `api.toml` and was not replaced.";
    SPEC = "S1206", "The site also offers the whole document",
        "`--prefer-spec` reads it instead of the pages for one run; `spec = \"URL\"` in `api.toml` makes it permanent.";
    CROSS_CHECK = "S1207", "A listed specification can't be used as a cross-check",
        "The index names a whole specification that doesn't answer, isn't OpenAPI, or is another API's. The pages are what counts.";
    FIXUP = "S1208", "A correction no longer applies",
        "A correction in `fixups.yaml` changes nothing in the new pages: upstream mended it, or moved what it corrects. Edit `fixups.yaml`, then run again.";
    EDITED = "S1209", "Committed pages differ from the lock",
        "A page was edited, added or removed by hand. Corrections belong into `fixups.yaml`; restore the page, or fetch it again.";
    BUSY = "S1210", "Another sync is running",
        "Two syncs of one API would mix their pages.";
    INTERRUPTED = "S1211", "An interrupted sync was found",
        "It was brought to an end: to the new state where everything had been staged, to the old one otherwise.";
    UNUSED = "S1212", "An accepted fingerprint names no change",
        "The change is gone, or the fingerprint is mistyped.";
    STORAGE = "S1213", "The files can't be read or written",
        "The message says which. The committed state is the old one unless an interrupted sync is mentioned.";
    TOOL = "S1214", "The lock was written by another version",
        "Pages are read the same way, or better; regenerate and look at the snapshots.";
    DENIED = "S1215", "A diagnostic was turned into an error",
        "`-D CODE` was given for it.";
    NAMES = "S1216", "Names could not be added",
        "The pages were written, and no client can be made of them yet, so that it isn't known what their operations and types will be called. Make it generate, then run `cargo xtask names`.";
    BARE = "S1217", "A page has no specification any more",
        "The page answers, and what it described is not there. That may be a rewrite, or a login page in Markdown; its operations go only with `--allow-removals`.";
    DRIFT = "S1300", "Committed pages are behind upstream",
        "`--check` found something to write. Run the same command without `--check`.";
}
