//! `/// name | argument`: pymdownx.blocks.

use serde_json::{Map, Value};

use super::super::html::{SPAN, is_block_level};
use super::super::lines::{Block, Line, TAB, indent, join, loose_detab};
use super::super::options::SlashKind;
use super::super::tree::{Id, Kind};
use super::containers::capitalized;
use super::{Parser, Queue, put_back};
use crate::files::SourcePath;
use crate::yaml;

/// A block's first line.
struct Header<'a> {
    slashes: usize,
    name: String,
    argument: Option<&'a str>,
}

/// How many slashes stand alone at the start of `line`, and what follows.
fn slashes(line: &str) -> Option<(usize, &str)> {
    let bare = line.trim_start_matches(' ');
    let rest = bare.trim_start_matches('/');
    let count = bare.len() - rest.len();
    (count >= 3 && line.len() - bare.len() < TAB).then(|| (count, rest.trim_matches(' ')))
}

fn header(line: &str) -> Option<Header<'_>> {
    let (slashes, rest) = slashes(line)?;
    let (name, argument) = match rest.split_once('|') {
        Some((name, argument)) => (name.trim_matches(' '), Some(argument.trim_matches(' '))),
        None => (rest, None),
    };
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|it| it.is_alphanumeric() || matches!(it, '-' | '_'));
    let argument = argument.filter(|argument| !argument.is_empty());
    is_name.then(|| Header {
        slashes,
        name: name.to_lowercase(),
        argument,
    })
}

fn is_end(line: &str) -> Option<usize> {
    slashes(line)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(count, _)| count)
}

