//! How files change in practice, on the real disk. Each case waits for the event of
//! its change, and none for time to pass.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::answers::site;
use crate::harness::git::{commit, git};
use crate::harness::skip::{Need, skip};
use crate::harness::{Server, Site};

/// One way to change files, and what the server must then show.
struct Case {
    name: &'static str,
    make: fn(&Site),
    shown: (&'static str, &'static str),
}

fn rename(site: &Site, from: &str, to: &str) {
    fs::rename(site.path(from), site.path(to)).expect("renamed");
}

fn remove(site: &Site, path: &str) {
    fs::remove_file(site.path(path)).expect("removed");
}

/// Writes a file of the same size, with the time that it had before.
fn rewrite_unseen(site: &Site, path: &str, text: &str) {
    let time = fs::metadata(site.path(path)).and_then(|it| it.modified());
    let size = fs::metadata(site.path(path)).expect("a file").len();
    assert_eq!(size, text.len() as u64, "the same size");
    let mut file = File::create(site.path(path)).expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    file.set_modified(time.expect("a time")).expect("set");
}

const CASES: [Case; 19] = [
    Case {
        name: "written in place, as by VS Code",
        make: |site| site.write("docs/a.md", "# A\n\nvs code\n"),
        shown: ("/a/", "vs code"),
    },
    Case {
        name: "written in place in parts",
        make: |site| {
            let mut file = File::create(site.path("docs/a.md")).expect("a file");
            for part in ["# A\n", "\nin ", "parts\n"] {
                file.write_all(part.as_bytes()).expect("written");
                file.flush().expect("written");
            }
        },
        shown: ("/a/", "in parts"),
    },
    Case {
        name: "renamed into place",
        make: |site| site.save("docs/a.md", "# A\n\natomic\n"),
        shown: ("/a/", "atomic"),
    },
    Case {
        name: "renamed into place from elsewhere",
        make: |site| {
            site.write("draft.md", "# A\n\nfrom elsewhere\n");
            rename(site, "draft.md", "docs/a.md");
        },
        shown: ("/a/", "from elsewhere"),
    },
    Case {
        name: "vim, backup by renaming",
        make: |site| {
            site.write("docs/.a.md.swp", "b0VIM");
            site.write("docs/4913", "");
            remove(site, "docs/4913");
            rename(site, "docs/a.md", "docs/a.md~");
            site.write("docs/a.md", "# A\n\nvim renames\n");
            remove(site, "docs/a.md~");
            remove(site, "docs/.a.md.swp");
        },
        shown: ("/a/", "vim renames"),
    },
    Case {
        name: "vim, backup by copying",
        make: |site| {
            fs::copy(site.path("docs/a.md"), site.path("docs/a.md~")).expect("copied");
            site.write("docs/a.md", "# A\n\nvim copies\n");
            remove(site, "docs/a.md~");
        },
        shown: ("/a/", "vim copies"),
    },
    Case {
        name: "emacs",
        make: |site| {
            symlink("me@host.1:2", site.path("docs/.#a.md")).expect("a lock");
            site.write("docs/#a.md#", "# A\n\nemacs auto\n");
            rename(site, "docs/a.md", "docs/a.md~");
            site.write("docs/a.md", "# A\n\nemacs saves\n");
            remove(site, "docs/#a.md#");
            remove(site, "docs/.#a.md");
        },
        shown: ("/a/", "emacs saves"),
    },
    Case {
        name: "JetBrains",
        make: |site| {
            site.write("docs/a.md___jb_tmp___", "# A\n\njetbrains\n");
            rename(site, "docs/a.md", "docs/a.md___jb_old___");
            rename(site, "docs/a.md___jb_tmp___", "docs/a.md");
            remove(site, "docs/a.md___jb_old___");
        },
        shown: ("/a/", "jetbrains"),
    },
    Case {
        name: "sed -i",
        make: |site| {
            site.write("docs/sedAbC12x", "# A\n\nby sed\n");
            rename(site, "docs/sedAbC12x", "docs/a.md");
        },
        shown: ("/a/", "by sed"),
    },
    Case {
        name: "deleted and created anew",
        make: |site| {
            remove(site, "docs/a.md");
            site.write("docs/a.md", "# A\n\nback again\n");
        },
        shown: ("/a/", "back again"),
    },
    Case {
        name: "the same size at the same time",
        make: |site| rewrite_unseen(site, "docs/a.md", "# A\n\nback at it\n"),
        shown: ("/a/", "back at it"),
    },
    Case {
        name: "a file that vanishes before it is read",
        make: |site| {
            site.write("docs/gone.md", "# Gone\n");
            remove(site, "docs/gone.md");
            site.save("docs/a.md", "# A\n\nwithout it\n");
        },
        shown: ("/a/", "without it"),
    },
    Case {
        name: "folders in folders, with files at once",
        make: |site| {
            for path in ["x/y/z/deep.md", "x/one.md", "x/y/two.md", "x/y/z/w/v.md"] {
                site.write(&format!("docs/{path}"), "# Deep\n\nfar down\n");
            }
        },
        shown: ("/x/y/z/w/v/", "far down"),
    },
    Case {
        name: "a folder that is renamed",
        make: |site| rename(site, "docs/x", "docs/moved"),
        shown: ("/moved/y/z/deep/", "far down"),
    },
    Case {
        name: "an edit in a renamed folder",
        make: |site| site.write("docs/moved/y/z/deep.md", "# Deep\n\nedited there\n"),
        shown: ("/moved/y/z/deep/", "edited there"),
    },
    Case {
        name: "a folder that takes the place of a renamed one",
        make: |site| {
            rename(site, "docs/moved/y", "docs/moved/old");
            site.write("docs/moved/y/z/deep.md", "# Deep\n\nin its place\n");
        },
        shown: ("/moved/y/z/deep/", "in its place"),
    },
    Case {
        name: "a new name that differs in case only",
        make: |site| rename(site, "docs/b.md", "docs/B.md"),
        shown: ("/B/", "Second words."),
    },
    Case {
        name: "the docs folder exchanged for another",
        make: |site| {
            site.write("docs.new/index.md", "# Other\n");
            site.write("docs.new/a.md", "# A\n\nother docs\n");
            rename(site, "docs", "docs.old");
            rename(site, "docs.new", "docs");
        },
        shown: ("/a/", "other docs"),
    },
    Case {
        name: "an edit in the exchanged folder",
        make: |site| site.write("docs/a.md", "# A\n\nedited in it\n"),
        shown: ("/a/", "edited in it"),
    },
];

