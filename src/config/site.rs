use serde_json::{Map, Value as Json};

use super::reader::Reader;
use super::{
    Config, SettingDiagnostic, SettingRef, check_rules, editor, extensions, feeds, installed_theme,
    macro_variables, nav, plugins, scripts, theme, validation, zensical,
};
use crate::diagnostic::{Diagnostic, Levels, Near, Rule, Span};
use crate::files::SourcePath;
use crate::languages::Language;
use crate::python;
use crate::text::capitalized;
use crate::url::is_scheme;
use crate::yaml::{Node, Value};

/// Every setting of MkDocs 1.6, including those that have no meaning here, and
/// proofroom's own.
const KNOWN: [&str; 40] = [
    "site_name",
    "site_url",
    "site_description",
    "site_author",
    "copyright",
    "repo_url",
    "repo_name",
    "edit_uri",
    "edit_uri_template",
    "docs_dir",
    "site_dir",
    "use_directory_urls",
    "strict",
    "dev_addr",
    "nav",
    "theme",
    "extra",
    "extra_css",
    "extra_javascript",
    "extra_templates",
    "markdown_extensions",
    "mdx_configs",
    "plugins",
    "hooks",
    "watch",
    "exclude_docs",
    "draft_docs",
    "not_in_nav",
    "validation",
    "remote_branch",
    "remote_name",
    "server",
    "linked_dirs",
    "check",
    "macros",
    "inventories",
    "search",
    "feeds",
    "cards",
    "pages",
];

/// Folder names that people often keep pages in, to suggest if `docs_dir` does
/// not exist.
const LIKELY: [&str; 8] = [
    "docs",
    "doc",
    "documentation",
    "content",
    "pages",
    "source",
    "src",
    "wiki",
];

/// Where a configuration came from.
pub(super) struct Origin<'a> {
    /// The main file; `None` for a bare folder.
    pub(super) file: Option<SourcePath>,
    /// The name of a site that has none.
    pub(super) folder_name: &'a str,
    /// Whether MkDocs' rules apply rather than proofroom's conventions.
    pub(super) mkdocs: bool,
    /// Whether Zensical's defaults apply.
    pub(super) zensical: bool,
    /// Whether `site_name` is required.
    pub(super) must_have_name: bool,
    /// The language of the site, if it configures languages.
    pub(super) language: Option<&'a Language>,
}

pub(super) fn read(reader: &mut Reader<'_>, origin: Origin<'_>) -> Config {
    reader.check_keys(reader.root, &KNOWN, "");
    let mut config = Config::bare(origin.folder_name);
    if let Some(name) = site_name(reader, &origin) {
        config.site_name = name;
    }
    config.site_url = site_url(reader);
    config.site_description = reader.text("site_description");
    config.site_author = reader.text("site_author");
    config.copyright = reader.text("copyright");
    read_repository(reader, &mut config);
    read_folders(reader, &origin, &mut config);
    config.use_directory_urls = reader.flag("use_directory_urls", true);
    config.strict = reader.flag("strict", false);
    if let Some(address) = dev_addr(reader) {
        config.dev_addr = address;
    }
    let theme_name = match (origin.zensical, origin.mkdocs) {
        (true, _) => "material",
        (false, true) => "mkdocs",
        (false, false) => "proofroom",
    };
    config.theme = theme::read(reader, theme_name);
    if origin.zensical {
        zensical::add_icons(&mut config.theme);
    }
    config.extra = extra(reader);
    config.extra_css = addresses(reader, "extra_css");
    config.extra_javascript = scripts::read(reader);
    config.extra_templates = addresses(reader, "extra_templates");
    config.extensions = extensions::read(reader, !origin.mkdocs);
    config.plugins = plugins::read(reader, &config.theme);
    plugins::add_extensions(reader, &config.extensions, &mut config.plugins);
    installed_theme::add_search(reader, &mut config);
    config.hooks = plugins::read_hooks(reader);
    for (text, node) in reader.texts("watch") {
        let path = reader.path_of("watch", &text, node);
        config.watch.extend(path);
    }
    for (text, node) in reader.texts("linked_dirs") {
        let path = reader.path_of("linked_dirs", &text, node);
        config.linked_dirs.extend(path);
    }
    config.exclude_docs = reader.patterns("exclude_docs");
    config.draft_docs = reader.patterns("draft_docs");
    config.not_in_nav = reader.patterns("not_in_nav");
    config.validation = validation::read(reader);
    config.levels = Levels {
        is_mkdocs: origin.mkdocs,
        configured: check_rules::read(reader),
    };
    config.macro_variables = macro_variables::read(reader, &config);
    config.inventories = inventories(reader);
    config.card_fonts = card_fonts(reader);
    config.whole_search_index = flag_in(reader, "search", "whole_index");
    config.has_markdown_files = flag_in(reader, "pages", "markdown");
    config.feeds = feeds::read(reader);
    config.editor = editor::read(reader);
    config.nav = nav::read(reader);
    config.file = origin.file;
    config
}

