//! Site folders that cannot be exchanged: a mount, and a folder in one that
//! cannot be written. They are changed file by file.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Instant;

use super::interrupted::{both, pages, rewrite, start_as};
use super::tree;
use crate::harness::Site;
use crate::harness::mounts::Mount;
use crate::harness::skip::unprivileged;

/// A site and the folder for it, which cannot be exchanged.
struct Place {
    site: Site,
    /// The site whole, by the text of its pages.
    whole: BTreeMap<&'static str, BTreeMap<String, Vec<u8>>>,
    /// What is mounted; else the folder above cannot be written.
    mounted: Option<Mount>,
    /// Identifies the folder itself, whatever it holds.
    identity: (u64, u64),
}

impl Place {
    /// A mount; `None`, reported as skipped, where there can be none.
    fn mount() -> Option<Self> {
        let mut place = Self::new();
        place.mounted = Some(Mount::over(&place.folder())?);
        place.identity = place.identity();
        let above = fs::metadata(place.site.path("")).expect("a folder");
        assert_ne!(place.identity.0, above.dev(), "it is a mount");
        Some(place)
    }

    /// A folder in one that cannot be written; `None`, reported as
    /// skipped, where everything can be.
    fn closed() -> Option<Self> {
        unprivileged("true")?;
        let place = Self::new();
        place.close(true);
        Some(place)
    }

    fn new() -> Self {
        let (site, whole) = both();
        let mut place = Self {
            site,
            whole: ["two", "one"].into_iter().zip(whole).collect(),
            mounted: None,
            identity: (0, 0),
        };
        fs::remove_dir_all(place.folder()).expect("removed");
        fs::create_dir(place.folder()).expect("a folder");
        place.identity = place.identity();
        place
    }

    fn close(&self, closed: bool) {
        let mode = Permissions::from_mode(if closed { 0o555 } else { 0o755 });
        fs::set_permissions(self.site.path(""), mode).expect("its owner may");
    }

    fn folder(&self) -> PathBuf {
        self.site.path("site")
    }

    fn identity(&self) -> (u64, u64) {
        let metadata = fs::metadata(self.folder()).expect("a folder");
        (metadata.dev(), metadata.ino())
    }

    fn start(&self) -> Child {
        let program = env!("CARGO_BIN_EXE_proofroom");
        let command = match self.mounted {
            Some(_) => Command::new(program),
            None => unprivileged(program).expect("as before"),
        };
        start_as(command, &self.site)
    }

    /// Builds, and checks the result.
    fn build(&self, text: &str, when: &str) {
        assert!(self.start().wait().expect("it ends").success(), "{when}");
        assert!(
            pages(&self.folder()) == self.whole[text],
            "{when}: not the new site"
        );
        assert_eq!(self.identity(), self.identity, "{when}: another folder");
        let names = |folder: &PathBuf| -> Vec<String> {
            let entries = fs::read_dir(folder).expect("a folder").flatten();
            let names = entries.map(|it| it.file_name().to_string_lossy().into_owned());
            names.filter(|it| it.contains(".proofroom-")).collect()
        };
        let left = names(&self.folder());
        assert_eq!(left, [".proofroom-manifest"], "{when}: in the folder");
        let left = names(&self.site.path(""));
        assert!(left.is_empty(), "{when}: beside the folder: {left:?}");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Or its owner could not remove it.
        self.close(false);
    }
}

/// Kills a build as soon as a condition holds, if it ever does.
fn killed_when(place: &Place, so: impl Fn() -> bool) {
    let mut build = place.start();
    while !so() && matches!(build.try_wait(), Ok(None)) {
        std::thread::yield_now();
    }
    let _ = build.kill();
    build.wait().expect("it ended");
}

/// Whether `folder` holds something whose name begins with `start`.
fn holds(folder: &PathBuf, start: &str) -> bool {
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|it| it.file_name().to_string_lossy().starts_with(start))
}

fn other(text: &str) -> &'static str {
    if text == "one" { "two" } else { "one" }
}

fn is_changed_in_place(mut place: Place) {
    let folder = place.folder();
    place.build("one", "the first build");
    place.site.write("site/CNAME", "mine");
    for whole in place.whole.values_mut() {
        whole.insert("CNAME".to_owned(), b"mine".to_vec());
    }
    for text in ["two", "one"] {
        rewrite(&place.site, text);
        place.build(text, text);
        let gone = folder.join(other(text));
        assert!(!gone.exists(), "a folder that nothing is in");
    }
    let before = tree(&folder);
    place.build("one", "the same again");
    assert!(tree(&folder) == before);
}

fn is_finished_by_the_next_build(place: Place) {
    let (site, folder) = (&place.site, place.folder());
    rewrite(site, "two");
    place.build("two", "the first build");
    let began = Instant::now();
    place.build("two", "the same again");
    // Spreads moments over a build; nothing is judged by it.
    let long = began.elapsed();
    let mut text = "two";
    for kill in 0..36_u32 {
        text = other(text);
        rewrite(site, text);
        let page = |of: &str, nth: u32| folder.join(format!("{of}/{nth}/index.html"));
        let (first, last) = (page(text, kill % 20), page(other(text), kill % 20));
        let began = Instant::now();
        // Half by what is there, half by time.
        killed_when(&place, || match kill % 12 {
            0 => holds(&site.path(""), ".site.proofroom-") || holds(&folder, ".proofroom-s"),
            1 => holds(&folder, ".proofroom-staging"),
            2 => holds(&folder, ".proofroom-journal"),
            3 => first.exists(),
            4 => !last.exists(),
            5 => first.exists() && !folder.join(".proofroom-journal").exists(),
            _ => began.elapsed() > long * kill / 33,
        });
        for (name, bytes) in pages(&folder) {
            let mut whole = place.whole.values();
            let is_whole = whole.any(|it| it.get(&name) == Some(&bytes));
            assert!(is_whole, "kill {kill}: {name}");
        }
        assert_eq!(place.identity(), place.identity, "kill {kill}");
        place.build(text, &format!("after kill {kill}"));
    }
}

#[test]
fn a_mount_as_site_folder_is_changed_in_place() {
    if let Some(place) = Place::mount() {
        is_changed_in_place(place);
    }
}

#[test]
fn killed_builds_into_a_mount_are_finished_by_the_next() {
    if let Some(place) = Place::mount() {
        is_finished_by_the_next_build(place);
    }
}

#[test]
fn a_site_folder_in_a_read_only_folder_is_changed_in_place() {
    if let Some(place) = Place::closed() {
        is_changed_in_place(place);
    }
}

#[test]
fn killed_builds_below_a_closed_folder_are_finished_by_the_next() {
    if let Some(place) = Place::closed() {
        is_finished_by_the_next_build(place);
    }
}
