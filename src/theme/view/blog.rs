//! What posts and views have that other pages have not, and where they are in the nav.

use std::sync::Arc;

use minijinja::value::Value;

use super::{Attributes, Facts, Node, View, other_page};
use crate::nav::ShownNav;
use crate::theme::blog_page::BlogRole;
use crate::theme::context::PageContext;
use crate::theme::listed::Listed;

/// The index in the nav of the page that stands for a page of a blog.
pub(super) fn host(page: &PageContext, nav: &ShownNav) -> Option<usize> {
    let host = page.blog.as_ref()?.related.first()?;
    nav.place(&host.source)
}

/// Whether that page is the parent of the page being rendered, and not just beside it.
pub(super) fn is_below_host(page: Option<&PageContext>) -> bool {
    let blog = page.and_then(|page| page.blog.as_ref());
    blog.is_some_and(|blog| blog.is_post())
}

/// What a page of a view after the first has: a copy of it without its name.
pub(in crate::theme) fn later_page() -> Attributes {
    Box::new(|_, key| match key {
        "name" | "edit_url" => Some(Value::from(())),
        _ => None,
    })
}

impl View {
    pub(super) fn related(&self, at: usize) -> Option<&Listed> {
        self.current.as_ref()?.blog.as_ref()?.related.get(at)
    }

    /// A page that the page being rendered names.
    fn related_value(self: &Arc<Self>, at: Option<usize>) -> Value {
        let page = at.and_then(|at| Some((at, self.related(at)?)));
        match page {
            Some((at, page)) => match self.nav.place(&page.source) {
                Some(place) => self.item(place),
                None => self.value(Node::Related(at)),
            },
            None => Value::from(()),
        }
    }

    /// The address to link instead of one: the pages of a view never link to
    /// themselves, but to the first of them.
    pub(super) fn first_page_of<'a>(&'a self, address: &'a str) -> &'a str {
        let page = self.current.as_ref();
        let blog = page.and_then(|page| Some((page, page.blog.as_ref()?)));
        match blog {
            Some((page, blog)) if !blog.is_post() && page.url == address => {
                blog.related.first().map_or(address, |first| &first.url)
            }
            _ => address,
        }
    }

    /// An attribute that a page has because it is part of a blog. `current` is the page
    /// being rendered, if it is this one.
    pub(super) fn blog_attribute(
        self: &Arc<Self>,
        current: Option<&PageContext>,
        facts: &Facts<'_>,
        key: &str,
    ) -> Option<Value> {
        let Some(page) = current else {
            return self.attribute_of_other(facts, key);
        };
        let blog = page.blog.as_ref()?;
        if let Some(value) = self.of_blog.as_ref().and_then(|it| it(self, key)) {
            return Some(value);
        }
        if key == "edit_url" && blog.is_generated {
            return Some(Value::from(()));
        }
        if key == "pages" && !blog.is_post() {
            return Some(self.pages_of_view());
        }
        if !blog.is_post() && matches!(key, "previous_page" | "next_page") {
            return self.neighbour_of_view(key == "next_page");
        }
        if facts.place.is_some() {
            return None;
        }
        let section = self.host.map(|host| self.parent(Some(host)).flatten());
        Some(match (&blog.role, key) {
            (BlogRole::Post { .. }, "parent") => self.related_value(Some(0)),
            (BlogRole::Post { .. }, "ancestors") => {
                let above = self
                    .host
                    .map_or_else(Vec::new, |host| self.nav.ancestors(host));
                let mut ancestors = vec![self.related_value(Some(0))];
                ancestors.extend(self.items(&above));
                Value::from(ancestors)
            }
            (BlogRole::Post { .. }, "is_top_level") => Value::from(false),
            (_, "parent") => match section.flatten() {
                Some(parent) => self.item(parent),
                None => Value::from(()),
            },
            (_, "is_top_level") => Value::from(section.flatten().is_none()),
            (_, "ancestors") => {
                let above = self
                    .host
                    .map_or_else(Vec::new, |host| self.nav.ancestors(host));
                Value::from(self.items(&above))
            }
            (BlogRole::Post { previous, .. }, "previous_page") => self.related_value(*previous),
            (BlogRole::Post { next, .. }, "next_page") => self.related_value(*next),
            _ => return None,
        })
    }

    /// The page before or after a page of a view: that of its first page. A view that
    /// the nav has twice in a row is before itself, and after itself too on all of its
    /// pages but the second, because the plugin links each page with those around it.
    fn neighbour_of_view(self: &Arc<Self>, wants_next: bool) -> Option<Value> {
        let first = self.related(0)?;
        let (previous, next) = self.nav.neighbours(&first.source)?;
        let is_first = |place: &usize| {
            let page = self.nav.page(*place);
            page.is_some_and(|page| page.source == first.source)
        };
        let is_repeated = previous.as_ref().is_some_and(is_first);
        let place = match (wants_next, self.number_of_view()) {
            (false, _) => previous,
            (true, Some(number)) if is_repeated && number != 2 => previous,
            (true, _) => next,
        };
        Some(place.map_or(Value::from(()), |place| self.item(place)))
    }

    fn all_pages_of_view(self: &Arc<Self>) -> Option<Value> {
        let current = self.current.as_ref()?;
        let blog = current.blog.as_ref()?;
        let first = blog.related.first()?;
        let views = &blog.contents.as_ref()?.views;
        let view = views.iter().find(|view| view.page.source == first.source)?;
        let page = |page: &Listed| {
            if page.source == current.source {
                self.page()
            } else if page.source == first.source {
                let name = view.name.clone();
                let name =
                    move |_: &_, key: &str| (key == "name").then(|| Value::from(name.as_deref()));
                other_page(self, page, Box::new(name))
            } else {
                other_page(self, page, later_page())
            }
        };
        Some(Value::from(view.pages.iter().map(page).collect::<Vec<_>>()))
    }

    /// The number of the page of a view that is being rendered, from 1; `None` if the
    /// view has only one.
    fn number_of_view(&self) -> Option<usize> {
        match &self.current.as_ref()?.blog.as_ref()?.role {
            BlogRole::View {
                pagination: Some(pages),
                ..
            } if pages.urls.len() > 1 => Some(pages.page),
            _ => None,
        }
    }

    /// The same of a page that is not the one being rendered. A nav asks the first page
    /// of a view for the others.
    fn attribute_of_other(self: &Arc<Self>, facts: &Facts<'_>, key: &str) -> Option<Value> {
        let blog = self.current.as_ref()?.blog.as_ref()?;
        let first = blog.related.first()?;
        let is_first = !blog.is_post() && first.source == *facts.source;
        (key == "pages" && is_first).then(|| self.pages_of_view())
    }

    /// The pages of the view that is being rendered: as far as a nav needs to know, unless
    /// a template asks what the blog has.
    fn pages_of_view(self: &Arc<Self>) -> Value {
        if let Some(pages) = self.all_pages_of_view() {
            return pages;
        }
        let mut pages = vec![self.related_value(Some(0))];
        if self.place.is_none() {
            pages.push(self.value(Node::Current));
        }
        Value::from(pages)
    }
}
