use std::time::{Duration, Instant};

use super::pending::Pending;
use super::{ChangeBatch, is_noise};
use crate::files::SourcePath;

fn paths(batch: Option<ChangeBatch>) -> Vec<String> {
    match batch {
        Some(ChangeBatch::Paths(paths)) => paths.iter().map(SourcePath::to_string).collect(),
        Some(ChangeBatch::Everything) => vec!["*".to_owned()],
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
        ".git/index",
    ] {
        assert!(is_noise(&noise.into()), "{noise}");
    }
    for real in ["docs/a.md", "docs/.meta.yml", "docs/gitignore.md"] {
        assert!(!is_noise(&real.into()), "{real}");
    }
}
