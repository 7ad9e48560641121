//! Sources as the guard reads them: which paths a file names, and to which
//! module each of them leads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Where a module lies: the names from the crate's root on.
pub type Module = Vec<String>;

/// Which of a folder's modules name which others of it, and where.
pub type Arrows = BTreeMap<String, BTreeMap<String, String>>;

/// A file.
pub struct Source {
    /// Its path below `src` or `tests`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The module that it is.
    pub module: Module,
    /// What it names.
    pub names: Vec<Named>,
}

/// A path that a file names, in an import or elsewhere in its code.
#[derive(Debug, PartialEq)]
pub struct Named {
    /// The module round it, modules inside of the file included.
    at: Module,
    /// As written, with groups taken apart.
    pub path: Vec<String>,
    /// The name that an import gives it here.
    alias: Option<String>,
}

impl Source {
    /// Of a text at a path below `src`.
    pub fn new(path: &str, text: &str) -> Self {
        let whole = path.strip_suffix(".rs").unwrap_or(path);
        let mut module: Module = whole.split('/').map(str::to_owned).collect();
        let last = module.last().map(String::as_str);
        if last == Some("mod") || module == ["lib"] {
            module.pop();
        }
        let names = Reader::read(&code(text), &module);
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            module,
            names,
        }
    }

    /// The room that it belongs to; `lib` and `main` are rooms of their own.
    pub fn room(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }
}

/// All files below `folder` of the repository.
pub fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)
            .expect("a folder can be read")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(&root).expect("below the folder");
                let below = below.to_str().expect("UTF-8");
                let text = fs::read_to_string(&path).expect("a source can be read");
                found.push(Source::new(below, &text));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// A text's code: comments are left out, and what literals hold.
pub fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let in_word = code.ends_with(|it: char| it.is_alphanumeric() || it == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if !in_word && let Some(length) = raw_literal(rest) {
            length
        } else if next == '"' {
            literal(rest, '"')
        } else if next == '\'' && is_character(rest) {
            literal(rest, '\'')
        } else {
            code.push(next);
            rest = &rest[next.len_utf8()..];
            continue;
        };
        code.push(' ');
        rest = &rest[length..];
    }
    code
}

/// How long the raw string is that `text` begins with.
fn raw_literal(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let marks = inner.len() - inner.trim_start_matches('#').len();
    let inside = inner[marks..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(marks));
    let end = inside.find(&close)?;
    Some(text.len() - inside.len() + end + close.len())
}

