use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::Read;
use super::reader::Reader;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::{SourcePath, archive_of};
use crate::yaml::{self, Node};

/// The file that makes a folder a theme in MkDocs.
const MANIFEST: &str = "mkdocs_theme.yml";

/// How many themes may extend each other.
const MOST_EXTENDED: usize = 16;

/// An installed theme package, with the themes that it extends.
pub(super) struct Package {
    /// The folders of its templates; those of themes that it extends follow.
    pub(super) folders: Vec<SourcePath>,
    /// The settings in its manifest, for those that a site does not give.
    pub(super) defaults: Map<String, Json>,
    /// The templates that are rendered as pages of their own.
    pub(super) static_templates: Vec<String>,
    /// Whether it is Material for MkDocs, or extends it.
    pub(super) is_material: bool,
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
    let candidates = candidate_folders(reader, path, name);
    let (folder, text) = match find_manifest(reader, candidates) {
        Ok(found) => found,
        Err(unusable) => {
            let diagnostic = missing_theme(reader, path, unusable.as_ref(), node);
            reader.diagnostics.push(diagnostic);
            return None;
        }
    };
    report_refused_names(reader, &folder.join(MANIFEST), node);
    let mut package = Package {
        is_material: is_material(name, &folder),
        folders: Vec::new(),
        defaults: Map::new(),
        static_templates: Vec::new(),
    };
    add(reader, &mut package, path, folder, &text);
    (!package.folders.is_empty()).then_some(package)
}

fn is_material(name: &str, folder: &SourcePath) -> bool {
    let package = folder.parent();
    let package = package.as_ref().map_or("", SourcePath::name);
    [name, package]
        .iter()
        .any(|it| ["material", "materialx"].contains(it))
}

/// The first folder with a manifest, and its text. The error is a manifest that
/// exists and cannot be read as text, if there is one.
fn find_manifest(
    reader: &Reader<'_>,
    candidates: Vec<SourcePath>,
) -> Result<(SourcePath, Arc<str>), Option<SourcePath>> {
    let mut unusable = None;
    for folder in candidates {
        let manifest = folder.join(MANIFEST);
        match (reader.sources.read)(&manifest) {
            Read::Present(text) => return Ok((folder, text)),
            Read::Missing => {}
            Read::Unreadable | Read::TooLarge | Read::NotUtf8 { .. } => {
                unusable.get_or_insert(manifest);
            }
        }
    }
    Err(unusable)
}

/// Adds a theme to `package`, and then the one that it extends. As in MkDocs, the
/// settings of a theme replace those of the one that it extends.
fn add(
    reader: &mut Reader<'_>,
    package: &mut Package,
    path: &SourcePath,
    folder: SourcePath,
    text: &Arc<str>,
) {
    let manifest = folder.join(MANIFEST);
    let root = match yaml::parse(&manifest, text) {
        Ok(parsed) => parsed.node,
        Err(error) => return reader.diagnostics.push(*error),
    };
    package.folders.push(folder.clone());
    if let Some(parent) = root.get("extends").filter(|parent| !parent.is_null()) {
        let parent = parent.key_text();
        let around = std::iter::successors(folder.parent(), SourcePath::parent).take(3);
        let places = std::iter::once(path.clone()).chain(around);
        let mut candidates: Vec<_> = places
            .flat_map(|place| installed_folders(&place, &parent))
            .collect();
        candidates.retain(|candidate| !package.folders.contains(candidate));
        match find_manifest(reader, candidates).ok() {
            Some((folder, text)) if package.folders.len() < MOST_EXTENDED => {
                package.is_material |= is_material(&parent, &folder);
                add(reader, package, path, folder, &text);
            }
            _ => {
                let message = format!("this theme extends `{parent}`, which was not found");
                let warning = Diagnostic::new(Rule::ThemeExtends, message);
                let span = Span::line(&manifest, text, 1);
                let help = "templates that need the other theme do not work: give the folder \
                            that both are installed in";
                reader.diagnostics.push(warning.at(span).help(help));
            }
        }
    }
    let listed = root.get("static_templates").and_then(Node::items);
    let listed = listed.into_iter().flatten().filter_map(Node::as_str);
    package.static_templates.extend(listed.map(str::to_owned));
    let mut defaults = root.to_map();
    for key in ["static_templates", "extends"] {
        defaults.shift_remove(key);
    }
    package.defaults.append(&mut defaults);
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

/// The folders that may contain the manifest of the theme at `path`.
fn candidate_folders(reader: &Reader<'_>, path: &SourcePath, name: &str) -> Vec<SourcePath> {
    let mut folders = vec![path.clone(), path.join("templates")];
    folders.extend(installed_folders(path, name));
    let inside = path.join("x");
    if archive_of(&inside).as_ref() == Some(path) {
        folders.extend(entry_point(reader, path, name));
    }
    folders
}

/// Where a theme may be in a folder that packages are installed in. Python
/// installs Material's templates as `material/templates`, and MkDocs' own as
/// `mkdocs/themes/mkdocs`.
fn installed_folders(path: &SourcePath, name: &str) -> Vec<SourcePath> {
    let module = name.replace('-', "_");
    let likely = [
        format!("{name}/templates"),
        name.to_owned(),
        format!("themes/{name}"),
        format!("mkdocs/themes/{name}"),
        format!("properdocs/themes/{name}"),
        format!("mkdocs_{module}"),
        module,
    ];
    likely.map(|folder| path.join(folder)).to_vec()
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
         the folder that it is installed in, or its wheel \
         (`mkdocs_material-9.7.0-py3-none-any.whl`)",
    );
    match node {
        Some(node) => error.at(node.span()),
        None => error,
    }
}
