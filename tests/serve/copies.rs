//! Copies of files of other sites are downloaded while a site is served, and tabs follow.

use std::process::Command;

use crate::harness::remote::Remote;
use crate::harness::{Server, Site, as_built};

fn site(remote: &Remote) -> Site {
    let host = &remote.host;
    let page = format!("# Home\n\n![A dot](http://{host}/img/dot)\n");
    let sheet = format!("a {{ background: url(http://{host}/img/dark.png) }}\n");
    Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nextra_css: [own.css]\nplugins: [privacy]\n",
        ),
        ("docs/index.md", &page),
        ("docs/own.css", &sheet),
    ])
}

fn serve(site: &Site, flags: &[&str]) -> Server {
    let mut command = Command::new("sh");
    // Notes are on standard error.
    command.args([
        "-c",
        "exec \"$0\" \"$@\" 2>&1",
        env!("CARGO_BIN_EXE_proofroom"),
    ]);
    command
        .args(["serve", "--dev-addr", "127.0.0.1:0"])
        .args(flags);
    command.current_dir(site.path("")).env("NO_COLOR", "1");
    for proxy in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"] {
        command.env_remove(proxy).env_remove(proxy.to_lowercase());
    }
    Server::spawn(command)
}

#[test]
fn tabs_get_the_copies_once_they_are_there() {
    let remote = Remote::start();
    let site = site(&remote);
    let server = serve(&site, &["--fetch-private"]);
    let mut tab = server.tab("");
    let copy = format!("src=\"assets/external/{}/img/dot.gif\"", remote.host);
    server.wait_for(&mut tab, "/", &copy);
    // The style sheet is asked for by browsers, and what it names comes then.
    assert!(server.get("/own.css").body.contains("url(http://"));
    let event = tab.wait_for("style");
    assert_eq!(event["assets"], serde_json::json!(["/own.css"]));
    let sheet = format!("url(assets/external/{}/img/dark.png)", remote.host);
    assert!(server.get("/own.css").body.contains(&sheet));
    // A new one, with what it names: the tab hears of both.
    let host = &remote.host;
    let text = format!(
        "# Home\n\n![A dot](http://{host}/img/dot)\n\n\
         <link rel=\"stylesheet\" href=\"http://{host}/styles/all.css\">\n"
    );
    site.save("docs/index.md", &text);
    server.wait_for(
        &mut tab,
        "/",
        &format!("assets/external/{host}/styles/all.css"),
    );
    // The server sees the file itself too, maybe before what it names is there.
    let sheet = format!("/assets/external/{host}/styles/all.css");
    server.wait_for(&mut tab, &sheet, "url('imported.css')");
    // As a build has it.
    site.run_successfully(&["build", "--offline"]);
    for path in [
        "index.html",
        "own.css",
        &format!("assets/external/{host}/styles/all.css"),
    ] {
        let served = server.get(&format!("/{path}")).body;
        assert_eq!(as_built(&served), site.built(path), "{path}");
    }
    let asked = remote.take_asked();
    let mut once = asked.clone();
    once.dedup();
    assert_eq!(asked, once);
}

#[test]
fn failures_are_told_and_change_nothing() {
    let remote = Remote::start();
    let site = site(&remote);
    let server = serve(&site, &[]);
    let page = server.get("/").body;
    assert!(
        page.contains(&format!("http://{}/img/dot", remote.host)),
        "{page}"
    );
    server.says("cannot be downloaded: `127.0.0.1` is this machine");
    assert_eq!(remote.take_asked(), [""; 0]);
    assert!(!site.path(".cache/plugin/privacy/assets").exists());
}
