use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::pages::matcher;
use super::preparation::{SiteSources, Step};
use super::settings::{config, folders, plugin, shown_config, site_url, use_directory_urls};
use super::{front, kind, settled, text};
use crate::config::{Config, Plugin, Remark};
use crate::diagnostic::{Diagnostic, Span};
use crate::files::{Kind, SourcePath};
use crate::markdown::first_heading;
use crate::options::Options;
use crate::plugins::Sources as _;
use crate::site::Db;
use crate::theme::{Extent, MacroContext, MacroFault, MacroSyntax, Undefined};
use crate::url::Address;
use crate::yaml;

/// What all pages see, however each is rendered; equal only to itself.
#[derive(Debug, Clone)]
struct Shared(Arc<(MacroContext, Map<String, Value>)>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// With the settings that pages show.
#[salsa::tracked(returns(clone))]
fn shared(db: &dyn Db) -> Option<Shared> {
    made(db, &*shown_config(db)?, Extent::Usual)
}

/// The same with all settings.
#[salsa::tracked(returns(clone))]
fn whole(db: &dyn Db) -> Option<Shared> {
    made(db, &*config(db)?, Extent::Whole)
}

fn made(db: &dyn Db, config: &Config, extent: Extent) -> Option<Shared> {
    let plugin = plugin(db, "macros")?;
    let project = folders(db)?.project.clone();
    let mut variables = Map::new();
    variables.insert("extra".to_owned(), config.extra.clone());
    variables.insert("plugin".to_owned(), Value::Object(plugin.options.clone()));
    for (key, file) in data_files(&plugin) {
        let read = SiteSources(db).read(&project.join(&file));
        let Some(Ok(parsed)) = read.map(|text| yaml::parse(&SourcePath::new(&file), &text)) else {
            continue;
        };
        match key {
            Some(key) => {
                variables.insert(key, parsed.node.to_json());
            }
            None => variables.extend(parsed.node.to_map()),
        }
    }
    if let Value::Object(extra) = &config.extra {
        variables.extend(extra.clone());
    }
    Some(Shared(Arc::new((
        MacroContext::new(config, extent, db.interrupt().clone()),
        variables,
    ))))
}

/// `include_yaml`: files, with the names that their values go by.
fn data_files(plugin: &Plugin) -> Vec<(Option<String>, String)> {
    let named = |entries: &Map<String, Value>| -> Vec<(Option<String>, String)> {
        let files = entries.iter();
        let files =
            files.filter_map(|(key, file)| Some((Some(key.clone()), file.as_str()?.to_owned())));
        files.collect()
    };
    match plugin.options.get("include_yaml") {
        Some(Value::Object(entries)) => named(entries),
        Some(Value::Array(items)) => items
            .iter()
            .flat_map(|item| match item {
                Value::String(file) => vec![(None, file.clone())],
                Value::Object(entries) => named(entries),
                _ => Vec::new(),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Renders a page's text.
pub(super) fn prepare(step: &mut Step<'_>) {
    let db = step.db;
    let Some((plugin, Shared(shared))) = plugin(db, "macros").zip(shared(db)) else {
        return;
    };
    let options = Options(&plugin.options);
    let meta = front(db, step.page);
    let path = step.path();
    let wanted = match meta.get("render_macros") {
        Some(Value::Bool(wanted)) => *wanted,
        _ => {
            let forced = options.text_or("force_render_paths", "").lines();
            options.flag("render_by_default", true)
                || matcher(forced)
                    .matched_path_or_any_parents(&path, false)
                    .is_ignore()
        }
    };
    let syntax = syntax(options);
    let starts = [(0, "{%"), (2, "{{"), (4, "{#")];
    let mut starts = starts
        .iter()
        .map(|(nth, default)| syntax.delimiters[*nth].as_deref().unwrap_or(default));
    if !wanted || !starts.any(|start| step.text.as_str().contains(start)) {
        return;
    }
    let url = Address::of_page(&path, use_directory_urls(db)).url;
    let mut variables = shared.1.clone();
    let title = match meta.get("title") {
        Some(title) => Some(title.clone()),
        None => first_heading(step.text.as_str(), &super::options(db)).map(Value::from),
    };
    let full = |site: Arc<str>| format!("{site}{url}");
    variables.insert(
        "page".to_owned(),
        json!({
            "title": title,
            "meta": &*meta,
            "url": url,
            "abs_url": format!("/{url}"),
            "canonical_url": site_url(db).map(full),
            "is_homepage": url.is_empty(),
            "file": {"src_path": path, "src_uri": path, "url": url, "name": stem(&path)},
        }),
    );
    variables.extend(meta.iter().map(|(key, value)| (key.clone(), value.clone())));
    let folder = match options
        .text("include_dir")
        .filter(|folder| !folder.is_empty())
    {
        Some(folder) => step.folders.project.join(folder),
        None => step.folders.docs_dir.clone(),
    };
    let read = |name: &str| {
        let path = folder.join(name.trim_start_matches('/'));
        path.below(&folder)?;
        SiteSources(db).read(&path)
    };
    let text = step.text.as_str();
    let render = |context: &MacroContext| {
        settled(db, || {
            context.render(text, &url, &variables, &syntax, &read)
        })
    };
    let made = render(&shared.0);
    // What all pages see is the same but for settings.
    let whole = shared.0.wants_more().then(|| whole(db)).flatten();
    match whole.map_or(made, |whole| render(&whole.0.0)) {
        Ok(made) => step.text.exchange(made),
        Err(fault) => {
            let fault = explain(step, &folder, &fault, options);
            step.found.diagnostics.push(fault);
        }
    }
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn syntax(options: Options<'_>) -> MacroSyntax {
    let marker = |name: &str| {
        let marker = options.text(&format!("j2_{name}_string"));
        marker
            .filter(|marker| !marker.is_empty())
            .map(str::to_owned)
    };
    MacroSyntax {
        undefined: match options.text_or("on_undefined", "keep") {
            "silent" => Undefined::Silent,
            "strict" => Undefined::Strict,
            "lax" => Undefined::Lax,
            _ => Undefined::Keep,
        },
        delimiters: [
            "block_start",
            "block_end",
            "variable_start",
            "variable_end",
            "comment_start",
            "comment_end",
        ]
        .map(marker),
    }
}

fn explain(
    step: &Step<'_>,
    folder: &SourcePath,
    fault: &MacroFault,
    options: Options<'_>,
) -> Diagnostic {
    let db = step.db;
    let (path, line) = match &fault.file {
        Some(file) => (folder.join(file), fault.line),
        None => {
            let nth = fault.line.saturating_sub(1) as usize;
            let line = step.text.sources().get(nth).copied();
            (step.page.path(db), line.unwrap_or(1))
        }
    };
    let written = text(db, db.entry(&path)).readable().unwrap_or_default();
    let message = format!("Jinja in this page cannot be run: {}", fault.message);
    let found = match options.flag("on_error_fail", false) {
        true => Diagnostic::error("macro-error", message),
        false => Diagnostic::warning("macro-error", message),
    };
    found
        .at(Span::line(&path, &written, line))
        .help("the page is shown as it is written; put `{% raw %}` round what is no Jinja, or `render_macros: false` into the front matter")
}

/// Python modules that the plugin would load, and files that are not there.
pub(super) fn faults(db: &dyn Db) -> Vec<Remark> {
    let Some((plugin, folders)) = plugin(db, "macros").zip(folders(db)) else {
        return Vec::new();
    };
    let options = Options(&plugin.options);
    let mut found = Vec::new();
    let mut say = |rule, message: String, help: &str| {
        let warning = Diagnostic::warning(rule, message).help(help);
        found.push(plugin.remark(warning));
    };
    let mut modules = options.texts("modules");
    let own = options.text_or("module_name", "main");
    let file = folders.project.join(own.replace('.', "/"));
    let there = [format!("{file}.py"), format!("{file}/__init__.py")];
    let is_file = |path: &String| kind(db, db.entry(&SourcePath::new(path))) == Some(Kind::File);
    if there.iter().any(is_file) {
        modules.insert(0, own.to_owned());
    }
    for module in modules {
        let message = format!("the macros of the Python module `{module}` are not run");
        say(
            "unsupported-value",
            message,
            "calls of its macros are faults of the pages; write them in Jinja and import them",
        );
    }
    for (_, file) in data_files(&plugin) {
        let path = folders.project.join(&file);
        if kind(db, db.entry(&path)) != Some(Kind::File) {
            let message = format!("`include_yaml` names `{file}`, which does not exist");
            say(
                "bad-value",
                message,
                "correct the path, which is relative to the configuration",
            );
        } else if let Some(Err(error)) = SiteSources(db)
            .read(&path)
            .map(|text| yaml::parse(&path, &text))
        {
            say("bad-yaml", error.message.clone(), "correct the file");
        }
    }
    found
}
