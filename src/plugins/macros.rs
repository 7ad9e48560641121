//! `macros`: Jinja in pages.
//!
//! The rules are those of mkdocs-macros-plugin 1, without its Python.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::{SourcePath, patterns};
use crate::options::options;
use crate::theme::{MacroFault, MacroSyntax, Undefined};

options! {
    /// The plugin's options.
    pub struct Options {
        module_name: String = "main",
        modules: Vec<String>,
        render_by_default: bool = true,
        force_render_paths: String,
        include_dir: String,
        include_yaml: Value,
        j2_block_start_string: String,
        j2_block_end_string: String,
        j2_variable_start_string: String,
        j2_variable_end_string: String,
        j2_comment_start_string: String,
        j2_comment_end_string: String,
        on_undefined: String = "keep",
        on_error_fail: bool,
    }
}

/// A page as its Jinja sees it.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Its path below the docs folder.
    pub path: &'a str,
    /// Its address.
    pub url: &'a str,
    /// The site's address, where it is known.
    pub site_url: Option<&'a str>,
    /// Its front matter.
    pub meta: &'a Map<String, Value>,
}

impl Options {
    /// `include_yaml`: files, with the names that their values go by.
    pub fn data_files(&self) -> Vec<(Option<String>, String)> {
        let named = |entries: &Map<String, Value>| -> Vec<(Option<String>, String)> {
            let files = entries.iter();
            let files = files
                .filter_map(|(key, file)| Some((Some(key.clone()), file.as_str()?.to_owned())));
            files.collect()
        };
        match &self.include_yaml {
            Value::Object(entries) => named(entries),
            Value::Array(items) => items
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

    /// The folder that pages include files from.
    pub fn folder(&self, project: &SourcePath, docs_dir: &SourcePath) -> SourcePath {
        match self.include_dir.as_str() {
            "" => docs_dir.clone(),
            folder => project.join(folder),
        }
    }

    /// Whether a page is rendered: what it says itself goes first.
    pub fn wants(&self, page: Page<'_>) -> bool {
        if let Some(Value::Bool(wanted)) = page.meta.get("render_macros") {
            return *wanted;
        }
        let forced = || {
            patterns(self.force_render_paths.lines())
                .matched_path_or_any_parents(page.path, false)
                .is_ignore()
        };
        self.render_by_default || forced()
    }

    /// How Jinja is written.
    pub fn syntax(&self) -> MacroSyntax {
        let marks = [
            &self.j2_block_start_string,
            &self.j2_block_end_string,
            &self.j2_variable_start_string,
            &self.j2_variable_end_string,
            &self.j2_comment_start_string,
            &self.j2_comment_end_string,
        ];
        MacroSyntax {
            undefined: match self.on_undefined.as_str() {
                "silent" => Undefined::Silent,
                "strict" => Undefined::Strict,
                "lax" => Undefined::Lax,
                _ => Undefined::Keep,
            },
            delimiters: marks.map(|mark| Some(mark.clone()).filter(|mark| !mark.is_empty())),
        }
    }

    /// The Python modules that the plugin would load by the names that it is
    /// given, and where that of the site's own would lie.
    pub fn own_module(&self, project: &SourcePath) -> [SourcePath; 2] {
        let file = project.join(self.module_name.replace('.', "/"));
        [
            SourcePath::new(format!("{file}.py")),
            SourcePath::new(format!("{file}/__init__.py")),
        ]
    }

    /// What there is to say of Jinja that cannot be run. `text` is that of the
    /// file where it is, `line` the line there.
    pub fn explain(
        &self,
        fault: &MacroFault,
        path: &SourcePath,
        text: &str,
        line: u32,
    ) -> Diagnostic {
        let message = format!("Jinja in this page cannot be run: {}", fault.message);
        let found = if self.on_error_fail {
            Diagnostic::error(Rule::MacroError, message)
        } else {
            Diagnostic::new(Rule::MacroError, message)
        };
        found.at(Span::line(path, text, line)).help(
            "the page is shown as it is written; put `{% raw %}` round what is no Jinja, or \
             `render_macros: false` into the front matter",
        )
    }
}

/// Whether a text has Jinja in it.
pub fn has_jinja(text: &str, syntax: &MacroSyntax) -> bool {
    let starts = [(0, "{%"), (2, "{{"), (4, "{#")];
    let mut starts = starts
        .iter()
        .map(|(nth, default)| syntax.delimiters[*nth].as_deref().unwrap_or(default));
    starts.any(|start| text.contains(start))
}

/// What a page's Jinja sees beside what all see: `page`, and its front matter.
pub fn variables(page: Page<'_>, title: Option<Value>) -> Map<String, Value> {
    let Page {
        path,
        url,
        site_url,
        meta,
    } = page;
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let of_page = json!({
        "title": title,
        "meta": meta,
        "url": url,
        "abs_url": format!("/{url}"),
        "canonical_url": site_url.map(|site| format!("{site}{url}")),
        "is_homepage": url.is_empty(),
        "file": {"src_path": path, "src_uri": path, "url": url, "name": stem},
    });
    let mut found = Map::new();
    found.insert("page".to_owned(), of_page);
    found.extend(meta.iter().map(|(key, value)| (key.clone(), value.clone())));
    found
}

/// What there is to say of a Python module.
pub fn module_not_run(module: &str) -> Diagnostic {
    let message = format!("the macros of the Python module `{module}` are not run");
    Diagnostic::new(Rule::UnsupportedValue, message)
        .help("calls of its macros are faults of the pages; write them in Jinja and import them")
}

/// What there is to say of a file of `include_yaml` that is not there.
pub fn missing_data_file(file: &str) -> Diagnostic {
    let message = format!("`include_yaml` names `{file}`, which does not exist");
    Diagnostic::warning(Rule::BadValue, message)
        .help("correct the path, which is relative to the configuration")
}
