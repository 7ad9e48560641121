//! `macros`: Jinja in pages.
//!
//! Follows mkdocs-macros-plugin 1, without its Python.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::{SourcePath, patterns};
use crate::options::options;
use crate::theme::{MacroError, MacroSyntax, Undefined, UnrenderedReason};

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
        j2_line_statement_prefix: String,
        j2_line_comment_prefix: String,
        j2_trim_blocks: bool,
        j2_lstrip_blocks: bool,
        j2_keep_trailing_newline: bool,
        j2_autoescape: bool,
        j2_extensions: Vec<String>,
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
        data_files(&self.include_yaml)
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

    /// The dialect of Jinja. `has_modules` tells whether Python modules, which are
    /// not run, may define names.
    pub fn syntax(&self, has_modules: bool) -> MacroSyntax {
        let delimiters = [
            &self.j2_block_start_string,
            &self.j2_block_end_string,
            &self.j2_variable_start_string,
            &self.j2_variable_end_string,
            &self.j2_comment_start_string,
            &self.j2_comment_end_string,
        ];
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        MacroSyntax {
            undefined: match self.on_undefined.as_str() {
                "silent" => Undefined::Silent,
                "lax" => Undefined::Lax,
                _ if has_modules => Undefined::Written,
                "strict" => Undefined::Strict,
                _ => Undefined::Keep,
            },
            delimiters: delimiters.map(given),
            line_statement_prefix: given(&self.j2_line_statement_prefix),
            line_comment_prefix: given(&self.j2_line_comment_prefix),
            trim_blocks: self.j2_trim_blocks,
            lstrip_blocks: self.j2_lstrip_blocks,
            keep_trailing_newline: self.j2_keep_trailing_newline,
            autoescape: self.j2_autoescape,
        }
    }

    /// The extensions of Jinja that are not built in.
    pub fn unknown_extensions(&self) -> impl Iterator<Item = &str> {
        const BUILT_IN: [&str; 8] = [
            "jinja2.ext.do",
            "jinja2.ext.loopcontrols",
            "jinja2.ext.loop_controls",
            "jinja2.ext.i18n",
            "jinja2.ext.debug",
            "jinja2.ext.with_",
            "jinja2.ext.autoescape",
            "jinja2.ext.LoopControlExtension",
        ];
        let extensions = self.j2_extensions.iter().map(String::as_str);
        extensions.filter(|name| !BUILT_IN.contains(name))
    }

    /// The paths that the site's own Python module may have.
    pub fn own_module(&self, project: &SourcePath) -> [SourcePath; 2] {
        let file = project.join(self.module_name.replace('.', "/"));
        [
            SourcePath::new(format!("{file}.py")),
            SourcePath::new(format!("{file}/__init__.py")),
        ]
    }

    /// The diagnostic for a tag that stayed as written, at its place. `has_modules`
    /// tells whether a Python module may define what it lacks.
    pub fn explain_unrendered(
        &self,
        reason: &UnrenderedReason,
        has_modules: bool,
        span: Span,
    ) -> Diagnostic {
        let message = what_is_unrendered(reason);
        let help = match reason {
            UnrenderedReason::Variable(_) if has_modules => {
                "if a Python module sets it, give it a value in `[macros] variables` of \
                 `proofroom.toml`: Python is not run"
            }
            UnrenderedReason::Variable(_) => {
                "define it in `[macros] variables` of `proofroom.toml`, under `extra` or in the \
                 front matter, or put `{% raw %}` around text that is not Jinja"
            }
            UnrenderedReason::Failed(_) => {
                "correct it, put `{% raw %}` around text that is not Jinja, or put \
                 `render_macros: false` in the front matter"
            }
            _ => {
                "if a Python module defines it, write a macro in Jinja and import it: Python is \
                 not run"
            }
        };
        // MkDocs runs the modules, and shows an unknown name without a word.
        let is_silent = matches!(reason, UnrenderedReason::Variable(_)) && !self.on_error_fail;
        let diagnostic = if has_modules || is_silent {
            Diagnostic::note(Rule::MacroError, message)
        } else if self.on_error_fail {
            Diagnostic::error(Rule::MacroError, message)
        } else {
            Diagnostic::new(Rule::MacroError, message)
        };
        let cause = diagnostic.message.clone();
        diagnostic.at(span).help(help).caused_by(cause)
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

/// Files as `include_yaml` names them: see [`Options::data_files`].
pub fn data_files(include_yaml: &Value) -> Vec<(Option<String>, String)> {
    let named = |entries: &Map<String, Value>| -> Vec<(Option<String>, String)> {
        let mut files = Vec::new();
        for (name, file) in entries {
            if let Some(file) = file.as_str() {
                files.push((Some(name.clone()), file.to_owned()));
            }
        }
        files
    };
    match include_yaml {
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

/// What is wrong with a tag that stayed as written.
fn what_is_unrendered(reason: &UnrenderedReason) -> String {
    use UnrenderedReason::{Failed, Filter, Function, Test, Variable};
    match reason {
        Variable(name) => format!("`{name}` is not defined: the Jinja stays as written"),
        Function(name) => {
            format!("the function `{name}` is not defined: the Jinja stays as written")
        }
        Filter(name) => format!("there is no filter `{name}`: the Jinja stays as written"),
        Test(name) => format!("there is no test `{name}`: the Jinja stays as written"),
        Failed(message) => {
            format!("this Jinja cannot be rendered and stays as written: {message}")
        }
    }
}

/// Whether a text contains Jinja.
pub fn has_jinja(text: &str, syntax: &MacroSyntax) -> bool {
    let prefixes = [&syntax.line_statement_prefix, &syntax.line_comment_prefix];
    let mut prefixes = prefixes.into_iter().flatten();
    if prefixes.any(|prefix| text.contains(prefix.as_str())) {
        return true;
    }
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
    Diagnostic::new(Rule::UnsupportedValue, message).help(
        "what they define stays as written; variables can be set in `[macros] variables` of \
         `proofroom.toml` instead",
    )
}

/// The diagnostic for an extension of Jinja that is not built in.
pub fn extension_not_loaded(extension: &str) -> Diagnostic {
    let message = format!("the extension `{extension}` of Jinja is Python, which is not run");
    Diagnostic::new(Rule::UnsupportedValue, message).help("tags that it defines stay as written")
}

/// Whether a text may use a variable: its name occurs, or that of another file that
/// may use it.
pub fn may_use(text: &str, variable: &str) -> bool {
    let includes = ["include", "import", "extends"];
    text.contains(variable) || includes.iter().any(|keyword| text.contains(keyword))
}

/// The diagnostic for a file of `[macros] variables` that does not exist.
pub fn missing_variable_file(variable: &str, file: &SourcePath) -> Diagnostic {
    let message = format!("the file `{file}` of the variable `{variable}` does not exist");
    Diagnostic::warning(Rule::BadValue, message).help(
        "correct the path, which is relative to the project; what is outside of the repository, \
         hidden or ignored by git is not read",
    )
}

/// The diagnostic for a file of `include_yaml` that does not exist.
pub fn missing_data_file(file: &str) -> Diagnostic {
    let message = format!("`include_yaml` names `{file}`, which does not exist");
    Diagnostic::warning(Rule::BadValue, message)
        .help("correct the path, which is relative to the configuration file")
}
