use super::stretch::Rule;
use super::{Line, Parser, Queue, put_back};
use crate::markdown::source::lines::{TAB, is_indented};
use crate::markdown::tree::Id;

/// `=== "Title"`: what stands between the marks and the title, and the title.
fn header(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("===")?;
    let marks = ["+!", "!+", "+", "!"]
        .into_iter()
        .find(|marks| rest.starts_with(marks))
        .unwrap_or("");
    let rest = &rest[marks.len()..];
    let quoted = rest
        .trim_start_matches(' ')
        .strip_prefix('"')
        .filter(|_| rest.starts_with(' '))?;
    let title = quoted.trim_end_matches(' ').strip_suffix('"')?;
    Some((marks, title))
}

impl<'a> Parser<'a, '_> {
    fn tab_set(&self, id: Id) -> bool {
        self.tree.tag(id) == "div" && self.tree.attribute(id, "class") == Some(self.tab_set_class())
    }

    fn tab_set_class(&self) -> &'static str {
        if self
            .options
            .tab_style()
            .is_some_and(|tabbed| tabbed.alternate)
        {
            "tabbed-set tabbed-alternate"
        } else {
            "tabbed-set"
        }
    }

    /// The element that holds the last tab's content.
    fn last_tab(&self, set: Id) -> Option<Id> {
        let last = self.tree.last_element(set)?;
        if self.options.tab_style()?.alternate {
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
        let Some((at, (marks, title))) = found else {
            return self.continues_tab(parent, queue);
        };
        let Some((line, inner, rest)) = self.take_container(parent, queue, at) else {
            return false;
        };
        let sibling = self
            .tree
            .last_element(parent)
            .filter(|last| self.tab_set(*last) && !marks.contains('!'));
        let set = sibling.unwrap_or_else(|| self.new_tab_set(parent, line.source));
        let is_checked = sibling.is_none() || marks.contains('+');
        let content = self.new_tab(set, line.with(title), is_checked);
        self.parse(content, &inner);
        put_back(queue, rest);
        true
    }

    /// A tab of `/// tab`: the set, and where its content goes.
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
            .filter(|last| !is_new && self.tab_set(*last));
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
        let numbers = self
            .tree
            .attribute(set, "data-tabs")
            .and_then(|numbers| numbers.split_once(':'));
        let (group, count) = numbers.map_or((0, 0), |(group, count)| {
            (group.parse().unwrap_or(0), count.parse().unwrap_or(0))
        });
        let (group, count): (usize, usize) = (group, count + 1);
        let id = format!("__tabbed_{group}_{count}");
        let has_slugs = self
            .options
            .tab_style()
            .is_some_and(|tabbed| tabbed.slugify.is_some());
        let is_alternate = self
            .options
            .tab_style()
            .is_some_and(|tabbed| tabbed.alternate);
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
            // All inputs stand before the two parts.
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

    /// Reads a block that is indented below a tab into it, or into the list
    /// it ends with.
    fn continues_tab(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let Some(first) = queue
            .front()
            .map(|block| block[0].text)
            .filter(|text| is_indented(text, TAB))
        else {
            return false;
        };
        let Some(set) = self
            .tree
            .last_element(parent)
            .filter(|last| self.tab_set(*last))
        else {
            return false;
        };
        let Some(tab) = self.last_tab(set) else {
            return false;
        };
        let Some((sibling, width)) = self.innermost(tab, first) else {
            return false;
        };
        self.read_into(sibling, width + TAB, queue);
        true
    }
}
