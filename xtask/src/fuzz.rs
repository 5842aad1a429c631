//! `fuzz`: documents of a corpus, mutated at random, through the whole pipeline.
//!
//! The promise it proves: no input panics, aborts, takes over a minute or over 4 GiB. Mutants run in
//! workers, processes of their own, so that an abort is seen and the run goes on behind it. One
//! number, the seed, gives the same mutants again.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    panic,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use fastrand::Rng;
use indicatif::{ProgressBar, ProgressStyle};
use specmint_build::{Settings, generate};
use specmint_spec::{
    api::Api,
    diag::Diagnostics,
    node::{Node, Value},
    page::{Page, PageId, PageIndex, Sources},
    yaml,
};

use crate::Failure;

/// Mutate documents of the corpus at random, and run them through the pipeline.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The corpus; `SPECMINT_CORPUS` where it is not given.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How many mutants to read and lower.
    #[arg(long, default_value_t = 10_000)]
    lower: u64,
    /// How many mutants, of documents of under 200 operations, to generate code from.
    #[arg(long, default_value_t = 1_000)]
    generate: u64,
    /// The same seed gives the same mutants; printed where it is not given.
    #[arg(long)]
    seed: Option<u64>,
    /// Only this mutant, as `lower:N` or `generate:N`; it is written to standard output.
    #[arg(long, value_name = "MUTANT")]
    show: Option<String>,
    /// Run these mutants in this process: how the command calls itself.
    #[arg(long, hide = true, value_name = "STAGE:FROM:TO")]
    worker: Option<String>,
}

/// How long one mutant may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// How much memory a worker may take, in MiB.
const MEMORY_LIMIT: u64 = 4096;
/// Documents with more operations are not generated from, to keep the run short.
const MOST_OPERATIONS: usize = 200;
/// Mutants that one worker takes in a row.
const BATCH: u64 = 1000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Lower,
    Generate,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Generate => "generate",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Lower, Self::Generate]
            .into_iter()
            .find(|stage| stage.name() == name)
    }
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let dir = match (&args.dir, std::env::var_os("SPECMINT_CORPUS")) {
        (Some(dir), _) => dir.clone(),
        (None, Some(dir)) => PathBuf::from(dir),
        (None, None) => {
            return Err(Failure::Usage(anyhow!(
                "no corpus: set SPECMINT_CORPUS or give --dir; nothing was run"
            )));
        }
    };
    let seed = args.seed.unwrap_or_else(|| Rng::new().u64(..));
    if let Some(range) = &args.worker {
        return work(&dir, seed, range);
    }
    if let Some(mutant) = &args.show {
        let (stage, number) = mutant
            .split_once(':')
            .and_then(|(stage, number)| Some((Stage::parse(stage)?, number.parse().ok()?)))
            .ok_or_else(|| {
                Failure::Usage(anyhow!("`{mutant}` is not `lower:N` or `generate:N`"))
            })?;
        let documents = documents(&dir, stage)?;
        anstream::println!("{}", mutate(&documents, seed, stage, number).text);
        return Ok(());
    }
    anstream::eprintln!("seed {seed}");
    let begun = Instant::now();
    let mut failures = Vec::new();
    for (stage, count) in [(Stage::Lower, args.lower), (Stage::Generate, args.generate)] {
        let bar = ProgressBar::new(count).with_style(ProgressStyle::with_template(
            "{msg} {bar:24} {pos}/{len} ({elapsed}, {eta} left)",
        )?);
        bar.set_message(stage.name());
        let mut from = 0;
        while from < count {
            let to = count.min(from + BATCH);
            from = supervise(&dir, seed, stage, from, to, &bar, &mut failures)?;
        }
        bar.finish_and_clear();
        anstream::println!("{}: {count} mutants", stage.name());
    }
    anstream::println!(
        "seed {seed}, {:.0} s, {} failures",
        begun.elapsed().as_secs_f64(),
        failures.len()
    );
    for failure in &failures {
        anstream::println!("- {failure}");
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failure::Reported)
    }
}

