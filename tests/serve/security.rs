//! What an attacker may try. Each case is sent over a real socket, byte for byte.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::thread;

use crate::answers::site;
use crate::harness::{Server, Site};

/// What must never be served.
const SECRET: &str = "the-secret-itself";

/// Sends bytes as they are and reads until the server ends the connection.
fn raw(server: &Server, request: impl AsRef<[u8]>) -> String {
    let mut stream = server.connect();
    // The server may answer and close before it has read all.
    let _ = stream.write_all(request.as_ref());
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&part[..length]),
            Err(error) => {
                let reset = error.kind() == std::io::ErrorKind::ConnectionReset;
                assert!(reset, "the server does not end the connection: {error}");
                break;
            }
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).and_then(|it| it.parse().ok());
    status.unwrap_or_default()
}

/// A GET request that names its host as it should.
fn get(server: &Server, target: &str) -> String {
    let host = server.host();
    raw(
        server,
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
    )
}

/// A site with secrets around and among its pages.
fn guarded() -> Site {
    let site = site();
    let config = std::fs::read_to_string(site.path("mkdocs.yml")).expect("a config");
    site.write("mkdocs.yml", format!("{config}# {SECRET}\n"));
    for path in [
        "secret.txt",
        ".env",
        "docs/.hidden.md",
        "docs/.git/config",
        "docs-secret/x.md",
        "docs/a.md.d/.secret",
    ] {
        site.write(path, SECRET);
    }
    site
}

#[test]
fn no_address_leads_out_of_the_site() {
    let site = guarded();
    let server = site.serve();
    for target in [
        "/../secret.txt",
        "/a/../../secret.txt",
        "/./../secret.txt",
        "//secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/%252e%252e%252fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/%5c..%5c..%5csecret.txt",
        "/secret.txt%00.html",
        "/%00",
        "/%c0%ae%c0%ae/secret.txt",
        "/../docs-secret/x.md",
        "/-secret/x.md",
        "/../docs-secret/x/",
        "/docs/../secret.txt",
        "/.hidden/",
        "/.hidden.md",
        "/.git/config",
        "/a.md.d/.secret",
        "/.env",
        "/mkdocs.yml",
        "/proofroom.toml",
        "/includes/part.txt",
        "/overrides/main.html",
        "/a.md",
        "/etc/passwd",
        "//etc/passwd",
        "/file:///etc/passwd",
        "/?file=../secret.txt/..",
        "/.hidden/?show=yes",
        "/__proofroom/../secret.txt",
        "/__proofroom/%2e%2e/secret.txt",
        "/__proofroom/",
        "http://127.0.0.1/../secret.txt",
        "/a#/../../secret.txt",
        "/#/../secret.txt",
    ] {
        let answer = get(&server, target);
        // What stands behind `#` or `?` is not part of the address.
        let plain = target.split(['#', '?']).next().unwrap_or_default();
        let expected = match plain {
            "/" => &[200][..],
            "/a" => &[307],
            _ => &[400, 404],
        };
        assert!(expected.contains(&status(&answer)), "{target}: {answer}");
        assert!(!answer.contains(SECRET), "{target}: {answer}");
        assert!(!answer.contains("root:"), "{target}: {answer}");
    }
    // A query is not part of the address, whatever it holds.
    let page = get(&server, "/b/?x=%2e%2e/y");
    assert_eq!(status(&page), 200);
}

/// A server that also answers to another name.
fn server_with_a_name(site: &Site) -> Server {
    let arguments = ["-a", "127.0.0.1:0", "--allow-host", "Docs.Example"];
    Server::start(&site.path(""), &arguments)
}

/// Sends a request with these lines as its head. Whatever the answer is, it lets no
/// other site read it.
fn status_of(server: &Server, method: &str, target: &str, head: &str) -> u16 {
    let request = format!("{method} {target} HTTP/1.1\r\n{head}Connection: close\r\n\r\n");
    let answer = raw(server, request);
    let lower = answer.to_lowercase();
    assert!(!lower.contains("access-control-allow"), "{answer}");
    for part in [
        "cross-origin-resource-policy: same-origin",
        "x-content-type-options: nosniff",
    ] {
        assert!(lower.contains(part), "{method} {target} {head}: {answer}");
    }
    status(&answer)
}

