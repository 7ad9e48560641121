//! Where a repository can be looked at on the web.

use std::fs;
use std::path::Path;

use super::command::{Failure, ask};
use super::remotes::Remotes;
use super::repository::Repository;
use crate::files::SourcePath;
use crate::files::links;
use crate::url;

/// What kind of site shows a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgeKind {
    /// GitHub.
    GitHub,
    /// GitLab.
    GitLab,
    /// Forgejo and Gitea, such as Codeberg.
    Forgejo,
    /// Bitbucket Cloud.
    Bitbucket,
}

impl ForgeKind {
    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Forgejo => "Forgejo",
            Self::Bitbucket => "Bitbucket",
        }
    }

    /// The kind of the site with this host.
    fn of_host(host: &str) -> Option<Self> {
        match host {
            "github.com" => return Some(Self::GitHub),
            "gitlab.com" => return Some(Self::GitLab),
            "codeberg.org" => return Some(Self::Forgejo),
            "bitbucket.org" => return Some(Self::Bitbucket),
            _ => {}
        }
        match host.split_once('.')?.0 {
            "github" => Some(Self::GitHub),
            "gitlab" => Some(Self::GitLab),
            "forgejo" | "gitea" | "codeberg" => Some(Self::Forgejo),
            _ => None,
        }
    }
}

/// The site that shows a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forge {
    /// What kind of site it is.
    pub kind: ForgeKind,
    /// The address of the repository's page, without a slash at its end, and never
    /// with a name or password.
    pub url: String,
    /// The project's folder in the repository.
    folder: SourcePath,
}

impl Forge {
    /// The site that shows the repository of the project at `root`, by its remotes:
    /// `upstream`, that of the checked out branch, `origin`, and others. `None` where
    /// none of them is known.
    ///
    /// # Errors
    /// When git fails, or there is no repository.
    pub fn of(root: &Path) -> Result<Option<Self>, Failure> {
        let repository = Repository::of(root)?;
        let branch = repository.branch()?;
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = links::source(&real(&repository.top), &real(root));
        for remote in Remotes::of(&repository.top, branch.as_deref())?.names {
            // One that has no address is not asked.
            let Ok(address) = ask(&repository.top, ["remote", "get-url", &remote]) else {
                continue;
            };
            if let Some(forge) = Self::of_remote(String::from_utf8_lossy(&address).trim()) {
                let folder = folder.unwrap_or_else(SourcePath::root);
                return Ok(Some(Self { folder, ..forge }));
            }
        }
        Ok(None)
    }

    /// The site that shows the repository of a remote with this address, which may be
    /// `https://`, `ssh://`, `git://` or `host:path`. `None` where its host is unknown.
    pub fn of_remote(address: &str) -> Option<Self> {
        let remote = RemoteAddress::parse(address)?;
        let host = remote.public_host();
        let kind = ForgeKind::of_host(&host)?;
        let path = remote.path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let parts: Vec<&str> = path.split('/').collect();
        // Only GitLab has groups in groups.
        let most = if kind == ForgeKind::GitLab { 20 } else { 2 };
        let is_repository = (2..=most).contains(&parts.len());
        let is_plain = |part: &&str| !["", ".", ".."].contains(part) && !part.starts_with('~');
        if !is_repository || !parts.iter().all(is_plain) {
            return None;
        }
        Some(Self {
            kind,
            url: format!(
                "{}://{host}{}/{}",
                remote.scheme,
                remote.port,
                url::quote(path)
            ),
            folder: SourcePath::root(),
        })
    }

    /// The address of lines of a source, counted from 1, as they were at a commit, or
    /// are on a branch. `None` where the source is not in the repository.
    pub fn lines(
        &self,
        revision: &str,
        path: &SourcePath,
        first: usize,
        last: usize,
    ) -> Option<String> {
        let file = self.file(revision, path)?;
        let plain = match self.kind {
            // Otherwise the page is shown, which has no lines.
            ForgeKind::GitHub | ForgeKind::GitLab if path.is_markdown() => "?plain=1",
            ForgeKind::Forgejo if path.is_markdown() => "?display=source",
            _ => "",
        };
        let last = last.max(first);
        let anchor = match self.kind {
            ForgeKind::Bitbucket if first == last => format!("#lines-{first}"),
            ForgeKind::Bitbucket => format!("#lines-{first}:{last}"),
            _ if first == last => format!("#L{first}"),
            ForgeKind::GitLab => format!("#L{first}-{last}"),
            ForgeKind::GitHub | ForgeKind::Forgejo => format!("#L{first}-L{last}"),
        };
        Some(format!("{file}{plain}{anchor}"))
    }

    /// The address of a source as it was at a commit, or is on a branch. `None` where
    /// it is not in the repository.
    pub fn file(&self, revision: &str, path: &SourcePath) -> Option<String> {
        let path = self.folder.join(path.as_str());
        if path.leads_out() {
            return None;
        }
        let is_commit = revision.len() >= 40 && revision.chars().all(|it| it.is_ascii_hexdigit());
        let folder = match self.kind {
            ForgeKind::GitHub => "blob",
            ForgeKind::GitLab => "-/blob",
            ForgeKind::Forgejo if is_commit => "src/commit",
            ForgeKind::Forgejo => "src/branch",
            ForgeKind::Bitbucket => "src",
        };
        let (revision, path) = (url::quote(revision), url::quote(path.as_str()));
        Some(format!("{}/{folder}/{revision}/{path}", self.url))
    }
}

