use std::sync::Arc;

use super::{
    config, content, contents, files, listing, made::products, meta, nav, neighbours, theme,
    themes::theme_folders,
};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::files::{Kind, SourcePath};
use crate::site::{Db, Entry, Origin, Outputs, Rendered};
use crate::theme::{Listed, PageContext, builtin_assets, is_template};
use crate::url;

/// Pages of the theme itself.
const ALONE: [&str; 2] = ["404.html", "sitemap.xml"];

/// Every output of the site and where it comes from. What the site itself
/// brings goes before what its theme brings.
#[salsa::tracked(returns(clone))]
pub fn outputs(db: &dyn Db) -> Arc<Outputs> {
    let Some(config) = config(db) else {
        return Arc::default();
    };
    let mut outputs = Outputs::new();
    for address in builtin_assets() {
        outputs.insert(address, Origin::Builtin);
    }
    for name in ALONE {
        outputs.insert(name.to_owned(), Origin::Template(name.to_owned()));
    }
    for folder in theme_folders(db).iter().rev() {
        gather(db, folder, "", &|path| !is_template(path), &mut outputs);
    }
    if let Some(folder) = &config.static_dir {
        gather(db, folder, "", &|_| true, &mut outputs);
    }
    for (path, product) in products(db, &config) {
        outputs.insert(path, Origin::Made(product));
    }
    let files = files(db);
    for (path, source) in &files.assets {
        outputs.insert(path.clone(), Origin::File(source.clone()));
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
        if *kind == Kind::Folder {
            gather(db, &source, &format!("{path}/"), wanted, outputs);
        } else if wanted(&path) {
            outputs.insert(path, Origin::File(source));
        }
    }
}

/// A page in its theme, remembered for the pages that tabs show.
#[salsa::tracked(returns(clone), lru = 256)]
pub fn page_html(db: &dyn Db, page: Entry) -> Arc<Rendered> {
    Arc::new(render_page(db, page))
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
    rendered(theme.0.page(&context))
}

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
    let path = source.below(&config.docs_dir)?.to_owned();
    let meta = meta(db, page);
    let nav = nav(db);
    let place = nav.place(&source);
    let (previous, next) = neighbours(db, page);
    let title = match place {
        Some(place) => nav.items[place].title.clone(),
        None => meta.title.clone(),
    };
    Some(PageContext {
        title,
        body: content(db, page),
        meta: meta.front.clone(),
        url: url::Address::of_page(&path, config.use_directory_urls).url,
        edit_url: edit_url(&config, &path),
        path,
        nav,
        place,
        previous,
        next,
        variables: contents::variables(db, page),
    })
}

/// Where a page is edited, by MkDocs' rules for `edit_uri`.
fn edit_url(config: &Config, path: &str) -> Option<String> {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let uri = match (&config.edit_uri_template, &config.edit_uri) {
        (Some(template), _) => template
            .replace("{path}", path)
            .replace("{path!q}", &url::quote(path))
            .replace("{path_noext}", stem)
            .replace("{path_noext!q}", &url::quote(stem)),
        (None, Some(uri)) if uri.is_empty() => return None,
        (None, Some(uri)) if uri.starts_with(['?', '#']) || uri.ends_with('/') => {
            format!("{uri}{path}")
        }
        (None, Some(uri)) => format!("{uri}/{path}"),
        (None, None) => return None,
    };
    if url::has_scheme(&uri) {
        return Some(uri);
    }
    let repo = config.repo_url.as_ref()?.trim_end_matches('/');
    let slash = if uri.starts_with(['?', '#', '/']) {
        ""
    } else {
        "/"
    };
    Some(format!("{repo}{slash}{uri}"))
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
    let Some((theme, config)) = theme(db).zip(config(db)) else {
        return Arc::new(rendered(Ok(String::new())));
    };
    // Only a site map lists pages; a 404 page need not know of each.
    let listed: Vec<Listed> = if name.ends_with(".xml") {
        let pages = &files(db).pages;
        let full = |url: &str| config.site_url.as_ref().map(|site| format!("{site}{url}"));
        pages
            .iter()
            .map(|page| Listed {
                url: page.address.url.clone(),
                canonical_url: full(&page.address.url),
            })
            .collect()
    } else {
        Vec::new()
    };
    Arc::new(rendered(theme.0.alone(&name, &listed, &nav(db))))
}

/// A template that is an output of its own, such as `404.html`.
pub fn alone(db: &dyn Db, name: &str) -> Arc<Rendered> {
    alone_html(db, TemplateName::new(db, name.to_owned()))
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
