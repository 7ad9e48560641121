use std::sync::Arc;

use serde_json::{Map, Value};

use super::docs_files::address;
use super::plugin_step::{SiteSources, Step};
use super::settings::{
    config, extensions, folders, macro_variables, plugin, shown_config, site_url,
};
use super::themes::with_settings;
use super::{front, is_shared, kind, text, until_uninterrupted};
use crate::config::{Config, MacroVariable, SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule, Severity, Span};
use crate::files::{Kind, SourcePath};
use crate::plugins::Sources as _;
use crate::plugins::data;
use crate::plugins::macros::{
    Options, Page, data_files, extension_not_loaded, has_jinja, heading_as_written, may_use,
    missing_data_file, missing_variable_file, module_not_run, variables as page_variables,
};
use crate::site::{Db, Entry};
use crate::theme::{MacroContext, SettingsExtent};
use crate::yaml;

const NAME: &str = "macros";

/// What the macros of all pages see. It is equal only to itself.
#[derive(Debug, Clone)]
struct MacrosContext(Arc<(MacroContext, Map<String, Value>)>);

impl PartialEq for MacrosContext {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// With the settings that pages usually show.
#[salsa::tracked(returns(clone))]
fn usual_context(db: &dyn Db) -> Option<MacrosContext> {
    build_context(db, &*shown_config(db)?, SettingsExtent::Usual)
}

/// With all settings.
#[salsa::tracked(returns(clone))]
fn whole_context(db: &dyn Db) -> Option<MacrosContext> {
    build_context(db, &*config(db)?, SettingsExtent::Whole)
}

fn build_context(db: &dyn Db, config: &Config, extent: SettingsExtent) -> Option<MacrosContext> {
    let plugin = plugin(db, NAME)?;
    let project = folders(db)?.project.clone();
    let mut variables = Map::new();
    variables.insert("extra".to_owned(), config.extra.clone());
    variables.insert("plugin".to_owned(), Value::Object(plugin.options.clone()));
    let files = Options::read(&plugin.options).data_files();
    // `faults` reports files that are missing or malformed.
    add_data(db, &project, files, &mut variables);
    if let Value::Object(extra) = &config.extra {
        variables.extend(extra.clone());
    }
    let context = MacroContext::new(config, extent, db.interrupt().clone());
    Some(MacrosContext(Arc::new((context, variables))))
}

/// Adds the variables of `include_yaml`.
fn add_data(
    db: &dyn Db,
    project: &SourcePath,
    files: Vec<(Option<String>, String)>,
    variables: &mut Map<String, Value>,
) {
    for (key, file) in files {
        let text = SiteSources(db).read(&project.join(&file));
        let Some(Ok(parsed)) = text.map(|text| yaml::parse(&SourcePath::new(&file), &text)) else {
            continue;
        };
        match key {
            Some(key) => {
                variables.insert(key, parsed.node.to_json());
            }
            None => variables.extend(parsed.node.to_map()),
        }
    }
}

/// Adds the variables of `include_yaml` in a page's front matter, which only the
/// extension of Zensical reads.
fn add_page_data(step: &mut Step<'_>, meta: &Map<String, Value>, to: &mut Map<String, Value>) {
    const EXTENSION: &str = "zensical.extensions.macros";
    let db = step.db;
    let Some(include_yaml) = meta.get("include_yaml") else {
        return;
    };
    if !extensions(db).iter().any(|it| it.name == EXTENSION) {
        return;
    }
    let files = data_files(include_yaml);
    let project = &step.folders.project;
    let missing = files
        .iter()
        .filter(|(_, file)| !is_file(db, &project.join(file)));
    let path = step.page.path(db);
    for (_, file) in missing {
        let text = text(db, step.page).readable().unwrap_or_default();
        let mut lines = text.lines();
        let nth = lines.position(|line| line.trim_start().starts_with("include_yaml"));
        let line = u32::try_from(nth.unwrap_or(0)).map_or(u32::MAX, |nth| nth.saturating_add(1));
        let fault = missing_data_file(file).at(Span::line(&path, &text, line));
        step.prepared.diagnostics.push(fault);
    }
    let mut variables = Map::new();
    add_data(db, project, files, &mut variables);
    let extra = to.get("extra").and_then(Value::as_object).cloned();
    variables.retain(|name, _| !extra.as_ref().is_some_and(|extra| extra.contains_key(name)));
    to.extend(variables);
}

fn is_file(db: &dyn Db, path: &SourcePath) -> bool {
    kind(db, db.entry(path)) == Some(Kind::File)
}

/// The values of a file of `[macros] variables`; `None` if it cannot be read.
#[salsa::tracked(returns(clone))]
fn file_value(db: &dyn Db, file: Entry) -> Option<Arc<Value>> {
    // `faults` reports what cannot be read.
    if !is_shared(db, file) {
        return None;
    }
    let text = text(db, file).readable()?;
    data::parse(&file.path(db), &text).ok().map(Arc::new)
}

/// The value of a variable; `None` if it depends on a file that cannot be read.
fn value_of(db: &dyn Db, variable: &MacroVariable) -> Option<Value> {
    Some(match variable {
        MacroVariable::Value(value) => value.clone(),
        MacroVariable::File(path) => (*file_value(db, db.entry(path))?).clone(),
        MacroVariable::List(items) => {
            let items = items.iter().filter_map(|item| value_of(db, item));
            Value::Array(items.collect())
        }
        MacroVariable::Table(entries) => {
            let entry = |(name, value): &(String, MacroVariable)| {
                Some((name.clone(), value_of(db, value)?))
            };
            Value::Object(entries.iter().filter_map(entry).collect())
        }
    })
}

/// Adds those of `[macros] variables` that a page may use, so that it depends on no
/// file of the others.
fn add_variables(db: &dyn Db, text: &str, to: &mut Map<String, Value>) {
    for (name, variable) in macro_variables(db).iter() {
        if may_use(text, name)
            && let Some(value) = value_of(db, variable)
        {
            to.insert(name.clone(), value);
        }
    }
}

/// Renders the Jinja in a page's text.
pub(super) fn prepare(step: &mut Step<'_>) {
    let db = step.db;
    let Some((plugin, MacrosContext(shared))) = plugin(db, NAME).zip(usual_context(db)) else {
        return;
    };
    let options = Options::read(&plugin.options);
    let (meta, path, site_url) = (front(db, step.page), step.path(), site_url(db));
    let url = address(db, step.page).map_or_else(String::new, |address| address.url);
    let page = Page {
        path: &path,
        url: &url,
        site_url: site_url.as_deref(),
        meta: &meta,
    };
    let has_modules = !modules(db).is_empty();
    let syntax = options.syntax(has_modules);
    if !options.wants(page) || !has_jinja(step.text.as_str(), &syntax) {
        return;
    }
    let mut variables = shared.1.clone();
    add_page_data(step, &meta, &mut variables);
    let text = step.text.as_str();
    add_variables(db, text, &mut variables);
    let title = match meta.get("title") {
        Some(title) => Some(title.clone()),
        None => heading_as_written(text).map(Value::from),
    };
    variables.extend(page_variables(page, title));
    let folder = options.folder(&step.folders.project, &step.folders.docs_dir);
    let read = |name: &str| {
        // As in Jinja2, which refuses such names.
        if name.split('/').any(|part| part == "..") {
            return None;
        }
        let path = folder.join(name.trim_start_matches('/'));
        path.below(&folder)?;
        SiteSources(db).read(&path)
    };
    // The two contexts differ in their settings only, so the variables of one
    // serve for both.
    let rendered = with_settings(
        MacrosContext(shared.clone()),
        || whole_context(db),
        |shared| shared.0.0.wants_more(),
        |shared| {
            let context = &shared.0.0;
            until_uninterrupted(db, || {
                context.render(text, &url, &variables, &syntax, &read)
            })
        },
    );
    match rendered {
        None => {}
        Some(Ok(rendered)) => {
            for tag in &rendered.unrendered {
                let (path, text, line) = place(step, &folder, tag.file.as_deref(), tag.line);
                let span = Span::line(&path, &text, line);
                let fault = options.explain_unrendered(&tag.reason, has_modules, span);
                step.prepared.diagnostics.push(fault);
            }
            step.text.exchange(rendered.text);
        }
        Some(Err(fault)) => {
            let (path, text, line) = place(step, &folder, fault.file.as_deref(), fault.line);
            let diagnostic = options.explain(&fault, &path, &text, line);
            step.prepared.diagnostics.push(diagnostic);
        }
    }
}

/// The file, its text and the line in it of a place in a page or in a file that it
/// includes.
fn place(
    step: &Step<'_>,
    folder: &SourcePath,
    file: Option<&str>,
    line: u32,
) -> (SourcePath, Arc<str>, u32) {
    let db = step.db;
    let (path, line) = match file {
        Some(file) => (folder.join(file), line),
        None => {
            let nth = line.saturating_sub(1) as usize;
            let line = step.text.sources().get(nth).copied();
            (step.page.path(db), line.unwrap_or(1))
        }
    };
    let text = text(db, db.entry(&path)).readable().unwrap_or_default();
    (path, text, line)
}

/// The Python modules of the site, which are not run.
#[salsa::tracked(returns(clone))]
fn modules(db: &dyn Db) -> Arc<[String]> {
    let Some((plugin, folders)) = plugin(db, NAME).zip(folders(db)) else {
        return Arc::default();
    };
    let options = Options::read(&plugin.options);
    let mut own_module = options.own_module(&folders.project).into_iter();
    let mut modules = options.modules.clone();
    if own_module.any(|path| is_file(db, &path)) {
        modules.insert(0, options.module_name.clone());
    }
    modules.into()
}

/// Reports Python modules, which are not run, and missing or malformed files.
pub(super) fn faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let Some((plugin, folders)) = plugin(db, NAME).zip(folders(db)) else {
        return Vec::new();
    };
    let options = Options::read(&plugin.options);
    let modules = modules(db);
    let mut diagnostics: Vec<Diagnostic> = modules.iter().map(|it| module_not_run(it)).collect();
    diagnostics.extend(options.unknown_extensions().map(extension_not_loaded));
    for (_, file) in options.data_files() {
        let path = folders.project.join(&file);
        if !is_file(db, &path) {
            diagnostics.push(missing_data_file(&file));
        } else if let Some(Err(error)) = SiteSources(db)
            .read(&path)
            .map(|text| yaml::parse(&path, &text))
        {
            let fault = Diagnostic::warning(Rule::BadYaml, error.message.clone());
            diagnostics.push(fault.help("correct the file"));
        }
    }
    let remarks = diagnostics.into_iter().map(|it| plugin.remark(it));
    remarks.chain(variable_faults(db)).collect()
}

/// Reports files of `[macros] variables` that are missing or malformed.
fn variable_faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let mut faults = Vec::new();
    for (name, variable) in macro_variables(db).iter() {
        for (below, path) in variable.files() {
            let name = format!("{name}{below}");
            if !is_file(db, path) || !is_shared(db, db.entry(path)) {
                let fault = missing_variable_file(&name, path);
                let subject = SettingRef::Setting(format!("macros.variables.{name}"));
                faults.push(SettingDiagnostic::about(subject, fault));
            } else if let Some(text) = SiteSources(db).read(path)
                && let Err(mut fault) = data::parse(path, &text)
            {
                fault.severity = fault.severity.min(Severity::Warning);
                faults.push(SettingDiagnostic::from(*fault));
            }
        }
    }
    faults
}
