//! `S`: reading files.

use crate::diag::{Code, CodeInfo};

/// A file or folder that can't be read.
pub const UNREADABLE: Code = Code("S0001");
/// A file that is too large.
pub const TOO_LARGE: Code = Code("S0002");
/// A file that is not UTF-8.
pub const NOT_UTF8: Code = Code("S0003");
/// Too many files, or too much in them.
pub const TOO_MUCH: Code = Code("S0004");
/// A symbolic link that leads out of the folder.
pub const SYMLINK: Code = Code("S0005");
/// A mistake in `api.toml`.
pub const SETTINGS: Code = Code("S0006");
/// A folder without pages.
pub const NO_PAGES: Code = Code("S0007");
/// A whole specification in a folder of pages.
pub const BESIDE: Code = Code("S0008");
/// A sync of the pages was interrupted.
pub const INTERRUPTED: Code = Code("S0009");
/// A mistake in `names.lock`.
pub const NAMES: Code = Code("S0010");

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[
    CodeInfo {
        code: UNREADABLE,
        title: "a file or folder can't be read",
        explanation: "It does not exist, or it may not be read by you. The message ends in what \
                      the system said.",
    },
    CodeInfo {
        code: TOO_LARGE,
        title: "a file is too large",
        explanation: "A page may have 16 MiB and a document 64 MiB; larger files are not read at \
                      all. The largest page known has less than 1 MiB.",
    },
    CodeInfo {
        code: NOT_UTF8,
        title: "a file is not UTF-8",
        explanation: "Pages and documents are read as UTF-8, with or without a byte-order mark. \
                      The place is that of the first byte that can't be.",
    },
    CodeInfo {
        code: TOO_MUCH,
        title: "too many files",
        explanation: "An input may have 20,000 files, 512 MiB in all, in folders 64 deep. Name \
                      the folder of one API's pages instead of one above it.",
    },
    CodeInfo {
        code: SYMLINK,
        title: "a symbolic link is not followed",
        explanation: "Links to folders, and links to files outside the folder that was named, \
                      are left alone. Copy the pages, or name the folder they lie in.",
    },
    CodeInfo {
        code: SETTINGS,
        title: "a mistake in `api.toml`",
        explanation: "The file is TOML; the message names what can't be used. Unknown keys are \
                      errors, because a decision that is not understood must not be dropped in \
                      silence.",
    },
    CodeInfo {
        code: NO_PAGES,
        title: "a folder without pages",
        explanation: "Pages are files ending in `.md`, `.mdx` or `.txt`; files ending in `.json`, \
                      `.yaml` or `.yml` count where they are specifications. In a folder with \
                      `api.toml`, they lie in its folder `pages`.",
    },
    CodeInfo {
        code: BESIDE,
        title: "a specification beside pages",
        explanation: "The folder holds pages with specification blocks and a whole specification. \
                      The pages are read; name the file instead of the folder to read that.",
    },
    CodeInfo {
        code: INTERRUPTED,
        title: "an interrupted sync",
        explanation: "Pages of two states may lie side by side. `cargo xtask sync-specs API \
                      --offline` brings them to the new one.",
    },
    CodeInfo {
        code: NAMES,
        title: "a mistake in `names.lock`",
        explanation: "The file is TOML; the message names what can't be used. It holds the names \
                      that are published: restore it from version control, or write it anew with \
                      `cargo xtask names` where nothing is published yet.",
    },
];
