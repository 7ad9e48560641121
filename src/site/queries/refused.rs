use salsa::Accumulator as _;

use super::{Unreadable, kind, listing, symbolic_links};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::{Kind, SourcePath, Way};
use crate::site::Db;

/// The links of one folder that are not followed, but for those that nobody
/// asks for. Those that lead nowhere, and what is neither file nor folder,
/// cannot be read; where they are hidden, they are an editor's own business,
/// such as a lock.
pub(super) fn links(
    db: &dyn Db,
    folder: &SourcePath,
    matters: impl Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let unreadable = |path: SourcePath, diagnostic| {
        Unreadable { path, diagnostic }.accumulate(db);
    };
    let mut found = Vec::new();
    let links = symbolic_links(db, db.entry(folder));
    for link in links.iter().filter(|link| matters(&link.name)) {
        let path = folder.join(&link.name);
        match link.way {
            Way::Refused => found.push(refusal(&path)),
            Way::Broken if !link.name.starts_with('.') => {
                let said = broken(&path);
                unreadable(path, said);
            }
            Way::Followed | Way::Broken => {}
        }
    }
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        if *kind == Kind::Other && !name.starts_with('.') && matters(name) {
            let path = folder.join(name);
            let said = neither(&path);
            unreadable(path, said);
        }
    }
    found
}

fn broken(path: &SourcePath) -> Diagnostic {
    let message = format!("the symbolic link `{path}` leads nowhere");
    Diagnostic::new(Rule::Unreadable, message)
        .help("correct where it leads, or remove it; nothing is built without what it stands for")
}

fn neither(path: &SourcePath) -> Diagnostic {
    if path.as_str().contains(char::REPLACEMENT_CHARACTER) {
        let message = format!("the name of `{path}` is not UTF-8");
        return Diagnostic::new(Rule::Unreadable, message).help("rename it");
    }
    let message = format!("`{path}` is a pipe, a socket or a device, and is not opened");
    Diagnostic::new(Rule::Unreadable, message).help("move it away, or put a file in its place")
}

fn refusal(path: &SourcePath) -> Diagnostic {
    let message = format!(
        "the symbolic link `{path}` is not followed: it leads out of the project, \
         or back to a folder that holds it"
    );
    Diagnostic::new(Rule::RefusedLink, message)
        .help("put the file into the project, or name its folder in the configuration")
}

/// Those of the folders whose files become outputs or templates; the docs
/// folder's are found where its files are.
pub(super) fn beside_docs(db: &dyn Db, config: &Config) -> Vec<Diagnostic> {
    let folders = [
        &config.static_dir,
        &config.themes_dir,
        &config.theme.custom_dir,
    ];
    let mut found = Vec::new();
    for folder in folders.into_iter().flatten() {
        below(db, folder, &mut found);
    }
    found
}

fn below(db: &dyn Db, folder: &SourcePath, found: &mut Vec<Diagnostic>) {
    found.extend(links(db, folder, |_| true));
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        if *kind == Kind::Folder {
            below(db, &folder.join(name), found);
        }
    }
}

/// Why there is no docs folder.
pub(super) fn no_docs(db: &dyn Db, config: &Config) -> Option<Diagnostic> {
    let is_folder = |folder| kind(db, db.entry(folder)) == Some(Kind::Folder);
    let mut layers = config.docs.layers.iter();
    if layers.any(|layer| is_folder(&layer.folder)) || is_folder(&config.docs_dir) {
        return None;
    }
    let docs = &config.docs_dir;
    let above = docs.parent().unwrap_or_else(SourcePath::root);
    let links = symbolic_links(db, db.entry(&above));
    let refused = |name: &str| {
        let mut links = links.iter();
        links.any(|link| link.way == Way::Refused && link.name == name)
    };
    if refused(docs.name()) {
        let message = format!("the docs folder `{docs}` is a link that leads out of the project");
        let error = Diagnostic::error(Rule::RefusedLink, message);
        return Some(error.help("name the folder it leads to with `docs_dir`"));
    }
    if config.file.is_some() {
        // Who read the configuration has said so, with its place.
        return None;
    }
    let message = format!("the docs folder `{docs}` does not exist");
    let error = Diagnostic::new(Rule::MissingDocsDir, message);
    Some(error.help("create it, or name another one with `docs_dir`"))
}
