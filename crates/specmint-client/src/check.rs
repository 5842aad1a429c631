//! Bounds of what is sent: a value that breaks the document never leaves.
//!
//! Answers are never held against them. Patterns are documentation only: the document's regular
//! expressions are another language than Rust's.

use serde::Serialize;
use serde_json::Value;

/// A bound that the document sets to a value that is sent (OpenAPI 3.0, section 4.7.24.1).
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Where the value stands (RFC 6901); `*` is every item, or the value of every key.
    at: &'static str,
    bound: Bound,
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    AtLeast(f64),
    Above(f64),
    AtMost(f64),
    Below(f64),
    MinChars(usize),
    MaxChars(usize),
    MinItems(usize),
    MaxItems(usize),
}

impl Check {
    /// A number of at least so much.
    pub const fn at_least(at: &'static str, limit: f64) -> Self {
        let bound = Bound::AtLeast(limit);
        Self { at, bound }
    }

    /// A number of more than so much.
    pub const fn above(at: &'static str, limit: f64) -> Self {
        let bound = Bound::Above(limit);
        Self { at, bound }
    }

    /// A number of at most so much.
    pub const fn at_most(at: &'static str, limit: f64) -> Self {
        let bound = Bound::AtMost(limit);
        Self { at, bound }
    }

    /// A number of less than so much.
    pub const fn below(at: &'static str, limit: f64) -> Self {
        let bound = Bound::Below(limit);
        Self { at, bound }
    }

    /// A text of at least so many Unicode characters.
    pub const fn min_chars(at: &'static str, limit: usize) -> Self {
        let bound = Bound::MinChars(limit);
        Self { at, bound }
    }

    /// A text of at most so many Unicode characters.
    pub const fn max_chars(at: &'static str, limit: usize) -> Self {
        let bound = Bound::MaxChars(limit);
        Self { at, bound }
    }

    /// A list of at least so many items.
    pub const fn min_items(at: &'static str, limit: usize) -> Self {
        let bound = Bound::MinItems(limit);
        Self { at, bound }
    }

    /// A list of at most so many items.
    pub const fn max_items(at: &'static str, limit: usize) -> Self {
        let bound = Bound::MaxItems(limit);
        Self { at, bound }
    }
}

/// What is wrong with a value, without quoting it; what can't be serialized is nobody's to judge
/// here.
pub(crate) fn all<T: Serialize + ?Sized>(checks: &[Check], value: &T) -> Result<(), String> {
    if checks.is_empty() {
        return Ok(());
    }
    let Ok(value) = serde_json::to_value(value) else {
        return Ok(());
    };
    for check in checks {
        let rest: Vec<&str> = check.at.split('/').skip(1).collect();
        walk(&value, &rest, check.bound).map_err(|message| match check.at {
            "" => format!("it must {message}"),
            at => format!("`{at}` must {message}"),
        })?;
    }
    Ok(())
}

fn walk(value: &Value, path: &[&str], bound: Bound) -> Result<(), String> {
    let Some((step, rest)) = path.split_first() else {
        return bound.holds(value);
    };
    match value {
        Value::Array(items) if *step == "*" => {
            items.iter().try_for_each(|item| walk(item, rest, bound))
        }
        Value::Object(members) if *step == "*" => members
            .values()
            .try_for_each(|member| walk(member, rest, bound)),
        Value::Object(members) => members
            .get(&step.replace("~1", "/").replace("~0", "~"))
            .map_or(Ok(()), |member| walk(member, rest, bound)),
        // Absent, null, or of another shape, as one of several branches may be.
        _ => Ok(()),
    }
}

impl Bound {
    fn holds(self, value: &Value) -> Result<(), String> {
        let number = value.as_f64();
        let chars = value.as_str().map(|text| text.chars().count());
        let items = value.as_array().map(Vec::len);
        let (holds, said) = match self {
            Self::AtLeast(limit) => (number.map(|n| n >= limit), format!("be at least {limit}")),
            Self::Above(limit) => (number.map(|n| n > limit), format!("be more than {limit}")),
            Self::AtMost(limit) => (number.map(|n| n <= limit), format!("be at most {limit}")),
            Self::Below(limit) => (number.map(|n| n < limit), format!("be less than {limit}")),
            Self::MinChars(limit) => (
                chars.map(|n| n >= limit),
                format!("have at least {limit} characters"),
            ),
            Self::MaxChars(limit) => (
                chars.map(|n| n <= limit),
                format!("have at most {limit} characters"),
            ),
            Self::MinItems(limit) => (
                items.map(|n| n >= limit),
                format!("have at least {limit} items"),
            ),
            Self::MaxItems(limit) => (
                items.map(|n| n <= limit),
                format!("have at most {limit} items"),
            ),
        };
        if holds == Some(false) {
            Err(said)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Check, all};

    #[test]
    fn bounds_hold_where_there_is_a_value() {
        let value =
            json!({"n": 3, "a/b": "éé", "list": [{"n": 1}, {"n": 9}, {}], "map": {"x": "abc"}});
        let refused = |check: Check| all(&[check], &value).err();
        for fine in [
            Check::at_least("/n", 3.0),
            Check::above("/n", 2.0),
            Check::at_most("/n", 3.0),
            Check::below("/n", 3.5),
            Check::min_chars("/a~1b", 2),
            Check::max_chars("/a~1b", 2),
            Check::min_items("/list", 3),
            Check::max_items("/list", 3),
            Check::at_most("/list/*/n", 9.0),
            // Not there, or of another shape.
            Check::at_least("/m", 9.0),
            Check::max_chars("/n", 0),
            Check::at_least("/n/m", 9.0),
        ] {
            assert_eq!(refused(fine), None, "{fine:?}");
        }
        for (check, message) in [
            (Check::at_least("/n", 4.0), "`/n` must be at least 4"),
            (Check::above("/n", 3.0), "`/n` must be more than 3"),
            (Check::at_most("/n", 2.5), "`/n` must be at most 2.5"),
            (Check::below("/n", 3.0), "`/n` must be less than 3"),
            (
                Check::min_chars("/a~1b", 3),
                "`/a~1b` must have at least 3 characters",
            ),
            (
                Check::max_chars("/map/*", 2),
                "`/map/*` must have at most 2 characters",
            ),
            (
                Check::min_items("/list", 4),
                "`/list` must have at least 4 items",
            ),
            (
                Check::max_items("/list", 2),
                "`/list` must have at most 2 items",
            ),
            (
                Check::at_most("/list/*/n", 8.0),
                "`/list/*/n` must be at most 8",
            ),
        ] {
            assert_eq!(refused(check).as_deref(), Some(message));
        }
        assert_eq!(
            all(&[Check::at_most("", 1.0)], &2).err().as_deref(),
            Some("it must be at most 1")
        );
    }
}