/// How long the literal is that `text` begins with.
fn literal(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            it if it == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a character begins here and no lifetime.
fn is_character(text: &str) -> bool {
    let mut inside = text.chars().skip(1);
    match inside.next() {
        Some('\\') => true,
        _ => inside.next() == Some('\''),
    }
}

/// Code as words, `::` and single marks.
fn tokens(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let length = if is_word(first) {
            rest.find(|it| !is_word(it)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        found.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    found
}

fn is_name(token: &str) -> bool {
    token.starts_with(|it: char| it.is_alphabetic() || it == '_')
}

struct Reader<'c> {
    tokens: Vec<&'c str>,
    at: usize,
    found: Vec<Named>,
    /// The module round this place.
    module: Module,
}

impl<'c> Reader<'c> {
    fn read(code: &'c str, module: &Module) -> Vec<Named> {
        let mut reader = Self {
            tokens: tokens(code),
            at: 0,
            found: Vec::new(),
            module: module.clone(),
        };
        reader.items();
        reader.found
    }

    fn peek(&self, ahead: usize) -> &'c str {
        self.tokens
            .get(self.at + ahead)
            .copied()
            .unwrap_or_default()
    }

    fn items(&mut self) {
        // Where modules inside of the file end, by how many braces are open.
        let mut ends: Vec<usize> = Vec::new();
        let mut open = 0;
        while self.at < self.tokens.len() {
            match self.peek(0) {
                "use" => {
                    self.at += 1;
                    self.tree(&[]);
                }
                "mod" if self.peek(2) == "{" => {
                    self.module.push(self.peek(1).to_owned());
                    ends.push(open);
                    self.at += 2;
                }
                "{" => {
                    open += 1;
                    self.at += 1;
                }
                "}" => {
                    open -= 1;
                    self.at += 1;
                    if ends.pop_if(|end| *end == open).is_some() {
                        self.module.pop();
                    }
                }
                token if is_name(token) => {
                    let path = self.path();
                    if path.len() > 1 {
                        self.push(path, None);
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// Reads names with `::` between them.
    fn path(&mut self) -> Vec<String> {
        let mut path = vec![self.peek(0).to_owned()];
        self.at += 1;
        while self.peek(0) == "::" && is_name(self.peek(1)) {
            path.push(self.peek(1).to_owned());
            self.at += 2;
        }
        path
    }

    /// Reads what an import names below `before`.
    fn tree(&mut self, before: &[String]) {
        let mut path = before.to_vec();
        if self.peek(0) == "::" {
            self.at += 1;
        }
        if is_name(self.peek(0)) {
            path.extend(self.path());
            if self.peek(0) == "::" {
                self.at += 1;
            }
        }
        match self.peek(0) {
            "{" => {
                self.at += 1;
                while !matches!(self.peek(0), "}" | "") {
                    self.tree(&path);
                    if self.peek(0) == "," {
                        self.at += 1;
                    }
                }
                self.at += 1;
            }
            "*" => {
                self.at += 1;
                self.push(path, None);
            }
            _ => {
                if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
                    path.pop();
                }
                let mut alias = path.last().cloned();
                if self.peek(0) == "as" {
                    alias = Some(self.peek(1).to_owned());
                    self.at += 2;
                }
                self.push(path, alias);
            }
        }
    }

    fn push(&mut self, path: Vec<String>, alias: Option<String>) {
        self.found.push(Named {
            at: self.module.clone(),
            path,
            alias,
        });
    }
}

/// All modules, and what each calls by another name.
pub struct House<'s> {
    sources: &'s [Source],
    /// By module, what its imports name and where that lies.
    imports: BTreeMap<&'s [String], BTreeMap<&'s str, Module>>,
}

impl<'s> House<'s> {
    /// Of all files.
    pub fn new(sources: &'s [Source]) -> Self {
        let modules = sources.iter().filter(|source| source.path != "main.rs");
        let mut house = Self {
            sources,
            imports: modules
                .map(|source| (source.module.as_slice(), BTreeMap::new()))
                .collect(),
        };
        for source in sources {
            let mut imports = BTreeMap::new();
            for named in source
                .names
                .iter()
                .filter(|named| named.at == source.module)
            {
                if let Some((alias, place)) = named.alias.as_deref().zip(house.place(named)) {
                    imports.insert(alias, place);
                }
            }
            house.imports.insert(&source.module, imports);
        }
        house
    }

    /// Where a path lies as written, before names that are imported there are
    /// followed; `None` outside of the crate.
    fn place(&self, named: &Named) -> Option<Module> {
        let mut at = named.at.clone();
        let path = &named.path;
        let ups = path.iter().take_while(|name| *name == "super").count();
        let rest = match path[0].as_str() {
            "crate" => {
                at.clear();
                &path[1..]
            }
            "self" => &path[1..],
            "super" => {
                at.truncate(at.len().saturating_sub(ups));
                &path[ups..]
            }
            first => {
                let imported = self.imports.get(at.as_slice())?.contains_key(first);
                let below = [at.clone(), vec![first.to_owned()]].concat();
                if !imported && !self.imports.contains_key(below.as_slice()) {
                    return None;
                }
                path
            }
        };
        at.extend_from_slice(rest);
        Some(at)
    }

    /// The module that owns what a path leads to, through all that is imported
    /// on the way; `None` outside of the crate.
    pub fn owner(&self, named: &Named) -> Option<&'s [String]> {
        let mut place = self.place(named)?;
        // A name may lead on to another; no chain of them is this long.
        for _ in 0..20 {
            let length = (0..=place.len())
                .rev()
                .find(|length| self.imports.contains_key(&place[..*length]))?;
            let (module, imports) = self.imports.get_key_value(&place[..length])?;
            let on = place
                .get(length)
                .and_then(|name| imports.get(name.as_str()));
            match on {
                Some(on) if *on != place => {
                    place = [on.as_slice(), &place[length + 1..]].concat();
                }
                _ => return Some(module),
            }
        }
        None
    }

    /// Which children of `folder` name which others of them. What is the
    /// folder's own is no child's.
    pub fn arrows(&self, folder: &[String]) -> Arrows {
        let mut arrows = Arrows::new();
        let is_below =
            |module: &[String]| module.starts_with(folder) && module.len() > folder.len();
        let child = |module: &[String]| module[folder.len()].clone();
        for source in self
            .sources
            .iter()
            .filter(|source| is_below(&source.module))
        {
            let from = child(&source.module);
            let to = arrows.entry(from.clone()).or_default();
            for named in &source.names {
                let owner = self.owner(named).filter(|owner| is_below(owner));
                if let Some(owner) = owner.map(child).filter(|owner| *owner != from) {
                    to.entry(owner).or_insert_with(|| source.path.clone());
                }
            }
        }
        arrows
    }

    /// All folders, the crate's root among them.
    pub fn folders(&self) -> BTreeSet<Module> {
        let modules = self.imports.keys();
        let above = modules.filter_map(|module| Some(module.split_last()?.1.to_vec()));
        above.collect()
    }
}

/// The modules that name each other in a circle.
pub fn circles(arrows: &Arrows) -> BTreeSet<BTreeSet<String>> {
    let reached = |from: &str| {
        let mut reached = BTreeSet::new();
        let mut left = vec![from.to_owned()];
        while let Some(next) = left.pop() {
            for to in arrows.get(&next).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(to.clone()) {
                    left.push(to.clone());
                }
            }
        }
        reached
    };
    let reached: BTreeMap<&str, BTreeSet<String>> = arrows
        .keys()
        .map(|module| (module.as_str(), reached(module)))
        .collect();
    let in_circle = reached.iter().filter(|(module, to)| to.contains(**module));
    let circle = |(module, to): (&&str, &BTreeSet<String>)| {
        let is_back = |other: &&String| reached[other.as_str()].contains(*module);
        to.iter().filter(is_back).cloned().collect()
    };
    in_circle.map(circle).collect()
}

/// The rows of the first table in `text` that has these words in its head.
pub fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let lines = text.lines().skip_while(|line| *line != head).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|'));
    let cells = |row: &str| {
        let row = row.trim_matches('|').split('|');
        row.map(|cell| cell.trim().to_owned()).collect()
    };
    rows.map(cells).collect()
}
