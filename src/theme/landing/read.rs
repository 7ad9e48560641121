use serde_json::{Map, Value as Json};

use super::fields::{FIELDS, Field, Takes};
use crate::diagnostic::{Diagnostic, Near, Rule, Severity, Suggestions};
use crate::markdown::Destination;
use crate::yaml::{Node, Value};

/// A front page as its template sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Landing {
    /// The fields that are given, with Markdown as HTML and addresses relative to the
    /// page.
    pub fields: Map<String, Json>,
    /// The problems found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Markdown as HTML, with its problems.
pub type Rendered = (String, Vec<Diagnostic>);

/// What a front page needs of its site.
pub struct LandingAccess<'a> {
    /// Markdown on a line of the page as HTML, with its problems.
    pub markdown: &'a dyn Fn(&str, u32) -> Rendered,
    /// Where a link leads.
    pub destination: &'a dyn Fn(&str) -> Destination,
    /// The diagnostic for an icon that does not exist; `None` if it does.
    pub icon_fault: &'a dyn Fn(&str) -> Option<Diagnostic>,
    /// How severe it is if a link leads nowhere; `None` if it is no problem.
    pub dead_link: Option<Severity>,
}

/// Reads the fields of a front page from the front matter of its page.
pub fn read(front: &Node, access: &LandingAccess<'_>) -> Landing {
    let mut reader = Reader {
        access,
        suggestions: Suggestions::default(),
        diagnostics: Vec::new(),
    };
    reader.name_misspelled(front);
    let mut fields = reader.table(front, FIELDS);
    if let Some(code) = fields.get("code") {
        let code = fence(code);
        fields.insert("code".to_owned(), (access.markdown)(&code, 0).0.into());
    }
    Landing {
        fields,
        diagnostics: reader.diagnostics,
    }
}

