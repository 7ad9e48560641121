//! What cannot be rendered stays as written, and the rest of the page is
//! rendered.
//!
//! The engine stops at the first error. So the tag with the error is replaced by
//! its own text, and the page is rendered again, until there are no more errors.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Error, ErrorKind, Value};
use parking_lot::Mutex;

use super::tags::{Role, Tag, block, line_comments, tags, variables};
use super::{MacroSyntax, PAGE, Undefined, innermost};
use crate::theme::errors;
use crate::theme::source::{Edits, TOO_DEEP, apply_edits, guarded, offset_before};

/// Why a tag stayed as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnrenderedReason {
    /// Nothing defines this variable.
    Variable(String),
    /// Nothing defines this function.
    Function(String),
    /// There is no such filter.
    Filter(String),
    /// There is no such test.
    Test(String),
    /// It is wrong in some other way.
    Failed(String),
}

/// A tag that stayed as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrendered {
    /// Why.
    pub reason: UnrenderedReason,
    /// The included file that it is in; `None` for the page itself.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: u32,
}

/// The templates of a page: its own text, and the files that it includes.
#[derive(Debug, Clone)]
pub(super) struct Sources {
    by_name: Arc<Mutex<BTreeMap<String, Source>>>,
    syntax: SyntaxConfig,
    /// The variables of the page.
    known: Value,
    /// The names of the engine's own functions.
    functions: Arc<BTreeSet<String>>,
    /// What starts comments that end with their line.
    line_comment: Option<String>,
    /// Whether loops over what is missing are empty, though the engine would
    /// refuse them.
    has_empty_loops: bool,
    /// Whether undefined variables are errors wherever they matter.
    is_strict: bool,
}

/// The filter that refuses undefined values.
pub(super) const DEFINED: &str = "__defined";

/// A template as it is compiled.
#[derive(Debug)]
struct Source {
    /// Its text, in which tags that cannot be rendered print themselves. Line
    /// breaks stay where they are.
    text: String,
    /// The tags that print themselves: their text now, and as written.
    replaced: Vec<(String, String)>,
    /// What is changed before it is compiled, and after that, the guards.
    edits: Edits,
    guards: Edits,
}

impl Source {
    fn line(&self, at: usize) -> u32 {
        let breaks = self.text[..at].matches('\n').count();
        u32::try_from(breaks).map_or(u32::MAX, |breaks| breaks.saturating_add(1))
    }

    /// A part of the text as it was before anything was replaced.
    fn written(&self, range: Range<usize>) -> String {
        let mut written = self.text[range].to_owned();
        for (now, before) in self.replaced.iter().rev() {
            written = written.replace(now, before);
        }
        written
    }
}

impl Sources {
    pub(super) fn new(
        dialect: &MacroSyntax,
        syntax: SyntaxConfig,
        known: &Value,
        functions: BTreeSet<String>,
    ) -> Self {
        let undefined = dialect.undefined;
        Self {
            by_name: Arc::default(),
            syntax,
            known: known.clone(),
            functions: Arc::new(functions),
            line_comment: dialect.line_comment_prefix.clone(),
            has_empty_loops: matches!(undefined, Undefined::Written | Undefined::Keep),
            is_strict: matches!(undefined, Undefined::Written | Undefined::Strict),
        }
    }

    /// The text to compile for a template. `text` is what its file contains.
    pub(super) fn compiled(&self, name: &str, text: &str) -> String {
        let mut sources = self.by_name.lock();
        let source = sources.entry(name.to_owned());
        let source = source.or_insert_with(|| self.source(text));
        source.edits = self.edits(&source.text);
        let edited = apply_edits(&source.text, &mut source.edits);
        match guarded(&edited, &self.syntax) {
            Ok((text, guards)) => {
                source.guards = guards;
                text
            }
            // A tag that fails with that error.
            Err((text, _)) => text,
        }
    }

    /// Removes comments that are lines, and makes filters refuse undefined values:
    /// some would return an empty text.
    fn edits(&self, text: &str) -> Edits {
        let mut edits = Edits::new();
        if let Some(prefix) = &self.line_comment {
            let comments = line_comments(text, prefix, &self.syntax);
            edits.extend(comments.into_iter().map(|range| (range, String::new())));
        }
        if self.is_strict {
            let filtered = tags(text, &self.syntax)
                .into_iter()
                .flat_map(|it| it.filtered);
            edits.extend(filtered.map(|at| (at..at, format!("|{DEFINED}"))));
        }
        edits.sort_by_key(|(range, _)| range.start);
        edits
    }

