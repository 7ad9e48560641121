//! The floors of `src/`, guarded: who may import whom, which room owns which
//! dependency, who may touch the world outside, how long a file may be, and what
//! lints cannot see.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proofroom::diagnostic::Rule;
use reading::{House, Source, circles, sources, table};

mod reading;
mod tests;

/// The longest a file may be, in lines.
const LONGEST: usize = 500;

/// Rooms by floor, lowest first. A room names those of lower floors and, on its
/// own floor, those before it.
const FLOORS: [&[&str]; 6] = [
    &[
        "work",
        "expect",
        "text",
        "time",
        "python",
        "options",
        "url",
        "files",
        "html",
        "diagnostic",
        "yaml",
    ],
    &[
        "watch",
        "icons",
        "cards",
        "search",
        "ages",
        "diff",
        "align",
        "translations",
        "languages",
        "markdown",
        "feeds",
        "config",
        "nav",
        "theme",
        "plugins",
    ],
    &["site"],
    &["git", "fetch", "session"],
    &["check", "build", "serve", "review", "lsp"],
    &["cli", "lib", "main"],
];

/// Floors whose rooms do not name each other at all.
const APART: [usize; 2] = [3, 4];

/// Rooms that have their place before they are built.
const LATER: [&str; 1] = ["lsp"];

/// The stages of Markdown, in the order in which text flows: each names those
/// before it.
const STAGES: [&str; 13] = [
    "options",
    "source",
    "tree",
    "code",
    "preprocess",
    "blocks",
    "inline",
    "passes",
    "render",
    "postprocess",
    "title",
    "lints",
    "outline",
];

