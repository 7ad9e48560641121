use super::Environment;
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::yaml::{Node, Value, resolve};

/// Tags that have a meaning in an `mkdocs.yml`.
const KNOWN: [&str; 2] = ["!ENV", "!relative"];

/// Python modules whose functions proofroom has an equivalent of. Source: the
/// functions in the documentation of Material and PyMdown Extensions.
const PYTHON: [&str; 10] = [
    "pymdownx.arithmatex.",
    "pymdownx.emoji.",
    "pymdownx.slugs.",
    "pymdownx.superfences.",
    "material.extensions.emoji.",
    "material.plugins.blog.",
    "material.plugins.tags.",
    "materialx.emoji.",
    "zensical.extensions.emoji.",
    "markdown.extensions.toc.",
];

/// Replaces every tagged node, keys included, by the value it stands for.
/// Names of Python objects stay names: nothing is ever executed.
pub(super) fn resolve_tags(
    node: Node,
    environment: &Environment,
    diagnostics: &mut Vec<Diagnostic>,
) -> Node {
    let mut resolver = Resolver {
        environment,
        suggestions: Suggestions::default(),
        diagnostics,
    };
    resolver.resolve_node(node)
}

/// Resolves the tags of one file.
struct Resolver<'a> {
    environment: &'a Environment,
    suggestions: Suggestions,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn resolve_node(&mut self, node: Node) -> Node {
        let Node { value, tag, place } = node;
        let untagged = Node::new(value, place);
        let place = untagged.place.clone();
        let value = match tag.as_deref() {
            Some("!ENV") => self.resolve_variable(untagged),
            Some("!relative") => Value::String(match untagged.as_str() {
                Some(path) if !path.trim().is_empty() => {
                    format!("!relative {}", path.trim_end())
                }
                _ => "!relative".to_owned(),
            }),
            Some(tag) if tag.starts_with("!!python/") => self.resolve_python(tag, untagged),
            Some(tag) => {
                let message =
                    format!("the tag `{tag}` has no meaning here, so its value is used as it is");
                let diagnostic = Diagnostic::new(Rule::UnknownTag, message).at(place.span());
                let near = self.suggestions.suggest(tag, KNOWN);
                self.diagnostics.push(match near {
                    Some(near) => diagnostic.did_you_mean(tag, &near),
                    None => diagnostic.help("remove the tag, or put the value in quotes"),
                });
                self.resolve_children(untagged)
            }
            None => self.resolve_children(untagged),
        };
        Node::new(value, place)
    }

    /// A Python object or call. It becomes its name, with the arguments of a
    /// call as its options. If proofroom has no equivalent, that is reported.
    fn resolve_python(&mut self, tag: &str, node: Node) -> Value {
        let (kind, name) = tag.split_once(':').unwrap_or((tag, ""));
        // The name may also be written as the value.
        let name = match node.as_str() {
            Some(text) if name.is_empty() => text.to_owned(),
            _ => name.to_owned(),
        };
        if !PYTHON.iter().any(|module| name.starts_with(module)) {
            let message = format!("`{name}` is Python, which proofroom does not run");
            let diagnostic = Diagnostic::new(Rule::UnsupportedValue, message).at(node.place.span());
            self.diagnostics
                .push(diagnostic.help("the setting has no effect"));
        }
        let place = node.place.clone();
        let arguments = self.resolve_children(node);
        let is_call = kind.starts_with("!!python/object");
        match arguments {
            Value::Mapping(_) | Value::Sequence(_) if is_call => {
                let key = Node::new(Value::String(name), place.clone());
                Value::Mapping(vec![(key, Node::new(arguments, place))])
            }
            _ => Value::String(name),
        }
    }

    fn resolve_children(&mut self, node: Node) -> Value {
        match node.value {
            Value::Sequence(items) => {
                let items = items.into_iter().map(|item| self.resolve_node(item));
                Value::Sequence(items.collect())
            }
            Value::Mapping(entries) => {
                let entries = entries.into_iter().map(|(key, value)| {
                    let key = self.resolve_node(key);
                    (key, self.resolve_node(value))
                });
                Value::Mapping(entries.collect())
            }
            value => value,
        }
    }

    /// Follows pyyaml_env_tag 1.1: the first variable that is set is used, and
    /// read like a plain scalar; the last of several items is the default.
    fn resolve_variable(&mut self, node: Node) -> Value {
        let (names, default) = match node.value {
            Value::Sequence(mut items) => {
                let default = if items.len() > 1 { items.pop() } else { None };
                (items, default)
            }
            Value::Mapping(_) => {
                let diagnostic = Diagnostic::new(
                    Rule::BadValue,
                    "`!ENV` takes a name or a list of names, not a mapping",
                );
                self.diagnostics.push(
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
            (None, Some(default)) => self.resolve_node(default).value,
            (None, None) => Value::Null,
        }
    }
}
