//! In Jinja2, a template that is included inside a macro sees the variables of
//! the template that declares the macro. MiniJinja's macros capture only the
//! variables that they name themselves. So a macro that includes templates is
//! made to name the variables they need, in a branch that is never taken:
//!
//! ```text
//! {% macro item(x) %}{% include "part.html" %}{% if false %}{{ lang }}{% endif %}{% endmacro %}
//! ```
//!
//! Includes whose name is computed at run time are not covered.

use std::collections::BTreeSet;

use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;

use super::Edits;
use super::guard::guard;
use super::tags::{Tag, tags};

/// How many templates are followed from one macro.
const MOST: usize = 64;

/// Names that have a meaning of their own inside a macro.
const NOT_VARIABLES: [&str; 4] = ["caller", "loop", "self", "super"];

/// Makes macros name the variables that their includes need; `find` returns the
/// text of other templates.
pub(super) fn rewrite(tags: &[Tag<'_>], find: &dyn Fn(&str) -> Option<String>, edits: &mut Edits) {
    // The macros around the current tag, each with the templates it includes.
    let mut open: Vec<BTreeSet<String>> = Vec::new();
    for tag in tags {
        match tag.word {
            "macro" | "call" => open.push(BTreeSet::new()),
            "include" | "import" | "from" => {
                if let (Some(innermost), Some(name)) = (open.last_mut(), literal_name(tag.rest)) {
                    innermost.insert(name.to_owned());
                }
            }
            "endmacro" | "endcall" => {
                let Some(included) = open.pop() else { continue };
                let names = free_variables(included, find);
                if names.is_empty() {
                    continue;
                }
                let uses: String = names.iter().map(|name| format!("{{{{{name}}}}}")).collect();
                // If the end tag trims the text before it, so must this one.
                let trim = if tag.trims.0 { "-" } else { "" };
                let branch = format!("{{%{trim} if false %}}{uses}{{% endif %}}");
                edits.push((tag.range.start..tag.range.start, branch));
            }
            _ => {}
        }
    }
}

/// The variables that templates, and the templates that they include, need from
/// outside.
fn free_variables(
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
        // Templates that are nested too deeply are never compiled.
        if guard(&text, &SyntaxConfig::default()).is_err() {
            continue;
        }
        let environment = Environment::new();
        if let Ok(template) = environment.template_from_str(&text) {
            names.extend(template.undeclared_variables(false));
        }
        let includes = tags(&text).filter(|tag| ["include", "import", "from"].contains(&tag.word));
        templates.extend(includes.filter_map(|tag| Some(literal_name(tag.rest)?.to_owned())));
    }
    names.retain(|name| !NOT_VARIABLES.contains(&name.as_str()));
    names
}

/// The name of a template that is given as plain text: `"a.html" ignore missing`.
pub(super) fn literal_name(arguments: &str) -> Option<&str> {
    let quote = arguments
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))?;
    let (name, after) = arguments[1..].split_once(quote)?;
    let is_expression = after.trim_start().starts_with(['~', '+', '|', '.', '%']);
    if is_expression { None } else { Some(name) }
}
