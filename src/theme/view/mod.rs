//! What templates see of the site: its pages, sections and links.

mod alternates;
mod blog;
mod other_page;
mod parts;
mod reading;
mod structure;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use minijinja::value::{Serde, Value};
use serde_json::{Map, Value as Json};

use super::context::{PageContext, SiteContext};
use super::links::Links;
use super::listed::Listed;
use super::reads::Recorder;
use super::store::PageReuse;
use super::toc;
use crate::files::SourcePath;
use crate::nav::{Label, ListsBySection, ShownNav, Target};
use crate::url;

pub(super) use alternates::alternates;
pub(super) use blog::later_page;
pub(super) use other_page::other_page;
pub(super) use structure::NavValue;
use structure::{FileValue, ItemValue, Items, UnknownItems};

/// The site as the templates of one page see it: items know whether they lead to
/// that page. Values are created on demand, because most pages print only a part
/// of the site.
pub(super) struct View {
    nav: Arc<ShownNav>,
    /// The lists of the nav that the page shows; `None` if it shows all of them.
    lists: Option<Arc<ListsBySection>>,
    /// All pages; `None` if only what one page shows of the nav is known.
    pages: Option<Arc<Vec<Listed>>>,
    /// Set when a template asks for more of the nav than is known.
    wants_more: Arc<AtomicBool>,
    links: Arc<Links>,
    /// The page being rendered; `None` for a template on its own.
    current: Option<Arc<PageContext>>,
    /// The index in the nav of that page.
    place: Option<usize>,
    /// The index in the nav of the page that stands for it, if it is part of a blog and
    /// not in the nav itself.
    host: Option<usize>,
    /// The indices in the nav of that page and the sections around it.
    active: Vec<usize>,
    /// All indices of that page, if it has several.
    repeated: Vec<usize>,
    /// The parts of the folder that links on that page start from.
    folder: Vec<String>,
    /// The date of the build that pages show; empty for none.
    update_date: String,
    /// Notes what parts of templates read.
    pub(super) recorder: Recorder,
    /// The outputs that the page shares with others; `None` if it shares none.
    pub(super) reuse: Option<PageReuse>,
    /// What the page has because it is part of a blog.
    of_blog: Option<Attributes>,
}

/// Finds the values of attributes by their names.
pub(super) type Attributes = Box<dyn Fn(&Arc<View>, &str) -> Option<Value> + Send + Sync>;

/// What an [`ItemValue`] represents.
#[derive(Debug, Clone, Copy)]
enum Node {
    /// An item of the nav.
    Item(usize),
    /// A page that is not in the nav.
    Listed(usize),
    /// The page being rendered, if it is not in the nav.
    Current,
    /// The page that represents the section at an index, if it is not in the nav itself.
    IndexOf(usize),
    /// A page that the page being rendered names.
    Related(usize),
}

/// Every value has a view, and would print the whole site in debug output.
impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").finish_non_exhaustive()
    }
}

/// What is known of a page, whether or not it is in the nav.
struct Facts<'a> {
    source: &'a SourcePath,
    path: &'a str,
    url: &'a str,
    title: &'a str,
    typeset: Option<&'a str>,
    meta: &'a Map<String, Json>,
    place: Option<usize>,
}

impl<'a> Facts<'a> {
    /// What is known of a page that is listed outside of the nav.
    fn of_listed(page: &'a Listed) -> Self {
        Self {
            source: &page.source,
            path: &page.path,
            url: &page.url,
            title: &page.title,
            typeset: page.typeset.as_deref(),
            meta: &page.meta,
            place: None,
        }
    }

    /// What is known of a page from its label; `None` for sections and links.
    fn of(label: &'a Label, place: Option<usize>) -> Option<Self> {
        let Target::Page(page) = &label.target else {
            return None;
        };
        Some(Self {
            source: &page.source,
            path: &page.path,
            url: &page.url,
            title: &label.title,
            typeset: label.typeset.as_deref(),
            meta: &label.meta,
            place,
        })
    }
}

