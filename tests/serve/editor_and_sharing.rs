//! From the page to the editor, and to a reviewer elsewhere.

use crate::answers::site;
use crate::harness::Server;

#[test]
fn a_page_opens_the_editor_and_nobody_else_does() {
    let site = site();
    site.write("docs/a b;$(c).md", "# Odd\n");
    // Stands in for an editor: shows its arguments on a page.
    site.write(
        "editor.sh",
        "printf '# Opened\\n\\n<%s>\\n' \"$@\" > docs/opened.tmp && mv docs/opened.tmp docs/opened.md\n",
    );
    let script = site.path("editor.sh");
    let editor = format!("sh '{}' {{line}} {{path}}", script.display());
    let arguments = ["--dev-addr", "127.0.0.1:0", "--editor", &editor];
    let server = Server::start(&site.path(""), &arguments);
    let origin = format!("http://{}", server.host());
    let own = [("Host", server.host()), ("Origin", &origin)];
    let wish = |path: &str| serde_json::json!({"path": path, "line": 7}).to_string();
    let edit = |headers: &[(&str, &str)], body: &str| {
        server
            .send("POST", "/__proofroom/edit", headers, body)
            .status
    };
    let mut opened = server.tab("opened/");
    assert_eq!(edit(&own, &wish("docs/a b;$(c).md")), 200);
    opened.wait_for("page");
    let shown = server.get("/opened/").body;
    let path = site
        .path("docs/a b;$(c).md")
        .canonicalize()
        .expect("it is there");
    assert!(
        shown.contains("&lt;7&gt;") || shown.contains("<7>"),
        "{shown}"
    );
    assert!(shown.contains(&*path.to_string_lossy()), "{shown}");

    let evil = [("Host", server.host()), ("Origin", "http://evil.example")];
    let foreign = [("Host", "evil.example"), ("Origin", &origin)];
    let proxied = [own[0], own[1], ("X-Forwarded-For", "192.0.2.7")];
    for (headers, body, status) in [
        (&proxied[..], wish("docs/a.md"), 403),
        (&own[..1], wish("docs/a.md"), 403),
        (&evil[..], wish("docs/a.md"), 403),
        (&foreign[..], wish("docs/a.md"), 403),
        (&own[..], wish("../a.md"), 404),
        (&own[..], wish("/etc/passwd"), 404),
        (&own[..], wish("docs"), 404),
        (&own[..], wish("docs/none.md"), 404),
        (&own[..], "{\"path\": 1}".to_owned(), 400),
        (
            &own[..],
            format!("{{\"path\": \"{}\"}}", "x".repeat(9000)),
            400,
        ),
    ] {
        assert_eq!(edit(headers, &body), status, "{headers:?} {body}");
    }
    assert_eq!(server.get("/__proofroom/edit").status, 405);
}

#[test]
fn an_editor_that_is_refused_is_named_once_with_the_reason() {
    let site = site();
    let said = |arguments: &[&str], visual: &str| {
        let path = site.path("said");
        let file = std::fs::File::create(&path).expect("a file");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_proofroom"));
        command
            .current_dir(site.path(""))
            .env("NO_COLOR", "1")
            .env("VISUAL", visual)
            .args(["serve", "--dev-addr", "127.0.0.1:0"])
            .args(arguments)
            .stderr(file);
        drop(Server::spawn(command));
        let said = std::fs::read_to_string(path).expect("readable");
        said.matches("refused-editor")
            .count()
            .checked_sub(1)
            .map(|more| (more, said))
    };
    let own = ["--editor", "$EDITOR"];
    let (more, text) = said(&own, "sh -c 'vim {path}'").expect("it is said");
    assert_eq!(more, 0, "{text}");
    for part in ["`$VISUAL`", "part of a script", "help: ", "--editor"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(
        said(&own, "$EDITOR")
            .expect("it is said")
            .1
            .contains("refers to itself")
    );
    assert_eq!(said(&own, "vim"), None);
    assert_eq!(said(&[], "sh -c 'vim {path}'"), None);
}

#[test]
fn a_shared_site_can_be_read_only_with_the_token() {
    let site = site();
    let arguments = ["--dev-addr", "127.0.0.1:0", "--share", "--editor", "vscode"];
    let server = Server::start(&site.path(""), &arguments);
    let host = ("Host", server.host());
    let (_, token) = server.home.split_once("/?proofroom=").expect("a token");
    assert_eq!(token.len(), 32);
    for path in [
        "/",
        "/a/",
        "/style.css",
        "/__proofroom/client.js",
        "/__proofroom/live",
        "/nowhere/",
        "/?proofroom=",
        "/?proofroom=0",
    ] {
        let answer = server.ask(path, &[host]);
        assert_eq!(answer.status, 403, "{path}");
        assert!(!answer.head.contains("set-cookie"), "{path}");
    }
    let welcome = server.ask(&format!("/a/?q=%22%3E&proofroom={token}"), &[host]);
    assert_eq!(welcome.status, 200);
    let cookie = welcome
        .head
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.expect("a cookie");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    assert!(
        welcome.body.contains("url=/a/?q=%22%3E\""),
        "{}",
        welcome.body
    );
    assert!(!welcome.body.contains(token), "{}", welcome.body);

    // Behind a proxy on this machine, a browser may know the page by another path.
    let proxied = [host, ("X-Forwarded-Proto", "https")];
    let there = server.ask(&format!("/a/?q=%22%3E&proofroom={token}"), &proxied);
    assert!(there.body.contains("url=./?q=%22%3E\""), "{}", there.body);
    assert!(
        there.head.contains("SameSite=Strict; Secure"),
        "{}",
        there.head
    );

    let cookie = cookie.split(';').next().expect("its value");
    let guest = [host, ("Cookie", cookie)];
    assert!(server.ask("/a/", &guest).body.contains("First words."));
    assert_eq!(
        server
            .ask("/a/", &[host, ("Cookie", &format!("{cookie}0"))])
            .status,
        403
    );
    // Reading only, and no editor.
    let origin = format!("http://{}", server.host());
    let guest = [host, ("Cookie", cookie), ("Origin", &origin)];
    let body = "{\"path\": \"docs/a.md\", \"line\": 1}";
    assert_eq!(
        server
            .send("POST", "/__proofroom/edit", &guest, body)
            .status,
        403
    );
    assert_eq!(server.send("POST", "/a/", &guest, body).status, 405);
}

#[test]
fn a_project_does_not_choose_what_runs() {
    let site = site();
    site.write(
        "proofroom.toml",
        "base = \"mkdocs.yml\"\n[server]\neditor = \"rm -rf\"\n",
    );
    let checked = site.run(&["check"]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned()
        + &String::from_utf8_lossy(&checked.stdout);
    assert!(said.contains("which only `--editor` may"), "{said}");
    site.write(
        "proofroom.toml",
        "base = \"mkdocs.yml\"\n[server]\neditor = \"vscode\"\n",
    );
    let server = site.serve();
    let origin = format!("http://{}", server.host());
    let own = [("Host", server.host()), ("Origin", origin.as_str())];
    let answer = server.send(
        "POST",
        "/__proofroom/edit",
        &own,
        "{\"path\": \"docs/a.md\", \"line\": 3}",
    );
    assert!(
        answer.body.contains("\"open\":\"vscode://file/")
            && answer.body.contains("docs/a.md:3:1\""),
        "{}",
        answer.body
    );
}
