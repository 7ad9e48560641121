use super::Listed;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::site::queries::blog;
use crate::site::queries::docs_files::address;
use crate::site::queries::fronts::line_of_key;
use crate::site::queries::settings::docs;
use crate::site::queries::shown_navs::{title, typeset_title};
use crate::site::queries::site_context::in_site;
use crate::site::queries::views::page_text;
use crate::site::queries::{
    Text, alternates, cards, files, is_page_whole, lightbox, page_content, page_diagnostics,
    privacy, text, unreadable_for_page,
};
use crate::site::{Db, Entry, Output, OutputKind, OutputOrigin, Produced};
use crate::theme::{PageContext, SiteContext, Theme};

/// Pages in their theme.
static KIND: OutputKind = OutputKind {
    can_fail: true,
    around,
    ..OutputKind::new("page", OutputOrigin::Site, make)
};

pub(super) fn list(db: &dyn Db) -> Listed {
    let files = files(db);
    let pages = files.pages.iter().map(|page| {
        let output = Output {
            is_document: true,
            ..Output::of(&KIND, &page.source)
        };
        (page.address.output.clone(), output)
    });
    pages.collect()
}

fn make(db: &dyn Db, output: &Output) -> Produced {
    let page = output.source.as_ref().map(|source| db.entry(source));
    // It may have been deleted since the folder was listed.
    let page = page.filter(|page| page_text(db, *page) != Text::Missing);
    let context = page.and_then(|page| page_context(db, page));
    let mut faults = Vec::new();
    let result = context.and_then(|context| {
        let render = |theme: &Theme, site: &SiteContext| {
            let html = theme.page(&context, site)?;
            Ok(match page {
                Some(page) => cards::tagged(db, page, (theme, site), &context, html),
                None => (html, Vec::new()),
            })
        };
        in_site(db, page, render)
    });
    let Some(html) = result else {
        return Produced::default();
    };
    let html = html.map(|(html, found)| {
        faults = found;
        html
    });
    let html = html.map_err(|error: Box<Diagnostic>| match page {
        Some(page) => Box::new(naming_page(db, page, *error)),
        None => error,
    });
    let html = html.map(|html| match page {
        Some(page) => lightbox::with_scripts(db, page, html),
        None => html,
    });
    let html = html.map(|html| page_content::finish(db, html));
    let mut produced = match (html, page) {
        (Ok(html), Some(page)) => privacy::page(db, page, html),
        (html, _) => Produced::of_template(html),
    };
    produced.diagnostics.extend(faults);
    produced
}

/// Gives the problem of a template that only the page names the place where it
/// does.
fn naming_page(db: &dyn Db, page: Entry, error: Diagnostic) -> Diagnostic {
    if error.span.is_some() || error.rule != Rule::MissingTemplate {
        return error;
    }
    let text = text(db, page).readable().unwrap_or_default();
    let line = line_of_key(&text, Some("template"));
    error.at(Span::line(&page.path(db), &text, line))
}

/// The problems of the page come before those of its template.
fn around(db: &dyn Db, output: &Output, produced: &mut Produced) {
    let Some(page) = output.source.as_ref().map(|source| db.entry(source)) else {
        return;
    };
    let mut diagnostics = unreadable_for_page(db, page);
    diagnostics.extend(page_diagnostics(db, page).iter().cloned());
    diagnostics.append(&mut produced.diagnostics);
    produced.diagnostics = diagnostics;
    produced.is_partial = !is_page_whole(db, page);
}

fn page_context(db: &dyn Db, page: Entry) -> Option<PageContext> {
    let docs = docs(db)?;
    let source = page.path(db);
    let path = docs.path(&source)?.into_owned();
    let body = page_content::with_notice(db, page);
    Some(PageContext {
        title: title(db, page),
        typeset: typeset_title(db, page),
        alternates: alternates::of_page(db, &docs.plain(&source)?),
        body: blog::with_posts_in_toc(db, page, body),
        meta: blog::add_meta(db, page, page_content::template_meta(db, page)),
        url: address(db, page)?.url,
        blog: blog::blog_page(db, page),
        source,
        path,
        variables: page_content::variables(db, page),
    })
}
