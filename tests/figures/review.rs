//! What a review costs: `figures -- review` prints only this.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use proofroom::files::{Archives, Disk, SourcePath};
use proofroom::git::{BaseFiles, Git};
use proofroom::session::Sites;
use proofroom::session::review::Review;
use proofroom::site::Invocation;
use proofroom::watch::ChangeBatch;

use crate::harness::git::{commit, git};
use crate::harness::measure::milliseconds;
use crate::harness::{Server, Site};

/// How many pages differ by the snippet that they include.
const CHANGED: usize = 124;
/// Saves of a page whose difference a tab shows.
const SAVES: usize = 100;

/// Prints all figures.
pub fn print() {
    for pages in [300, 4_000] {
        let site = branch(pages);
        println!("a made-up site of {pages} pages, {CHANGED} of which differ by a snippet");
        lists(&site);
        saves(&site);
    }
}

fn source(number: usize) -> String {
    format!("docs/part-{}/page-{number}.md", number % 40)
}

/// A branch on which a snippet was changed.
fn branch(pages: usize) -> Site {
    let config = "site_name: Example\nsite_url: ''\nmarkdown_extensions: [admonition, pymdownx.snippets, tables]\n";
    let site = Site::new(&[
        ("mkdocs.yml", config),
        ("docs/index.md", "# Home\n"),
        ("part.md", "The part of many pages.\n"),
    ]);
    for number in 0..pages {
        let mut text = format!("# Page {number}\n\n");
        for section in 0..6 {
            text.push_str(&format!(
                "## Section {section}\n\n{}\n\n- an item of {number}\n- another\n\n",
                format!("Some *words* of page {number} and a [link](../../index.md). ").repeat(4)
            ));
        }
        if number < CHANGED {
            text.push_str("--8<-- \"part.md\"\n");
        }
        site.write(&source(number), text);
    }
    let folder = site.path("");
    git(&folder, &["init", "--quiet", "-b", "main"]);
    commit(&folder, 0, "Begin");
    git(&folder, &["checkout", "--quiet", "-b", "work"]);
    site.write("part.md", "The part of most pages.\n");
    commit(&folder, 1, "Change the part");
    site
}

/// The first list of all changes, and that after a save.
fn lists(site: &Site) {
    let folder = site.path("");
    let call = Invocation {
        folder_name: "example".to_owned(),
        sources: true,
        drafts: true,
        ..Invocation::default()
    };
    let begun = Instant::now();
    let disk = Disk::new(&folder).expect("a project");
    let system = Arc::new(Archives::new(Arc::new(disk)));
    let now = Sites::new(system, Arc::new(Git::new(&folder)), call);
    let files = BaseFiles::new(&folder, "main").expect("a commit");
    let before = now.of_other_sources(Arc::new(Archives::new(Arc::new(files))));
    let review = Review::new(Arc::new(now), Arc::new(before), BTreeMap::new());
    let list = |what: &str, begun: Instant, changed: usize| {
        let first = Mutex::new(Vec::new());
        let list = review.list(&|found| {
            if let proofroom::session::review::Found::Page(_) = found {
                first.lock().push(milliseconds(begun.elapsed()));
            }
        });
        let whole = milliseconds(begun.elapsed());
        assert_eq!(list.pages.len(), changed);
        let mut found = first.into_inner();
        found.sort_by(f64::total_cmp);
        let (first, last) = (found.first(), found.last());
        println!(
            "  {what}: first page {:.0} ms, last {:.0} ms, all {whole:.0} ms",
            first.copied().unwrap_or_default(),
            last.copied().unwrap_or_default(),
        );
    };
    list("the first list", begun, CHANGED);
    let path = SourcePath::new(source(200));
    let text = fs::read_to_string(site.path(path.as_str())).expect("a page");
    site.write(path.as_str(), text.replace("another", "one more"));
    let begun = Instant::now();
    review.now().apply(&ChangeBatch::Paths(vec![path.clone()]));
    list("the list after a save", begun, CHANGED + 1);
    site.write(path.as_str(), text);
    let begun = Instant::now();
    review.now().apply(&ChangeBatch::Paths(vec![path]));
    list("and after another", begun, CHANGED);
    site.write("part.md", "The part of all pages.\n");
    let begun = Instant::now();
    review
        .now()
        .apply(&ChangeBatch::Paths(vec![SourcePath::new("part.md")]));
    list("the list after a save of the snippet", begun, CHANGED);
    site.write("part.md", "The part of most pages.\n");
    let begun = Instant::now();
    let problems = review.new_problems();
    assert!(problems.is_empty());
    println!("  new problems: {:.0} ms", milliseconds(begun.elapsed()));
}

/// From a save to the new difference in a tab.
fn saves(site: &Site) {
    let arguments = ["--dev-addr", "127.0.0.1:0", "--review=main"];
    let server = Server::start(&site.path(""), &arguments);
    // Until the list is complete.
    while !server
        .get("/__proofroom/review")
        .body
        .contains(" pages differ")
    {
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    let address = "__proofroom/difference/part-0/page-0/";
    let path = source(0);
    let text = fs::read_to_string(site.path(&path)).expect("a page");
    let mut tab = server.tab(address);
    let one = |round| {
        let added = format!("Added in round {round}.");
        let start = Instant::now();
        site.save(&path, &format!("{text}\n\n{added}\n"));
        tab.wait_for("page");
        let page = server.get(&format!("/{address}"));
        let taken = milliseconds(start.elapsed());
        assert!(page.body.contains(&added), "the new difference");
        taken
    };
    let taken = (0..SAVES + 5).map(one).collect::<Vec<_>>().split_off(5);
    super::print("  save to the new difference in a tab", "ms", &taken);
    println!("  memory after that: {:.0} MB", super::memory(&server));
    site.save(&path, &text);
}
