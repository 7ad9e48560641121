//! What people put in front of the server: proxies, other names, frames.

use std::fs::File;
use std::process::Stdio;

use crate::harness::{Server, Site, Tab, proofroom};

/// A site below a path, as it is published.
fn site() -> Site {
    Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\nsite_url: https://h.example/team/docs/\n",
        ),
        ("docs/index.md", "# Home\n\nAt home.\n"),
        ("docs/sub/a.md", "# Alpha\n\nFirst words.\n"),
    ])
}

/// The status of an answer, and where it leads.
fn led(server: &Server, path: &str, headers: &[(&str, &str)]) -> (u16, Option<String>) {
    let answer = server.ask(path, headers);
    (answer.status, answer.header("location").map(str::to_owned))
}

#[test]
fn the_servers_own_addresses_are_below_the_path_of_the_site_too() {
    let site = site();
    let server = site.serve();
    for (path, status) in [
        ("/team/docs/__proofroom/client.js", 200),
        ("/__proofroom/client.js", 200),
        ("/team/docs/__proofroom/ages?page=/team/docs/", 200),
        ("/team/__proofroom/client.js", 404),
        ("/other/__proofroom/client.js", 404),
        ("/team/docs/sub/__proofroom/client.js", 404),
        ("/team/docs/__proofroom/nothing", 404),
    ] {
        assert_eq!(server.get(path).status, status, "{path}");
    }
    let page = server.get("/team/docs/");
    let live = "/team/docs/__proofroom/live";
    let mut tab = Tab::at(&server, live, "/team/docs/", &page.fingerprint());
    assert_eq!(tab.next()["kind"], "connected");
    site.save("docs/index.md", "# Home\n\nOther words.\n");
    tab.wait_for("page");
    for (path, own) in [
        ("/team/docs/", "\"__proofroom/client.js\""),
        ("/team/docs/sub/a/", "\"../../__proofroom/client.js\""),
        ("/team/docs/no/where", "\"../__proofroom/client.js\""),
    ] {
        assert!(server.get(path).body.contains(own), "{path}");
    }
}

#[test]
fn a_path_that_a_proxy_shortened_is_that_of_the_site() {
    let site = site();
    let server = site.serve();
    let own = ("Host", server.host());
    let through = ("X-Forwarded-For", "192.0.2.7");
    let elsewhere = ("Host", "127.0.0.1:9");
    for headers in [&[own, through][..], &[elsewhere]] {
        for (path, expected) in [
            ("/", (200, None)),
            ("/sub/a/", (200, None)),
            ("/sub/a?q=1", (307, Some("./a/?q=1".to_owned()))),
            ("/sub/b/", (404, None)),
            ("/team/docs/sub/a/", (200, None)),
            ("/team/docs", (307, Some("./docs/".to_owned()))),
            ("/__proofroom/client.js", (200, None)),
        ] {
            assert_eq!(led(&server, path, headers), expected, "{path} {headers:?}");
        }
    }
    // Without a proxy, what is wrong when it is published is wrong now.
    assert_eq!(led(&server, "/sub/a/", &[own]), (404, None));
    let home = (307, Some("/team/docs/".to_owned()));
    assert_eq!(led(&server, "/", &[own]), home);
    let page = (307, Some("/team/docs/sub/a/".to_owned()));
    assert_eq!(led(&server, "/team/docs/sub/a", &[own]), page);
}

#[test]
fn the_server_listens_on_ipv6_and_answers_its_addresses() {
    let site = site();
    let server = Server::start(&site.path(""), &["-a", "[::1]:0"]);
    let port = server.port();
    assert_eq!(server.home, format!("http://[::1]:{port}/team/docs/"));
    for (host, status) in [
        (format!("[::1]:{port}"), 200),
        (format!("[0:0::1]:{port}"), 200),
        (format!("[::ffff:127.0.0.1]:{port}"), 200),
        (format!("localhost:{port}"), 200),
        (format!("[fd00::1]:{port}"), 403),
    ] {
        let origin = format!("http://{host}");
        let headers = [("Host", host.as_str()), ("Origin", &origin)];
        assert_eq!(server.ask("/team/docs/", &headers).status, status, "{host}");
    }
}

/// A server with these arguments, and a file with what it says of what it refuses.
fn saying(site: &Site, arguments: &[&str]) -> (Server, std::path::PathBuf) {
    let path = site.path("said");
    let mut command = proofroom(&site.path(""));
    command
        .args(["serve", "-a", "127.0.0.1:0"])
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(File::create(&path).expect("a file"));
    (Server::spawn(command), path)
}

