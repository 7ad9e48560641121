//! Tabs.

use super::block_lines::Rule;
use super::containers::parse_title;
use super::{Line, Parser, Queue, put_back};
use crate::markdown::tree::Id;

/// Parses `=== "Title"`: the flags after the mark, and the title.
fn header(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("===")?;
    let flags = ["+!", "!+", "+", "!"]
        .into_iter()
        .find(|flags| rest.starts_with(flags))
        .unwrap_or("");
    Some((flags, parse_title(&rest[flags.len()..])?))
}

impl<'a> Parser<'a, '_> {
    fn is_tab_set(&self, id: Id) -> bool {
        self.tree.tag(id) == "div" && self.tree.attribute(id, "class") == Some(self.tab_set_class())
    }

    /// Whether all labels of a set come before all contents.
    fn has_alternate_tabs(&self) -> bool {
        let style = self.options.tab_style();
        style.is_some_and(|tabbed| tabbed.alternate)
    }

    fn tab_set_class(&self) -> &'static str {
        if self.has_alternate_tabs() {
            "tabbed-set tabbed-alternate"
        } else {
            "tabbed-set"
        }
    }

    /// The element with the last tab's content.
    fn last_tab(&self, set: Id) -> Option<Id> {
        let last = self.tree.last_element(set)?;
        if self.has_alternate_tabs() {
            self.tree.last_element(last)
        } else {
            Some(last)
        }
    }

    pub(super) fn tabs(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if self.options.tabbed.is_none() {
            return false;
        }
        let header = |lines: &'a [Line<'a>], at: usize| header(lines[at].text);
        let found = queue
            .front_mut()
            .and_then(|block| block.find(Rule::Tab, header));
        let Some((at, (flags, title))) = found else {
            return self.continues_tab(parent, queue);
        };
        let Some((line, inner, rest)) = self.take_container(parent, queue, at) else {
            return false;
        };
        let sibling = self
            .tree
            .last_element(parent)
            .filter(|last| self.is_tab_set(*last) && !flags.contains('!'));
        let set = sibling.unwrap_or_else(|| self.new_tab_set(parent, line.source));
        let is_checked = sibling.is_none() || flags.contains('+');
        let content = self.new_tab(set, line.with(title), is_checked);
        self.parse(content, &inner);
        put_back(queue, rest);
        true
    }

    /// Adds a tab for `/// tab`. Returns its set, and the element for its
    /// content.
    pub(super) fn slash_tab(
        &mut self,
        parent: Id,
        title: super::Line<'a>,
        is_new: bool,
        is_selected: bool,
    ) -> (Id, Id) {
        let sibling = self
            .tree
            .last_element(parent)
            .filter(|last| !is_new && self.is_tab_set(*last));
        let set = sibling.unwrap_or_else(|| self.new_tab_set(parent, title.source));
        let content = self.new_tab(set, title, sibling.is_none() || is_selected);
        (set, content)
    }

    fn new_tab_set(&mut self, parent: Id, line: u32) -> Id {
        self.tab_groups += 1;
        let class = self.tab_set_class();
        let set = self.tree.append(parent, "div", line);
        self.tree.set(set, "class", class);
        self.tree
            .set(set, "data-tabs", format!("{}:0", self.tab_groups));
        if class != "tabbed-set" {
            for class in ["tabbed-labels", "tabbed-content"] {
                let part = self.tree.append(set, "div", line);
                self.tree.set(part, "class", class);
            }
        }
        set
    }

    fn new_tab(&mut self, set: Id, title: super::Line<'a>, is_checked: bool) -> Id {
        let (group, count) = self.tab_numbers(set);
        let count = count + 1;
        let id = format!("__tabbed_{group}_{count}");
        let has_slugs = self.options.tab_ids().is_some();
        let is_alternate = self.has_alternate_tabs();
        let tree = &mut self.tree;
        let input = tree.element("input", title.source);
        if is_checked && let Some(other) = self.selected.insert(set, input) {
            tree.unset(other, "checked");
        }
        tree.set(input, "name", format!("__tabbed_{group}"));
        tree.set(input, "type", "radio");
        let label = tree.element("label", title.source);
        if !has_slugs {
            tree.set(input, "id", id.clone());
            tree.set(label, "for", id);
        }
        if is_checked {
            tree.set(input, "checked", "checked");
        }
        tree.append_leaf(label, vec![title]);
        let content = tree.element("div", title.source);
        tree.set(set, "data-tabs", format!("{group}:{count}"));
        if is_alternate {
            // All inputs come before the two parts.
            if let [.., labels, contents] = tree.children(set)[..] {
                let at = tree.children(set).len() - 2;
                tree.nodes[set].children.insert(at, input);
                tree.nodes[labels].children.push(label);
                tree.nodes[contents].children.push(content);
            }
            tree.set(content, "class", "tabbed-block");
        } else {
            tree.nodes[set].children.extend([input, label, content]);
            tree.set(content, "class", "tabbed-content");
        }
        content
    }

    /// The number of a set, and how many tabs it has. A page may contain an
    /// element that only looks like a set.
    fn tab_numbers(&self, set: Id) -> (usize, usize) {
        let numbers = self.tree.attribute(set, "data-tabs");
        let numbers = numbers.and_then(|numbers| {
            let (group, count) = numbers.split_once(':')?;
            Some((group.parse().unwrap_or(0), count.parse().unwrap_or(0)))
        });
        numbers.unwrap_or((0, 0))
    }

    /// Parses a block that is indented below a tab into that, or into the list
    /// at its end.
    fn continues_tab(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let last = self.tree.last_element(parent);
        let Some(set) = last.filter(|last| self.is_tab_set(*last)) else {
            return false;
        };
        match self.last_tab(set) {
            Some(tab) => self.continue_container(tab, queue),
            None => false,
        }
    }
}
