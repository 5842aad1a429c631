//! `wire`: proof that a generated client speaks the API, by the word of somebody else's server.
//!
//! The crate is exported; a driver beside it calls every operation through the public builders; a
//! mock server made from the *original* document judges the requests and makes the answers; a
//! proxy between the two keeps what really was sent. `docs/WIRE.md` says what is proven and how.

mod driver;
mod exceptions;
mod judge;
mod pattern;
mod plan;
mod prism;
mod proxy;
mod values;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use serde::Serialize;
use specmint_build::{Settings, export, generate};

use self::{exceptions::Exceptions, judge::Row};
use crate::{Failure, input::Reading};

/// Call every operation of a generated client against an independent server.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Directories of pages, pages, or OpenAPI documents.
    #[arg(value_name = "INPUT", required_unless_present = "corpus")]
    inputs: Vec<PathBuf>,
    /// Every entry of `SPECMINT_CORPUS` that its index marks for this, and the embedded APIs.
    #[arg(long)]
    corpus: bool,
    /// Findings that are not the client's fault, each with its proof; `docs/wire-exceptions.toml`
    /// where there is one.
    #[arg(long, value_name = "FILE")]
    exceptions: Option<PathBuf>,
    /// Only these operations: `tag:NAME`, or an operation's id.
    #[arg(long, value_name = "TAG|OPERATION")]
    only: Vec<String>,
    /// Where crates, drivers, the server and its logs go.
    #[arg(long, value_name = "DIR", default_value = "target/wire")]
    out: PathBuf,
    /// Write everything as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the table as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// A driver is given up after this long.
const TIME_LIMIT: Duration = Duration::from_secs(600);

/// An input and its id.
struct Entry {
    id: String,
    input: PathBuf,
}

/// What came of one input.
#[derive(Serialize)]
struct Outcome {
    id: String,
    /// Operations of the input; those that were not generated can't be called.
    operations: usize,
    rows: Vec<Row>,
    /// Why nothing could be judged.
    failure: Option<String>,
    /// What is out of the ordinary about how it was judged.
    remark: Option<String>,
    build_seconds: f64,
    seconds: f64,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let entries = entries(args)?;
    let usual = root().join("docs/wire-exceptions.toml");
    let exceptions = match &args.exceptions {
        Some(path) => Exceptions::read(path)?,
        None if usual.is_file() => Exceptions::read(&usual)?,
        None => Exceptions::default(),
    };
    fs::create_dir_all(&args.out)?;
    let out = fs::canonicalize(&args.out)?;
    let script = prism::install(&out.join("node"))?;

    let mut outcomes = Vec::new();
    for entry in &entries {
        let outcome = one(entry, args, &out, &script, &exceptions).unwrap_or_else(|failure| {
            let failure = match failure {
                Failure::Reported => "the input can't be exported".to_owned(),
                Failure::Usage(err) | Failure::Other(err) => format!("{err:#}"),
            };
            Outcome {
                id: entry.id.clone(),
                operations: 0,
                rows: Vec::new(),
                failure: Some(failure),
                remark: None,
                build_seconds: 0.0,
                seconds: 0.0,
            }
        });
        anstream::eprintln!("{}", summary(&outcome));
        outcomes.push(outcome);
        // What is known is kept: a run over many inputs takes long.
        if let Some(file) = &args.json {
            fs::write(file, serde_json::to_string_pretty(&outcomes)?)?;
        }
    }
    let table = table(&outcomes);
    anstream::println!("{table}");
    if let Some(file) = &args.markdown {
        fs::write(file, &table)?;
    }
    if outcomes
        .iter()
        .any(|outcome| outcome.failure.is_some() || outcome.rows.iter().any(Row::failed))
    {
        return Err(Failure::Reported);
    }
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What to run.
fn entries(args: &Args) -> Result<Vec<Entry>, Failure> {
    let mut out = Vec::new();
    for input in &args.inputs {
        if !input.exists() {
            return Err(Failure::Usage(anyhow!("no `{}`", input.display())));
        }
        out.push(Entry {
            id: id(input),
            input: input.clone(),
        });
    }
    if args.corpus {
        let dir = std::env::var_os("SPECMINT_CORPUS")
            .map(PathBuf::from)
            .ok_or_else(|| {
                Failure::Usage(anyhow!("no corpus: set SPECMINT_CORPUS; nothing was run"))
            })?;
        let index = dir.join("INDEX.tsv");
        let text = fs::read_to_string(&index)
            .with_context(|| format!("`{}` is no corpus", dir.display()))
            .map_err(Failure::Usage)?;
        for row in text.lines().skip(1) {
            let cells: Vec<&str> = row.split('\t').collect();
            if let [id, _, path, ..] = cells[..]
                && cells.last() == Some(&"yes")
            {
                out.push(Entry {
                    id: id.to_owned(),
                    input: dir.join(path),
                });
            }
        }
        let mut embedded: Vec<PathBuf> = fs::read_dir(root().join("specs"))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_dir())
            .collect();
        embedded.sort();
        out.extend(embedded.into_iter().map(|input| Entry {
            id: format!("specs-{}", id(&input)),
            input,
        }));
    }
    Ok(out)
}

