//! A `specs/` folder in a temporary place, and the command over it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use specmint_sync::{
    Exit, Options, Outcome,
    fetch::Limits,
    report::{self, ApiReport},
    retry::Schedule,
    run,
    surface::{Surface, Unknown},
    upstream::Silent,
};
use tempfile::TempDir;

use super::{Serve, Server};

/// One API named `petshop`.
pub(crate) struct World {
    dir: TempDir,
    pub(crate) options: Options,
}

/// Bounds with the real proportions and less patience.
pub(crate) fn impatient() -> Limits {
    Limits {
        connect: Duration::from_millis(500),
        read: Duration::from_millis(300),
        total: Duration::from_millis(900),
        budget: Duration::from_secs(20),
        schedule: Schedule {
            base: Duration::from_millis(2),
            cap: Duration::from_millis(10),
            ..Schedule::default()
        },
        ..Limits::default()
    }
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

/// The server of the fixture site.
pub(crate) fn petshop() -> Server {
    Server::of(&fixture("petshop"))
}

impl World {
    /// An API whose documentation is at a server.
    pub(crate) fn new(server: &Server) -> Self {
        Self::with(&format!(
            "docs = \"{}/llms.txt\"\nallow-private = true\n",
            server.base()
        ))
    }

    /// An API with these decisions.
    pub(crate) fn with(settings: &str) -> Self {
        let dir = TempDir::new().expect("a temporary folder can be made");
        let api = dir.path().join("specs/petshop");
        fs::create_dir_all(&api).expect("it is writable");
        fs::write(api.join("api.toml"), settings).expect("it is writable");
        let options = Options {
            specs: dir.path().join("specs"),
            limits: impatient(),
            crate_version: Some("0.6.2".to_owned()),
            ..Options::default()
        };
        Self { dir, options }
    }

    /// An API that is in step with a server.
    pub(crate) fn synced(server: &Server) -> Self {
        let mut world = Self::new(server);
        world.expect(Exit::Done);
        server.forget();
        world
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("specs/petshop")
    }

    pub(crate) fn file(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it is writable");
        fs::write(path, text).expect("it is writable");
    }

    pub(crate) fn run_with(&self, surface: &dyn Surface) -> Outcome {
        let outcome = run(&self.options, surface, &Silent);
        follows_the_schema(&report::json(&outcome.reports, outcome.exit()));
        outcome
    }

    pub(crate) fn run(&self) -> Outcome {
        self.run_with(&Unknown)
    }

    /// Runs, and expects this end; the API's report.
    pub(crate) fn expect(&mut self, exit: Exit) -> ApiReport {
        let outcome = self.run();
        let problems: Vec<String> = outcome
            .usage
            .iter()
            .chain(outcome.reports.iter().flat_map(|report| &report.problems))
            .map(|problem| format!("{} {} {:?}", problem.code, problem.message, problem.lines))
            .collect();
        assert_eq!(outcome.exit(), exit, "{problems:#?}");
        outcome
            .reports
            .into_iter()
            .next()
            .unwrap_or_else(|| ApiReport::new(""))
    }

    /// Every file of the API and its content.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.path())
    }
}

/// Every file below a folder and its content.
pub(crate) fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![root.to_path_buf()];
    while let Some(at) = left.pop() {
        for entry in fs::read_dir(&at).expect("it is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path
                    .strip_prefix(root)
                    .expect("it lies below")
                    .to_string_lossy()
                    .into_owned();
                found.insert(name, fs::read(&path).expect("it can be read"));
            }
        }
    }
    found
}

/// A site of so many pages more.
pub(crate) fn many(server: &Server, pages: usize) {
    let page = server.page("/api-reference/pets/get-a-pet.md");
    let mut index = server.page("/llms.txt").replace("## Optional", "## More");
    for number in 0..pages {
        let path = format!("/api-reference/more/get-{number}.md");
        let text = page
            .replace("/v1/pets/{id}", &format!("/v1/more/{number}/{{id}}"))
            .replace("getPet", &format!("getMore{number}"));
        server.put(&path, Serve::Page(text));
        index.push_str(&format!("- [More {number}]({}{path})\n", server.base()));
    }
    server.put("/llms.txt", Serve::Page(index));
}

/// Takes a page out of the index.
pub(crate) fn unlist(server: &Server, path: &str) {
    let index = server.page("/llms.txt");
    let kept: Vec<&str> = index.lines().filter(|line| !line.contains(path)).collect();
    server.put("/llms.txt", Serve::Page(kept.join("\n")));
}

/// Whether a report has a problem of this code whose text holds these words.
pub(crate) fn says(report: &ApiReport, code: &str, words: &str) -> bool {
    report.problems.iter().any(|problem| {
        let all = format!(
            "{} {} {} {} {}",
            problem.message,
            problem.at.clone().unwrap_or_default(),
            problem.lines.join(" "),
            problem.note.clone().unwrap_or_default(),
            problem.help.clone().unwrap_or_default()
        );
        problem.code.0 == code && all.contains(words)
    })
}

/// Fails with everything a report says, unless it says this.
pub(crate) fn must_say(report: &ApiReport, code: &str, words: &str) {
    assert!(
        says(report, code, words),
        "no {code} with `{words}` in {:#?}",
        report.problems
    );
}

/// Where a report departs from the published schema.
pub(crate) fn schema_errors(json: &str) -> Vec<String> {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let schema = serde_json::from_str(report::SCHEMA).expect("the schema is JSON");
        jsonschema::validator_for(&schema).expect("the schema is one")
    });
    let value = serde_json::from_str(json).expect("a report is JSON");
    schema
        .iter_errors(&value)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect()
}

/// Fails unless a report follows the published schema.
pub(crate) fn follows_the_schema(json: &str) {
    let errors = schema_errors(json);
    assert!(errors.is_empty(), "{errors:#?} in {json}");
}