    fn source(&self, text: &str) -> Source {
        let mut source = Source {
            text: text.to_owned(),
            replaced: Vec::new(),
            edits: Edits::new(),
            guards: Edits::new(),
        };
        if !self.has_empty_loops {
            return source;
        }
        let tags = tags(text, &self.syntax);
        for tag in tags.iter().rev() {
            let Some((root, path)) = &tag.iterated else {
                continue;
            };
            let is_local = tags.iter().any(|tag| tag.defined.contains(root));
            if self.is_unknown(root) && !is_local {
                continue;
            }
            let written = text[tag.range.clone()].to_owned();
            let end = path.end - tag.range.start;
            let now = format!("{} or []{}", &written[..end], &written[end..]);
            source.text.replace_range(tag.range.clone(), &now);
            source.replaced.push((now, written));
        }
        source
    }

    /// Whether nothing outside of the page defines a variable.
    fn is_unknown(&self, name: &str) -> bool {
        if ["loop", "self", "super", "caller"].contains(&name) {
            return false;
        }
        let value = self.known.get_attr(name);
        value.is_ok_and(|value| value.is_undefined()) && !self.functions.contains(name)
    }
}

/// What has been found about a page so far.
pub(super) struct Finder<'a> {
    sources: &'a Sources,
    /// The reasons why variables that the page itself sets have no value.
    unset: BTreeMap<String, UnrenderedReason>,
    pub(super) found: Vec<Unrendered>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            unset: BTreeMap::new(),
            found: Vec::new(),
        }
    }

    /// Makes the tag with an error print itself. Returns false if the page cannot
    /// be rendered at all.
    pub(super) fn keep(&mut self, error: &Error) -> bool {
        let (error, located) = innermost(error);
        if is_fatal(error) {
            return false;
        }
        let name = located.name().unwrap_or(PAGE);
        let mut sources = self.sources.by_name.lock();
        let Some(source) = sources.get_mut(name) else {
            return false;
        };
        let all = tags(&source.text, &self.sources.syntax);
        let Some(nth) = find(&all, source, located) else {
            return false;
        };
        let Some(reason) = self.reason(error, &all, nth) else {
            return false;
        };
        let before = source.text.clone();
        let mut failed = vec![nth];
        failed.extend(self.likewise(&all, nth, &reason));
        failed.sort_unstable();
        // From the end, so that offsets before stay valid.
        for nth in failed.into_iter().rev() {
            let line = source.line(all[nth].range.start);
            if !self.replace(source, &all, nth, &reason) {
                return false;
            }
            self.found.push(Unrendered {
                reason: reason.clone(),
                file: (name != PAGE).then(|| name.to_owned()),
                line,
            });
        }
        source.text != before
    }

    /// Why a tag failed; `None` if that is no reason to go on.
    fn reason(&self, error: &Error, tags: &[Tag], nth: usize) -> Option<UnrenderedReason> {
        use UnrenderedReason::{Failed, Filter, Function, Test, Variable};
        let detail = error.detail().unwrap_or_default();
        let word = |prefix: &str| {
            let name = detail.strip_prefix(prefix)?.strip_suffix(" is unknown")?;
            Some(name.to_owned())
        };
        let is_unknown = |name: &str| {
            self.unset.contains_key(name)
                || self.sources.is_unknown(name) && !tags.iter().any(|tag| tag.may_define(name))
        };
        let named = match error.kind() {
            ErrorKind::UnknownFunction => word("").map(Function),
            ErrorKind::UnknownFilter => word("filter ").map(Filter),
            ErrorKind::UnknownTest => word("test ").map(Test),
            _ => undefined_expression(detail).map(|expression| {
                let end = expression.find(|c: char| !c.is_alphanumeric() && c != '_');
                let root = &expression[..end.unwrap_or(expression.len())];
                Variable(if is_unknown(root) { root } else { expression }.to_owned())
            }),
        };
        let named = named.or_else(|| {
            let unknown = variables(&tags[nth]).find(|name| is_unknown(name))?;
            Some(Variable(unknown.to_owned()))
        });
        match named {
            Some(Variable(name)) => {
                let of_function = Function(name.clone());
                let is_function = self.found.iter().any(|it| it.reason == of_function);
                Some(match self.unset.get(&name) {
                    Some(reason) => reason.clone(),
                    None if is_function => of_function,
                    None => Variable(name),
                })
            }
            Some(reason) => Some(reason),
            // Limits are reported this way too.
            None if error.kind() == ErrorKind::InvalidOperation => None,
            None => Some(Failed(match detail {
                "" => error.kind().to_string(),
                detail => format!("{}: {detail}", error.kind()),
            })),
        }
    }

    /// Other tags that are certain to fail for the same reason, so that the page
    /// is not rendered again for each of them.
    fn likewise(&self, tags: &[Tag], nth: usize, reason: &UnrenderedReason) -> Vec<usize> {
        let (name, role) = match reason {
            UnrenderedReason::Variable(name) if self.sources.is_strict => (name, Role::Name),
            UnrenderedReason::Function(name) => (name, Role::Name),
            UnrenderedReason::Filter(name) => (name, Role::Filter),
            _ => return Vec::new(),
        };
        if tags.iter().any(|tag| tag.may_define(name)) {
            return Vec::new();
        }
        let same = |(at, tag): (usize, &Tag)| {
            let fails = tag.prints() && tag.is_plain() && tag.mentions(name, role);
            (fails && at != nth).then_some(at)
        };
        tags.iter().enumerate().filter_map(same).collect()
    }

    /// Makes a tag, or the block that it starts, print itself.
    fn replace(
        &mut self,
        source: &mut Source,
        tags: &[Tag],
        nth: usize,
        reason: &UnrenderedReason,
    ) -> bool {
        let tag = &tags[nth];
        if let Some(assigned) = tag.assigned.clone()
            && !tag.is_broken
            && self.unassign(source, tag, assigned, reason)
        {
            return true;
        }
        let range = if tag.is_broken {
            Some(tag.range.clone())
        } else {
            block(tags, nth)
        };
        let Some(range) = range else {
            return false;
        };
        let written = source.written(range.clone());
        let (open, close) = self.sources.syntax.variable_delimiters();
        let printed = format!("{open} {} {close}", quoted(&written));
        source.text.replace_range(range, &printed);
        source.replaced.push((printed, written));
        true
    }

    /// Assigns the cause instead of what cannot be evaluated, so that tags that use
    /// the variable stay as written for the same reason. Returns false if that has
    /// been tried before.
    fn unassign(
        &mut self,
        source: &mut Source,
        tag: &Tag,
        assigned: Range<usize>,
        reason: &UnrenderedReason,
    ) -> bool {
        let now = &source.text[tag.range.clone()];
        let is_tried = source.replaced.iter().any(|(it, _)| it == now);
        if is_tried || tag.defined.is_empty() {
            return false;
        }
        let (start, end) = (assigned.start, assigned.end);
        let expression = source.written(assigned);
        let value = if self.sources.is_strict {
            // An undefined variable, by which later errors are recognised.
            let name = format!("__unset_{}", self.unset.len());
            self.unset.insert(name.clone(), reason.clone());
            let breaks = "\n".repeat(expression.matches('\n').count());
            format!(" {name}{breaks}")
        } else {
            let (open, close) = self.sources.syntax.variable_delimiters();
            format!(
                " {}",
                quoted(&format!("{open} {} {close}", expression.trim()))
            )
        };
        for name in &tag.defined {
            self.unset.insert(name.clone(), reason.clone());
        }
        let written = source.written(tag.range.clone());
        let before = &source.text[tag.range.start..start];
        let after = &source.text[end..tag.range.end];
        let now = format!("{before}{value}{after}");
        source.text.replace_range(tag.range.clone(), &now);
        source.replaced.push((now, written));
        true
    }
}

