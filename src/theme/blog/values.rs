//! Posts and views as values of templates.

use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Serde, Value};
use minijinja::{Error, State};

use super::links;
use super::pager::{Attributes as TagAttributes, Style};
use crate::theme::blog_page::{
    BlogPage, BlogRole, Pagination, PostConfig, PostSummary, ShownExcerpt,
};
use crate::theme::date::Datetime;
use crate::theme::limits::charge_text;
use crate::theme::listed::Listed;
use crate::theme::toc;
use crate::theme::view::Attributes;
use crate::yaml::Timestamp;

/// Finds what a page has because it is part of a blog.
pub(in crate::theme) fn attributes(page: Arc<BlogPage>) -> Attributes {
    Box::new(move |key| attribute(&page, key))
}

fn attribute(page: &BlogPage, key: &str) -> Option<Value> {
    match &page.role {
        BlogRole::Post { post, .. } => summary_attribute(post, key),
        BlogRole::View { name, posts, .. } => Some(match key {
            "name" => Value::from(name.as_deref()),
            "posts" => Value::from(posts.iter().map(summary).collect::<Vec<_>>()),
            _ => return None,
        }),
    }
}

/// The variables that the templates of a view see.
pub(in crate::theme) fn variables(blog: Option<&BlogPage>) -> Vec<(String, Value)> {
    let Some(BlogRole::View {
        excerpts,
        pagination,
        ..
    }) = blog.map(|blog| &blog.role)
    else {
        return Vec::new();
    };
    let posts: Vec<Value> = excerpts.iter().map(excerpt).collect();
    let pagination = match pagination {
        Some(pagination) => Value::from_object(Pager(pagination.clone())),
        None => Value::from(()),
    };
    vec![
        ("posts".to_owned(), Value::from(posts)),
        ("pagination".to_owned(), pagination),
    ]
}

fn summary_attribute(post: &PostSummary, key: &str) -> Option<Value> {
    Some(match key {
        "config" => config(&post.config),
        "authors" => {
            let authors = post.authors.iter();
            Value::from(authors.map(|it| Value::from(Serde(it))).collect::<Vec<_>>())
        }
        "categories" => {
            let categories = post.categories.iter();
            let pages = categories.map(|(name, page)| named(page, name));
            Value::from(pages.collect::<Vec<_>>())
        }
        _ => return None,
    })
}

/// A page that is not the one being rendered.
fn listed(page: &Listed) -> Value {
    named(page, &page.title)
}

/// The page of a category.
fn named(page: &Listed, name: &str) -> Value {
    Value::from_pairs([
        ("title", Value::from(page.title.as_str())),
        ("name", Value::from(name)),
        ("url", Value::from(page.url.as_str())),
        ("meta", Value::from(Serde(&*page.meta))),
        ("is_page", Value::from(true)),
    ])
}

fn summary(post: &PostSummary) -> Value {
    Value::from_object(Summary(post.clone()))
}

fn excerpt(shown: &ShownExcerpt) -> Value {
    Value::from_object(ExcerptValue(shown.clone()))
}

/// A post that is not the page being rendered.
#[derive(Debug)]
struct Summary(PostSummary);

impl Object for Summary {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let of_page = || listed(&self.0.page).get_attr(key).ok();
        summary_attribute(&self.0, key).or_else(of_page)
    }
}

/// What a view shows of a post.
#[derive(Debug)]
struct ExcerptValue(ShownExcerpt);

impl Object for ExcerptValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let shown = &self.0;
        let key = key.as_str()?;
        Some(match key {
            "content" => Value::from(shown.html.as_str()),
            "more" => Value::from(shown.more.as_deref()),
            "toc" => toc::value(&shown.toc),
            "post" => summary(&shown.post),
            _ => {
                let of_page = || listed(&shown.post.page).get_attr(key).ok();
                return summary_attribute(&shown.post, key).or_else(of_page);
            }
        })
    }
}

/// What a post says about itself, as the plugin checked it.
fn config(post: &PostConfig) -> Value {
    let texts = |texts: &[String]| Value::from(texts.to_vec());
    let links = post.links.as_deref();
    Value::from_pairs([
        ("authors", texts(&post.authors)),
        ("categories", texts(&post.categories)),
        ("date", Value::from_object(Dates(post.dates.clone()))),
        ("draft", Value::from(post.draft)),
        ("pin", Value::from(post.pin)),
        ("links", links.map_or(Value::from(()), links::value)),
        ("readtime", Value::from(post.readtime)),
        ("slug", Value::from(post.slug.as_deref())),
    ])
}

/// The dates of a post by name. Those that it does not have are none.
#[derive(Debug)]
struct Dates(Vec<(String, Timestamp)>);

impl Object for Dates {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let date = self.0.iter().find(|(name, _)| name == key);
        Some(match date {
            Some((_, date)) => Value::from_object(Datetime(*date)),
            None => Value::from(()),
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names = self.0.iter().map(|(name, _)| Value::from(name.as_str()));
        Enumerator::Values(names.collect())
    }
}

/// The function that writes the links to the pages of a view.
#[derive(Debug)]
struct Pager(Pagination);

impl Object for Pager {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let given = args.first().cloned().unwrap_or_default();
        let links = self.0.links(&style(&given));
        charge_text(state, links.len())?;
        Ok(Value::from_safe_string(links))
    }
}

fn style(given: &Value) -> Style {
    let default = Style::default();
    let value = |key: &str| {
        let value = given.get_item(&Value::from(key)).ok()?;
        (!value.is_undefined() && !value.is_none()).then_some(value)
    };
    let text = |key: &str, default: String| value(key).map_or(default, |it| it.to_string());
    let attributes = |key: &str| {
        let Some(map) = value(key) else {
            return TagAttributes::new();
        };
        let keys = map.try_iter().into_iter().flatten();
        let pair = |key: Value| {
            let value = map.get_item(&key).ok()?;
            Some((key.to_string(), value.to_string()))
        };
        keys.filter_map(pair).collect()
    };
    Style {
        separator: text("separator", default.separator),
        symbol_first: text("symbol_first", default.symbol_first),
        symbol_last: text("symbol_last", default.symbol_last),
        symbol_previous: text("symbol_previous", default.symbol_previous),
        symbol_next: text("symbol_next", default.symbol_next),
        link_attr: attributes("link_attr"),
        curpage_attr: attributes("curpage_attr"),
        dotdot_attr: attributes("dotdot_attr"),
    }
}