/// Code as Markdown.
fn fence(code: &Json) -> String {
    let part = |name: &str| code.get(name).and_then(Json::as_str).unwrap_or_default();
    let text = part("text").trim_end_matches('\n');
    let longest = text.split(|char| char != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    let is_quoted = |char: char| char == '"' || char == '\n';
    let title = match part("title").replace(is_quoted, "'") {
        title if title.is_empty() => title,
        title => format!(" title=\"{title}\""),
    };
    let is_language = |char: &char| char.is_alphanumeric() || "+-_.#".contains(*char);
    let language: String = part("language").chars().take_while(is_language).collect();
    let language = match language.as_str() {
        "" => "text",
        language => language,
    };
    format!("{fence} {language}{title}\n{text}\n{fence}\n")
}

struct Reader<'a> {
    access: &'a LandingAccess<'a>,
    suggestions: Suggestions,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn warn(&mut self, rule: Rule, message: String, node: &Node, help: String) {
        let warning = Diagnostic::warning(rule, message).at(node.span());
        self.diagnostics.push(warning.help(help));
    }

    /// Other keys of front matter mean something else, but some are likely fields whose
    /// names are misspelled.
    fn name_misspelled(&mut self, front: &Node) {
        const OTHERS: [&str; 6] = ["author", "date", "hide", "icon", "tags", "title"];
        for (key, _) in front.entries().unwrap_or(&[]) {
            let name = key.key_text();
            let is_field = FIELDS.iter().any(|field| field.name == name);
            if is_field || OTHERS.contains(&name.as_str()) {
                continue;
            }
            let known = FIELDS.iter().map(|field| field.name);
            if let Some(near) = self.suggestions.suggest(&name, known) {
                let message = format!("`{name}` is not a field of a front page");
                let warning = Diagnostic::warning(Rule::UnknownKey, message).at(key.span());
                self.diagnostics.push(warning.did_you_mean(&name, &near));
            }
        }
    }

    /// The fields of a table that are given.
    fn table(&mut self, table: &Node, fields: &[Field]) -> Map<String, Json> {
        let mut found = Map::new();
        for field in fields {
            let given = table.get(field.name).filter(|node| !node.is_null());
            if let Some(value) = given.and_then(|node| self.value(node, field)) {
                found.insert(field.name.to_owned(), value);
            }
        }
        found
    }

    /// Names the keys of a table that are not fields.
    fn check_keys(&mut self, table: &Node, fields: &[Field], of: &str) {
        let names = || fields.iter().map(|field| field.name);
        for (key, _) in table.entries().unwrap_or(&[]) {
            let name = key.key_text();
            if names().any(|known| known == name) {
                continue;
            }
            let message = format!("`{name}` is not a field of `{of}`");
            let warning = Diagnostic::warning(Rule::UnknownKey, message).at(key.span());
            let warning = match self.suggestions.suggest(&name, names()) {
                Some(near) => warning.did_you_mean(&name, &near),
                None => warning.help(format!("it has {}", listed(names()))),
            };
            self.diagnostics.push(warning);
        }
    }

    fn value(&mut self, node: &Node, field: &Field) -> Option<Json> {
        match &field.takes {
            Takes::Table(fields) => self.table_or_text(node, field, fields),
            Takes::List(fields) => self.list(node, field, fields),
            takes => {
                let Some(text) = text(node) else {
                    self.wrong(node, field.name, "a text");
                    return None;
                };
                self.of_text(node, field.name, &text, takes)
            }
        }
    }

    fn of_text(&mut self, node: &Node, name: &str, text: &str, takes: &Takes) -> Option<Json> {
        match takes {
            Takes::Markdown => {
                let (html, faults) = (self.access.markdown)(text, node.span().line);
                self.diagnostics.extend(faults);
                Some(html.into())
            }
            Takes::Address => Some(self.address(node, text).into()),
            Takes::Icon => {
                let fault = (self.access.icon_fault)(text);
                let fault = fault.map(|fault| fault.at(node.span()));
                let exists = fault.is_none();
                self.diagnostics.extend(fault);
                exists.then(|| text.into())
            }
            Takes::Word(words) if !words.contains(&text) => {
                let message = format!("`{name}` is not one of its words: `{text}`");
                let words = listed(words.iter().copied());
                self.warn(
                    Rule::BadValue,
                    message,
                    node,
                    format!("it is one of {words}"),
                );
                None
            }
            _ => Some(text.into()),
        }
    }

    fn table_or_text(&mut self, node: &Node, field: &Field, fields: &[Field]) -> Option<Json> {
        if node.entries().is_some() {
            self.check_keys(node, fields, field.name);
            return Some(self.table(node, fields).into());
        }
        let first = fields.first()?;
        let Some(text) = text(node) else {
            self.wrong(node, field.name, "a table or a text");
            return None;
        };
        let value = self.of_text(node, field.name, &text, &first.takes)?;
        Some(Map::from_iter([(first.name.to_owned(), value)]).into())
    }

    fn list(&mut self, node: &Node, field: &Field, fields: &[Field]) -> Option<Json> {
        let Some(items) = node.items() else {
            self.wrong(node, field.name, "a list");
            return None;
        };
        let mut found: Vec<Json> = Vec::new();
        for item in items {
            if item.entries().is_none() {
                let names = listed(fields.iter().map(|field| field.name));
                let message = format!(
                    "an item of `{}` is {}, not a table",
                    field.name,
                    item.kind()
                );
                self.warn(Rule::BadValue, message, item, format!("it has {names}"));
                continue;
            }
            self.check_keys(item, fields, field.name);
            let values = self.table(item, fields);
            match fields.first() {
                Some(first) if !values.contains_key(first.name) => {
                    // A value that is wrong was named.
                    if item.get(first.name).is_none_or(Node::is_null) {
                        let message =
                            format!("an item of `{}` has no `{}`", field.name, first.name);
                        let help = format!("add `{}: ..`; the item is left out", first.name);
                        self.warn(Rule::BadValue, message, item, help);
                    }
                }
                _ => found.push(values.into()),
            }
        }
        Some(found.into())
    }

    fn wrong(&mut self, node: &Node, name: &str, expected: &str) {
        let message = format!("`{name}` takes {expected}, not {}", node.kind());
        let help = "correct it, or remove the field".to_owned();
        self.warn(Rule::BadValue, message, node, help);
    }

    /// The address to write for a link.
    fn address(&mut self, node: &Node, written: &str) -> String {
        let near = match (self.access.destination)(written) {
            Destination::Inside(address) | Destination::Excluded(address) => return address,
            Destination::Outside => return written.to_owned(),
            Destination::Missing(near) => near,
        };
        if let Some(severity) = self.access.dead_link {
            let fault = dead_link(written, near.as_ref(), severity);
            self.diagnostics.push(fault.at(node.span()));
        }
        written.to_owned()
    }
}

/// The diagnostic for a link that leads nowhere.
pub fn dead_link(written: &str, near: Option<&Near>, severity: Severity) -> Diagnostic {
    let path = crate::url::split(written).0;
    let mut fault = Diagnostic::warning(Rule::MissingPage, format!("`{path}` does not exist"));
    fault.severity = severity;
    match near {
        Some(near) => fault.did_you_mean(path, near),
        None => fault.help("it is relative to the page, as in links"),
    }
}

/// A value as text, if it is a plain one.
fn text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Mapping(_) | Value::Sequence(_) | Value::Null => None,
        Value::String(text) => Some(text.clone()),
        _ => crate::python::plain(&node.to_json()),
    }
}

/// Names in back quotes: `a`, `b` and `c`.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
