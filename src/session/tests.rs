//! Sites that look into each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::related_sites::{LazySession, RelatedSites};
use super::{Session, Sites};
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::{Memory, NoHistory, SourcePath, System};
use crate::site::{Db as _, Invocation, OtherSite, queries};
use crate::watch::ChangeBatch;

const SITE: [(&str, &str); 5] = [
    (
        "proofroom.toml",
        "site_name = \"Example\"\n[languages]\neach = { docs = \"i18n/{lang}\", source_anchors = false }\nen = { docs = \"docs\" }\nhe = {}\n",
    ),
    ("docs/index.md", "# Home\n\n## Start\n\nOne.\n"),
    ("docs/a.md", "# A\n\nTwo.\n"),
    (
        "i18n/he/index.md",
        "# בית\n\n## התחלה {#hathala}\n\n[there](#start)\n",
    ),
    ("i18n/he/a.md", "# א\n\nשתיים.\n"),
];

fn call(language: Option<&str>) -> Invocation {
    Invocation {
        language: language.map(str::to_owned),
        folder_name: "example".to_owned(),
        ..Invocation::default()
    }
}

/// A translation beside its original, and how often each query of the
/// translation ran.
struct Pair {
    files: Memory,
    original: Arc<Session>,
    translation: Session,
    ran: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Pair {
    fn new() -> Self {
        let files = Memory::new(SITE);
        let system: Arc<dyn System> = Arc::new(files.clone());
        let original = Arc::new(Session::new(system.clone(), call(None)));
        let ran: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        let observer = {
            let ran = ran.clone();
            move |query: &str| {
                let name = query.split('(').next().unwrap_or_default();
                let mut ran = ran.lock();
                *ran.entry(name.to_owned()).or_default() += 1;
            }
        };
        let neighbours = RelatedSites {
            original: Some(Arc::new(LazySession::new({
                let original = original.clone();
                move || original.clone()
            }))),
            base: None,
            sources: Arc::default(),
        };
        let translation = Session::observed(system, call(Some("he")), Some(Box::new(observer)));
        Self {
            files,
            original,
            translation: translation.with_other_sites(Arc::new(neighbours)),
            ran,
        }
    }

    /// All that is wrong with the translation, and the names of the queries
    /// that ran for it.
    fn look(&self) -> (Vec<Diagnostic>, BTreeMap<String, usize>) {
        self.ran.lock().clear();
        let (_, found) = self.translation.ask(|db| {
            for page in &queries::files(db).pages {
                queries::body(db, db.entry(&page.source));
            }
            queries::all_diagnostics(db)
        });
        let mut ran = self.ran.lock().clone();
        // Reading the disk again does not count as work on what was read.
        for reading in ["kind", "listing", "stamp", "symbolic_links", "text"] {
            ran.remove(reading);
        }
        (found, ran)
    }

    fn write(&self, path: &str, text: &str) {
        let path = SourcePath::new(path);
        self.files.write(&path, text);
        let batch = ChangeBatch::Paths(vec![path]);
        self.original.apply(batch.clone());
        self.translation.apply(batch);
    }
}

fn helps(found: &[Diagnostic]) -> Vec<&str> {
    let anchors = found.iter().filter(|it| it.rule.name() == "missing-anchor");
    anchors.filter_map(|it| it.help.as_deref()).collect()
}

#[test]
fn a_dead_anchor_of_the_original_leads_to_the_translated_heading() {
    let pair = Pair::new();
    let expected = "did you mean `#hathala`? `#start` is that heading's id in `en`";
    assert_eq!(helps(&pair.look().0), [expected]);
    // The original says it otherwise now: nobody can tell any more.
    pair.write("docs/index.md", "# Home\n\n### Start\n\nOne.\n");
    let (found, _) = pair.look();
    assert_ne!(helps(&found), [expected]);
    assert_eq!(helps(&found).len(), 1);
}

#[test]
fn a_page_in_place_of_a_translation_means_the_original() {
    let pair = Pair::new();
    pair.write("docs/b.md", "# B\n\n[there](index.md#start)\n");
    let (found, _) = pair.look();
    let b: Vec<_> = found
        .iter()
        .filter(|it| {
            it.span
                .as_ref()
                .is_some_and(|span| span.path.name() == "b.md")
        })
        .collect();
    assert_eq!(b.len(), 1, "{found:#?}");
    let help = b[0].help.as_deref().unwrap_or_default();
    assert!(!help.contains("hathala"), "{help}");
}

#[test]
fn an_edit_of_the_original_runs_what_reads_it_and_nothing_else() {
    let pair = Pair::new();
    pair.look();
    // Nobody has looked at this page.
    pair.write("docs/a.md", "# A, and more\n\nTwo.\n");
    let (_, ran) = pair.look();
    let names: Vec<&str> = ran.keys().map(String::as_str).collect();
    // What it says of the translation is found anew, and nothing that is made from that.
    assert_eq!(names, ["from_source", "imported", "mark_faults"]);
    // This one is looked at by what is said of one page.
    pair.write("docs/index.md", "# Home\n\n## Start\n\nAnother.\n");
    let (_, ran) = pair.look();
    let ran: Vec<(&str, usize)> = ran
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .collect();
    let expected = ["from_source", "imported", "mark_faults", "page_diagnostics"];
    assert_eq!(ran, expected.map(|name| (name, 1)));
    // And nothing runs where nothing changed.
    pair.write("docs/index.md", "# Home\n\n## Start\n\nAnother.\n");
    let (_, ran) = pair.look();
    assert_eq!(ran.get("page_diagnostics"), None, "{ran:?}");
}

#[test]
fn a_language_alone_says_what_it_says_beside_others() {
    let of = |language: Option<&str>| {
        let files: Arc<dyn System> = Arc::new(Memory::new(SITE));
        let sites = Sites::new(files, Arc::new(NoHistory), call(language));
        let addresses = sites.addresses();
        // The answers are in the order of the editions.
        let found = sites.ask_each(&addresses.editions, 2, |edition, session| {
            let found = session.ask(|db| queries::all_diagnostics(db)).1;
            (edition.language.clone(), found)
        });
        let of_editions = addresses.editions.iter();
        let of_editions = of_editions.map(|edition| edition.language.clone());
        let order = found.iter().map(|(language, _)| language.clone());
        assert!(order.eq(of_editions), "{found:?}");
        let mut found = found.into_iter();
        let of_he = found.find(|(language, _)| language.as_deref() == Some("he"));
        of_he.expect("a site").1
    };
    let beside = of(None);
    assert_eq!(beside, of(Some("he")));
    assert_eq!(helps(&beside).len(), 1);
}

#[test]
fn a_site_looks_at_its_pages_as_they_were() {
    let base: Arc<dyn System> = Arc::new(Memory::new(SITE));
    let now = Memory::new(SITE);
    now.write(&"docs/a.md".into(), "# A\n\n## Later\n");
    let sites = Sites::new(Arc::new(now), Arc::new(NoHistory), call(None)).with_base(base);
    let outline =
        |db: &crate::site::Database| queries::outline_elsewhere(db, OtherSite::Base, "a.md");
    let (_, then) = sites.main().ask(outline);
    let (_, now) = sites.main().ask(|db| queries::outline_at(db, "a.md"));
    let titles = |outline: Option<Arc<crate::markdown::Outline>>| -> Vec<String> {
        let outline = outline.expect("a page");
        outline.headings.iter().map(|it| it.title.clone()).collect()
    };
    assert_eq!(titles(then), ["A"]);
    assert_eq!(titles(now), ["A", "Later"]);
    let (_, none) = sites
        .main()
        .ask(|db| queries::outline_elsewhere(db, OtherSite::Base, "b.md"));
    assert_eq!(none, None);
}

/// Changes of what links may lead to reach everything at once, as after a new start.
#[cfg(unix)]
#[test]
fn links_are_followed_as_settings_and_patterns_change() {
    use std::fs;

    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("written");
    };
    write("repo/.git/HEAD", "");
    write("repo/site/proofroom.toml", "");
    write("repo/site/docs/index.md", "# Home\n");
    write("repo/spec.md", "# Specification\n");
    write("shared/terms.md", "# Terms\n");
    for (target, name) in [
        ("../../spec.md", "spec.md"),
        ("../../../shared/terms.md", "terms.md"),
    ] {
        let link = folder.path().join("repo/site/docs").join(name);
        std::os::unix::fs::symlink(target, link).expect("a link");
    }
    let sites = || {
        let disk = crate::files::Disk::new(&folder.path().join("repo/site"));
        let disk = Arc::new(disk.expect("a project"));
        Sites::new(disk, Arc::new(NoHistory), call(None))
    };
    let pages = |sites: &Sites| -> Vec<String> {
        let pages = sites.main().ask(|db| queries::files(db)).1;
        pages.pages.iter().map(|page| page.path.clone()).collect()
    };
    let kept = sites();
    assert_eq!(pages(&kept), ["index.md", "spec.md"]);
    let allowing = "linked_dirs = [\"../../shared\"]\n";
    for (path, text, expected) in [
        ("../.gitignore", "spec.md\n", &["index.md"][..]),
        ("proofroom.toml", allowing, &["index.md", "terms.md"]),
        ("../.gitignore", "", &["index.md", "spec.md", "terms.md"]),
        ("proofroom.toml", "", &["index.md", "spec.md"]),
    ] {
        write(&format!("repo/site/{path}"), text);
        kept.apply(&ChangeBatch::Paths(vec![SourcePath::new(path)]));
        assert_eq!(pages(&kept), expected, "{path}: {text}");
        assert_eq!(pages(&sites()), expected, "{path}: {text}");
    }
}

#[test]
fn a_translation_is_not_blamed_for_what_its_original_has() {
    let toml = "site_name = \"S\"\n[languages]\n\
                en = { docs = \"docs\" }\nhe = { docs = \"i18n/he\" }\n";
    let found = |original: &str, translation: &str| {
        let files = [
            ("proofroom.toml", toml),
            ("docs/index.md", original),
            ("i18n/he/index.md", translation),
        ];
        let sites = Sites::new(
            Arc::new(Memory::new(files)),
            Arc::new(NoHistory),
            call(Some("he")),
        );
        let diagnostics = sites.main().ask(|db| queries::all_diagnostics(db)).1;
        let damaged = diagnostics.iter().filter(|it| it.rule == Rule::DamagedMark);
        damaged.count()
    };
    let (one, whole) = ("[a] (https://x.example)\n", "[a](https://x.example)\n");
    assert_eq!(found(whole, one), 1);
    assert_eq!(found(one, one), 0);
    assert_eq!(found(one, &format!("{one}\n{one}")), 2);
    assert_eq!(found("** a b **\n", one), 1);
}
