//! Captions and the numbers of figures.

use super::super::Parser;
use super::settings::Settings;
use super::{Header, add_class};
use crate::markdown::source::lines::Line;
use crate::markdown::tree::Id;

/// What a figure remembers until it is numbered: its kind.
pub const KIND: &str = "__figure_type";
/// How deep it counts.
pub const LEVEL: &str = "__figure_level";
/// The number that was asked for.
pub const NUMBER: &str = "__figure_num";
/// The number that it has in any case.
pub const FIXED: &str = "__figure_fixed";

impl<'a> Parser<'a, '_> {
    pub(super) fn caption(
        &mut self,
        parent: Id,
        line: Line<'a>,
        header: &Header<'a>,
        settings: &Settings,
        (prefix, classes): (&str, &str),
        inner: &[Line<'a>],
    ) {
        let captions = self.options.captions;
        let figure = self.figure(parent, line);
        for class in classes.split_whitespace() {
            if !self.tree.has_class(figure, class) {
                add_class(&mut self.tree, figure, class);
            }
        }
        let place = &settings.caption;
        if captions.automatic {
            self.tree.set(figure, KIND, header.name.clone());
            for (name, value) in [(LEVEL, &place.level), (NUMBER, &place.number)] {
                if let Some(value) = value {
                    self.tree.set(figure, name, value.clone());
                }
            }
        } else if !prefix.is_empty() {
            let depth = place
                .level
                .as_ref()
                .and_then(|level| level.parse::<usize>().ok());
            let by_level = depth.map(|depth| vec!["1"; depth.min(100) + 1].join("."));
            if let Some(number) = by_level.or_else(|| place.number.clone()) {
                self.tree.set(figure, KIND, header.name.clone());
                self.tree.set(figure, FIXED, number);
            }
        }
        let caption = self.tree.element("figcaption", line.source);
        let at = if place.prepend.unwrap_or(captions.prepend) {
            0
        } else {
            self.tree.children(figure).len()
        };
        self.tree.nodes[figure].children.insert(at, caption);
        self.parse(caption, inner);
        // Of the argument's attributes those of the options win.
        let mut asked: Vec<&str> = Vec::new();
        for (name, value) in &settings.selector.1 {
            let own = settings.attributes.iter().find(|(own, _)| own == name);
            match (name.as_str(), own) {
                ("class", own) => {
                    asked.extend(value.split(' '));
                    asked.extend(own.iter().flat_map(|(_, own)| own.split(' ')));
                    asked.sort_unstable();
                    asked.dedup();
                }
                (_, Some(_)) => {}
                (name, None) => self.tree.set(figure, name.to_owned(), value.clone()),
            }
        }
        for (name, value) in &settings.attributes {
            match name.as_str() {
                "class" if asked.is_empty() => add_class(&mut self.tree, figure, value),
                "class" => {}
                name => self.tree.set(figure, name.to_owned(), value.clone()),
            }
        }
        add_class(&mut self.tree, figure, &asked.join(" "));
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
            self.tree.remove_last(parent, last);
        }
        let figure = self.tree.append(parent, "figure", line.source);
        self.tree.nodes[figure].children.extend(last);
        figure
    }
}