/// The parts of a remote's address from which that of its page is made. Names,
/// passwords and queries, which may be secret, are not among them.
struct RemoteAddress {
    scheme: &'static str,
    host: String,
    /// Its port on the web with a colon before it, or nothing.
    port: String,
    path: String,
    /// Whether the host may be an alias in the settings of ssh.
    is_ssh: bool,
}

impl RemoteAddress {
    fn parse(address: &str) -> Option<Self> {
        let Some((scheme, rest)) = address.split_once("://") else {
            return Self::parse_scp(address);
        };
        let scheme = scheme.to_ascii_lowercase();
        let (is_ssh, is_web) = match scheme.as_str() {
            "https" | "http" => (false, true),
            "ssh" | "git+ssh" | "ssh+git" => (true, false),
            "git" => (false, false),
            _ => return None,
        };
        let (rest, _) = url::split(rest);
        let (authority, path) = rest.split_once('/')?;
        let host = authority.rsplit('@').next()?;
        let (host, port) = match host.split_once(':') {
            Some((host, port)) => (host, port),
            None => (host, ""),
        };
        if !port.chars().all(|it| it.is_ascii_digit()) {
            return None;
        }
        let port = match (is_web, port) {
            (false, _) | (true, "") => String::new(),
            (true, port) => format!(":{port}"),
        };
        Some(Self {
            scheme: if scheme == "http" { "http" } else { "https" },
            host: host_name(host)?,
            port,
            path: url::unquote(path)?.into_owned(),
            is_ssh,
        })
    }

    /// An address such as `git@host:path`.
    fn parse_scp(address: &str) -> Option<Self> {
        let (authority, path) = address.split_once(':')?;
        if authority.contains('/') {
            return None;
        }
        Some(Self {
            scheme: "https",
            host: host_name(authority.rsplit('@').next()?)?,
            port: String::new(),
            path: path.to_owned(),
            is_ssh: true,
        })
    }

    /// The host of its pages: some sites take ssh under another name, and people who
    /// have several keys add to it.
    fn public_host(&self) -> String {
        match self.host.as_str() {
            "ssh.github.com" | "www.github.com" => return "github.com".to_owned(),
            "altssh.gitlab.com" | "www.gitlab.com" => return "gitlab.com".to_owned(),
            "altssh.bitbucket.org" | "www.bitbucket.org" => return "bitbucket.org".to_owned(),
            _ => {}
        }
        let known = ["github.com", "gitlab.com", "codeberg.org", "bitbucket.org"];
        let alias = known.into_iter().find(|known| {
            let rest = self.host.strip_prefix(known);
            self.is_ssh && rest.is_some_and(|it| it.starts_with(['-', '_']))
        });
        alias.map_or_else(|| self.host.clone(), str::to_owned)
    }
}

