//! What a site without a readable history shows.

use super::*;

#[test]
fn a_site_without_git_works_but_for_ages() {
    let site = Site::new(&[("docs/index.md", "# Home\n")]);
    let server = site.serve();
    assert_eq!(server.get("/").status, 200);
    let told = ages(&server, "/");
    assert_eq!(told["unknown"], "the file is not in a git repository");
    let list = server.get("/__proofroom/ages").body;
    assert!(
        list.contains("the file is not in a git repository"),
        "{list}"
    );
    let view = server.get("/__proofroom/blame/docs/index.md").body;
    assert!(
        view.contains("the file is not in a git repository"),
        "{view}"
    );
}

#[test]
fn a_missing_git_is_reported_once() {
    let site = aged_site();
    let nothing = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
    command
        .current_dir(site.path(""))
        .env("PATH", nothing.path())
        .args(["serve", "--dev-addr", "127.0.0.1:0"])
        .stderr(Stdio::piped());
    let mut server = Server::spawn(command);
    let said = BufReader::new(server.process().stderr.take().expect("piped"));
    let mut said = said.lines().map(|line| line.expect("UTF-8"));
    let told = ages(&server, "/sub/a/");
    let why = "git is not installed, so the age of lines is unknown";
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

/// Stands for a git that never comes back where it is asked what has `hangs` in
/// it: says on a pipe that it lives, and in a file that it was asked.
fn hanging_git(folder: &Path, hangs: &str) -> (std::path::PathBuf, std::path::PathBuf) {
    use std::os::unix::fs::PermissionsExt as _;
    let (alive, asked) = (folder.join("alive"), folder.join("asked"));
    assert!(pipe(&alive), "mkfifo runs");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = path.display();
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *'{hangs}'*) ;; *) PATH='{path}' exec git \"$@\" ;; esac\n\
         echo \"$*\" >> '{}'\nexec 3> '{}'\nexec sleep 100000\n",
        asked.display(),
        alive.display()
    );
    let git = folder.join("git");
    fs::write(&git, script).expect("written");
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).expect("executable");
    (alive, asked)
}

fn pipe(at: &Path) -> bool {
    let made = Command::new("mkfifo").arg(at).status();
    made.is_ok_and(|status| status.success())
}

/// A server whose git is the one in `folder`.
fn with_git_of(folder: &Path, site: &Site) -> Server {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = [folder.to_owned()];
    let paths = paths.into_iter().chain(std::env::split_paths(&path));
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
    command
        .current_dir(site.path(""))
        .env("PATH", std::env::join_paths(paths).expect("a path"))
        .env("XDG_CACHE_HOME", folder)
        .args(["serve", "--dev-addr", "127.0.0.1:0"])
        .stderr(Stdio::null());
    Server::spawn(command)
}

/// Does something that may never end, and fails where it does not.
fn in_time<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, done) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    done.recv_timeout(2 * PATIENCE).expect(what)
}

#[cfg(target_os = "linux")]
#[test]
fn no_git_outlives_the_server_however_it_ends() {
    use std::io::Read as _;
    let site = aged_site();
    let folder = tempfile::tempdir().expect("a folder");
    let (alive, _) = hanging_git(folder.path(), "");
    // Its background asks by itself.
    let server = with_git_of(folder.path(), &site);
    let open = move || fs::File::open(alive).expect("a pipe");
    let mut alive = in_time("git is asked", open);
    // By a signal that nobody can catch.
    drop(server);
    in_time("git has ended", move || {
        alive.read_to_end(&mut Vec::new()).expect("a pipe")
    });
}