impl<'a> Parser<'a, '_> {
    /// Opens or closes what `line` opens or closes, if it does; `open` holds
    /// the slashes of the blocks it lies in.
    fn count_slashes(&self, line: &Line, open: &mut Vec<usize>) {
        if let Some(count) = is_end(line.text) {
            if let Some(at) = open.iter().rposition(|slashes| *slashes == count) {
                open.truncate(at);
            }
        } else if let Some(header) =
            header(line.text).filter(|header| self.options.slashes.contains_key(&header.name))
        {
            open.push(header.slashes);
        }
    }

    /// Where a slash block is left open at the end of `block`, the blocks
    /// that follow it in its container, up to its end.
    pub(super) fn with_open_slashes(
        &self,
        mut block: Block<'a>,
        width: usize,
        queue: &mut Queue<'a>,
    ) -> Block<'a> {
        if self.options.slashes.is_empty() {
            return block;
        }
        let mut open = Vec::new();
        let mut counted = 0;
        loop {
            for line in &block[counted..] {
                self.count_slashes(line, &mut open);
            }
            counted = block.len();
            let fits = |next: &mut Block| next[0].text.is_empty() || next[0].is_indented(width);
            if open.is_empty() {
                return block;
            }
            let Some(next) = queue.pop_front_if(fits) else {
                return block;
            };
            block.push(Line {
                text: "",
                ..next[0]
            });
            block.extend(loose_detab(&next, width));
        }
    }

    pub(super) fn slashes(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if self.options.slashes.is_empty() {
            return false;
        }
        let options = self.options;
        let found = queue.front().and_then(|block| {
            let known = |line: &Line<'a>| {
                let header = header(line.text)?;
                Some((options.slashes.get(&header.name)?, header))
            };
            block
                .iter()
                .enumerate()
                .find_map(|(at, line)| Some((at, known(line)?)))
        });
        let Some((at, (kind, header))) = found else {
            return false;
        };
        let takes_argument = match kind {
            SlashKind::Tab | SlashKind::Html => Some(true),
            SlashKind::Definition => Some(false),
            _ => None,
        };
        if takes_argument.is_some_and(|takes| takes != header.argument.is_some()) {
            return false;
        }
        let Some(front) = queue.front().cloned() else {
            return false;
        };
        let (settings, used) = match settings(&front[at + 1..]) {
            Some(settings) => settings,
            None => return false,
        };
        queue.pop_front();
        if at > 0 {
            self.parse_block(parent, front[..at].to_vec());
        }
        put_back(queue, front[at + 1 + used..].to_vec());
        let inner = self.take_until_end(header.slashes, queue);
        if matches!(self.tree.tag(parent), "li" | "dd") {
            self.tree.wrap_leading_leaf(parent);
        }
        self.slash_block(parent, front[at], kind, &header, &settings, &inner);
        true
    }

    /// The lines up to the end of a block of so many slashes; all that is
    /// left where it has none.
    fn take_until_end(&self, slashes: usize, queue: &mut Queue<'a>) -> Block<'a> {
        let mut inner: Block<'a> = Vec::new();
        let mut open = vec![slashes];
        while let Some(block) = queue.pop_front() {
            if !inner.is_empty() {
                inner.push(Line {
                    text: "",
                    ..block[0]
                });
            }
            for (at, line) in block.iter().enumerate() {
                self.count_slashes(line, &mut open);
                if open.is_empty() {
                    put_back(queue, block[at + 1..].to_vec());
                    return inner;
                }
                inner.push(*line);
            }
        }
        inner
    }

    fn slash_block(
        &mut self,
        parent: Id,
        line: Line<'a>,
        kind: &SlashKind,
        header: &Header<'a>,
        settings: &Map<String, Value>,
        inner: &[Line<'a>],
    ) {
        let flag = |name: &str| settings.get(name).and_then(Value::as_bool).unwrap_or(false);
        let wished = settings
            .get("type")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let id = match kind {
            SlashKind::Admonition(class) => {
                let class = class.clone().or(wished);
                let id = self.tree.append(parent, "div", line.source);
                let classes = class.as_ref().filter(|class| *class != "admonition");
                self.tree.set(
                    id,
                    "class",
                    classes.map_or_else(
                        || "admonition".to_owned(),
                        |class| format!("admonition {class}"),
                    ),
                );
                let title = header
                    .argument
                    .map(str::to_owned)
                    .or_else(|| class.as_deref().map(titled));
                if let Some(title) = title {
                    let paragraph = self.container_title(id, "p", line, title);
                    self.tree.set(paragraph, "class", "admonition-title");
                }
                self.parse(id, inner);
                id
            }
            SlashKind::Details(class) => {
                let class = class.clone().or(wished);
                let id = self.tree.append(parent, "details", line.source);
                if flag("open") {
                    self.tree.set(id, "open", "open");
                }
                if let Some(class) = class.clone() {
                    self.tree.set(id, "class", class);
                }
                let title = header
                    .argument
                    .map(str::to_owned)
                    .or_else(|| class.as_deref().map(titled));
                if let Some(title) = title {
                    self.container_title(id, "summary", line, title);
                }
                self.parse(id, inner);
                id
            }
            SlashKind::Tab => {
                let title = line.with(header.argument.unwrap_or_default());
                let (set, content) = self.slash_tab(parent, title, flag("new"), flag("select"));
                self.parse(content, inner);
                set
            }
            SlashKind::Html => self.slash_html(
                parent,
                line,
                header.argument.unwrap_or_default(),
                settings,
                inner,
            ),
            SlashKind::Definition => {
                let list = self.tree.append(parent, "dl", line.source);
                self.parse(list, inner);
                self.define(list);
                list
            }
            SlashKind::Caption {
                prefix,
                classes,
                automatic,
                prepend,
            } => {
                let figure = self.figure(parent, line);
                if !classes.is_empty() && !self.tree.has_class(figure, classes) {
                    self.tree.add_class(figure, classes.clone());
                }
                let (prepend, selector) = match header.argument.unwrap_or_default() {
                    argument if argument.starts_with('<') => (true, &argument[1..]),
                    argument if argument.starts_with('>') => (false, &argument[1..]),
                    argument => (*prepend, argument),
                };
                let caption = self.tree.element("figcaption", line.source);
                let at = if prepend {
                    0
                } else {
                    self.tree.children(figure).len()
                };
                self.tree.nodes[figure].children.insert(at, caption);
                self.parse(caption, inner);
                self.select(figure, selector.trim());
                if *automatic {
                    self.number_figure(figure, caption, &header.name, prefix);
                }
                figure
            }
        };
        if let Some(attributes) = settings.get("attrs").and_then(Value::as_object) {
            for (name, value) in attributes {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                match name.as_str() {
                    "class" => value
                        .split(' ')
                        .filter(|class| !class.is_empty())
                        .for_each(|class| self.tree.add_class(id, class.to_owned())),
                    name => self.tree.set(id, name.to_owned(), value),
                }
            }
        }
    }

    /// The figure that a caption belongs to.
    fn figure(&mut self, parent: Id, line: Line<'a>) -> Id {
        let last = self.tree.last_element(parent);
        let is_bare = |figure: Id| {
            self.tree.tag(figure) == "figure"
                && !self
                    .tree
                    .elements(figure)
                    .any(|child| self.tree.tag(child) == "figcaption")
        };
        if let Some(figure) = last.filter(|last| is_bare(*last)) {
            return figure;
        }
        if let Some(last) = last {
            self.tree.nodes[parent]
                .children
                .retain(|child| *child != last);
        }
        let figure = self.tree.append(parent, "figure", line.source);
        self.tree.nodes[figure].children.extend(last);
        figure
    }

    fn number_figure(&mut self, figure: Id, caption: Id, name: &str, prefix: &str) {
        if prefix.is_empty() {
            return;
        }
        let count = self.figures.entry(name.to_owned()).or_default();
        *count += 1;
        let number = count.to_string();
        if self.tree.attribute(figure, "id").is_none() {
            self.tree.set(figure, "id", format!("__{name}_{number}"));
        }
        let span = self.tree.element("span", 0);
        self.tree.set(span, "class", "caption-prefix");
        self.tree.append_text(span, prefix.replace("{}", &number));
        let first = self
            .tree
            .elements(caption)
            .next()
            .filter(|first| self.tree.tag(*first) == "p");
        let paragraph = first.unwrap_or_else(|| {
            let paragraph = self.tree.element("p", 0);
            self.tree.nodes[caption].children.insert(0, paragraph);
            paragraph
        });
        let space = self.tree.node(Kind::Text(" ".into()), 0);
        self.tree.nodes[paragraph]
            .children
            .splice(0..0, [span, space]);
    }

    fn slash_html(
        &mut self,
        parent: Id,
        line: Line<'a>,
        selector: &'a str,
        settings: &Map<String, Value>,
        inner: &[Line<'a>],
    ) -> Id {
        let end = selector.find(['.', '#', '[']).unwrap_or(selector.len());
        let tag: &'a str = self.texts.alloc(selector[..end].trim().to_lowercase());
        let id = self.tree.append(parent, tag, line.source);
        self.select(id, &selector[end..]);
        const VERBATIM: [&str; 8] = [
            "canvas", "math", "option", "pre", "script", "style", "textarea", "code",
        ];
        let mode = settings
            .get("markdown")
            .and_then(Value::as_str)
            .unwrap_or("auto");
        let mode = match mode {
            "auto" if VERBATIM.contains(&tag) => "raw",
            "auto" if is_block_level(tag) && !SPAN.contains(&tag) => "block",
            "auto" => "inline",
            mode => mode,
        };
        match mode {
            "block" => self.parse(id, inner),
            "inline" => self
                .tree
                .append_leaf(id, super::super::lines::trim_newlines(inner)),
            mode => {
                let text = join(&super::super::fences::restore(inner, self.stash));
                let text = text.trim_matches('\n');
                match mode == "html" || matches!(tag, "script" | "style") {
                    true => self.tree.append_raw(id, text.to_owned()),
                    false => self.tree.append_text(id, text.to_owned()),
                }
            }
        }
        id
    }

    /// Gives an element what a selector like `.a#b[c=d]` says.
    fn select(&mut self, id: Id, selector: &str) {
        let mut rest = selector;
        while let Some(mark) = rest.chars().next() {
            rest = &rest[mark.len_utf8()..];
            if mark == '[' {
                let (inside, behind) = rest.split_once(']').unwrap_or((rest, ""));
                for (name, value) in super::super::attributes::parse(inside).0 {
                    let value = value.unwrap_or(name).to_owned();
                    self.tree.set(id, name.to_lowercase(), value);
                }
                rest = behind;
                continue;
            }
            let (name, behind) = rest.split_at(rest.find(['.', '#', '[']).unwrap_or(rest.len()));
            match mark {
                '.' => self.tree.add_class(id, name.trim().to_owned()),
                '#' => self.tree.set(id, "id", name.trim().to_owned()),
                _ => {}
            }
            rest = behind;
        }
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
                "dt" | "dd" | "" => children.push(child),
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

/// The indented YAML below a header, and how many lines it has.
fn settings(lines: &[Line]) -> Option<(Map<String, Value>, usize)> {
    let is_setting = |line: &Line| indent(line.text) >= TAB && !line.is_blank();
    let used = lines.iter().take_while(|line| is_setting(line)).count();
    if used == 0 {
        return Some((Map::new(), 0));
    }
    let width = lines[..used]
        .iter()
        .map(|line| indent(line.text))
        .min()
        .unwrap_or_default();
    let text: Vec<&str> = lines[..used]
        .iter()
        .map(|line| &line.text[width..])
        .collect();
    let parsed = yaml::parse(&SourcePath::root(), &text.join("\n")).ok()?;
    parsed.node.entries()?;
    Some((parsed.node.to_map(), used))
}

/// `some-type` as `Some Type`.
fn titled(class: &str) -> String {
    let words = class.split(['-', '_']).filter(|word| !word.is_empty());
    let capital = |word: &str| capitalized(&word.to_lowercase());
    words.map(capital).collect::<Vec<_>>().join(" ")
}