/// A host's name in lower case, if it has a domain.
fn host_name(host: &str) -> Option<String> {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    let is_host = host.contains('.') && !host.starts_with('.') && host.chars().all(is_plain);
    is_host.then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::Forge;

    fn page(address: &str) -> Option<String> {
        Forge::of_remote(address).map(|it| it.url)
    }

    #[test]
    fn remotes_lead_to_pages() {
        for (address, expected) in [
            ("https://github.com/o/r.git", "https://github.com/o/r"),
            ("https://github.com/o/r/", "https://github.com/o/r"),
            ("HTTPS://GitHub.com/o/r", "https://github.com/o/r"),
            ("git@github.com:o/r.git", "https://github.com/o/r"),
            ("github.com:o/r", "https://github.com/o/r"),
            ("git@github.com:/o/r.git", "https://github.com/o/r"),
            ("git@github.com-work:o/r.git", "https://github.com/o/r"),
            ("ssh://git@github.com/o/r.git", "https://github.com/o/r"),
            (
                "ssh://git@ssh.github.com:443/o/r.git",
                "https://github.com/o/r",
            ),
            ("git://github.com/o/r.git", "https://github.com/o/r"),
            ("git@gitlab.com:a/b/c/d.git", "https://gitlab.com/a/b/c/d"),
            (
                "ssh://git@gitlab.example.org:2222/a/b/c.git",
                "https://gitlab.example.org/a/b/c",
            ),
            (
                "https://gitlab.example.org:8443/a/b.git",
                "https://gitlab.example.org:8443/a/b",
            ),
            (
                "http://gitea.example.org:3000/o/r",
                "http://gitea.example.org:3000/o/r",
            ),
            (
                "https://github.example.com/o/r",
                "https://github.example.com/o/r",
            ),
            ("https://codeberg.org/o/r.git", "https://codeberg.org/o/r"),
            (
                "https://forgejo.example.org/o/r",
                "https://forgejo.example.org/o/r",
            ),
            ("git@bitbucket.org:o/r.git", "https://bitbucket.org/o/r"),
            ("https://github.com/o/a%20b", "https://github.com/o/a%20b"),
            ("https://github.com/o/r.js", "https://github.com/o/r.js"),
        ] {
            assert_eq!(page(address).as_deref(), Some(expected), "{address}");
        }
    }

    #[test]
    fn names_and_passwords_are_left_out() {
        for address in [
            "https://ann:secret@github.com/o/r.git",
            "https://secret@github.com/o/r.git",
            "https://x-access-token:secret@github.com/o/r.git?secret=secret#secret",
            "https://a:b@secret@github.com/o/r",
            "ssh://ann:secret@github.com:22/o/r",
            "secret@github.com:o/r.git",
        ] {
            let forge = Forge::of_remote(address).expect("a known host");
            assert_eq!(forge.url, "https://github.com/o/r", "{address}");
            assert!(!format!("{forge:?}").contains("secret"), "{address}");
        }
    }

    #[test]
    fn other_addresses_lead_nowhere() {
        for address in [
            "",
            "/srv/git/r.git",
            "../github.com/o/r",
            "file:///github.com/o/r",
            "C:/github.com/o/r",
            "https://example.org/o/r.git",
            "https://github.com/o",
            "https://github.com/o/r/tree/main",
            "https://github.com/",
            "https://github.com",
            "https://github.com/o/..",
            "https://example.org/github.com/o/r",
            "https://my.github.example.org/o/r",
            "https://notgithub.com/o/r",
            "https://github/o/r",
            "https://github.com:x/o/r",
            "https://gitlab.com\"><script>/o/r",
            "ext::github.com:o/r",
            "git@host:o/r",
            "https://github.com/o//r",
        ] {
            assert_eq!(page(address), None, "{address}");
        }
        // Only ssh has aliases.
        assert_eq!(
            page("https://github.com-work/o/r").as_deref(),
            Some("https://github.com-work/o/r")
        );
    }

    #[test]
    fn lines_have_the_anchors_of_their_site() {
        let commit = "0123456789".repeat(4);
        let link = |address: &str, revision: &str, first, last| {
            let forge = Forge::of_remote(address).expect("a known host");
            forge.lines(revision, &"docs/a b#.txt".into(), first, last)
        };
        for (address, revision, first, last, expected) in [
            (
                "https://github.com/o/r",
                &*commit,
                3,
                5,
                "blob/COMMIT/docs/a%20b%23.txt#L3-L5",
            ),
            (
                "https://github.com/o/r",
                "a/b#",
                3,
                3,
                "blob/a/b%23/docs/a%20b%23.txt#L3",
            ),
            (
                "https://gitlab.com/o/r",
                &*commit,
                3,
                5,
                "-/blob/COMMIT/docs/a%20b%23.txt#L3-5",
            ),
            (
                "https://gitlab.com/o/r",
                &*commit,
                3,
                3,
                "-/blob/COMMIT/docs/a%20b%23.txt#L3",
            ),
            (
                "https://codeberg.org/o/r",
                &*commit,
                3,
                5,
                "src/commit/COMMIT/docs/a%20b%23.txt#L3-L5",
            ),
            (
                "https://codeberg.org/o/r",
                "main",
                3,
                2,
                "src/branch/main/docs/a%20b%23.txt#L3",
            ),
            (
                "https://bitbucket.org/o/r",
                &*commit,
                3,
                5,
                "src/COMMIT/docs/a%20b%23.txt#lines-3:5",
            ),
            (
                "https://bitbucket.org/o/r",
                &*commit,
                3,
                3,
                "src/COMMIT/docs/a%20b%23.txt#lines-3",
            ),
        ] {
            let expected = format!("{address}/{}", expected.replace("COMMIT", &commit));
            assert_eq!(link(address, revision, first, last), Some(expected));
        }
    }

    #[test]
    fn pages_are_linked_to_as_text() {
        for (address, expected) in [
            ("https://github.com/o/r", "/blob/main/a.md?plain=1#L3"),
            ("https://gitlab.com/o/r", "/-/blob/main/a.md?plain=1#L3"),
            (
                "https://codeberg.org/o/r",
                "/src/branch/main/a.md?display=source#L3",
            ),
            ("https://bitbucket.org/o/r", "/src/main/a.md#lines-3"),
        ] {
            let forge = Forge::of_remote(address).expect("a known host");
            let link = forge.lines("main", &"a.md".into(), 3, 3);
            assert_eq!(link, Some(format!("{address}{expected}")));
        }
    }

    #[test]
    fn sources_are_found_from_the_folder_of_the_project() {
        let mut forge = Forge::of_remote("https://github.com/o/r").expect("a known host");
        forge.folder = "sites/one".into();
        for (path, expected) in [
            ("a.txt", Some("sites/one/a.txt")),
            ("../../docs/a.txt", Some("docs/a.txt")),
            ("../../../a.txt", None),
        ] {
            let expected = expected.map(|it| format!("https://github.com/o/r/blob/main/{it}"));
            assert_eq!(forge.file("main", &path.into()), expected);
        }
    }
}
