//! Values that a schema allows, made from the schema alone.
//!
//! The same schema, extent and variant always give the same value. A value that is wrong is found
//! out by the independent server, so nothing is checked here.

use serde_json::{Map, Number, Value, json};

use super::pattern;

/// How deep values are nested before optional members are left out.
const DEEP: usize = 5;

/// How deep before even required ones are cut short: a schema that can't end.
const TOO_DEEP: usize = 40;

/// How much of a schema a value uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// Whether optional members are there.
    pub(super) all: bool,
    /// Which alternative of unions and which value of enums is taken, modulo their number.
    pub(super) variant: usize,
}

/// Makes values for the schemas of one document.
pub(super) struct Values<'a> {
    root: &'a Value,
}

impl<'a> Values<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root }
    }

    /// Follows references, as far as they go.
    pub(super) fn resolve(&self, node: &'a Value) -> &'a Value {
        let mut node = node;
        for _ in 0..TOO_DEEP {
            let Some(reference) = node.get("$ref").and_then(Value::as_str) else {
                break;
            };
            let target = reference.strip_prefix('#').and_then(|at| {
                self.root
                    .pointer(at)
                    .or_else(|| self.root.pointer(&percent_decoded(at)))
            });
            let Some(target) = target else { break };
            node = target;
        }
        node
    }

    /// How many alternatives the widest union or enum in reach has; at least 1.
    pub(super) fn width(&self, schema: &'a Value) -> usize {
        fn walk<'a>(
            values: &Values<'a>,
            schema: &'a Value,
            seen: &mut Vec<*const Value>,
            most: &mut usize,
        ) {
            let schema = values.resolve(schema);
            if seen.contains(&std::ptr::from_ref(schema)) {
                return;
            }
            seen.push(std::ptr::from_ref(schema));
            for key in ["oneOf", "anyOf", "enum"] {
                let count = schema
                    .get(key)
                    .and_then(Value::as_array)
                    .map_or(0, Vec::len);
                *most = (*most).max(count);
            }
            for key in ["oneOf", "anyOf", "allOf"] {
                for part in schema
                    .get(key)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                {
                    walk(values, part, seen, most);
                }
            }
            for key in ["items", "additionalProperties"] {
                if let Some(part) = schema.get(key) {
                    walk(values, part, seen, most);
                }
            }
            for part in schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                walk(values, part.1, seen, most);
            }
        }
        let mut most = 1;
        walk(self, schema, &mut Vec::new(), &mut most);
        most
    }

    /// A value of a schema.
    pub(super) fn of(&self, schema: &Value, extent: Extent) -> Value {
        self.value(schema, extent, 0)
    }

    fn value(&self, schema: &Value, extent: Extent, depth: usize) -> Value {
        if depth > TOO_DEEP {
            return Value::Null;
        }
        let Some(schema) = schema.as_object() else {
            return json!("any");
        };
        let flat = self.flat(schema, extent, 0);
        self.of_flat(&flat, extent, depth)
    }

    /// A schema without references, unions and parts: those chosen are written into it.
    fn flat(&self, schema: &Map<String, Value>, extent: Extent, hops: usize) -> Map<String, Value> {
        let mut out = schema.clone();
        if hops > TOO_DEEP {
            return out;
        }
        if out.contains_key("$ref") {
            let target = self.root_target(&out);
            out.remove("$ref");
            if let Some(target) = target.as_ref().and_then(Value::as_object) {
                let target = self.flat(target, extent, hops + 1);
                out = both(target, out);
            }
        }
        for part in list(out.remove("allOf")) {
            if let Value::Object(part) = part {
                let part = self.flat(&part, extent, hops + 1);
                out = both(out, part);
            }
        }
        for key in ["oneOf", "anyOf"] {
            let discriminator = out.get("discriminator").cloned();
            let branches: Vec<Value> = list(out.remove(key))
                .into_iter()
                .filter(|branch| branch.get("type") != Some(&json!("null")) && !is_bare(branch))
                .collect();
            let Some(chosen) = branches.get(extent.variant % branches.len().max(1)) else {
                continue;
            };
            let Some(branch) = chosen.as_object() else {
                continue;
            };
            let mut flat = self.flat(branch, extent, hops + 1);
            if let Some((name, value)) = tag(discriminator.as_ref(), chosen) {
                let own = flat.get("properties").and_then(|all| all.get(&name));
                let says =
                    own.is_some_and(|own| own.get("const").is_some() || own.get("enum").is_some());
                // The tag is there, whatever `required` says: without it nothing is told apart.
                let mut tagged = json!({"type": "object", "required": [name]});
                if !says {
                    tagged["properties"] = json!({name: {"const": value}});
                }
                if let Value::Object(tagged) = tagged {
                    flat = both(flat, tagged);
                }
            }
            out = both(out, flat);
        }
        out
    }

    fn root_target(&self, schema: &Map<String, Value>) -> Option<Value> {
        let reference = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
        self.root
            .pointer(reference)
            .or_else(|| self.root.pointer(&percent_decoded(reference)))
            .cloned()
    }

    fn of_flat(&self, schema: &Map<String, Value>, extent: Extent, depth: usize) -> Value {
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        let values: Vec<Value> = list(schema.get("enum").cloned());
        let values: Vec<Value> = values
            .into_iter()
            .filter(|value| !value.is_null())
            .collect();
        if let Some(value) = values.get(extent.variant % values.len().max(1)) {
            return value.clone();
        }
        match kind(schema) {
            "object" => self.object(schema, extent, depth),
            "array" => self.array(schema, extent, depth),
            "string" => Value::String(text(schema, extent.variant)),
            "integer" => number(schema, true),
            "number" => number(schema, false),
            "boolean" => Value::Bool(extent.variant.is_multiple_of(2)),
            "null" => Value::Null,
            _ => json!("any"),
        }
    }

    fn object(&self, schema: &Map<String, Value>, extent: Extent, depth: usize) -> Value {
        let mut out = Map::new();
        let required: Vec<Value> = list(schema.get("required").cloned());
        let all = extent.all && depth < DEEP;
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (name, property) in properties {
                let needed = required.iter().any(|n| n == name.as_str());
                // A server says what stands there; a client doesn't.
                let read_only =
                    self.resolve_owned(property).get("readOnly") == Some(&Value::Bool(true));
                if (needed || all) && !read_only {
                    out.insert(name.clone(), self.value(property, extent, depth + 1));
                }
            }
        }
        for name in required.iter().filter_map(Value::as_str) {
            if !out.contains_key(name)
                && schema.get("properties").and_then(|p| p.get(name)).is_none()
            {
                out.insert(name.to_owned(), json!("any"));
            }
        }
        let least = schema
            .get("minProperties")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        let open = schema.get("additionalProperties");
        let wanted = if all && open.is_some_and(Value::is_object) {
            out.len() as u64 + 1
        } else {
            least
        };
        let mut index = 1;
        while (out.len() as u64) < wanted && open != Some(&Value::Bool(false)) {
            let value = open
                .filter(|o| o.is_object())
                .map_or_else(|| json!("any"), |o| self.value(o, extent, depth + 1));
            let key = schema
                .get("propertyNames")
                .map(|names| {
                    self.value(
                        names,
                        Extent {
                            variant: index - 1,
                            ..extent
                        },
                        depth + 1,
                    )
                })
                .and_then(|name| name.as_str().map(str::to_owned))
                .unwrap_or_else(|| format!("key{index}"));
            out.insert(key, value);
            index += 1;
            if index > 1000 {
                break; // there are not as many names
            }
        }
        // Not enough still: optional members count as well.
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (name, property) in properties {
                if (out.len() as u64) < least && !out.contains_key(name) {
                    out.insert(name.clone(), self.value(property, extent, depth + 1));
                }
            }
        }
        Value::Object(out)
    }

    fn array(&self, schema: &Map<String, Value>, extent: Extent, depth: usize) -> Value {
        let bound = |key: &str| {
            schema
                .get(key)
                .and_then(Value::as_u64)
                .and_then(|n| usize::try_from(n).ok())
        };
        let least = bound("minItems").unwrap_or_default();
        let most = bound("maxItems").unwrap_or(usize::MAX);
        let usual = match (depth < DEEP, extent.all) {
            (true, true) => 2,
            (true, false) => 1,
            (false, _) => 0,
        };
        let count = least.max(usual).min(most).min(1000);
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let any = Value::Object(Map::new());
        let items = schema.get("items").unwrap_or(&any);
        let mut out: Vec<Value> = Vec::new();
        for index in 0..count {
            let shift = if unique { index } else { 0 };
            let extent = Extent {
                variant: extent.variant + shift,
                ..extent
            };
            let mut value = self.value(items, extent, depth + 1);
            if unique && out.contains(&value) {
                if out.len() >= least && self.is_closed(items) {
                    break; // there is no other value
                }
                value = match value {
                    Value::String(text) => Value::String(format!("{text}{index}")),
                    Value::Number(n) => json!(n.as_i64().unwrap_or_default() + 1),
                    other => other,
                };
            }
            out.push(value);
        }
        Value::Array(out)
    }

    /// Where a value has an integer that is outside of its documented format, which is no part of
    /// what the mock server heeds when it makes values up.
    pub(super) fn outside_format(&self, schema: &Value, value: &Value) -> Option<String> {
        self.outside(schema, value, "", 0)
    }

    /// Where the value at a path (`a.b[0].c`, as errors of reading have it) may be anything, because
    /// a branch above it says nothing but `nullable`.
    pub(super) fn unsaid(&self, schema: &Value, path: &str) -> Option<String> {
        let steps = path
            .split(['.', '['])
            .map(|step| step.trim_end_matches(']'));
        let mut open = vec![self.resolve_owned(schema)];
        let mut place = String::new();
        for step in steps.filter(|step| !step.is_empty() && *step != "?") {
            let mut next = Vec::new();
            while let Some(schema) = open.pop() {
                if step.parse::<usize>().is_ok() {
                    next.extend(schema.get("items").cloned());
                }
                let own = schema["properties"].get(step);
                next.extend(own.or_else(|| schema.get("additionalProperties")).cloned());
            }
            place = format!("{place}/{step}");
            let mut hops = 0;
            while let Some(schema) = next.pop() {
                let schema = self.resolve_owned(&schema);
                hops += 1;
                if hops > 1000 {
                    return None;
                }
                for key in ["anyOf", "oneOf", "allOf"] {
                    for branch in schema[key].as_array().into_iter().flatten() {
                        if is_bare(branch) {
                            return Some(place);
                        }
                        next.push(branch.clone());
                    }
                }
                open.push(schema);
            }
        }
        None
    }

    fn outside(&self, schema: &Value, value: &Value, place: &str, depth: usize) -> Option<String> {
        if depth > TOO_DEEP {
            return None;
        }
        let schema = self.resolve_owned(schema);
        if let Some(number) = value.as_number() {
            let (low, high): (f64, f64) = match schema["format"].as_str()? {
                "int8" => (-128.0, 127.0),
                "uint8" => (0.0, 255.0),
                "int16" => (-32_768.0, 32_767.0),
                "uint16" => (0.0, 65_535.0),
                "int32" => (-2_147_483_648.0, 2_147_483_647.0),
                "uint32" => (0.0, 4_294_967_295.0),
                "uint" | "uint64" => (0.0, f64::MAX),
                _ => return None,
            };
            let inside = number.as_f64().is_some_and(|n| low <= n && n <= high);
            return (!inside).then(|| format!("`{number}` at `{place}`, {}", schema["format"]));
        }
        let deeper = |schema: &Value, value: &Value, place: &str| {
            self.outside(schema, value, place, depth + 1)
        };
        for key in ["allOf", "oneOf", "anyOf"] {
            for part in schema[key].as_array().into_iter().flatten() {
                if let Some(found) = deeper(part, value, place) {
                    return Some(found);
                }
            }
        }
        match value {
            Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
                deeper(&schema["items"], item, &format!("{place}/{index}"))
            }),
            Value::Object(members) => members.iter().find_map(|(name, member)| {
                let own = schema["properties"].get(name);
                let place = format!("{place}/{name}");
                deeper(
                    own.unwrap_or(&schema["additionalProperties"]),
                    member,
                    &place,
                )
            }),
            _ => None,
        }
    }

    /// Whether a schema has but a few values.
    fn is_closed(&self, schema: &Value) -> bool {
        let schema = self.resolve_owned(schema);
        schema.get("enum").is_some() || schema.get("const").is_some()
    }

    fn resolve_owned(&self, node: &Value) -> Value {
        let mut node = node.clone();
        for _ in 0..TOO_DEEP {
            let Some(target) = node.as_object().and_then(|map| self.root_target(map)) else {
                break;
            };
            node = target;
        }
        node
    }
}

