//! What clones that are not complete are told to fetch, as their reader would run it.

use super::base::{asked, error, find, forked, in_ci, short};
use super::*;

/// What a job for a pull request checks out: the last commit of a merge alone.
#[test]
fn a_clone_of_one_commit_is_told_what_to_fetch() {
    let (site, [_, main, _]) = forked();
    let origin = site.path("");
    git(&origin, &["checkout", "--quiet", "--detach", "main"]);
    git(&origin, &["merge", "--quiet", "--no-edit", "feature"]);
    git(&origin, &["update-ref", "refs/pull/1/merge", "HEAD"]);
    git(&origin, &["checkout", "--quiet", "feature"]);
    let clones = Clones::new();
    let job = clones.0.path().join("job");
    fs::create_dir(&job).expect("a folder");
    git(&job, &["init", "--quiet"]);
    let address = format!("file://{}", origin.display());
    git(&job, &["remote", "add", "origin", &address]);
    let spec = "+refs/pull/1/merge:refs/remotes/pull/1/merge";
    git(&job, &["fetch", "--quiet", "--depth=1", "origin", spec]);
    git(&job, &["checkout", "--quiet", "refs/remotes/pull/1/merge"]);
    let (_, fetch) = error(in_ci(&job, "GITHUB_BASE_REF", "main"));
    let fetch = fetch.expect("a command");
    assert_eq!(fetch, "git fetch --unshallow origin main");
    // With less than that the history is still cut off.
    run(&job, "git fetch --depth=1 origin main");
    let (message, rest) = error(in_ci(&job, "GITHUB_BASE_REF", "main"));
    assert!(
        message.starts_with("the history of this shallow clone ends before"),
        "{message}"
    );
    let rest = rest.expect("a command");
    assert_eq!(rest, "git fetch --unshallow origin");
    run(&job, &rest);
    let base = in_ci(&job, "GITHUB_BASE_REF", "main").expect("a base");
    assert_eq!(short(Ok(base)), (main.clone(), "`origin/main`".into()));
    // Both at once.
    git(&job, &["update-ref", "-d", "refs/remotes/origin/main"]);
    git(&job, &["fetch", "--quiet", "--depth=1", "origin", spec]);
    let (_, again) = error(in_ci(&job, "GITHUB_BASE_REF", "main"));
    assert_eq!(again.as_deref(), Some(&*fetch));
    run(&job, &fetch);
    assert_eq!(
        in_ci(&job, "GITHUB_BASE_REF", "main")
            .expect("a base")
            .commit,
        main
    );
}

#[test]
fn a_clone_of_one_branch_is_told_what_to_fetch() {
    let (site, [middle, _, feature]) = forked();
    git(&site.path(""), &["checkout", "--quiet", "main"]);
    let clones = Clones::new();
    let flags = ["--depth=1", "--branch", "feature"];
    for (nth, wanted) in ["main", "origin/main", "refs/heads/main"]
        .into_iter()
        .enumerate()
    {
        let clone = clones.of(&site.path(""), &nth.to_string(), &flags);
        let (message, fetch) = error(asked(&clone, wanted));
        assert!(message.starts_with(&format!("there is no branch, tag or commit `{wanted}`")));
        let fetch = fetch.expect("a command");
        assert_eq!(
            fetch,
            "git fetch --unshallow origin main:refs/remotes/origin/main"
        );
        run(&clone, &fetch);
        assert_eq!(asked(&clone, "main").expect("a base").commit, middle);
    }
    let clone = clones.of(&site.path(""), "clone", &flags);
    let (message, fetch) = error(find(&clone));
    assert!(
        message.contains("does not know the default branch"),
        "{message}"
    );
    run(&clone, &fetch.expect("a command"));
    assert_eq!(find(&clone).expect("a base").commit, middle);
    // Commits from before the first one.
    let clone = clones.of(&site.path(""), "commits", &flags);
    for (wanted, expected) in [
        ("HEAD~1", "git fetch --unshallow origin"),
        (&middle[..8], "git fetch --unshallow origin"),
        (&*middle, &*format!("git fetch --unshallow origin {middle}")),
        ("refs/tags/v1", "git fetch --unshallow origin tag v1"),
    ] {
        assert_eq!(error(asked(&clone, wanted)).1.as_deref(), Some(expected));
    }
    run(&clone, &format!("git fetch --unshallow origin {middle}"));
    assert_eq!(asked(&clone, "HEAD~1").expect("a base").commit, middle);
    // Tags, which git fetches in another way than branches.
    git(&site.path(""), &["tag", "v1", "main"]);
    let clone = clones.of(
        &site.path(""),
        "tags",
        &[&flags[..], &["--no-tags"]].concat(),
    );
    let (message, _) = error(asked(&clone, "v1"));
    let command = "git fetch --unshallow origin tag v1";
    assert!(
        message.ends_with(&format!(", or `{command}` if it is a tag")),
        "{message}"
    );
    run(&clone, command);
    assert_eq!(
        short(asked(&clone, "v1")),
        (middle.clone(), "merge base of `HEAD` and `v1`".into())
    );
    // What is checked out needs no history.
    let clone = clones.of(&site.path(""), "head", &flags);
    assert_eq!(asked(&clone, "HEAD").expect("a base").commit, feature);
}

#[test]
fn a_remote_whose_default_branch_is_unknown_is_asked_for_it() {
    let (site, [middle, ..]) = forked();
    let origin = site.path("");
    git(&origin, &["branch", "-m", "main", "trunk"]);
    git(&origin, &["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    let clones = Clones::new();
    let clone = clones.of(&origin, "clone", &["--branch", "feature"]);
    git(
        &clone,
        &["symbolic-ref", "--delete", "refs/remotes/origin/HEAD"],
    );
    let (_, fetch) = error(find(&clone));
    let fetch = fetch.expect("a command");
    assert_eq!(fetch, "git remote set-head origin --auto");
    run(&clone, &fetch);
    assert_eq!(find(&clone).expect("a base").commit, middle);
}

#[test]
fn a_partial_clone_fetches_nothing() {
    let (site, [middle, ..]) = forked();
    let origin = site.path("");
    git(&origin, &["checkout", "--quiet", "main"]);
    git(&origin, &["config", "uploadpack.allowFilter", "true"]);
    git(
        &origin,
        &["config", "uploadpack.allowAnySHA1InWant", "true"],
    );
    let clones = Clones::new();
    let clone = clones.of(
        &origin,
        "blobless",
        &["--filter=blob:none", "--branch", "feature"],
    );
    let before = count_objects(&clone);
    assert_eq!(find(&clone).expect("a base").commit, middle);
    assert_eq!(count_objects(&clone), before);
    let clone = clones.of(
        &origin,
        "treeless",
        &["--filter=tree:0", "--branch", "feature"],
    );
    let before = count_objects(&clone);
    let (message, fetch) = error(find(&clone));
    assert!(
        message.contains("does not have the files of commit"),
        "{message}"
    );
    assert_eq!(count_objects(&clone), before);
    let fetch = fetch.expect("a command");
    assert_eq!(fetch, "git fetch --refetch --no-filter origin");
    run(&clone, &fetch);
    assert_eq!(find(&clone).expect("a base").commit, middle);
}