#[test]
fn what_is_refused_is_said_with_the_flag_and_once() {
    let site = site();
    let (server, said) = saying(&site, &["--allow-host", "*.app.github.dev"]);
    let ask = |host: &str, origin: &str| {
        let headers = [("Host", host), ("Origin", origin)];
        let asked = if origin.is_empty() {
            &headers[..1]
        } else {
            &headers
        };
        server.ask("/team/docs/", asked)
    };
    assert_eq!(ask("x.app.github.dev", "").status, 200);
    assert_eq!(
        ask("x.app.github.dev", "https://x.app.github.dev").status,
        200
    );
    let other = ask("x.app.github.dev", "https://y.app.github.dev");
    assert_eq!(other.status, 403);
    assert!(other.body.contains("`y.app.github.dev`"), "{}", other.body);
    for _ in 0..3 {
        let refused = ask("docs.example", "");
        assert_eq!(refused.status, 403);
        let flag = "`--allow-host docs.example`";
        assert!(refused.body.contains(flag), "{}", refused.body);
    }
    let said = std::fs::read_to_string(said).expect("readable");
    assert_eq!(
        said.matches("--allow-host docs.example").count(),
        1,
        "{said}"
    );
    assert_eq!(said.matches("y.app.github.dev").count(), 1, "{said}");
    let wrong = site.run(&["serve", "--allow-host", "https://docs.example"]);
    let wrong = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(wrong.contains("without scheme"), "{wrong}");
}

#[test]
fn other_sites_show_this_one_only_if_they_may() {
    let site = site();
    let (server, said) = saying(&site, &[]);
    let frame = [
        ("Host", server.host()),
        ("Sec-Fetch-Dest", "iframe"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Referer", "https://ide.example/"),
    ];
    let flag = "--frame-ancestors https://ide.example";
    for _ in 0..2 {
        let refused = server.ask("/team/docs/", &frame);
        assert_eq!(refused.status, 403);
        assert!(refused.body.contains(flag), "{}", refused.body);
        assert!(!refused.body.contains("At home."), "{}", refused.body);
        // Otherwise, the browser would show nothing.
        assert_eq!(refused.header("x-frame-options"), None);
    }
    let own = server.get("/team/docs/");
    assert_eq!(own.header("x-frame-options"), Some("SAMEORIGIN"));
    let said = std::fs::read_to_string(said).expect("readable");
    assert_eq!(said.matches(flag).count(), 1, "{said}");

    let arguments = ["-a", "127.0.0.1:0", "--frame-ancestors"];
    let with = |source: &'static str| [&arguments[..], &[source]].concat();
    let server = Server::start(&site.path(""), &with("https://ide.example"));
    let frame = [("Host", server.host()), frame[1], frame[2], frame[3]];
    let shown = server.ask("/team/docs/", &frame);
    assert_eq!((shown.status, shown.header("x-frame-options")), (200, None));
    let policy = "frame-ancestors 'self' https://ide.example";
    assert_eq!(shown.header("content-security-policy"), Some(policy));
    let wrong = site.run(&["serve", "--frame-ancestors", "a; script-src *"]);
    let wrong = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(wrong.contains("write one origin"), "{wrong}");
}

#[test]
fn a_head_says_what_a_get_would_and_types_are_right() {
    let site = site();
    site.write("docs/app.mjs", "export {}\n");
    site.write("docs/app.js.map", "{}\n");
    site.write("docs/types.ts", "type A = 1\n");
    site.write("docs/big.bin", vec![0; 300_000]);
    let server = site.serve();
    for (path, kind) in [
        ("/team/docs/", "text/html; charset=utf-8"),
        ("/team/docs/nowhere/", "text/html; charset=utf-8"),
        ("/team/docs/sub/a", ""),
        ("/team/docs/sitemap.xml", "text/xml; charset=utf-8"),
        ("/team/docs/app.mjs", "text/javascript; charset=utf-8"),
        ("/team/docs/app.js.map", "application/json"),
        ("/team/docs/types.ts", "text/plain; charset=utf-8"),
        ("/team/docs/big.bin", "application/octet-stream"),
        ("/__proofroom/client.js", "text/javascript; charset=utf-8"),
        ("/__proofroom/ages", "text/html; charset=utf-8"),
        ("/team/docs/__proofroom/review", "text/plain; charset=utf-8"),
    ] {
        let lines = |method: &str| {
            let answer = server.send(method, path, &[("Host", server.host())], "");
            let length = answer.bytes.len();
            let mut lines: Vec<String> = answer.head.lines().map(str::to_lowercase).collect();
            lines.retain(|line| !line.starts_with("date:"));
            lines.sort();
            (lines, length)
        };
        let (get, length) = lines("GET");
        let (head, nothing) = lines("HEAD");
        assert_eq!((&head, nothing), (&get, 0), "{path}");
        let length = format!("content-length: {length}");
        assert!(get.contains(&length), "{path}: {get:?}");
        if !kind.is_empty() {
            let kind = format!("content-type: {kind}");
            assert!(get.contains(&kind), "{path}: {get:?}");
        }
    }
}
