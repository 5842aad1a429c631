//! What every rule is given: where it is, and where to say what is lost.

use crate::{
    diag::{Code, Diagnostic, Diagnostics},
    lower::{
        names::{self, Taken},
        pointer::Pointer,
        references::reference_to,
        walk::Kind,
    },
    node::{Map, Node},
    page::Span,
};

/// The state of the walk that applies the rules.
pub(super) struct Context<'a> {
    pub(super) diags: &'a mut Diagnostics,
    /// The pointer of the node at hand, in the lowered document.
    pub(super) at: Pointer,
    pub(super) taken: Taken,
    /// Schemas that became components on the way and are still to be lowered.
    pub(super) moved: Vec<(String, Node)>,
}

impl Context<'_> {
    /// Nothing is lost for a caller.
    pub(super) fn note(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.diags.note(code, span, message).at(self.at.as_str())
    }

    /// The result is weaker than the input.
    pub(super) fn warning(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.diags.warning(code, span, message).at(self.at.as_str())
    }

    /// Makes a schema a component, to stand in several places without being written twice.
    ///
    /// Copying instead would double a schema with every level of nesting.
    pub(super) fn share(&mut self, schema: Node, name: &str) -> Node {
        let is_small = schema.as_object().is_none_or(|map| {
            map.values()
                .all(|member| member.as_object().is_none() && member.as_array().is_none())
        });
        if is_small {
            return schema;
        }
        let place = self
            .at
            .as_str()
            .rsplit('/')
            .find(|token| !is_structural(token));
        let name = format!("{}{name}", pascal(place.unwrap_or_default()));
        let name = names::unique(&name, |name| {
            self.taken.insert((Kind::Schema, name.to_owned()))
        });
        let span = schema.span;
        let reference = reference_to(Kind::Schema, &name).unwrap_or_default();
        self.moved.push((name, schema));
        Node::object(span, [("$ref", Node::new(span, reference))])
    }
}

/// Takes a member out of a schema.
pub(super) fn take(schema: &mut Map, key: &str) -> Option<Node> {
    schema.shift_remove(key)
}

/// Marks a schema as admitting `null`.
pub(super) fn make_nullable(schema: &mut Map, span: Span) {
    schema.insert("nullable".to_owned(), Node::new(span, true));
}

fn is_structural(token: &str) -> bool {
    matches!(
        token,
        "items" | "schema" | "allOf" | "anyOf" | "oneOf" | "additionalProperties"
    ) || token.parse::<usize>().is_ok()
}

fn pascal(text: &str) -> String {
    let mut name = String::new();
    let mut upper = true;
    for c in text.chars() {
        if !c.is_ascii_alphanumeric() {
            upper = true;
        } else if std::mem::take(&mut upper) {
            name.push(c.to_ascii_uppercase());
        } else {
            name.push(c);
        }
    }
    name
}