impl View {
    /// A view for one page, or for a template that is none.
    pub(super) fn new(
        site: &SiteContext,
        links: &Arc<Links>,
        current: Option<&PageContext>,
        update_date: &str,
        reuse: Option<PageReuse>,
        of_blog: Option<Attributes>,
    ) -> Arc<Self> {
        let place = current.and_then(|page| site.nav.place(&page.source));
        let host = match place {
            None => current.and_then(|page| blog::host(page, &site.nav)),
            Some(_) => None,
        };
        let mut active = Vec::new();
        if let Some(place) = place.or(host) {
            if host.is_none() || blog::is_below_host(current) {
                active.push(place);
            }
            active.extend(site.nav.ancestors(place));
        }
        let repeated = match (current, &reuse) {
            (Some(page), Some(reuse)) => reuse.cache.repeated(&page.source).to_vec(),
            _ => Vec::new(),
        };
        let folder = current.map_or_else(Vec::new, |page| url::folder_parts(&page.url));
        Arc::new(Self {
            nav: site.nav.clone(),
            lists: site.lists.clone(),
            pages: site.pages.clone(),
            wants_more: site.wants_more.clone(),
            links: links.clone(),
            current: current.cloned().map(Arc::new),
            place,
            host,
            active,
            repeated,
            folder: folder.into_iter().map(str::to_owned).collect(),
            update_date: update_date.to_owned(),
            recorder: Recorder::default(),
            reuse,
            of_blog,
        })
    }

    /// The value to show instead of one that is not known. What is rendered with it is
    /// thrown away.
    fn unknown(&self) -> Value {
        self.wants_more.store(true, Relaxed);
        // Pages that use an output again would not set it.
        self.recorder.note_own();
        Value::UNDEFINED
    }

    /// The nav.
    pub(super) fn nav(self: &Arc<Self>) -> Value {
        Value::from_object(NavValue(self.clone()))
    }

    /// The page being rendered, as its template knows it.
    pub(super) fn current(&self) -> Option<&PageContext> {
        self.current.as_deref()
    }

    /// The page being rendered; none for a template on its own.
    pub(super) fn page(self: &Arc<Self>) -> Value {
        match (&self.current, self.place) {
            (Some(_), Some(place)) => self.item(place),
            (Some(_), None) => self.value(Node::Current),
            (None, _) => Value::from(()),
        }
    }

    /// The files of all pages.
    pub(super) fn files(self: &Arc<Self>) -> Value {
        Value::make_object_iterable(self.clone(), |view| {
            let Some(pages) = &view.pages else {
                view.unknown();
                return Box::new(std::iter::empty());
            };
            Box::new(pages.iter().enumerate().map(|(at, page)| {
                let node = match view.nav.place(&page.source) {
                    Some(place) => Node::Item(place),
                    None => Node::Listed(at),
                };
                Value::from_object(FileValue {
                    view: view.clone(),
                    node,
                })
            }))
        })
    }

    fn value(self: &Arc<Self>, node: Node) -> Value {
        Value::from_object(ItemValue {
            view: self.clone(),
            node,
        })
    }

    fn item(self: &Arc<Self>, place: usize) -> Value {
        self.value(Node::Item(place))
    }

    fn items(self: &Arc<Self>, places: &[usize]) -> Vec<Value> {
        places.iter().map(|place| self.item(*place)).collect()
    }

