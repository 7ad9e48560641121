//! What a repository may configure is never run.

use proofroom::files::System as _;
use proofroom::git::{Base, Forge, RepositoryFacts, Tree, renames};

use super::*;

/// A repository that configures everything to be run that can be, each program
/// leaving a trace.
#[cfg(unix)]
struct Hostile {
    site: Site,
    /// The file of traces.
    ran: PathBuf,
    _trace: tempfile::TempDir,
}

#[cfg(unix)]
impl Hostile {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let site = repository(&[
            ("a.md", "one\n"),
            (".gitattributes", "*.md diff=evil filter=evil\n"),
        ]);
        let folder = site.path("");
        let trace = tempfile::tempdir().expect("a folder");
        let script: PathBuf = trace.path().join("evil");
        let ran = trace.path().join("ran");
        fs::write(
            &script,
            format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\n", ran.display()),
        )
        .expect("written");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("executable");
        let evil = script.to_str().expect("UTF-8");
        for hook in [
            "post-index-change",
            "post-checkout",
            "pre-auto-gc",
            "reference-transaction",
        ] {
            fs::create_dir_all(site.path(".git/hooks")).expect("a folder");
            fs::copy(&script, site.path(".git/hooks").join(hook)).expect("a hook");
        }
        for (name, value) in [
            ("core.fsmonitor", evil),
            ("core.pager", evil),
            ("core.editor", evil),
            ("core.sshCommand", evil),
            ("core.alternateRefsCommand", evil),
            ("pager.blame", evil),
            ("pager.log", evil),
            ("diff.external", evil),
            ("diff.evil.command", evil),
            ("diff.evil.textconv", evil),
            ("filter.evil.clean", evil),
            ("filter.evil.smudge", evil),
            ("filter.evil.process", evil),
            ("filter.evil.required", "true"),
            ("gpg.program", evil),
            ("log.showSignature", "true"),
            ("alias.blame", &format!("!{evil}")),
            ("remote.origin.url", &format!("ext::{evil}")),
            ("remote.origin.promisor", "true"),
            ("remote.origin.uploadpack", evil),
            ("protocol.ext.allow", "always"),
            ("extensions.partialClone", "origin"),
            ("core.repositoryFormatVersion", "1"),
        ] {
            git(&folder, &["config", name, value]);
        }
        Self {
            site,
            ran,
            _trace: trace,
        }
    }

    /// A file as it was committed.
    fn committed(&self, path: &str) -> std::io::Result<Vec<u8>> {
        let tree = Tree::new(&self.site.path(""), "HEAD").expect("a commit");
        tree.read(&path.into())
    }

    /// Asks all that a review asks.
    fn review(&self) {
        let folder = self.site.path("");
        let base = Base::find(&folder, Some("HEAD"), &Default::default()).expect("a base");
        Base::candidates(&folder).expect("git says");
        renames(&folder, &base.commit).expect("git says");
        RepositoryFacts::of(&folder, &base.commit).expect("git says");
        // Where it is fetched from is no forge.
        assert_eq!(Forge::of(&folder).expect("git says"), None);
    }

    /// Makes sure that nothing ran so far, and that something would have.
    fn has_run_nothing(&self) {
        let traces = fs::read_to_string(&self.ran).unwrap_or_default();
        assert_eq!(traces, "", "the repository ran something");
        // Git left to itself does.
        let plain = Command::new("git")
            .current_dir(self.site.path(""))
            .args(["blame", "a.md"])
            .output();
        plain.expect("git is installed");
        assert!(self.ran.exists(), "the trap is set");
    }
}

#[cfg(unix)]
#[test]
fn nothing_of_a_hostile_repository_is_run() {
    let hostile = Hostile::new();
    let site = &hostile.site;
    let folder = site.path("");
    // Dates and authors ask too.
    site.write(
        "mkdocs.yml",
        "site_name: Example\ndocs_dir: docs\nplugins: [git-revision-date-localized, git-authors]\n",
    );
    site.write("docs/index.md", "# Home\n\n{{ git_page_authors }}\n");
    let proofroom = Proofroom::new();
    site.write("a.md", "one\ntwo\n");
    assert_eq!(
        proofroom.dates(&folder, &["a.md"]),
        ["1-1 2023-11-14", "2-2 -"]
    );
    assert!(site.run(&["build"]).status.success());
    assert_eq!(hostile.committed("a.md").expect("it is there"), b"one\n");
    hostile.review();
    hostile.has_run_nothing();
}

#[cfg(unix)]
#[test]
fn nothing_is_fetched_that_a_hostile_repository_lacks() {
    let hostile = Hostile::new();
    let site = &hostile.site;
    let folder = site.path("");
    // As in a clone without blobs, where git would fetch it.
    let blob = git_quiet(&folder, &["rev-parse", "HEAD:a.md"]);
    let object = site.path(&format!(".git/objects/{}/{}", &blob[..2], &blob[2..]));
    fs::remove_file(object).expect("a loose object");
    let fresh = Proofroom::new();
    let said = error(&fresh.run(&folder, &["a.md"]));
    assert!(said.contains("a partial clone"), "{said}");
    let said = hostile
        .committed("a.md")
        .expect_err("it is not there")
        .to_string();
    assert!(said.contains("a partial clone"), "{said}");
    hostile.review();
    hostile.has_run_nothing();
}

/// As [`git`], but that the repository's own settings run nothing.
#[cfg(unix)]
fn git_quiet(folder: &Path, arguments: &[&str]) -> String {
    git(
        folder,
        &[&["-c", "core.fsmonitor=false"], arguments].concat(),
    )
}
