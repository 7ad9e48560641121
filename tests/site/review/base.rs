//! Which commit a review compares with.

use proofroom::git::{Base, BaseChoice, Failure, NoBase};

use super::*;

pub(super) type Found = Result<Base, NoBase>;

pub(super) fn find(folder: &Path) -> Found {
    Base::find(folder, None, &BTreeMap::new())
}

pub(super) fn asked(folder: &Path, wanted: &str) -> Found {
    Base::find(folder, Some(wanted), &BTreeMap::new())
}

pub(super) fn in_ci(folder: &Path, variable: &str, branch: &str) -> Found {
    let environment = [(variable.to_owned(), branch.to_owned())].into();
    Base::find(folder, None, &environment)
}

/// The commit and what it was found by.
pub(super) fn short(found: Found) -> (String, String) {
    let base = found.expect("a base");
    (base.commit.clone(), base.to_string())
}

/// The message of an error, and the command in it.
pub(super) fn error(found: Found) -> (String, Option<String>) {
    let error = found.expect_err("no base");
    let fetch = error.fetch().map(str::to_owned);
    let message = error.to_string();
    if let Some(fetch) = &fetch {
        assert!(message.contains(&format!(": run `{fetch}`")), "{message}");
    }
    (message, fetch)
}

/// A repository whose `main` moved on after `feature` left it, `feature` checked out.
/// Returns the commits in the middle, of `main` and of `feature`.
pub(super) fn forked() -> (Site, [String; 3]) {
    let site = repository(&[("docs/a.md", "# A\n")]);
    let folder = site.path("");
    let middle = git(&folder, &["rev-parse", "HEAD"]);
    git(&folder, &["checkout", "--quiet", "-b", "feature"]);
    site.write("docs/b.md", "# B\n");
    let feature = commit(&folder, 1, "Feature");
    git(&folder, &["checkout", "--quiet", "main"]);
    site.write("docs/c.md", "# C\n");
    let main = commit(&folder, 2, "Move on");
    git(&folder, &["checkout", "--quiet", "feature"]);
    (site, [middle, main, feature])
}

#[test]
fn a_base_that_moved_on_is_left_where_the_branch_began() {
    let (site, [middle, main, feature]) = forked();
    let folder = site.path("docs");
    let base = find(&folder).expect("a base");
    assert_eq!(
        base,
        Base {
            commit: middle.clone(),
            revision: "main".to_owned(),
            tip: main.clone(),
            head: feature.clone(),
            head_name: "HEAD".to_owned(),
            choice: BaseChoice::UsualName,
        }
    );
    assert_eq!(base.to_string(), "merge base of `HEAD` and `main`");
    assert_eq!(find(&site.path("")), Ok(base.clone()));
    let same = asked(&folder, "main").expect("a base");
    assert_eq!(
        (same.commit, same.choice),
        (middle.clone(), BaseChoice::Asked)
    );
    assert_eq!(
        asked(&folder, "").map(|it| it.choice),
        Ok(BaseChoice::UsualName)
    );
    // Commits and tags too; what HEAD contains is itself the base.
    git(&folder, &["tag", "-a", "v1", "-m", "One", &main]);
    git(&folder, &["tag", "v0", &middle]);
    assert_eq!(
        short(asked(&folder, "v1")),
        (middle.clone(), "merge base of `HEAD` and `v1`".into())
    );
    assert_eq!(asked(&folder, &main).expect("a base").commit, middle);
    assert_eq!(short(asked(&folder, "v0")), (middle.clone(), "`v0`".into()));
    assert_eq!(
        short(asked(&folder, "HEAD~1")),
        (middle.clone(), "`HEAD~1`".into())
    );
    assert_eq!(
        short(asked(&folder, "HEAD")),
        (feature.clone(), "`HEAD`".into())
    );
    assert_eq!(
        short(asked(&folder, "feature")),
        (
            feature.clone(),
            "`feature`, the commit that is checked out".into()
        )
    );
    // Without a branch, and in another work tree.
    git(&folder, &["checkout", "--quiet", "--detach"]);
    assert_eq!(find(&folder).expect("a base").commit, middle);
    let clones = Clones::new();
    let tree = clones.0.path().join("tree");
    let tree_text = tree.to_str().expect("UTF-8");
    git(
        &folder,
        &["worktree", "add", "--quiet", tree_text, "feature"],
    );
    assert_eq!(short(find(&tree)), (middle, base.to_string()));
    // On the branch itself only what is not committed is new.
    git(&folder, &["checkout", "--quiet", "main"]);
    assert_eq!(
        short(find(&folder)),
        (main, "`main`, the commit that is checked out".into())
    );
    git(&folder, &["branch", "-m", "main", "master"]);
    assert_eq!(find(&folder).expect("a base").revision, "master");
}