    fn facts(&self, node: Node) -> Option<Facts<'_>> {
        Some(match node {
            Node::Item(place) => Facts::of(&self.nav.items.get(place)?.label, Some(place))?,
            Node::IndexOf(section) => {
                let group = self.nav.items.get(section)?.label.group.as_ref()?;
                Facts::of(group.index.as_ref()?, None)?
            }
            Node::Listed(at) => Facts::of_listed(self.pages.as_ref()?.get(at)?),
            Node::Related(at) => Facts::of_listed(self.related(at)?),
            Node::Current => {
                let page = self.current.as_ref()?;
                Facts {
                    source: &page.source,
                    path: &page.path,
                    url: &page.url,
                    title: &page.title,
                    typeset: page.typeset.as_deref(),
                    meta: &page.meta,
                    place: None,
                }
            }
        })
    }

    /// A key by which two values are the same page, section or link.
    fn identity(&self, node: Node) -> (Option<&SourcePath>, usize) {
        match (self.facts(node), node) {
            (Some(facts), _) => (Some(facts.source), 0),
            (None, Node::Item(place)) => (None, place),
            (None, Node::Listed(_) | Node::Current | Node::IndexOf(_) | Node::Related(_)) => {
                (None, usize::MAX)
            }
        }
    }

    /// An attribute of a page, by MkDocs' name.
    fn page_attribute(self: &Arc<Self>, node: Node, facts: &Facts<'_>, key: &str) -> Option<Value> {
        let current = self.current.as_deref();
        let current = current.filter(|page| page.source == *facts.source);
        if let Some(value) = self.blog_attribute(current, facts, key) {
            return Some(value);
        }
        let neighbours = || self.nav.neighbours(facts.source);
        let neighbour = |known: Option<Option<usize>>| match known {
            Some(Some(place)) => self.item(place),
            Some(None) => Value::from(()),
            None => self.unknown(),
        };
        let has_children = || {
            let item = facts.place.and_then(|place| self.nav.items.get(place));
            item.is_some_and(|item| item.label.group.is_some())
        };
        Some(match key {
            "title" => Value::from(facts.title),
            "typeset" => toc::typeset(facts.typeset)?,
            "url" => Value::from(facts.url),
            "abs_url" => Value::from(self.links.absolute(facts.url)),
            "canonical_url" => Value::from(self.links.canonical(facts.url)),
            "edit_url" => {
                let path = self.links.edit_path(facts.source, facts.path);
                Value::from(self.links.edit_url(path))
            }
            "meta" => Value::from(Serde(current.map_or(facts.meta, |page| &page.meta))),
            "content" => match current {
                // Python-Markdown's output has no line break at its end.
                Some(page) => Value::from(page.body.html.trim_end_matches('\n')),
                None => Value::from(()),
            },
            "toc" => toc::value(current.map_or(&[], |page| &page.body.toc)),
            "is_homepage" => {
                let is_root = matches!(facts.url, "" | "index.html");
                if !is_root || !is_index(facts.path) {
                    return Some(Value::from(false));
                }
                match self.parent(facts.place) {
                    Some(parent) => Value::from(parent.is_none()),
                    None => self.unknown(),
                }
            }
            "is_index" => Value::from(is_index(facts.path)),
            "is_page" => Value::from(true),
            "is_section" => Value::from(has_children()),
            "is_link" => Value::from(false),
            "active" => {
                let is_active = facts
                    .place
                    .is_some_and(|place| self.active.contains(&place));
                Value::from(current.is_some() || is_active)
            }
            "previous_page" => neighbour(neighbours().map(|it| it.0)),
            "next_page" => neighbour(neighbours().map(|it| it.1)),
            "alternates" => alternates(
                current.map_or(&[], |page| &page.alternates),
                current.map(|page| page.url.as_str()),
            ),
            "update_date" => Value::from(self.update_date.as_str()),
            "file" => Value::from_object(FileValue {
                view: self.clone(),
                node,
            }),
            _ => return self.shared_attribute(facts.place, key),
        })
    }

    /// An attribute that pages, sections and links share.
    fn shared_attribute(self: &Arc<Self>, place: Option<usize>, key: &str) -> Option<Value> {
        let item = place.and_then(|place| self.nav.items.get(place));
        let group = item.and_then(|item| item.label.group.as_ref());
        Some(match key {
            "parent" => match self.parent(place) {
                Some(Some(parent)) => self.item(parent),
                Some(None) => Value::from(()),
                None => self.unknown(),
            },
            "is_top_level" => match self.parent(place) {
                Some(parent) => Value::from(parent.is_none()),
                None => self.unknown(),
            },
            "ancestors" => {
                if self.parent(place).is_none() {
                    return Some(self.unknown());
                }
                let ancestors = place.map_or_else(Vec::new, |place| self.nav.ancestors(place));
                Value::from(self.items(&ancestors))
            }
            // A page that represents its section has children.
            "children" => match group {
                Some(_) => self.children(place),
                None => Value::from(()),
            },
            "proofroom" => parts::value(self, Some(place?)),
            _ => return None,
        })
    }

    /// The section that an item is in, and `None` for the top level; `None` if it is not
    /// known.
    fn parent(&self, place: Option<usize>) -> Option<Option<usize>> {
        let Some(place) = place else {
            return Some(None);
        };
        let item = self.nav.items.get(place);
        let parent = item.and_then(|item| item.parent);
        self.nav.is_in_list(place).then_some(parent)
    }

    /// All items in a section, or on the top level.
    fn children(self: &Arc<Self>, section: Option<usize>) -> Value {
        let is_known = self.nav.is_whole
            || self
                .lists
                .as_ref()
                .is_some_and(|lists| lists.get(&section).is_some_and(|list| list.cut.is_none()));
        if is_known {
            return Value::from_object(Items {
                view: self.clone(),
                section,
            });
        }
        Value::from_object(UnknownItems(self.clone()))
    }

    /// The indices of the items in a section, or of those on the top level.
    pub(super) fn places_in(&self, section: Option<usize>) -> &[usize] {
        match section {
            Some(section) => &self.nav.items[section].children,
            None => &self.nav.roots,
        }
    }
}

/// Whether a page represents its folder.
fn is_index(path: &str) -> bool {
    url::is_index(stem(path))
}

/// A file's name without its extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
