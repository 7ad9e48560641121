use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::{FORGET_AFTER, Listener, Watch, Workspace};
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Memory, NoHistory, Overlay, SourcePath, System};
use crate::session::{Revision, Sites};
use crate::site::{Db as _, Invocation, queries};
use crate::watch::{ChangeBatch, Watcher};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a listener heard.
#[derive(Debug, PartialEq)]
enum Heard {
    /// Before a batch: the title of the home page then.
    Will(String),
    Changed(Revision, ChangeBatch),
    Settled,
    /// The rules of all that is wrong.
    LookedOver(Vec<&'static str>),
}

/// Tells a test what it hears, and lets it hold the thread that writes.
struct Ear {
    sites: Arc<Sites>,
    heard: Sender<Heard>,
    /// Each change waits for one of these, where a test holds the other end.
    holds: Mutex<Option<Receiver<()>>>,
}

impl Ear {
    fn tell(&self, heard: Heard) {
        // A test that has ended hears no more.
        let _ = self.heard.send(heard);
    }
}

fn title(sites: &Sites) -> String {
    let page = SourcePath::new("docs/index.md");
    let (_, title) = sites
        .main()
        .ask(|db| queries::meta(db, db.entry(&page)).title.clone());
    title
}

impl Listener for Ear {
    fn will_change(&self, _: &ChangeBatch) {
        self.tell(Heard::Will(title(&self.sites)));
        if let Some(holds) = &*self.holds.lock() {
            // Until the test lets go.
            let _ = holds.recv();
        }
    }

    fn changed(&self, revision: Revision, batch: &ChangeBatch) {
        self.tell(Heard::Changed(revision, batch.clone()));
    }

    fn settled(&self) {
        self.tell(Heard::Settled);
    }

    fn checked(&self, diagnostics: Vec<Diagnostic>) {
        let rules = diagnostics.iter().map(|it| it.rule.name());
        self.tell(Heard::LookedOver(rules.collect()));
    }
}

/// A workspace at work, and what its listener hears.
struct Bench {
    workspace: Arc<Workspace>,
    heard: Receiver<Heard>,
}

impl Bench {
    fn new(system: Arc<dyn System>, holds: Option<Receiver<()>>, disk: Option<Disk>) -> Self {
        let call = Invocation {
            folder_name: "example".to_owned(),
            ..Invocation::default()
        };
        let sites = Arc::new(Sites::new(system, Arc::new(NoHistory), call));
        let (workspace, work) = Workspace::new(sites.clone());
        let watch = disk.map(|disk| {
            let told = Arc::downgrade(&workspace);
            let report = move |batch| {
                if let Some(workspace) = told.upgrade() {
                    workspace.change(batch);
                }
            };
            let watcher = Watcher::new(disk, false, report).expect("threads");
            Watch::new(watcher, Vec::new())
        });
        let (tells, heard) = channel();
        let ear = Ear {
            sites,
            heard: tells,
            holds: Mutex::new(holds),
        };
        work.begin(watch, Arc::new(ear)).expect("threads").wait();
        Self { workspace, heard }
    }

    fn hear(&self) -> Heard {
        self.heard.recv_timeout(PATIENCE).expect("it is heard")
    }

    /// The next of those that this wants, others passed over.
    fn find(&self, wanted: impl Fn(&Heard) -> bool) -> Heard {
        loop {
            let heard = self.hear();
            if wanted(&heard) {
                return heard;
            }
        }
    }