/// A text as a literal of Jinja. Line breaks stay.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether an error is about a limit, or about the text as a whole.
fn is_fatal(error: &Error) -> bool {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::OutOfFuel | ErrorKind::WriteFailure | ErrorKind::EvalBlock => true,
        ErrorKind::InvalidOperation => detail == errors::TOO_FAR || detail.contains("cancelled"),
        ErrorKind::SyntaxError => detail.ends_with(TOO_DEEP) || detail.contains("recursion"),
        _ => false,
    }
}

/// The expression that an error calls undefined.
fn undefined_expression(detail: &str) -> Option<&str> {
    let end = detail.rfind("` is undefined")?;
    let start = detail[..end].rfind('`')? + 1;
    Some(&detail[start..end])
}

/// The tag with an error.
fn find(tags: &[Tag], source: &Source, error: &Error) -> Option<usize> {
    if let Some(last) = tags.last()
        && last.is_broken
        && error.kind() == ErrorKind::SyntaxError
    {
        return Some(tags.len() - 1);
    }
    if let Some(range) = error.range() {
        let at = offset_before(&source.edits, offset_before(&source.guards, range.start));
        let found = tags.iter().position(|tag| tag.range.contains(&at));
        if found.is_some() {
            return found;
        }
    }
    // Otherwise only its line is known, which may be any line of a long tag.
    let line = u32::try_from(error.line()?).ok()?;
    let on_line =
        |tag: &Tag| (source.line(tag.range.start)..=source.line(tag.range.end)).contains(&line);
    let found: Vec<usize> = (0..tags.len()).filter(|nth| on_line(&tags[*nth])).collect();
    if let [only] = found[..] {
        return Some(only);
    }
    let detail = error.detail()?;
    let is_named = |nth: &usize| {
        let names = &tags[*nth].names;
        names.iter().any(|(name, _)| detail.contains(name.as_str()))
    };
    found.into_iter().find(is_named)
}
