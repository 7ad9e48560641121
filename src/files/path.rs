use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The path of a source, relative to the project's root and normalised: `/`
/// between components, no `.`, no empty components, `..` only at the start. The
/// root itself is the empty path.
///
/// It is relative so that no output depends on where the project is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// Normalises `path`; backslashes are ordinary characters.
    pub fn new(path: impl AsRef<str>) -> Self {
        Self(normalise(path.as_ref()).into())
    }

    /// The project's root.
    pub fn root() -> Self {
        Self("".into())
    }

    /// `self/name`, where `name` may have several components and contain `..`.
    pub fn join(&self, name: impl AsRef<str>) -> Self {
        let name = name.as_ref();
        if self.0.is_empty() || name.starts_with('/') {
            return Self::new(name);
        }
        Self::new(format!("{}/{name}", self.0))
    }

    /// The folder that contains it; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        Some(match self.0.rfind('/') {
            Some(slash) => Self(self.0[..slash].into()),
            None => Self::root(),
        })
    }

    /// Its last component; empty for the root.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// The ending of its name after the last dot, without the dot.
    pub fn extension(&self) -> Option<&str> {
        let (stem, extension) = self.name().rsplit_once('.')?;
        (!stem.is_empty()).then_some(extension)
    }

    /// Whether it has one of the endings of Markdown pages in MkDocs, for which
    /// `README.MD` is an ordinary file.
    pub fn is_markdown(&self) -> bool {
        let extension = self.extension();
        extension.is_some_and(|it| ["md", "markdown", "mdown", "mkdn", "mkd"].contains(&it))
    }

    /// The rest of the path below `folder`; `None` where it is not below it.
    /// Compares components: `site-secret` is not below `site`.
    pub fn below(&self, folder: &SourcePath) -> Option<&str> {
        if folder.0.is_empty() {
            return (!self.leads_out()).then_some(&self.0);
        }
        let rest = self.0.strip_prefix(&*folder.0)?;
        rest.strip_prefix('/').or(rest.is_empty().then_some(rest))
    }

    /// Whether it is outside the project's root.
    pub fn leads_out(&self) -> bool {
        &*self.0 == ".." || self.0.starts_with("../")
    }

    /// Whether it must not be shown, because it may hold passwords: what is below
    /// `.git`, and `.env` and its like.
    pub fn is_secret(&self) -> bool {
        let hides = |part: &str| part == ".git" || part.starts_with(".env");
        self.0.split('/').any(hides)
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Resolves `.`, `..` and repeated slashes without reading the disk.
fn normalise(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

impl fmt::Debug for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl Borrow<str> for SourcePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SourcePath {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

#[cfg(test)]
mod tests {
    use super::SourcePath;

    #[test]
    fn normalises_without_the_disk() {
        for (written, path) in [
            ("docs/./a//b.md", "docs/a/b.md"),
            ("docs/../includes/x", "includes/x"),
            ("../other/x", "../other/x"),
            ("a/../../x", "../x"),
            ("./", ""),
        ] {
            assert_eq!(SourcePath::new(written).as_str(), path, "{written}");
        }
    }

    #[test]
    fn pages_have_endings_in_lower_case() {
        for (name, is_page) in [
            ("a.md", true),
            ("a.b.mkdn", true),
            ("A.mdown", true),
            ("UP.MD", false),
            ("a.Markdown", false),
            ("a.mdx", false),
            ("md", false),
        ] {
            assert_eq!(SourcePath::new(name).is_markdown(), is_page, "{name}");
        }
    }

    #[test]
    fn below_compares_components() {
        let folder = SourcePath::new("site");
        assert_eq!(SourcePath::new("site/x/y").below(&folder), Some("x/y"));
        assert_eq!(SourcePath::new("site").below(&folder), Some(""));
        assert_eq!(SourcePath::new("site-secret/x").below(&folder), None);
        assert_eq!(SourcePath::new("../x").below(&SourcePath::root()), None);
    }
}
