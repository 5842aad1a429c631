//! All or nothing: after any failure, signal or full disk, the next command finds the old state or
//! the new one. Real processes are killed; nothing is played through where it can be done.
#![cfg(unix)]

#[path = "interrupted/holding.rs"]
mod holding;
#[cfg(target_os = "linux")]
#[path = "interrupted/power.rs"]
mod power;
mod support;

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::{fs::PermissionsExt as _, process::ExitStatusExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use specmint_sync::{
    Exit, Options, apply,
    report::{Status, changes_file},
    run,
    surface::Unknown,
    upstream::Silent,
};
use support::world::{World, files, impatient, many, must_say, petshop};

const LIST: &str = "/api-reference/pets/list-pets.md";
const ORDER: &str = "/api-reference/orders/place-an-order.md";
const SIGKILL: i32 = 9;

/// Changes of an API: a few files are made durable one by one, many together.
fn writing(pages: usize) -> apply::Writing {
    let mut files = vec![
        ("pages/a.md".to_owned(), b"new a".to_vec()),
        ("pages/deep/c.md".to_owned(), b"new c".to_vec()),
    ];
    for page in 0..pages {
        let text = format!("new {page} ").repeat(200);
        files.push((format!("pages/{}/{page}.md", page % 5), text.into_bytes()));
    }
    files.push(("names.lock".to_owned(), b"new names".to_vec()));
    files.push(("specs.lock".to_owned(), b"new lock".to_vec()));
    apply::Writing {
        files,
        removed: vec!["pages/gone/b.md".to_owned()],
    }
}

fn old_state(dir: &Path) {
    for (file, text) in [
        ("api.toml", "by hand"),
        ("pages/a.md", "old a"),
        ("pages/gone/b.md", "old b"),
        ("specs.lock", "old lock"),
    ] {
        let path = dir.join(file);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it is writable");
        fs::write(path, text).expect("it is writable");
    }
}

type State = BTreeMap<String, Vec<u8>>;

/// The two states that may be found, for a number of pages.
fn states(at: &Path, pages: usize) -> (State, State) {
    let (old, new) = (at.join("old"), at.join("new"));
    old_state(&old);
    old_state(&new);
    apply::write(&new, &writing(pages), None, &mut |_| Ok(())).expect("nothing stops it");
    let (old, new) = (files(&old), files(&new));
    assert!(!new.contains_key("pages/gone/b.md") && new["specs.lock"] == b"new lock");
    (old, new)
}

/// The pages of a change on their way to the disk, where that is wanted.
fn prepared(dir: &Path, writing: &apply::Writing, wanted: bool) -> Option<apply::Prepared> {
    let pages = writing.files.iter();
    let pages = pages.filter(|(file, _)| file.starts_with("pages/"));
    let prepared = wanted.then(|| apply::prepare(dir, pages.cloned().collect()));
    prepared.map(|prepared| prepared.expect("they are many, and there is room"))
}

/// This program again, as another process that does one of the things below.
fn child(role: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a test is a program"));
    command
        .args(["--exact", "the_other_process", "--quiet"])
        .env("SYNC_ROLE", role)
        .env("SYNC_DIR", dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Not a test of its own: what the other process does. It ends with success where it could.
#[test]
fn the_other_process() {
    let dir = PathBuf::from(setting("SYNC_DIR"));
    match setting("SYNC_ROLE").as_str() {
        // Writes, and waits at one step for its end.
        "stops" => {
            let last: usize = setting("SYNC_STEP").parse().expect("the parent sets it");
            let pages = setting("SYNC_PAGES").parse().expect("the parent sets it");
            let prepared = prepared(&dir, &writing(pages), setting("SYNC_PREPARED") == "true");
            let mut step = 0;
            let written = apply::write(&dir, &writing(pages), prepared, &mut |_| {
                step += 1;
                if step > last {
                    fs::write(dir.with_extension("reached"), "")?;
                    loop {
                        thread::park();
                    }
                }
                Ok(())
            });
            assert!(written.is_ok());
        }
        // Writes more than it may.
        "fills" => {
            let mut big = writing(0);
            big.files[0].1 = vec![b'x'; 1 << 20];
            let written = apply::write(&dir, &big, None, &mut |_| Ok(()));
            let said = written.expect_err("there is no room for it");
            assert_eq!(said.code.0, "S1213");
            assert_eq!(said.note.as_deref(), Some("nothing was written"));
        }
        // The whole command.
        "syncs" => {
            let outcome = run(&options(&dir), &Unknown, &Silent);
            assert_eq!(outcome.exit(), Exit::Done);
        }
        _ => {}
    }
}

fn options(specs: &Path) -> Options {
    Options {
        specs: specs.to_owned(),
        limits: impatient(),
        crate_version: Some("0.6.2".to_owned()),
        ..Options::default()
    }
}

/// Kills a process where it waits; whether it came so far.
fn killed_where_it_waits(mut process: Child, reached: &Path) -> bool {
    loop {
        if reached.exists() {
            process.kill().expect("it runs");
            let status = process.wait().expect("it was started");
            assert_eq!(status.signal(), Some(SIGKILL));
            fs::remove_file(reached).expect("it is there");
            return true;
        }
        if let Some(status) = process.try_wait().expect("it was started") {
            assert!(status.success(), "{status}");
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn g1_a_process_killed_at_any_step_leaves_old_or_new() {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    for (pages, prepared) in [(0, false), (40, false), (40, true)] {
        let at = place.path().join(format!("{pages} {prepared}"));
        let (old, new) = states(&at, pages);
        let (mut backs, mut forwards) = (0, 0);
        let mut ended = false;
        for step in 0..100 {
            let dir = at.join(format!("{step}"));
            old_state(&dir);
            let process = child("stops", &dir)
                .env("SYNC_STEP", step.to_string())
                .env("SYNC_PAGES", pages.to_string())
                .env("SYNC_PREPARED", prepared.to_string())
                .spawn()
                .expect("a test can be started");
            if !killed_where_it_waits(process, &dir.with_extension("reached")) {
                ended = true;
                break;
            }
            if dir.join(apply::STAGE).join("journal").exists() {
                torn(&dir, &new);
            }
            let found = apply::recover(&dir).expect("it can be brought to an end");
            let now = files(&dir);
            match found {
                apply::Recovered::Forward => {
                    forwards += 1;
                    assert!(now == new, "step {step}: {:?}", now.keys());
                }
                apply::Recovered::Back => {
                    backs += 1;
                    assert!(now == old, "step {step}: {:?}", now.keys());
                }
                apply::Recovered::Clean => assert!(now == old || now == new, "step {step}"),
            }
            assert!(!dir.join(apply::STAGE).exists());
            let again = apply::recover(&dir).expect("it was brought to an end");
            assert_eq!(again, apply::Recovered::Clean);
        }
        assert!(ended, "it never came to an end");
        assert!(backs >= 3 && forwards > 3, "{backs} {forwards}");
    }
}

/// A kill between two steps cuts a file anywhere: with the journal there, none of them matters.
fn torn(dir: &Path, new: &State) {
    for cut in [0, 3] {
        let copy = dir.with_extension("torn");
        let status = Command::new("cp").arg("-r").arg(dir).arg(&copy).status();
        assert!(status.is_ok_and(|status| status.success()));
        for (file, bytes) in new {
            let path = copy.join(file);
            if file != "api.toml" && path.exists() {
                fs::write(&path, &bytes[..cut]).expect("it is writable");
            }
        }
        let found = apply::recover(&copy).expect("it can be brought to an end");
        assert_eq!(found, apply::Recovered::Forward);
        assert!(files(&copy) == *new);
        fs::remove_dir_all(&copy).expect("it is there");
    }
}

#[test]
fn g1_a_journal_that_is_not_whole_is_never_carried_out() {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let dir = place.path().join("api");
    old_state(&dir);
    let old = files(&dir);
    let stopped = apply::write(&dir, &writing(0), None, &mut |step| match step {
        "journal named" => Err(io::Error::other("power")),
        _ => Ok(()),
    });
    assert!(stopped.is_err());
    let journal = dir.join(apply::STAGE).join("journal");
    let whole = fs::read(&journal).expect("it is there");
    for cut in 0..whole.len() {
        fs::write(&journal, &whole[..cut]).expect("it is writable");
        let problem = apply::recover(&dir).expect_err("it is not whole");
        assert_eq!(problem.code.0, "S1213", "cut at {cut}");
        let mut now = files(&dir);
        now.remove(".sync/journal");
        assert!(now == old, "cut at {cut}");
    }
    // One that was not given its name yet is dropped.
    fs::remove_file(&journal).expect("it is there");
    fs::write(journal.with_extension("new"), &whole[..whole.len() / 2]).expect("it is writable");
    let found = apply::recover(&dir).expect("it can be brought to an end");
    assert_eq!(found, apply::Recovered::Back);
    assert!(files(&dir) == old);
}

#[test]
fn g1_an_error_at_any_step_leaves_old_or_new() {
    for kind in [
        io::ErrorKind::StorageFull,
        io::ErrorKind::ReadOnlyFilesystem,
    ] {
        let place = tempfile::tempdir().expect("a temporary folder can be made");
        let (old, new) = states(place.path(), 0);
        let mut ended = false;
        for fail_at in 1..100 {
            let dir = place.path().join(format!("{fail_at}"));
            old_state(&dir);
            let mut step = 0;
            let written = apply::write(&dir, &writing(0), None, &mut |_| {
                step += 1;
                if step == fail_at {
                    Err(kind.into())
                } else {
                    Ok(())
                }
            });
            if written.is_ok() {
                assert!(fail_at > 8, "{fail_at}");
                ended = true;
                break;
            }
            apply::recover(&dir).expect("it can be brought to an end");
            let now = files(&dir);
            assert!(now == old || now == new, "step {fail_at}");
            assert!(!dir.join(apply::STAGE).exists());
        }
        assert!(ended);
    }
}

#[test]
fn g1_no_room_for_the_journal_leaves_the_old_state() {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    // Where the signal is ignored the limit is an error of writing; where it isn't, it kills.
    for (script, killed) in [
        ("trap '' XFSZ; ulimit -f 16; exec \"$@\"", false),
        ("ulimit -f 16; exec \"$@\"", true),
    ] {
        let dir = place.path().join(format!("{killed}"));
        old_state(&dir);
        let old = files(&dir);
        let limited = child("fills", &dir);
        let status = Command::new("sh")
            .args(["-c", script, "sh"])
            .arg(limited.get_program())
            .args(limited.get_args())
            .envs(limited.get_envs().filter_map(|(k, v)| Some((k, v?))))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("there is a shell");
        assert_eq!(status.success(), !killed, "{status}");
        assert_eq!(status.signal().is_some(), killed, "{status}");
        if killed {
            assert!(dir.join(apply::STAGE).exists(), "it was cut while writing");
            apply::recover(&dir).expect("it can be brought to an end");
        }
        assert!(files(&dir) == old);
        assert!(!dir.join(apply::STAGE).exists());
    }
}

/// A file system of its own over a folder, where this user may mount one.
struct Mounted(PathBuf);

impl Mounted {
    fn over(dir: &Path, options: &str) -> Option<Self> {
        Self::mount(&["-t", "tmpfs", "-o", options, "tmpfs"], dir)
    }

    /// The file system in an image, to which nothing is sent by the mere passing of time.
    #[cfg(target_os = "linux")]
    fn disk(image: &Path, dir: &Path) -> Option<Self> {
        Self::mount(&["-o", "loop,commit=600", image.to_str()?], dir)
    }

    fn mount(args: &[&str], dir: &Path) -> Option<Self> {
        let status = Command::new("mount")
            .args(args)
            .arg(dir)
            .stderr(Stdio::null())
            .status();
        status
            .is_ok_and(|status: ExitStatus| status.success())
            .then(|| Self(dir.to_owned()))
    }

    fn read_only(&self) {
        let status = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(&self.0)
            .status();
        assert!(status.is_ok_and(|status| status.success()));
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // A process that another test just starts holds everything for a moment.
        for _ in 0..100 {
            let status = Command::new("umount")
                .arg(&self.0)
                .stderr(Stdio::null())
                .status();
            if status.is_ok_and(|status| status.success()) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn g1_a_full_disk_leaves_the_old_state() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let Some(_mounted) = Mounted::over(dir.path(), "size=64k") else {
        eprintln!("skipped: a small file system can't be mounted here");
        return;
    };
    old_state(dir.path());
    let old = files(dir.path());
    let mut big = writing(0);
    big.files[0].1 = vec![b'x'; 1 << 20];
    let written = apply::write(dir.path(), &big, None, &mut |_| Ok(()));
    assert!(written.is_err());
    assert!(files(dir.path()) == old);
    assert!(!dir.path().join(apply::STAGE).exists());
    // The journal fits beside the old state, the new state does not: the next run finishes it,
    // once there is room.
    let mut long = writing(0);
    long.files[0].1 = vec![b'x'; 36 << 10];
    let written = apply::write(dir.path(), &long, None, &mut |_| Ok(()));
    let said = written.expect_err("there is no room for it twice");
    assert_eq!(
        said.note.as_deref(),
        Some("everything is staged; the next run finishes it")
    );
    assert!(apply::is_interrupted(dir.path()));
    assert!(apply::recover(dir.path()).is_err(), "still no room");
    assert!(apply::is_interrupted(dir.path()));
    let room = Command::new("mount")
        .args(["-o", "remount,size=1m"])
        .arg(dir.path())
        .status();
    assert!(room.is_ok_and(|status| status.success()));
    let found = apply::recover(dir.path()).expect("there is room");
    assert_eq!(found, apply::Recovered::Forward);
    let page = fs::read(dir.path().join("pages/a.md")).expect("it is there");
    assert_eq!(page.len(), 36 << 10);
}

#[test]
fn g1_a_read_only_folder_is_said_and_can_still_be_checked() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit(LIST, "maximum: 100", "maximum: 50");
    let old = world.files();
    let path = world.path();
    // The super-user writes through permissions, so there it takes a file system.
    let mounted = Mounted::over(&path, "size=1m");
    if let Some(mounted) = &mounted {
        for (file, bytes) in &old {
            let target = path.join(file);
            fs::create_dir_all(target.parent().expect("it has a folder")).expect("it is writable");
            fs::write(target, bytes).expect("it is writable");
        }
        mounted.read_only();
    } else {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o555)).expect("it is ours");
        if fs::write(path.join("probe"), "").is_ok() {
            eprintln!("skipped: nothing is read-only for this user");
            return;
        }
    }
    must_say(&world.expect(Exit::Failed), "S1213", ".sync");
    world.options.check = true;
    assert_eq!(world.expect(Exit::Drift).status, Status::Drift);
    world.options.check = false;
    world.options.dry_run = true;
    assert_eq!(world.expect(Exit::Done).status, Status::WouldWrite);
    assert!(world.files() == old);
    drop(mounted);
    let _ = fs::set_permissions(&path, fs::Permissions::from_mode(0o755));
}

#[test]
fn g1_the_whole_command_killed_at_any_time_leaves_old_or_new() {
    // A few files, and so many that they are written before the journal has its name.
    for pages in [0, 30] {
        let server = petshop();
        let world = World::synced(&server);
        let old = world.files();
        server.edit(LIST, "maximum: 100", "maximum: 50");
        server.edit(ORDER, "maxLength: 1600", "maxLength: 1000");
        if pages > 0 {
            many(&server, pages);
        }
        world.run();
        let new = world.files();
        assert!(new != old && new.contains_key(changes_file::FILE));
        killed_at_any_time(&old, &new);
    }
}

fn killed_at_any_time(old: &State, new: &State) {
    let (mut killed, mut done) = (0, 0);
    for wait in (0..60).step_by(3) {
        let place = tempfile::tempdir().expect("a temporary folder can be made");
        let dir = place.path().join("petshop");
        put(&dir, old);
        let mut process = child("syncs", place.path())
            .spawn()
            .expect("a test can be started");
        thread::sleep(Duration::from_millis(wait));
        let _ = process.kill();
        let status = process.wait().expect("it was started");
        if status.signal() == Some(SIGKILL) {
            killed += 1;
        } else {
            assert!(status.success(), "{status}");
            done += 1;
        }
        apply::recover(&dir).expect("it can be brought to an end");
        let now = files(&dir);
        assert!(
            now == *old || now == *new,
            "after {wait} ms: {:?}",
            now.keys()
        );
        // And whoever comes next ends in the new one, draft of the changelog included.
        assert_eq!(
            run(&options(place.path()), &Unknown, &Silent).exit(),
            Exit::Done
        );
        assert!(files(&dir) == *new);
    }
    assert!(killed > 0, "{killed} were killed, {done} were faster");
}

fn put(dir: &Path, state: &State) {
    for (file, bytes) in state {
        let path = dir.join(file);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it is writable");
        fs::write(path, bytes).expect("it is writable");
    }
}

#[test]
fn g1_an_interrupted_sync_is_finished_by_the_next_one() {
    let server = petshop();
    let mut world = World::synced(&server);
    let new = apply::Writing {
        files: vec![("pages/extra.md".to_owned(), b"# Extra\n".to_vec())],
        removed: Vec::new(),
    };
    let stopped = apply::write(&world.path(), &new, None, &mut |step| match step {
        "journal named" => Err(io::Error::other("power")),
        _ => Ok(()),
    });
    assert!(stopped.is_err() && apply::is_interrupted(&world.path()));
    // Whoever builds from the pages stops, with the command that helps.
    let mut diags = specmint_spec::diag::Diagnostics::default();
    let _ = specmint_spec::source::read(&world.path(), &mut diags);
    let said = diags.iter().find(|d| d.fatal).and_then(|d| d.help.clone());
    assert!(said.is_some_and(|help| help.contains("sync-specs petshop --offline")));
    world.options.check = true;
    must_say(&world.expect(Exit::Failed), "S1211", "interrupted");
    world.options.check = false;
    let report = world.run().reports.remove(0);
    must_say(&report, "S1211", "finished");
    assert!(world.path().join("pages/extra.md").exists());
}

#[test]
fn g1_what_was_prepared_and_is_not_wanted_goes() {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let dir = place.path().join("acme");
    old_state(&dir);
    let old = files(&dir);
    drop(prepared(&dir, &writing(40), true));
    assert!(files(&dir) == old && !dir.join(apply::STAGE).exists());
    // A change that is refused prepared its pages as well.
    let server = petshop();
    many(&server, 40);
    let mut world = World::synced(&server);
    let old = world.files();
    server.edit_all("https://api.petshop.test", "https://api.pets.example");
    world.expect(Exit::Refused);
    assert!(world.files() == old && !world.path().join(apply::STAGE).exists());
}

#[test]
fn g1_the_draft_of_the_changelog_is_repeatable() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit(LIST, "maximum: 100", "maximum: 50");
    let report = world.expect(Exit::Done);
    let once = world.file("CHANGES.md");
    assert!(once.contains(&report.changes[0].change.id));
    assert_eq!(
        changes_file::draft(&world.path(), &report).expect("it can be read"),
        None
    );
    // A change that comes again after a release is news again.
    world.write("CHANGES.md", &once.replace("## Unreleased", "## 0.7.0"));
    let again = changes_file::draft(&world.path(), &report)
        .expect("it can be read")
        .expect("it is new");
    assert_eq!(again.matches(&report.changes[0].change.id).count(), 2);
    assert!(again.find("## Unreleased") < again.find("## 0.7.0"));
}

#[test]
fn g1_the_draft_of_the_changelog_is_written_with_the_rest_or_not_at_all() {
    let server = petshop();
    let mut world = World::synced(&server);
    server.edit(LIST, "maximum: 100", "maximum: 50");
    // Neither before the rest…
    let lock = world.path().join("specs.lock");
    let elsewhere = world.path().join("api.lock");
    fs::rename(&lock, &elsewhere).expect("it is there");
    std::os::unix::fs::symlink(&elsewhere, &lock).expect("links can be made");
    let before = world.files();
    must_say(&world.expect(Exit::Failed), "S1213", "symbolic link");
    assert!(world.files() == before);
    fs::rename(&elsewhere, &lock).expect("it is there");
    // … nor after it.
    fs::create_dir(world.path().join(changes_file::FILE)).expect("it is writable");
    let before = world.files();
    must_say(&world.expect(Exit::Failed), "S1213", changes_file::FILE);
    assert!(world.files() == before);
}