#[test]
fn the_default_branch_of_a_remote_comes_first() {
    let (site, [middle, main, _]) = forked();
    let origin = site.path("");
    git(&origin, &["checkout", "--quiet", "main"]);
    let clones = Clones::new();
    let clone = clones.of(&origin, "clone", &[]);
    // Commits that are not pushed are shown.
    fs::write(clone.join("docs/d.md"), "# D\n").expect("written");
    commit(&clone, 3, "Not pushed");
    let base = find(&clone).expect("a base");
    assert_eq!(
        (base.commit.as_str(), base.revision.as_str()),
        (&*main, "origin/main")
    );
    assert_eq!(base.choice, BaseChoice::DefaultBranch);
    assert_eq!(base.to_string(), "`origin/main`");
    git(&clone, &["checkout", "--quiet", "feature"]);
    assert_eq!(
        short(find(&clone)),
        (
            middle.clone(),
            "merge base of `HEAD` and `origin/main`".into()
        )
    );
    // A branch that only the remote has needs no more than its name.
    git(&clone, &["checkout", "--quiet", "--detach"]);
    git(&clone, &["branch", "--quiet", "-D", "main", "feature"]);
    assert_eq!(
        asked(&clone, "main").expect("a base").revision,
        "origin/main"
    );
    assert_eq!(
        asked(&clone, "origin/main").expect("a base").revision,
        "origin/main"
    );
    // The default branch has any name.
    git(&origin, &["branch", "-m", "main", "trunk"]);
    let other = clones.of(&origin, "other", &["--branch", "feature"]);
    assert_eq!(find(&other).expect("a base").revision, "origin/trunk");
    // A fork is compared with what it was made from.
    let fork = clones.of(&other, "fork", &[]);
    assert_eq!(find(&fork).expect("a base").revision, "origin/feature");
    git(
        &fork,
        &["remote", "add", "upstream", origin.to_str().expect("UTF-8")],
    );
    git(&fork, &["fetch", "--quiet", "upstream"]);
    git(&fork, &["remote", "set-head", "upstream", "--auto"]);
    assert_eq!(
        short(find(&fork)),
        (middle, "merge base of `HEAD` and `upstream/trunk`".into())
    );
    // A default branch that is gone does not hide another.
    git(
        &clone,
        &[
            "symbolic-ref",
            "refs/remotes/origin/HEAD",
            "refs/remotes/origin/gone",
        ],
    );
    assert_eq!(find(&clone).expect("a base").revision, "origin/main");
    git(
        &clone,
        &["symbolic-ref", "--delete", "refs/remotes/origin/HEAD"],
    );
    assert_eq!(find(&clone).expect("a base").revision, "origin/main");
}

#[test]
fn the_remote_of_the_branch_comes_before_the_usual_one() {
    let (site, _) = forked();
    let clones = Clones::new();
    let clone = clones.of(&site.path(""), "clone", &["--branch", "feature"]);
    git(
        &clone,
        &[
            "remote",
            "add",
            "company",
            site.path("").to_str().expect("UTF-8"),
        ],
    );
    git(&clone, &["fetch", "--quiet", "company"]);
    assert!(
        find(&clone)
            .expect("a base")
            .revision
            .starts_with("origin/")
    );
    git(
        &clone,
        &["branch", "--quiet", "--set-upstream-to", "company/feature"],
    );
    assert_eq!(find(&clone).expect("a base").revision, "company/main");
}

#[test]
fn ci_names_the_target() {
    let (site, [middle, ..]) = forked();
    let clones = Clones::new();
    let clone = clones.of(&site.path(""), "clone", &[]);
    git(&clone, &["checkout", "--quiet", "--detach"]);
    for variable in ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] {
        let base = in_ci(&clone, variable, "main").expect("a base");
        assert_eq!(
            (base.commit.as_str(), base.revision.as_str()),
            (&*middle, "origin/main")
        );
        assert!(matches!(base.choice, BaseChoice::Variable(it) if it == variable));
        // In the repository itself there is no remote.
        assert_eq!(
            in_ci(&site.path(""), variable, "main")
                .expect("a base")
                .revision,
            "main"
        );
        // It is empty where there is no request.
        assert_eq!(
            in_ci(&clone, variable, "").map(|it| it.choice),
            Ok(BaseChoice::DefaultBranch)
        );
    }
    // Another branch than the target would be the wrong base, and is not taken.
    let (message, fetch) = error(in_ci(&clone, "GITHUB_BASE_REF", "v2"));
    assert_eq!(fetch.as_deref(), Some("git fetch origin v2"));
    assert!(
        message.starts_with("`GITHUB_BASE_REF` says that the target branch is `v2`"),
        "{message}"
    );
    let (_, fetch) = error(in_ci(&clone, "GITHUB_BASE_REF", "a;touch x"));
    assert_eq!(fetch.as_deref(), Some("git fetch origin 'a;touch x'"));
    // Somebody who asks knows better.
    let environment = [("GITHUB_BASE_REF".to_owned(), "v2".to_owned())].into();
    let base = Base::find(&clone, Some("main"), &environment).expect("a base");
    assert_eq!(base.choice, BaseChoice::Asked);
}

