//! `awesome-nav`: a nav from `.nav.yml` files.
//!
//! Follows mkdocs-awesome-nav 3.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::{Map, Value};

use super::natural_path::natural_path_key;
use super::{BuiltNav, File, Item, Section, Site, folder_of, name_of};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::nav::section_title;
use crate::options::{Values, options};
use crate::plugins::globs::glob;

options! {
    /// The plugin's options.
    pub struct Options {
        filename: String = ".nav.yml",
    }
}

/// The rules of a folder, including those inherited from the folders above.
#[derive(Debug, Clone)]
struct Rules {
    keeps_names: bool,
    flattens: bool,
    index_title: bool,
    by: String,
    descending: bool,
    natural: bool,
    sections: String,
    ignore_case: bool,
    ignore: Vec<String>,
    append_unmatched: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            keeps_names: false,
            flattens: false,
            index_title: false,
            by: "path".to_owned(),
            descending: false,
            natural: true,
            sections: "last".to_owned(),
            ignore_case: false,
            ignore: Vec::new(),
            append_unmatched: false,
        }
    }
}

impl Rules {
    /// These rules, overridden by the values for `folder`.
    fn with(&self, values: &Map<String, Value>, folder: &str) -> Self {
        let options = Values(values);
        let mut rules = self.clone();
        rules.keeps_names = options.flag("preserve_directory_names", self.keeps_names);
        rules.flattens = options.flag("flatten_single_child_sections", self.flattens);
        rules.index_title = options.flag("use_index_title", self.index_title);
        rules.append_unmatched = options.flag("append_unmatched", self.append_unmatched);
        if let Some(sort) = options.map("sort").map(Values) {
            rules.by = sort.text_or("by", &self.by).to_owned();
            rules.descending = sort
                .text("direction")
                .map_or(self.descending, |it| it == "desc");
            rules.natural = sort.text("type").map_or(self.natural, |it| it == "natural");
            rules.sections = sort.text_or("sections", &self.sections).to_owned();
            rules.ignore_case = sort.flag("ignore_case", false) || self.ignore_case;
        }
        if values.get("ignore").is_some_and(|ignore| !ignore.is_null()) {
            let mut patterns = Vec::new();
            for pattern in options.texts("ignore") {
                match (pattern.as_str(), pattern.strip_prefix('/')) {
                    ("$inherit", _) => patterns.extend(self.ignore.iter().cloned()),
                    (_, Some(anchored)) => patterns.push(join(folder, anchored)),
                    (pattern, None) => patterns.push(join(&join(folder, "**"), pattern)),
                }
            }
            rules.ignore = patterns;
        }
        rules
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// A page or folder that a nav may contain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Page(String),
    Folder(String),
}

/// An entry that may have to wait for others to take their items first.
enum Draft {
    Done(Vec<Item>),
    /// A path, and a title if one is given.
    Page(String, Option<String>),
    /// A path, and a title if one is given.
    Folder(String, Option<String>, Rules),
    /// A pattern, and whether it may match nothing.
    Pattern(String, Rules, bool),
    Group(String, Vec<Draft>),
}

/// Builds the nav. `filename` is the name of the configuration files.
pub fn make(filename: &str, site: Site<'_>) -> BuiltNav {
    let mut unvisited = BTreeSet::new();
    for page in site.pages {
        unvisited.insert(Target::Page(page.clone()));
        let mut folder = folder_of(page);
        while !folder.is_empty() {
            unvisited.insert(Target::Folder(folder.to_owned()));
            folder = folder_of(folder);
        }
    }
    let mut maker = NavBuilder {
        known: unvisited.clone(),
        unvisited,
        filename,
        site,
        names: OnceCell::new(),
        suggestions: Suggestions::default(),
        diagnostics: Vec::new(),
    };
    let folder = maker.open("", &Rules::default());
    let items = maker.children("", &folder);
    BuiltNav {
        items,
        diagnostics: maker.diagnostics,
    }
}

/// A folder's rules and configuration file.
struct Folder {
    rules: Rules,
    file: Option<File>,
}

impl Folder {
    fn value(&self, name: &str) -> Option<&Value> {
        self.file.as_ref()?.values.get(name)
    }