#[test]
fn a_git_that_hangs_is_given_up_on_and_pages_answer_meanwhile() {
    let site = aged_site();
    let folder = tempfile::tempdir().expect("a folder");
    let (alive, asked) = hanging_git(folder.path(), "");
    // Held, so that git does not wait for a reader.
    let held = std::thread::spawn(move || fs::File::open(alive).expect("a pipe"));
    let server = with_git_of(folder.path(), &site);
    let _held = held.join().expect("git is asked");
    assert!(server.get("/sub/a/").body.contains("First words."));
    let why = "the age of lines is unknown: git did not answer within 10 s and is not asked \
               again for 60 s";
    assert_eq!(ages(&server, "/sub/a/")["unknown"], why);
    assert_eq!(ages(&server, "/")["unknown"], why);
    let count = || fs::read_to_string(&asked).expect("asked").lines().count();
    let before = count();
    for _ in 0..20 {
        assert_eq!(ages(&server, "/sub/a/")["unknown"], why);
    }
    let list = server.get("/__proofroom/ages").body;
    assert!(list.contains("git did not answer within 10 s"), "{list}");
    assert_eq!(count(), before, "it is left alone for a while");
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn no_change_waits_for_a_history_that_is_read() {
    let site = aged_site();
    let dates = format!("{CONFIG}plugins: [git-revision-date-localized]\n");
    site.write("mkdocs.yml", dates);
    let folder = tempfile::tempdir().expect("a folder");
    let (alive, asked) = hanging_git(folder.path(), " log ");
    let server = with_git_of(folder.path(), &site);
    // Whoever looks at the site waits for it.
    let open = move || fs::File::open(alive).expect("a pipe");
    let _alive = in_time("git is asked", open);
    site.save("docs/sub/a.md", "# Alpha\n\nOther words.\n");
    site.save("mkdocs.yml", CONFIG);
    let answer = server.get("/sub/a/");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("Other words."), "{}", answer.body);
    let asked = fs::read_to_string(asked).expect("asked");
    assert_eq!(asked.lines().count(), 1, "it is asked once: {asked}");
}

/// Builds, checks and serves a site that asks git for dates: each answers.
fn is_made_without_ages(site: &Site, name: &str, why: &str) {
    let folder = site.path("");
    let run = |command: &'static str| {
        let mut process = Command::new(env!("CARGO_BIN_EXE_proofroom"));
        process.current_dir(&folder).args([command, "--verbose"]);
        in_time(name, move || process.output().expect("it runs"))
    };
    let server = site.serve();
    let built = run("build");
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    // What is read here too is an error with its name, and not waited for.
    let names_it = |said: &str| said.contains("cannot be read") && said.contains(name);
    if built.status.success() {
        let warned = said.contains("cannot read the git history") && said.contains(why);
        // This one is read for lines alone, and the dates are there.
        let is_for_lines = name == "docs/sub/.gitattributes";
        assert!(warned || is_for_lines, "{name}: {said}");
    } else {
        assert!(names_it(&said), "{name}: {said}");
    }
    let checked = run("check").status.code();
    assert!(checked.is_some(), "{name}");
    let page = server.get("/sub/a/").body;
    assert!(
        page.contains("First words.") || names_it(&page),
        "{name}: {page}"
    );
    let told = ages(&server, "/sub/a/");
    let unknown = told["unknown"].as_str().unwrap_or_default();
    assert!(unknown.contains(why), "{name}: {told}");
}

#[test]
fn pipes_in_place_of_what_git_reads_hold_nothing_up() {
    let config = format!("{CONFIG}plugins: [git-revision-date-localized, git-authors]\n");
    for name in [
        ".git",
        ".git/HEAD",
        ".git/config",
        ".git/packed-refs",
        ".git/objects/info/alternates",
        ".git-blame-ignore-revs",
        ".gitattributes",
        "docs/sub/.gitattributes",
        ".mailmap",
    ] {
        let site = aged_site();
        site.write("mkdocs.yml", &config);
        let path = site.path(name);
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("removed");
        } else if path.exists() {
            fs::remove_file(&path).expect("removed");
        }
        assert!(pipe(&path), "mkfifo runs");
        let why =
            format!("{name}` is neither a file nor a folder, and git would wait for it for ever");
        is_made_without_ages(&site, name, &why);
    }
}

#[test]
fn a_pipe_as_an_included_configuration_is_given_up_on() {
    let site = aged_site();
    site.write(
        "mkdocs.yml",
        format!("{CONFIG}plugins: [git-revision-date-localized]\n"),
    );
    assert!(pipe(&site.path(".git/more")), "mkfifo runs");
    git(&site.path(""), &["config", "include.path", "more"]);
    is_made_without_ages(
        &site,
        "an included configuration",
        "git did not answer within 10 s",
    );
}
