//! `awesome-pages`: order and titles from `.pages` files.
//!
//! Follows mkdocs-awesome-pages-plugin 2.10.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::entry::{Entry, Rest, read_entries};
use super::{BuiltNav, File, Item, Section, Site, folder_of, name_of, nav_of_folders};
use crate::config::{NavEntry, NavTarget};
use crate::diagnostic::{Diagnostic, Rule, Severity, Suggestions};
use crate::expect::ExpectOrDefault as _;
use crate::options::{Values, options};
use crate::text::natural_key;

options! {
    /// The plugin's options.
    pub struct Options {
        filename: String = ".pages",
        collapse_single_pages: bool,
        strict: bool = true,
        order: Option<String>,
        sort_type: Option<String>,
        order_by: Option<String>,
        ignore_case: Option<bool>,
    }
}

/// The defaults for all folders.
#[derive(Debug, Clone)]
pub struct Settings {
    filename: String,
    collapse_single_pages: bool,
    strict: bool,
    sorting: Sorting,
}

#[derive(Debug, Clone, Default)]
struct Sorting {
    order: Option<String>,
    sort_type: Option<String>,
    order_by: Option<String>,
    ignore_case: Option<bool>,
}

impl Sorting {
    fn new(options: Values<'_>) -> Self {
        let text = |name: &str| options.text(name).map(str::to_owned);
        Self {
            order: text("order"),
            sort_type: text("sort_type"),
            order_by: text("order_by"),
            ignore_case: options.0.get("ignore_case").and_then(Value::as_bool),
        }
    }
}

impl Settings {
    /// Reads the plugin's options.
    pub fn new(options: Options) -> Self {
        Self {
            filename: options.filename,
            collapse_single_pages: options.collapse_single_pages,
            strict: options.strict,
            sorting: Sorting {
                order: options.order,
                sort_type: options.sort_type,
                order_by: options.order_by,
                ignore_case: options.ignore_case,
            },
        }
    }
}

/// A `.pages` file.
#[derive(Default)]
struct Meta {
    file: Option<File>,
    title: Option<String>,
    nav: Option<Vec<Entry>>,
    collapse: Option<bool>,
    collapse_single_pages: Option<bool>,
    hide: bool,
    sorting: Sorting,
}

/// Builds the nav. `configured` is the nav in the site's configuration, if it has
/// one.
pub fn make(settings: &Settings, site: Site<'_>, configured: Option<&[NavEntry]>) -> BuiltNav {
    let mut maker = NavBuilder {
        settings,
        site,
        suggestions: Suggestions::default(),
        diagnostics: Vec::new(),
    };
    let automatic = nav_of_folders(site.pages.iter().cloned());
    let items = match configured {
        None => automatic,
        Some(entries) => maker.apply_configured(entries, automatic),
    };
    // The root's file is that of the folder with all its items.
    let meta = maker.meta(common_folder(&items));
    let items = maker.children(items, settings.collapse_single_pages, &meta);
    BuiltNav {
        items,
        diagnostics: maker.diagnostics,
    }
}

/// The folder that contains all items, if there is one.
fn common_folder(items: &[Item]) -> Option<String> {
    let mut folders = items.iter().filter_map(|item| match item {
        Item::Page(path, _) => Some(folder_of(path)),
        Item::Section(section) if !section.explicit => section.folder.as_deref().map(folder_of),
        _ => None,
    });
    let first = folders.next()?;
    if folders.any(|folder| folder != first) {
        return None;
    }
    Some(first.to_owned())
}

struct NavBuilder<'a> {
    settings: &'a Settings,
    site: Site<'a>,
    suggestions: Suggestions,
    diagnostics: Vec<Diagnostic>,
}

