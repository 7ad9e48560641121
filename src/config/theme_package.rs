use serde_json::{Map, Value as Json};

use super::Read;
use super::settings::Reader;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::{SourcePath, archive_of};
use crate::yaml::{self, Node};

/// The file that makes a folder a theme, by MkDocs' rules.
const MANIFEST: &str = "mkdocs_theme.yml";

/// An installed theme package.
pub(super) struct Package {
    /// The folder of its templates.
    pub(super) folder: SourcePath,
    /// What its manifest fills in for what a site leaves open.
    pub(super) defaults: Map<String, Json>,
    /// Its templates that are pages of their own.
    pub(super) static_templates: Vec<String>,
}

/// Finds the theme package at `path`: an installed package's folder, the
/// folder of its templates, the folder that it is installed in, or a wheel.
///
/// `name` is the theme's name, `node` where the path is written (nowhere, if
/// on the command line).
pub(super) fn find(
    reader: &mut Reader<'_>,
    path: &SourcePath,
    name: &str,
    node: Option<&Node>,
) -> Option<Package> {
    let mut unusable = None;
    let candidates = candidates(reader, path, name);
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
        let diagnostic = missing(reader, path, unusable.as_ref(), node);
        reader.diagnostics.push(diagnostic);
        return None;
    };
    let manifest = folder.join(MANIFEST);
    if let Some((count, first)) = (reader.sources.refused)(&manifest) {
        let archive = archive_of(&manifest).unwrap_or_else(|| path.clone());
        let names = match count {
            1 => format!("the name `{first}`"),
            _ => format!("{count} names such as `{first}`"),
        };
        let message = format!(
            "{names} in the archive `{archive}` cannot be read: outside of it, or not UTF-8"
        );
        let mut warning = Diagnostic::new(Rule::RefusedName, message);
        warning.span = node.map(Node::span);
        let help = "see where the archive comes from: no theme needs such a name";
        reader.diagnostics.push(warning.help(help));
    }
    let root = match yaml::parse(&manifest, &text) {
        Ok(parsed) => parsed.node,
        Err(error) => {
            reader.diagnostics.push(*error);
            return None;
        }
    };
    if let Some(parent) = root.get("extends") {
        let parent = parent.as_str().unwrap_or_default();
        let message = format!("this theme extends `{parent}`, which is not in its package");
        let warning = Diagnostic::new(Rule::ThemeExtends, message);
        let span = Span::line(&manifest, &text, 1);
        let help = "its templates work as far as they need nothing of the other theme";
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

/// The folders that may hold the manifest. Python installs Material's
/// templates as `material/templates`; other wheels say where theirs lie.
fn candidates(reader: &Reader<'_>, path: &SourcePath, name: &str) -> Vec<SourcePath> {
    let mut folders = vec![path.clone(), path.join("templates")];
    folders.push(path.join(format!("{name}/templates")));
    folders.push(path.join(name));
    let inside = path.join("x");
    if archive_of(&inside).as_ref() == Some(path)
        && let Some(named) = entry_point(reader, path, name)
    {
        folders.push(named);
    }
    folders
}

/// The folder that a wheel's own list of entry points gives for a theme; the
/// only theme of the wheel where none has that name.
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
    let module = module.split(':').next().unwrap_or(module);
    Some(wheel.join(module.replace('.', "/")))
}

/// Why there is no theme at `path`. `unusable` is a manifest that is there and
/// is not a text.
fn missing(
    reader: &Reader<'_>,
    path: &SourcePath,
    unusable: Option<&SourcePath>,
    node: Option<&Node>,
) -> Diagnostic {
    let fault = (reader.sources.fault)(&path.join(MANIFEST));
    let unusable = match (fault, unusable) {
        (Some(fault), _) => Some(format!("the archive `{path}` cannot be read: {fault}")),
        (None, Some(manifest)) => Some(format!("the theme's `{manifest}` cannot be read as text")),
        (None, None) => None,
    };
    let is_file = (reader.sources.read)(path) != Read::Missing;
    let is_wheel = archive_of(&path.join("x")).is_some();
    let found = if let Some(unusable) = unusable {
        unusable
    } else if (reader.is_folder)(path) {
        format!("the folder `{path}` holds no theme: there is no `{MANIFEST}` in it")
    } else if is_file && is_wheel {
        format!("the archive `{path}` holds no theme: there is no `{MANIFEST}` in it")
    } else if is_file {
        format!("`{path}` is a file, and neither a theme's folder nor a wheel")
    } else {
        format!("the theme `{path}` does not exist")
    };
    let error = Diagnostic::new(Rule::MissingTheme, found).help(
        "name the folder of an installed theme package (such as \
         `.venv/lib/python3.13/site-packages/material`), its `templates` folder, \
         or its wheel (`mkdocs_material-9.7.0-py3-none-any.whl`)",
    );
    match node {
        Some(node) => error.at(node.span()),
        None => error,
    }
}
