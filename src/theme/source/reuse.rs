//! Lets outputs of macros be used again on other pages. In templates that consist of
//! macros, and in those that import one, calls pass through a value (`theme/reuse.rs`):
//!
//! ```text
//! {{ item.render(x, 1) }}     {{ item.proofroom_scope("render", x, 1) }}
//!
//! {% macro render(x, n) %}    {% macro render(x, n) %}{% set __0 = lang|__watched(proofroom_scope) %}{% set lang = __0 %}
//! {{ title(x) }}              {{ proofroom_scope("title", x) }}
//! {% endmacro %}              {% endmacro %}{% set proofroom_scope = "a lang|render title"|__scope("lang", a, lang, render, title) %}
//! ```
//!
//! The scope holds the macros, and the variables that they capture.

use std::collections::BTreeSet;
use std::ops::Range;

use minijinja::machinery::{CodeGenerator, Instruction, parse};
use minijinja::syntax::SyntaxConfig;

use super::Edits;
use super::closures::literal_name;
use super::defaults::refers_to;
use super::guard::guard;
use super::tags::{Part, Tag, parts, unquoted};

/// Makes a scope.
pub(in crate::theme) const SCOPE: &str = "__scope";
/// Notes that a variable is used.
pub(in crate::theme) const WATCH: &str = "__watched";

/// The variable of a scope. Modules do not export names that start with `_`.
const VARIABLE: &str = "proofroom_scope";

/// Variables that need not be watched: they are compared, or watch themselves.
const NOT_WATCHED: [&str; 6] = ["base_url", "config", "extra", "features", "nav", "page"];

/// A template that consists of macros, some of which call others.
pub(super) struct Macros<'t> {
    names: Vec<&'t str>,
    /// Where the macros begin, and whether the white space after that is removed.
    begins: Vec<(usize, bool)>,
    /// The same for the end of the last one.
    end: (usize, bool),
    /// The calls, rewritten.
    calls: Edits,
    /// What the tags of macros say, and what other tags may assign.
    declared: Vec<&'t str>,
    assigned: Vec<&'t str>,
}

/// Reads a template that consists of macros.
pub(super) fn macros(text: &str) -> Option<Macros<'_>> {
    let mut macros = Macros {
        names: Vec::new(),
        begins: Vec::new(),
        end: (0, false),
        calls: Edits::new(),
        declared: Vec::new(),
        assigned: Vec::new(),
    };
    let mut is_open = false;
    let mut calls = Vec::new();
    for part in parts(text) {
        let range = match &part {
            Part::Tag(tag) => tag.range.clone(),
            Part::Output(range) => range.clone(),
        };
        // The blocks of a page are its template's.
        if ["self", "super"]
            .iter()
            .any(|it| refers_to(&text[range.clone()], it))
        {
            return None;
        }
        match part {
            Part::Tag(tag) if tag.word == "macro" => {
                if is_open {
                    return None;
                }
                is_open = true;
                let (name, arguments) = tag.rest.split_once('(')?;
                if !macros.names.contains(&name.trim()) {
                    macros.names.push(name.trim());
                }
                macros.begins.push((range.end, tag.trims.1));
                macros.declared.push(arguments);
            }
            Part::Tag(tag) if is_open => match tag.word {
                "endmacro" => {
                    is_open = false;
                    macros.end = (range.end, tag.trims.1);
                }
                "block" | "extends" => return None,
                _ => macros.assigned.extend(assigned(&tag)),
            },
            Part::Output(range) if is_open => calls.extend(Call::read(text, range)),
            _ => return None,
        }
    }
    let is_own = |call: &Call<'_>| {
        let mut others = macros.declared.iter().chain(&macros.assigned);
        call.module.is_none()
            && macros.names.contains(&call.name)
            && !others.any(|it| refers_to(it, call.name))
    };
    calls.retain(is_own);
    macros.calls = calls.iter().map(|call| call.through(VARIABLE)).collect();
    (!macros.calls.is_empty()).then_some(macros)
}

/// The part of a tag that may name variables that it assigns.
fn assigned<'t>(tag: &Tag<'t>) -> Option<&'t str> {
    match tag.word {
        "set" => Some(
            tag.rest
                .split_once('=')
                .map_or(tag.rest, |(names, _)| names),
        ),
        "for" => Some(
            tag.rest
                .split_once(" in ")
                .map_or(tag.rest, |(names, _)| names),
        ),
        "with" | "import" | "from" | "call" => Some(tag.rest),
        _ => None,
    }
}

/// A call that is all that is printed: `{{ name(..) }}` or `{{ module.name(..) }}`.
struct Call<'t> {
    module: Option<&'t str>,
    name: &'t str,
    /// From the first name to after the bracket.
    begin: Range<usize>,
    has_arguments: bool,
}

