//! Writing XML.

use crate::html::Escape;

/// Elements of an XML document, one a line.
#[derive(Debug, Default)]
pub(super) struct Xml {
    written: String,
    depth: usize,
}

impl Xml {
    /// A document with a declaration.
    pub(super) fn begin(declaration: &str) -> Self {
        Self {
            written: format!("{declaration}\n"),
            depth: 0,
        }
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &str) {
        self.open_with(name, &[]);
    }

    /// Opens an element with attributes.
    pub(super) fn open_with(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.line(&format!("<{name}{}>", written(attributes)));
        self.depth += 1;
    }

    /// Closes the element that was opened last.
    pub(super) fn close(&mut self, name: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(&format!("</{name}>"));
    }

    /// An element with text in it.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.text_with(name, &[], text);
    }

    /// An element with attributes and text.
    pub(super) fn text_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        let attributes = written(attributes);
        self.line(&format!("<{name}{attributes}>{}</{name}>", escaped(text)));
    }

    /// An instruction for programs that read the document.
    pub(super) fn instruction(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.line(&format!("<?{name}{}?>", written(attributes)));
    }

    /// The same if there is a text.
    pub(super) fn text_of(&mut self, tag: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(tag, text);
        }
    }

    /// An element with attributes and nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.line(&format!("<{name}{} />", written(attributes)));
    }

    fn line(&mut self, line: &str) {
        let depth = self.depth;
        self.written.extend(std::iter::repeat_n("  ", depth));
        self.written.push_str(line);
        self.written.push('\n');
    }

    /// The document.
    pub(super) fn finish(self) -> String {
        self.written
    }
}

/// Attributes as they are written.
fn written(attributes: &[(&str, &str)]) -> String {
    let attributes = attributes.iter();
    attributes
        .map(|(name, value)| format!(" {name}=\"{}\"", escaped(value)))
        .collect()
}

/// A text as it is written in elements and attributes. Characters that XML cannot hold
/// are left out.
fn escaped(text: &str) -> String {
    let is_allowed = |it: char| matches!(it, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    if text.chars().all(is_allowed) {
        return Escape::MARKUPSAFE.apply(text);
    }
    let allowed: String = text.chars().filter(|it| is_allowed(*it)).collect();
    Escape::MARKUPSAFE.apply(&allowed)
}
