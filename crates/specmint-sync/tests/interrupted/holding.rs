//! Two syncs at once: one of them waits for another time.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

#[test]
fn g1_two_syncs_of_one_api_exclude_each_other() {
    let server = petshop();
    let mut world = World::synced(&server);
    let held = apply::hold(&world.path()).expect("nobody else has it");
    must_say(&world.expect(Exit::Failed), "S1210", "another sync");
    assert!(server.requests().is_empty());
    drop(held);
    world.expect(Exit::Done);
}

#[test]
fn g1_one_at_a_time_holds_an_api_and_nothing_is_left_of_it() {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let dir = place.path().join("acme");
    fs::create_dir(&dir).expect("it is new");
    // What a process that was killed left holds nobody up.
    fs::write(place.path().join(".acme.sync.lock"), "").expect("it is writable");
    let holders = AtomicUsize::new(0);
    let held = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..500 {
                    let Ok(api) = apply::hold(&dir) else {
                        continue;
                    };
                    assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                    held.fetch_add(1, Ordering::SeqCst);
                    thread::yield_now();
                    holders.fetch_sub(1, Ordering::SeqCst);
                    drop(api);
                }
            });
        }
    });
    assert!(held.into_inner() > 1);
    let left = fs::read_dir(place.path()).expect("it is there").flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    assert_eq!(
        left,
        ["acme"],
        "a lock stays neither in the folder nor beside it"
    );
    assert_eq!(fs::read_dir(&dir).expect("it is there").count(), 0);
}

#[test]
fn g1_two_processes_at_once_end_in_one_state() {
    let server = petshop();
    let mut world = World::new(&server);
    server.delay(Duration::from_millis(20));
    let runs: Vec<Child> = (0..2)
        .map(|_| {
            child("syncs", &world.options.specs)
                .spawn()
                .expect("a test can be started")
        })
        .collect();
    let ended: Vec<bool> = runs
        .into_iter()
        .map(|mut run| run.wait().expect("it was started").success())
        .collect();
    assert!(ended.contains(&true), "{ended:?}");
    // What one of them fetched is all that was asked for, unless they came one after the other.
    let fetched = server.count(LIST);
    assert!(
        fetched == ended.iter().filter(|done| **done).count(),
        "{fetched}"
    );
    server.delay(Duration::ZERO);
    assert_eq!(world.expect(Exit::Done).status, Status::UpToDate);
}