fn site_name(reader: &mut Reader<'_>, origin: &Origin<'_>) -> Option<String> {
    let given = reader.get("site_name");
    if given.is_none() && origin.must_have_name {
        let message = "the site has no name";
        let source = &reader.root.place.source;
        let span = Span::line(&source.path, &source.text, 1);
        let error = Diagnostic::new(Rule::MissingSiteName, message).at(span);
        reader
            .diagnostics
            .push(error.help("add a line such as `site_name: My docs`"));
    }
    reader.text("site_name")
}

/// The scheme and host of an address; `None` if it lacks one of them.
fn scheme_and_host(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once("://")?;
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    if !is_scheme(scheme) || host.is_empty() {
        return None;
    }
    Some((scheme, host))
}

fn report_bad_url(reader: &mut Reader<'_>, key: &str, address: &str) {
    let message = format!("`{key}` is not a full address: `{address}`");
    let mut warning = Diagnostic::warning(Rule::BadValue, message);
    warning.span = reader.get(key).map(Node::span);
    reader
        .diagnostics
        .push(warning.help("start it with `https://`"));
}

fn site_url(reader: &mut Reader<'_>) -> Option<String> {
    let address = reader.text("site_url")?;
    if address.is_empty() {
        return None;
    }
    let scheme = scheme_and_host(&address).map(|(scheme, _)| scheme);
    if !matches!(scheme, Some("http" | "https")) {
        report_bad_url(reader, "site_url", &address);
    }
    scheme?;
    let slash = if address.ends_with('/') { "" } else { "/" };
    Some(format!("{address}{slash}"))
}

/// `repo_url` and the settings that MkDocs derives from it (`RepoName` and
/// `EditURI` in its `config_options.py`).
fn read_repository(reader: &mut Reader<'_>, config: &mut Config) {
    config.repo_url = reader.text("repo_url").filter(|url| !url.is_empty());
    config.repo_name = reader.text("repo_name");
    config.edit_uri = reader.text("edit_uri");
    config.edit_uri_template = edit_uri_template(reader);
    if let Some(url) = config.repo_url.clone() {
        let Some((_, host)) = scheme_and_host(&url) else {
            report_bad_url(reader, "repo_url", &url);
            return;
        };
        let host = host.to_lowercase();
        let (name, edit_uri) = match host.as_str() {
            "github.com" => ("GitHub".to_owned(), Some("edit/master/docs/")),
            "gitlab.com" => ("GitLab".to_owned(), Some("edit/master/docs/")),
            "bitbucket.org" => ("Bitbucket".to_owned(), Some("src/default/docs/")),
            host => {
                let first_label = &host[..host.find('.').unwrap_or(host.len())];
                (capitalized(first_label), None)
            }
        };
        config.repo_name.get_or_insert(name);
        if config.edit_uri.is_none() {
            config.edit_uri = edit_uri.map(str::to_owned);
        }
    }
    if let Some(uri) = &mut config.edit_uri
        && !uri.is_empty()
        && !uri.ends_with('/')
    {
        uri.push('/');
    }
}

