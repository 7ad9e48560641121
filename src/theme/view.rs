use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Serde, Value};
use serde_json::{Map, Value as Json};

use super::addresses::RelativeAddress;
use super::context::{Listed, PageContext};
use super::links::Links;
use super::toc;
use crate::expect::ExpectOrDefault as _;
use crate::files::SourcePath;
use crate::languages::Alternate;
use crate::nav::{Nav, Target};
use crate::url;

/// The site as the templates of one page see it: items know whether they lead to
/// that page. Values are created on demand, because most pages print only a part
/// of the site.
pub(super) struct View {
    nav: Arc<Nav>,
    pages: Arc<Vec<Listed>>,
    links: Arc<Links>,
    /// The page being rendered; `None` for a template on its own.
    current: Option<Arc<PageContext>>,
    /// The indices in the nav of that page and the sections around it.
    active: Vec<usize>,
    /// The date of the build that pages show; empty for none.
    update_date: String,
}

/// What an [`ItemValue`] represents.
#[derive(Debug, Clone, Copy)]
enum Node {
    /// An item of the nav.
    Item(usize),
    /// A page that is not in the nav.
    Listed(usize),
    /// The page being rendered, if it is not in the nav.
    Current,
}

/// A page, section or link: MkDocs' `StructureItem`.
#[derive(Debug)]
struct ItemValue {
    view: Arc<View>,
    node: Node,
}

/// MkDocs' `Navigation`.
#[derive(Debug)]
pub(super) struct NavValue(Arc<View>);

/// MkDocs' `File` of a page.
#[derive(Debug)]
struct FileValue {
    view: Arc<View>,
    node: Node,
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
    meta: &'a Map<String, Json>,
    place: Option<usize>,
}

impl View {
    pub(super) fn new(
        nav: &Arc<Nav>,
        pages: &Arc<Vec<Listed>>,
        links: &Arc<Links>,
        current: Option<&PageContext>,
        update_date: &str,
    ) -> Arc<Self> {
        let place = current.and_then(|page| page.place);
        let mut active = Vec::new();
        if let Some(place) = place {
            active.push(place);
            active.extend(nav.ancestors(place));
        }
        Arc::new(Self {
            nav: nav.clone(),
            pages: pages.clone(),
            links: links.clone(),
            current: current.cloned().map(Arc::new),
            active,
            update_date: update_date.to_owned(),
        })
    }

    /// The nav.
    pub(super) fn nav(self: &Arc<Self>) -> Value {
        Value::from_object(NavValue(self.clone()))
    }

    /// The page being rendered; none for a template on its own.
    pub(super) fn page(self: &Arc<Self>) -> Value {
        match self.current.as_ref().map(|page| page.place) {
            Some(Some(place)) => self.item(place),
            Some(None) => self.value(Node::Current),
            None => Value::from(()),
        }
    }

