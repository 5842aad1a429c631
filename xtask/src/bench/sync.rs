//! What `sync-specs` takes for a site, beside `curl` on the same addresses.
//!
//! The server is the same for both: a thread per connection, connections kept, answers from memory,
//! validators honoured. One answers at once, so that nothing but work is measured; the other one only
//! after the time that a real site takes.

use std::{
    cell::Cell,
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    thread,
    time::Duration,
};

use super::{
    Failure,
    process::{Measured, installed, middle, run},
};

/// Pages of the site.
pub(crate) const PAGES: usize = 500;
/// What a site on the other side of a continent takes to answer.
pub(crate) const AWAY: Duration = Duration::from_millis(20);
/// Runs against that one: nearly all of their time is waiting, which varies little.
pub(crate) const RUNS_AWAY: usize = 3;

/// What it took.
pub(crate) struct Took {
    /// On a site that answers at once.
    pub(crate) near: OfSite,
    /// On one that takes its time.
    pub(crate) away: OfSite,
}

/// What it took on one site.
pub(crate) struct OfSite {
    /// `None` where curl is not installed.
    pub(crate) curl: Option<Measured>,
    /// And its files made durable, as ours are; `None` where nothing here does that.
    pub(crate) durable: Option<Measured>,
    pub(crate) first: Measured,
    pub(crate) again: Measured,
}

/// Measures all of them, taking turns, each with the server warm.
///
/// Nothing is replaced and nothing deleted while it is measured: some systems flush a file that takes
/// another's place, and some look long for room where files were deleted a moment ago.
pub(crate) fn measure(dir: &Path, runs: usize) -> Result<Took, Failure> {
    let dir = dir.join(format!("sync-{}", std::process::id()));
    let took = of_site(&dir.join("near"), runs, serve(Duration::ZERO)?).and_then(|near| {
        let away = of_site(&dir.join("away"), RUNS_AWAY, serve(AWAY)?)?;
        Ok(Took { near, away })
    });
    fs::remove_dir_all(&dir)?;
    took
}

fn of_site(dir: &Path, runs: usize, server: SocketAddr) -> Result<OfSite, Failure> {
    fs::create_dir_all(dir)?;
    let list: String = (0..PAGES)
        .map(|at| {
            format!(
                "url = \"http://{server}{}\"\noutput = \"{at}.md\"\n",
                path(at)
            )
        })
        .collect();
    let config = dir.join("list");
    fs::write(&config, list)?;
    let has_curl = installed("curl");
    if !has_curl {
        anstream::eprintln!("`curl` is not installed: its column is left out");
    }
    let mut has_sync = has_curl && installed("sync");
    let curl = |script: &str, folder: PathBuf| {
        let mut command = Command::new("sh");
        let get = "curl --silent --parallel --parallel-max 4 --config \"$0\"";
        command.arg("-c").arg(format!("{get}{script}")).arg(&config);
        command.current_dir(folder);
        command
    };
    let folders = Folders::new(dir);
    let [mut alone, mut durable, mut first, mut again] = [const { Vec::new() }; 4];
    for _ in 0..runs.max(1) {
        if has_curl {
            alone.push(run(curl("", folders.next()?))?);
        }
        if has_sync {
            match run(curl(" && sync --data *.md", folders.next()?)) {
                Ok(took) => durable.push(took),
                // Not every system's `sync` takes files.
                Err(_) => has_sync = false,
            }
        }
        let specs = folders.next()?;
        let api = specs.join("measured");
        fs::create_dir(&api)?;
        let settings = format!("docs = \"http://{server}/llms.txt\"\nallow-private = true\n");
        fs::write(api.join("api.toml"), settings)?;
        let sync = || {
            let mut command = Command::new(std::env::current_exe().unwrap_or_default());
            command.args(["sync-specs", "--quiet", "--specs"]);
            command.arg(&specs);
            command
        };
        first.push(run(sync())?);
        again.push(run(sync())?);
    }
    Ok(OfSite {
        curl: has_curl.then(|| middle(&alone)),
        durable: has_sync.then(|| middle(&durable)),
        first: middle(&first),
        again: middle(&again),
    })
}

