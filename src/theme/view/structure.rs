//! The pages, sections and links of a [`View`] as MkDocs' classes.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};

use super::{Node, View, is_index, parts, stem};
use crate::expect::ExpectOrDefault as _;
use crate::nav::Target;
use crate::url;

/// A page, section or link: MkDocs' `StructureItem`.
pub(super) struct ItemValue {
    pub(super) view: Arc<View>,
    pub(super) node: Node,
}

/// MkDocs' `Navigation`.
#[derive(Debug)]
pub(in crate::theme) struct NavValue(pub(super) Arc<View>);

/// MkDocs' `File` of a page.
pub(super) struct FileValue {
    pub(super) view: Arc<View>,
    pub(super) node: Node,
}

impl fmt::Debug for ItemValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view.note_read(self.node);
        f.debug_tuple("ItemValue").field(&self.node).finish()
    }
}

impl fmt::Debug for FileValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view.note_read(self.node);
        f.debug_tuple("FileValue").field(&self.node).finish()
    }
}

/// All items in a section, or on the top level.
#[derive(Debug)]
pub(super) struct Items {
    pub(super) view: Arc<View>,
    pub(super) section: Option<usize>,
}

impl Object for Items {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.view.places_in(self.section).len())
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let places = self.view.places_in(self.section);
        Some(self.view.item(*places.get(key.as_usize()?)?))
    }
}

/// Items that are not known. That there are some is known.
#[derive(Debug)]
pub(super) struct UnknownItems(pub(super) Arc<View>);

impl Object for UnknownItems {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.0.unknown();
        Enumerator::Empty
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }
}

impl Object for NavValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let roots = self.0.children(None).try_iter();
        Enumerator::Values(roots.map_or_else(|_| Vec::new(), Iterator::collect))
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let view = &self.0;
        match key {
            "items" => Some(view.children(None)),
            "pages" if !view.nav.is_whole => Some(view.unknown()),
            "pages" => Some(Value::from(view.items(&view.nav.pages))),
            "homepage" => Some(match view.nav.home {
                Some(home) => view.item(home),
                None => Value::from(()),
            }),
            "proofroom" => Some(parts::value(view, None)),
            _ => None,
        }
    }
}

impl Object for ItemValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let view = &self.view;
        view.note_read(self.node);
        if let Some(facts) = view.facts(self.node) {
            return view.page_attribute(self.node, &facts, key);
        }
        let Node::Item(place) = self.node else {
            return None;
        };
        let item = view.nav.items.get(place)?;
        let label = &item.label;
        let is_section = label.target == Target::Section;
        Some(match (key, &label.target) {
            ("title", _) => Value::from(label.title.as_str()),
            ("url", Target::Link(url)) => Value::from(url.as_str()),
            ("children", Target::Section) if label.group.is_none() => {
                Value::from(Vec::<Value>::new())
            }
            ("is_page", _) => Value::from(false),
            ("is_section", _) => Value::from(is_section),
            ("is_link", _) => Value::from(!is_section),
            ("active", _) => Value::from(view.active.contains(&place)),
            _ => return view.shared_attribute(Some(place), key),
        })
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Self>()?;
        Some(self.view.compare(self.node, other.node))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.get_value_by_str("title");
        let title = title.expect_or_default("every item has a title");
        match (self.view.facts(self.node), self.node) {
            (Some(facts), _) => {
                let url = self.view.links.absolute(facts.url);
                let url = url.as_deref().unwrap_or(facts.url);
                write!(f, "Page(title='{title}', url='{url}')")
            }
            (None, Node::Item(place)) => match &self.view.nav.items[place].label.target {
                Target::Link(url) => write!(f, "Link(title='{title}', url='{url}')"),
                Target::Section | Target::Page(_) => write!(f, "Section(title='{title}')"),
            },
            (None, Node::Listed(_) | Node::Current | Node::IndexOf(_) | Node::Related(_)) => Ok(()),
        }
    }
}

impl Object for FileValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.view.note_read(self.node);
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
        Some(self.view.compare(self.node, other.node))
    }
}
