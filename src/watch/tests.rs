use std::time::{Duration, Instant};

use super::ignored_files::is_noise;
use super::pending::Pending;
use super::{ChangeBatch, Watcher};
use crate::files::{Disk, SourcePath};

fn paths(batch: Option<ChangeBatch>) -> Vec<String> {
    match batch {
        Some(ChangeBatch::Paths(paths)) => paths.iter().map(SourcePath::to_string).collect(),
        Some(ChangeBatch::Everything) => vec!["*".to_owned()],
        Some(ChangeBatch::Time) => unreachable!("the watch knows no time"),
        None => Vec::new(),
    }
}

#[test]
fn a_finished_save_does_not_wait_for_one_that_goes_on() {
    let mut pending = Pending::default();
    let start = Instant::now();
    let at = |milliseconds| start + Duration::from_millis(milliseconds);
    pending.unfinished("docs/slow.md".into(), at(0));
    pending.finished("docs/quick.md".into(), at(1));
    assert_eq!(paths(pending.due(at(2))), Vec::<String>::new());
    assert_eq!(paths(pending.due(at(3))), ["docs/quick.md"]);
    pending.unfinished("docs/slow.md".into(), at(20));
    assert_eq!(paths(pending.due(at(30))), Vec::<String>::new());
    pending.finished("docs/slow.md".into(), at(31));
    assert_eq!(paths(pending.due(at(33))), ["docs/slow.md"]);
    assert_eq!(pending.next(), None);
}

#[test]
fn lost_changes_stand_for_all() {
    let mut pending = Pending::default();
    let start = Instant::now();
    pending.finished("docs/a.md".into(), start);
    pending.everything(start);
    assert_eq!(paths(pending.due(start + Duration::from_secs(1))), ["*"]);
    assert_eq!(pending.next(), None);
}

#[test]
fn leavings_of_editors_are_no_changes() {
    for noise in [
        "docs/.a.md.swp",
        "docs/a.md~",
        "docs/4913",
        "docs/.#a.md",
        "docs/#a.md#",
        "docs/.a.md.swo",
        "docs/a.md___jb_tmp___",
        "docs/.goutputstream-ABC123",
        "docs/sedAbC12x",
        "docs/.DS_Store",
        ".git/index",
        ".git/HEAD.lock",
        ".git/objects/ab/cd",
        "web/node_modules/x/README.md",
        "../.proofroom-marker-1-0/marker",
    ] {
        assert!(is_noise(&noise.into()), "{noise}");
    }
    for real in [
        "docs/a.md",
        "docs/.meta.yml",
        "docs/gitignore.md",
        "docs/#.md",
        "docs/sed.md",
        ".git/HEAD",
        ".git/refs/heads/main",
    ] {
        assert!(!is_noise(&real.into()), "{real}");
    }
}

#[test]
fn what_is_gone_may_come_back() {
    let mut pending = Pending::default();
    let start = Instant::now();
    let at = |milliseconds| start + Duration::from_millis(milliseconds);
    pending.gone("docs/a.md".into(), at(0));
    pending.gone("docs/b.md".into(), at(0));
    assert_eq!(paths(pending.due(at(30))), Vec::<String>::new());
    pending.finished("docs/a.md".into(), at(50));
    assert_eq!(paths(pending.due(at(52))), ["docs/a.md"]);
    assert_eq!(paths(pending.due(at(60))), ["docs/b.md"]);
    assert_eq!(pending.next(), None);
}

#[test]
fn a_crowd_is_reported_when_it_is_over() {
    let mut pending = Pending::default();
    let start = Instant::now();
    let at = |milliseconds| start + Duration::from_millis(milliseconds);
    for number in 0..500 {
        pending.finished(format!("docs/{number}.md").as_str().into(), at(number));
        // Of the first few nobody can know that more will come.
        let reported = paths(pending.due(at(number)));
        assert!(reported.len() < 4, "{number}: {reported:?}");
    }
    assert_eq!(paths(pending.due(at(530))), Vec::<String>::new());
    let next = pending.next().expect("something waits");
    let rest = paths(pending.due(next));
    assert!(rest.len() > 490, "{}", rest.len());
    assert_eq!(pending.next(), None);
}

#[test]
fn a_crowd_without_end_is_reported_in_parts() {
    let mut pending = Pending::default();
    let start = Instant::now();
    let at = |milliseconds| start + Duration::from_millis(milliseconds);
    let mut batches = 0;
    for number in 0..5000 {
        pending.finished(format!("docs/{number}.md").as_str().into(), at(number));
        batches += usize::from(paths(pending.due(at(number))).len() > 100);
    }
    assert_eq!(batches, 2);
}

#[test]
fn a_folder_that_came_is_looked_at_again() {
    let mut pending = Pending::default();
    let start = Instant::now();
    pending.again("docs/sub".into(), start);
    let mut times = 0;
    while let Some(next) = pending.next() {
        assert_eq!(paths(pending.due(next)), ["docs/sub"]);
        times += 1;
    }
    assert_eq!(times, 2);
}

#[test]
fn a_file_that_is_saved_again_and_again_is_no_crowd() {
    let mut pending = Pending::default();
    let start = Instant::now();
    let at = |milliseconds| start + Duration::from_millis(milliseconds);
    for save in 0..100 {
        pending.finished("docs/a.md".into(), at(save * 5));
        assert_eq!(paths(pending.due(at(save * 5 + 2))), ["docs/a.md"]);
    }
}

#[test]
fn batches_in_one_name_each_path_once() {
    let one = |path: &str| ChangeBatch::Paths(vec![path.into()]);
    let all = one("b.md").and(one("a.md")).and(one("b.md"));
    assert_eq!(paths(Some(all)), ["a.md", "b.md"]);
    assert_eq!(paths(Some(one("a.md").and(ChangeBatch::Everything))), ["*"]);
}

#[test]
fn what_is_mounted_over_a_folder_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("it is there");
    let docs = root.join("docs");
    std::fs::create_dir(&docs).expect("a folder");
    let list = root.join("mountinfo");
    let plain = "22 1 0:21 / / rw - ext4 /dev/a rw\n";
    std::fs::write(&list, plain).expect("written");
    let (sender, batches) = std::sync::mpsc::channel();
    let report = move |batch| drop(sender.send(batch));
    let watcher = Watcher::with_mounts(
        Disk::new(&root).expect("a root"),
        false,
        list.clone(),
        report,
    );
    let mut watcher = watcher.expect("a watch");
    watcher.set(&[("docs".into(), true)].into());
    assert!(!watcher.is_stale());
    let mounted = format!("{plain}99 22 0:50 / {} rw - tmpfs x rw\n", docs.display());
    for list_now in [mounted.as_str(), plain] {
        // Exchanged, so that no half of it is read.
        let beside = root.join("beside");
        std::fs::write(&beside, list_now).expect("written");
        std::fs::rename(&beside, &list).expect("renamed");
        let batch = batches.recv_timeout(Duration::from_secs(30));
        assert_eq!(batch, Ok(ChangeBatch::Everything));
        assert!(watcher.is_stale());
        watcher.set(&[("docs".into(), true)].into());
    }
}
