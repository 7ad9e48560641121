//! What differs among pages that share outputs of macros, noted as it is read.

use std::cmp::Ordering;

use minijinja::value::Value;

use super::structure::ItemValue;
use super::{Node, View};
use crate::theme::addresses::normalise;
use crate::theme::reads::Reads;
use crate::url;

impl View {
    /// Whether this is the page being rendered.
    pub(super) fn is_current(&self, node: Node) -> bool {
        match (&self.current, self.facts(node)) {
            (Some(page), Some(facts)) => page.source == *facts.source,
            _ => false,
        }
    }

    /// Notes that something was read of a page, section or link.
    pub(super) fn note_read(&self, node: Node) {
        if !self.recorder.is_on() {
            return;
        }
        match node {
            Node::Item(place)
                if self.nav.is_in_list(place)
                    && !self.active.contains(&place)
                    && !self.is_current(node) =>
            {
                self.recorder.note_item(place);
            }
            _ => self.recorder.note_own(),
        }
    }

    /// Compares pages, sections and links. In MkDocs, pages are equal if their files
    /// are. The page being rendered comes after all others, so that the order of others
    /// and it does not depend on which page it is.
    pub(super) fn compare(&self, a: Node, b: Node) -> Ordering {
        let is_current = (self.is_current(a), self.is_current(b));
        if !is_current.0 || is_current.1 {
            self.note_read(a);
        }
        if !is_current.1 || is_current.0 {
            self.note_read(b);
        }
        match is_current {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => self.identity(a).cmp(&self.identity(b)),
        }
    }

    /// An address in a template, relative to the page being rendered, if `page` is that
    /// page.
    pub(in crate::theme) fn link_from(page: &Value, address: &str) -> Option<String> {
        let ItemValue { view, node } = page.downcast_object_ref()?;
        let current = view.current.as_ref()?;
        if !view.is_current(*node) || view.facts(*node)?.url != current.url {
            return None;
        }
        let address = view.first_page_of(address);
        view.note_link(address);
        Some(normalise(address, Some(&current.url), ""))
    }

    /// Notes that an address was made relative to the page being rendered. All pages in
    /// the folder of its folder link it in the same way, except those that it leads to or
    /// below.
    fn note_link(&self, address: &str) {
        let Some((own, above)) = self.folder.split_last() else {
            return;
        };
        if !self.recorder.is_on() {
            return;
        }
        let address = address.replace('\\', "/");
        let parts = url::parts_as_written(&address);
        if let Some(name) = parts.get(above.len())
            && above.iter().zip(&parts).all(|(a, b)| a == b)
        {
            if name == own {
                self.recorder.note_own();
            } else {
                self.recorder.note_neighbour(name);
            }
        }
    }

    /// Whether something that has read this would read the same on this page, if it was
    /// recorded on a page with the same [`View::folder_above`].
    pub(in crate::theme) fn reads_alike(&self, reads: &Reads) -> bool {
        let around = self.active.iter().chain(&self.repeated);
        let mut around = around.chain(&self.host);
        let is_linked = |own: &String| reads.has_neighbour(own);
        !around.any(|place| reads.has_item(*place)) && !self.folder.last().is_some_and(is_linked)
    }

    /// How many items the nav has.
    pub(in crate::theme) fn nav_length(&self) -> usize {
        self.nav.items.len()
    }

    /// The folder that holds the folder from which links start, as parts; `None` for
    /// pages whose links start from the root.
    pub(in crate::theme) fn folder_above(&self) -> Option<&[String]> {
        Some(self.folder.split_last()?.1)
    }

    /// The index of an item of the nav, if a value is one other than the page being
    /// rendered, and has the same index for all pages that share outputs.
    pub(in crate::theme) fn other_item(value: &Value) -> Option<usize> {
        let item = value.downcast_object_ref::<ItemValue>()?;
        match item.node {
            Node::Item(place)
                if item.view.nav.is_in_list(place) && !item.view.is_current(item.node) =>
            {
                Some(place)
            }
            _ => None,
        }
    }

    /// Whether a value is the page being rendered.
    pub(in crate::theme) fn is_page(value: &Value) -> bool {
        let item = value.downcast_object_ref::<ItemValue>();
        item.is_some_and(|item: &ItemValue| item.view.is_current(item.node))
    }
}
