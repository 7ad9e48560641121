use std::sync::Arc;

use serde_json::{Map, Value};

use super::plugin_step::{SiteSources, Step};
use super::settings::{config, folders, plugin, shown_config, site_url, use_directory_urls};
use super::themes::with_settings;
use super::{front, kind, text, until_uninterrupted};
use crate::config::{Config, SettingDiagnostic};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::{Kind, SourcePath};
use crate::plugins::Sources as _;
use crate::plugins::macros::{
    Options, Page, extension_not_loaded, has_jinja, heading_as_written, missing_data_file,
    module_not_run, variables as page_variables,
};
use crate::site::Db;
use crate::theme::{MacroContext, SettingsExtent};
use crate::url::Address;
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
    for (key, file) in Options::read(&plugin.options).data_files() {
        // `faults` reports files that are missing or malformed.
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
    if let Value::Object(extra) = &config.extra {
        variables.extend(extra.clone());
    }
    let context = MacroContext::new(config, extent, db.interrupt().clone());
    Some(MacrosContext(Arc::new((context, variables))))
}

/// Renders the Jinja in a page's text.
pub(super) fn prepare(step: &mut Step<'_>) {
    let db = step.db;
    let Some((plugin, MacrosContext(shared))) = plugin(db, NAME).zip(usual_context(db)) else {
        return;
    };
    let options = Options::read(&plugin.options);
    let (meta, path, site_url) = (front(db, step.page), step.path(), site_url(db));
    let url = Address::of_page(&path, use_directory_urls(db)).url;
    let page = Page {
        path: &path,
        url: &url,
        site_url: site_url.as_deref(),
        meta: &meta,
    };
    let has_modules = !modules(db).is_empty();
    let (syntax, text) = (options.syntax(has_modules), step.text.as_str());
    if !options.wants(page) || !has_jinja(text, &syntax) {
        return;
    }
    let title = match meta.get("title") {
        Some(title) => Some(title.clone()),
        None => heading_as_written(text).map(Value::from),
    };
    let mut variables = shared.1.clone();
    variables.extend(page_variables(page, title));
    let folder = options.folder(&step.folders.project, &step.folders.docs_dir);
    let read = |name: &str| {
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
    let is_file = |path: &SourcePath| kind(db, db.entry(path)) == Some(Kind::File);
    let mut modules = options.modules.clone();
    if options.own_module(&folders.project).iter().any(is_file) {
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
    let is_file = |path: &SourcePath| kind(db, db.entry(path)) == Some(Kind::File);
    let modules = modules(db);
    let mut diagnostics: Vec<Diagnostic> = modules.iter().map(|it| module_not_run(it)).collect();
    diagnostics.extend(options.unknown_extensions().map(extension_not_loaded));
    for (_, file) in options.data_files() {
        let path = folders.project.join(&file);
        if !is_file(&path) {
            diagnostics.push(missing_data_file(&file));
        } else if let Some(Err(error)) = SiteSources(db)
            .read(&path)
            .map(|text| yaml::parse(&path, &text))
        {
            let fault = Diagnostic::warning(Rule::BadYaml, error.message.clone());
            diagnostics.push(fault.help("correct the file"));
        }
    }
    diagnostics
        .into_iter()
        .map(|it| plugin.remark(it))
        .collect()
}
