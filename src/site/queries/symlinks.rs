use salsa::Accumulator as _;

use super::{Unreadable, kind, listing, symbolic_links};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::{Kind, LinkStatus, SourcePath};
use crate::site::Db;

/// Warnings about the links in a folder that are not followed, limited to names
/// for which `matters` is true. Links that lead nowhere, and what is neither a
/// file nor a folder, are reported as unreadable unless they are hidden: editors
/// use hidden ones, for example as locks.
pub(super) fn links(
    db: &dyn Db,
    folder: &SourcePath,
    matters: impl Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let unreadable = |path: SourcePath, diagnostic| {
        Unreadable { path, diagnostic }.accumulate(db);
    };
    let mut refusals = Vec::new();
    let links = symbolic_links(db, db.entry(folder));
    for link in links.iter().filter(|link| matters(&link.name)) {
        let path = folder.join(&link.name);
        match link.way {
            LinkStatus::Refused => refusals.push(refusal(&path)),
            LinkStatus::Broken if !link.name.starts_with('.') => {
                let diagnostic = broken(&path);
                unreadable(path, diagnostic);
            }
            LinkStatus::Followed | LinkStatus::Broken => {}
        }
    }
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        if *kind == Kind::Other && !name.starts_with('.') && matters(name) {
            let path = folder.join(name);
            let diagnostic = special_file(&path);
            unreadable(path, diagnostic);
        }
    }
    refusals
}

fn broken(path: &SourcePath) -> Diagnostic {
    let message = format!("the symbolic link `{path}` leads nowhere");
    Diagnostic::new(Rule::Unreadable, message)
        .help("correct its target or remove it; the site is not built without it")
}

fn special_file(path: &SourcePath) -> Diagnostic {
    if path.as_str().contains(char::REPLACEMENT_CHARACTER) {
        let message = format!("the name of `{path}` is not UTF-8");
        return Diagnostic::new(Rule::Unreadable, message).help("rename it");
    }
    let message = format!("`{path}` is a pipe, a socket or a device, and is not opened");
    Diagnostic::new(Rule::Unreadable, message).help("move it away, or put a file in its place")
}

fn refusal(path: &SourcePath) -> Diagnostic {
    let message = format!(
        "the symbolic link `{path}` is not followed: it leads out of the repository, to \
         something hidden or ignored by git, or back to a folder that contains it"
    );
    Diagnostic::new(Rule::RefusedLink, message).help(
        "put the file into the repository, or name the folder that the link leads to in \
         `linked_dirs`",
    )
}

/// The refused links in folders of templates and static files. Those in the docs
/// folder are found along with its files.
pub(super) fn beside_docs(db: &dyn Db, config: &Config) -> Vec<Diagnostic> {
    let folders = [
        &config.static_dir,
        &config.themes_dir,
        &config.theme.custom_dir,
    ];
    let mut refusals = Vec::new();
    for folder in folders.into_iter().flatten() {
        below(db, folder, &mut refusals);
    }
    refusals
}

fn below(db: &dyn Db, folder: &SourcePath, refusals: &mut Vec<Diagnostic>) {
    refusals.extend(links(db, folder, |_| true));
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        if *kind == Kind::Folder {
            below(db, &folder.join(name), refusals);
        }
    }
}

/// Reports a missing docs folder.
pub(super) fn no_docs(db: &dyn Db, config: &Config) -> Option<Diagnostic> {
    let is_folder = |folder| kind(db, db.entry(folder)) == Some(Kind::Folder);
    let mut layers = config.docs.layers.iter();
    if layers.any(|layer| is_folder(&layer.folder)) || is_folder(&config.docs_dir) {
        return None;
    }
    let docs = &config.docs_dir;
    let above = docs.parent().unwrap_or_else(SourcePath::root);
    let links = symbolic_links(db, db.entry(&above));
    let mut links = links.iter();
    if links.any(|link| link.way == LinkStatus::Refused && link.name == docs.name()) {
        let message = format!("the docs folder `{docs}` is a link that is not followed");
        let error = Diagnostic::error(Rule::RefusedLink, message);
        return Some(error.help("name the folder it leads to with `docs_dir`"));
    }
    if config.file.is_some() {
        // Reported along with the setting.
        return None;
    }
    let message = format!("the docs folder `{docs}` does not exist");
    let error = Diagnostic::new(Rule::MissingDocsDir, message);
    Some(error.help("create it, or name another one with `docs_dir`"))
}
