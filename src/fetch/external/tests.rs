use std::net::TcpListener;
use std::sync::Arc;

use super::*;
use crate::fetch::tests::serve;

/// A server on a free port that answers a method and a path with a status and headers, and
/// what it was asked.
fn server(answer: fn(&str, &str) -> (u16, &'static str)) -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = asked.clone();
    let host = serve(move |method, path| {
        noted.lock().push(format!("{method} {path}"));
        let (status, headers) = answer(method, path);
        let head = format!("HTTP/1.1 {status} S\r\nConnection: close\r\nContent-Length: 0\r\n");
        format!("{head}{headers}\r\n")
    });
    (host, asked)
}

fn checker(allows_private: bool) -> LinkChecker {
    let limits = Limits {
        allows_private,
        uses_proxy: false,
        time: Duration::from_secs(10),
        redirects: 3,
        ..Limits::default()
    };
    LinkChecker::new(&limits, Duration::ZERO)
}

fn states(host: &str, paths: &[&str]) -> Vec<LinkState> {
    let addresses = paths.iter().map(|path| format!("http://{host}{path}"));
    let asked = checker(true).ask(&addresses.clone().collect());
    assert!(!asked.is_offline);
    addresses
        .map(|address| asked.states[&address].clone())
        .collect()
}

#[test]
fn an_address_is_what_its_server_says() {
    let (host, asked) = server(|method, path| match (method, path) {
        (_, "/here") => (200, ""),
        ("HEAD", "/only-get" | "/hidden") => (405, ""),
        ("GET", "/only-get") => (200, ""),
        (_, "/moved") => (301, "Location: /here\r\n"),
        (_, "/for-now") => (302, "Location: /here\r\n"),
        (_, "/to-gone") => (308, "Location: /gone\r\n"),
        (_, "/round") => (302, "Location: /round\r\n"),
        (_, "/members") => (403, ""),
        (_, "/broken") => (500, ""),
        _ => (404, ""),
    });
    let dead = |why: &str| LinkState::Dead(why.to_owned());
    let unknown = |why: &str| LinkState::Unknown(why.to_owned());
    let gone = dead("the server answers with status 404");
    assert_eq!(
        states(
            &host,
            &[
                "/here",
                "/only-get",
                "/hidden",
                "/gone",
                "/moved",
                "/for-now",
                "/to-gone",
                "/round",
                "/members",
                "/broken",
            ],
        ),
        [
            LinkState::Alive,
            LinkState::Alive,
            gone.clone(),
            gone.clone(),
            LinkState::Moved(format!("http://{host}/here")),
            LinkState::Alive,
            gone,
            dead("it is redirected too often"),
            unknown("the server answers with status 403"),
            unknown("the server answers with status 500"),
        ]
    );
    // What is there is not downloaded.
    let asked = asked.lock();
    assert!(asked.contains(&"HEAD /here".to_owned()) && !asked.contains(&"GET /here".to_owned()));
}

#[test]
fn a_host_that_asks_for_fewer_requests_is_left_alone() {
    let (host, asked) = server(|_, path| if path == "/a" { (200, "") } else { (429, "") });
    let found = states(&host, &["/a", "/b", "/c", "/d"]);
    assert_eq!(found[0], LinkState::Alive);
    assert!(
        found[1..]
            .iter()
            .all(|it| matches!(it, LinkState::Unknown(_)))
    );
    assert_eq!(asked.lock().len(), 2);
}

#[test]
fn private_addresses_are_refused_also_behind_redirects() {
    let (host, asked) = server(|_, _| (200, ""));
    let address = format!("http://{host}/");
    let found = checker(false).ask(&BTreeSet::from([address.clone()]));
    let LinkState::Unknown(why) = &found.states[&address] else {
        panic!("{found:?}")
    };
    assert!(why.contains("--fetch-private"), "{why}");
    assert!(asked.lock().is_empty());
}

#[test]
fn without_a_network_nothing_is_dead() {
    // A port that was free a moment ago.
    let free = || {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("an address").to_string()
    };
    let lost = format!("http://{}/", free());
    let offline = checker(true).ask(&BTreeSet::from([lost.clone()]));
    assert!(offline.is_offline);
    assert!(matches!(offline.states[&lost], LinkState::Unknown(_)));
    let (host, _) = server(|_, _| (200, ""));
    let here = format!("http://{host}/");
    let online = checker(true).ask(&BTreeSet::from([lost.clone(), here]));
    assert!(!online.is_offline);
    assert!(
        matches!(online.states[&lost], LinkState::Dead(_)),
        "{online:?}"
    );
}

#[test]
fn a_ledger_knows_what_was_answered_lately() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ledger = Ledger::default();
    let moved = LinkState::Moved("https://b.example/".to_owned());
    ledger.note("https://a.example/", &LinkState::Alive, 1000);
    ledger.note("https://m.example/", &moved, 1000);
    ledger.note(
        "https://d.example/",
        &LinkState::Dead("gone".to_owned()),
        1000,
    );
    ledger.note(
        "https://u.example/",
        &LinkState::Unknown("busy".to_owned()),
        1000,
    );
    ledger.note("https://old.example/", &LinkState::Alive, 1000);
    ledger
        .write(folder.path(), |address| !address.contains("old"))
        .expect("written");
    let read = Ledger::read(folder.path());
    let known = |address: &str, now| read.known(address, now, 50);
    assert_eq!(known("https://a.example/", 1049), Some(LinkState::Alive));
    assert_eq!(known("https://m.example/", 1000), Some(moved));
    // Too old, of a clock that was wrong, dead, not told, not linked any more.
    assert_eq!(known("https://a.example/", 1050), None);
    assert_eq!(known("https://a.example/", 999), None);
    for address in [
        "https://d.example/",
        "https://u.example/",
        "https://old.example/",
    ] {
        assert_eq!(known(address, 1000), None, "{address}");
    }
}

#[cfg(unix)]
#[test]
fn a_ledger_is_written_inside_the_project_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let outside = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(outside.path(), folder.path().join(".cache")).expect("a link");
    let written = Ledger::default().write(folder.path(), |_| true);
    assert!(written.is_err());
    let left = std::fs::read_dir(outside.path().join("proofroom"));
    assert_eq!(left.map_or(0, |it| it.count()), 0);
}
