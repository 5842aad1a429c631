//! Power that fails: what the disk holds at each step, without anything that was still in memory.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use specmint_sync::apply;

use super::{Mounted, files, old_state, prepared, states, writing};

/// A disk of a few megabytes in a file; none where the tool for it is missing.
fn disk(image: &Path) -> Option<()> {
    let file = fs::File::create(image).expect("it is writable");
    file.set_len(8 << 20).expect("there is room");
    let made = Command::new("mkfs.ext4")
        .args(["-q", "-E", "lazy_itable_init=0,lazy_journal_init=0"])
        .arg(image)
        .stderr(Stdio::null())
        .status();
    made.is_ok_and(|status| status.success()).then_some(())
}

#[test]
fn g1_power_that_fails_at_any_step_leaves_old_or_new() {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let [image, cut, at] = ["disk", "cut", "at"].map(|name| place.path().join(name));
    fs::create_dir(&at).expect("it is writable");
    for (pages, early) in [(0, false), (40, false), (40, true)] {
        let (old, new) = states(&place.path().join(format!("{pages} {early}")), pages);
        let mounted = disk(&image).and_then(|()| Mounted::disk(&image, &at));
        let Some(mounted) = mounted else {
            eprintln!("skipped: a disk can't be made or mounted here");
            return;
        };
        let dir = at.join("api");
        old_state(&dir);
        let synced = Command::new("sync").arg("-f").arg(&dir).status();
        assert!(synced.is_ok_and(|status| status.success()));
        // A disk holds what was sent to it and nothing else: that is what the image has by then.
        let mut cuts = 0;
        let mut pull = || {
            cuts += 1;
            fs::copy(&image, cut.with_extension(cuts.to_string())).map(|_| ())
        };
        let ready = prepared(&dir, &writing(pages), early);
        apply::write(&dir, &writing(pages), ready, &mut |_| pull()).expect("nothing stops it");
        pull().expect("there is room");
        drop(mounted);
        let (mut backs, mut forwards) = (0, 0);
        for step in 1..=cuts {
            let image = cut.with_extension(step.to_string());
            let mounted = Mounted::disk(&image, &at).expect("the other one could be mounted");
            match apply::recover(&dir).expect("it can be brought to an end") {
                apply::Recovered::Forward => forwards += 1,
                apply::Recovered::Back => backs += 1,
                apply::Recovered::Clean => {}
            }
            let now = files(&dir);
            let is_last = step == cuts;
            assert!(
                now == new || (now == old && forwards == 0 && !is_last),
                "step {step} of {cuts}, {pages} pages, prepared: {early}: {:?}",
                now.keys()
            );
            drop(mounted);
            fs::remove_file(&image).expect("it is there");
        }
        assert!(cuts > 8 && forwards > 3, "{cuts} {backs} {forwards}");
    }
}