/// Whether a branch of a union says nothing but `nullable`. It stands for null, though by its word
/// everything is allowed.
fn is_bare(branch: &Value) -> bool {
    branch
        .as_object()
        .is_some_and(|map| map.len() == 1 && map.contains_key("nullable"))
}

/// The tag of a branch: the discriminator's property and its value there.
fn tag(discriminator: Option<&Value>, branch: &Value) -> Option<(String, String)> {
    let discriminator = discriminator?;
    let name = discriminator.get("propertyName")?.as_str()?.to_owned();
    let reference = branch.get("$ref")?.as_str()?;
    let last = reference.rsplit('/').next().unwrap_or(reference);
    let mapped = discriminator
        .get("mapping")
        .and_then(Value::as_object)
        .and_then(|mapping| {
            mapping
                .iter()
                .find(|(_, target)| *target == reference || *target == last)
                .map(|(key, _)| key.clone())
        });
    Some((name, mapped.unwrap_or_else(|| last.to_owned())))
}

/// What both schemas say, the second one winning where they disagree.
fn both(mut first: Map<String, Value>, second: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in second {
        match (key.as_str(), first.get_mut(&key), value) {
            ("properties", Some(Value::Object(mine)), Value::Object(theirs)) => {
                for (name, property) in theirs {
                    match mine.get_mut(&name) {
                        Some(own) => *own = json!({"allOf": [own.take(), property]}),
                        None => {
                            mine.insert(name, property);
                        }
                    }
                }
            }
            ("required", Some(Value::Array(mine)), Value::Array(theirs)) => mine.extend(theirs),
            ("minLength" | "minimum" | "minItems", Some(mine), theirs)
                if mine.as_f64() >= theirs.as_f64() => {}
            ("maxLength" | "maximum" | "maxItems", Some(mine), theirs)
                if mine.as_f64() <= theirs.as_f64() => {}
            ("enum", Some(Value::Array(mine)), Value::Array(theirs)) => {
                mine.retain(|value| theirs.contains(value));
            }
            ("additionalProperties", Some(Value::Bool(false)), _)
            | ("description" | "title", Some(_), _) => {}
            (_, _, value) => {
                first.insert(key, value);
            }
        }
    }
    first
}

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

