use serde_json::{Map, Value as Json};

use super::Read;
use super::reader::Reader;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::{SourcePath, archive_of};
use crate::yaml::{self, Node};

/// The file that makes a folder a theme in MkDocs.
const MANIFEST: &str = "mkdocs_theme.yml";

/// An installed theme package.
pub(super) struct Package {
    /// The folder of its templates.
    pub(super) folder: SourcePath,
    /// The settings in its manifest, for those that a site does not give.
    pub(super) defaults: Map<String, Json>,
    /// The templates that are rendered as pages of their own.
    pub(super) static_templates: Vec<String>,
}

/// Finds the theme package at `path`, which may be the folder of an installed
/// package, the folder of its templates, the folder that it is installed in, or
/// a wheel.
///
/// `name` is the theme's name; `node` is where the path is written, `None` if
/// on the command line.
pub(super) fn find(
    reader: &mut Reader<'_>,
    path: &SourcePath,
    name: &str,
    node: Option<&Node>,
) -> Option<Package> {
    let mut unusable = None;
    let candidates = candidate_folders(reader, path, name);
    let found = candidates.into_iter().find_map(|folder| {
        let manifest = folder.join(MANIFEST);
        match (reader.sources.read)(&manifest) {
            Read::Present(text) => Some((folder, text)),
            Read::Missing => None,
            Read::Unreadable | Read::TooLarge | Read::NotUtf8 { .. } => {
                unusable.get_or_insert(manifest);
                None
            }
        }
    });
    let Some((folder, text)) = found else {
        let diagnostic = missing_theme(reader, path, unusable.as_ref(), node);
        reader.diagnostics.push(diagnostic);
        return None;
    };
    let manifest = folder.join(MANIFEST);
    report_refused_names(reader, &manifest, node);
    let root = match yaml::parse(&manifest, &text) {
        Ok(parsed) => parsed.node,
        Err(error) => {
            reader.diagnostics.push(*error);
            return None;
        }
    };
    if let Some(parent) = root.get("extends") {
        let parent = parent.key_text();
        let message = format!("this theme extends `{parent}`, which is not in its package");
        let warning = Diagnostic::new(Rule::ThemeExtends, message);
        let span = Span::line(&manifest, &text, 1);
        let help = "templates that need the other theme do not work";
        reader.diagnostics.push(warning.at(span).help(help));
    }
    let listed = root.get("static_templates").and_then(Node::items);
    let static_templates = listed.into_iter().flatten().filter_map(Node::as_str);
    let mut defaults = root.to_map();
    let static_templates = static_templates.map(str::to_owned).collect();
    for key in ["static_templates", "extends"] {
        defaults.shift_remove(key);
    }
    Some(Package {
        folder,
        defaults,
        static_templates,
    })
}

/// Warns about unsafe or unreadable names in the archive that a theme is in.
fn report_refused_names(reader: &mut Reader<'_>, manifest: &SourcePath, node: Option<&Node>) {
    let Some((count, first)) = (reader.sources.refused)(manifest) else {
        return;
    };
    let archive = archive_of(manifest).expect("only an archive has refused names");
    let names = match count {
        1 => format!("the name `{first}`, which leads outside it or is not UTF-8"),
        _ => format!("{count} names such as `{first}`, which lead outside it or are not UTF-8"),
    };
    let message = format!("the archive `{archive}` contains {names}");
    let mut warning = Diagnostic::new(Rule::RefusedName, message);
    warning.span = node.map(Node::span);
    let help = "check where the archive comes from: no theme needs such a name";
    reader.diagnostics.push(warning.help(help));
}

/// The folders that may contain the manifest. Python installs Material's
/// templates as `material/templates`; other wheels name their folder.
fn candidate_folders(reader: &Reader<'_>, path: &SourcePath, name: &str) -> Vec<SourcePath> {
    let mut folders = vec![path.clone(), path.join("templates")];
    folders.push(path.join(format!("{name}/templates")));
    folders.push(path.join(name));
    let inside = path.join("x");
    if archive_of(&inside).as_ref() == Some(path) {
        folders.extend(entry_point(reader, path, name));
    }
    folders
}

/// The folder that a wheel's list of entry points gives for a theme, or for its
/// first theme if none has that name.
fn entry_point(reader: &Reader<'_>, wheel: &SourcePath, name: &str) -> Option<SourcePath> {
    let mut parts = wheel.name().split('-');
    let (distribution, version) = (parts.next()?, parts.next()?);
    let list = format!("{distribution}-{version}.dist-info/entry_points.txt");
    let Read::Present(text) = (reader.sources.read)(&wheel.join(list)) else {
        return None;
    };
    let mut themes = text
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[mkdocs.themes]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(theme, module)| (theme.trim(), module.trim()));
    let first = themes.clone().next();
    let (_, module) = themes.find(|(theme, _)| *theme == name).or(first)?;
    let module = &module[..module.find(':').unwrap_or(module.len())];
    Some(wheel.join(module.replace('.', "/")))
}

/// Explains why there is no theme at `path`. `unusable` is a manifest that
/// exists but cannot be read as text.
fn missing_theme(
    reader: &Reader<'_>,
    path: &SourcePath,
    unusable: Option<&SourcePath>,
    node: Option<&Node>,
) -> Diagnostic {
    let fault = (reader.sources.fault)(&path.join(MANIFEST));
    let is_file = (reader.sources.read)(path) != Read::Missing;
    let is_archive = archive_of(&path.join("x")).is_some();
    let message = if let Some(fault) = fault {
        format!("the archive `{path}` cannot be read: {fault}")
    } else if let Some(manifest) = unusable {
        format!("the theme's `{manifest}` cannot be read as text")
    } else if (reader.is_folder)(path) {
        format!("the folder `{path}` contains no theme: there is no `{MANIFEST}` in it")
    } else if is_file && is_archive {
        format!("the archive `{path}` contains no theme: there is no `{MANIFEST}` in it")
    } else if is_file {
        format!("`{path}` is a file, but not a wheel")
    } else {
        format!("the theme `{path}` does not exist")
    };
    let error = Diagnostic::new(Rule::MissingTheme, message).help(
        "give the folder of an installed theme package (such as \
         `.venv/lib/python3.13/site-packages/material`), its `templates` folder, \
         or its wheel (`mkdocs_material-9.7.0-py3-none-any.whl`)",
    );
    match node {
        Some(node) => error.at(node.span()),
        None => error,
    }
}