impl<'t> Call<'t> {
    fn read(text: &'t str, output: Range<usize>) -> Option<Self> {
        let inside = text.get(output.start + 2..output.end - 2)?;
        let inside = inside
            .strip_prefix(['-', '+'])
            .unwrap_or(inside)
            .trim_start();
        let start = inside.as_ptr() as usize - text.as_ptr() as usize;
        let inside = inside.strip_suffix(['-', '+']).unwrap_or(inside).trim_end();
        let open = inside.find('(')?;
        let (module, name) = match inside[..open].split_once('.') {
            Some((module, name)) => (Some(module), name),
            None => (None, &inside[..open]),
        };
        if !is_name(name) || !module.is_none_or(is_name) {
            return None;
        }
        let mut depth = 0_usize;
        let close = unquoted(&inside[open..]).find(|(_, c)| {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        let close = open + close?.0;
        (close + 1 == inside.len()).then(|| Self {
            module,
            name,
            begin: start..start + open + 1,
            has_arguments: !inside[open + 1..close].trim().is_empty(),
        })
    }

    /// The call through the scope with this name.
    fn through(&self, scope: &str) -> (Range<usize>, String) {
        let comma = if self.has_arguments { ", " } else { "" };
        let begin = format!("{scope}(\"{}\"{comma}", self.name);
        (self.begin.clone(), begin)
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Rewrites calls of macros in templates that are imported by plain names; `find` returns
/// the text of other templates.
pub(super) fn rewrite_imported(
    text: &str,
    tags: &[Tag<'_>],
    find: &dyn Fn(&str) -> Option<String>,
    edits: &mut Edits,
) {
    let mut modules: Vec<(&str, Vec<String>)> = Vec::new();
    for tag in tags.iter().filter(|tag| tag.word == "import") {
        let Some(name) = literal_name(tag.rest) else {
            continue;
        };
        let mut words = tag.rest.split_whitespace().skip_while(|word| *word != "as");
        let Some(module) = words.nth(1) else { continue };
        // Whatever else the name may stand for has no scope.
        let mut others = tags.iter().filter(|it| it.range != tag.range);
        if others.any(|it| assigned(it).is_some_and(|names| refers_to(names, module)))
            || tags
                .iter()
                .any(|it| it.word == "macro" && refers_to(it.rest, module))
        {
            continue;
        }
        let Some(text) = find(name) else { continue };
        let text = super::with_plain_breaks(&text).0;
        if let Some(macros) = macros(&text) {
            let names = macros.names.iter().map(|name| (*name).to_owned());
            modules.push((module, names.collect()));
        }
    }
    if modules.is_empty() {
        return;
    }
    for part in parts(text) {
        let Part::Output(range) = part else { continue };
        let Some(call) = Call::read(text, range) else {
            continue;
        };
        let module = modules
            .iter()
            .find(|(module, _)| call.module == Some(module));
        if let Some((module, names)) = module
            && names.iter().any(|name| name == call.name)
            && !call.name.starts_with('_')
        {
            edits.push(call.through(&format!("{module}.{VARIABLE}")));
        }
    }
}

impl Macros<'_> {
    /// The calls, rewritten.
    pub(super) fn calls(&self) -> &Edits {
        &self.calls
    }

    /// The edits that declare the scope. `text` is the template after all other edits;
    /// `None` if it cannot be compiled.
    pub(super) fn declare(&self, text: &str) -> Option<Edits> {
        let mut captured = captured(text)?;
        captured.retain(|name| name != VARIABLE && !self.names.contains(&name.as_str()));
        let fixed = self.declared.iter().chain(&self.assigned);
        let is_fixed = |name: &String| fixed.clone().any(|it| refers_to(it, name));
        let watched: Vec<&str> = captured
            .iter()
            .filter(|name| !NOT_WATCHED.contains(&name.as_str()) && !is_fixed(name))
            .map(String::as_str)
            .collect();
        let watches: String = watched
            .iter()
            .enumerate()
            .map(|(nth, name)| {
                format!(
                    "{{% set __{nth} = {name}|{WATCH}({VARIABLE}) %}}{{% set {name} = __{nth} %}}"
                )
            })
            .collect();
        let mut edits = Edits::new();
        if !watches.is_empty() {
            let begins = self.begins.iter();
            edits.extend(begins.map(|(at, trims)| (*at..*at, trimmed(&watches, *trims))));
        }
        let captured: Vec<&str> = captured.iter().map(String::as_str).collect();
        let values: Vec<&str> = captured.iter().chain(&self.names).copied().collect();
        let scope = format!(
            "{{% set {VARIABLE} = \"{}|{}\"|{SCOPE}(\"{}\", {}) %}}",
            captured.join(" "),
            self.names.join(" "),
            watched.join(" "),
            values.join(", "),
        );
        let (at, trims) = self.end;
        edits.push((at..at, trimmed(&scope, trims)));
        Some(edits)
    }
}

/// Tags that are inserted after one that may remove the white space after it.
fn trimmed(tags: &str, trims: bool) -> String {
    match tags.strip_suffix("%}") {
        Some(open) if trims => format!("{open}-%}}"),
        _ => tags.to_owned(),
    }
}

/// The variables that the macros of a template capture.
fn captured(text: &str) -> Option<BTreeSet<String>> {
    let syntax = SyntaxConfig::default();
    // Templates that are nested too deeply are never compiled.
    guard(text, &syntax).ok()?;
    let tree = parse(text, "", syntax).ok()?;
    let mut generator = CodeGenerator::new("", text);
    generator.compile_stmt(&tree);
    let (instructions, _) = generator.finish();
    let mut names = BTreeSet::new();
    let instructions = (0..).map_while(|at| instructions.get(at));
    for instruction in instructions {
        if let Instruction::Enclose(name) = instruction {
            names.insert((*name).to_owned());
        }
    }
    Some(names)
}