#[test]
fn where_there_is_no_base_the_reason_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(find(folder.path()), Err(NoBase::NoRepository));
    let message = NoBase::NoRepository.to_string();
    assert!(message.contains("not in a git repository"), "{message}");
    git(folder.path(), &["init", "--quiet", "-b", "main"]);
    assert_eq!(find(folder.path()), Err(NoBase::NoCommit));
    assert_eq!(asked(folder.path(), "main"), Err(NoBase::NoCommit));
    let (site, _) = forked();
    let site_folder = site.path("");
    for wanted in [
        "gone",
        "--all",
        "HEAD:docs",
        "main..feature",
        "HEAD~9",
        "a b",
        "$(x)",
    ] {
        let (message, fetch) = error(asked(&site_folder, wanted));
        assert!(message.contains(&format!("`{wanted}`")), "{message}");
        assert_eq!(fetch, None, "{wanted}");
    }
    git(&site_folder, &["branch", "-D", "--quiet", "main"]);
    assert_eq!(find(&site_folder), Err(NoBase::NoDefault { fetch: None }));
    // Histories without a beginning in common.
    git(&site_folder, &["checkout", "--quiet", "--orphan", "main"]);
    commit(&site_folder, 3, "Begin again");
    let unrelated = asked(&site_folder, "feature").expect_err("no base");
    assert!(matches!(unrelated, NoBase::Unrelated { .. }));
    assert!(
        unrelated.to_string().contains("no commit in common"),
        "{unrelated}"
    );
    // A broken repository speaks for itself.
    fs::write(site.path(".git/config"), "[broken").expect("written");
    assert!(matches!(
        find(&site_folder),
        Err(NoBase::Git(Failure::Said(_)))
    ));
}

/// As `git diff A...B` has it.
#[test]
fn of_several_merge_bases_git_chooses() {
    let (site, [_, main, feature]) = forked();
    let folder = site.path("");
    git(&folder, &["merge", "--quiet", "--no-edit", &main]);
    git(&folder, &["checkout", "--quiet", "main"]);
    git(&folder, &["merge", "--quiet", "--no-edit", &feature]);
    git(&folder, &["checkout", "--quiet", "feature"]);
    site.write("docs/e.md", "# E\n");
    commit(&folder, 4, "More");
    let all = git(&folder, &["merge-base", "--all", "main", "HEAD"]);
    assert_eq!(all.lines().count(), 2);
    let base = find(&folder).expect("a base").commit;
    let names = |range: &str| git(&folder, &["diff", "--name-only", range]);
    assert_eq!(names(&format!("{base}..HEAD")), names("main...HEAD"));
    // Of a merge of three branches, too.
    git(&folder, &["checkout", "--quiet", "-b", "one", &main]);
    site.write("docs/f.md", "# F\n");
    commit(&folder, 5, "One");
    git(&folder, &["checkout", "--quiet", "-b", "two", &main]);
    site.write("docs/g.md", "# G\n");
    commit(&folder, 5, "Two");
    git(&folder, &["checkout", "--quiet", "-b", "three", &main]);
    git(&folder, &["merge", "--quiet", "--no-edit", "one", "two"]);
    assert_eq!(asked(&folder, "one").expect("a base").to_string(), "`one`");
    assert_eq!(asked(&folder, &main).expect("a base").commit, main);
}

#[test]
fn bases_can_be_chosen_from_a_list() {
    let (site, [middle, main, _]) = forked();
    let folder = site.path("");
    git(&folder, &["tag", "v0", &middle]);
    git(&folder, &["tag", "-a", "v1", "-m", "One", &main]);
    // One name for two things.
    git(&folder, &["tag", "feature", &middle]);
    let clones = Clones::new();
    let clone = clones.of(&folder, "clone", &["--branch", "feature"]);
    let found = Base::candidates(&clone).expect("git says");
    assert!(!found.has_more);
    let mut remote = found.remote_branches.clone();
    remote.sort();
    assert_eq!(remote, ["origin/feature", "origin/main"]);
    let found = Base::candidates(&folder).expect("git says");
    // The newest commit first.
    assert_eq!(found.branches, ["main", "heads/feature"]);
    assert_eq!(found.remote_branches, [""; 0]);
    assert_eq!(found.tags.len(), 3);
    for name in found.branches.iter().chain(&found.tags) {
        assert!(asked(&folder, name).is_ok(), "{name}");
    }
    let refs: String = (0..300)
        .map(|nth| format!("create refs/heads/b{nth} {main}\n"))
        .collect();
    fs::write(clones.0.path().join("refs"), refs).expect("written");
    let input = clones.0.path().join("refs");
    run(
        &folder,
        &format!("git update-ref --stdin < '{}'", input.display()),
    );
    let found = Base::candidates(&folder).expect("git says");
    assert_eq!((found.branches.len(), found.has_more), (200, true));
    assert!(Base::candidates(clones.0.path()).is_err());
}
