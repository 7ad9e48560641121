//! Files that are sent as they are: parts, tags, and what becomes of them when
//! they change while they are sent.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::ops::Range;
use std::path::Path;

use crate::answers::site;
use crate::harness::{Answer, Server, Site};

/// More than the system keeps for a reader that does not come.
const LONG: usize = 64 << 20;

/// The value of a header.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (own, value) = line.split_once(": ")?;
        own.eq_ignore_ascii_case(name).then_some(value)
    })
}

fn ask(server: &Server, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let host = [("Host", server.host())];
    server.send(method, path, &[&host[..], headers].concat(), "")
}

/// A request whose answer is read by and by.
fn begin(server: &Server, path: &str) -> (TcpStream, usize) {
    let mut stream = server.connect();
    let host = server.host();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a head");
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("UTF-8");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let length = header(&head, "content-length").expect("a length");
    (stream, length.parse().expect("a number"))
}

/// What else comes until the connection ends, well or not.
fn rest(mut stream: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut part = vec![0; 1 << 16];
    loop {
        match stream.read(&mut part) {
            Ok(0) => return all,
            Ok(length) => all.extend_from_slice(&part[..length]),
            Err(error) => {
                let reset = error.kind() == std::io::ErrorKind::ConnectionReset;
                assert!(reset, "the server does not end the connection: {error}");
                return all;
            }
        }
    }
}

/// A site with a small, a middling and a large file of letters, one in its
/// theme, and one that is made.
fn with_files() -> Site {
    let site = site();
    let letters = |size: usize| (b'a'..=b'z').cycle().take(size).collect::<Vec<u8>>();
    site.write("docs/small.bin", letters(1000));
    site.write("docs/middling.bin", letters(300_000));
    site.write("docs/large.mp4", letters(3 << 20));
    site.write("docs/empty.bin", "");
    site
}

/// Files of every size, of the theme, and made ones.
const SENT: [&str; 6] = [
    "/small.bin",
    "/middling.bin",
    "/large.mp4",
    "/assets/theme/css/theme.css",
    "/sitemap.xml",
    "/search/pages/0.js",
];

/// Ranges of a file of this size, and the parts that they ask for.
fn parts(size: usize) -> [(String, Range<usize>); 5] {
    [
        ("bytes=0-0".to_owned(), 0..1),
        ("bytes=5-9".to_owned(), 5..10),
        ("bytes=-7".to_owned(), size - 7..size),
        (format!("bytes={}-", size - 3), size - 3..size),
        (format!("bytes=2-{}", 2 * size), 2..size),
    ]
}

#[test]
fn parts_of_files_are_sent() {
    let site = with_files();
    let server = site.serve();
    for path in SENT {
        let whole = ask(&server, "GET", path, &[]);
        assert_eq!(whole.status, 200, "{path}");
        let size = whole.body.len();
        assert_eq!(whole.header("accept-ranges"), Some("bytes"));
        let tag = whole.header("etag").expect("a tag");
        let length = size.to_string();
        assert_eq!(whole.header("content-length"), Some(&*length));
        for (range, part) in parts(size) {
            let answer = ask(&server, "GET", path, &[("Range", &range)]);
            assert_eq!(answer.status, 206, "{path} {range}");
            let said = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            let told = answer.header("content-range");
            assert_eq!(told, Some(&*said), "{path} {range}");
            assert_eq!(answer.header("etag"), Some(tag));
            assert_eq!(answer.body, whole.body[part], "{path} {range}");
            let head = ask(&server, "HEAD", path, &[("Range", &range)]);
            assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
            assert_eq!(head.header("content-length"), Some(&*length));
        }
    }
}

#[test]
fn a_part_is_sent_only_of_the_file_that_the_reader_has_a_part_of() {
    let site = with_files();
    let server = site.serve();
    for path in SENT {
        let whole = ask(&server, "GET", path, &[]);
        let tag = whole.header("etag").expect("a tag");
        for (range, _) in parts(whole.body.len()) {
            let same = [("Range", &*range), ("If-Range", tag)];
            assert_eq!(ask(&server, "GET", path, &same).status, 206, "{path}");
            let other = [("Range", &*range), ("If-Range", "\"x\"")];
            let answer = ask(&server, "GET", path, &other);
            let found = (answer.status, answer.body.len());
            assert_eq!(found, (200, whole.body.len()), "{path}");
        }
    }
}

#[test]
fn ranges_that_cannot_be_satisfied_are_refused_or_ignored() {
    let site = with_files();
    let server = site.serve();
    for path in SENT {
        let size = ask(&server, "GET", path, &[]).body.len();
        for range in [format!("bytes={size}-"), "bytes=-0".to_owned()] {
            let answer = ask(&server, "GET", path, &[("Range", &range)]);
            assert_eq!(answer.status, 416, "{path} {range}");
            let said = format!("bytes */{size}");
            assert_eq!(answer.header("content-range"), Some(&*said));
            assert_eq!(answer.body, "");
        }
        for range in ["bytes=0-1,5-6", "lines=1-2", "bytes=9-2"] {
            let answer = ask(&server, "GET", path, &[("Range", range)]);
            assert_eq!((answer.status, answer.body.len()), (200, size), "{range}");
        }
    }
}

