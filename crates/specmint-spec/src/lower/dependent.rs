//! `dependentRequired`, `dependentSchemas`, `dependencies`.
//!
//! 3.1: a member that is there asks for others, or for a whole schema.
//! 3.0: can't say so.
//! Here: members that only the schema names become optional members; the rest is removed.
//! Lost: the condition.

use crate::{
    diag::codes::lower as codes,
    lower::{
        context::{Context, take},
        if_then_else::adopt,
    },
    node::{Map, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    if let Some(node) = take(schema, "dependentRequired") {
        cx.note(
            codes::DEPENDENT,
            node.span,
            "`dependentRequired` is left to the server to check",
        );
    }
    for key in ["dependentSchemas", "dependencies"] {
        let Some(node) = take(schema, key) else {
            continue;
        };
        let Value::Object(map) = node.value else {
            continue;
        };
        let mut said = false;
        for branch in map.into_values() {
            if !matches!(branch.value, Value::Object(_)) {
                continue;
            }
            if !said {
                cx.warning(
                    codes::DEPENDENT,
                    node.span,
                    format!("the conditions of `{key}` are lost; what they add is optional"),
                );
                said = true;
            }
            adopt(schema, branch);
        }
    }
}
