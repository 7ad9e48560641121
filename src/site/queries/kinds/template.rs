use super::Listed;
use crate::config::Folders;
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::Kind;
use crate::site::queries::settings::{folders, named_templates};
use crate::site::queries::site_context::in_site;
use crate::site::queries::{has_nothing, kind, privacy, theme};
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};

/// Templates of the theme that are rendered as pages of their own, such as
/// `404.html`, each identified by its name.
static KIND: OutputKind = OutputKind {
    can_fail: true,
    ..OutputKind::new("template", OutputOrigin::Theme, make)
};

/// The one of them that lists all pages.
static SITE_MAP_KIND: OutputKind = OutputKind {
    can_fail: true,
    is_index: true,
    ..OutputKind::new("site-map-template", OutputOrigin::Theme, make)
};

fn make(db: &dyn Db, output: &Output) -> Produced {
    rendered(db, TemplateName::new(db, output.name.clone()))
}

/// Pages of the built-in theme itself.
const BUILTIN_PAGES: [&str; 1] = [NOT_FOUND];

/// A page that every theme may have.
pub(super) const SITE_MAP: &str = "sitemap.xml";

/// The page for addresses that do not exist.
const NOT_FOUND: &str = "404.html";

/// The page for themes without a 404 page.
const PLAIN_404: &str = "<!doctype html>\n<meta charset=\"utf-8\">\n\
    <title>404 - Not found</title>\n<h1>404 - Not found</h1>\n";

/// The page of a server for a folder without a site.
const NOTHING_YET: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>There is no page yet</title>
<link rel=\"icon\" href=\"data:,\">
<style>
:root { color-scheme: light dark }
body { max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; font: 1.1rem/1.6 system-ui, sans-serif }
code { padding: .1em .3em; border-radius: .2em; background: #8882 }
</style>
</head>
<body>
<h1>There is no page yet</h1>
<p>This folder has no Markdown file. Write one, such as <code>index.md</code>, and it
appears here as soon as you save it.</p>
<p>Or run <code>proofroom new</code> in this folder: it makes a small site to begin with,
and this tab shows it.</p>
</body>
</html>
";

/// The names of templates that are rendered as pages of their own.
pub(super) fn names(db: &dyn Db, folders: &Folders) -> Vec<String> {
    let mut pages = vec![SITE_MAP.to_owned()];
    if folders.packages.is_empty() {
        pages.extend(BUILTIN_PAGES.map(str::to_owned));
    }
    pages.extend(named_templates(db).0.iter().cloned());
    pages
}

/// As in MkDocs, these take precedence over files in the docs folder, but not
/// over static files.
pub(super) fn list(db: &dyn Db) -> Listed {
    let Some(folders) = folders(db) else {
        return Listed::new();
    };
    let is_file = |name: &str| {
        folders.static_dir.as_ref().is_some_and(|folder| {
            let file = db.entry(&folder.join(name));
            kind(db, file) == Some(Kind::File)
        })
    };
    let names = names(db, &folders).into_iter();
    let has = |name: &str| is_in_theme(db, TemplateName::new(db, name.to_owned()));
    let names = names.filter(|name| has(name) && !is_file(name));
    names.map(|name| (name.clone(), output(&name))).collect()
}

pub(super) fn output(name: &str) -> Output {
    let kind = match name {
        SITE_MAP => &SITE_MAP_KIND,
        _ => &KIND,
    };
    Output {
        is_document: name.ends_with(".html"),
        ..Output::named(kind, name)
    }
}

/// The page for addresses that do not exist: the theme's, otherwise a plain one. Where
/// there is no site yet, it says what to do.
pub fn not_found(db: &dyn Db) -> Produced {
    if has_nothing(db) {
        return Produced::text(NOTHING_YET);
    }
    rendered(db, TemplateName::new(db, NOT_FOUND.to_owned()))
}

/// The name of a template, as a query key.
#[salsa::interned(revisions = usize::MAX)]
struct TemplateName<'db> {
    #[returns(clone)]
    name: String,
}

/// Whether the theme has a template. An edit of another template does not change
/// that, so the outputs need not be listed again.
#[salsa::tracked(returns(copy))]
fn is_in_theme<'db>(db: &'db dyn Db, name: TemplateName<'db>) -> bool {
    theme(db).is_some_and(|theme| theme.0.has(&name.name(db)))
}

/// Cached, because there are few and they are needed in several places.
#[salsa::tracked(returns(clone))]
fn rendered<'db>(db: &'db dyn Db, name: TemplateName<'db>) -> Produced {
    let name = name.name(db);
    let Some(theme) = theme(db) else {
        return Produced::default();
    };
    if name == NOT_FOUND && !theme.0.has(&name) {
        return Produced::text(PLAIN_404);
    }
    let result = in_site(db, None, |theme, site| theme.alone(&name, site));
    match result {
        Some(Ok(html)) => privacy::template(db, &name, html),
        Some(Err(error)) => Produced::of_template(Err(error)),
        None => Produced::default(),
    }
}

/// Reports templates that do not exist; like MkDocs, the site is built without
/// them.
pub(in crate::site::queries) fn missing(db: &dyn Db) -> Vec<Diagnostic> {
    let Some(theme) = theme(db) else {
        return Vec::new();
    };
    let templates = named_templates(db);
    let names = templates.0.iter();
    let missing = names.filter(|name| !theme.0.has(name));
    missing
        .map(|name| {
            let message = format!("`static_templates` names `{name}`, which is not in the theme");
            Diagnostic::warning(Rule::MissingTemplate, message)
                .help("correct its name or remove it")
        })
        .collect()
}
