//! What blocks become.

use super::super::headings::{TAGS, hash_heading};
use super::super::{Parser, fancy};
use super::settings::Settings;
use super::{Content, Header, add_class, titled};
use crate::markdown::options::{BlockType, SlashKind};
use crate::markdown::preprocess::fences::restore;
use crate::markdown::source::lines::{Line, TAB, indent, join, trim_newlines};
use crate::markdown::tree::names::{SPAN, is_block_level};
use crate::markdown::tree::{Id, Kind};

impl<'a> Parser<'a, '_> {
    pub(super) fn slash_block(
        &mut self,
        parent: Id,
        line: Line<'a>,
        kind: &SlashKind,
        header: &Header<'a>,
        settings: &Settings,
        content: Content<'a, '_>,
    ) {
        let inner = content.lines;
        let has = |flag: &str| settings.flags.contains(&flag);
        let argument = header.argument.unwrap_or_default();
        match kind {
            SlashKind::Admonition(kind) => {
                let (class, title) = named(kind.as_ref(), settings);
                let id = self.tree.append(parent, "div", line.source);
                self.tree.set(id, "class", "admonition");
                if header.name != "admonition" || class != "admonition" {
                    add_class(&mut self.tree, id, &class);
                }
                if let Some(title) = header.argument.map(str::to_owned).or(title)
                    && !(title.is_empty() && header.argument.is_some())
                {
                    let (tag, title) = self.heading_in(&title);
                    let paragraph = self.container_title(id, tag.unwrap_or("p"), line, title);
                    self.tree.set(paragraph, "class", "admonition-title");
                }
                self.attributes(id, settings);
                self.parse(id, inner);
            }
            SlashKind::Details(kind) => {
                let (class, title) = named(kind.as_ref(), settings);
                let id = self.tree.append(parent, "details", line.source);
                if has("open") {
                    self.tree.set(id, "open", "open");
                }
                add_class(&mut self.tree, id, &class);
                if let Some(title) = header.argument.map(str::to_owned).or(title)
                    && !(title.is_empty() && header.argument.is_some())
                {
                    let (tag, title) = self.heading_in(&title);
                    match tag {
                        None => {
                            self.container_title(id, "summary", line, title);
                        }
                        Some(tag) => {
                            let summary = self.tree.append(id, "summary", line.source);
                            self.container_title(summary, tag, line, title);
                        }
                    }
                }
                self.attributes(id, settings);
                self.parse(id, inner);
            }
            SlashKind::Tab => {
                let (set, content) =
                    self.slash_tab(parent, line.with(argument), has("new"), has("select"));
                self.attributes(set, settings);
                self.parse(content, inner);
            }
            SlashKind::Html => {
                let (tag, attributes) = &settings.selector;
                let tag: &'a str = self.texts.alloc(tag.clone());
                let id = self.tree.append(parent, tag, line.source);
                for (name, value) in attributes {
                    self.tree.set(id, name.clone(), value.clone());
                }
                self.attributes(id, settings);
                self.slash_html(id, tag, settings.mode.unwrap_or("auto"), content);
            }
            SlashKind::Definition => {
                let list = self.tree.append(parent, "dl", line.source);
                self.attributes(list, settings);
                self.parse(list, inner);
                if content.is_ended {
                    self.define(list);
                }
            }
            SlashKind::FancyList => {
                let wish = self
                    .options
                    .fancy_lists
                    .and_then(|options| Some((options, fancy::wish(argument, &options)?)));
                let Some((options, (kind, start))) = wish else {
                    return;
                };
                let list = self.tree.append(parent, "ol", line.source);
                self.shape_list(list, kind.to_owned(), &options);
                if let Some(start) = start {
                    self.tree.set(list, "start", start.to_string());
                }
                self.parse(parent, inner);
                if content.is_ended && self.tree.children(list).is_empty() {
                    self.tree.remove_last(parent, list);
                }
            }
            SlashKind::Caption { prefix, classes } => {
                self.caption(parent, line, header, settings, (prefix, classes), inner);
            }
        }
    }

    /// Gives a block the attributes that its options ask for.
    pub(super) fn attributes(&mut self, id: Id, settings: &Settings) {
        for (name, value) in &settings.attributes {
            match name.as_str() {
                "class" => add_class(&mut self.tree, id, value),
                name => self.tree.set(id, name.to_owned(), value.clone()),
            }
        }
    }

    /// A title that is written as a heading is one.
    fn heading_in(&self, title: &str) -> (Option<&'static str>, String) {
        let is_sane = self.options.sane_headers;
        let is_apart = title.trim_start_matches('#').starts_with(' ');
        match hash_heading(title).filter(|_| !is_sane || is_apart) {
            Some((level, text)) => (Some(TAGS[level - 1]), text.to_owned()),
            None => (None, title.to_owned()),
        }
    }

    fn slash_html(&mut self, id: Id, tag: &str, mode: &str, content: Content<'a, '_>) {
        let inner = content.lines;
        const VERBATIM: [&str; 8] = [
            "canvas", "math", "option", "pre", "script", "style", "textarea", "code",
        ];
        let custom = self.options.slash_elements.get(tag).map(String::as_str);
        let mode = match mode {
            "auto" => custom.unwrap_or(mode),
            mode => mode,
        };
        let is_block =
            (is_block_level(tag) || tag == "html") && !SPAN.contains(&tag) && tag != "hr";
        let mode = match mode {
            "auto" if matches!(tag, "script" | "style") => "html",
            "auto" if VERBATIM.contains(&tag) => "raw",
            "auto" if is_block => "block",
            "auto" => "inline",
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
        let widths = lines.iter().filter(|line| !line.is_blank());
        let width = widths.map(|line| indent(line.text)).min();
        let width = width.unwrap_or_default().min(TAB);
        let lines: Vec<Line> = trim_newlines(&lines)
            .iter()
            .map(|line| line.with(line.text.get(width..).unwrap_or_default()))
            .collect();
        let text = join(&lines);
        if mode == "html" {
            return self.tree.append_raw(id, text);
        }
        let mut whole = String::with_capacity(text.len());
        self.stash.expand(&text, &mut whole);
        self.tree.append_text(id, whole);
    }

    /// Makes terms and definitions of paragraphs and list items.
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
        self.tree.nodes[list].children = children;
    }

    fn rename(&mut self, id: Id, name: &'a str) {
        if let Kind::Element { tag, .. } = &mut self.tree.nodes[id].kind {
            *tag = name;
        }
    }
}

/// The class and the title of a kind of block, or of the option `type`.
fn named(kind: Option<&BlockType>, settings: &Settings) -> (String, Option<String>) {
    match kind {
        Some(kind) => {
            let title = kind.title.clone().unwrap_or_else(|| titled(&kind.class));
            (kind.class.clone(), Some(title))
        }
        None => {
            let class = settings.class.clone().unwrap_or_default();
            let title = settings.class.as_deref().map(titled);
            (class, title)
        }
    }
}
