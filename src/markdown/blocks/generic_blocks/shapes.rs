//! The elements that generic blocks become.

use super::super::headings::{TAGS, hash_heading};
use super::super::{Parser, fancy};
use super::settings::BlockSettings;
use super::{Content, Header, add_class, titled};
use crate::markdown::options::{BlockType, GenericBlockKind};
use crate::markdown::preprocess::fences::restore;
use crate::markdown::source::lines::{Line, TAB, indent, join, trim_newlines};
use crate::markdown::tree::names::{SPAN, is_block_level};
use crate::markdown::tree::{Id, Kind};

impl<'a> Parser<'a, '_> {
    pub(super) fn slash_block(
        &mut self,
        parent: Id,
        line: Line<'a>,
        kind: &GenericBlockKind,
        header: &Header<'a>,
        settings: &BlockSettings,
        content: Content<'a, '_>,
    ) {
        let inner = content.lines;
        let has = |flag: &str| settings.flags.contains(&flag);
        let argument = header.argument.unwrap_or("");
        match kind {
            GenericBlockKind::Admonition(kind) => {
                let id = self.slash_admonition(parent, line, kind.as_ref(), header, settings);
                self.attributes(id, settings);
                self.parse(id, inner);
            }
            GenericBlockKind::Details(kind) => {
                let id = self.slash_details(parent, line, kind.as_ref(), header, settings);
                self.attributes(id, settings);
                self.parse(id, inner);
            }
            GenericBlockKind::Tab => {
                let (set, content) =
                    self.slash_tab(parent, line.with(argument), has("new"), has("select"));
                self.attributes(set, settings);
                self.parse(content, inner);
            }
            GenericBlockKind::Html => {
                let (tag, attributes) = &settings.selector;
                let tag: &'a str = self.texts.alloc(tag.clone());
                let id = self.tree.append(parent, tag, line.source);
                for (name, value) in attributes {
                    self.tree.set(id, name.clone(), value.clone());
                }
                self.attributes(id, settings);
                self.slash_html(id, tag, settings.mode.unwrap_or("auto"), content);
            }
            GenericBlockKind::Definition => {
                let list = self.tree.append(parent, "dl", line.source);
                self.attributes(list, settings);
                self.parse(list, inner);
                if content.is_ended {
                    self.define(list);
                }
            }
            GenericBlockKind::FancyList => self.slash_list(parent, line, argument, content),
            GenericBlockKind::Caption { prefix, classes } => {
                self.caption(parent, line, header, settings, (prefix, classes), inner);
            }
        }
    }

    fn slash_admonition(
        &mut self,
        parent: Id,
        line: Line<'a>,
        kind: Option<&BlockType>,
        header: &Header<'a>,
        settings: &BlockSettings,
    ) -> Id {
        let (class, default_title) = class_and_title(kind, settings);
        let id = self.tree.append(parent, "div", line.source);
        self.tree.set(id, "class", "admonition");
        if header.name != "admonition" || class != "admonition" {
            add_class(&mut self.tree, id, &class);
        }
        if let Some(title) = title_of(header, default_title) {
            let (tag, title) = self.split_heading(&title);
            let paragraph = self.container_title(id, tag.unwrap_or("p"), line, title);
            self.tree.set(paragraph, "class", "admonition-title");
        }
        id
    }

    fn slash_details(
        &mut self,
        parent: Id,
        line: Line<'a>,
        kind: Option<&BlockType>,
        header: &Header<'a>,
        settings: &BlockSettings,
    ) -> Id {
        let (class, default_title) = class_and_title(kind, settings);
        let id = self.tree.append(parent, "details", line.source);
        if settings.flags.contains(&"open") {
            self.tree.set(id, "open", "open");
        }
        add_class(&mut self.tree, id, &class);
        if let Some(title) = title_of(header, default_title) {
            let (tag, title) = self.split_heading(&title);
            if let Some(tag) = tag {
                let summary = self.tree.append(id, "summary", line.source);
                self.container_title(summary, tag, line, title);
            } else {
                self.container_title(id, "summary", line, title);
            }
        }
        id
    }

    /// Adds a list of the requested kind, which the first list in the content
    /// continues.
    fn slash_list(&mut self, parent: Id, line: Line<'a>, argument: &str, content: Content<'a, '_>) {
        let Some(options) = self.options.fancy_lists else {
            return;
        };
        let Some((kind, start)) = fancy::parse_argument(argument, &options) else {
            return;
        };
        let list = self.tree.append(parent, "ol", line.source);
        self.shape_list(list, kind.to_owned(), &options);
        if let Some(start) = start {
            self.tree.set(list, "start", start.to_string());
        }
        self.parse(parent, content.lines);
        if content.is_ended && self.tree.children(list).is_empty() {
            self.tree.remove_last(parent, list);
        }
    }

    /// Gives a block the attributes that its options ask for.
    pub(super) fn attributes(&mut self, id: Id, settings: &BlockSettings) {
        for (name, value) in &settings.attributes {
            match name.as_str() {
                "class" => add_class(&mut self.tree, id, value),
                name => self.tree.set(id, name.to_owned(), value.clone()),
            }
        }
    }

    /// The element and the text of a title, which may be written as a heading.
    fn split_heading(&self, title: &str) -> (Option<&'static str>, String) {
        let has_space = title.trim_start_matches('#').starts_with(' ');
        match hash_heading(title) {
            Some((level, text)) if has_space || !self.options.sane_headers => {
                (Some(TAGS[level - 1]), text.to_owned())
            }
            _ => (None, title.to_owned()),
        }
    }

    fn slash_html(&mut self, id: Id, tag: &str, mode: &str, content: Content<'a, '_>) {
        let inner = content.lines;
        let custom = self.options.generic_elements.get(tag).map(String::as_str);
        let mode = match mode {
            "auto" => custom.unwrap_or(mode),
            mode => mode,
        };
        let mode = match mode {
            "auto" => default_mode(tag),
            mode => mode,
        };
        if mode == "block" {
            return self.parse(id, inner);
        }
        let lines = restore(inner, self.stash);
        if mode == "inline" {
            let lines = trim_newlines(&lines);
            return self.tree.append_leaf(id, lines);
        }
        let filled = lines.iter().filter(|line| !line.is_blank());
        let width = filled.map(|line| indent(line.text).min(TAB)).min();
        let width = width.unwrap_or(0);
        let lines: Vec<Line> = trim_newlines(&lines)
            .iter()
            // A blank line may be shorter.
            .map(|line| line.with(line.text.get(width..).unwrap_or("")))
            .collect();
        let text = join(&lines);
        if mode == "html" {
            return self.tree.append_raw(id, text);
        }
        let mut expanded = String::with_capacity(text.len());
        self.stash.expand(&text, &mut expanded);
        self.tree.append_text(id, expanded);
    }

    /// Turns paragraphs and list items into terms and definitions.
    fn define(&mut self, list: Id) {
        let mut children = Vec::new();
        for child in self.tree.children(list).to_vec() {
            match self.tree.tag(child) {
                "ul" | "ol" => {
                    for item in self.tree.elements(child).collect::<Vec<_>>() {
                        self.rename(item, "dd");
                        children.push(item);
                    }
                }
                "p" => {
                    self.rename(child, "dt");
                    children.push(child);
                }
                "dt" | "dd" => children.push(child),
                _ if !self.tree.is_element(child) => children.push(child),
                _ => {
                    let term = self.tree.element("dt", self.tree.nodes[child].line);
                    self.tree.nodes[term].children.push(child);
                    children.push(term);
                }
            }
        }
        self.tree.nodes[list].children = children.into();
    }

    fn rename(&mut self, id: Id, name: &'a str) {
        if let Kind::Element { tag, .. } = &mut self.tree.nodes[id].kind {
            *tag = name;
        }
    }
}

