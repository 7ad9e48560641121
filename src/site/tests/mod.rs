//! Which queries do not run after a change. The law alone would also hold if
//! every change ran all of them again.

mod autorefs;
mod blog;
mod deep;
mod divided_navs;
mod excluded;
mod feeds;
mod folders;
mod icons;
mod includes;
mod keys;
mod link_places;
mod links;
mod macro_variables;
mod markup;
mod outputs;
mod theme_settings;

use std::sync::Arc;

use parking_lot::Mutex;

use super::{Database, Invocation, queries};
use crate::diagnostic::Rule;
use crate::files::{Memory, SourcePath};

/// A site in memory that records each query that runs.
struct Watched {
    files: Memory,
    database: Database,
    ran: Arc<Mutex<Vec<String>>>,
}

impl Watched {
    fn new(files: &[(&str, &str)]) -> Self {
        let call = Invocation {
            folder_name: "example".to_owned(),
            ..Invocation::default()
        };
        Self::invoked(files, call)
    }

    fn invoked(files: &[(&str, &str)], call: Invocation) -> Self {
        let files = Memory::new(files.iter().copied());
        let ran = Arc::new(Mutex::new(Vec::new()));
        let observer = {
            let ran = ran.clone();
            move |query: &str| ran.lock().push(query.to_owned())
        };
        let database = Database::new(Arc::new(files.clone()), call, Some(Box::new(observer)));
        Self {
            files,
            database,
            ran,
        }
    }

    /// Renders every page and returns how often each of the costly queries ran.
    fn render(&self) -> (usize, usize) {
        self.ran.lock().clear();
        let db = &self.database;
        for output in queries::outputs(db)
            .values()
            .filter(|it| it.page().is_some())
        {
            let produced = queries::produce_cached(db, output);
            assert!(produced.content.is_some(), "{:?}", produced.diagnostics);
        }
        let ran = self.ran.lock();
        let count = |query: &str| ran.iter().filter(|name| name.starts_with(query)).count();
        (count("body("), count("cached("))
    }

    fn html(&self, page: &str) -> String {
        let (source, outputs) = (SourcePath::new(page), queries::outputs(&self.database));
        let output = outputs.values().find(|it| it.page() == Some(&source));
        let produced = queries::produce_cached(&self.database, output.expect("a page"));
        produced.as_text().expect("pages are text").to_string()
    }

    fn write(&mut self, path: &str, text: &str) {
        let path = SourcePath::new(path);
        self.files.write(&path, text);
        self.database.bump([path]);
    }
}

const SITE: [(&str, &str); 6] = [
    ("docs/index.md", "# Home\n\nOne.\n"),
    ("docs/a.md", "# First\n\n--8<-- \"shared.txt\"\n"),
    ("docs/b.md", "# Second\n\nTwo, and [the first](a.md).\n"),
    ("docs/c.md", "# Third\n\nThree.\n"),
    ("shared.txt", "Shared words.\n"),
    (
        "docs/proofroom.toml",
        "site_name = \"Example\"\nexclude_docs = \"\"\n",
    ),
];

#[test]
fn rendering_twice_runs_each_page_once() {
    let site = Watched::new(&SITE);
    assert_eq!(site.render(), (4, 4));
    assert_eq!(site.render(), (0, 0));
    assert!(site.html("docs/a.md").contains("Shared words."));
}

#[test]
fn an_edit_of_a_body_renders_one_page() {
    let mut site = Watched::new(&SITE);
    site.render();
    site.write("docs/c.md", "# Third\n\nThree, edited.\n");
    assert_eq!(site.render(), (1, 1));
    assert!(site.html("docs/c.md").contains("edited"));
}

#[test]
fn a_touch_renders_nothing() {
    let mut site = Watched::new(&SITE);
    site.render();
    site.write("docs/c.md", SITE[3].1);
    assert_eq!(site.render(), (0, 0));
}

#[test]
fn a_snippet_renders_the_pages_that_use_it() {
    let mut site = Watched::new(&SITE);
    site.render();
    site.write("unused.txt", "Nobody reads this.\n");
    assert_eq!(site.render(), (0, 0));
    site.write("shared.txt", "Other words.\n");
    assert_eq!(site.render(), (1, 1));
    assert!(site.html("docs/a.md").contains("Other words."));
}

#[test]
fn a_title_renders_the_pages_that_show_it() {
    let mut site = Watched::new(&SITE);
    site.render();
    site.write("docs/c.md", "# Third, renamed\n\nThree.\n");
    // One body, and every page, because the nav shows all titles.
    assert_eq!(site.render(), (1, 4));
    assert!(site.html("docs/index.md").contains("Third, renamed"));
}

#[test]
fn a_new_page_renders_the_bodies_that_link_it() {
    let mut site = Watched::new(&SITE);
    site.write("docs/b.md", "# Second\n\nSee [the new one](new.md).\n");
    site.render();
    site.write("docs/new.md", "# New\n");
    // The bodies of the page that links to it and of the page itself, and all
    // pages because of the nav.
    assert_eq!(site.render(), (2, 5));
    assert!(site.html("docs/b.md").contains("href=\"../new/\""));
}

#[test]
fn a_template_renders_no_body() {
    let mut site = Watched::new(&SITE);
    site.write(
        "docs/proofroom.toml",
        "site_name = \"Example\"\n[theme]\ncustom_dir = \"overrides\"\n",
    );
    site.write("overrides/partials/copyright.html", "<p>Mine</p>");
    site.render();
    site.write("overrides/partials/copyright.html", "<p>Ours</p>");
    assert_eq!(site.render(), (0, 4));
}

#[test]
fn a_check_knows_what_a_build_refuses() {
    let mut site = Watched::new(&SITE);
    let conflicts = |site: &Watched| {
        let found = queries::all_diagnostics(&site.database);
        found
            .iter()
            .filter(|it| it.rule == Rule::OutputConflict)
            .count()
    };
    assert_eq!(conflicts(&site), 0);
    // The page `a/index.html` needs a folder where the file is.
    site.write("static/a", "A file.\n");
    assert_eq!(conflicts(&site), 1);
}
