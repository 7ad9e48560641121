use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Serde, Value};
use serde_json::{Map, Value as Json};

use super::addresses::Way;
use super::context::{Listed, PageContext};
use super::links::Links;
use super::toc;
use crate::files::SourcePath;
use crate::languages::Alternate;
use crate::nav::{Nav, Target};
use crate::url;

/// The site as the templates of one page see it: items know whether they are
/// on the way to that page. Values are made when asked for, for most pages
/// print a part of the site only.
pub(super) struct View {
    nav: Arc<Nav>,
    pages: Arc<Vec<Listed>>,
    links: Arc<Links>,
    /// The page being rendered; `None` for a template on its own.
    current: Option<Arc<PageContext>>,
    /// The places in the nav of that page and of the sections round it.
    active: Vec<usize>,
    /// The day that pages say they were made on.
    update_date: String,
}

/// What an [`ItemValue`] stands for.
#[derive(Debug, Clone, Copy)]
enum Node {
    /// An item of the nav.
    Item(usize),
    /// A page that the nav leaves out.
    Listed(usize),
    /// The page being rendered, where the nav leaves it out.
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

/// Values print themselves through it, and each would print the whole site.
impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").finish_non_exhaustive()
    }
}

/// What is known of a page wherever it stands.
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
        let mut active: Vec<usize> = place.into_iter().collect();
        active.extend(place.map(|place| nav.ancestors(place)).unwrap_or_default());
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

    /// The page being rendered; nothing for a template on its own.
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

    /// What makes two values the same page, section or link.
    fn identity(&self, node: Node) -> (Option<&SourcePath>, usize) {
        match (self.facts(node), node) {
            (Some(facts), _) => (Some(facts.source), 0),
            (None, Node::Item(place)) => (None, place),
            (None, Node::Listed(_) | Node::Current) => (None, usize::MAX),
        }
    }

    /// A page's attributes by MkDocs' names.
    fn page_attribute(self: &Arc<Self>, node: Node, facts: &Facts<'_>, key: &str) -> Option<Value> {
        let current = self.current.as_deref();
        let current = current.filter(|page| page.source == *facts.source);
        let neighbour = |place: Option<usize>| match place {
            Some(place) => self.item(place),
            None => Value::from(()),
        };
        let index = || is_index(facts.path);
        let below = || {
            let item = facts.place.and_then(|place| self.nav.items.get(place));
            item.map_or(&[] as &[usize], |item| &item.children)
        };
        let top_level = || self.parent(facts.place).is_none();
        Some(match key {
            "title" => Value::from(facts.title),
            "url" => Value::from(facts.url),
            "abs_url" => Value::from(self.links.absolute(facts.url)),
            "canonical_url" => Value::from(self.links.canonical(facts.url)),
            "edit_url" => Value::from(self.links.edit(self.links.edited(facts.source, facts.path))),
            "meta" => Value::from(Serde(current.map_or(facts.meta, |page| &page.meta))),
            "content" => match current {
                // Python-Markdown ends without a line break.
                Some(page) => Value::from(page.body.html.trim_end_matches('\n')),
                None => Value::from(()),
            },
            "toc" => toc::value(current.map_or(&[], |page| &page.body.toc)),
            "is_homepage" => {
                let home = matches!(facts.url, "" | "index.html");
                Value::from(home && index() && top_level())
            }
            "is_index" => Value::from(index()),
            "is_page" => Value::from(true),
            "is_section" => Value::from(!below().is_empty()),
            "is_link" => Value::from(false),
            "active" => {
                let within = facts
                    .place
                    .is_some_and(|place| self.active.contains(&place));
                Value::from(current.is_some() || within)
            }
            // A page holds others where it stands for its section.
            "children" if !below().is_empty() => Value::from(self.items(below())),
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

    /// Attributes that pages, sections and links have alike.
    fn shared_attribute(self: &Arc<Self>, place: Option<usize>, key: &str) -> Option<Value> {
        let parent = self.parent(place);
        Some(match key {
            "parent" => parent.map_or(Value::from(()), |place| self.item(place)),
            "is_top_level" => Value::from(parent.is_none()),
            "ancestors" => {
                let above = place.map(|place| self.nav.ancestors(place));
                Value::from(self.items(&above.unwrap_or_default()))
            }
            _ => return None,
        })
    }

    fn parent(&self, place: Option<usize>) -> Option<usize> {
        self.nav.items.get(place?)?.parent
    }
}

/// A page in other languages, by the names of Material's `extra.alternate`.
/// `page` is the address of the page that they are seen from.
pub(super) fn alternates(all: &[Alternate], page: Option<&str>) -> Value {
    let value = |it: &Alternate| {
        let link = match page.filter(|_| it.link.starts_with("../")) {
            // The filter `url` makes the way to what lies below the site only.
            Some(page) => {
                let up = "../".repeat(page.matches('/').count());
                Value::from_object(Way(format!("{up}{}", it.link)))
            }
            None => Value::from(it.link.as_str()),
        };
        Value::from_pairs([
            ("name", Value::from(it.name.as_str())),
            ("link", link),
            ("lang", Value::from(it.code.as_str())),
            ("canonical", Value::from(it.canonical.clone())),
        ])
    };
    all.iter().map(value).collect()
}

/// Whether a page stands for its folder.
fn is_index(path: &str) -> bool {
    url::is_index(stem(path))
}

/// A file's name without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
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
                let home = nav.pages.iter().map(|place| view.item(*place));
                let own = view.links.home();
                let lies_there = |url: &Value| {
                    let url = url.as_str();
                    url.map(|url| url.trim_end_matches("index.html")) == own
                };
                let is_home = |page: &Value| match own {
                    None => page.get_attr("is_homepage").is_ok_and(|it| it.is_true()),
                    Some(_) => page.get_attr("url").is_ok_and(|url| lies_there(&url)),
                };
                let mut home = home.filter(is_home);
                Some(home.next().unwrap_or(Value::from(())))
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

    /// MkDocs' pages are equal where their files are.
    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Self>()?;
        let (a, b) = (&self.view, &other.view);
        Some(a.identity(self.node).cmp(&b.identity(other.node)))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.get_value(&Value::from("title")).unwrap_or_default();
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
        // The home page's address is empty, its file's is not.
        let file_url = match facts.url {
            "" => "./",
            url => url,
        };
        let output = || {
            let output = url::unquote(facts.url).unwrap_or_default().into_owned();
            let is_folder = output.is_empty() || output.ends_with('/');
            if is_folder {
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
                let own = self.get_value(&Value::from("url")).unwrap_or_default();
                let way = url::relative_as_written(&own.to_string(), &other.to_string());
                Ok(Value::from(way))
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
