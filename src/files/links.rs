use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Disk, SourcePath, is_absence};

/// Links that are followed for one path, at most; as many as Linux follows.
const MOST: usize = 40;

/// A symbolic link in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// The paths of the project that it leads over and to.
    pub through: Vec<SourcePath>,
    /// What becomes of it.
    pub way: Way,
}

/// What becomes of a symbolic link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is followed.
    Followed,
    /// It is not followed: it leads out of the project, or back to a folder
    /// that holds it.
    Refused,
    /// Nothing is where it leads.
    Broken,
}

/// One link that was followed on a way.
struct Step {
    /// Where the link lies.
    from: PathBuf,
    /// Where the whole path leads with it.
    to: PathBuf,
}

impl Disk {
    /// The path to read, unless a link on the way leads out of the project or
    /// round in a circle.
    pub(super) fn follow(&self, path: &SourcePath) -> io::Result<PathBuf> {
        let absolute = self.absolute(path);
        let real = fs::canonicalize(&absolute)?;
        if real == absolute {
            return Ok(real);
        }
        if self.may_read(path, &real) && !turns_back(&self.walk(path)) {
            return Ok(real);
        }
        Err(io::ErrorKind::NotFound.into())
    }

    /// Whether `path` may lead to `real`: inside the project, or for what the
    /// configuration names outside of it (`docs_dir: ../docs`), below the
    /// first folder outside.
    fn may_read(&self, path: &SourcePath, real: &Path) -> bool {
        if let Ok(below) = real.strip_prefix(self.root()) {
            // A link does not make public what is hidden (`.git`, `.env`).
            let below = below.to_string_lossy();
            return is_hidden(path.as_str()) || !is_hidden(&below);
        }
        let outside = path.as_str().trim_start_matches("../");
        if !path.leads_out() || outside.is_empty() {
            return false;
        }
        let ups = path.as_str().len() - outside.len();
        let first = outside.split('/').next().unwrap_or_default();
        let first = SourcePath::new(&path.as_str()[..ups + first.len()]);
        fs::canonicalize(self.absolute(&first)).is_ok_and(|first| real.starts_with(first))
    }

    /// Where links on the way to `path` lead, inside the project, the last
    /// one at last; whether anything is there or not.
    pub(super) fn passed(&self, path: &SourcePath) -> Vec<SourcePath> {
        let absolute = self.absolute(path);
        if fs::canonicalize(&absolute).is_ok_and(|real| real == absolute) {
            return Vec::new();
        }
        let steps = self.walk(path).into_iter();
        let led = steps.filter_map(|step| self.source(&step.to));
        led.filter(|to| !to.leads_out() || path.leads_out())
            .collect()
    }