/// `edit_uri_template`, unless a page's path cannot be put into it.
fn edit_uri_template(reader: &mut Reader<'_>) -> Option<String> {
    let node = reader.get("edit_uri_template")?;
    let template = reader.text_of("edit_uri_template", node)?;
    let is_field = |name: &str| matches!(name, "path" | "path_noext");
    let field = |name: &str| is_field(name).then(|| "a".to_owned());
    if let Err(why) = python::format(&template, &field) {
        let message = format!("`edit_uri_template` is not a template: {why}");
        let help = "it may contain `{path}` and `{path_noext}`, and `{path!q}` with escapes";
        reader.refuse(node, message, help);
        return None;
    }
    if let Some(unused) = reader.get("edit_uri")
        && !template.is_empty()
    {
        let message = "`edit_uri` has no effect, because there is an `edit_uri_template`";
        let warning = Diagnostic::warning(Rule::BadValue, message).at(unused.span());
        reader
            .diagnostics
            .push(warning.help("remove one of the two"));
    }
    Some(template)
}

fn read_folders(reader: &mut Reader<'_>, origin: &Origin<'_>, config: &mut Config) {
    let folder = reader.folder.clone();
    let default = folder.join("docs");
    let of_language = origin.language.and_then(|language| language.docs.clone());
    if of_language.is_some() {
        config.base_docs = reader.path("docs_dir").or_else(|| Some(default.clone()));
    }
    config.docs_dir = match of_language.or_else(|| reader.path("docs_dir")) {
        Some(path) => path,
        None if origin.file.is_none() && !(reader.is_folder)(&default) => folder.clone(),
        None => default,
    };
    if origin.file.is_some() && !(reader.is_folder)(&config.docs_dir) {
        report_missing_docs(reader, &config.docs_dir, origin.language);
    }
    config.site_dir = reader
        .path("site_dir")
        .unwrap_or_else(|| folder.join("site"));
    check_nesting(reader, config, &folder);
    if !origin.mkdocs {
        let by_convention =
            |name: &str| Some(folder.join(name)).filter(|path| (reader.is_folder)(path));
        config.static_dir = by_convention("static");
        config.themes_dir = by_convention("themes");
    }
}

fn report_missing_docs(
    reader: &mut Reader<'_>,
    docs_dir: &SourcePath,
    language: Option<&Language>,
) {
    if let Some(language) = language {
        let message = format!(
            "the docs folder `{docs_dir}` of `{}` does not exist",
            language.code
        );
        let diagnostic = if language.falls_back {
            Diagnostic::warning(Rule::MissingDocsDir, message)
                .help("until it exists, every page is shown in the default language")
        } else {
            Diagnostic::new(Rule::MissingDocsDir, message)
                .help("create it, or set another one with `docs`")
        };
        let subject = SettingRef::Language(language.code.clone());
        return reader.report([SettingDiagnostic::about(subject, diagnostic)]);
    }
    let mut error = Diagnostic::new(
        Rule::MissingDocsDir,
        format!("the docs folder `{docs_dir}` does not exist"),
    );
    let node = reader.get("docs_dir");
    error.span = node.map(Node::span);
    let likely = LIKELY.iter().map(|name| reader.folder.join(name));
    let existing: Vec<SourcePath> = likely.filter(|path| (reader.is_folder)(path)).collect();
    let names = existing.iter().map(SourcePath::as_str);
    let near = reader.suggestions.suggest(docs_dir.as_str(), names);
    let near = near.or_else(|| {
        let name = existing.first()?.to_string();
        let is_only = false;
        Some(Near { name, is_only })
    });
    let is_whole = node.and_then(Node::as_str) == Some(docs_dir.as_str());
    reader.diagnostics.push(match near {
        Some(near) if is_whole => error.did_you_mean(docs_dir.as_str(), &near),
        Some(near) => error.help(format!("did you mean `{}`?", near.name)),
        None => error.help("create the folder, or set `docs_dir` to the folder of your pages"),
    });
}

