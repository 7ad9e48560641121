//! Fixes of problems, tried out on unsaved texts before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Sites;
use crate::diagnostic::fixing::{Unfit, fixed, gist};
use crate::diagnostic::{Diagnostic, Fix, sort_and_dedup};
use crate::files::{Overlay, SourcePath};
use crate::languages::LanguageSite;
use crate::site::{Database, queries};
use crate::watch::ChangeBatch;

/// How often what is left is looked at again: one fix may show what the next has to fix.
const ROUNDS: usize = 8;

/// A site with texts that are not saved, in which fixes are tried. A fix is accepted if its
/// problem is gone and there is no new one.
pub struct Trial<'s> {
    sites: &'s Sites,
    /// Those whose problems count.
    editions: Vec<LanguageSite>,
    overlay: Overlay,
    /// What is wrong with the texts as they are now.
    problems: Vec<Diagnostic>,
    /// The texts of the files that were changed, before and now.
    files: BTreeMap<SourcePath, FixedFile>,
    accepted: Vec<Diagnostic>,
    refused: Vec<(Diagnostic, String)>,
}

/// The text of a file before and after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedFile {
    /// As it was read.
    pub before: Arc<str>,
    /// With the fixes that were accepted.
    pub after: Arc<str>,
}

/// What became of the fixes.
#[derive(Debug)]
pub struct Fixes {
    /// The problems whose fixes were accepted, as they were reported.
    pub accepted: Vec<Diagnostic>,
    /// The other ones, with why.
    pub refused: Vec<(Diagnostic, String)>,
    /// The files that the accepted fixes change, by their real paths.
    pub files: BTreeMap<SourcePath, FixedFile>,
    /// What is still wrong then.
    pub left: Vec<Diagnostic>,
}

impl<'s> Trial<'s> {
    /// A trial of sites whose sources are those below `overlay`, which has no texts.
    pub fn new(sites: &'s Sites, overlay: Overlay) -> Self {
        let editions = sites.addresses().editions.clone();
        Self::of_editions(sites, overlay, editions)
    }

