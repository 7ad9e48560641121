//! Captions and the attributes that number their figures.

use super::super::Parser;
use super::settings::{BlockSettings, CaptionPosition};
use super::{Header, add_class};
use crate::markdown::source::lines::Line;
use crate::markdown::tree::Id;

/// The attribute with a figure's kind, until it is numbered.
pub const KIND: &str = "__figure_type";
/// The attribute with the depth at which it counts.
pub const LEVEL: &str = "__figure_level";
/// The attribute with the number that was requested for it.
pub const NUMBER: &str = "__figure_num";
/// The attribute with a number that it has without being counted.
pub const FIXED: &str = "__figure_fixed";

impl<'a> Parser<'a, '_> {
    /// Adds a caption to the figure before it.
    pub(super) fn caption(
        &mut self,
        parent: Id,
        line: Line<'a>,
        header: &Header<'a>,
        settings: &BlockSettings,
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
        } else if !prefix.is_empty()
            && let Some(number) = fixed_number(place)
        {
            self.tree.set(figure, KIND, header.name.clone());
            self.tree.set(figure, FIXED, number);
        }
        let caption = self.tree.element("figcaption", line.source);
        let at = if place.prepend.unwrap_or(captions.prepend) {
            0
        } else {
            self.tree.children(figure).len()
        };
        self.tree.nodes[figure].children.insert(at, caption);
        self.parse(caption, inner);
        self.figure_attributes(figure, settings);
    }

    /// Gives a figure the attributes that its caption's argument and options
    /// ask for. Of two with the same name, that of the options wins, but classes
    /// are joined.
    fn figure_attributes(&mut self, figure: Id, settings: &BlockSettings) {
        let mut classes: Vec<&str> = Vec::new();
        for (name, value) in &settings.selector.1 {
            let option = settings.attributes.iter().find(|(other, _)| other == name);
            if name == "class" {
                classes.extend(value.split(' '));
                classes.extend(option.iter().flat_map(|(_, value)| value.split(' ')));
                classes.sort_unstable();
                classes.dedup();
            } else if option.is_none() {
                self.tree.set(figure, name.clone(), value.clone());
            }
        }
        for (name, value) in &settings.attributes {
            if name != "class" {
                self.tree.set(figure, name.clone(), value.clone());
            } else if classes.is_empty() {
                add_class(&mut self.tree, figure, value);
            }
        }
        add_class(&mut self.tree, figure, &classes.join(" "));
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

/// The number of a figure that is not counted: ones down to its level, or the
/// number that was requested.
fn fixed_number(place: &CaptionPosition) -> Option<String> {
    let level = place.level.as_ref().and_then(|level| level.parse().ok());
    match level {
        Some(level) => Some(vec!["1"; usize::min(level, 100) + 1].join(".")),
        None => place.number.clone(),
    }
}