    /// The links of a folder.
    pub(super) fn links_of(&self, folder: &SourcePath) -> Vec<Link> {
        let Ok(entries) = self.follow(folder).and_then(fs::read_dir) else {
            return Vec::new();
        };
        let mut found: Vec<Link> = Vec::new();
        for entry in entries.flatten() {
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            let Some(name) = entry.file_name().into_string().ok().filter(|_| is_link) else {
                continue;
            };
            let path = folder.join(&name);
            let way = match (entry.path().try_exists(), self.follow(&path)) {
                (Ok(true), Err(_)) => Way::Refused,
                (Ok(false), _) => Way::Broken,
                // A circle, for instance. What cannot be looked at is told by
                // who reads it.
                (Err(error), _) if is_absence(&error) => Way::Broken,
                _ => Way::Followed,
            };
            found.push(Link {
                through: self.passed(&path),
                way,
                name,
            });
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    /// Follows the links on the way to `path` one by one.
    fn walk(&self, path: &SourcePath) -> Vec<Step> {
        let mut at = self.root().to_owned();
        let parts = path.as_str().split('/').filter(|part| !part.is_empty());
        let mut left: Vec<OsString> = parts.rev().map(OsString::from).collect();
        let mut steps: Vec<Step> = Vec::new();
        while let Some(part) = left.pop() {
            if part == ".." {
                at.pop();
                continue;
            }
            at.push(&part);
            let Ok(target) = fs::read_link(&at) else {
                continue;
            };
            if steps.len() == MOST {
                break;
            }
            let from = at.clone();
            at.pop();
            let mut to = at.join(&target);
            to.extend(left.iter().rev());
            steps.push(Step {
                from,
                to: without_dots(&to),
            });
            let components = target.components().rev();
            left.extend(components.map(|component| component.as_os_str().to_owned()));
        }
        steps
    }
}

/// Whether a part of a path begins with a dot.
fn is_hidden(path: &str) -> bool {
    let hides = |part: &str| part.starts_with('.') && part != "..";
    path.split('/').any(hides)
}

/// Whether a later link leads to a folder that holds an earlier one: whoever
/// lists such a folder finds itself in it, without end.
fn turns_back(steps: &[Step]) -> bool {
    let circle = |(nth, step): (usize, &Step)| {
        let to = fs::canonicalize(&step.to);
        // The rest of the way is part of `to`, so only a way that ends at a
        // folder is measured; whatever lies deeper is listed through it.
        to.is_ok_and(|to| {
            to.is_dir()
                && steps[..=nth]
                    .iter()
                    .any(|before| before.from.starts_with(&to))
        })
    };
    steps.iter().enumerate().any(circle)
}

/// The path without `.` and `..`, by its letters.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::{Disk, Way};
    use crate::files::{Kind, SourcePath, System as _};

    #[test]
    fn links_are_followed_inside_the_project_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("project");
        for path in ["docs/sub", "shared/deep", "../secret", "../project-secret"] {
            fs::create_dir_all(root.join(path)).expect("a folder");
        }
        for path in [
            "README.md",
            "shared/deep/a.md",
            "../secret/x.md",
            "../project-secret/y.md",
        ] {
            fs::write(root.join(path), path).expect("written");
        }
        for (target, link) in [
            ("../README.md", "docs/index.md"),
            ("../shared", "docs/shared"),
            ("shared/deep/a.md", "docs/twice.md"),
            ("../../secret/x.md", "docs/secret.md"),
            ("../../project-secret", "docs/sibling"),
            ("/etc/hostname", "docs/absolute.txt"),
            ("../missing.md", "docs/missing.md"),
            ("..", "docs/sub/up"),
            ("../docs/sub", "shared/back"),
        ] {
            symlink(target, root.join(link)).expect("a link");
        }
        symlink(root.join("shared/back"), root.join("docs/sub/round")).expect("a link");
        let disk = Disk::new(&root).expect("a project");
        let path = |path: &str| SourcePath::new(path);
        let through = |of: &str| {
            let through = disk.links(&path(of));
            through.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        for (of, kind, led) in [
            ("README.md", Some(Kind::File), &[][..]),
            ("docs/index.md", Some(Kind::File), &["README.md"]),
            (
                "docs/shared/deep/a.md",
                Some(Kind::File),
                &["shared/deep/a.md"],
            ),
            (
                "docs/twice.md",
                None,
                &["docs/shared/deep/a.md", "shared/deep/a.md"],
            ),
            ("docs/missing.md", None, &["missing.md"]),
            ("docs/secret.md", None, &[]),
            ("docs/sibling/y.md", None, &[]),
            ("docs/sub/up", None, &["docs"]),
            ("docs/sub/round", None, &["shared/back", "docs/sub"]),
        ] {
            assert_eq!(
                disk.kind(&path(of)).expect("readable"),
                if of == "docs/twice.md" {
                    Some(Kind::File)
                } else {
                    kind
                },
                "{of}"
            );
            assert_eq!(through(of), led, "{of}");
        }
        assert!(disk.read(&path("docs/secret.md")).is_err());
        assert!(disk.read(&path("docs/absolute.txt")).is_err());
        let links = disk.links_in(&path("docs"));
        let refused: Vec<_> = links
            .iter()
            .filter(|link| link.way == Way::Refused)
            .collect();
        let refused: Vec<_> = refused.iter().map(|link| link.name.as_str()).collect();
        assert_eq!(refused, ["absolute.txt", "secret.md", "sibling"]);
        // Named by the configuration: below that folder everything may be read.
        assert!(disk.read(&path("../secret/x.md")).is_ok());
        symlink("../project/README.md", root.join("../secret/in.md")).expect("a link");
        symlink("../project-secret/y.md", root.join("../secret/out.md")).expect("a link");
        assert!(disk.read(&path("../secret/in.md")).is_ok());
        assert!(disk.read(&path("../secret/out.md")).is_err());
    }
}