/// Neither folder may be inside the other, or a build would overwrite its
/// sources. If the docs folder is the project folder, the output folder is
/// excluded from the sources automatically.
fn check_nesting(reader: &mut Reader<'_>, config: &Config, folder: &SourcePath) {
    let (docs, site) = (&config.docs_dir, &config.site_dir);
    let (message, key) = if docs.below(site).is_some() {
        (
            format!("the docs folder `{docs}` is inside the output folder `{site}`"),
            "docs_dir",
        )
    } else if docs != folder && site.below(docs).is_some() {
        (
            format!("the output folder `{site}` is inside the docs folder `{docs}`"),
            "site_dir",
        )
    } else {
        return;
    };
    let mut error = Diagnostic::new(Rule::NestedFolders, message);
    let node = reader
        .get(key)
        .or_else(|| reader.get("site_dir"))
        .or_else(|| reader.get("docs_dir"));
    error.span = node.map(Node::span);
    reader
        .diagnostics
        .push(error.help("set `site_dir` to a folder beside `docs_dir`"));
}

fn dev_addr(reader: &mut Reader<'_>) -> Option<String> {
    let node = reader.get("dev_addr")?;
    let address = reader.text_of("dev_addr", node)?;
    if let Some((host, port)) = address.rsplit_once(':')
        && !host.is_empty()
        && port.parse::<u16>().is_ok()
    {
        return Some(address);
    }
    let message = format!("`dev_addr` is not an address: `{address}`");
    reader.refuse(
        node,
        message,
        "give host and port, such as `127.0.0.1:8000`",
    );
    None
}

fn extra(reader: &mut Reader<'_>) -> Json {
    if let Some(node) = reader.get("extra") {
        if let Value::Mapping(_) = node.value {
            return node.to_json();
        }
        reader.wrong("extra", node, "a mapping");
    }
    Json::Object(Map::new())
}

/// `[inventories]`: files of the project by the addresses that they are copies of.
fn inventories(reader: &mut Reader<'_>) -> Vec<(String, SourcePath)> {
    const KEY: &str = "inventories";
    let Some(table) = reader.get(KEY) else {
        return Vec::new();
    };
    let Some(entries) = table.entries() else {
        reader.wrong(KEY, table, "a table");
        return Vec::new();
    };
    let mut inventories = Vec::new();
    for (key, node) in entries {
        let url = key.key_text();
        let name = format!("{KEY}.{url}");
        let text = reader.text_of(&name, node);
        let Some(file) = text.and_then(|text| reader.path_of(&name, &text, node)) else {
            continue;
        };
        let subject = SettingRef::Setting(name);
        reader.places.insert(subject, node.span());
        inventories.push((url, file));
    }
    inventories
}

/// `[cards] fonts`.
fn card_fonts(reader: &mut Reader<'_>) -> Option<SourcePath> {
    const KEY: &str = "cards";
    let table = reader.get(KEY)?;
    if table.entries().is_none() {
        reader.wrong(KEY, table, "a table");
        return None;
    }
    reader.check_keys(table, &["fonts"], " of `cards`");
    let node = table.get("fonts")?;
    let text = reader.text_of("cards.fonts", node)?;
    reader.path_of("cards.fonts", &text, node)
}

/// A flag that is the only key of a table, and off unless it is given.
fn flag_in(reader: &mut Reader<'_>, table_name: &'static str, key: &'static str) -> bool {
    let Some(table) = reader.get(table_name) else {
        return false;
    };
    if table.entries().is_none() {
        reader.wrong(table_name, table, "a table");
        return false;
    }
    reader.check_keys(table, &[key], &format!(" of `{table_name}`"));
    match table.get(key) {
        Some(node) => reader.flag_of(&format!("{table_name}.{key}"), node, false),
        None => false,
    }
}

fn addresses(reader: &mut Reader<'_>, key: &str) -> Vec<String> {
    reader
        .texts(key)
        .into_iter()
        .map(|(text, _)| text)
        .collect()
}
