//! JSON text → [`Node`], over `jsonc-parser` with every extension switched off.
//!
//! `serde_json` gives no positions. The parser stops at 512 levels by itself; [`MAX_DEPTH`] is
//! checked while converting.

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{ObjectPropName, Value as Ast},
    common::Ranged,
    errors::ParseErrorKind,
    parse_to_ast,
};

use super::{MAX_DEPTH, Origin, scalar, small};
use crate::{
    diag::{Diagnostics, Reported, codes::yaml as codes},
    node::{Map, Node, Value},
    page::Span,
};

/// Strict JSON.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads JSON.
pub(super) fn parse(text: &str, origin: Origin, diags: &mut Diagnostics) -> Result<Node, Reported> {
    let mut cursor = Cursor {
        text,
        origin,
        at: 0,
        line: 1,
        column: 1,
    };
    let parsed = match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => parsed,
        Err(error) => {
            let span = cursor.span(error.range().start);
            if matches!(error.kind(), ParseErrorKind::NestingDepthExceeded) {
                return too_deep(span, diags);
            }
            let what = error.kind().to_string().to_lowercase();
            diags.error(
                codes::JSON_SYNTAX,
                span,
                format!("this is not JSON: {what}"),
            );
            return Err(Reported);
        }
    };
    match parsed.value {
        Some(value) => {
            let span = cursor.span(value.start());
            Ok(Node {
                span,
                value: convert(value, &mut cursor, 0, diags)?,
            })
        }
        None => Ok(Node {
            span: cursor.span(0),
            value: Value::Null,
        }),
    }
}

fn too_deep(span: Span, diags: &mut Diagnostics) -> Result<Node, Reported> {
    super::tree::report_depth(span, diags);
    Err(Reported)
}

fn convert(
    ast: Ast<'_>,
    cursor: &mut Cursor<'_>,
    depth: usize,
    diags: &mut Diagnostics,
) -> Result<Value, Reported> {
    if depth >= MAX_DEPTH && matches!(ast, Ast::Array(_) | Ast::Object(_)) {
        super::tree::report_depth(cursor.span(ast.start()), diags);
        return Err(Reported);
    }
    Ok(match ast {
        Ast::NullKeyword(_) => Value::Null,
        Ast::BooleanLit(literal) => Value::Bool(literal.value),
        Ast::StringLit(literal) => literal.value.as_ref().into(),
        // A number beyond every float stays text, as in YAML.
        Ast::NumberLit(literal) => match scalar::number(literal.value) {
            Some(number) => Value::Number(number),
            None => literal.value.into(),
        },
        Ast::Array(array) => {
            let mut nodes = Vec::with_capacity(array.elements.len());
            for element in array.elements {
                let span = cursor.span(element.start());
                nodes.push(Node {
                    span,
                    value: convert(element, cursor, depth + 1, diags)?,
                });
            }
            Value::Array(nodes)
        }
        Ast::Object(object) => {
            let mut map = Map::with_capacity(object.properties.len());
            let mut failed = false;
            for property in object.properties {
                let span = cursor.span(property.range.start);
                let value = convert(property.value, cursor, depth + 1, diags)?;
                let key = match property.name {
                    ObjectPropName::String(literal) => literal.value.into_owned(),
                    ObjectPropName::Word(word) => word.value.to_owned(),
                };
                if let Some(first) = map.get(&key) {
                    super::tree::report_duplicate(&key, span, first.span, diags);
                    failed = true;
                } else {
                    map.insert(key, Node { span, value });
                }
            }
            if failed {
                return Err(Reported);
            }
            Value::Object(map)
        }
    })
}

/// Turns byte offsets into positions. Offsets come in the order of the text, so that each byte is
/// looked at once, even in a document of one line.
struct Cursor<'a> {
    text: &'a str,
    origin: Origin,
    at: usize,
    line: u32,
    column: u32,
}

impl Cursor<'_> {
    fn span(&mut self, to: usize) -> Span {
        for byte in self.text.as_bytes().get(self.at..to).unwrap_or_default() {
            if *byte == b'\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else if *byte & 0xC0 != 0x80 {
                // Every byte that doesn't continue a character begins one.
                self.column = self.column.saturating_add(1);
            }
        }
        self.at = self.at.max(to);
        self.origin.span(small(self.line as usize), self.column)
    }
}