/// Runs one worker and returns the mutant to go on with.
fn supervise(
    dir: &Path,
    seed: u64,
    stage: Stage,
    from: u64,
    to: u64,
    bar: &ProgressBar,
    failures: &mut Vec<String>,
) -> Result<u64, Failure> {
    let mut worker = Command::new(std::env::current_exe()?)
        .args(["fuzz", "--seed", &seed.to_string(), "--dir"])
        .arg(dir)
        .args(["--worker", &format!("{}:{from}:{to}", stage.name())])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let pipe = worker
        .stdout
        .take()
        .context("the worker's output is piped")?;
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    let mut current = from;
    let mut since = Instant::now();
    loop {
        match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => match line.split_once(' ') {
                Some(("begin", number)) => {
                    current = number.parse().unwrap_or(current);
                    since = Instant::now();
                    bar.set_position(current);
                }
                Some(("panic", what)) => failures.push(what.to_owned()),
                _ => {}
            },
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        let name = || format!("{}:{current}", stage.name());
        if since.elapsed() > TIME_LIMIT {
            failures.push(format!("{}: over {} s", name(), TIME_LIMIT.as_secs()));
            worker.kill()?;
            worker.wait()?;
            return Ok(current + 1);
        }
        if memory(worker.id()).is_some_and(|mib| mib > MEMORY_LIMIT) {
            failures.push(format!("{}: over {MEMORY_LIMIT} MiB", name()));
            worker.kill()?;
            worker.wait()?;
            return Ok(current + 1);
        }
    }
    let status = worker.wait()?;
    if status.success() {
        bar.set_position(to);
        return Ok(to);
    }
    failures.push(format!(
        "{}:{current}: the process ended with {status}",
        stage.name()
    ));
    Ok(current + 1)
}

/// The memory a process has now, in MiB, where the system tells it.
fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1024)
}

/// The worker: says which mutant it begins, and which panicked.
fn work(dir: &Path, seed: u64, range: &str) -> Result<(), Failure> {
    let parts: Vec<&str> = range.split(':').collect();
    let [stage, from, to] = parts[..] else {
        return Err(Failure::Usage(anyhow!("bad range")));
    };
    let stage = Stage::parse(stage).context("bad stage")?;
    let documents = documents(dir, stage)?;
    panic::set_hook(Box::new(|_| {}));
    let mut out = std::io::stdout();
    for number in from.parse::<u64>()?..to.parse::<u64>()? {
        let mutant = mutate(&documents, seed, stage, number);
        writeln!(out, "begin {number}")?;
        out.flush()?;
        let name = mutant.name.clone();
        if let Err(payload) = panic::catch_unwind(|| through(mutant, stage)) {
            let what = payload
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| {
                    payload
                        .downcast_ref::<&str>()
                        .map(|text| (*text).to_owned())
                })
                .unwrap_or_default()
                .replace('\n', " ");
            writeln!(
                out,
                "panic {}:{number} ({name}): panicked: {what}",
                stage.name()
            )?;
        }
    }
    Ok(())
}

struct Mutant {
    name: String,
    text: String,
}

/// Through the pipeline, whatever comes of it: the diagnostics are somebody else's to judge.
fn through(mutant: Mutant, stage: Stage) {
    let mut diags = Diagnostics::default();
    let sources = Sources::new(vec![Page {
        id: PageId(mutant.name),
        text: mutant.text,
    }]);
    let api = Api {
        name: "mutant".to_owned(),
        ..Api::default()
    };
    let Ok(document) = specmint_spec::read(&sources, &api, &mut diags) else {
        return;
    };
    let Ok(lowered) = specmint_spec::lower(&document, &mut diags) else {
        return;
    };
    if stage == Stage::Generate {
        // A refusal is fine, and so is a document with nothing left to generate.
        let _ = generate(&lowered, &Settings::for_api(&api), &mut diags);
    }
}

/// A document of the corpus, parsed once.
struct Document {
    name: String,
    root: Node,
}