impl NavBuilder<'_> {
    /// A configured nav, with each `...` replaced by the items it stands for.
    fn apply_configured(&mut self, entries: &[NavEntry], automatic: Vec<Item>) -> Vec<Item> {
        fn collect(entries: &[NavEntry], rests: &mut Vec<Rest>, named: &mut Vec<String>) {
            for entry in entries {
                match &entry.target {
                    NavTarget::Path(path) => match Rest::read(path) {
                        Some(rest) if entry.title.is_none() => rests.push(rest),
                        _ => named.push(path.trim_start_matches("./").to_owned()),
                    },
                    NavTarget::Section(entries) => collect(entries, rests, named),
                }
            }
        }
        let (mut rests, mut named) = (Vec::new(), Vec::new());
        collect(entries, &mut rests, &mut named);
        let faults = rests.iter().filter_map(|rest| rest.fault.as_deref());
        self.diagnostics
            .extend(faults.map(|(_, diagnostic)| diagnostic.clone()));
        let mut blocks = distribute(automatic, &rests, &named).into_iter();
        self.fill_configured(entries, &mut blocks)
    }

    /// The items of configured entries; `blocks` has those for each `...`.
    fn fill_configured(
        &self,
        entries: &[NavEntry],
        blocks: &mut std::vec::IntoIter<Vec<Item>>,
    ) -> Vec<Item> {
        let mut items = Vec::new();
        for entry in entries {
            match &entry.target {
                NavTarget::Path(path) => {
                    if entry.title.is_none() && Rest::read(path).is_some() {
                        items.extend(blocks.next().expect_or_default(BLOCK));
                        continue;
                    }
                    let page = path.trim_start_matches("./").to_owned();
                    items.push(match &entry.title {
                        Some(title) if !self.site.pages.contains(&page) => {
                            Item::Link(title.clone(), path.clone())
                        }
                        title => Item::Page(page, title.clone()),
                    });
                }
                NavTarget::Section(entries) => items.push(Item::Section(Section {
                    // `- :` is a section without a title.
                    title: entry.title.clone().unwrap_or_default(),
                    folder: None,
                    explicit: true,
                    children: self.fill_configured(entries, blocks),
                })),
            }
        }
        items
    }

    fn meta(&mut self, folder: Option<String>) -> Meta {
        let Some(folder) = folder else {
            return Meta::default();
        };
        let settings = self.settings;
        let Some(file) = self
            .site
            .settings(&folder, &settings.filename, &mut self.diagnostics)
        else {
            return Meta::default();
        };
        let mut meta = Meta::default();
        let values: &Map<String, Value> = &file.values;
        let diagnostics = &mut self.diagnostics;
        let mut flag = |name: &str| match values.get(name) {
            Some(Value::Bool(flag)) => Some(*flag),
            None | Some(Value::Null) => None,
            Some(_) => {
                diagnostics.push(file.wrong(name, "`true` or `false`"));
                None
            }
        };
        meta.collapse = flag("collapse");
        meta.collapse_single_pages = flag("collapse_single_pages");
        meta.hide = flag("hide").unwrap_or(false);
        meta.sorting = Sorting::new(Values(values));
        meta.title = values.get("title").and_then(crate::python::plain);
        let list = |name: &str| values.get(name).filter(|value| !value.is_null());
        match (list("nav"), list("arrange")) {
            (Some(Value::Array(items)), _) => {
                meta.nav = Some(read_entries(items, &file, diagnostics));
            }
            (None, Some(Value::Array(items))) => {
                let mut nav = read_entries(items, &file, diagnostics);
                let has_rest =
                    |entry: &Entry| matches!(entry, Entry::Rest(rest) if rest.pattern.is_none());
                if !nav.iter().any(has_rest) {
                    nav.extend(Rest::read("...").map(Entry::Rest));
                }
                meta.nav = Some(nav);
            }
            (Some(_), _) => diagnostics.push(file.wrong("nav", "a list")),
            (None, Some(_)) => diagnostics.push(file.wrong("arrange", "a list")),
            (None, None) => {}
        }
        meta.file = Some(file);
        meta
    }

    fn children(&mut self, mut items: Vec<Item>, collapse: bool, meta: &Meta) -> Vec<Item> {
        self.sort(&mut items, meta);
        let items = self.arrange(items, meta);
        self.apply_to_sections(items, collapse)
    }

    /// Applies the `.pages` files of all sections.
    fn apply_to_sections(&mut self, items: Vec<Item>, collapse: bool) -> Vec<Item> {
        let mut applied = Vec::new();
        for item in items {
            match item {
                Item::Section(mut section) if section.explicit && section.folder.is_some() => {
                    // A group in a `.pages` file, which is not a folder.
                    section.children = self.apply_to_sections(section.children, collapse);
                    applied.push(Item::Section(section));
                }
                Item::Section(section) => applied.extend(self.apply_to_section(section, collapse)),
                item => applied.push(item),
            }
        }
        applied
    }

    fn apply_to_section(&mut self, mut section: Section, collapse: bool) -> Option<Item> {
        let meta = if section.explicit {
            Meta::default()
        } else {
            self.meta(common_folder(&section.children))
        };
        if meta.hide {
            return None;
        }
        let collapse = meta.collapse_single_pages.unwrap_or(collapse);
        if let Some(title) = &meta.title {
            section.title.clone_from(title);
        }
        section.children = self.children(section.children, collapse, &meta);
        if section.explicit {
            return Some(Item::Section(section));
        }
        match section.children.len() {
            0 => None,
            1 if meta.collapse.unwrap_or(collapse) => section.children.pop(),
            _ => Some(Item::Section(section)),
        }
    }

    fn sort(&mut self, items: &mut [Item], meta: &Meta) {
        let (folder, default) = (&meta.sorting, &self.settings.sorting);
        let pick = |folder: &Option<String>, default: &Option<String>| {
            folder.clone().or_else(|| default.clone())
        };
        let order = pick(&folder.order, &default.order);
        let sort_type = pick(&folder.sort_type, &default.sort_type);
        let order_by = pick(&folder.order_by, &default.order_by);
        if order.is_none() && sort_type.is_none() && order_by.is_none() {
            return;
        }
        let ignore_case = folder.ignore_case == Some(true) || default.ignore_case == Some(true);
        let by_title = order_by.as_deref() == Some("title");
        let natural = sort_type.as_deref() == Some("natural");
        let mut key = |item: &Item| {
            let text = if by_title {
                self.title(item)
            } else {
                // Links and groups come first.
                name(item).unwrap_or("").to_owned()
            };
            let text = if ignore_case {
                text.to_lowercase()
            } else {
                text
            };
            if natural {
                natural_key(&text)
            } else {
                vec![(0, text)]
            }
        };
        items.sort_by_cached_key(&mut key);
        if order.as_deref() == Some("desc") {
            items.reverse();
        }
    }

    fn title(&mut self, item: &Item) -> String {
        match item {
            Item::Page(_, Some(title)) | Item::Link(title, _) => title.clone(),
            Item::Page(path, None) => (self.site.title)(path),
            Item::Section(section) if section.explicit => section.title.clone(),
            Item::Section(section) => {
                // Diagnostics of the file are reported with the section.
                let count = self.diagnostics.len();
                let meta = self.meta(common_folder(&section.children));
                self.diagnostics.truncate(count);
                meta.title.unwrap_or_else(|| section.title.clone())
            }
        }
    }

    /// The items in the order of a `.pages` file.
    fn arrange(&mut self, items: Vec<Item>, meta: &Meta) -> Vec<Item> {
        let (Some(nav), Some(file)) = (&meta.nav, &meta.file) else {
            return items;
        };
        let mut left: BTreeMap<usize, Item> = items.into_iter().enumerate().collect();
        let mut rests: Vec<&Rest> = Vec::new();
        let all_names: Vec<String> = left
            .values()
            .filter_map(|item| Some(name(item)?.to_owned()))
            .collect();
        let mut drafts = self.drafts(nav, file, &mut left, &mut rests, &all_names);
        // Patterns take precedence over a `...` without one.
        let mut blocks: Vec<Vec<Item>> = rests.iter().map(|_| Vec::new()).collect();
        for item in left.into_values() {
            let path = name(&item);
            let patterned = rests
                .iter()
                .position(|rest| rest.pattern.is_some() && rest.matches(path));
            let place = patterned.or_else(|| rests.iter().position(|rest| rest.pattern.is_none()));
            if let Some(place) = place {
                blocks[place].push(item);
            }
        }
        let mut blocks = blocks.into_iter();
        fill(&mut drafts, &mut blocks)
    }

    fn drafts<'e>(
        &mut self,
        nav: &'e [Entry],
        file: &File,
        left: &mut BTreeMap<usize, Item>,
        rests: &mut Vec<&'e Rest>,
        names: &[String],
    ) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for entry in nav {
            match entry {
                Entry::Rest(rest) => {
                    rests.push(rest);
                    drafts.push(Draft::Rest);
                }
                Entry::Group(title, entries) => {
                    let children = self.drafts(entries, file, left, rests, names);
                    drafts.push(Draft::Group(title.clone(), children));
                }
                Entry::Named(written, title) => {
                    let place = left
                        .iter()
                        .find(|(_, item)| name(item) == Some(written.as_str()))
                        .map(|(place, _)| *place);
                    match (place.and_then(|place| left.remove(&place)), title) {
                        (Some(item), None) => drafts.push(Draft::Item(item)),
                        (Some(Item::Page(path, _)), title) => {
                            drafts.push(Draft::Item(Item::Page(path, title.clone())));
                        }
                        (Some(Item::Section(mut section)), Some(title)) => {
                            section.title.clone_from(title);
                            drafts.push(Draft::Item(Item::Section(section)));
                        }
                        (Some(item), _) => drafts.push(Draft::Item(item)),
                        (None, Some(title)) => {
                            drafts.push(Draft::Item(Item::Link(title.clone(), written.clone())));
                        }
                        (None, None) => self.missing(written, file, names),
                    }
                }
            }
        }
        drafts
    }

    fn missing(&mut self, written: &str, file: &File, names: &[String]) {
        let message = format!("`{written}` is neither a page nor a folder beside this file");
        let mut diagnostic = Diagnostic::new(Rule::MissingNavPage, message).at(file.span(written));
        if self.settings.strict {
            diagnostic.severity = Severity::Error;
        }
        let names = names.iter().map(String::as_str);
        let near = self.suggestions.suggest(written, names);
        self.diagnostics.push(match near {
            Some(near) if file.has_once(written) => diagnostic.did_you_mean(written, &near),
            Some(near) => diagnostic.help(format!("did you mean `{}`?", near.name)),
            None => diagnostic.help("create it, or remove the entry"),
        });
    }
}

