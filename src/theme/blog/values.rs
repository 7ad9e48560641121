//! Posts and views as values of templates.

use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Serde, Value};
use minijinja::{Error, State};

use super::links;
use super::pager::{Attributes as TagAttributes, Style};
use crate::theme::blog_page::{
    BlogPage, BlogRole, Pagination, PostConfig, PostSummary, ShownExcerpt, ViewSummary,
};
use crate::theme::context::PageContext;
use crate::theme::date::Datetime;
use crate::theme::limits::charge_text;
use crate::theme::listed::Listed;
use crate::theme::toc;
use crate::theme::view::{Attributes, View, later_page, other_page};
use crate::yaml::Timestamp;

/// Finds what a page has because it is part of a blog.
pub(in crate::theme) fn attributes(page: Arc<BlogPage>) -> Attributes {
    Box::new(move |view, key| attribute(view, &page, key))
}

fn attribute(view: &Arc<View>, page: &Arc<BlogPage>, key: &str) -> Option<Value> {
    match &page.role {
        BlogRole::Post { post, .. } => of_post(view, page, post, key),
        BlogRole::View { name, posts, .. } => Some(match key {
            "name" => Value::from(name.as_deref()),
            "posts" => posts.iter().map(|it| post(view, page, it)).collect(),
            "views" => views(view, page),
            _ => return None,
        }),
    }
}

/// The views below the page being rendered: all of its blog if it is the entry page.
fn views(view: &Arc<View>, page: &Arc<BlogPage>) -> Value {
    let is_entry = |current: &PageContext| current.source == page.entry.source;
    let contents = if view.current().is_some_and(is_entry) {
        page.contents.as_ref()
    } else {
        None
    };
    let views = contents.iter().flat_map(|it| it.views.iter().skip(1));
    views.map(|it| view_value(view, page, it)).collect()
}

/// A view that is not the page being rendered.
fn view_value(view: &Arc<View>, page: &Arc<BlogPage>, shown: &ViewSummary) -> Value {
    let (page, own) = (page.clone(), shown.clone());
    let attributes = move |view: &Arc<View>, key: &str| {
        let posts = page.contents.as_ref().map(|it| &it.posts);
        let number = |number: &usize| Some(post(view, &page, posts?.get(*number)?));
        let name = Value::from(own.name.as_deref());
        let of_view = |page: &Listed| {
            if page.source == own.page.source {
                let name = name.clone();
                let attributes = move |_: &_, key: &str| (key == "name").then(|| name.clone());
                return other_page(view, page, Box::new(attributes));
            }
            other_page(view, page, later_page())
        };
        Some(match key {
            "name" => name,
            "edit_url" if own.is_generated => Value::from(()),
            "posts" => own.posts.iter().filter_map(number).collect(),
            "pages" => own.pages.iter().map(of_view).collect(),
            "views" => Value::from(Vec::<Value>::new()),
            _ => return None,
        })
    };
    other_page(view, &shown.page, Box::new(attributes))
}

/// The variables that the templates of a view see.
pub(in crate::theme) fn variables(
    view: &Arc<View>,
    page: Option<&Arc<BlogPage>>,
) -> Vec<(String, Value)> {
    let Some((page, (excerpts, pagination))) = page.and_then(|page| match &page.role {
        BlogRole::View {
            excerpts,
            pagination,
            ..
        } => Some((page, (excerpts, pagination))),
        BlogRole::Post { .. } => None,
    }) else {
        return Vec::new();
    };
    let posts = excerpts.iter().map(|it| excerpt(view, page, it)).collect();
    let pagination = match pagination {
        Some(pagination) => Value::from_object(Pager(pagination.clone())),
        None => Value::from(()),
    };
    vec![
        ("posts".to_owned(), posts),
        ("pagination".to_owned(), pagination),
    ]
}

fn of_post(view: &Arc<View>, page: &Arc<BlogPage>, post: &PostSummary, key: &str) -> Option<Value> {
    Some(match key {
        "config" => config(&post.config),
        "authors" => {
            let authors = post.authors.iter();
            Value::from(authors.map(|it| Value::from(Serde(it))).collect::<Vec<_>>())
        }
        "categories" => {
            let categories = post.categories.iter();
            let value = |(name, it): &(String, Listed)| category(view, page, name, it);
            categories.map(value).collect()
        }
        _ => return None,
    })
}

/// The page of a category, with its posts if they are known.
fn category(view: &Arc<View>, page: &Arc<BlogPage>, name: &str, shown: &Listed) -> Value {
    let views = page.contents.iter().flat_map(|it| &it.views);
    let known = { views }.find(|it| it.page.source == shown.source);
    if let Some(known) = known {
        let named = ViewSummary {
            name: Some(name.to_owned()),
            ..known.clone()
        };
        return view_value(view, page, &named);
    }
    let name = name.to_owned();
    let attributes = move |_: &Arc<View>, key: &str| match key {
        "name" => Some(Value::from(name.as_str())),
        _ => None,
    };
    other_page(view, shown, Box::new(attributes))
}

/// A post that is not the page being rendered.
fn post(view: &Arc<View>, page: &Arc<BlogPage>, shown: &PostSummary) -> Value {
    let (page, own) = (page.clone(), shown.clone());
    let attributes = move |view: &Arc<View>, key: &str| {
        let entry = || other_page(view, &page.entry, Box::new(|_, _| None));
        Some(match key {
            "parent" => entry(),
            "ancestors" => {
                let above = entry().get_attr("ancestors").ok()?;
                let above = above.try_iter().into_iter().flatten();
                std::iter::once(entry()).chain(above).collect()
            }
            "is_top_level" => Value::from(false),
            "previous_page" | "next_page" => neighbour(view, &page, &own, key == "next_page")?,
            _ => return of_post(view, &page, &own, key),
        })
    };
    other_page(view, &shown.page, Box::new(attributes))
}

/// The post before or after a post. The newest is the first, and has no next one.
fn neighbour(
    view: &Arc<View>,
    page: &Arc<BlogPage>,
    of: &PostSummary,
    wants_next: bool,
) -> Option<Value> {
    let posts = &page.contents.as_ref()?.posts;
    let at = posts
        .iter()
        .position(|it| it.page.source == of.page.source)?;
    let at = if wants_next {
        at.checked_sub(1)
    } else {
        at.checked_add(1)
    };
    let found = at.and_then(|at| posts.get(at));
    Some(found.map_or(Value::from(()), |it| post(view, page, it)))
}

/// What a view shows of a post. Unlike the post, it has no title and is nowhere in the nav.
fn excerpt(view: &Arc<View>, page: &Arc<BlogPage>, shown: &ShownExcerpt) -> Value {
    let (page, own) = (page.clone(), shown.clone());
    let attributes = move |view: &Arc<View>, key: &str| {
        Some(match key {
            "content" => Value::from(own.html.as_str()),
            "more" => Value::from(own.more.as_deref()),
            "toc" => toc::value(&own.toc),
            "post" => post(view, &page, &own.post),
            "title" | "edit_url" | "previous_page" | "next_page" => Value::UNDEFINED,
            "parent" => Value::from(()),
            "ancestors" => Value::from(Vec::<Value>::new()),
            "is_top_level" => Value::from(true),
            _ => return of_post(view, &page, &own.post, key),
        })
    };
    other_page(view, &shown.post.page, Box::new(attributes))
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