fn documents(dir: &Path, stage: Stage) -> Result<Vec<Document>, Failure> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir.join("specs"))
        .with_context(|| format!("`{}` is no corpus", dir.display()))
        .map_err(Failure::Usage)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let mut documents = Vec::new();
    for file in files {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let page = Page {
            id: PageId(name.clone()),
            text: fs::read_to_string(&file)?,
        };
        let mut diags = Diagnostics::default();
        let Ok(root) = yaml::parse_document(&page, PageIndex(0), &mut diags) else {
            continue;
        };
        if stage == Stage::Lower || operations(&root) < MOST_OPERATIONS {
            documents.push(Document { name, root });
        }
    }
    Ok(documents)
}

fn operations(root: &Node) -> usize {
    let paths = root.get("paths").and_then(Node::as_object);
    paths
        .into_iter()
        .flatten()
        .filter_map(|(_, item)| item.as_object())
        .map(specmint_spec::node::Map::len)
        .sum()
}

/// The mutant of a number: one document, with one to four changes.
fn mutate(documents: &[Document], seed: u64, stage: Stage, number: u64) -> Mutant {
    let salt = if stage == Stage::Lower { 0 } else { 1 << 40 };
    let mut rng = Rng::with_seed(seed ^ (number + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let document = &documents[rng.usize(..documents.len())];
    let mut root = document.root.clone();
    for _ in 0..rng.usize(1..=4) {
        change(&mut root, &mut rng);
    }
    let text = serde_json::to_string(&root).unwrap_or_default();
    Mutant {
        name: document.name.clone(),
        text,
    }
}

/// Drops, duplicates, swaps or replaces a node somewhere.
fn change(root: &mut Node, rng: &mut Rng) {
    let donor = somewhere(root, rng).clone();
    let kind = rng.u8(..6);
    let place = somewhere(root, rng);
    match (&mut place.value, kind) {
        (Value::Object(map), 0) if !map.is_empty() => {
            let at = rng.usize(..map.len());
            let key = map.keys().nth(at).expect("it is in range").clone();
            map.shift_remove(&key);
        }
        (Value::Array(nodes), 0) if !nodes.is_empty() => {
            nodes.remove(rng.usize(..nodes.len()));
        }
        (Value::Object(map), 1) if !map.is_empty() => {
            let at = rng.usize(..map.len());
            let (key, node) = map.iter().nth(at).expect("it is in range");
            let (key, node) = (format!("{key}{}", rng.u8(..)), node.clone());
            map.insert(key, node);
        }
        (Value::Array(nodes), 1) if !nodes.is_empty() => {
            nodes.push(nodes[rng.usize(..nodes.len())].clone());
        }
        (Value::Object(map), 2) if map.len() > 1 => {
            let (one, other) = (rng.usize(..map.len()), rng.usize(..map.len()));
            let mut nodes: Vec<&mut Node> = map.values_mut().collect();
            let node = nodes[one].clone();
            *nodes[one] = std::mem::replace(nodes[other], node);
        }
        (Value::Array(nodes), 2) if nodes.len() > 1 => {
            let (one, other) = (rng.usize(..nodes.len()), rng.usize(..nodes.len()));
            nodes.swap(one, other);
        }
        (value, 3) => *value = scalar(rng),
        // Something of the same document, somewhere it was not meant to be.
        (value, _) => *value = donor.value,
    }
}

fn scalar(rng: &mut Rng) -> Value {
    match rng.u8(..6) {
        0 => Value::Null,
        1 => Value::Bool(rng.bool()),
        2 => Value::from(rng.i64(-3..3)),
        3 => Value::from(""),
        4 => Value::from("\u{0}\u{202e}../{}'\"\\"),
        _ => Value::Array(Vec::new()),
    }
}

/// A node at random, by a walk from the root.
fn somewhere<'a>(root: &'a mut Node, rng: &mut Rng) -> &'a mut Node {
    let mut node = root;
    for _ in 0..rng.usize(1..14) {
        let len = match &node.value {
            Value::Object(map) => map.len(),
            Value::Array(nodes) => nodes.len(),
            _ => 0,
        };
        if len == 0 {
            break;
        }
        let at = rng.usize(..len);
        node = match &mut node.value {
            Value::Object(map) => map.values_mut().nth(at).expect("it is in range"),
            Value::Array(nodes) => &mut nodes[at],
            _ => unreachable!("only objects and arrays have members"),
        };
    }
    node
}
