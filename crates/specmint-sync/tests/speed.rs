//! How long 500 pages take over loopback, beside `curl` on the same addresses. Run by hand:
//!
//! ```sh
//! cargo build --release -p xtask
//! SYNC_BIN=target/release/xtask cargo test --release -p specmint-sync --test speed -- --ignored --nocapture
//! ```
#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    clippy::print_stdout,
    reason = "a measurement prints, and may take its time"
)]

mod support;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use support::{Serve, Server, world::World, world::petshop};

const PAGES: usize = 500;

fn site() -> Server {
    let server = petshop();
    let page = server.page("/api-reference/pets/get-a-pet.md");
    let mut index = String::from("# Big\n\n");
    for number in 0..PAGES {
        let path = format!("/api-reference/r{}/get-{number}.md", number % 20);
        let text = page
            .replace("/v1/pets/{id}", &format!("/v1/r{number}/{{id}}"))
            .replace("getPet", &format!("getR{number}"));
        server.put(&path, Serve::Page(text));
        index.push_str(&format!("- [R{number}]({}{path})\n", server.base()));
    }
    server.put("/llms.txt", Serve::Page(index));
    server
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn curl(server: &Server, dir: &Path) -> Duration {
    let list: String = (0..PAGES)
        .map(|n| {
            format!(
                "url = \"{}/api-reference/r{}/get-{n}.md\"\noutput = \"{}/{n}.md\"\n",
                server.base(),
                n % 20,
                dir.display()
            )
        })
        .collect();
    let config = dir.join("list");
    fs::write(&config, list).expect("it is writable");
    let begun = Instant::now();
    let status = Command::new("curl")
        .args(["--silent", "--parallel", "--parallel-max", "4", "--config"])
        .arg(&config)
        .stdout(Stdio::null())
        .status()
        .expect("curl is there");
    assert!(status.success());
    begun.elapsed()
}

fn sync(binary: &str, world: &World) -> Duration {
    let begun = Instant::now();
    let output = Command::new(binary)
        .args(["sync-specs", "--specs"])
        .arg(&world.options.specs)
        .output()
        .expect("the command is there");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    begun.elapsed()
}

#[test]
#[ignore = "a measurement; needs SYNC_BIN and curl"]
fn five_hundred_pages() {
    let binary = std::env::var("SYNC_BIN").expect("SYNC_BIN names the command");
    let server = site();
    let (mut curls, mut firsts, mut seconds) = (Vec::new(), Vec::new(), Vec::new());
    // Folders stay to the end: some systems look long for room where files were deleted a moment ago.
    let mut kept = Vec::new();
    for _ in 0..7 {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        curls.push(curl(&server, dir.path()));
        let world = World::new(&server);
        firsts.push(sync(&binary, &world));
        seconds.push(sync(&binary, &world));
        kept.push((dir, world));
        server.forget();
    }
    let (curl, first, second) = (median(curls), median(firsts), median(seconds));
    println!(
        "curl {curl:?}, first {first:?} ({:.2}x), again {second:?} ({:.2}x of the first)",
        first.as_secs_f64() / curl.as_secs_f64(),
        second.as_secs_f64() / first.as_secs_f64()
    );
}
