//! Pages to read: a site written here, and the largest folder of a corpus.
//!
//! `cargo xtask bench` measures the same ones.

use std::{fmt::Write as _, path::PathBuf};

use saphyr_parser::Parser;
use specmint_spec::{
    api::Api,
    diag::Diagnostics,
    document::Lowered,
    extract::fence::{self, Piece},
    page::Sources,
    source,
};

/// Pages of a site of this many operations; each shows five of forty schemas.
pub(crate) fn written(operations: usize) -> Sources {
    let pages = (0..operations).map(|n| {
        let mut schemas = String::new();
        for k in 0..5 {
            let schema = (n + k) % 40;
            let _ = write!(
                schemas,
                "    Thing{schema}:\n      type: object\n      required: [id, name]\n      \
                 properties:\n        id: {{type: string, format: uuid}}\n        name:\n          \
                 type: string\n          description: >-\n            What people call it, in the \
                 words of those\n            who made it; never empty.\n          example: a \
                 thing\n        size: {{type: integer, minimum: 0, maximum: 4096}}\n        kind:\n          \
                 type: string\n          enum: [small, large, other]\n        made_at:\n          \
                 type: string\n          format: date-time\n"
            );
            if k > 0 {
                let _ = writeln!(
                    schemas,
                    "        parent:\n          $ref: '#/components/schemas/Thing{}'",
                    (n + k - 1) % 40
                );
            }
        }
        let text = format!(
            "# Get part {n}\n\n> What there is to know of part {n}.\n\n## OpenAPI\n\n````yaml GET \
             /things/{{id}}/parts-{n}\nopenapi: 3.1.0\ninfo:\n  title: Acme\n  version: \
             1.0.0\nservers:\n  - url: https://api.acme.test\nsecurity:\n  - key: []\npaths:\n  \
             /things/{{id}}/parts-{n}:\n    get:\n      summary: Get part {n}\n      operationId: \
             getPart{n}\n      parameters:\n        - name: id\n          in: path\n          \
             required: true\n          schema: {{type: string}}\n        - name: limit\n          in: \
             query\n          schema: {{type: integer, default: 20}}\n      responses:\n        \
             '200':\n          description: The part.\n          content:\n            \
             application/json:\n              schema:\n                $ref: \
             '#/components/schemas/Thing{}'\ncomponents:\n  schemas:\n{schemas}  securitySchemes:\n    \
             key:\n      type: apiKey\n      in: header\n      name: Authorization\n````\n",
            (n + 4) % 40
        );
        source::page(&format!("things/part-{n}.md"), &text)
    });
    Sources::new(pages.collect())
}

/// The pages of the folder with most of them that make one API.
pub(crate) fn largest(folders: impl Iterator<Item = PathBuf>) -> Option<Sources> {
    folders
        .filter_map(|folder| source::read(&folder, &mut Diagnostics::default()).ok())
        .map(|input| input.sources)
        .filter(|sources| read(sources).is_some())
        .max_by_key(|sources| blocks(sources).map(str::len).sum::<usize>())
}

/// What stands between the fences of specifications.
pub(crate) fn blocks(sources: &Sources) -> impl Iterator<Item = &str> {
    let pieces = sources
        .iter()
        .flat_map(|(_, page)| fence::pieces(&page.text));
    pieces.filter_map(|piece| match piece {
        Piece::Fence(fence) if fence.body.contains("paths:") => Some(fence.body),
        _ => None,
    })
}

/// Pages to lowered document.
pub(crate) fn read(sources: &Sources) -> Option<Lowered> {
    let mut diags = Diagnostics::default();
    let document = specmint_spec::read(sources, &Api::default(), &mut diags).ok()?;
    specmint_spec::lower_owned(document, &mut diags).ok()
}

/// The parser's events alone, over every block.
pub(crate) fn parse(sources: &Sources) {
    for block in blocks(sources) {
        let mut parser = Parser::new_from_str(block);
        while let Some(Ok(event)) = parser.next_event() {
            std::hint::black_box(event);
        }
    }
}
