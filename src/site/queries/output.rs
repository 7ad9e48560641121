use std::io::Write as _;
use std::sync::Arc;

use flate2::{Compression, GzBuilder};

use super::{
    config, contents, files, listed, listing, made::products, meta, nav, settled, theme,
    themes::theme_folders, translated,
};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::files::{Kind, SourcePath};
use crate::site::{Db, Entry, Origin, Outputs, Product, Rendered};
use crate::theme::{
    Alternate, PageContext, Surroundings, TemplateSource, builtin_assets, is_asset,
};
use crate::url;

/// Pages of the built-in theme itself.
const BUILTIN_PAGES: [&str; 1] = ["404.html"];

/// The page that every theme has.
const SITE_MAP: &str = "sitemap.xml";

/// What answers where a theme has no page for it.
const PLAIN_404: &str = "<!doctype html>\n<meta charset=\"utf-8\">\n\
    <title>404 - Not found</title>\n<h1>404 - Not found</h1>\n";

/// Templates that are to be pages of their own.
fn theme_pages(config: &Config) -> Vec<String> {
    let mut pages = vec![SITE_MAP.to_owned()];
    if config.theme.package.is_none() {
        pages.extend(BUILTIN_PAGES.map(str::to_owned));
    }
    pages.extend(config.theme.static_templates.iter().cloned());
    pages
}

/// Every output of the site and where it comes from. What the site itself
/// brings goes before what its theme brings.
#[salsa::tracked(returns(clone))]
pub fn outputs(db: &dyn Db) -> Arc<Outputs> {
    let Some(config) = config(db) else {
        return Arc::default();
    };
    let mut outputs = Outputs::new();
    let pages = theme_pages(&config);
    let copied = |path: &str| is_asset(path, &pages);
    match &config.theme.package {
        Some(package) => gather(db, package, "", &copied, &mut outputs),
        None => outputs.extend(
            builtin_assets()
                .into_iter()
                .map(|address| (address, Origin::Builtin)),
        ),
    }
    for folder in theme_folders(db).iter().rev() {
        gather(db, folder, "", &copied, &mut outputs);
    }
    for (path, product) in products(db, &config) {
        outputs.insert(path, Origin::Made(product));
    }
    let files = files(db);
    let docs = files.assets.iter();
    let docs = docs.map(|(path, source)| (path.clone(), Origin::File(source.clone())));
    let mut own = Outputs::new();
    if let Some(folder) = &config.static_dir {
        gather(db, folder, "", &|_| true, &mut own);
    }
    // Templates go before the docs' files, as in MkDocs, but not before what
    // the site says is to be copied as it is.
    let theme = theme(db);
    let exists = |name: &str| theme.as_ref().is_some_and(|theme| theme.0.has(name));
    let templates = pages
        .iter()
        .filter(|name| !own.contains_key(*name) && exists(name));
    let mut templates: Outputs = templates
        .map(|name| (name.clone(), Origin::Template(name.clone())))
        .collect();
    if templates.contains_key(SITE_MAP) {
        let packed = format!("{SITE_MAP}.gz");
        templates.insert(packed, Origin::Packed(SITE_MAP.to_owned()));
    }
    outputs.extend(own);
    outputs.extend(docs);
    if translated::has_site_map(db) && templates.contains_key(SITE_MAP) {
        templates.insert(SITE_MAP.to_owned(), Origin::Made(Product::SiteMap));
    }
    outputs.extend(templates);
    for name in &config.extra_templates {
        if let Some(source) = files.assets.get(name) {
            outputs.insert(name.clone(), Origin::Extra(name.clone(), source.clone()));
        }
    }
    for page in &files.pages {
        outputs.insert(
            page.address.output.clone(),
            Origin::Page(page.source.clone()),
        );
    }
    Arc::new(outputs)
}

fn gather(
    db: &dyn Db,
    folder: &SourcePath,
    below: &str,
    wanted: &dyn Fn(&str) -> bool,
    outputs: &mut Outputs,
) {
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        let source = folder.join(name);
        let path = format!("{below}{name}");
        if *kind == Kind::File {
            if wanted(&path) {
                outputs.insert(path, Origin::File(source));
            }
        } else if *kind == Kind::Folder && wanted(&format!("{path}/x")) {
            // A folder that nothing is wanted from is not even listed: the
            // icons of a theme are thousands.
            gather(db, &source, &format!("{path}/"), wanted, outputs);
        }
    }
}

/// Templates that are named as pages of their own and do not exist; MkDocs
/// passes them over too.
pub(super) fn missing_templates(db: &dyn Db, config: &Config) -> Vec<Diagnostic> {
    let missing = |name: &str, key: &str, place: &str| {
        let message = format!("`{key}` names `{name}`, which is not in {place}");
        Diagnostic::warning("missing-template", message).help("correct its name, or take it out")
    };
    let theme = theme(db);
    let in_theme = |name: &&String| theme.as_ref().is_none_or(|theme| theme.0.has(name));
    let files = files(db);
    let of_theme = config.theme.static_templates.iter();
    let of_theme = of_theme.filter(|name| !in_theme(name));
    let of_docs = config.extra_templates.iter();
    let of_docs = of_docs.filter(|name| !files.assets.contains_key(*name));
    of_theme
        .map(|name| missing(name, "static_templates", "the theme"))
        .chain(of_docs.map(|name| missing(name, "extra_templates", "the docs folder")))
        .collect()
}

