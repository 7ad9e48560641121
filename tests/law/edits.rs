//! Random edits, and how they are applied.

use proofroom::files::{Memory, Overlay, SourcePath};
use proofroom::watch::ChangeBatch;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::content::{
    BESIDE, CONFIGS, FRONTS, LANGUAGES, MANIFESTS, OTHERS, PAGES, PARTS, TEMPLATES,
};

/// One edit of a site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// What the other edits shrink to.
    Nothing,
    Write(String, String),
    Remove(String),
    Rename(String, String),
    /// A file or folder becomes unreadable, or readable again.
    Lock(String, bool),
    /// A text that is typed and not saved.
    Type(String, String),
    /// A typed text is discarded.
    Take(String),
    /// A file changes, and the event is lost.
    Lost,
    /// Another day begins.
    Midnight,
}

fn page() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(prop::sample::select(&PARTS[..]), 0..5);
    (prop::sample::select(&FRONTS[..]), parts)
        .prop_map(|(front, parts)| front.to_owned() + &parts.concat())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        page(),
        prop::sample::select(&TEMPLATES[..]).prop_map(str::to_owned),
        Just("<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg>".to_owned()),
        "[a-z ]{0,12}",
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(&PAGES[..]).prop_map(str::to_owned),
        2 => prop::sample::select(&OTHERS[..]).prop_map(str::to_owned),
        1 => prop::sample::select(&["docs", "docs/sub", "overrides", "includes"][..]).prop_map(str::to_owned),
    ]
}

/// Where texts are typed: files mostly, and now and then where a folder is, or
/// below a file.
fn typed() -> impl Strategy<Value = String> {
    const ODD: [&str; 3] = ["docs/sub", "docs/b.md/below.md", "mkdocs.yml"];
    prop_oneof![
        6 => prop::sample::select(&PAGES[..]).prop_map(str::to_owned),
        2 => prop::sample::select(&OTHERS[..]).prop_map(str::to_owned),
        1 => prop::sample::select(&BESIDE[..]).prop_map(|(path, _)| path.to_owned()),
        1 => prop::sample::select(&ODD[..]).prop_map(str::to_owned),
    ]
}

/// Any edit.
pub fn edit() -> impl Strategy<Value = Edit> {
    let pages = prop::sample::select(&PAGES[..]).prop_map(str::to_owned);
    let others = prop::sample::select(&OTHERS[..]).prop_map(str::to_owned);
    prop_oneof![
        1 => Just(Edit::Nothing),
        8 => (pages, page()).prop_map(|(path, text)| Edit::Write(path, text)),
        4 => (others, text()).prop_map(|(path, text)| Edit::Write(path, text)),
        2 => (Just("overrides/main.html".to_owned()), prop::sample::select(&TEMPLATES[..]))
            .prop_map(|(path, text)| Edit::Write(path, text.to_owned())),
        1 => prop::sample::select(&MANIFESTS[..]).prop_map(|text| {
            Edit::Write("package/templates/mkdocs_theme.yml".to_owned(), text.to_owned())
        }),
        2 => prop::sample::select(&CONFIGS[..])
            .prop_map(|(path, text)| Edit::Write(path.to_owned(), text.to_owned())),
        3 => prop::sample::select(&BESIDE[..])
            .prop_map(|(path, text)| Edit::Write(path.to_owned(), text.to_owned())),
        1 => prop::sample::select(&BESIDE[..]).prop_map(|(path, _)| Edit::Remove(path.to_owned())),
        2 => path().prop_map(Edit::Remove),
        2 => (path(), path()).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => Just(Edit::Remove("mkdocs.yml".to_owned())),
        1 => Just(Edit::Remove("proofroom.toml".to_owned())),
        1 => (path(), any::<bool>()).prop_map(|(path, locked)| Edit::Lock(path, locked)),
        1 => prop::sample::select(&BESIDE[..]).prop_map(|(path, _)| Edit::Lock(path.to_owned(), true)),
        3 => (typed(), text()).prop_map(|(path, text)| Edit::Type(path, text)),
        2 => typed().prop_map(Edit::Take),
        1 => Just(Edit::Lost),
        1 => Just(Edit::Midnight),
    ]
}

/// An edit of a project of several languages: of its languages, too.
pub fn edit_of_languages() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => edit(),
        1 => prop::sample::select(&LANGUAGES[..])
            .prop_map(|(path, text)| Edit::Write(path.to_owned(), text.to_owned())),
    ]
}

/// Whether a disk lets something be at `path`: nothing can be below a file.
fn is_possible(files: &Memory, path: &SourcePath) -> bool {
    let above = std::iter::successors(path.parent(), |folder| folder.parent());
    let files = files.files();
    above.into_iter().all(|folder| !files.contains_key(&folder))
}

/// Applies an edit; returns what a watch would report.
pub fn apply(files: &Memory, overlay: &Overlay, edit: &Edit) -> ChangeBatch {
    let source = |path: &String| SourcePath::new(path);
    match edit {
        Edit::Nothing => ChangeBatch::Paths(Vec::new()),
        Edit::Write(path, text) => {
            if is_possible(files, &source(path)) {
                // A file cannot be written in place of a folder.
                files.remove(&source(path));
                files.write(&source(path), text);
            }
            ChangeBatch::Paths(vec![source(path)])
        }
        Edit::Remove(path) => {
            files.remove(&source(path));
            ChangeBatch::Paths(vec![source(path)])
        }
        Edit::Rename(from, to) => {
            let (from, to) = (source(from), source(to));
            let nested = to.below(&from).is_some() || from.below(&to).is_some();
            let moved = files.files();
            if !nested && is_possible(files, &to) {
                files.remove(&from);
                files.remove(&to);
                for (path, bytes) in moved {
                    if let Some(below) = path.below(&from) {
                        files.write(&to.join(below), bytes);
                    }
                }
            }
            ChangeBatch::Paths(vec![from, to])
        }
        Edit::Lock(path, locked) => {
            files.lock(&source(path), *locked);
            ChangeBatch::Paths(vec![source(path)])
        }
        Edit::Type(path, text) => ChangeBatch::Paths(overlay.set(&source(path), text.as_str())),
        Edit::Take(path) => ChangeBatch::Paths(Vec::from_iter(overlay.clear(&source(path)))),
        Edit::Lost => {
            let path = SourcePath::new("docs/a.md");
            if is_possible(files, &path) {
                // A folder may have its name.
                files.remove(&path);
                files.write(&path, "# Changed unseen\n");
            }
            ChangeBatch::Everything
        }
        // Who has the call moves its time.
        Edit::Midnight => ChangeBatch::Time,
    }
}