    /// The same that only looks at some of the sites.
    pub fn of_editions(sites: &'s Sites, overlay: Overlay, editions: Vec<LanguageSite>) -> Self {
        let problems = problems(sites, &editions);
        Self {
            sites,
            editions,
            overlay,
            problems,
            files: BTreeMap::new(),
            accepted: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// What is wrong with the texts as they are now.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Tries all fixes of problems that are wanted, and those that show up meanwhile.
    /// `may_write` says why a file may not be written.
    pub fn run(
        mut self,
        is_wanted: impl Fn(&Diagnostic) -> bool,
        may_write: impl Fn(&SourcePath) -> Result<(), String>,
    ) -> Fixes {
        let mut tried = BTreeSet::new();
        for _ in 0..ROUNDS {
            let mut wanted = Vec::new();
            for problem in self.problems.clone() {
                let Some(fix) = &problem.fix else { continue };
                if !is_wanted(&problem) || !tried.insert(fix.clone()) {
                    continue;
                }
                match may_write(&fix.span.path) {
                    Ok(()) => wanted.push(problem),
                    Err(why) => self.refused.push((problem, why)),
                }
            }
            if wanted.is_empty() {
                break;
            }
            for again in self.attempt(&wanted) {
                if let Some(fix) = &again.fix {
                    tried.remove(fix);
                }
            }
        }
        self.files.retain(|_, file| file.before != file.after);
        Fixes {
            accepted: self.accepted,
            refused: self.refused,
            files: self.files,
            left: self.problems,
        }
    }

    /// Tries these fixes together, and in halves if that is not accepted. Returns those
    /// that have to be made anew, because others changed their lines.
    fn attempt(&mut self, wanted: &[Diagnostic]) -> Vec<Diagnostic> {
        let (texts, written, again) = self.written(wanted);
        if written.is_empty() {
            return again;
        }
        let before = self.set(&texts);
        let mut now = problems(self.sites, &self.editions);
        let mut judged = judge(&self.problems, &now, &written);
        let mut all = written.clone();
        // One fix may show the next: the page of a link, and then its anchor.
        if let (Err((_, new)), [_]) = (&judged, &written[..])
            && !new.is_empty()
            && new
                .iter()
                .all(|problem| is_in_same_file(&written[0], problem))
        {
            let (texts, more, _) = self.written(new);
            self.set(&texts);
            now = problems(self.sites, &self.editions);
            judged = judge(&self.problems, &now, &written);
            all.extend(more);
        }
        let Err((why, new)) = judged else {
            self.problems = now;
            self.accepted.extend(all);
            return again;
        };
        self.restore(before);
        match &written[..] {
            [one] => {
                self.refused.push((one.clone(), why));
                again
            }
            _ => {
                let (first, second) = divided(written, &new);
                let mut again = again;
                again.extend(self.attempt(&first));
                again.extend(self.attempt(&second));
                again
            }
        }
    }

    /// The texts with these fixes, those that are in them, and those that have to be made
    /// anew.
    fn written(
        &mut self,
        wanted: &[Diagnostic],
    ) -> (
        BTreeMap<SourcePath, String>,
        Vec<Diagnostic>,
        Vec<Diagnostic>,
    ) {
        let mut by_file: BTreeMap<SourcePath, Vec<(&Diagnostic, &Fix)>> = BTreeMap::new();
        for problem in wanted {
            let Some(fix) = &problem.fix else { continue };
            match self.sites.system().real(&fix.span.path) {
                Some(real) => by_file.entry(real).or_default().push((problem, fix)),
                None => self.refuse(problem, "its file is outside of the project"),
            }
        }
        let (mut texts, mut written, mut again) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (path, fixes) in by_file {
            let bytes = self.sites.system().read(&path).unwrap_or_default();
            let Ok(text) = String::from_utf8(bytes) else {
                for (problem, _) in fixes {
                    self.refuse(problem, "its file is not UTF-8");
                }
                continue;
            };
            let (new, results) = fixed(&text, fixes.iter().map(|(_, fix)| *fix));
            for ((problem, _), result) in fixes.into_iter().zip(results) {
                match result {
                    Ok(()) => written.push(problem.clone()),
                    Err(Unfit::Overlaps | Unfit::Changed) => again.push(problem.clone()),
                    Err(Unfit::Unclear) => self.refuse(problem, "it is not in one line"),
                }
            }
            texts.insert(path, new);
        }
        (texts, written, again)
    }

    fn refuse(&mut self, problem: &Diagnostic, why: &str) {
        self.refused.push((problem.clone(), why.to_owned()));
    }

    /// Puts texts into the place of files. Returns what was there.
    fn set(&mut self, texts: &BTreeMap<SourcePath, String>) -> BTreeMap<SourcePath, FixedFile> {
        let before = self.files.clone();
        let mut changed = Vec::new();
        for (path, text) in texts {
            let read = || self.sites.system().read(path).unwrap_or_default();
            let original = match self.files.get(path) {
                Some(file) => file.before.clone(),
                None => String::from_utf8_lossy(&read()).into(),
            };
            let after: Arc<str> = text.as_str().into();
            changed.extend(self.overlay.set(path, after.clone()));
            let file = FixedFile {
                before: original,
                after,
            };
            self.files.insert(path.clone(), file);
        }
        self.sites.apply(&ChangeBatch::Paths(changed));
        before
    }

    fn restore(&mut self, files: BTreeMap<SourcePath, FixedFile>) {
        let mut changed = Vec::new();
        for path in self.files.keys() {
            match files.get(path) {
                Some(file) => changed.extend(self.overlay.set(path, file.after.clone())),
                None => changed.extend(self.overlay.clear(path)),
            }
        }
        self.files = files;
        self.sites.apply(&ChangeBatch::Paths(changed));
    }
}

/// Divides fixes that led to `new` problems: into those in the files of these and the other
/// ones, which are probably harmless, or else into halves.
fn divided(fixes: Vec<Diagnostic>, new: &[Diagnostic]) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let files = new.iter().filter_map(|it| Some(&it.span.as_ref()?.path));
    let files: BTreeSet<&SourcePath> = files.collect();
    let is_near = |problem: &Diagnostic| {
        let span = problem.fix.as_ref().map(|fix| &fix.span.path);
        span.is_some_and(|path| files.contains(path))
    };
    let (near, far): (Vec<_>, Vec<_>) = fixes.into_iter().partition(is_near);
    if near.is_empty() || far.is_empty() {
        let mut all = if near.is_empty() { far } else { near };
        let second = all.split_off(all.len() / 2);
        return (all, second);
    }
    (far, near)
}

/// Whether a problem has a fix in the file that the fix of another one changes.
fn is_in_same_file(one: &Diagnostic, problem: &Diagnostic) -> bool {
    let path = |it: &Diagnostic| it.fix.as_ref().map(|fix| fix.span.path.clone());
    path(problem).is_some() && path(one) == path(problem)
}

/// Whether the problems that were fixed are gone and none is new; if not, why, and the new
/// ones.
fn judge(
    before: &[Diagnostic],
    after: &[Diagnostic],
    fixed: &[Diagnostic],
) -> Result<(), (String, Vec<Diagnostic>)> {
    let counted = |all: &[Diagnostic]| {
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for problem in all {
            let (rule, message, file) = gist(problem);
            *counts
                .entry((rule, message.to_owned(), file.cloned()))
                .or_default() += 1;
        }
        counts
    };
    let (old, now, gone) = (counted(before), counted(after), counted(fixed));
    let new: Vec<Diagnostic> = after
        .iter()
        .filter(|problem| {
            let (rule, message, file) = gist(problem);
            let key = (rule, message.to_owned(), file.cloned());
            now.get(&key) > old.get(&key)
        })
        .cloned()
        .collect();
    if let Some(first) = new.first() {
        let why = format!("it would lead to another problem: {}", first.message);
        return Err((why, new));
    }
    let stays = |(key, count): (&(_, String, _), &usize)| {
        let left = now.get(key).copied().unwrap_or_default();
        left + count > old.get(key).copied().unwrap_or_default()
    };
    if gone.iter().any(stays) {
        return Err(("the problem would still be there".to_owned(), Vec::new()));
    }
    Ok(())
}

/// Everything that is wrong with these sites, each place of it.
fn problems(sites: &Sites, editions: &[LanguageSite]) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for edition in editions {
        let session = sites.session(edition);
        session.ask(look_at_pages);
        all.extend(session.ask(|db| queries::all_diagnostics(db)).1);
    }
    sort_and_dedup(all)
}