/// The type to make a value of: the first that isn't null, or what the other keywords are about.
fn kind(schema: &Map<String, Value>) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ if schema.contains_key("properties")
            || schema.contains_key("additionalProperties")
            || schema.contains_key("required") =>
        {
            "object"
        }
        _ if schema.contains_key("items") => "array",
        _ if ["pattern", "minLength", "maxLength", "format"]
            .iter()
            .any(|key| schema.contains_key(*key)) =>
        {
            "string"
        }
        _ if ["minimum", "maximum", "multipleOf"]
            .iter()
            .any(|key| schema.contains_key(*key)) =>
        {
            "number"
        }
        _ => "any",
    }
}

fn text(schema: &Map<String, Value>, variant: usize) -> String {
    let bound = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let (least, most) = (
        bound("minLength").unwrap_or_default(),
        bound("maxLength").unwrap_or(usize::MAX),
    );
    let example = || {
        let first = schema
            .get("examples")
            .and_then(Value::as_array)
            .and_then(|list| list.first());
        schema
            .get("example")
            .or(first)
            .or_else(|| schema.get("default"))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        let made = pattern::text(pattern, least).filter(|text| text.chars().count() <= most);
        // Examples are often older than the pattern beside them.
        if let Some(text) = made.or_else(example) {
            return text;
        }
    }
    let plain = match schema
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "date-time" => "2024-02-29T12:34:56Z",
        "date" => "2024-02-29",
        "time" => "12:34:56Z",
        "duration" => "P1DT2H",
        "uuid" | "uuid4" => "0d6a1f5e-2f5b-4c1e-9a53-7c1b7a0f3f10",
        "email" | "idn-email" => "someone@example.com",
        "uri" | "url" | "iri" | "http-url" => "https://example.com/path?a=b",
        "uri-reference" => "/path",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" | "ip" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" | "base64" => "dGV4dA==",
        "json-pointer" => "/a/b",
        "regex" => "^a$",
        "" if variant % 2 == 1 => "Straße & co: 100 %/ünï?",
        _ => "text",
    };
    let mut out = plain.to_owned();
    while out.chars().count() < least {
        out.push('a');
    }
    if out.chars().count() > most {
        out = "abcdefghijklmnopqrstuvwxyz"
            .chars()
            .cycle()
            .take(most.min(4096).max(least.min(4096)))
            .collect();
    }
    out
}