/// A folder for each run.
struct Folders<'d> {
    dir: &'d Path,
    made: Cell<usize>,
}

impl<'d> Folders<'d> {
    fn new(dir: &'d Path) -> Self {
        Self {
            dir,
            made: Cell::new(0),
        }
    }

    /// Makes one more.
    fn next(&self) -> io::Result<PathBuf> {
        self.made.set(self.made.get() + 1);
        let folder = self.dir.join(self.made.get().to_string());
        fs::create_dir(&folder)?;
        Ok(folder)
    }
}

fn path(at: usize) -> String {
    format!("/api-reference/group-{}/get-thing-{at}.md", at % 20)
}

/// A page of an operation with two parameters, an answer of its own and a shared error.
fn page(at: usize) -> String {
    let mut fields = String::new();
    for field in 0..12 {
        fields.push_str(&format!(
            "                  field_{field}:\n                    type: string\n                    \
             description: What field {field} of thing {at} says.\n"
        ));
    }
    format!(
        "# Get thing {at}\n\n> Gives back one thing.\n\n## OpenAPI\n\n````yaml get /v1/things{at}/{{id}}\n\
         openapi: 3.1.0\ninfo:\n  title: Measured\n  version: 1.0.0\nservers:\n  - url: https://api.measured.test\n\
         security:\n  - key: []\npaths:\n  /v1/things{at}/{{id}}:\n    get:\n      operationId: getThing{at}\n      \
         summary: Get thing {at}\n      parameters:\n        - name: id\n          in: path\n          required: true\n          \
         schema:\n            type: string\n        - name: expand\n          in: query\n          schema:\n            \
         type: boolean\n      responses:\n        '200':\n          description: The thing.\n          content:\n            \
         application/json:\n              schema:\n                type: object\n                properties:\n{fields}        \
         '404':\n          description: No such thing.\n          content:\n            application/json:\n              \
         schema:\n                $ref: '#/components/schemas/Problem'\ncomponents:\n  schemas:\n    Problem:\n      \
         type: object\n      properties:\n        code:\n          type: string\n        message:\n          type: string\n  \
         securitySchemes:\n    key:\n      type: apiKey\n      in: header\n      name: x-key\n````\n"
    )
}

/// Serves the site for as long as the process runs; each answer takes so long.
fn serve(away: Duration) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let mut index = String::from("# Measured\n\n## Docs\n\n");
    for at in 0..PAGES {
        index.push_str(&format!("- [Thing {at}](http://{address}{})\n", path(at)));
    }
    let mut site = std::collections::HashMap::from([("/llms.txt".to_owned(), index)]);
    site.extend((0..PAGES).map(|at| (path(at), page(at))));
    let site = Arc::new(site);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let site = Arc::clone(&site);
            thread::spawn(move || {
                // A connection that breaks is the client's to report.
                let _ = answer(&stream, &site, away);
            });
        }
    });
    Ok(address)
}

fn answer(
    stream: &TcpStream,
    site: &std::collections::HashMap<String, String>,
    away: Duration,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
        let mut known = false;
        while reader.read_line({
            line.clear();
            &mut line
        })? > 2
        {
            known |= line
                .to_ascii_lowercase()
                .starts_with("if-none-match: \"v\"");
        }
        let head = match site.get(&path) {
            Some(_) if known => "HTTP/1.1 304 Not Modified\r\netag: \"v\"\r\n\r\n".to_owned(),
            Some(text) => format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/markdown\r\netag: \"v\"\r\ncontent-length: {}\r\n\r\n{text}",
                text.len()
            ),
            None => "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
        };
        thread::sleep(away);
        let mut stream = stream;
        stream.write_all(head.as_bytes())?;
    }
}