    /// The files of all pages.
    pub(super) fn files(self: &Arc<Self>) -> Value {
        Value::make_object_iterable(self.clone(), |view| {
            Box::new((0..view.pages.len()).map(|at| {
                let node = match view.pages[at].place {
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
            Node::Item(place) => {
                let page = self.nav.page(place)?;
                Facts {
                    source: &page.source,
                    path: &page.path,
                    url: &page.url,
                    title: &self.nav.items[place].title,
                    meta: &page.meta,
                    place: Some(place),
                }
            }
            Node::Listed(at) => {
                let page = self.pages.get(at)?;
                Facts {
                    source: &page.source,
                    path: &page.path,
                    url: &page.url,
                    title: &page.title,
                    meta: &page.meta,
                    place: None,
                }
            }
            Node::Current => {
                let page = self.current.as_ref()?;
                Facts {
                    source: &page.source,
                    path: &page.path,
                    url: &page.url,
                    title: &page.title,
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
            (None, Node::Listed(_) | Node::Current) => (None, usize::MAX),
        }
    }

    /// An attribute of a page, by MkDocs' name.
    fn page_attribute(self: &Arc<Self>, node: Node, facts: &Facts<'_>, key: &str) -> Option<Value> {
        let current = self.current.as_deref();
        let current = current.filter(|page| page.source == *facts.source);
        let neighbour = |place: Option<usize>| match place {
            Some(place) => self.item(place),
            None => Value::from(()),
        };
        let children = || {
            let item = facts.place.and_then(|place| self.nav.items.get(place));
            item.map_or(&[] as &[usize], |item| &item.children)
        };
        Some(match key {
            "title" => Value::from(facts.title),
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
                let is_top_level = || self.parent(facts.place).is_none();
                Value::from(is_root && is_index(facts.path) && is_top_level())
            }
            "is_index" => Value::from(is_index(facts.path)),
            "is_page" => Value::from(true),
            "is_section" => Value::from(!children().is_empty()),
            "is_link" => Value::from(false),
            "active" => {
                let is_active = facts
                    .place
                    .is_some_and(|place| self.active.contains(&place));
                Value::from(current.is_some() || is_active)
            }
            // A page that represents its section has children.
            "children" if !children().is_empty() => Value::from(self.items(children())),
            "children" => Value::from(()),
            "previous_page" => neighbour(self.nav.neighbours(facts.source).0),
            "next_page" => neighbour(self.nav.neighbours(facts.source).1),
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
        let parent = self.parent(place);
        Some(match key {
            "parent" => parent.map_or(Value::from(()), |place| self.item(place)),
            "is_top_level" => Value::from(parent.is_none()),
            "ancestors" => {
                let ancestors = place.map_or_else(Vec::new, |place| self.nav.ancestors(place));
                Value::from(self.items(&ancestors))
            }
            _ => return None,
        })
    }

    fn parent(&self, place: Option<usize>) -> Option<usize> {
        self.nav.items.get(place?)?.parent
    }
}

/// A page in other languages, in the form of Material's `extra.alternate`.
/// `page` is the address of the page that links to them.
pub(super) fn alternates(alternates: &[Alternate], page: Option<&str>) -> Value {
    let value = |alternate: &Alternate| {
        let link = match page {
            // The filter `url` can only reach addresses inside the site.
            Some(page) if alternate.link.starts_with("../") => {
                let up = "../".repeat(page.matches('/').count());
                Value::from_object(RelativeAddress(format!("{up}{}", alternate.link)))
            }
            _ => Value::from(alternate.link.as_str()),
        };
        Value::from_pairs([
            ("name", Value::from(alternate.name.as_str())),
            ("link", link),
            ("lang", Value::from(alternate.code.as_str())),
            ("canonical", Value::from(alternate.canonical.clone())),
        ])
    };
    alternates.iter().map(value).collect()
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

impl Object for NavValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.items(&self.0.nav.roots))
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (view, nav) = (&self.0, &self.0.nav);
        match key.as_str()? {
            "items" => Some(Value::from(view.items(&nav.roots))),
            "pages" => Some(Value::from(view.items(&nav.pages))),
            "homepage" => {
                let is_home = |page: &Value| match view.links.home() {
                    None => page.get_attr("is_homepage").is_ok_and(|it| it.is_true()),
                    Some(home) => page.get_attr("url").is_ok_and(|url| {
                        let url = url.as_str();
                        url.is_some_and(|url| url.trim_end_matches("index.html") == home)
                    }),
                };
                let mut pages = nav.pages.iter().map(|place| view.item(*place));
                Some(pages.find(is_home).unwrap_or(Value::from(())))
            }
            _ => None,
        }
    }
}

impl Object for ItemValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (view, key) = (&self.view, key.as_str()?);
        if let Some(facts) = view.facts(self.node) {
            return view.page_attribute(self.node, &facts, key);
        }
        let Node::Item(place) = self.node else {
            return None;
        };
        let item = view.nav.items.get(place)?;
        let is_section = item.target == Target::Section;
        Some(match (key, &item.target) {
            ("title", _) => Value::from(item.title.as_str()),
            ("url", Target::Link(url)) => Value::from(url.as_str()),
            ("children", Target::Section) => Value::from(view.items(&item.children)),
            ("children", _) => Value::from(()),
            ("is_page", _) => Value::from(false),
            ("is_section", _) => Value::from(is_section),
            ("is_link", _) => Value::from(!is_section),
            ("active", _) => Value::from(view.active.contains(&place)),
            _ => return view.shared_attribute(Some(place), key),
        })
    }

    /// In MkDocs, pages are equal if their files are.
    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Self>()?;
        let (a, b) = (&self.view, &other.view);
        Some(a.identity(self.node).cmp(&b.identity(other.node)))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.get_value(&Value::from("title"));
        let title = title.expect_or_default("every item has a title");
        match (self.view.facts(self.node), self.node) {
            (Some(facts), _) => {
                let url = self.view.links.absolute(facts.url);
                let url = url.as_deref().unwrap_or(facts.url);
                write!(f, "Page(title='{title}', url='{url}')")
            }
            (None, Node::Item(place)) => match &self.view.nav.items[place].target {
                Target::Link(url) => write!(f, "Link(title='{title}', url='{url}')"),
                Target::Section | Target::Page(_) => write!(f, "Section(title='{title}')"),
            },
            (None, Node::Listed(_) | Node::Current) => Ok(()),
        }
    }
}

impl Object for FileValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let facts = self.view.facts(self.node)?;
        // Unlike the home page's address, its file's is not empty.
        let file_url = match facts.url {
            "" => "./",
            url => url,
        };
        let output = || {
            let output = url::unquote(facts.url);
            let output = output.expect_or_default("our own addresses are UTF-8");
            let output = output.into_owned();
            if output.is_empty() || output.ends_with('/') {
                output + "index.html"
            } else {
                output
            }
        };
        Some(match key.as_str()? {
            "src_uri" | "src_path" | "edit_uri" => {
                Value::from(self.view.links.source(facts.source, facts.path))
            }
            "dest_uri" | "dest_path" => Value::from(output()),
            "url" => Value::from(file_url),
            "name" if is_index(facts.path) => Value::from("index"),
            "name" => Value::from(stem(facts.path)),
            "page" => self.view.value(self.node),
            _ => return None,
        })
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut minijinja::State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, minijinja::Error> {
        use minijinja::{Error, ErrorKind};
        match method {
            "is_documentation_page" => Ok(Value::from(true)),
            "is_static_page" | "is_media_file" | "is_javascript" | "is_css" => {
                Ok(Value::from(false))
            }
            "url_relative_to" => {
                let other = arguments.first().cloned().unwrap_or_default();
                let other = match other.get_attr("url") {
                    Ok(url) if !url.is_undefined() => url,
                    _ => other,
                };
                let url = self.get_value(&Value::from("url"));
                let url = url.expect_or_default("every file has an address");
                let relative = url::relative_as_written(&url.to_string(), &other.to_string());
                Ok(Value::from(relative))
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Self>()?;
        let (a, b) = (&self.view, &other.view);
        Some(a.identity(self.node).cmp(&b.identity(other.node)))
    }
}
