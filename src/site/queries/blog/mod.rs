//! What pages of blogs show: posts, and views with excerpts of them.

mod context;
mod excerpts;
mod faults;
mod links;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::posts::post;
use super::views::view_page;
use crate::site::{Db, Entry};

pub(super) use context::{blog_page, with_posts_in_toc};
pub(super) use faults::{faults, settings_faults};

/// Adds to the front matter of a page what templates of blogs need: their template, and
/// that posts show no nav.
pub(super) fn add_meta(
    db: &dyn Db,
    page: Entry,
    meta: Arc<Map<String, Value>>,
) -> Arc<Map<String, Value>> {
    let is_post = post(db, page).is_some();
    if !is_post && view_page(db, page).is_none() {
        return meta;
    }
    let mut meta = (*meta).clone();
    let template = if is_post {
        "blog-post.html"
    } else {
        "blog.html"
    };
    meta.entry("template").or_insert_with(|| template.into());
    if is_post {
        let hide = meta.entry("hide").or_insert_with(|| json!([]));
        if let Some(hidden) = hide.as_array_mut()
            && !hidden.iter().any(|it| it == "navigation")
        {
            hidden.push("navigation".into());
        }
    }
    Arc::new(meta)
}
