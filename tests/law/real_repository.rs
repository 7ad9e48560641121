//! The law of a site in a repository on disk, whose history git itself tells: dates,
//! authors, and the ages of lines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use proofroom::ages::Dating;
use proofroom::files::{Disk, SourcePath};
use proofroom::git::{Ages, Git};
use proofroom::session::{Sites, site_ages};
use proofroom::site::queries;
use proofroom::watch::ChangeBatch;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::content::DATED;
use crate::harness::Site;
use crate::harness::everything::whole;
use crate::harness::git::{git, git_at, repository};
use crate::one_site::call;
use crate::regressions::check;

/// How many steps a sequence has, on average.
const STEPS: usize = 12;

const PAGES: [&str; 4] = ["docs/index.md", "docs/a.md", "docs/b.md", "docs/sub/c.md"];
const TEXTS: [&str; 4] = [
    "# Title\n\n{{ git_revision_date_localized }}\n",
    "# Title\n\n{{ git_page_authors }}\n\nMore.\n",
    "# Title\n\n{{ git_creation_date_localized }}\n\nMore.\n\n- one\n- two\n",
    "# Other\n\nMore.\n",
];

/// One step, of which those that cannot be done change nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Step {
    Write(usize, usize),
    Remove(usize),
    Rename(usize, usize),
    Configure(usize),
    Commit,
    /// The last commit is replaced by another with all changes.
    Amend,
    /// The last commit is undone, with its changes.
    Reset,
    /// The commit before is checked out without its branch.
    CheckOutBefore,
    /// The branch is checked out again.
    CheckOutBranch,
    /// References and objects are packed.
    Pack,
    /// A name is corrected.
    Mailmap,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..PAGES.len(), 0..TEXTS.len()).prop_map(|(page, text)| Step::Write(page, text)),
        1 => (0..PAGES.len()).prop_map(Step::Remove),
        1 => (0..PAGES.len(), 0..PAGES.len()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => (0..DATED.len()).prop_map(Step::Configure),
        4 => Just(Step::Commit),
        1 => Just(Step::Amend),
        1 => Just(Step::Reset),
        1 => Just(Step::CheckOutBefore),
        1 => Just(Step::CheckOutBranch),
        1 => Just(Step::Pack),
        1 => Just(Step::Mailmap),
    ]
}

/// Does a step on day `day`.
fn make(site: &Site, step: &Step, day: i64) {
    let folder = site.path("");
    let has_parent = || {
        let count = git(&folder, &["rev-list", "--count", "HEAD"]);
        count.parse::<u32>().is_ok_and(|count| count > 1)
    };
    match step {
        Step::Write(page, text) => site.write(PAGES[*page], TEXTS[*text]),
        Step::Remove(page) => {
            // It may be gone already.
            let _ = fs::remove_file(site.path(PAGES[*page]));
        }
        Step::Rename(from, to) => {
            fs::create_dir_all(site.path("docs/sub")).expect("a folder");
            // It may be gone.
            let _ = fs::rename(site.path(PAGES[*from]), site.path(PAGES[*to]));
        }
        Step::Configure(config) => site.write("mkdocs.yml", DATED[*config]),
        Step::Commit => {
            git_at(&folder, day, &["add", "--all"]);
            let message = format!("Day {day}");
            let arguments = ["commit", "--quiet", "--allow-empty", "-m", &message];
            git_at(&folder, day, &arguments);
        }
        Step::Amend => {
            git_at(&folder, day, &["add", "--all"]);
            let arguments = [
                "commit",
                "--quiet",
                "--allow-empty",
                "--amend",
                "--reset-author",
            ];
            git_at(&folder, day, &[&arguments[..], &["--no-edit"]].concat());
        }
        Step::Reset if has_parent() => {
            drop(git(&folder, &["reset", "--quiet", "--hard", "HEAD~1"]))
        }
        Step::CheckOutBefore if has_parent() => {
            git(
                &folder,
                &["checkout", "--quiet", "--force", "--detach", "HEAD~1"],
            );
        }
        Step::CheckOutBranch => drop(git(&folder, &["checkout", "--quiet", "--force", "main"])),
        Step::Pack => drop(git(&folder, &["gc", "--quiet"])),
        Step::Mailmap => site.write(".mailmap", format!("Ann of day {day} <ann@example.org>\n")),
        Step::Reset | Step::CheckOutBefore => {}
    }
}

/// The files that a watch reports on, with their bytes: not what git keeps for
/// itself, but which commit is checked out.
fn seen(folder: &Path) -> BTreeMap<SourcePath, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<SourcePath, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let below = path.strip_prefix(root).expect("below");
            let below = below.to_str().expect("UTF-8");
            if path.is_dir() {
                let is_shown = [".git/refs", ".git/refs/heads"].contains(&below);
                if !below.starts_with(".git/") || is_shown {
                    walk(root, &path, found);
                }
            } else {
                found.insert(SourcePath::new(below), fs::read(&path).expect("a file"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// What a watch reports that saw these files before.
fn reported(
    before: &BTreeMap<SourcePath, Vec<u8>>,
    after: &BTreeMap<SourcePath, Vec<u8>>,
) -> ChangeBatch {
    let mut paths: Vec<SourcePath> = before.keys().chain(after.keys()).cloned().collect();
    paths.retain(|path| before.get(path) != after.get(path));
    paths.sort();
    paths.dedup();
    ChangeBatch::Paths(paths)
}

fn holds(steps: &[Step]) -> Result<(), String> {
    let site = repository(&[
        ("mkdocs.yml", DATED[0]),
        (PAGES[0], TEXTS[0]),
        (PAGES[1], TEXTS[1]),
    ]);
    let folder = site.path("");
    let disk = Disk::new(&folder).expect("a project");
    let sites = || {
        let history = Arc::new(Git::new(disk.root()));
        Sites::new(Arc::new(disk.clone()), history, call(None))
    };
    let ages = || Ages::new(disk.clone(), None, Dating::Author);
    let (lived_through, lived_ages) = (sites(), ages());
    let look = |sites: &Sites, ages: &Ages| format!("{:#?}", site_ages(sites, ages, true));
    whole(&lived_through, queries::produce_cached);
    look(&lived_through, &lived_ages);
    let mut before = seen(&folder);
    for (number, step) in steps.iter().enumerate() {
        make(&site, step, 1 + i64::try_from(number).expect("few"));
        let after = seen(&folder);
        lived_through.apply(&reported(&before, &after));
        before = after;
        let fresh_sites = sites();
        let lived = whole(&lived_through, queries::produce_cached);
        let fresh = whole(&fresh_sites, queries::produce);
        if lived != fresh {
            return Err(format!("step {number}: {:#?}", lived.differences(&fresh)));
        }
        let lived = look(&lived_through, &lived_ages);
        let fresh = look(&fresh_sites, &ages());
        if lived != fresh {
            return Err(format!("step {number}: ages {lived} against {fresh}"));
        }
    }
    Ok(())
}

#[test]
fn a_repository_equals_a_fresh_start() {
    let strategy = prop::collection::vec(step(), 1..2 * STEPS);
    check("real_repository", 5, &strategy, |case| holds(case));
}

#[test]
#[ignore = "the long run: 200 sequences"]
fn a_repository_equals_a_fresh_start_at_length() {
    let strategy = prop::collection::vec(step(), 1..2 * STEPS);
    check("real_repository", 200, &strategy, |case| holds(case));
}
