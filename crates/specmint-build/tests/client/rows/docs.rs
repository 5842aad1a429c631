//! What rustdoc shows first.

/// The page of the crate says what there is, and nothing of the document's prose is more than prose.
#[test]
fn docs_have_a_table_of_operations() {
    let code = include_str!("../src/lib.rs");
    let module: String = code
        .lines()
        .filter_map(|line| line.strip_prefix("//! ").or(line.strip_prefix("//!")))
        .map(|line| format!("{line}\n"))
        .collect();
    for text in [
        "[`list_parcels`](Client::list_parcels)",
        "`GET /parcels/{id}`",
        "[documentation](https://docs.parcels.example/list)",
        "`PARCELS_TOKEN`",
        "deprecated",
    ] {
        assert!(module.contains(text), "{text} is not in\n{module}");
    }
    for code in [
        code,
        include_str!("../src/methods.rs"),
        include_str!("../src/builder.rs"),
        include_str!("../src/types.rs"),
    ] {
        assert!(!code.contains("<script>") && !code.contains("javascript:"));
    }
}
