//! The floors of `src/`, guarded: who may import whom, which room owns which
//! dependency, who may touch the world outside, and how long a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The longest a file may be, in lines.
const LONGEST: usize = 500;

/// Rooms by floor, lowest first.
const FLOORS: [&[&str]; 6] = [
    &[
        "files",
        "html",
        "url",
        "diagnostic",
        "yaml",
        "options",
        "time",
        "text",
        "work",
    ],
    &[
        "markdown",
        "nav",
        "theme",
        "config",
        "languages",
        "search",
        "icons",
        "plugins",
        "ages",
        "watch",
    ],
    &["site"],
    &["session", "git"],
    &["serve", "build", "check", "review", "lsp"],
    &["cli", "main", "lib"],
];

/// Dependencies that only these rooms may name.
const OWNERS: [(&str, &[&str]); 15] = [
    ("entities", &["html"]),
    ("salsa", &["site"]),
    ("comrak", &["markdown"]),
    ("minijinja", &["theme"]),
    ("minijinja_contrib", &["theme"]),
    ("rust_embed", &["theme"]),
    ("notify", &["watch"]),
    ("saphyr", &["yaml"]),
    ("axum", &["serve"]),
    ("icu_calendar", &["time"]),
    ("icu_datetime", &["time"]),
    ("hyper", &["serve"]),
    ("hyper_util", &["serve"]),
    ("tower_http", &["serve"]),
    ("tokio", &["serve", "lsp", "cli"]),
];

/// What floors 0 to 2 may not name, for their answers would then depend on
/// more than the sources; and the files that are made for it.
const OUTSIDE: [&str; 6] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "SystemTime::now",
    "Instant::now",
];
const DOORS: [&str; 7] = [
    "files/disk.rs",
    "files/links.rs",
    "files/opened.rs",
    "watch/listener.rs",
    "watch/mod.rs",
    "watch/poll.rs",
    "watch/tests.rs",
];

/// Files that may start other programs.
const STARTERS: [&str; 3] = ["git/guard.rs", "git/process.rs", "serve/editor.rs"];

struct Source {
    room: String,
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path
                    .strip_prefix(&root)
                    .expect("below src")
                    .to_str()
                    .expect("UTF-8");
                let room = below.split(['/', '.']).next().expect("a room").to_owned();
                let text = fs::read_to_string(&path).expect("a source can be read");
                found.push(Source {
                    room,
                    path: below.to_owned(),
                    text,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The code of a file, comments left out.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// The code of a file without its tests, which stand at its end.
fn shipped(text: &str) -> impl Iterator<Item = &str> {
    code(text).take_while(|line| !line.starts_with("#[cfg(") || !line.contains("test"))
}

/// The names behind each `prefix` in the code.
fn named<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    code(text).flat_map(move |line| {
        line.match_indices(prefix).map(move |(at, _)| {
            let rest = &line[at + prefix.len()..];
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            &rest[..end]
        })
    })
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn every_room_has_its_floor() {
    for source in sources() {
        assert!(
            floor(&source.room).is_some(),
            "src/{} lies on no floor",
            source.path
        );
    }
}

#[test]
fn imports_go_down() {
    let mut wrong = Vec::new();
    for source in sources() {
        let from = floor(&source.room).expect("checked above");
        for room in named(&source.text, "crate::") {
            let Some(to) = floor(room) else { continue };
            let sibling = to == from && room != source.room;
            if to > from || (sibling && from >= 3) {
                wrong.push(format!("src/{} imports {room}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rooms_do_not_import_each_other_in_a_circle() {
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let rooms = named(&source.text, "crate::")
            .filter(|room| floor(room).is_some() && *room != source.room);
        imports
            .entry(source.room.clone())
            .or_default()
            .extend(rooms.map(str::to_owned));
    }
    // Take away rooms that import nothing that is left, until none is left.
    while !imports.is_empty() {
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        let free: Vec<String> = imports
            .iter()
            .filter(|(_, rooms)| rooms.is_disjoint(&left))
            .map(|(room, _)| room.clone())
            .collect();
        assert!(!free.is_empty(), "a circle among {imports:#?}");
        imports.retain(|room, _| !free.contains(room));
    }
}

#[test]
fn each_dependency_has_its_owner() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (dependency, rooms) in OWNERS {
            let path = format!("{dependency}::");
            let names = code(&source.text).any(|line| {
                line.match_indices(&path).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                })
            });
            if names && !rooms.contains(&source.room.as_str()) {
                wrong.push(format!("src/{} names {dependency}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_lower_floors_see_sources_alone() {
    let mut wrong = Vec::new();
    for source in sources() {
        let low = floor(&source.room).is_some_and(|floor| floor <= 2);
        if !low || DOORS.contains(&source.path.as_str()) {
            continue;
        }
        for outside in OUTSIDE {
            if code(&source.text).any(|line| line.contains(outside)) {
                wrong.push(format!("src/{} names {outside}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn git_is_run_by_its_own_room_alone() {
    let mut wrong = Vec::new();
    for source in sources() {
        let shipped: String = shipped(&source.text).collect();
        let mut imports = shipped.split("process::").skip(1);
        let starts = imports.any(|import| {
            let names = match import.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or_default(),
                None => import
                    .split([':', ';', ' ', '('])
                    .next()
                    .unwrap_or_default(),
            };
            names.split(',').any(|name| name.trim() == "Command")
        });
        if starts && !STARTERS.contains(&source.path.as_str()) {
            wrong.push(format!("src/{} starts programs", source.path));
        }
        if source.room != "git" && shipped.contains("\"git\"") {
            wrong.push(format!("src/{} names the git program", source.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_are_short() {
    let long: Vec<String> = sources()
        .iter()
        .map(|source| (source.path.clone(), source.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| format!("src/{path} has {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}