fn number(schema: &Map<String, Value>, whole: bool) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let unit = if whole { 1.0 } else { 0.5 };
    let low = bound("minimum")
        .into_iter()
        .chain(bound("exclusiveMinimum").map(|n| n + unit))
        .reduce(f64::max);
    let high = bound("maximum")
        .into_iter()
        .chain(bound("exclusiveMaximum").map(|n| n - unit))
        .reduce(f64::min);
    let mut out = 1.0_f64;
    if let Some(low) = low {
        out = out.max(low);
    }
    if let Some(high) = high {
        out = out.min(high);
    }
    if let Some(step) = step {
        out = (out / step).ceil() * step;
    }
    if whole || out.fract() == 0.0 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "bounds of documents are small; others saturate"
        )]
        return json!(out.ceil() as i64);
    }
    Number::from_f64(out).map_or(Value::Null, Value::Number)
}

fn percent_decoded(pointer: &str) -> String {
    pointer
        .replace("%7B", "{")
        .replace("%7D", "}")
        .replace("%20", " ")
        .replace("%2F", "/")
        .replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Extent, Values};

    #[test]
    fn integers_outside_their_format_are_found() {
        let root =
            json!({"components": {"schemas": {"Slot": {"type": "integer", "format": "uint8"}}}});
        let schema = json!({"properties": {"slots": {"type": "array", "items": {
            "oneOf": [{"type": "string"}, {"properties": {"at": {"$ref": "#/components/schemas/Slot"}}}],
        }}}});
        let values = Values::new(&root);
        let found = |value| values.outside_format(&schema, &value);
        assert_eq!(found(json!({"slots": ["a", {"at": 255}]})), None);
        assert_eq!(
            found(json!({"slots": ["a", {"at": 256}]})).as_deref(),
            Some("`256` at `/slots/1/at`, \"uint8\"")
        );
    }

    #[test]
    fn branches_that_say_nothing_are_found() {
        let root = json!({});
        let schema = json!({"properties": {"a": {"items": {"properties": {
            "b": {"anyOf": [{"type": "object", "properties": {"c": {"type": "string"}}}, {"nullable": true}]},
            "d": {"type": "string"},
        }}}}});
        let values = Values::new(&root);
        assert_eq!(
            values.unsaid(&schema, "a[0].b.c").as_deref(),
            Some("/a/0/b")
        );
        assert_eq!(values.unsaid(&schema, "a[0].d"), None);
    }

    #[test]
    fn values_are_what_schemas_say() {
        let root = json!({"components": {"schemas": {
            "Tree": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string", "minLength": 6},
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                "id": {"type": "string", "readOnly": true},
            }},
        }}});
        let values = Values::new(&root);
        let least = Extent {
            all: false,
            variant: 0,
        };
        let most = Extent {
            all: true,
            variant: 1,
        };
        let cases = [
            (
                json!({"$ref": "#/components/schemas/Tree"}),
                least,
                json!({"name": "textaa"}),
            ),
            (
                json!({"type": "integer", "minimum": 3, "multipleOf": 2}),
                least,
                json!(4),
            ),
            (
                json!({"type": ["null", "number"], "exclusiveMinimum": 0, "maximum": 0.75}),
                least,
                json!(0.75),
            ),
            (
                json!({"oneOf": [{"type": "string"}, {"const": 5}]}),
                most,
                json!(5),
            ),
            (
                json!({"allOf": [{"properties": {"a": {"const": 1}}}, {"required": ["a"]}]}),
                least,
                json!({"a": 1}),
            ),
            (
                json!({"type": "array", "minItems": 2, "uniqueItems": true, "items": {"enum": ["x", "y"]}}),
                least,
                json!(["x", "y"]),
            ),
            (
                json!({"type": "array", "uniqueItems": true, "items": {"enum": ["x"]}}),
                most,
                json!(["x"]),
            ),
            (
                json!({"type": "object", "additionalProperties": {"type": "boolean"}}),
                most,
                json!({"key1": false}),
            ),
        ];
        for (schema, extent, expected) in cases {
            assert_eq!(values.of(&schema, extent), expected, "{schema}");
        }
    }
}