/// Looks for the problems of each page, on all processors.
pub fn look_at_pages(db: &Database) {
    let pages = &queries::files(db).pages;
    pages.par_iter().for_each_with(db.clone(), |db, page| {
        // A single page is looked at on this thread, where another one is attached.
        db.alone(|db| queries::page_diagnostics(db, page.entry));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Memory, NoHistory};
    use crate::site::Invocation;

    fn tried(files: &[(&str, &str)]) -> Fixes {
        let overlay = Overlay::new(Arc::new(Memory::new(files.iter().copied())));
        let system = Arc::new(overlay.clone());
        let sites = Sites::new(system, Arc::new(NoHistory), Invocation::default());
        Trial::new(&sites, overlay).run(|_| true, |_| Ok(()))
    }

    #[test]
    fn fixes_are_accepted_if_they_help_and_harm_nothing() {
        let config = (
            "mkdocs.yml",
            "site_name: S\nvalidation: {links: {anchors: warn}}\n",
        );
        let page = ("docs/install.md", "# Install\n\n## First\n");
        let fixes = tried(&[
            config,
            page,
            (
                "docs/index.md",
                "# Home\n\n[a](instal.md) and [b](instal.md)\n[c](instal.md#fisrt)\n\n\
                 [c](instal.md#fisrt)\n",
            ),
        ]);
        assert!(fixes.left.is_empty(), "{:?}", fixes.left);
        let file = &fixes.files[&SourcePath::new("docs/index.md")];
        let expected = "# Home\n\n[a](install.md) and [b](install.md)\n[c](install.md#first)\n\n\
                        [c](install.md#first)\n";
        assert_eq!(&*file.after, expected);
        // The last two, which are written alike, were mended in two steps.
        assert_eq!(fixes.accepted.len(), 6);
    }

    #[test]
    fn fixes_in_other_files_than_a_new_problem_are_tried_together() {
        let problem = |path: &str| {
            let span = crate::diagnostic::Span::line(&SourcePath::new(path), "a\n", 1);
            let mut problem =
                Diagnostic::new(crate::diagnostic::Rule::DamagedMark, "m").at(span.clone());
            problem.fix = Some(Box::new(Fix {
                span,
                text: "b".to_owned(),
            }));
            problem
        };
        let all = ["a", "b", "c", "d"].map(problem).to_vec();
        let paths = |all: &[Diagnostic]| -> Vec<String> {
            let spans = all.iter().filter_map(|it| it.span.as_ref());
            spans.map(|it| it.path.to_string()).collect()
        };
        let (first, second) = divided(all.clone(), &[problem("c")]);
        assert_eq!(paths(&first), ["a", "b", "d"]);
        assert_eq!(paths(&second), ["c"]);
        let (first, second) = divided(all, &[problem("x")]);
        assert_eq!(paths(&first), ["a", "b"]);
        assert_eq!(paths(&second), ["c", "d"]);
    }

    #[test]
    fn a_fix_that_leads_to_another_problem_is_refused_alone() {
        let fixes = tried(&[
            (
                "mkdocs.yml",
                "site_name: S\nvalidation: {links: {anchors: warn}}\n",
            ),
            ("docs/install.md", "# Install\n"),
            (
                "docs/index.md",
                "# Home\n\n[a](instal.md#wombat)\n\n[b](instal.md)\n",
            ),
        ]);
        let file = &fixes.files[&SourcePath::new("docs/index.md")];
        assert_eq!(
            &*file.after,
            "# Home\n\n[a](instal.md#wombat)\n\n[b](install.md)\n"
        );
        assert_eq!((fixes.accepted.len(), fixes.refused.len()), (1, 1));
        assert!(
            fixes.refused[0].1.contains("no anchor"),
            "{:?}",
            fixes.refused
        );
    }
}
