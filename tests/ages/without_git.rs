//! What a site without a readable history shows.

use super::*;

#[test]
fn without_git_nothing_else_suffers() {
    let site = Site::new(&[("docs/index.md", "# Home\n")]);
    let server = site.serve();
    assert_eq!(server.get("/").status, 200);
    let told = ages(&server, "/");
    assert_eq!(told["unknown"], "the file lies in no git repository");
    let list = server.get("/__proofroom/ages").body;
    assert!(
        list.contains("the file lies in no git repository"),
        "{list}"
    );
    let view = server.get("/__proofroom/blame/docs/index.md").body;
    assert!(
        view.contains("the file lies in no git repository"),
        "{view}"
    );
}

#[test]
fn what_keeps_git_away_is_said_once() {
    let site = site();
    let nothing = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
    command
        .current_dir(site.path(""))
        .env("PATH", nothing.path())
        .args(["serve", "--dev-addr", "127.0.0.1:0"])
        .stderr(Stdio::piped());
    let mut server = Served::spawn(command);
    let said = BufReader::new(server.process().stderr.take().expect("piped"));
    let mut said = said.lines().map(|line| line.expect("UTF-8"));
    let told = ages(&server, "/sub/a/");
    let why = "git is not installed, so the age of lines is not known";
    assert_eq!(told["unknown"], why);
    // Said after one look at the site, and not after those behind it.
    let mut notes = Vec::new();
    for target in ["gone.md", "away.md", "last.md"] {
        site.save("docs/sub/a.md", &format!("# Alpha\n\n[x]({target})\n"));
        let lines = said.by_ref().take_while(|line| !line.contains(target));
        notes.extend(lines.filter(|line| line.contains("git")));
    }
    assert_eq!(notes, [format!("note: {why}")]);
}
