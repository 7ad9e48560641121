use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::hosts::Queue;
use super::{Fetcher, Limits};
use crate::files::SourcePath;
use crate::plugins::privacy::{Address, Downloaded, Downloads as _, Storage, Wanted};

/// A server on a free port that answers each method and path with what `answer` gives. An
/// empty answer is none: the connection stays open.
pub(super) fn serve(answer: impl Fn(&str, &str) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let host = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        let mut silent = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let Some(request) = lines.next() else {
                continue;
            };
            lines.find(String::is_empty);
            drop(lines);
            let mut words = request.split(' ');
            let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
            let text = answer(method, path);
            if text.is_empty() {
                silent.push(stream);
            } else {
                // The client may have gone.
                let _ = stream.write_all(text.as_bytes());
            }
        }
    });
    host
}

/// The same for paths alone, and what it was asked for.
fn server(answer: fn(&str) -> String) -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = asked.clone();
    let host = serve(move |_, path| {
        noted.lock().push(path.to_owned());
        answer(path)
    });
    (host, asked)
}

fn ok(media_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn limits() -> Limits {
    Limits {
        allows_private: true,
        uses_proxy: false,
        ..Limits::default()
    }
}

fn storage() -> Storage {
    Storage {
        cache: SourcePath::new(".cache/plugin/privacy"),
        folder: SourcePath::new("assets/external"),
        at_once: 3,
    }
}

fn wanted(addresses: &[String]) -> BTreeSet<Wanted> {
    let wanted = addresses.iter().map(|address| {
        let address = Address::parse(address);
        let file = address.file().expect("it leads to a file");
        let url = address.to_download();
        Wanted { url, file }
    });
    wanted.collect()
}

/// Why each file of a server was not downloaded, sorted by address.
fn reasons(downloaded: &Downloaded) -> Vec<&str> {
    downloaded.failed.values().map(String::as_str).collect()
}

#[test]
fn downloads_are_stored_as_by_the_plugin_and_recorded() {
    let (host, asked) = server(|path| {
        match path {
        "/style?a=1" => ok("text/css; charset=utf-8", "a {}"),
        "/moved" => "HTTP/1.1 302 Found\r\nLocation: /there.png\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "/there.png" => ok("image/png", "png"),
        _ => "HTTP/1.1 404 Gone\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_owned(),
    }
    });
    let project = tempfile::tempdir().expect("a folder");
    let fetcher = Fetcher::new(project.path(), limits()).expect("a fetcher");
    let all = wanted(&[
        format!("http://{host}/style?a=1"),
        format!("//{host}/moved"),
        format!("http://{host}/gone.js"),
    ]);
    let downloaded = fetcher.download(&all, &storage());
    assert_eq!(reasons(&downloaded), ["the server answers with status 404"]);
    assert_eq!((downloaded.count, downloaded.bytes), (2, 7));
    assert!(downloaded.notes.is_empty(), "{:?}", downloaded.notes);
    let folder = project.path().join(".cache/plugin/privacy");
    let copies = folder.join("assets/external").join(&host);
    let read = |name: &str| fs::read_to_string(copies.join(name)).expect("it is there");
    let style = "style.86eda770";
    assert_eq!(read(style), "a {}");
    assert_eq!(read(&format!("{style}.css")), "a {}");
    assert_eq!(read("moved.png"), "png");
    #[cfg(unix)]
    {
        let target = fs::read_link(copies.join("moved")).expect("a link");
        assert_eq!(target, std::path::Path::new("moved.png"));
    }
    let left = fs::read_dir(&copies).expect("a folder").count();
    assert_eq!(left, 4, "nothing unfinished is left");
    let ledger = fs::read_to_string(folder.join("ledger.json")).expect("a ledger");
    assert!(
        ledger.contains("\"file\": \"") && ledger.contains("/moved.png\""),
        "{ledger}"
    );
    assert!(
        ledger.contains("\"length\": 3") && ledger.contains("text/css; charset"),
        "{ledger}"
    );
    let changed: Vec<&str> = downloaded.changed.iter().map(SourcePath::name).collect();
    assert!(
        changed.contains(&"moved") && changed.contains(&"moved.png"),
        "{changed:?}"
    );
    // What failed is not asked for again.
    asked.lock().clear();
    let again = fetcher.download(&wanted(&[format!("http://{host}/gone.js")]), &storage());
    assert_eq!(reasons(&again).len(), 1);
    assert!(asked.lock().is_empty());
}

#[test]
fn machines_nearby_are_not_asked_unless_that_is_allowed() {
    let (host, asked) = server(|_| ok("text/css", ""));
    let project = tempfile::tempdir().expect("a folder");
    let limits = Limits {
        allows_private: false,
        ..limits()
    };
    let fetcher = Fetcher::new(project.path(), limits).expect("a fetcher");
    let downloaded = fetcher.download(&wanted(&[format!("http://{host}/a.css")]), &storage());
    assert!(
        reasons(&downloaded)[0].contains("--fetch-private"),
        "{downloaded:?}"
    );
    assert!(asked.lock().is_empty());
}

#[test]
fn size_time_and_redirects_are_bounded() {
    let (host, _) = server(|path| {
        match path {
        "/claims.js" => "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_owned(),
        "/grows.js" => format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "x".repeat(5000)),
        "/round.js" => "HTTP/1.1 302 Found\r\nLocation: /round.js\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_owned(),
        _ => String::new(),
    }
    });
    let project = tempfile::tempdir().expect("a folder");
    let limits = Limits {
        time: Duration::from_millis(300),
        bytes: 4096,
        ..limits()
    };
    let fetcher = Fetcher::new(project.path(), limits).expect("a fetcher");
    let paths = ["claims.js", "grows.js", "round.js", "silent.js"];
    let addresses = paths.map(|path| format!("http://{host}/{path}"));
    let downloaded = fetcher.download(&wanted(&addresses), &storage());
    assert_eq!(
        reasons(&downloaded),
        [
            "it has more than 0 MB",
            "it has more than 0 MB",
            "it is redirected too often",
            "it takes too long"
        ]
    );
    let copies = project.path().join(".cache/plugin/privacy/assets");
    assert!(!copies.exists());
}

