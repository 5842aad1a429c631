//! The tables as clap's commands, and clap's matches as values.

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command as Clap};
use serde_json::{Map, Value};

use super::{App, Argument, Body, BodyKind, Command, Kind};

/// The command that prints the completions of a shell.
pub(super) const COMPLETIONS: &str = "completions";

/// The app as clap knows it.
pub(super) fn clap<E>(app: &App<E>, environment: String) -> Clap {
    let completions = Clap::new(COMPLETIONS)
        .about("Print the completions of a shell")
        .arg(
            Arg::new("shell")
                .required(true)
                .value_parser(clap::value_parser!(clap_complete::Shell)),
        );
    Clap::new("")
        .about(app.about)
        .after_help(environment)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new("base-url")
                .long("base-url")
                .value_name("URL")
                .global(true)
                .help("Call this address in place of the documented server"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .global(true)
                .help("Write JSON as it came, and errors in JSON too"),
        )
        .subcommands(app.commands.iter().map(command))
        .subcommand(completions)
}

fn command<E>(command: &Command<E>) -> Clap {
    let mut out = Clap::new(command.name).about(command.about);
    if !command.long_about.is_empty() {
        out = out.long_about(command.long_about);
    }
    let parameters = command.operation.plan.parameters;
    for (argument, parameter) in command.arguments.iter().zip(parameters) {
        out = out.arg(arg(argument).required(parameter.required));
    }
    if let Some(body) = &command.body {
        for field in body.fields {
            let arg = arg(field);
            // Without any, an optional body is none; one that lacks a field is refused later.
            let required = field.required && command.operation.plan.requires_body;
            out = out.arg(match (required, is_structured(body)) {
                (true, true) => arg.required_unless_present("body"),
                (required, _) => arg.required(required),
            });
        }
        // Files can't be written into one document.
        if body.kind != BodyKind::Multipart {
            let alone = body.fields.is_empty() && command.operation.plan.requires_body;
            out = out.arg(
                Arg::new("body")
                    .long("body")
                    .value_name(if is_structured(body) {
                        "JSON|@FILE|-"
                    } else {
                        "TEXT|@FILE|-"
                    })
                    .required(alone)
                    .help("The body: itself, from a file, or from standard input"),
            );
        }
    }
    out
}

/// Whether a body is an object that single fields can be put into.
fn is_structured(body: &Body) -> bool {
    matches!(body.kind, BodyKind::Json | BodyKind::Form)
}

fn arg(argument: &'static Argument) -> Arg {
    let mut arg = Arg::new(argument.flag)
        .long(argument.flag)
        .help(argument.help)
        .value_name(match argument.kind {
            Kind::Text => "TEXT",
            Kind::Integer => "INTEGER",
            Kind::Number => "NUMBER",
            Kind::Boolean => "true|false",
            Kind::Json => "JSON",
            Kind::File => "FILE",
        })
        .allow_negative_numbers(matches!(argument.kind, Kind::Integer | Kind::Number))
        .value_parser(Parser { argument });
    if argument.kind == Kind::Boolean {
        arg = arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true");
    }
    if argument.many {
        arg = arg.action(ArgAction::Append);
    }
    arg
}

/// Reads one argument's text.
#[derive(Clone)]
struct Parser {
    argument: &'static Argument,
}

impl TypedValueParser for Parser {
    type Value = Value;

    fn parse_ref(
        &self,
        command: &Clap,
        arg: Option<&Arg>,
        text: &std::ffi::OsStr,
    ) -> Result<Value, clap::Error> {
        let refuse = |message: &str| {
            let flag = arg.map_or("", |arg| arg.get_id().as_str());
            let message = format!("`--{flag}`: {message}\n");
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        };
        let text = text.to_str().ok_or_else(|| refuse("it isn't UTF-8"))?;
        let value = read(self.argument.kind, text).map_err(|message| refuse(&message))?;
        if let Some(check) = self.argument.check
            && !self.argument.many
        {
            check(&value).map_err(|message| refuse(&message))?;
        }
        Ok(value)
    }

    /// For help and completions; others are taken as well.
    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        if self.argument.values.is_empty() {
            return None;
        }
        let values = self.argument.values.iter();
        Some(Box::new(values.map(|&value| PossibleValue::new(value))))
    }
}

fn read(kind: Kind, text: &str) -> Result<Value, String> {
    let json = || serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    match kind {
        Kind::Text | Kind::File => Ok(Value::String(text.to_owned())),
        Kind::Json => json(),
        Kind::Boolean => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err("it is neither `true` nor `false`".to_owned()),
        },
        Kind::Integer => match json() {
            Ok(value) if value.is_i64() || value.is_u64() => Ok(value),
            _ => Err("it is not a whole number".to_owned()),
        },
        Kind::Number => match json() {
            Ok(value) if value.is_number() => Ok(value),
            _ => Err("it is not a number".to_owned()),
        },
    }
}

/// The value of an argument, if it was given.
pub(super) fn value(argument: &Argument, matches: &ArgMatches) -> Result<Option<Value>, String> {
    let Some(values) = matches.get_many::<Value>(argument.flag) else {
        return Ok(None);
    };
    let values: Vec<Value> = values.cloned().collect();
    if !argument.many {
        return Ok(values.into_iter().next());
    }
    let list = Value::Array(values);
    if let Some(check) = argument.check {
        check(&list).map_err(|message| format!("`--{}`: {message}", argument.flag))?;
    }
    Ok(Some(list))
}

/// The fields that were given.
pub(super) fn fields(body: &Body, matches: &ArgMatches) -> Result<Map<String, Value>, String> {
    let mut out = Map::new();
    for field in body.fields {
        if let Some(value) = value(field, matches)? {
            out.insert(field.field.to_owned(), value);
        }
    }
    Ok(out)
}