    fn changed(&self) -> (Revision, ChangeBatch) {
        match self.find(|heard| matches!(heard, Heard::Changed(..))) {
            Heard::Changed(revision, batch) => (revision, batch),
            other => unreachable!("{other:?}"),
        }
    }
}

fn batch(paths: &[&str]) -> ChangeBatch {
    ChangeBatch::Paths(paths.iter().map(SourcePath::new).collect())
}

fn site() -> Memory {
    Memory::new([
        ("mkdocs.yml", "site_name: Example\n"),
        ("docs/index.md", "# One\n\n[gone](gone.md)\n"),
    ])
}

#[test]
fn changes_become_revisions_and_the_whole_is_checked() {
    let files = site();
    let bench = Bench::new(Arc::new(files.clone()), None, None);
    assert_eq!(bench.hear(), Heard::LookedOver(vec!["missing-page"]));
    files.write(&"docs/index.md".into(), "# Two\n");
    bench.workspace.change(batch(&["docs/index.md"]));
    // What was there can be asked for until the batch is applied.
    assert_eq!(bench.hear(), Heard::Will("One".to_owned()));
    assert_eq!(bench.hear(), Heard::Changed(1, batch(&["docs/index.md"])));
    assert_eq!(title(bench.workspace.sites()), "Two");
    assert_eq!(bench.hear(), Heard::LookedOver(Vec::new()));
    files.write(&"docs/index.md".into(), "# Three\n");
    bench.workspace.change(ChangeBatch::Everything);
    assert_eq!(bench.changed(), (2, ChangeBatch::Everything));
    assert_eq!(title(bench.workspace.sites()), "Three");
}

/// Results are only forgotten between revisions. A reader who goes through the whole site
/// without a change must not fill the memory.
#[test]
fn pages_that_were_looked_at_are_forgotten_without_a_change() {
    let files = site();
    let pages: Vec<SourcePath> = (0..200)
        .map(|nth| SourcePath::new(format!("docs/{nth}.md")))
        .collect();
    for page in &pages {
        files.write(page, "# Page\n");
    }
    let bench = Bench::new(Arc::new(files), None, None);
    bench.find(|heard| matches!(heard, Heard::LookedOver(_)));
    let looks = |page: &SourcePath| {
        let _question = bench.workspace.question();
        let session = bench.workspace.sites().main();
        let (_, body) = session.ask(|db| queries::content(db, db.entry(page)));
        Arc::downgrade(&body)
    };
    let first = looks(&pages[0]);
    let others = pages[1..].iter().cycle().take(FORGET_AFTER);
    for page in others {
        looks(page);
    }
    let end = Instant::now() + PATIENCE;
    while first.strong_count() > 0 {
        assert!(Instant::now() < end, "it is still held");
        std::thread::yield_now();
    }
}

#[test]
fn what_comes_together_is_one_revision() {
    let (lets_go, holds) = channel();
    let bench = Bench::new(Arc::new(site()), Some(holds), None);
    let is_change = |heard: &Heard| matches!(heard, Heard::Will(_));
    bench.workspace.change(batch(&["a"]));
    bench.find(is_change);
    for path in ["c", "b", "c"] {
        bench.workspace.change(batch(&[path]));
    }
    lets_go.send(()).expect("it is waited for");
    assert_eq!(bench.changed(), (1, batch(&["a"])));
    lets_go.send(()).expect("it is waited for");
    assert_eq!(bench.changed(), (2, batch(&["b", "c"])));
}

#[test]
fn who_waits_hears_once_it_is_quiet() {
    let (lets_go, holds) = channel();
    let bench = Bench::new(Arc::new(site()), Some(holds), None);
    bench.workspace.wait_until_settled();
    bench.find(|heard| *heard == Heard::Settled);
    // Not where a change came with it: who still waits says so again.
    bench.workspace.change(batch(&["a"]));
    bench.find(|heard| matches!(heard, Heard::Will(_)));
    bench.workspace.wait_until_settled();
    bench.workspace.change(batch(&["b"]));
    drop(lets_go);
    assert_eq!(bench.changed(), (1, batch(&["a"])));
    assert_eq!(bench.changed(), (2, batch(&["b"])));
    bench.find(|heard| matches!(heard, Heard::LookedOver(_)));
    assert_eq!(
        bench.heard.try_iter().find(|it| *it == Heard::Settled),
        None
    );
    bench.workspace.wait_until_settled();
    bench.find(|heard| *heard == Heard::Settled);
}

#[test]
fn texts_that_are_not_saved_change_it_too() {
    let overlay = Overlay::new(Arc::new(site()));
    let bench = Bench::new(Arc::new(overlay.clone()), None, None);
    let home = SourcePath::new("docs/index.md");
    let changed = overlay.set(&home, "# Typed\n");
    bench.workspace.change(ChangeBatch::Paths(changed));
    bench.changed();
    assert_eq!(title(bench.workspace.sites()), "Typed");
    let changed = overlay.clear(&home).into_iter().collect();
    bench.workspace.change(ChangeBatch::Paths(changed));
    bench.changed();
    assert_eq!(title(bench.workspace.sites()), "One");
}

#[test]
fn what_is_saved_is_noticed_wherever_it_was_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("written");
    };
    write("mkdocs.yml", "site_name: Example\n");
    write("docs/index.md", "# One\n");
    let disk = Disk::new(folder.path()).expect("a project");
    let bench = Bench::new(Arc::new(disk.clone()), None, Some(disk));
    write("docs/index.md", "# Two\n");
    while title(bench.workspace.sites()) != "Two" {
        bench.changed();
    }
    // What is read later lies elsewhere and is watched from then on.
    let later = SourcePath::new("notes/later.md");
    let read = || {
        let sites = bench.workspace.sites();
        sites
            .main()
            .ask(|db| queries::text(db, db.entry(&later)).readable())
            .1
    };
    assert_eq!(read(), None);
    bench.workspace.has_read();
    write("notes/later.md", "later");
    while read().as_deref() != Some("later") {
        bench.changed();
    }
}

#[test]
fn the_work_ends_with_the_workspace() {
    let bench = Bench::new(Arc::new(site()), None, None);
    drop(bench.workspace);
    loop {
        match bench.heard.recv_timeout(PATIENCE) {
            Ok(_) => {}
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => panic!("a thread goes on"),
        }
    }
}
