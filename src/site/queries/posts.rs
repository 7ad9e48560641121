//! Posts of blogs: what each says about itself, and its address.

use std::sync::Arc;

use super::fronts::{after_front, written_front, written_front_matter};
use super::settings::{config, docs, theme_language, use_directory_urls};
use super::{Text, text};
use crate::plugins::blog::{Blog, PostFault, read_post, written_title};
use crate::site::{Db, Entry};
use crate::theme::PostConfig;
use crate::url::Address;

/// The plugin.
pub(super) const NAME: &str = "blog";

/// The blogs of the site.
#[salsa::tracked(returns(clone))]
pub(super) fn blogs(db: &dyn Db) -> Arc<[Blog]> {
    let config = config(db);
    let plugins = config.iter().flat_map(|config| &config.plugins);
    let blogs = plugins.filter(|plugin| plugin.name == NAME);
    let language = theme_language(db);
    blogs
        .map(|plugin| Blog::new(&plugin.options, &language))
        .collect()
}

/// A post, and the number of its blog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Post {
    pub(super) blog: usize,
    pub(super) config: Arc<PostConfig>,
}

/// What the front matter of a post says, and its problems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Read {
    config: Option<Arc<PostConfig>>,
    pub(super) faults: Vec<PostFault>,
    /// The title that its address depends on.
    title: String,
}

/// The front matter of a page as that of a post.
#[salsa::tracked(returns(clone))]
pub(super) fn read(db: &dyn Db, page: Entry) -> Arc<Read> {
    let Text::Present(text) = text(db, page) else {
        return Arc::default();
    };
    let front = written_front(db, page);
    let (config, faults) = read_post(&front);
    let body = after_front(&text, &written_front_matter(db, page));
    let path = page.path(db);
    Arc::new(Read {
        config: config.map(Arc::new),
        faults,
        title: written_title(&front, body, path.name()),
    })
}

/// The number of the blog whose post a path of the docs is.
pub(super) fn blog_of(blogs: &[Blog], path: &str) -> Option<usize> {
    let mut blogs = blogs.iter();
    blogs.position(|blog| blog.has_post(path) && !blog.is_index(path))
}

/// The blog that a page is a post of, if it can be one.
pub(super) fn blog_of_page(db: &dyn Db, page: Entry) -> Option<usize> {
    let blogs = blogs(db);
    if blogs.is_empty() {
        return None;
    }
    let source = page.path(db);
    if !source.is_markdown() {
        return None;
    }
    blog_of(&blogs, &docs(db)?.path(&source)?)
}

/// The post that a page is; `None` if it is none.
pub(super) fn post(db: &dyn Db, page: Entry) -> Option<Post> {
    let blog = blog_of_page(db, page)?;
    let config = read(db, page).config.clone()?;
    Some(Post { blog, config })
}

/// The address of a page, whose path in the docs this is. That of a post is made of its
/// date and title.
pub(super) fn address_at(db: &dyn Db, page: Entry, path: &str) -> Address {
    let blogs = blogs(db);
    let of_post = || {
        let blog = &blogs[blog_of(&blogs, path)?];
        let read = read(db, page);
        Some(blog.post_path(read.config.as_ref()?, &read.title, path))
    };
    let moved = of_post();
    Address::of_page(moved.as_deref().unwrap_or(path), use_directory_urls(db))
}

/// Where a file of the docs that is no page is written, if not at its path.
pub(super) fn moved_asset(db: &dyn Db, path: &str) -> Option<String> {
    blogs(db).iter().find_map(|blog| blog.moved_asset(path))
}