fn all(server: &Server, site: &Site) {
    for case in CASES {
        let (path, text) = case.shown;
        let mut tab = server.tab(path.trim_start_matches('/'));
        let before = server.get(path).body;
        assert!(!before.contains(text), "{}: {before}", case.name);
        (case.make)(site);
        server.wait_for(&mut tab, path, text);
    }
    for gone in ["/b/", "/gone/", "/x/one/"] {
        assert_eq!(server.get(gone).status, 404, "{gone}");
    }
}

#[test]
fn every_way_to_save_is_noticed() {
    let site = site();
    all(&site.serve(), &site);
}

#[test]
fn every_way_to_save_is_noticed_by_polling() {
    let site = site();
    let server = Server::start(&site.path(""), &["-a", "127.0.0.1:0", "--poll"]);
    all(&server, &site);
}

#[test]
fn temporary_files_of_editors_are_ignored() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("a/");
    let mut edit = |text: &str| {
        site.save("docs/a.md", &format!("# A\n\n{text}\n"));
        // The page may show it before the tab is told.
        loop {
            let event = tab.wait_for("page");
            if server.get("/a/").body.contains(text) {
                break event["revision"].as_u64().expect("a revision");
            }
        }
    };
    edit("before");
    // The second is surely noticed alone: what the first page read is watched.
    let before = edit("begin");
    for noise in [
        ".a.md.swp",
        ".a.md.swo",
        "a.md~",
        "4913",
        "#a.md#",
        ".#a.md",
        "a.md___jb_tmp___",
        ".DS_Store",
        ".goutputstream-X1",
        "._a.md",
    ] {
        let path = format!("docs/{noise}");
        site.write(&path, "noise");
        site.write(&path, "more noise");
        remove(&site, &path);
    }
    assert_eq!(edit("after"), before + 1);
}

#[test]
fn a_style_sheet_of_the_same_size_and_time_is_noticed() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("b/");
    let old = server.get("/style.css");
    rewrite_unseen(&site, "docs/style.css", "p { color: white }\n");
    assert_eq!(tab.next()["kind"], "style");
    let tag = old
        .head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "));
    let headers = [
        ("Host", server.host()),
        ("If-None-Match", tag.expect("a tag")),
    ];
    let new = server.ask("/style.css", &headers);
    assert!(new.body.contains("white"), "{} {}", new.status, new.body);
}

#[test]
fn files_that_were_read_late_are_watched() {
    let site = site();
    let server = site.serve();
    // Nothing happened before: the folder of the snippet is known only since
    // the page was asked for.
    let mut tab = server.tab("a/");
    site.save("includes/part.txt", "Part of another.\n");
    server.wait_for(&mut tab, "/a/", "Part of another.");
}

