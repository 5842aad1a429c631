//! How time and memory grow with the number of operations, on documents written for it.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{
    Failure, export, lines,
    process::{Measured, median},
};

const SIZES: &[usize] = &[10, 50, 200, 600, 1200];

/// A point of the curve.
pub(crate) struct Point {
    pub(crate) operations: usize,
    pub(crate) bytes: usize,
    pub(crate) export: Measured,
    pub(crate) lines: usize,
}

/// Exports documents of growing size.
pub(crate) fn curve(dir: &Path, runs: usize) -> Result<Vec<Point>, Failure> {
    let dir = dir.join("growth");
    fs::create_dir_all(&dir)?;
    let mut out = Vec::new();
    for &operations in SIZES {
        let input = dir.join(format!("{operations}.json"));
        let text = serde_json::to_string(&document(operations))?;
        fs::write(&input, &text)?;
        let crate_ = dir.join(operations.to_string());
        let report = dir.join("report.json");
        let measured = median(runs, || export(&input, &crate_, &report))?;
        out.push(Point {
            operations,
            bytes: text.len(),
            export: measured,
            lines: lines(&crate_.join("src"))?,
        });
    }
    Ok(out)
}

/// A document in which every operation has parameters, a body, an answer and an error, and every
/// second one types of its own.
fn document(operations: usize) -> Value {
    let mut paths = serde_json::Map::new();
    let mut schemas = serde_json::Map::new();
    schemas.insert(
        "Problem".to_owned(),
        json!({"type": "object", "required": ["message"], "properties": {
            "message": {"type": "string"}, "code": {"type": "integer"}}}),
    );
    for index in 0..operations {
        let own = index / 2;
        if index % 2 == 0 {
            let mut properties = serde_json::Map::new();
            for field in 0..8 {
                let value = match field % 4 {
                    0 => json!({"type": "string", "description": "What it is called."}),
                    1 => json!({"type": "integer", "format": "int64"}),
                    2 => json!({"type": "array", "items": {"type": "string"}}),
                    _ => json!({"type": "object", "properties": {
                        format!("inner_{own}"): {"type": "boolean"},
                        "state": {"type": "string", "enum": ["on", "off"]}}}),
                };
                properties.insert(format!("field_{own}_{field}"), value);
            }
            schemas.insert(
                format!("Thing{own}"),
                json!({"type": "object", "properties": properties}),
            );
        }
        let method = if index % 2 == 0 { "get" } else { "post" };
        let thing = json!({"$ref": format!("#/components/schemas/Thing{own}")});
        let mut operation = json!({
            "operationId": format!("{method}_thing_{own}"),
            "summary": format!("Does thing {own}"),
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "limit", "in": "query", "schema": {"type": "integer"}}],
            "responses": {
                "200": {"description": "Done", "content": {"application/json": {"schema": thing}}},
                "404": {"description": "Not there", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Problem"}}}}}
        });
        if method == "post" {
            operation["requestBody"] =
                json!({"required": true, "content": {"application/json": {"schema": thing}}});
        }
        let item = paths
            .entry(format!("/things/{own}/{{id}}"))
            .or_insert_with(|| json!({}));
        item[method] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Growth", "version": "1.0.0"},
        "servers": [{"url": "https://api.acme.test"}],
        "paths": paths,
        "components": {"schemas": schemas}
    })
}
