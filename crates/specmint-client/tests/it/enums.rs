//! What servers add later is read, not refused; what is written stays exact.

use chrono::{DateTime, NaiveDate, Utc};
use specmint_client::{lenient, open_enum, open_int_enum};

open_enum! {
    /// A state.
    pub(crate) enum State {
        /// First.
        Open = "open",
        Shut = "shut-down",
    }
}

open_int_enum! {
    pub(crate) enum Level { Low = -1, High = 10 }
}

#[test]
fn texts_go_both_ways() {
    for (json, value) in [
        (r#""open""#, State::Open),
        (r#""shut-down""#, State::Shut),
        (r#""Open""#, State::Unknown("Open".to_owned())),
        (r#""""#, State::Unknown(String::new())),
    ] {
        let read: State = serde_json::from_str(json).expect(json);
        assert_eq!(read, value);
        assert_eq!(serde_json::to_string(&read).expect("a text"), json);
        assert_eq!(format!("\"{read}\""), json);
        assert_eq!(Ok(read.clone()), read.as_str().parse());
        assert_eq!(State::from(read.to_string()), read);
        assert_eq!(read.as_ref(), read.as_str());
    }
    assert!(serde_json::from_str::<State>("1").is_err());
    assert_eq!(State::VALUES, ["open", "shut-down"]);
    assert_eq!(converted("open"), Some(State::Open));
}

/// As the setters of builders convert what they are given.
fn converted<V: TryInto<State>>(value: V) -> Option<State> {
    value.try_into().ok()
}

#[test]
fn integers_go_both_ways() {
    for (json, value) in [
        ("-1", Level::Low),
        ("10", Level::High),
        ("10.0", Level::High),
        ("3", Level::Unknown(3)),
    ] {
        let read: Level = serde_json::from_str(json).expect(json);
        assert_eq!(read, value);
        assert_eq!(serde_json::to_value(read).expect("a number"), read.as_i64());
        assert_eq!(read.to_string().parse(), Ok(read));
    }
    assert!(serde_json::from_str::<Level>("10.5").is_err());
    assert_eq!(Level::VALUES, [-1, 10]);
}

#[derive(Debug, serde::Deserialize, PartialEq)]
struct Numbers {
    #[serde(deserialize_with = "lenient::integer")]
    byte: u8,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    perhaps: Option<i64>,
    #[serde(default, deserialize_with = "lenient::integers")]
    list: Vec<i32>,
    #[serde(default, deserialize_with = "lenient::default")]
    texts: Vec<String>,
}

#[test]
fn numbers_and_nulls_are_read_leniently() {
    let read = |json: &str| serde_json::from_str::<Numbers>(json);
    let none = Numbers {
        byte: 1,
        perhaps: None,
        list: vec![],
        texts: vec![],
    };
    assert_eq!(read(r#"{"byte":1.0}"#).expect("numbers"), none);
    let nulls = r#"{"byte":1e0,"perhaps":null,"list":null,"texts":null}"#;
    assert_eq!(read(nulls).expect("numbers"), none);
    let all = Numbers {
        byte: 255,
        perhaps: Some(9_007_199_254_740_993),
        list: vec![1, -2],
        texts: vec!["x".to_owned()],
    };
    let json = r#"{"byte":255,"perhaps":9007199254740993,"list":[1.0,-2],"texts":["x"]}"#;
    assert_eq!(read(json).expect("numbers"), all);
    for bad in ["1.5", "256", "-1", "1e300", "\"1\"", "null", "true"] {
        assert!(read(&format!(r#"{{"byte":{bad}}}"#)).is_err(), "{bad}");
    }
    assert!(read("{}").is_err());
}

#[derive(Debug, serde::Deserialize, PartialEq)]
struct Times {
    #[serde(deserialize_with = "lenient::date_time")]
    at: DateTime<Utc>,
    #[serde(default, deserialize_with = "lenient::optional_date_time")]
    perhaps: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::optional_date")]
    on: Option<NaiveDate>,
}

#[test]
fn moments_and_days_are_read_leniently() {
    let read = |json: &str| serde_json::from_str::<Times>(json);
    for (text, moment) in [
        ("2026-03-01T12:30:00+01:00", "2026-03-01T11:30:00Z"),
        ("2026-03-01 12:30:00Z", "2026-03-01T12:30:00Z"),
        ("2026-03-01T12:30:00", "2026-03-01T12:30:00Z"),
        ("2026-03-01 12:30:00.5", "2026-03-01T12:30:00.5Z"),
        ("2026-03-01", "2026-03-01T00:00:00Z"),
    ] {
        let times = read(&format!(
            r#"{{"at":"{text}","perhaps":"{text}","on":"{text}"}}"#
        ));
        let times = times.expect("times");
        let moment: DateTime<Utc> = moment.parse().expect("a moment");
        let day = NaiveDate::from_ymd_opt(2026, 3, 1);
        assert_eq!(
            (times.at, times.perhaps, times.on),
            (moment, Some(moment), day)
        );
    }
    let none = read(r#"{"at":"2026-03-01","perhaps":"","on":null}"#).expect("times");
    assert_eq!((none.perhaps, none.on), (None, None));
    for bad in ["\"soon\"", "\"\"", "7", "null"] {
        assert!(read(&format!(r#"{{"at":{bad}}}"#)).is_err(), "{bad}");
    }
    assert!(read(r#"{"at":"2026-03-01","on":"2026-03-0133"}"#).is_err());
}

open_enum! {
    /// How bad it is.
    pub(crate) enum Severity {
        /// `10`.
        Low = "10",
        /// `1.5`.
        Between = "1.5",
        /// `true`.
        Always = "true",
    }
}

#[test]
fn numbers_that_spell_a_documented_text_are_that() {
    for (json, expected) in [
        ("10", Severity::Low),
        ("\"10\"", Severity::Low),
        ("1.5", Severity::Between),
        ("true", Severity::Always),
        ("\"20\"", Severity::Unknown("20".to_owned())),
    ] {
        let severity: Severity = serde_json::from_str(json).expect(json);
        assert_eq!(severity, expected);
    }
    assert_eq!(
        serde_json::to_string(&Severity::Low).expect("a text"),
        "\"10\""
    );
    for json in ["20", "-10", "false", "2.5", "null", "[]"] {
        serde_json::from_str::<Severity>(json).expect_err(json);
    }
}