/// How the content of an element is parsed by default.
fn default_mode(tag: &str) -> &'static str {
    const VERBATIM: [&str; 8] = [
        "canvas", "math", "option", "pre", "script", "style", "textarea", "code",
    ];
    let is_block = (is_block_level(tag) || tag == "html") && !SPAN.contains(&tag) && tag != "hr";
    if matches!(tag, "script" | "style") {
        "html"
    } else if VERBATIM.contains(&tag) {
        "raw"
    } else if is_block {
        "block"
    } else {
        "inline"
    }
}

/// The title of a block. An empty argument means that it has none.
fn title_of(header: &Header, default: Option<String>) -> Option<String> {
    match header.argument {
        Some("") => None,
        Some(title) => Some(title.to_owned()),
        None => default,
    }
}

/// The class and the default title of a type of block or, if it is of no such
/// type, of the option `type`.
fn class_and_title(kind: Option<&BlockType>, settings: &BlockSettings) -> (String, Option<String>) {
    match (kind, &settings.class) {
        (Some(kind), _) => {
            let title = kind.title.clone().unwrap_or_else(|| titled(&kind.class));
            (kind.class.clone(), Some(title))
        }
        (None, Some(class)) => (class.clone(), Some(titled(class))),
        (None, None) => (String::new(), None),
    }
}
