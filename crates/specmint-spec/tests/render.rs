//! What diagnostics look like.

use insta::assert_snapshot;
use specmint_spec::{
    diag::{self, Code, Diagnostics, Severity, render},
    page::{PageIndex, Sources, Span},
    source,
};

fn at(page: u32, line: u32, column: u32) -> Span {
    Span {
        page: PageIndex(page),
        line,
        column,
    }
}

fn sources() -> Sources {
    let long = format!(
        "{{\"{}\": 1, \"key\": \"value\", \"{}\": 2}}",
        "a".repeat(500),
        "b".repeat(500)
    );
    Sources::new(vec![
        source::page(
            "acme/a.md",
            "# Title\n\npaths:\n  path: /things\n\tméthod: \"get it\"\nx\ny\nz\nw\npaths:\n",
        ),
        source::page("acme/long.json", &long),
        source::page(
            "acme/wild.md",
            "key: \u{1b}[31mred\u{7}\u{202e}olleh\n\u{200b}hidden: 1\n",
        ),
    ])
}

fn plain(say: impl FnOnce(&mut Diagnostics)) -> String {
    let mut diags = Diagnostics::default();
    say(&mut diags);
    render::plain(&diags, &sources())
}

#[test]
fn an_error_with_labels_and_help() {
    let text = plain(|diags| {
        diags
            .error(Code("T0001"), at(0, 3, 1), "the key `paths` stands twice")
            .label(at(0, 10, 1), "again here")
            .label(at(0, 4, 3), "with this member")
            .help("remove one");
    });
    assert_snapshot!(text);
}

#[test]
fn a_warning_and_a_note_about_tokens() {
    let text = plain(|diags| {
        diags.warning(Code("T0002"), at(0, 5, 2), "a key after a tab");
        diags.note(Code("T0003"), at(0, 5, 10), "a quoted text");
    });
    assert_snapshot!(text);
}

#[test]
fn places_that_are_not_there() {
    let text = plain(|diags| {
        diags
            .error(Code("T0004"), Span::NONE, "nowhere")
            .help("look elsewhere");
        diags.error(Code("T0005"), at(0, 99, 7), "a line behind the end");
        diags.error(Code("T0006"), at(0, 2, 50), "a column behind the end");
        diags.error(Code("T0007"), at(77, 1, 1), "no such page");
    });
    assert_snapshot!(text);
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = plain(|diags| {
        diags.error(Code("T0008"), at(1, 1, 508), "in the middle of a long line");
        diags
            .error(Code("T0008"), at(1, 1, 1), "at the start of a long line")
            .label(at(1, 1, 515), "and far to the right");
    });
    assert_snapshot!(text);
}

#[test]
fn nothing_steers_the_terminal() {
    let mut diags = Diagnostics::default();
    diags
        .error(
            Code("T0009"),
            at(2, 1, 6),
            "a \u{1b}[2J message\nof two\u{202e} lines",
        )
        .label(at(2, 2, 1), "\u{9b}1m label")
        .help("\u{1b}]0;title\u{7} help");
    let text = render::plain(&diags, &sources());
    let steering =
        |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!text.contains(steering), "{text:?}");
    assert!(!render::github(&diags, &sources()).contains(steering));
    assert_snapshot!(text);
}

#[test]
fn colours() {
    let mut diags = Diagnostics::default();
    diags.error(Code("T0010"), at(0, 4, 3), "coloured");
    let text = render::ansi(&diags, &sources());
    assert!(text.contains("\u{1b}["), "{text:?}");
}

#[test]
fn github_annotations() {
    let mut diags = Diagnostics::default();
    diags
        .error(Code("T0011"), at(0, 4, 3), "100 % wrong: a, b")
        .label(at(0, 10, 1), "see here")
        .help("do this");
    diags.warning(Code("T0012"), Span::NONE, "nowhere");
    diags.note(Code("T0013"), at(1, 1, 1), "fine");
    assert_snapshot!(render::github(&diags, &sources()));
}

#[test]
fn only_what_matters() {
    let mut diags = Diagnostics::default();
    diags.note(Code("T0014"), Span::NONE, "a");
    diags.warning(Code("T0015"), Span::NONE, "b");
    diags.error(Code("T0016"), Span::NONE, "c");
    let codes: Vec<_> = diags
        .at_least(Severity::Warning)
        .iter()
        .map(|d| d.code.0)
        .collect();
    assert_eq!(codes, ["T0015", "T0016"]);
}

#[test]
fn every_code_stands_once_and_is_explained() {
    let mut codes: Vec<_> = diag::codes::all().collect();
    codes.sort_by_key(|info| info.code);
    for pair in codes.windows(2) {
        assert_ne!(pair[0].code, pair[1].code, "one code twice");
    }
    for info in codes {
        let (room, number) = info.code.0.split_at(1);
        assert!("SYENMFL".contains(room), "{}", info.code);
        assert!(
            number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit()),
            "{}",
            info.code
        );
        assert!(
            !info.title.is_empty() && !info.explanation.is_empty(),
            "{}",
            info.code
        );
    }
}
