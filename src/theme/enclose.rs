//! What a template includes inside a macro sees the variables of the template
//! that declares the macro, in Jinja2. MiniJinja's macros keep those variables
//! only that they name themselves. So a macro that includes templates is made
//! to name what those need, in a branch that is never taken:
//!
//! ```text
//! {% macro item(x) %}{% include "part.html" %}{% if false %}{{ lang }}{% endif %}{% endmacro %}
//! ```
//!
//! A template whose name is put together at run time is not looked into.

use std::collections::BTreeSet;

use minijinja::Environment;

/// How deep templates are followed that include each other.
const DEEPEST: usize = 16;

/// Names that a macro must not name: they have a meaning of their own in it.
const NOT_VARIABLES: [&str; 4] = ["caller", "loop", "self", "super"];

/// A template with what was put into it.
pub(super) struct Enclosed {
    /// The text to compile.
    pub(super) text: String,
    /// Where something was put in, by the place in `text`, and how much.
    insertions: Vec<(usize, usize)>,
}

impl Enclosed {
    /// A place of the compiled text in the text as written.
    pub(super) fn written(&self, place: usize) -> usize {
        let before = self.insertions.iter().filter(|(at, _)| *at < place);
        let added: usize = before.map(|(at, length)| (*length).min(place - at)).sum();
        place - added
    }
}

/// A template made ready for compiling; `find` gives the text of others.
pub(super) fn enclose(text: &str, find: &dyn Fn(&str) -> Option<String>) -> Enclosed {
    let mut enclosed = Enclosed {
        text: String::with_capacity(text.len()),
        insertions: Vec::new(),
    };
    let mut copied = 0;
    // The macros round the current place, each with the templates in it.
    let mut open: Vec<BTreeSet<String>> = Vec::new();
    for tag in tags(text) {
        match tag.word {
            "macro" | "call" => open.push(BTreeSet::new()),
            "include" | "import" | "from" => {
                if let (Some(innermost), Some(name)) = (open.last_mut(), literal(tag.rest)) {
                    innermost.insert(name.to_owned());
                }
            }
            "endmacro" | "endcall" => {
                let Some(included) = open.pop() else { continue };
                let names = needed(included, find);
                if names.is_empty() {
                    continue;
                }
                enclosed.text.push_str(&text[copied..tag.start]);
                copied = tag.start;
                let uses: String = names.iter().map(|name| format!("{{{{{name}}}}}")).collect();
                // A sign that trims before the end of the macro still trims
                // what stands before it.
                let trim = if tag.trims { "-" } else { "" };
                let named = format!("{{%{trim} if false %}}{uses}{{% endif %}}");
                enclosed
                    .insertions
                    .push((enclosed.text.len(), named.len()));
                enclosed.text.push_str(&named);
            }
            _ => {}
        }
    }
    enclosed.text.push_str(&text[copied..]);
    enclosed
}

/// The variables that templates need from outside, those of the templates
/// that they include themselves too.
fn needed(mut templates: BTreeSet<String>, find: &dyn Fn(&str) -> Option<String>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for _ in 0..DEEPEST {
        let Some(name) = templates.iter().find(|name| !seen.contains(*name)).cloned() else {
            break;
        };
        seen.insert(name.clone());
        let Some(text) = find(&name) else { continue };
        let environment = Environment::new();
        if let Ok(template) = environment.template_from_str(&text) {
            names.extend(template.undeclared_variables(false));
        }
        let further = tags(&text).filter(|tag| ["include", "import", "from"].contains(&tag.word));
        templates.extend(further.filter_map(|tag| Some(literal(tag.rest)?.to_owned())));
    }
    names.retain(|name| !NOT_VARIABLES.contains(&name.as_str()));
    names
}

/// The text in quotes that alone names a template: `"a.html" ignore missing`.
fn literal(rest: &str) -> Option<&str> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, behind) = rest[1..].split_once(quote)?;
    (!behind.trim_start().starts_with(['~', '+', '|', '.', '%'])).then_some(name)
}

/// A tag `{% word rest %}`.
struct Tag<'a> {
    /// Where its `{%` stands.
    start: usize,
    /// Whether it takes away the white space before it.
    trims: bool,
    word: &'a str,
    rest: &'a str,
}

/// The tags of a template, those in comments and raw text left out.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    let mut raw = false;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('{')?;
            let opening = text[start..].chars().nth(1);
            match opening {
                Some('#') if !raw => at = start + 2 + text[start + 2..].find("#}")? + 2,
                Some('{') if !raw => at = end(text, start + 2, "}}")?,
                Some('%') => {
                    let inside = start + 2;
                    let stop = if raw {
                        inside + text[inside..].find("%}")? + 2
                    } else {
                        end(text, inside, "%}")?
                    };
                    let inner = text[inside..stop - 2].trim_end_matches(['-', '+']);
                    let trims = inner.starts_with('-');
                    let inner = inner.trim_start_matches(['-', '+']).trim();
                    let split = inner.find(|c: char| !c.is_alphanumeric() && c != '_');
                    let (word, rest) = inner.split_at(split.unwrap_or(inner.len()));
                    at = if raw && word != "endraw" { inside } else { stop };
                    raw = match word {
                        "raw" => true,
                        "endraw" => false,
                        _ => raw,
                    };
                    if !raw {
                        return Some(Tag {
                            start,
                            trims,
                            word,
                            rest: rest.trim(),
                        });
                    }
                }
                _ => at = start + 1,
            }
        }
    })
}

/// Where a tag ends, its closing mark included; marks in quotes are text.
fn end(text: &str, from: usize, mark: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text[from..].char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if text[from + at..].starts_with(mark) => return Some(from + at + mark.len()),
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::enclose;

    fn find(name: &str) -> Option<String> {
        let text = match name {
            "a.html" => "{{ lang.t(x) }}{% include 'b.html' %}",
            "b.html" => "{% set own = 1 %}{{ own }}{{ features }}{% include 'a.html' %}",
            _ => return None,
        };
        Some(text.to_owned())
    }

    #[test]
    fn a_macro_names_what_its_includes_need() {
        for (written, compiled) in [
            (
                "{% macro m(y) %}{% include 'a.html' %}\n{%- endmacro %}!",
                "{% macro m(y) %}{% include 'a.html' %}\n{%- if false %}\
                 {{features}}{{lang}}{{x}}{% endif %}{%- endmacro %}!",
            ),
            ("{% include 'a.html' %}", "{% include 'a.html' %}"),
            (
                "{% macro m() %}{% include 'a' ~ z %}{# {% include 'a.html' %} #}{% endmacro %}",
                "{% macro m() %}{% include 'a' ~ z %}{# {% include 'a.html' %} #}{% endmacro %}",
            ),
            (
                "{% macro m() %}{% raw %}{% include 'a.html' %}{% endraw %}{{ '%}' }}{% endmacro %}",
                "{% macro m() %}{% raw %}{% include 'a.html' %}{% endraw %}{{ '%}' }}{% endmacro %}",
            ),
        ] {
            assert_eq!(enclose(written, &find).text, compiled);
        }
    }

    #[test]
    fn places_are_those_of_the_written_text() {
        let written = "{% macro m(y) %}{% include 'a.html' %}{% endmacro %}{{ here }}";
        let enclosed = enclose(written, &find);
        let place = enclosed.text.find("{{ here").expect("it is there");
        assert_eq!(
            enclosed.written(place),
            written.find("{{ here").expect("it is there")
        );
        assert_eq!(enclosed.written(3), 3);
    }
}