    fn title(&self) -> Option<String> {
        self.value("title").and_then(crate::python::plain)
    }

    fn is_hidden(&self) -> bool {
        self.value("hide") == Some(&Value::Bool(true))
    }
}

struct NavBuilder<'a> {
    known: BTreeSet<Target>,
    /// Pages and folders that no entry has taken yet.
    unvisited: BTreeSet<Target>,
    filename: &'a str,
    site: Site<'a>,
    /// The names in each folder, collected for the first suggestion.
    names: OnceCell<BTreeMap<String, Vec<String>>>,
    suggestions: Suggestions,
    diagnostics: Vec<Diagnostic>,
}

impl NavBuilder<'_> {
    fn open(&mut self, path: &str, inherited: &Rules) -> Folder {
        let file = self
            .site
            .settings(path, self.filename, &mut self.diagnostics);
        let empty = Map::new();
        let values = file.as_ref().map_or(&empty, |file| &file.values);
        Folder {
            rules: inherited.with(values, path),
            file,
        }
    }

    fn get(&self, path: &str) -> Option<Target> {
        let path = crate::files::SourcePath::new(path);
        let path = path.as_str();
        let page = Target::Page(path.to_owned());
        let folder = Target::Folder(path.to_owned());
        [page, folder]
            .into_iter()
            .find(|target| self.known.contains(target))
    }

    /// The items of a folder.
    fn children(&mut self, path: &str, folder: &Folder) -> Vec<Item> {
        let rules = &folder.rules;
        let pattern = |glob: &str| Draft::Pattern(glob.to_owned(), rules.clone(), true);
        let mut drafts = match folder.value("nav") {
            Some(Value::Array(items)) => self.drafts(items, path, folder),
            Some(value) if !value.is_null() => {
                let diagnostic = folder.file.as_ref().map(|file| file.wrong("nav", "a list"));
                self.diagnostics.extend(diagnostic);
                Vec::new()
            }
            _ => vec![pattern("@(index.md|README.md)"), pattern("*")],
        };
        if rules.append_unmatched {
            drafts.push(pattern("*"));
        }
        self.resolve(&mut drafts, path, folder.file.as_ref());
        finish(drafts)
    }

    fn drafts(&mut self, items: &[Value], path: &str, folder: &Folder) -> Vec<Draft> {
        let rules = &folder.rules;
        let mut drafts = Vec::new();
        for item in items {
            let draft = match item {
                Value::String(name) => Some(match self.get(&join(path, name)) {
                    Some(Target::Page(page)) => Draft::Page(page, None),
                    Some(Target::Folder(folder)) => Draft::Folder(folder, None, rules.clone()),
                    None => Draft::Pattern(name.clone(), rules.clone(), false),
                }),
                Value::Object(map) if map.contains_key("glob") => {
                    let Some(glob) = Values(map).text("glob") else {
                        let wrong = folder.file.as_ref().map(|it| it.wrong("glob", "a pattern"));
                        self.diagnostics.extend(wrong);
                        continue;
                    };
                    let quiet = Values(map).flag("ignore_no_matches", false);
                    Some(Draft::Pattern(
                        glob.to_owned(),
                        rules.with(map, path),
                        quiet,
                    ))
                }
                Value::Object(pair) if pair.len() == 1 => {
                    pair.iter().next().and_then(|(title, value)| match value {
                        Value::String(name) => Some(match self.get(&join(path, name)) {
                            Some(Target::Page(page)) => Draft::Page(page, Some(title.clone())),
                            Some(Target::Folder(folder)) => {
                                Draft::Folder(folder, Some(title.clone()), rules.clone())
                            }
                            None => Draft::Done(vec![Item::Link(title.clone(), name.clone())]),
                        }),
                        Value::Array(items) => Some(Draft::Group(
                            title.clone(),
                            self.drafts(items, path, folder),
                        )),
                        _ => None,
                    })
                }
                _ => None,
            };
            match (draft, &folder.file) {
                (Some(draft), _) => drafts.push(draft),
                (None, Some(file)) => {
                    let expected = "names, patterns, and titles with a name or a list";
                    self.diagnostics.push(file.wrong("nav", expected));
                }
                (None, None) => {}
            }
        }
        drafts
    }

    /// Resolves pages first, then folders (deepest first), then patterns.
    fn resolve(&mut self, drafts: &mut [Draft], path: &str, file: Option<&File>) {
        fn collect<'d>(drafts: &'d mut [Draft], waiting: &mut Vec<&'d mut Draft>) {
            for draft in drafts {
                match draft {
                    Draft::Group(_, children) => collect(children, waiting),
                    Draft::Done(_) => {}
                    draft => waiting.push(draft),
                }
            }
        }
        let mut waiting = Vec::new();
        collect(drafts, &mut waiting);
        waiting.sort_by_key(|draft| match draft {
            Draft::Page(..) => (0, 0),
            Draft::Folder(folder, ..) => (1, usize::MAX - folder.matches('/').count()),
            _ => (2, 0),
        });
        for draft in waiting {
            let items = match std::mem::replace(draft, Draft::Done(Vec::new())) {
                Draft::Page(page, title) => {
                    self.unvisited.remove(&Target::Page(page.clone()));
                    vec![Item::Page(page, title)]
                }
                Draft::Folder(path, title, rules) => {
                    let folder = self.open(&path, &rules);
                    self.resolve_folder(&path, title, folder)
                }
                Draft::Pattern(pattern, rules, quiet) => {
                    self.resolve_pattern(&pattern, &rules, quiet, path, file)
                }
                other => {
                    *draft = other;
                    continue;
                }
            };
            *draft = Draft::Done(items);
        }
    }

    fn resolve_folder(&mut self, path: &str, title: Option<String>, folder: Folder) -> Vec<Item> {
        self.unvisited.remove(&Target::Folder(path.to_owned()));
        let rules = folder.rules.clone();
        let title = title.or_else(|| folder.title()).unwrap_or_else(|| {
            if rules.keeps_names {
                return name_of(path).to_owned();
            }
            let index = join(path, "index.md");
            let has_index = self.known.contains(&Target::Page(index.clone()));
            let index_title = if rules.index_title && has_index {
                (self.site.front_title)(&index)
            } else {
                None
            };
            index_title.unwrap_or_else(|| section_title(name_of(path)))
        });
        let children = self.children(path, &folder);
        match children.as_slice() {
            [] => Vec::new(),
            [Item::Page(..) | Item::Section(_)] if rules.flattens => children,
            _ => vec![Item::Section(Section {
                title,
                folder: Some(path.to_owned()),
                explicit: false,
                children,
            })],
        }
    }

    fn resolve_pattern(
        &mut self,
        pattern: &str,
        rules: &Rules,
        quiet: bool,
        path: &str,
        file: Option<&File>,
    ) -> Vec<Item> {
        let parse = |pattern: &str| -> Option<Regex> {
            // Paths of folders end in a slash, which patterns may leave out.
            let slash = if pattern.ends_with('/') { "" } else { "@(|/)" };
            glob(&format!("{pattern}{slash}"))
        };
        let matcher = parse(&join(path, pattern));
        let ignored: Vec<Regex> = rules.ignore.iter().filter_map(|it| parse(it)).collect();
        let matches = |target: &&Target| {
            let path = match target {
                Target::Page(path) => path.clone(),
                Target::Folder(path) => format!("{path}/"),
            };
            matcher.as_ref().is_some_and(|it| it.is_match(&path))
                && !ignored.iter().any(|it| it.is_match(&path))
        };
        let targets: Vec<Target> = self.unvisited.iter().filter(matches).cloned().collect();
        let is_unmatched = targets.is_empty();
        let mut items = Vec::new();
        let mut folders = Vec::new();
        for target in targets {
            match target {
                Target::Page(page) => {
                    self.unvisited.remove(&Target::Page(page.clone()));
                    items.push((page.clone(), Item::Page(page, None)));
                }
                Target::Folder(path) => {
                    let folder = self.open(&path, rules);
                    if !folder.is_hidden() {
                        folders.push((path, folder));
                    }
                }
            }
        }
        folders.sort_by_key(|(path, _)| std::cmp::Reverse(path.matches('/').count()));
        for (path, folder) in folders {
            let resolved = self.resolve_folder(&path, None, folder);
            items.extend(resolved.into_iter().map(|item| (path.clone(), item)));
        }
        if is_unmatched && !quiet {
            self.report_unmatched(pattern, path, file);
        }
        self.sort(&mut items, rules);
        items.into_iter().map(|(_, item)| item).collect()
    }

    fn report_unmatched(&mut self, pattern: &str, path: &str, file: Option<&File>) {
        let message = format!("`{pattern}` is not a page or folder, and matches none");
        let mut diagnostic = Diagnostic::new(Rule::MissingNavPage, message);
        if let Some(file) = file {
            diagnostic = diagnostic.at(file.span(pattern));
        }
        let names = self.names.get_or_init(|| {
            let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for target in &self.known {
                let (Target::Page(path) | Target::Folder(path)) = target;
                let siblings = names.entry(folder_of(path).to_owned()).or_default();
                siblings.push(name_of(path).to_owned());
            }
            names
        });
        let siblings = names.get(path).into_iter().flatten().map(String::as_str);
        let near = self.suggestions.suggest(pattern, siblings);
        self.diagnostics.push(match near {
            Some(near) if file.is_some_and(|file| file.has_once(pattern)) => {
                diagnostic.did_you_mean(pattern, &near)
            }
            Some(near) => diagnostic.help(format!("did you mean `{}`?", near.name)),
            None => diagnostic.help("correct or remove the entry"),
        });
    }

    fn sort(&self, items: &mut [(String, Item)], rules: &Rules) {
        let sort_path = |path: &String, item: &Item| match item {
            Item::Page(path, _) => path.clone(),
            Item::Section(section) => section.folder.clone().unwrap_or_else(|| path.clone()),
            Item::Link(..) => path.clone(),
        };
        let key = |(path, item): &(String, Item)| {
            let path = sort_path(path, item);
            let name = name_of(&path).to_owned();
            let parts: Vec<String> = match rules.by.as_str() {
                "filename" => vec![name, path],
                "title" => {
                    let title = match item {
                        Item::Section(section) => section.title.clone(),
                        _ => (self.site.front_title)(&path).unwrap_or_else(|| name.clone()),
                    };
                    vec![title, name, path]
                }
                _ => vec![path],
            };
            let part_key = |part: String| {
                if rules.natural {
                    natural_path_key(&part, rules.by != "title")
                } else if rules.ignore_case {
                    vec![vec![(0, part.to_lowercase())]]
                } else {
                    vec![vec![(0, part)]]
                }
            };
            parts.into_iter().map(part_key).collect::<Vec<_>>()
        };
        items.sort_by_cached_key(key);
        if rules.descending {
            items.reverse();
        }
        let is_section = |item: &Item| matches!(item, Item::Section(_));
        match rules.sections.as_str() {
            "mixed" => {}
            "first" => items.sort_by_key(|(_, item)| !is_section(item)),
            _ => items.sort_by_key(|(_, item)| is_section(item)),
        }
    }
}

/// The items of drafts, all of which are resolved.
fn finish(drafts: Vec<Draft>) -> Vec<Item> {
    let mut items = Vec::new();
    for draft in drafts {
        match draft {
            Draft::Done(done) => items.extend(done),
            Draft::Group(title, children) => items.push(Item::Section(Section {
                title,
                folder: None,
                explicit: true,
                children: finish(children),
            })),
            Draft::Page(..) | Draft::Folder(..) | Draft::Pattern(..) => {}
        }
    }
    items
}