#[test]
fn only_own_names_are_answered() {
    let site = site();
    let server = server_with_a_name(&site);
    let own = format!("Host: {}\r\n", server.host());
    let port = server.port();
    for (target, head, expected) in [
        ("/", own.clone(), 200),
        ("/", format!("Host: localhost:{port}\r\n"), 200),
        ("/", "Host: docs.example\r\n".to_owned(), 200),
        ("/", "Host: evil.example\r\n".to_owned(), 403),
        ("/", "Host: docs.example.evil\r\n".to_owned(), 403),
        ("/", "Host: 10.0.0.1\r\n".to_owned(), 403),
        ("http://evil.example/", own.clone(), 403),
        ("/", "Host: a b\r\n".to_owned(), 400),
        ("/", "Host: \r\n".to_owned(), 400),
        ("/", "Host: me@localhost\r\n".to_owned(), 400),
        ("/", format!("{own}{own}"), 400),
        ("/", String::new(), 400),
    ] {
        let found = status_of(&server, "GET", target, &head);
        assert_eq!(found, expected, "{target} {head}");
    }
}

#[test]
fn pages_of_other_sites_are_refused() {
    let site = site();
    let server = server_with_a_name(&site);
    let own = format!("Host: {}\r\n", server.host());
    for (host, origin, expected) in [
        ("Host: docs.example\r\n", "https://docs.example", 200),
        (&own, "http://evil.example", 403),
        (&own, "null", 403),
    ] {
        let head = format!("{host}Origin: {origin}\r\n");
        let found = status_of(&server, "GET", "/", &head);
        assert_eq!(found, expected, "{head}");
    }
}

#[test]
fn only_reading_is_possible() {
    let site = site();
    let server = server_with_a_name(&site);
    let own = format!("Host: {}\r\n", server.host());
    let empty = format!("{own}Content-Length: 0\r\n");
    for (method, target, head, expected) in [
        ("GET", "/", &own, 200),
        ("HEAD", "/", &own, 200),
        ("POST", "/", &empty, 405),
        ("PUT", "/a/", &empty, 405),
        ("DELETE", "/a/", &own, 405),
        ("OPTIONS", "/", &own, 405),
    ] {
        let found = status_of(&server, method, target, head);
        assert_eq!(found, expected, "{method} {target}");
    }
}

#[test]
fn other_sites_do_not_get_the_live_channel() {
    let site = site();
    let server = server_with_a_name(&site);
    let own = format!("Host: {}\r\n", server.host());
    let port = server.port();
    let upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    for head in [
        format!("{own}{upgrade}Origin: http://evil.example\r\n"),
        format!("{own}{upgrade}Origin: http://10.0.0.1:{port}\r\n"),
        format!("{own}{upgrade}Origin: http://127.0.0.1\r\n"),
        format!("Host: evil.example\r\n{upgrade}"),
    ] {
        let found = status_of(&server, "GET", "/__proofroom/live", &head);
        assert_eq!(found, 403, "{head}");
    }
}

#[test]
fn what_a_request_sends_is_shown_as_text() {
    let site = site();
    let server = site.serve();
    for target in [
        "/%3Cscript%3Ealert(1)%3C/script%3E/",
        "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/<script>alert(1)</script>/",
        "/x'\"><script>alert(1)</script>",
    ] {
        let answer = get(&server, target);
        assert!(!answer.contains("<script>alert"), "{target}: {answer}");
    }
    site.write("mkdocs.yml", "site_name: [<script>alert(1)</script>\n");
    let broken = site.serve();
    let answer = get(&broken, "/");
    assert_eq!(status(&answer), 500);
    assert!(answer.contains("alert(1)"), "{answer}");
    assert!(!answer.contains("<script>alert"), "{answer}");
}

