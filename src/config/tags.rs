use super::Environment;
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::yaml::{Node, Value, resolve};

/// Tags that have a meaning in an `mkdocs.yml`.
const KNOWN: [&str; 2] = ["!ENV", "!relative"];

/// Python modules whose functions proofroom has an equal of. Source: what the
/// documentation of Material and PyMdown Extensions lets sites write.
const PYTHON: [&str; 9] = [
    "pymdownx.arithmatex.",
    "pymdownx.emoji.",
    "pymdownx.slugs.",
    "pymdownx.superfences.",
    "material.extensions.emoji.",
    "material.plugins.tags.",
    "materialx.emoji.",
    "zensical.extensions.emoji.",
    "markdown.extensions.toc.",
];

/// Replaces every tagged node, keys included, by what it stands for.
/// Names of Python objects stay names: nothing is ever executed.
pub(super) fn settle(node: Node, environment: &Environment, found: &mut Vec<Diagnostic>) -> Node {
    let mut tags = Tags {
        environment,
        suggestions: Suggestions::default(),
        found,
    };
    tags.settle(node)
}

/// The tags of one file.
struct Tags<'a> {
    environment: &'a Environment,
    suggestions: Suggestions,
    found: &'a mut Vec<Diagnostic>,
}

impl Tags<'_> {
    fn settle(&mut self, node: Node) -> Node {
        let Node { value, tag, place } = node;
        let tagged = Node::new(value, place);
        let place = tagged.place.clone();
        let value = match tag.as_deref() {
            Some("!ENV") => self.variable(tagged),
            Some("!relative") => {
                let text = tagged.as_str().unwrap_or_default();
                Value::String(format!("!relative {text}").trim_end().to_owned())
            }
            Some(tag) if tag.starts_with("!!python/") => self.python(tag, tagged),
            Some(tag) => {
                let message =
                    format!("the tag `{tag}` has no meaning here, its value is used as it stands");
                let diagnostic = Diagnostic::new(Rule::UnknownTag, message).at(place.span());
                self.found.push(match self.suggestions.suggest(tag, KNOWN) {
                    Some(near) => diagnostic.did_you_mean(tag, &near),
                    None => diagnostic.help("take the tag out, or put the value in quotes"),
                });
                self.untagged(tagged)
            }
            None => self.untagged(tagged),
        };
        Node::new(value, place)
    }

    /// What Python would import or call. What proofroom has for it goes by its
    /// name, arguments kept as its options; anything else is Python and not run.
    fn python(&mut self, tag: &str, node: Node) -> Value {
        let (kind, name) = tag.split_once(':').unwrap_or((tag, ""));
        // A name's value is empty, and a name may be written as the value.
        let name = match node.as_str() {
            Some(text) if name.is_empty() => text.to_owned(),
            _ => name.to_owned(),
        };
        if !PYTHON.iter().any(|known| name.starts_with(known)) {
            let message = format!("`{name}` is Python, which proofroom does not run");
            let diagnostic = Diagnostic::new(Rule::UnsupportedValue, message).at(node.place.span());
            self.found
                .push(diagnostic.help("the setting has no effect"));
        }
        let place = node.place.clone();
        let arguments = self.untagged(node);
        let called = kind.starts_with("!!python/object");
        match arguments {
            Value::Mapping(_) | Value::Sequence(_) if called => {
                let key = Node::new(Value::String(name), place.clone());
                Value::Mapping(vec![(key, Node::new(arguments, place))])
            }
            _ => Value::String(name),
        }
    }

    fn untagged(&mut self, node: Node) -> Value {
        match node.value {
            Value::Sequence(items) => {
                Value::Sequence(items.into_iter().map(|item| self.settle(item)).collect())
            }
            Value::Mapping(entries) => Value::Mapping(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let key = self.settle(key);
                        (key, self.settle(value))
                    })
                    .collect(),
            ),
            value => value,
        }
    }

    /// The rules of pyyaml_env_tag 1.1: the first variable that is set counts and
    /// is read like a plain scalar; the last of several items is the default.
    fn variable(&mut self, node: Node) -> Value {
        let (names, default) = match node.value {
            Value::Sequence(mut items) => {
                let default = if items.len() > 1 { items.pop() } else { None };
                (items, default)
            }
            Value::Mapping(_) => {
                let diagnostic = Diagnostic::new(
                    Rule::BadValue,
                    "`!ENV` takes a name or a list of names, and this is a mapping",
                );
                self.found.push(
                    diagnostic
                        .at(node.place.span())
                        .help("write `!ENV [NAME, \"default\"]`"),
                );
                return Value::Null;
            }
            value => (vec![Node::new(value, node.place)], None),
        };
        let set = names
            .iter()
            .find_map(|name| self.environment.get(&name.key_text()));
        match (set, default) {
            (Some(text), _) => resolve(text),
            (None, Some(default)) => self.settle(default).value,
            (None, None) => Value::Null,
        }
    }
}
