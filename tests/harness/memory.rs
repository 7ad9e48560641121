//! A site in memory.

use std::sync::Arc;

use proofroom::diagnostic::Diagnostic;
use proofroom::files::{Memory, SourcePath};
use proofroom::site::{Database, Db as _, Invocation, Output, OutputOrigin, queries};

/// A site in memory.
pub struct MemorySite {
    pub files: Memory,
    pub db: Database,
}

impl MemorySite {
    /// The site of these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let files = Memory::new(files.iter().copied());
        let call = Invocation {
            folder_name: "example".to_owned(),
            ..Invocation::default()
        };
        let db = Database::new(Arc::new(files.clone()), call, None);
        Self { files, db }
    }

    /// A site with these lines of configuration.
    pub fn with(config: &str, files: &[(&str, &str)]) -> Self {
        let config = format!("site_name: Example\n{config}");
        let mut all = files.to_vec();
        all.push(("mkdocs.yml", &config));
        Self::new(&all)
    }

    /// Writes a file, as an editor would.
    pub fn write(&mut self, path: &str, text: &str) {
        let path = SourcePath::new(path);
        self.files.write(&path, text);
        self.db.bump([path]);
    }

    /// The body of a page.
    pub fn body(&self, page: &str) -> String {
        let page = SourcePath::new(format!("docs/{page}"));
        queries::content(&self.db, self.db.entry(&page))
            .html
            .clone()
    }

    /// The whole page, or the file that a plugin makes.
    pub fn output(&self, path: &str) -> String {
        let outputs = queries::outputs(&self.db);
        let output = outputs.get(path);
        let output = output.unwrap_or_else(|| panic!("there is no {path}"));
        let produced = queries::produce(&self.db, output);
        let text = produced.as_text();
        text.unwrap_or_else(|| panic!("{path}: {produced:?}"))
            .to_string()
    }

    /// Paths of outputs that are neither the theme's nor the site map's.
    pub fn outputs(&self) -> Vec<String> {
        let outputs = queries::outputs(&self.db);
        let is_theme = |output: &Output| output.kind.maker == OutputOrigin::Theme;
        let own = outputs.iter().filter(|(_, output)| !is_theme(output));
        own.map(|(path, _)| path.clone()).collect()
    }

    /// All that is wrong.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        queries::all_diagnostics(&self.db)
    }

    /// Rules and places of all that is wrong.
    pub fn said(&self) -> Vec<String> {
        let place = |it: &Diagnostic| {
            let span = it.span.as_ref();
            span.map_or(String::new(), |span| {
                format!(" {}:{}", span.path, span.line)
            })
        };
        let said = self.diagnostics();
        said.iter()
            .map(|it| format!("{}{}", it.rule, place(it)))
            .collect()
    }
}
