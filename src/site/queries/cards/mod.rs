//! Social cards, with Material's plugin `social`.

mod faults;
mod files;

use std::sync::Arc;

use serde_json::json;

use super::docs_files::address;
use super::settings::{
    docs, folders, plugin, shown_config, site_url, theme_language, use_directory_urls,
};
use super::shown_navs::title;
use super::site_context::in_site;
use super::themes::in_theme;
use super::{blog, front, page_content};
use crate::cards::{Card, Layout, Overlay, Proof};
use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::markdown::Body;
use crate::plugins::social::{Options, PageCard, with_tags};
use crate::site::{Db, Entry, InvocationInput};
use crate::theme::{CardContext, PageContext, SiteContext, Theme};
use crate::url::{self, is_index};
use files::{LayoutName, layout, pictures, studio};

pub(super) use faults::{faults, of_page};
pub(super) use files::font_folders;

/// The plugin.
const NAME: &str = "social";

/// The options of the plugin, if it is enabled.
pub(super) fn options(db: &dyn Db) -> Option<Options> {
    Some(Options::read(&plugin(db, NAME)?.options))
}

/// The card that a page asks for.
#[salsa::tracked(returns(clone))]
fn page_card(db: &dyn Db, page: Entry) -> Option<Arc<PageCard>> {
    let source = page.path(db);
    let path = docs(db)?.path(&source)?.into_owned();
    let card = options(db)?.page_card(&path, &front(db, page))?;
    Some(Arc::new(card))
}

/// The path of the card of a page below the site, whether it has one or not.
pub(super) fn output(db: &dyn Db, options: &Options, path: &str, address: &url::Address) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    options.output(address, is_index(stem), use_directory_urls(db))
}

/// The path of the card of a page below the site; `None` if it has no card.
pub(super) fn path_of_page(db: &dyn Db, page: Entry) -> Option<String> {
    page_card(db, page)?;
    let source = page.path(db);
    let path = docs(db)?.path(&source)?.into_owned();
    Some(output(db, &options(db)?, &path, &address(db, page)?))
}

/// The layout of the card of a page; `None` if it has no card, or the layout cannot be
/// used.
fn page_layout(db: &dyn Db, page: Entry) -> Option<(Arc<PageCard>, Arc<Layout>)> {
    let card = page_card(db, page)?;
    let layout = layout(db, LayoutName::new(db, card.layout.clone()))?;
    Some((card, layout))
}

/// What is drawn on the card of a page, with the texts that cannot be rendered.
#[salsa::tracked(returns(clone))]
fn rendered(db: &dyn Db, page: Entry) -> Option<Arc<crate::cards::Rendered<Box<Diagnostic>>>> {
    let (card, layout) = page_layout(db, page)?;
    // Material's plugin renders it before the body.
    let context = context(db, page)?;
    let language = theme_language(db);
    let of_card = card_context(db, &card);
    let rendered = in_site(db, Some(page), |theme, site| {
        let templates = theme.card(&context, site, &of_card);
        layout.card(&language, |text| templates.render(text))
    })?;
    Some(Arc::new(rendered))
}

/// The card of a page.
#[salsa::tracked(returns(clone))]
fn card(db: &dyn Db, page: Entry) -> Option<Arc<Card>> {
    let serves = InvocationInput::get(db).call(db).drafts;
    let overlay = options(db)?.overlay(serves);
    let mut card = rendered(db, page)?.card.clone();
    card.overlay = overlay.map(|(colour, grid)| Overlay { colour, grid });
    Some(Arc::new(card))
}

/// The page as the templates of its card see it.
fn context(db: &dyn Db, page: Entry) -> Option<PageContext> {
    let source = page.path(db);
    Some(PageContext {
        title: title(db, page),
        alternates: Vec::new(),
        body: Arc::new(Body::default()),
        meta: blog::add_meta(db, page, page_content::template_meta(db, page)),
        url: address(db, page)?.url,
        blog: blog::blog_page(db, page),
        path: docs(db)?.path(&source)?.into_owned(),
        source,
        variables: serde_json::Map::new(),
        typeset: None,
    })
}

fn card_context(db: &dyn Db, card: &PageCard) -> CardContext {
    let theme = shown_config(db).map(|config| config.theme.settings.clone());
    let docs = folders(db).map_or_else(String::new, |it| it.docs_dir.as_str().to_owned());
    CardContext {
        layout: card.options.clone(),
        image: None,
        defaults: crate::cards::defaults(&theme.unwrap_or_default(), &docs),
    }
}

/// The picture of a page's card as PNG; `None` if it has none.
pub(super) fn picture(db: &dyn Db, page: Entry) -> Option<Vec<u8>> {
    let card = card(db, page)?;
    let studio = studio(db)?;
    let pictures = pictures(db, &card);
    let proof = Proof::new(&card, &studio.0);
    let options = options(db)?;
    if !options.cache {
        return proof.draw(&pictures);
    }
    let kept = InvocationInput::get(db).call(db).kept.clone();
    let (folder, key) = (SourcePath::new(&options.cache_dir), proof.key(&pictures));
    if let Some(picture) = kept.get(&folder, &key) {
        return Some(picture);
    }
    let picture = proof.draw(&pictures)?;
    kept.put(&folder, &key, &picture);
    Some(picture)
}

/// The tags of a page and the problems of their templates: where they are in the layout,
/// and what is wrong.
type Tags = (Vec<(String, String)>, Vec<(String, Box<Diagnostic>)>);

/// A whole page with the tags that describe its card.
pub(super) fn tagged(
    db: &dyn Db,
    page: Entry,
    (theme, site): (&Theme, &SiteContext),
    context: &PageContext,
    html: String,
) -> (String, Vec<Diagnostic>) {
    match tags(db, page, (theme, site), context) {
        Some((tags, wrong)) => {
            let html = with_tags(&html, &tags).unwrap_or(html);
            (html, faults::of_tags(db, page, wrong))
        }
        None => (html, Vec::new()),
    }
}

fn tags(
    db: &dyn Db,
    page: Entry,
    (theme, site): (&Theme, &SiteContext),
    context: &PageContext,
) -> Option<Tags> {
    let options = options(db)?;
    let (card, layout) = page_layout(db, page)?;
    if layout.tags.is_empty() {
        return None;
    }
    let site_url = site_url(db)?;
    let path = output(db, &options, &context.path, &address(db, page)?);
    let image = json!({
        "url": format!("{}/{}", site_url.trim_end_matches('/'), url::quote(&path)),
        "type": "image/png",
        "width": layout.size.width,
        "height": layout.size.height,
    });
    let of_card = CardContext {
        image: Some(image),
        ..card_context(db, &card)
    };
    let templates = theme.card(context, site, &of_card);
    let mut wrong = Vec::new();
    let tags = layout.tags.iter().map(|(name, text)| {
        let content = if text.contains('{') {
            templates.render(text).unwrap_or_else(|error| {
                wrong.push((name.clone(), error));
                String::new()
            })
        } else {
            text.clone()
        };
        (name.clone(), content)
    });
    Some((tags.collect(), wrong))
}

/// The SVG of an icon.
fn icon(db: &dyn Db, name: &str) -> Option<Arc<str>> {
    in_theme(db, |theme| theme.icon(name)).flatten()
}
