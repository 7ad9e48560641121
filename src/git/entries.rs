use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::expect::ExpectOrDefault as _;
use crate::files::Kind;

/// What kind of thing a name in a commit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    File,
    Folder,
    /// A symbolic link; its object contains the target.
    Link,
    /// A separate repository, of which the commit only has the name.
    Submodule,
    /// Something whose name is not UTF-8.
    Unnamed,
}

impl Node {
    /// What it is to the site; `None` for what is not there, and for links.
    pub(super) fn kind(self) -> Option<Kind> {
        match self {
            Self::File => Some(Kind::File),
            Self::Folder => Some(Kind::Folder),
            Self::Unnamed => Some(Kind::Other),
            Self::Link | Self::Submodule => None,
        }
    }
}

/// What a name in a folder of a commit refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) node: Node,
    /// The name of its object.
    pub(super) id: Arc<str>,
}

impl Entry {
    /// A number that changes with its bytes. Read as a time in nanoseconds it is
    /// before 2007, so a committed file never counts as recently written.
    pub(super) fn stamp(&self) -> u128 {
        let digits = self
            .id
            .get(..15)
            .and_then(|it| u128::from_str_radix(it, 16).ok());
        digits.expect_or_default("the name of an object is at least 15 hexadecimal digits")
    }
}

/// Parses the object of a folder: for each entry `mode name`, a zero byte and the
/// name of its object in bytes. Names that no checkout would write are left out.
pub(super) fn entries(mut bytes: &[u8], id_length: usize) -> BTreeMap<String, Entry> {
    let mut found = BTreeMap::new();
    loop {
        let space = bytes.iter().position(|byte| *byte == b' ');
        let zero = bytes.iter().position(|byte| *byte == 0);
        let (Some(space), Some(zero)) = (space, zero) else {
            return found;
        };
        let id = zero + 1..zero + 1 + id_length;
        let (Some(name), Some(id)) = (bytes.get(space + 1..zero), bytes.get(id.clone())) else {
            return found;
        };
        let node = match &bytes[..space] {
            b"40000" | b"040000" => Node::Folder,
            b"120000" => Node::Link,
            b"160000" => Node::Submodule,
            _ => Node::File,
        };
        let entry = Entry {
            node,
            id: hexadecimal(id),
        };
        match std::str::from_utf8(name) {
            Ok(name) if is_written(name) => {
                found.insert(name.to_owned(), entry);
            }
            Ok(_) => {}
            Err(_) => {
                let name = String::from_utf8_lossy(name).into_owned();
                let node = Node::Unnamed;
                found.insert(name, Entry { node, ..entry });
            }
        }
        bytes = &bytes[zero + 1 + id_length..];
    }
}

fn hexadecimal(bytes: &[u8]) -> Arc<str> {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(digits, "{byte:02x}").expect_or_default("a string takes all that is written to it");
    }
    digits.into()
}

/// Whether a checkout would write a file of this name.
fn is_written(name: &str) -> bool {
    let own = name.eq_ignore_ascii_case(".git");
    !name.is_empty() && name != "." && name != ".." && !name.contains('/') && !own
}

/// The submodules in the output of `git ls-tree -r -z`: for each entry
/// `mode kind id`, a tab, the path and a zero byte.
pub(super) fn submodules(listed: &[u8]) -> Vec<String> {
    let entries = listed.split(|byte| *byte == 0);
    let paths = entries.filter_map(|entry| {
        let path = entry.strip_prefix(b"160000 ")?;
        let tab = path.iter().position(|byte| *byte == b'\t')?;
        Some(String::from_utf8_lossy(&path[tab + 1..]).into_owned())
    });
    paths.collect()
}

#[cfg(test)]
mod tests {
    use super::{Node, entries, submodules};

    #[test]
    fn reads_the_object_of_a_folder() {
        let mut bytes = Vec::new();
        for (mode, name, id) in [
            ("100644", &b"a b.md"[..], 1),
            ("100755", b"run", 2),
            ("40000", "é".as_bytes(), 0xab),
            ("120000", b"link", 4),
            ("160000", b"module", 5),
            ("100644", b"\xff.md", 6),
            ("40000", b"..", 7),
            ("40000", b".GIT", 8),
            ("100644", b"x/y", 9),
        ] {
            bytes.extend_from_slice(mode.as_bytes());
            bytes.push(b' ');
            bytes.extend_from_slice(name);
            bytes.push(0);
            bytes.extend([id; 20]);
        }
        let found = entries(&bytes, 20);
        let nodes: Vec<_> = found
            .iter()
            .map(|(name, it)| (name.as_str(), it.node))
            .collect();
        assert_eq!(
            nodes,
            [
                ("a b.md", Node::File),
                ("link", Node::Link),
                ("module", Node::Submodule),
                ("run", Node::File),
                ("é", Node::Folder),
                ("\u{fffd}.md", Node::Unnamed),
            ]
        );
        assert_eq!(*found["é"].id, "ab".repeat(20));
        // One that is cut off is not read over its end.
        for length in 0..bytes.len() {
            assert!(entries(&bytes[..length], 20).len() < 7);
        }
    }

    #[test]
    fn finds_submodules() {
        let listed = b"100644 blob aa\ta.md\x00160000 commit bb\tlib/x y\x00040000 tree cc\td\0";
        assert_eq!(submodules(listed), ["lib/x y"]);
    }
}
