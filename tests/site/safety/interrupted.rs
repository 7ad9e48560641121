use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{errors, tree};
use crate::harness::Site;

/// Pages of a site, and so how long there is to kill its build.
const PAGES: usize = 20;

fn site(text: &str) -> Site {
    let site = Site::new(&[("p/mkdocs.yml", "site_name: S\n")]);
    rewrite(&site, text);
    site
}

pub(super) fn rewrite(site: &Site, text: &str) {
    for page in 0..PAGES {
        site.write(
            &format!("p/docs/{page}.md"),
            format!("# {text}\n\n{text}\n"),
        );
        site.write(&format!("p/docs/{text}/{page}.md"), format!("# {text}\n"));
        let other = if text == "one" { "two" } else { "one" };
        let _ = fs::remove_file(site.path(&format!("p/docs/{other}/{page}.md")));
    }
    site.write("p/docs/index.md", format!("# {text}\n"));
}

fn start(site: &Site) -> Child {
    start_as(Command::new(env!("CARGO_BIN_EXE_proofroom")), site)
}

/// Starts a build by a command that runs proofroom in some way.
pub(super) fn start_as(mut program: Command, site: &Site) -> Child {
    program
        .args(["build", "p", "-q", "-d", "site"])
        .current_dir(site.path(""))
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts")
}

/// A site, and what it is whole with either text; the second is there.
pub(super) fn both() -> (Site, Vec<BTreeMap<String, Vec<u8>>>) {
    let site = site("one");
    let mut whole = Vec::new();
    for text in ["two", "one"] {
        rewrite(&site, text);
        assert!(site.run(&["build", "p", "-d", "site"]).status.success());
        whole.push(pages(&site.path("site")));
    }
    (site, whole)
}

/// How long a build takes here, to spread moments over it. Nothing is judged by
/// it.
fn duration(site: &Site) -> Duration {
    let began = Instant::now();
    start(site).wait().expect("it ends");
    began.elapsed()
}

/// A build that is killed after a while. It waits on nothing, so any moment is
/// a good one.
fn killed(site: &Site, after: Duration) {
    let mut build = start(site);
    let until = Instant::now() + after;
    while Instant::now() < until && matches!(build.try_wait(), Ok(None)) {
        std::thread::yield_now();
    }
    let _ = build.kill();
    build.wait().expect("it ended");
}

/// The pages of a site, without what builds keep for themselves.
pub(super) fn pages(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = tree(folder);
    found.retain(|name, _| !name.contains(".proofroom-"));
    found
}

/// Builds of two texts in turn, killed after rising times; what is there must
/// be one site or the other at every time, and whole after the next build.
#[test]
fn killed_builds_leave_a_whole_site() {
    let (site, mut whole) = both();
    site.write("site/CNAME", "mine");
    for it in &mut whole {
        it.insert("CNAME".to_owned(), b"mine".to_vec());
    }
    let long = duration(&site);
    for kill in 0..50 {
        rewrite(&site, if kill % 2 == 0 { "two" } else { "one" });
        killed(&site, long * kill / 50);
        let mut found = pages(&site.path("site"));
        // Between the exchange and the end, what belongs to others may still
        // stand in the old folder; the next build brings it back.
        found.insert("CNAME".to_owned(), b"mine".to_vec());
        assert!(whole.contains(&found), "kill {kill}: a mixed site");
    }
    let output = site.run(&["build", "p", "-d", "site"]);
    assert!(output.status.success(), "{}", errors(&output));
    assert!(whole.contains(&pages(&site.path("site"))));
    let names = fs::read_dir(site.path("")).expect("a folder").count();
    assert_eq!(names, 2, "nothing is left beside the site");
}

/// The same where the folder cannot be exchanged: a folder without a manifest
/// is patched in place. Every file is whole, of one site or the other, and the
/// next build finishes what was begun.
#[test]
fn killed_patches_are_finished_by_the_next_build() {
    let (site, whole) = both();
    site.write("site/CNAME", "mine");
    let long = duration(&site);
    for kill in 0..50 {
        let _ = fs::remove_file(site.path("site/.proofroom-manifest"));
        rewrite(&site, if kill % 2 == 0 { "two" } else { "one" });
        killed(&site, long / 2 + long * kill / 100);
        for (name, bytes) in pages(&site.path("site")) {
            let is_whole = |it: &BTreeMap<_, _>| it.get(&name) == Some(&bytes);
            let is_mine = name == "CNAME" && bytes == b"mine";
            assert!(is_mine || whole.iter().any(is_whole), "kill {kill}: {name}");
        }
        let output = site.run(&["build", "p", "-d", "site"]);
        assert!(output.status.success(), "{}", errors(&output));
        let mut found = pages(&site.path("site"));
        assert_eq!(found.remove("CNAME").as_deref(), Some(&b"mine"[..]));
        assert!(whole.contains(&found), "kill {kill}: a mixed site");
    }
    let left = fs::read_dir(site.path("site")).expect("a folder").flatten();
    let left = left.filter(|it| it.file_name().to_string_lossy().starts_with(".proofroom-"));
    assert_eq!(left.count(), 1, "only the manifest");
}

/// A build that is killed while it clears what it wrote beside the site, or the
/// old one, leaves folders in which nothing is any more.
#[test]
fn folders_that_a_killed_build_emptied_are_cleared() {
    let (site, _) = both();
    fs::create_dir_all(site.path(".site.proofroom-1-0/gone/page")).expect("a folder");
    let manifest = "# The files that proofroom made here. Only these does a build remove.\n\
                    gone/page/index.html\n";
    site.write(".site.proofroom-1-0/.proofroom-manifest", manifest);
    site.write(".site.proofroom-1-0/mine/precious.txt", "mine");
    fs::create_dir_all(site.path(".site.proofroom-1-0/mine/empty")).expect("a folder");
    let output = site.run(&["build", "p", "-d", "site"]);
    assert!(output.status.success(), "{}", errors(&output));
    assert!(!site.path(".site.proofroom-1-0").exists());
    assert!(!site.path("site/gone").exists());
    assert!(site.path("site/mine/precious.txt").exists());
    assert!(site.path("site/mine/empty").exists());
}

#[test]
fn two_builds_at_once_give_one_of_the_sites() {
    let (site, whole) = both();
    for pair in 0..50 {
        let builds = [start(&site), start(&site)];
        for mut build in builds {
            assert!(build.wait().expect("it ends").success(), "pair {pair}");
        }
        assert!(whole.contains(&pages(&site.path("site"))), "pair {pair}");
    }
}

#[test]
fn a_failed_build_touches_nothing() {
    let site = site("one");
    assert!(site.run(&["build", "p", "-d", "site"]).status.success());
    site.write("site/.well-known/x", "mine");
    let before = tree(&site.path("site"));
    site.write("p/docs/bad.md", [0xff, 0xfe]);
    assert!(!site.run(&["build", "p", "-d", "site"]).status.success());
    assert!(tree(&site.path("site")) == before);
}