/// The home pages of all languages.
#[salsa::tracked(returns(clone))]
fn alternates(db: &dyn Db) -> Arc<Vec<Alternate>> {
    let config = config(db);
    let home = config.map(|config| contents::alternates(db, &config, "index.md", false));
    Arc::new(home.unwrap_or_default())
}

/// What all templates of a revision see.
fn surroundings(db: &dyn Db) -> Surroundings {
    Surroundings {
        nav: nav(db),
        pages: listed(db),
        alternates: alternates(db),
    }
}

/// A page in its theme, remembered for the pages that tabs show.
#[salsa::tracked(returns(clone), lru = 64)]
pub fn page_html(db: &dyn Db, page: Entry) -> Arc<Rendered> {
    Arc::new(render_page(db, page))
}

/// What is wrong with the template of a page. The page is made for it and not
/// remembered: to know what is wrong with all, the HTML of all need not be held.
#[salsa::tracked(returns(clone))]
pub fn page_faults(db: &dyn Db, page: Entry) -> Arc<Vec<Diagnostic>> {
    Arc::new(render_page(db, page).diagnostics)
}

/// A page in its theme, not remembered: a build needs each page once and
/// must not hold them all.
pub fn render_page(db: &dyn Db, page: Entry) -> Rendered {
    let (Some(theme), Some(context)) = (theme(db), page_context(db, page)) else {
        return Rendered {
            html: None,
            diagnostics: Vec::new(),
        };
    };
    let surroundings = surroundings(db);
    let html = settled(db, || theme.0.page(&context, &surroundings));
    rendered(html.map(|html| contents::finished(db, html)))
}

/// What a template gave. One that gives nothing but blanks is no output, as
/// in MkDocs.
fn rendered(result: Result<String, Box<Diagnostic>>) -> Rendered {
    match result {
        Ok(html) => Rendered {
            html: Some(html.into()),
            diagnostics: Vec::new(),
        },
        Err(diagnostic) => Rendered {
            html: None,
            diagnostics: vec![*diagnostic],
        },
    }
}

fn page_context(db: &dyn Db, page: Entry) -> Option<PageContext> {
    let config = config(db)?;
    let source = page.path(db);
    let path = config.docs.path(&source)?.into_owned();
    let meta = meta(db, page);
    let nav = nav(db);
    let place = nav.place(&source);
    let title = match place {
        Some(place) => nav.items[place].title.clone(),
        None => meta.title.clone(),
    };
    Some(PageContext {
        title,
        alternates: contents::alternates(db, &config, &config.docs.plain(&source)?, true),
        body: contents::shown(db, page),
        meta: contents::template_meta(db, page),
        url: url::Address::of_page(&path, config.use_directory_urls).url,
        source,
        path,
        place,
        variables: contents::variables(db, page),
    })
}

/// The name of a template, as a key.
#[salsa::interned(revisions = usize::MAX)]
struct TemplateName<'db> {
    #[returns(clone)]
    name: String,
}

/// A template that is an output of its own.
#[salsa::tracked(returns(clone))]
fn alone_html<'db>(db: &'db dyn Db, name: TemplateName<'db>) -> Arc<Rendered> {
    let name = name.name(db);
    Arc::new(match theme(db) {
        Some(theme) if name == "404.html" && !theme.0.has(&name) => {
            rendered(Ok(PLAIN_404.to_owned()))
        }
        Some(theme) => {
            let surroundings = surroundings(db);
            rendered(settled(db, || theme.0.alone(&name, &surroundings)))
        }
        None => rendered(Ok(String::new())),
    })
}

/// A template of the theme that is an output of its own, such as `404.html`.
pub fn alone(db: &dyn Db, name: &str) -> Arc<Rendered> {
    alone_html(db, TemplateName::new(db, name.to_owned()))
}

/// A template of the docs folder (`extra_templates`).
#[salsa::tracked(returns(clone))]
fn extra_html<'db>(db: &'db dyn Db, name: TemplateName<'db>, source: Entry) -> Arc<Rendered> {
    let text = super::text(db, source).readable();
    let Some((theme, text)) = theme(db).zip(text) else {
        return Arc::new(rendered(Ok(String::new())));
    };
    let path = source.path(db);
    let template = TemplateSource { path, text };
    let (name, surroundings) = (name.name(db), surroundings(db));
    let result = settled(db, || theme.0.extra(&name, &template, &surroundings));
    Arc::new(rendered(result))
}

/// A template of the docs folder, named by its path there.
pub fn extra(db: &dyn Db, name: &str, source: &SourcePath) -> Arc<Rendered> {
    let name = TemplateName::new(db, name.to_owned());
    extra_html(db, name, db.entry(source))
}

/// The packed form of a template's output; no clock and no name in it, so
/// that the same site is the same bytes.
pub fn packed(db: &dyn Db, name: &str) -> Vec<u8> {
    let rendered = alone(db, name);
    let text = match translated::has_site_map(db) {
        true => translated::site_map(db),
        false => rendered.html.clone().unwrap_or_default(),
    };
    let mut packer = GzBuilder::new().write(Vec::new(), Compression::best());
    let written = packer.write_all(text.as_bytes());
    // Writing to memory does not fail.
    written.and_then(|()| packer.finish()).unwrap_or_default()
}

/// The output that answers an address: a file, or the page of a folder.
pub fn page_at(outputs: &Outputs, address: &str) -> Option<(String, Origin)> {
    let output = if address.is_empty() || address.ends_with('/') {
        format!("{address}index.html")
    } else {
        address.to_owned()
    };
    outputs.get(&output).map(|origin| (output, origin.clone()))
}
