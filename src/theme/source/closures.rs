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
use minijinja::syntax::SyntaxConfig;

use super::Edits;
use super::guard::guard;
use super::tags::{Tag, tags};

/// How many templates are followed that include each other.
const MOST: usize = 64;

/// Names that a macro must not name: they have a meaning of their own in it.
const NOT_VARIABLES: [&str; 4] = ["caller", "loop", "self", "super"];

/// Makes macros name what their includes need; `find` gives the text of
/// other templates.
pub(super) fn enclose(all: &[Tag<'_>], find: &dyn Fn(&str) -> Option<String>, edits: &mut Edits) {
    // The macros round the current place, each with the templates in it.
    let mut open: Vec<BTreeSet<String>> = Vec::new();
    for tag in all {
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
                let uses: String = names.iter().map(|name| format!("{{{{{name}}}}}")).collect();
                // A sign that trims before the end of the macro still trims
                // what stands before it.
                let trim = if tag.trims.0 { "-" } else { "" };
                let named = format!("{{%{trim} if false %}}{uses}{{% endif %}}");
                edits.push((tag.range.start..tag.range.start, named));
            }
            _ => {}
        }
    }
}

/// The variables that templates need from outside, those of the templates
/// that they include themselves too.
fn needed(
    mut templates: BTreeSet<String>,
    find: &dyn Fn(&str) -> Option<String>,
) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for _ in 0..MOST {
        let Some(name) = templates.iter().find(|name| !seen.contains(*name)).cloned() else {
            break;
        };
        seen.insert(name.clone());
        let Some(text) = find(&name) else { continue };
        // Nothing is compiled that is nested too deep.
        if guard(&text, &SyntaxConfig::default()).is_err() {
            continue;
        }
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