fn id(input: &Path) -> String {
    let name = if input.is_dir() {
        input.file_name()
    } else {
        input.file_stem()
    };
    name.unwrap_or_default()
        .to_string_lossy()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect()
}

fn one(
    entry: &Entry,
    args: &Args,
    out: &Path,
    script: &Path,
    exceptions: &Exceptions,
) -> Result<Outcome, Failure> {
    let begun = Instant::now();
    let home = out.join(&entry.id);
    fs::create_dir_all(&home)?;
    let mut reading = Reading::of(&entry.input)?;
    let document = reading.document()?;
    let mut settings = Settings::for_api(&reading.input.api);
    settings.only.clone_from(&args.only);
    let lowered =
        specmint_spec::lower(&document, &mut reading.diags).map_err(|_| reading.failed())?;
    let generated =
        generate(&lowered, &settings, &mut reading.diags).map_err(|_| reading.failed())?;
    let report = generated.report(&reading.input.sources, &reading.diags);
    let package = format!("wire-{}", entry.id);
    let runtime = fs::canonicalize(root().join("crates/specmint-client"))?;
    let openapi = serde_yaml::to_string(&document.root)?;
    let runtime = export::Runtime::Path(runtime);
    export::write(
        &home.join("crate"),
        &package,
        &generated,
        &openapi,
        &runtime,
    )?;
    driver::write(&home, &package, &generated)?;

    let building = Instant::now();
    let binary = build(&home, out)?;
    let build_seconds = building.elapsed().as_secs_f64();

    let root = document.root.to_json();
    let log = home.join("prism.log");
    let mut remark = None;
    let server = match entry.input.extension().and_then(|ext| ext.to_str()) {
        Some("json" | "yaml" | "yml") => {
            let original = fs::canonicalize(&entry.input)?;
            match prism::Prism::start(script, &original, &log) {
                Ok(server) => server,
                Err(Failure::Other(err)) => {
                    remark = Some(format!("judged by the document as read, since {err:#}"));
                    prism::Prism::start(script, &prism::document(&home, &root)?, &log)?
                }
                Err(failure) => return Err(failure),
            }
        }
        _ => prism::Prism::start(script, &prism::document(&home, &root)?, &log)?,
    };
    let proxy = proxy::Proxy::start(server.address)?;
    let cases = plan::cases(&generated.api, &root);
    let plan = plan::Plan {
        base_url: format!("http://{}", proxy.address),
        cases,
    };
    let plan_file = home.join("plan.json");
    fs::write(&plan_file, serde_json::to_string_pretty(&plan)?)?;
    let said = drive(&binary, &plan_file, &home)?;
    let exchanges = proxy.take();
    fs::write(home.join("wire.txt"), transcript(&exchanges))?;
    let rows = judge::rows(
        &entry.id,
        &generated.api,
        &root,
        &plan.cases,
        &said,
        &exchanges,
        exceptions,
    );
    Ok(Outcome {
        id: entry.id.clone(),
        operations: report.totals.input_operations,
        rows,
        failure: None,
        remark,
        build_seconds,
        seconds: begun.elapsed().as_secs_f64(),
    })
}

/// Builds the driver; dependencies are shared by all drivers.
fn build(home: &Path, out: &Path) -> Result<PathBuf, Failure> {
    let target = out.join("target");
    let lock = home.join("driver/Cargo.lock");
    let workspace_lock = root().join("Cargo.lock");
    if !lock.exists() && workspace_lock.exists() {
        // The versions that are there already: nothing has to be fetched.
        fs::copy(workspace_lock, &lock)?;
    }
    let done = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--offline", "--message-format", "short"])
        .current_dir(home.join("driver"))
        .env("CARGO_TARGET_DIR", &target)
        .stdin(Stdio::null())
        .output()?;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    fs::write(home.join("build.log"), &said)?;
    if !done.status.success() {
        let first = said
            .lines()
            .find(|line| line.contains("error"))
            .unwrap_or("no reason given");
        return Err(Failure::Other(anyhow!("the driver doesn't build: {first}")));
    }
    // All drivers share a folder, so each is put aside.
    let binary = home.join("driver-binary");
    fs::copy(target.join("debug/driver"), &binary)?;
    Ok(binary)
}