/// Why there is a block when a `...` is filled.
const BLOCK: &str = "there is a block for each `...`";

/// A nav item before each `...` is filled.
enum Draft {
    Item(Item),
    Group(String, Vec<Draft>),
    Rest,
}

fn fill(drafts: &mut Vec<Draft>, blocks: &mut std::vec::IntoIter<Vec<Item>>) -> Vec<Item> {
    let mut items = Vec::new();
    for draft in drafts.drain(..) {
        match draft {
            Draft::Item(item) => items.push(item),
            Draft::Rest => items.extend(blocks.next().expect_or_default(BLOCK)),
            Draft::Group(title, mut children) => items.push(Item::Section(Section {
                title,
                folder: Some(String::new()),
                explicit: true,
                children: fill(&mut children, blocks),
            })),
        }
    }
    items
}

/// The name of an item's file or folder, if it has one.
fn name(item: &Item) -> Option<&str> {
    match item {
        Item::Page(path, _) => Some(name_of(path)),
        Item::Section(section) if !section.explicit => section.folder.as_deref().map(name_of),
        Item::Section(_) | Item::Link(..) => None,
    }
}

/// Distributes the items of the automatic nav that are not named among the `...`
/// of a configured one.
fn distribute(items: Vec<Item>, rests: &[Rest], named: &[String]) -> Vec<Vec<Item>> {
    let mut blocks: Vec<Vec<Item>> = rests.iter().map(|_| Vec::new()).collect();
    for item in items {
        match item {
            Item::Page(path, title) if !named.contains(&path) => {
                if let Some(place) = rests.iter().position(|rest| rest.matches(Some(&path))) {
                    blocks[place].push(Item::Page(path, title));
                }
            }
            Item::Section(section) => {
                let blocks_of_children = distribute(section.children, rests, named);
                for (nth, children) in blocks_of_children.into_iter().enumerate() {
                    if children.is_empty() {
                        continue;
                    }
                    if rests[nth].flat {
                        blocks[nth].extend(children)
                    } else {
                        blocks[nth].push(Item::Section(Section {
                            title: section.title.clone(),
                            folder: section.folder.clone(),
                            explicit: false,
                            children,
                        }))
                    }
                }
            }
            _ => {}
        }
    }
    blocks
}