#[test]
fn other_bytes_than_before_are_told() {
    let (host, _) = server(|_| ok("text/css", "new"));
    let project = tempfile::tempdir().expect("a folder");
    let all = wanted(&[format!("http://{host}/a.css")]);
    let fetcher = Fetcher::new(project.path(), limits()).expect("a fetcher");
    let copy = project
        .path()
        .join(".cache/plugin/privacy/assets/external")
        .join(&host)
        .join("a.css");
    fs::create_dir_all(copy.parent().expect("a folder")).expect("a folder");
    fs::write(&copy, "old").expect("written");
    // A cache of Material's plugin has no ledger.
    assert_eq!(fetcher.verify(&all, &storage()), [""; 0]);
    fs::write(&copy, "edited").expect("written");
    let notes = fetcher.verify(&all, &storage());
    assert!(
        notes.len() == 1 && notes[0].contains("is not what was downloaded"),
        "{notes:?}"
    );
    let downloaded = fetcher.download(&all, &storage());
    assert_eq!(downloaded.notes.len(), 1);
    assert!(
        downloaded.notes[0].contains("another file than when"),
        "{:?}",
        downloaded.notes
    );
    assert_eq!(fetcher.verify(&all, &storage()), [""; 0]);
    assert_eq!(fs::read_to_string(&copy).expect("it is there"), "new");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_of_the_cache_folder() {
    let (host, _) = server(|_| ok("text/css", "new"));
    let outside = tempfile::tempdir().expect("a folder");
    let project = tempfile::tempdir().expect("a folder");
    let all = wanted(&[format!("http://{host}/a/b.css")]);
    for (cache, linked) in [
        ("../elsewhere", None),
        (".git/x", None),
        ("linked", Some("linked")),
        ("real", Some("real/assets/external")),
    ] {
        let fetcher = Fetcher::new(project.path(), limits()).expect("a fetcher");
        if let Some(linked) = linked {
            let link = project.path().join(linked);
            fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
            std::os::unix::fs::symlink(outside.path(), link).expect("a link");
        }
        let storage = Storage {
            cache: SourcePath::new(cache),
            ..storage()
        };
        let downloaded = fetcher.download(&all, &storage);
        assert_eq!(downloaded.failed.len(), 1, "{cache}");
        assert!(downloaded.changed.is_empty(), "{cache}");
        let mut left = fs::read_dir(outside.path()).expect("a folder");
        assert!(left.next().is_none(), "{cache}");
    }
}

#[test]
fn one_host_is_not_asked_for_everything_at_once() {
    let addresses = [
        "http://a/1.js",
        "http://a/2.js",
        "http://a/3.js",
        "http://b/1.js",
    ];
    let all = wanted(&addresses.map(str::to_owned));
    let all: Vec<&Wanted> = all.iter().collect();
    let queue = Queue::new(&all, 2);
    let first = queue.next().expect("there are some");
    let second = queue.next().expect("there are some");
    let third = queue.next().expect("there are some");
    let urls = [&first, &second, &third].map(|next| next.wanted.url.as_str());
    assert_eq!(urls, ["http://a/1.js", "http://a/2.js", "http://b/1.js"]);
    drop(first);
    let last = queue.next().map(|next| next.wanted.url.clone());
    assert_eq!(last.as_deref(), Some("http://a/3.js"));
    assert!(queue.next().is_none());
}