#[test]
fn lost_events_are_made_up_for() {
    let site = site();
    let notes = tempfile::NamedTempFile::new().expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
    command.args(["serve", "-a", "127.0.0.1:0", "--verbose"]);
    command.current_dir(site.path(""));
    command.stderr(notes.reopen().expect("a file"));
    let server = Server::spawn(command);
    let mut tab = server.tab("a/");
    site.save("docs/a.md", "# A\n\nheard\n");
    server.wait_for(&mut tab, "/a/", "heard");
    // More events than the system keeps for a process that does not read.
    let most = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events");
    let most: usize = most
        .ok()
        .and_then(|it| it.trim().parse().ok())
        .unwrap_or(16_384);
    server.stop();
    let flood = site.path("docs/flood.txt");
    // Three events each at least.
    for _ in 0..most / 2 {
        fs::write(&flood, "x").expect("written");
    }
    fs::remove_file(flood).expect("removed");
    site.write("docs/a.md", "# A\n\nunheard\n");
    site.write("docs/unheard/of/page.md", "# New\n\nfirst\n");
    server.go_on();
    server.wait_for(&mut tab, "/a/", "unheard");
    // The new folders are watched though their events were lost.
    let mut tab = server.tab("unheard/of/page/");
    server.wait_for(&mut tab, "/unheard/of/page/", "first");
    site.write("docs/unheard/of/page.md", "# New\n\nsecond\n");
    server.wait_for(&mut tab, "/unheard/of/page/", "second");
    // The terminal is told last, and at the latest while the next changes are.
    let is_told = |nth: usize| {
        let text = format!("# New\n\nonce more, {nth}.\n");
        site.write("docs/unheard/of/page.md", &text);
        server.wait_for(&mut tab, "/unheard/of/page/", &format!("once more, {nth}."));
        let said = fs::read_to_string(notes.path()).expect("notes");
        said.contains("all files are checked again")
    };
    assert!(
        (0..50).any(is_told),
        "{:?}",
        fs::read_to_string(notes.path())
    );
}

/// Starts a server that may have a few watches only; `None` where the system does
/// not allow such a limit.
fn limited(site: &Site, watches: u32) -> Option<(Server, PathBuf)> {
    let notes = site.path("notes.txt");
    let set = format!("echo {watches} > /proc/sys/user/max_inotify_watches");
    let mut probe = Command::new("unshare");
    probe.args(["--user", "--map-root-user", "sh", "-c", &set]);
    if !probe
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
    {
        return None;
    }
    let mut command = Command::new("unshare");
    let program = env!("CARGO_BIN_EXE_proofroom");
    let line = format!("{set} && exec {program} serve -a 127.0.0.1:0");
    command.args(["--user", "--map-root-user", "sh", "-c", &line]);
    command.current_dir(site.path("")).env("NO_COLOR", "1");
    command.stderr(File::create(&notes).expect("a file"));
    Some((Server::spawn(command), notes))
}

#[test]
fn where_watches_run_out_files_are_polled() {
    let site = site();
    for folder in 0..8 {
        site.write(&format!("docs/{folder}/page.md"), "# Page\n");
    }
    for (watches, path) in [(3, "docs/7/page.md"), (24, "docs/late/er/page.md")] {
        let Some((server, notes)) = limited(&site, watches) else {
            skip(
                Need::UserNamespace,
                "this system does not let a process limit its watches",
            );
            return;
        };
        let address = path.trim_start_matches("docs/").replace(".md", "/");
        let mut tab = server.tab(&address);
        for number in 0..20 {
            // Uses up the watches.
            site.write(&format!("docs/{watches}-{number}/x.txt"), "x");
        }
        let text = format!("noticed with {watches} watches");
        site.write(path, format!("# Page\n\n{text}\n"));
        server.wait_for(&mut tab, &format!("/{address}"), &text);
        let text = format!("edited with {watches} watches");
        site.write(path, format!("# Page\n\n{text}\n"));
        server.wait_for(&mut tab, &format!("/{address}"), &text);
        let file = File::open(notes).expect("notes");
        let mut said = BufReader::new(file).lines().map_while(Result::ok);
        assert!(said.any(|line| line.contains("is polled every")));
    }
}

#[test]
fn a_commit_is_noticed() {
    let site = site();
    site.write(
        "mkdocs.yml",
        "site_name: Example\nplugins:\n  - git-revision-date-localized:\n      type: iso_date\n",
    );
    site.write(
        "docs/a.md",
        "# A\n\nlast edit {{ git_revision_date_localized }}\n",
    );
    git(&site.path(""), &["init", "--quiet", "-b", "main"]);
    commit(&site.path(""), 0, "One");
    site.write(
        "docs/b.md",
        "# B\n\nlast edit {{ git_revision_date_localized }}\n",
    );
    let server = site.serve();
    assert!(server.get("/a/").body.contains("2023-11-14"));
    let mut tab = server.tab("b/");
    assert!(!server.get("/b/").body.contains("2023-11-15"));
    commit(&site.path(""), 1, "Two");
    server.wait_for(&mut tab, "/b/", "2023-11-15");
}

#[test]
fn a_corrected_name_is_noticed() {
    let site = site();
    site.write("mkdocs.yml", "site_name: Example\nplugins: [git-authors]\n");
    site.write("docs/a.md", "# A\n\nby {{ git_page_authors }}\n");
    git(&site.path(""), &["init", "--quiet", "-b", "main"]);
    commit(&site.path(""), 0, "One");
    let server = site.serve();
    let mut tab = server.tab("a/");
    assert!(!server.get("/a/").body.contains("Ann Onymous"));
    site.save(".mailmap", "Ann Onymous <ann@example.org>\n");
    server.wait_for(&mut tab, "/a/", "Ann Onymous");
}
