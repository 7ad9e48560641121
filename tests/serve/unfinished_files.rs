//! Files whose writers pause: nobody sees a part of one, however often it is asked for.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::answers::site;
use crate::harness::{Server, Site};

/// How many answers a writer waits for in the middle of a file.
const PAUSE: usize = 60;

/// Begins to write a file anew, in place.
fn begin(site: &Site, path: &str, first: &str) -> File {
    let path = site.path(path);
    let mut options = OpenOptions::new();
    let file = options.create(true).write(true).truncate(true).open(path);
    let mut file = file.expect("opened");
    file.write_all(first.as_bytes()).expect("written");
    file
}

/// Asks for a page until the writer may go on.
fn pause(server: &Server) {
    for _ in 0..PAUSE {
        assert_eq!(server.get("/b/").status, 200);
    }
}

/// Versions of a file, each in two parts.
fn version(number: usize) -> (String, String) {
    let first = format!("# Alpha\n\nBegin {number}.\n\n");
    (first, format!("End {number}.\n"))
}

/// Whether a text has a whole version, and no other.
fn is_whole(body: &str) -> bool {
    let has = |what: &str, number| body.contains(&format!("{what} {number}."));
    let begun: Vec<usize> = (0..9).filter(|number| has("Begin", *number)).collect();
    begun.len() == 1 && has("End", begun[0])
}

/// Writes a file again and again, with pauses, while `address` is asked for.
fn write_with_pauses(path: &str, address: &str) {
    let site = site();
    let (first, rest) = version(0);
    site.write(path, format!("{first}{rest}"));
    let server = site.serve();
    until(&server, address, 0);
    // Once a save is noticed, its folder is watched.
    let (first, rest) = version(1);
    site.save(path, &format!("{first}{rest}"));
    until(&server, address, 1);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let body = server.get(address).body;
                assert!(is_whole(&body), "{body}");
            }
        });
        for number in 2..9 {
            let (first, rest) = version(number);
            if number % 2 == 0 {
                // As version control does.
                fs::remove_file(site.path(path)).expect("removed");
            }
            let mut file = begin(&site, path, "");
            if number % 3 != 0 {
                pause(&server);
            }
            file.write_all(first.as_bytes()).expect("written");
            if number % 3 != 1 {
                pause(&server);
            }
            file.write_all(rest.as_bytes()).expect("written");
            drop(file);
            until(&server, address, number);
        }
        over.store(true, Ordering::Relaxed);
    });
}

/// Asks for an address until it has a version.
fn until(server: &Server, address: &str, number: usize) {
    let end = format!("End {number}.");
    while !server.get(address).body.contains(&end) {}
}

#[test]
fn a_page_is_never_made_from_a_part_of_its_file() {
    write_with_pauses("docs/a.md", "/a/");
}

#[test]
fn a_page_never_includes_a_part_of_a_file() {
    write_with_pauses("includes/part.txt", "/a/");
}

#[test]
fn no_part_of_a_file_is_sent() {
    write_with_pauses("docs/data.txt", "/data.txt");
}

#[test]
fn a_file_that_stays_open_is_shown_at_last() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("a/");
    let mut file = begin(&site, "docs/a.md", "# Alpha\n\nNot closed.\n");
    assert_eq!(tab.next()["kind"], "page");
    assert!(server.get("/a/").body.contains("Not closed."));
    file.write_all(b"\nMore.\n").expect("written");
    assert_eq!(tab.next()["kind"], "page");
    assert!(server.get("/a/").body.contains("More."));
}

#[test]
fn another_name_of_a_file_does_not_wait() {
    let site = site();
    let server = site.serve();
    site.write("beside.md", "# Linked\n");
    fs::hard_link(site.path("beside.md"), site.path("docs/linked.md")).expect("linked");
    while !server.get("/linked/").body.contains("Linked") {}
}