/// Runs the driver and reads what it says.
fn drive(binary: &Path, plan: &Path, home: &Path) -> Result<Vec<judge::Said>, Failure> {
    let out = home.join("driver.jsonl");
    let err = home.join("driver.log");
    let mut child = Command::new(binary)
        .arg(plan)
        .env("NO_PROXY", "*")
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out)?)
        .stderr(fs::File::create(&err)?)
        .spawn()?;
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                let said = fs::read_to_string(&err)?;
                let last = said.lines().last().unwrap_or("nothing");
                anstream::eprintln!("the driver ended with {status}; it said: {last}");
            }
            break;
        }
        if begun.elapsed() > TIME_LIMIT {
            child.kill()?;
            child.wait()?;
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let text = fs::read_to_string(&out)?;
    Ok(text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect())
}

/// Everything that went over the wire, for looking at.
fn transcript(exchanges: &[proxy::Exchange]) -> String {
    let mut out = String::new();
    for exchange in exchanges {
        for message in std::iter::once(&exchange.request).chain(&exchange.answer) {
            out.push_str(&message.line);
            out.push('\n');
            for (name, value) in &message.headers {
                let _ = writeln!(out, "{name}: {value}");
            }
            out.push('\n');
            out.push_str(&String::from_utf8_lossy(&message.body));
            out.push_str("\n\n");
        }
    }
    out
}

/// The line of one input.
fn summary(outcome: &Outcome) -> String {
    match &outcome.failure {
        Some(failure) => format!("{}: {failure}", outcome.id),
        None => format!(
            "{}: {} operations, {} failed, in {:.0} s",
            outcome.id,
            outcome.rows.len(),
            outcome.rows.iter().filter(|row| row.failed()).count(),
            outcome.seconds
        ),
    }
}

/// The figures and findings, as Markdown.
fn table(outcomes: &[Outcome]) -> String {
    let mut out = String::from(
        "| input | operations | called | as they should be | calls | accepted | answers | decoded | credentials | excused findings | build s | all s |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for outcome in outcomes {
        let sum = |pick: fn(&Row) -> usize| outcome.rows.iter().map(pick).sum::<usize>();
        let right = outcome.rows.iter().filter(|row| !row.failed()).count();
        let excused = sum(|row| {
            row.findings
                .iter()
                .filter(|it| it.excused.is_some())
                .count()
        });
        let _ = writeln!(
            out,
            "| {} | {} | {} | {right} | {} | {} | {} | {} | {} | {excused} | {:.0} | {:.0} |",
            outcome.id,
            outcome.operations,
            outcome.rows.len(),
            sum(|row| row.cases),
            sum(|row| row.accepted),
            sum(|row| row.answers),
            sum(|row| row.decoded),
            sum(|row| row.credentials),
            outcome.build_seconds,
            outcome.seconds,
        );
    }
    for outcome in outcomes {
        if let Some(failure) = &outcome.failure {
            let _ = writeln!(out, "\n`{}` could not be judged: {failure}", outcome.id);
        }
        if let Some(remark) = &outcome.remark {
            let _ = writeln!(out, "\n`{}` was {remark}", outcome.id);
        }
        for row in &outcome.rows {
            if row.findings.is_empty() && row.cases > 0 {
                continue;
            }
            let _ = write!(
                out,
                "\n`{}` {} `{} {}`\n\n",
                outcome.id, row.operation, row.method, row.path
            );
            if row.cases == 0 {
                out.push_str("- not called\n");
            }
            for finding in &row.findings {
                let first = finding.cases.first().map_or("", String::as_str);
                let more = match finding.cases.len() {
                    0 | 1 => String::new(),
                    n => format!(" and {} more", n - 1),
                };
                let verdict = match &finding.excused {
                    Some(proof) => format!("; not the client's fault: {proof}"),
                    None => String::new(),
                };
                let message: String = finding.message.chars().take(400).collect();
                let _ = writeln!(
                    out,
                    "- {:?} ({first}{more}): {message}{verdict}",
                    finding.kind
                );
            }
        }
    }
    out
}