#[test]
fn an_empty_file_has_no_parts() {
    let site = with_files();
    let server = site.serve();
    let empty = ask(&server, "GET", "/empty.bin", &[]);
    assert_eq!((empty.status, empty.body.as_str()), (200, ""));
    assert_eq!(empty.header("content-length"), Some("0"));
    let empty = ask(&server, "GET", "/empty.bin", &[("Range", "bytes=0-")]);
    assert_eq!(empty.status, 416);
}

#[test]
fn what_is_known_is_not_sent_again() {
    let site = with_files();
    let server = site.serve();
    for path in ["/small.bin", "/large.mp4", "/sitemap.xml", "/img.svg"] {
        let whole = ask(&server, "GET", path, &[]);
        let tag = header(&whole.head, "etag").expect("a tag").to_owned();
        for known in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"x\", {tag}"),
            format!("\"a,b\",W/\"c\" , {tag},"),
            "*".to_owned(),
        ] {
            for method in ["GET", "HEAD"] {
                let answer = ask(&server, method, path, &[("If-None-Match", &known)]);
                assert_eq!(answer.status, 304, "{method} {path} {known}");
                assert_eq!(header(&answer.head, "etag"), Some(&*tag), "{path}");
                let cache = header(&answer.head, "cache-control");
                assert_eq!(cache, Some("no-cache"), "{path}");
                assert_eq!(answer.body, "");
            }
        }
        for unknown in ["\"x\"", "x", "", "\"x\", W/\"y\""] {
            let answer = ask(&server, "GET", path, &[("If-None-Match", unknown)]);
            assert_eq!(answer.status, 200, "{path} {unknown}");
        }
        let answer = ask(&server, "GET", path, &[("If-Match", "\"x\"")]);
        assert_eq!(answer.status, 412, "{path}");
    }
}

/// What may become of a file while it is sent.
fn rewritten(path: &Path) {
    fs::write(path, vec![b'b'; LONG]).expect("written");
}

fn cut(path: &Path) {
    let file = fs::File::options().write(true).open(path).expect("open");
    file.set_len(LONG as u64 / 2).expect("cut");
}

fn emptied_and_longer(path: &Path) {
    fs::write(path, vec![b'b'; 2 * LONG]).expect("written");
}

fn replaced(path: &Path) {
    let beside = path.with_extension("beside");
    fs::write(&beside, vec![b'b'; LONG]).expect("written");
    fs::rename(beside, path).expect("renamed");
}

fn removed(path: &Path) {
    fs::remove_file(path).expect("removed");
}

#[test]
fn a_file_that_changes_while_it_is_sent_is_never_mixed() {
    let site = site();
    site.write("docs/film.mp4", vec![b'a'; LONG]);
    let server = site.serve();
    let path = site.path("docs/film.mp4");
    type Change = fn(&Path);
    let changes: [(Change, bool); 5] = [
        (rewritten, false),
        (cut, false),
        (emptied_and_longer, false),
        (replaced, true),
        (removed, true),
    ];
    for (nth, (change, is_whole)) in changes.into_iter().enumerate() {
        fs::write(&path, vec![b'a'; LONG]).expect("written");
        // Seen by the site, wherever it came back from.
        while server.get("/film.mp4?").status != 200 {}
        let (stream, length) = begin(&server, "/film.mp4");
        assert_eq!(length, LONG);
        change(&path);
        let sent = rest(stream);
        assert!(sent.iter().all(|byte| *byte == b'a'), "{nth}: it is mixed");
        assert_eq!(sent.len() == LONG, is_whole, "{nth}: {}", sent.len());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn slow_readers_cost_their_buffers_alone() {
    const READERS: u64 = 12;
    const LARGE: u64 = 300 << 20;
    let site = site();
    let film = fs::File::create(site.path("docs/film.mp4")).expect("made");
    // Nothing but holes: only the reader's memory is meant to be filled.
    film.set_len(LARGE).expect("long");
    let server = site.serve();
    assert_eq!(server.get("/a/").status, 200);
    let head = ask(&server, "HEAD", "/film.mp4", &[]);
    assert_eq!(head.status, 200);
    let before = server.memory();
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let (mut stream, length) = begin(&server, "/film.mp4");
            assert_eq!(length as u64, LARGE);
            let mut some = vec![1; 1 << 20];
            stream.read_exact(&mut some).expect("the beginning");
            assert!(some.iter().all(|byte| *byte == 0));
            stream
        })
        .collect();
    let more = server.memory().saturating_sub(before);
    // Measured with files of random bytes: 19 to 36 MiB, most of it kept by the
    // allocator. Held whole, the files took 3,600.
    let most = (6 * READERS) << 20;
    assert!(more < most, "{more} bytes for {READERS} readers");
    // And the others are answered meanwhile.
    assert_eq!(server.get("/b/").status, 200);
    drop(readers);
}
