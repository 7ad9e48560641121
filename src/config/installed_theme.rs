//! What comes with an installed theme: its folders, its language, and MkDocs' own
//! search.

use serde_json::json;

use super::reader::Reader;
use super::theme_package::Package;
use super::{Config, MkDocsSearch, Read, Script, ThemeConfig};
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;
use crate::python::is_true;
use crate::yaml::Node;

/// The script that searches in the themes of MkDocs, as they load it.
const SCRIPT: &str = "search/main.js";

/// The page of search results.
const PAGE: &str = "search.html";

/// Adds a theme package to the theme whose settings have been read.
pub(super) fn apply(reader: &mut Reader<'_>, theme: &mut ThemeConfig, package: Package) {
    let node = reader.get("theme").and_then(|theme| theme.get("locale"));
    let locale = node.and_then(Node::as_str);
    let locale = locale.or_else(|| package.defaults.get("locale")?.as_str());
    let locale = locale.unwrap_or("en").replace('-', "_");
    let is_own = !package.is_material;
    if is_own {
        theme.language = locale.replace('_', "-");
        theme.search = Some(MkDocsSearch { folder: None });
    }
    theme.static_templates.extend(package.static_templates);
    theme.packages = package.folders;
    let custom_dir = theme.custom_dir.iter();
    let mut folders = theme.packages.iter().chain(custom_dir);
    let is_translated = folders.any(|folder| {
        let mut files = catalogue_paths(folder, &locale).into_iter();
        files.any(|file| (reader.sources.read)(&file) != Read::Missing)
    });
    if !is_translated && !locale.starts_with("en") {
        let message =
            format!("the theme has no translations for `{locale}`: its own words are in English");
        let mut warning = Diagnostic::warning(Rule::BadValue, message)
            .help("correct `locale`, or put a translation into `locales` of `custom_dir`");
        warning.span = node.map(Node::span);
        reader.diagnostics.push(warning);
    }
    theme
        .settings
        .insert("locale".to_owned(), json!(full_locale(&locale)));
}

/// The translations of a theme into a locale such as `pt_BR`, in order of
/// preference.
pub fn catalogue_paths(theme: &SourcePath, locale: &str) -> Vec<SourcePath> {
    let language = locale.split('_').next().unwrap_or(locale);
    // The territory is the last part; a script is left out.
    let territory = locale.rsplit('_').next().filter(|part| part.len() == 2);
    let territory = territory.filter(|part| *part != language);
    let specific = territory.map(|territory| format!("{language}_{territory}"));
    let names = specific.into_iter().chain([language.to_owned()]);
    names
        .map(|name| theme.join(format!("locales/{name}/LC_MESSAGES/messages.mo")))
        .collect()
}

/// A locale as Babel writes it, with the script of Chinese.
fn full_locale(locale: &str) -> String {
    let script = match locale {
        "zh_CN" | "zh_SG" => "Hans",
        "zh_HK" | "zh_MO" | "zh_TW" => "Hant",
        _ => return locale.to_owned(),
    };
    locale.replacen('_', &format!("_{script}_"), 1)
}

/// Adds what MkDocs' search adds to the theme and to pages, if it is enabled.
pub(super) fn add_search(reader: &mut Reader<'_>, config: &mut Config) {
    let theme = &mut config.theme;
    let has_search = config.plugins.iter().any(|plugin| plugin.name == "search");
    if theme.search.is_none() || !has_search {
        theme.search = None;
        return;
    }
    let is_set = |name: &str| theme.settings.get(name).is_some_and(is_true);
    if is_set("include_search_page") && !theme.static_templates.iter().any(|it| it == PAGE) {
        theme.static_templates.push(PAGE.to_owned());
    }
    if is_set("search_index_only") {
        return;
    }
    let Some(folder) = find_search(reader, theme) else {
        let message = "MkDocs' search was not found beside the theme: its search box finds nothing";
        let mut warning = Diagnostic::warning(Rule::UnsupportedValue, message).help(
            "give the folder that MkDocs is installed in (such as \
             `.venv/lib/python3.13/site-packages`), or its wheel",
        );
        warning.span = reader.get("theme").map(Node::span);
        reader.diagnostics.push(warning);
        return;
    };
    theme.packages.push(folder.join("templates"));
    theme.search = Some(MkDocsSearch {
        folder: Some(folder),
    });
    if !config.extra_javascript.iter().any(|it| it.path == SCRIPT) {
        config.extra_javascript.push(Script {
            path: SCRIPT.to_owned(),
            kind: None,
            is_async: false,
            defer: false,
        });
    }
}

/// The folder of MkDocs' search: below the path that the theme was found at, or
/// below one of the folders around the theme.
fn find_search(reader: &Reader<'_>, theme: &ThemeConfig) -> Option<SourcePath> {
    let given = reader.sources.theme_path.cloned().or_else(|| {
        let path = reader.get("theme")?.get("path")?.as_str()?;
        Some(reader.folder.join(path))
    });
    let own = theme.packages.first()?;
    let around = std::iter::successors(own.parent(), SourcePath::parent).take(3);
    let folders = given.into_iter().chain(around);
    let mut candidates = folders.flat_map(|folder| {
        ["", "mkdocs/", "properdocs/"]
            .map(|package| folder.join(format!("{package}contrib/search")))
    });
    candidates.find(|folder| {
        let script = folder.join("templates").join(SCRIPT);
        matches!((reader.sources.read)(&script), Read::Present(_))
    })
}
