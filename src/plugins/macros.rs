//! `macros`: Jinja in pages.
//!
//! Follows mkdocs-macros-plugin 1, without its Python.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::{SourcePath, patterns};
use crate::options::options;
use crate::theme::{MacroError, MacroSyntax, Undefined};

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

/// The page that Jinja is rendered in.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Its path below the docs folder.
    pub path: &'a str,
    /// Its address.
    pub url: &'a str,
    /// The site's address, if it is known.
    pub site_url: Option<&'a str>,
    /// Its front matter.
    pub meta: &'a Map<String, Value>,
}

impl Options {
    /// `include_yaml`: files, each with the name of the variable for its values.
    /// The values of a file without a name are variables themselves.
    pub fn data_files(&self) -> Vec<(Option<String>, String)> {
        let named = |entries: &Map<String, Value>| -> Vec<(Option<String>, String)> {
            let mut files = Vec::new();
            for (name, file) in entries {
                if let Some(file) = file.as_str() {
                    files.push((Some(name.clone()), file.to_owned()));
                }
            }
            files
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

    /// Whether a page is rendered. Its front matter takes precedence.
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

    /// The dialect of Jinja.
    pub fn syntax(&self) -> MacroSyntax {
        let delimiters = [
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
            delimiters: delimiters.map(|it| Some(it.clone()).filter(|it| !it.is_empty())),
        }
    }

    /// The paths that the site's own Python module may have.
    pub fn own_module(&self, project: &SourcePath) -> [SourcePath; 2] {
        let file = project.join(self.module_name.replace('.', "/"));
        [
            SourcePath::new(format!("{file}.py")),
            SourcePath::new(format!("{file}/__init__.py")),
        ]
    }

    /// The diagnostic for Jinja that cannot be rendered. `path` and `text` are of
    /// the file that it is in, `line` is the line there.
    pub fn explain(
        &self,
        fault: &MacroError,
        path: &SourcePath,
        text: &str,
        line: u32,
    ) -> Diagnostic {
        let message = format!(
            "the Jinja in this page cannot be rendered: {}",
            fault.message
        );
        let diagnostic = if self.on_error_fail {
            Diagnostic::error(Rule::MacroError, message)
        } else {
            Diagnostic::new(Rule::MacroError, message)
        };
        diagnostic.at(Span::line(path, text, line)).help(
            "the page is shown as written; put `{% raw %}` around text that is not Jinja, or \
             `render_macros: false` in the front matter",
        )
    }
}

/// Whether a text contains Jinja.
pub fn has_jinja(text: &str, syntax: &MacroSyntax) -> bool {
    let openings = [(0, "{%"), (2, "{{"), (4, "{#")];
    let mut openings = openings
        .iter()
        .map(|(nth, default)| syntax.delimiters[*nth].as_deref().unwrap_or(default));
    openings.any(|opening| text.contains(opening))
}

/// The title of a page that has not been rendered yet, as MkDocs guesses it
/// (`get_markdown_title`): the first line with text, if it starts with `# `.
pub fn heading_as_written(text: &str) -> Option<&str> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let is_heading = first.starts_with("# ");
    is_heading.then(|| first.trim_start_matches(['#', ' ']))
}

/// The variables of one page: `page`, and its front matter.
pub fn variables(page: Page<'_>, title: Option<Value>) -> Map<String, Value> {
    let Page {
        path,
        url,
        site_url,
        meta,
    } = page;
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let page = json!({
        "title": title,
        "meta": meta,
        "url": url,
        "abs_url": format!("/{url}"),
        "canonical_url": site_url.map(|site| format!("{site}{url}")),
        "is_homepage": url.is_empty(),
        "file": {"src_path": path, "src_uri": path, "url": url, "name": stem},
    });
    let mut variables = Map::new();
    variables.insert("page".to_owned(), page);
    variables.extend(meta.clone());
    variables
}

/// The diagnostic for a Python module.
pub fn module_not_run(module: &str) -> Diagnostic {
    let message = format!("the macros of the Python module `{module}` are not run");
    Diagnostic::new(Rule::UnsupportedValue, message)
        .help("pages that call them fail; write the macros in Jinja and import them")
}

/// The diagnostic for a file of `include_yaml` that does not exist.
pub fn missing_data_file(file: &str) -> Diagnostic {
    let message = format!("`include_yaml` names `{file}`, which does not exist");
    Diagnostic::warning(Rule::BadValue, message)
        .help("correct the path, which is relative to the configuration file")
}