#[test]
fn images_and_errors_run_no_scripts() {
    let site = site();
    site.write("docs/IMG.SVG", "<svg onload=\"alert(1)\"/>\n");
    let server = site.serve();
    for target in ["/img.svg", "/IMG.SVG", "/img.svg?x=.png"] {
        let answer = get(&server, target).to_lowercase();
        assert_eq!(status(&answer), 200, "{target}");
        assert!(
            answer.contains("content-security-policy: default-src 'none'"),
            "{target}: {answer}"
        );
    }
}

#[test]
fn slow_and_oversized_requests_end() {
    let site = site();
    let server = site.serve();
    let host = server.host();
    let long = "x".repeat(200_000);
    let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\n");
    let upgrade = format!(
        "GET /__proofroom/live HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    // A WebSocket message that claims to be of many gigabytes.
    let mut flood = upgrade.clone().into_bytes();
    flood.extend([0x81, 0xff, 0, 0, 0, 9, 0, 0, 0, 0, 1, 2, 3, 4]);
    flood.extend([0; 70_000]);
    let cases: [(&str, Vec<u8>, &[u16]); 8] = [
        ("nothing at all", Vec::new(), &[0]),
        ("half a head", head.clone().into_bytes(), &[0, 408]),
        (
            "a long address",
            format!("GET /{long} HTTP/1.1\r\nHost: {host}\r\n\r\n").into(),
            &[414, 431],
        ),
        (
            "a long header",
            format!("{head}X: {long}\r\n\r\n").into(),
            &[431],
        ),
        (
            "many headers",
            format!("{head}{}\r\n", "X: y\r\n".repeat(5000)).into(),
            &[431],
        ),
        (
            "a body without end",
            format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999999\r\n\r\n{long}")
                .into(),
            &[405],
        ),
        ("a tab that says nothing", upgrade.into(), &[101]),
        ("a message without end", flood, &[101]),
    ];
    // All at once: some of them end only when patience does.
    thread::scope(|scope| {
        for (name, request, expected) in &cases {
            let server = &server;
            scope.spawn(move || {
                let answer = raw(server, request);
                assert!(expected.contains(&status(&answer)), "{name}: {answer}");
            });
        }
    });
    assert_eq!(server.get("/").status, 200);
}

/// Serves a project with secrets around it under this plugin; `pages` are
/// pages of it, of which the named ones may show what the project itself holds.
fn no_page_shows_the_secret(plugin: &str, pages: &[&str], allowed: &[usize]) {
    let config = format!(
        "site_name: Example\nplugins: [search, {plugin}]\n\
         theme:\n  name: material\n  custom_dir: overrides\n\
         markdown_extensions:\n  - pymdownx.snippets:\n      base_path: [includes]\n"
    );
    let site = Site::new(&[
        ("project/mkdocs.yml", config.as_str()),
        ("project/includes/good.txt", "good snippet\n"),
        (
            "project/overrides/main.html",
            "{% extends \"base.html\" %}\n",
        ),
        ("project/docs/index.md", "# Home\n"),
        ("project/includes-secret/x.md", SECRET),
        ("project/docs-secret/x.md", SECRET),
        ("project/secret.md", SECRET),
        ("secret.md", SECRET),
        ("elsewhere/docs/page.md", SECRET),
        ("project/.git/config", SECRET),
        ("project/.env", SECRET),
    ]);
    for (target, link) in [
        (site.path("secret.md"), "project/docs/absolute.md"),
        ("../../secret.md".into(), "project/docs/relative.md"),
        ("../../elsewhere/docs".into(), "project/docs/folder"),
        ("../secret.md".into(), "project/includes/link.md"),
        ("../../secret.md".into(), "project/includes/out.md"),
        ("../.git/config".into(), "project/docs/config.txt"),
        ("../.git".into(), "project/docs/git"),
        ("../.env".into(), "project/docs/env.txt"),
    ] {
        symlink(target, site.path(link)).expect("a link");
    }
    let outside = site.path("secret.md").display().to_string();
    for (number, text) in pages.iter().enumerate() {
        let text = text.replace("OUTSIDE", &outside);
        site.write(&format!("project/docs/page{number}.md"), text);
    }
    let server = Server::start(&site.path("project"), &["-a", "127.0.0.1:0"]);
    for (number, text) in pages.iter().enumerate() {
        let answer = get(&server, &format!("/page{number}/"));
        let shown = answer.contains(SECRET);
        assert_eq!(shown, allowed.contains(&number), "{text}: {answer}");
        assert!(!answer.contains("root:"), "{text}: {answer}");
    }
    for address in [
        "/absolute/",
        "/relative/",
        "/folder/page/",
        "/config.txt",
        "/git/config",
        "/env.txt",
    ] {
        assert_eq!(status(&get(&server, address)), 404, "{address}");
    }
    let checked = site.run(&["check", "project"]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned()
        + &String::from_utf8_lossy(&checked.stdout);
    for link in ["docs/absolute.md", "docs/relative.md", "docs/folder"] {
        let message = format!("the symbolic link `{link}` is not followed");
        assert!(said.contains(&message), "{link}: {said}");
    }
}

#[test]
fn snippets_links_and_templates_stay_in_their_folders() {
    let pages = [
        "--8<-- \"link.md\"",
        "--8<-- \"out.md\"",
        "--8<-- \"../secret.md\"",
        "--8<-- \"../includes-secret/x.md\"",
        "--8<-- \"../../secret.md\"",
        "--8<-- \"/etc/passwd\"",
        "--8<-- \"OUTSIDE\"",
        "[a](../../secret.md) ![b](../../secret.md)",
        "---\ntemplate: ../secret.md\n---\n",
        "---\ntemplate: ../../secret.md\n---\n",
        "---\ntemplate: /etc/passwd\n---\n",
    ];
    no_page_shows_the_secret("tags", &pages, &[0]);
}

#[test]
fn macros_stay_in_the_docs_folder() {
    let pages = [
        "{% include \"../secret.md\" %}",
        "{% include \"../../secret.md\" %}",
        "{% include \"../docs-secret/x.md\" %}",
        "{% include \"absolute.md\" %}",
        "{% include \"/etc/passwd\" %}",
        "{% include \"OUTSIDE\" %}",
        "{% import \"../secret.md\" as x %}{{ x }}",
        "{% extends \"../secret.md\" %}",
    ];
    no_page_shows_the_secret("macros", &pages, &[]);
}

#[test]
fn included_pages_lie_in_the_project() {
    let pages = [
        // As the plugin allows, a page may include files beside the docs.
        "{% include-markdown \"../secret.md\" %}",
        "{% include-markdown \"../../secret.md\" %}",
        "{% include-markdown \"../../*.md\" %}",
        "{% include-markdown \"./folder/page.md\" %}",
        "{% include-markdown \"../../../../../../../../../../etc/passwd\" %}",
        "{% include-markdown \"/etc/passwd\" %}",
        "{% include-markdown \"OUTSIDE\" %}",
        "{% include \"../../secret.md\" %}",
    ];
    no_page_shows_the_secret("include-markdown", &pages, &[0]);
}

#[test]
fn a_docs_folder_outside_the_project_is_refused_with_a_way_to_allow_it() {
    let site = Site::new(&[
        ("project/mkdocs.yml", "site_name: Example\n"),
        ("elsewhere/index.md", SECRET),
    ]);
    symlink("../elsewhere", site.path("project/docs")).expect("a link");
    let checked = site.run(&["check", "project"]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned()
        + &String::from_utf8_lossy(&checked.stdout);
    assert!(said.contains("refused-link"), "{said}");
    site.write(
        "project/mkdocs.yml",
        "site_name: Example\ndocs_dir: ../elsewhere\n",
    );
    let server = Server::start(&site.path("project"), &["-a", "127.0.0.1:0"]);
    assert!(get(&server, "/").contains(SECRET));
}