/// Dependencies that only these rooms may name.
const OWNERS: [(&str, &[&str]); 25] = [
    ("resvg", &["cards"]),
    ("harfrust", &["cards"]),
    ("read_fonts", &["cards"]),
    ("svgtypes", &["cards"]),
    ("unicode_bidi", &["cards"]),
    ("png", &["cards"]),
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
    ("icu_segmenter", &["cards", "diff", "search"]),
    ("jiff", &["time"]),
    ("rust_stemmers", &["search"]),
    ("hyper", &["serve"]),
    ("hyper_util", &["serve"]),
    ("tower_http", &["serve"]),
    ("ureq", &["fetch"]),
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
const DOORS: [&str; 15] = [
    "files/disk/mod.rs",
    "files/disk/tests.rs",
    "files/folder_cache.rs",
    "files/git_ignore.rs",
    "files/opened.rs",
    "files/overlay/tests.rs",
    "files/own_files.rs",
    "files/replace.rs",
    "files/link_free.rs",
    "files/tests.rs",
    "watch/listener.rs",
    "watch/marker.rs",
    "watch/mod.rs",
    "watch/poll.rs",
    "watch/tests.rs",
];

/// The room that runs git, and the file that starts an editor: nothing else
/// starts programs.
const GIT: &str = "git";
const EDITOR: &str = "serve/editor.rs";

/// The table of rules.
const RULES: &str = "diagnostic/rules.rs";

/// The code of a file, comments left out.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// The code of a file without its tests, which stand at its end.
fn shipped(text: &str) -> impl Iterator<Item = &str> {
    code(text).take_while(|line| !line.starts_with("#[cfg(") || !line.contains("test"))
}

/// All files of the program, read once.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| sources("src"));

/// All files, also those of tests, with their folders.
fn all_files() -> Vec<(&'static str, Source)> {
    let folders = ["src", "tests"].into_iter();
    folders
        .flat_map(|folder| sources(folder).into_iter().map(move |it| (folder, it)))
        .collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Which rooms a room may name besides those of lower floors.
fn before(room: &str) -> &'static [&'static str] {
    let floor = floor(room).expect("every room has its floor");
    let at = FLOORS[floor].iter().position(|other| *other == room);
    if APART.contains(&floor) {
        &[]
    } else {
        &FLOORS[floor][..at.unwrap_or_default()]
    }
}

#[test]
fn every_room_has_its_floor() {
    let sources = &*SOURCES;
    for source in sources {
        assert!(
            floor(source.room()).is_some(),
            "src/{} lies on no floor",
            source.path
        );
    }
    for room in FLOORS.concat().iter().filter(|room| !LATER.contains(room)) {
        let exists = sources.iter().any(|source| source.room() == *room);
        assert!(exists, "there is no room {room}");
    }
}

#[test]
fn imports_go_down() {
    let sources = &*SOURCES;
    let house = House::new(sources);
    let mut wrong = BTreeSet::new();
    for source in sources {
        let from = source.room();
        let named = source.names.iter().filter_map(|named| house.owner(named));
        for to in named.filter_map(|module| module.first()) {
            let is_below = floor(to) < floor(from) || before(from).contains(&to.as_str());
            if to != from && !is_below {
                wrong.insert(format!("src/{} names {to}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn stages_of_markdown_name_those_before_them() {
    let sources = &*SOURCES;
    let arrows = House::new(sources).arrows(&["markdown".to_owned()]);
    let mut wrong = Vec::new();
    for (stage, named) in arrows.iter().filter(|(stage, _)| *stage != "tests") {
        let Some(at) = STAGES.iter().position(|it| it == stage) else {
            wrong.push(format!("{stage} is no stage"));
            continue;
        };
        let late = named
            .iter()
            .filter(|(to, _)| !STAGES[..at].contains(&to.as_str()));
        wrong.extend(late.map(|(to, path)| format!("src/{path} names {to}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // And they are written down in the same order.
    let text = text_of(sources, "markdown/mod.rs");
    let declared = text
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    assert_eq!(declared.collect::<Vec<_>>(), STAGES);
    let numbered = (1..)
        .zip(STAGES)
        .map(|(nth, stage)| format!("//! {nth}. `{stage}`: "));
    for line in numbered {
        assert!(text.contains(&line), "`{line}` is not in markdown/mod.rs");
    }
    let rows = table(&map(), "| stage | what it does |");
    let written: Vec<&str> = rows.iter().map(|row| room_of(&row[0])).collect();
    assert_eq!(written, STAGES);
}

#[test]
fn the_map_shows_the_rooms_in_their_order() {
    let known = (0..)
        .zip(FLOORS)
        .flat_map(|(floor, rooms)| rooms.iter().map(move |room| (floor, *room)));
    let known = known.filter(|(_, room)| !LATER.contains(room) && !["main", "lib"].contains(room));
    let known: Vec<(usize, &str)> = known.collect();
    let rows = table(
        &map(),
        "| floor | room | what it does | what it never does |",
    );
    let written = rows.iter().rev().map(|row| {
        let floor: usize = row[0].parse().expect("a floor");
        (floor, room_of(&row[1]))
    });
    assert_eq!(written.collect::<Vec<_>>(), known);
    // The crate's own page too.
    let sources = &*SOURCES;
    let page = text_of(sources, "lib.rs").replace("//! ", "");
    let rows = table(&page, "| floor | rooms |");
    let written = rows.iter().rev().flat_map(|row| {
        let floor: usize = row[0].parse().expect("a floor");
        let rooms = row[1].split(", ");
        rooms.map(move |room| (floor, room.trim_matches(['[', ']', '`'])))
    });
    assert_eq!(written.collect::<Vec<_>>(), known);
}

/// The room that a cell of the map names: `yaml/` or `url.rs`.
fn room_of(cell: &str) -> &str {
    let name = cell.trim_matches('`').trim_end_matches('/');
    name.strip_suffix(".rs").unwrap_or(name)
}

fn map() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/contributing/architecture.md");
    fs::read_to_string(path).expect("the map can be read")
}

fn text_of<'s>(sources: &'s [Source], path: &str) -> &'s str {
    let source = sources.iter().find(|source| source.path == path);
    &source.expect("it is there").text
}

#[test]
fn no_modules_name_each_other_in_a_circle() {
    let sources = &*SOURCES;
    let house = House::new(sources);
    let mut found = BTreeSet::new();
    for folder in house.folders() {
        for circle in circles(&house.arrows(&folder)) {
            found.insert((folder.join("/"), circle));
        }
    }
    assert!(found.is_empty(), "circles: {found:#?}");
}

#[test]
fn each_dependency_has_its_owner() {
    let mut wrong = BTreeSet::new();
    for source in SOURCES.iter() {
        for named in &source.names {
            let owners = OWNERS
                .iter()
                .find(|(dependency, _)| named.path[0] == *dependency);
            if let Some((dependency, rooms)) = owners
                && !rooms.contains(&source.room())
            {
                wrong.insert(format!("src/{} names {dependency}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_lower_floors_see_sources_alone() {
    let mut wrong = BTreeSet::new();
    for source in SOURCES.iter() {
        let is_low = floor(source.room()).is_some_and(|floor| floor <= 2);
        if !is_low || DOORS.contains(&source.path.as_str()) {
            continue;
        }
        for named in &source.names {
            let path = named.path.join("::") + "::";
            let outside = OUTSIDE.iter().find(|outside| {
                let outside = format!("{outside}::");
                path.starts_with(&outside) || path.contains(&format!("::{outside}"))
            });
            if let Some(outside) = outside {
                wrong.insert(format!("src/{} names {outside}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn git_is_run_by_its_own_room_alone() {
    let mut wrong = Vec::new();
    for source in SOURCES.iter() {
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
        if starts && source.room() != GIT && source.path != EDITOR {
            wrong.push(format!("src/{} starts programs", source.path));
        }
        if source.room() != GIT && shipped.contains("\"git\"") {
            wrong.push(format!("src/{} names the git program", source.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_are_short() {
    let long: Vec<String> = all_files()
        .iter()
        .map(|(folder, source)| (folder, &source.path, source.text.lines().count()))
        .filter(|(_, _, lines)| *lines > LONGEST)
        .map(|(folder, path, lines)| format!("{folder}/{path} has {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// As clippy's `match_bool` refuses the like.
#[test]
fn conditions_are_not_hidden_in_filters() {
    let mut wrong = Vec::new();
    for (folder, source) in all_files() {
        let code = reading::code(&source.text).replace([' ', '\n'], "");
        if code.contains(".filter(|_|") {
            wrong.push(format!(
                "{folder}/{} filters by a condition: write `if` or `then`",
                source.path
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_is_reported_somewhere() {
    let is_named = |rule: &Rule| {
        let name = format!("Rule::{rule:?}");
        let mut others = SOURCES.iter().filter(|it| it.path != RULES);
        others.any(|source| {
            let mut uses = source.text.split(&name).skip(1);
            uses.any(|after| !after.starts_with(|it: char| it.is_alphanumeric()))
        })
    };
    let unused: Vec<&Rule> = Rule::ALL.iter().filter(|it| !is_named(it)).collect();
    assert!(unused.is_empty(), "nothing reports {unused:?}");
}
