//! However deeply things are nested, there is a page, or a diagnostic with a
//! place.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::files::Memory;
use crate::html;
use crate::markdown::tests::work::pieces;
use crate::search;
use crate::site::{Database, Invocation, queries};
use crate::work::steps_of;

/// Renders a site on a thread with a small stack. Returns how many pages it
/// shows, and all its diagnostics.
fn render(files: Vec<(String, String)>) -> (usize, Vec<Diagnostic>) {
    let render = move || {
        let files = Memory::new(files.iter().map(|(path, text)| (&**path, &**text)));
        let call = Invocation {
            folder_name: "example".to_owned(),
            ..Invocation::default()
        };
        let db = Database::new(Arc::new(files), call, None);
        let mut shown = 0;
        for output in queries::outputs(&db).values() {
            let is_shown = queries::produce_cached(&db, output).content.is_some();
            shown += usize::from(output.page().is_some() && is_shown);
        }
        (shown, queries::all_diagnostics(&db))
    };
    let thread = std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(render);
    thread.expect("a thread").join().expect("no panic")
}

fn site(configuration: String) -> Vec<(String, String)> {
    vec![
        ("mkdocs.yml".to_owned(), configuration),
        ("docs/index.md".to_owned(), "# Home\n".to_owned()),
    ]
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    open.repeat(depth) + inner + &close.repeat(depth)
}

/// Nested values in one line, and in separate lines.
fn shapes(depth: usize) -> [String; 4] {
    let block = |open: &str| -> String {
        let line = |at: usize| format!("\n{}{open}", " ".repeat(at + 1));
        (0..depth).map(line).collect::<String>() + " index.md"
    };
    [
        nested("[", "index.md", "]", depth),
        nested("{a: ", "index.md", "}", depth),
        nested("[{a: ", "index.md", "}]", depth / 2),
        block("a:"),
    ]
}

#[test]
fn deep_values_are_read_or_refused() {
    let keys = [
        "nav",
        "extra",
        "plugins",
        "theme",
        "markdown_extensions",
        "x",
        "extra_css",
        "site_name",
    ];
    for depth in [50, 120, 200] {
        for shape in shapes(depth) {
            for key in keys {
                let name = if key == "site_name" {
                    ""
                } else {
                    "site_name: a\n"
                };
                let (_, found) = render(site(format!("{name}{key}: {shape}\n")));
                let is_reported = found.iter().any(|it| it.span.is_some());
                assert!(is_reported || depth < 130, "{depth} {key}: {shape}");
            }
            let mut files = site("site_name: a\n".to_owned());
            files.push((
                "docs/a.md".to_owned(),
                format!("---\na: {shape}\nb: 1\n---\n\n# {{ page.meta.a }}\n"),
            ));
            let (shown, found) = render(files);
            assert_eq!(shown, 2);
            assert!(depth < 130 || found.iter().any(|it| it.span.is_some()));
        }
    }
}

#[test]
fn deep_folders_are_shown() {
    let plugins = ["search", "awesome-nav", "awesome-pages", "section-index"];
    for (depth, plugin) in [100, 1_000]
        .iter()
        .flat_map(|it| plugins.map(|to| (*it, to)))
    {
        let mut files = site(format!("site_name: a\nplugins: [{plugin}]\n"));
        let folders = "f/".repeat(depth);
        files.push((format!("docs/{folders}a.md"), "# A\n".to_owned()));
        files.push((format!("docs/{folders}index.md"), "# B\n".to_owned()));
        let (shown, found) = render(files);
        assert_eq!(shown, 3, "{depth} {plugin}: {found:?}");
        let warning = found.iter().find(|it| it.rule.name() == "deep-nav");
        if depth == 100 {
            assert_eq!(warning, None);
            continue;
        }
        let place = warning.and_then(|it| it.span.as_ref());
        assert!(
            place.is_some_and(|it| it.path.as_str().ends_with(".md")),
            "{found:?}"
        );
    }
}

#[test]
fn inheritance_of_configurations_is_bounded() {
    let chain = |count: usize, last: &str| {
        let mut files = site("INHERIT: c1.yml\nsite_name: a\n".to_owned());
        for nth in 1..count {
            files.push((
                format!("c{nth}.yml"),
                format!("INHERIT: c{}.yml\n", nth + 1),
            ));
        }
        files.push((format!("c{count}.yml"), last.to_owned()));
        render(files)
    };
    assert_eq!(chain(10, "site_author: b\n").0, 1);
    for (count, last, message) in [
        (
            1_000,
            "site_author: b\n",
            "more than 16 configuration files",
        ),
        (5, "INHERIT: c3.yml\n", "`c3.yml` inherits from itself"),
        (1, "INHERIT: c1.yml\n", "`c1.yml` inherits from itself"),
        (
            1,
            "INHERIT: mkdocs.yml\n",
            "`mkdocs.yml` inherits from itself",
        ),
    ] {
        let (shown, found) = chain(count, last);
        assert_eq!((shown, found.len()), (0, 1), "{found:?}");
        assert!(found[0].message.contains(message), "{found:?}");
        assert!(
            found[0].span.as_ref().is_some_and(|it| it.line == 1),
            "{found:?}"
        );
    }
}

/// Any HTML is read in steps that grow linearly with it, and on a small stack.
#[test]
fn any_html_is_read_in_linear_time() {
    let read = |page: &str| {
        let ends = html::tokens(page).map(|(_, range)| range.end);
        assert!(ends.last().is_none_or(|end| end <= page.len()));
        search::entries(search::Page {
            html: page,
            url: "a/",
            title: "A",
            meta: &serde_json::Map::new(),
        });
    };
    let work = move || {
        for piece in 0..pieces::PIECES.len() {
            let recipe = pieces::Recipe {
                set: 0,
                parts: vec![(vec![piece], true)],
            };
            read(&recipe.repeated(5_000, 60_000));
            let steps = |size| steps_of(|| read(&recipe.page(size))) + 200;
            let (once, twice) = (steps(4_000), steps(8_000));
            assert!(10 * twice < 26 * once, "{}: {once} {twice}", recipe.shown());
        }
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work);
    thread.expect("a thread").join().expect("no panic");
}
