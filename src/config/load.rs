use super::settings::Reader;
use super::site::{self, Origin};
use super::{
    Checked, Environment, Places, Read, Sources, Subject, from_toml, keys, languages, merge,
    static_i18n, tags,
};
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};
use crate::files::SourcePath;
use crate::languages::Languages;
use crate::yaml::{self, Node, Place, Source, Value};

/// Where a configuration is looked for, in this order.
const NAMES: [&str; 4] = [
    "proofroom.toml",
    "mkdocs.yml",
    "mkdocs.yaml",
    "docs/proofroom.toml",
];

/// How many files may inherit from each other.
const MOST_INHERITED: usize = 16;

/// Finds the configuration, reads and checks it.
///
/// `explicit` is the file that was named on the command line, `folder_name`
/// the name of sites that name themselves nowhere.
pub fn load(
    explicit: Option<&SourcePath>,
    environment: &Environment,
    folder_name: &str,
    sources: &Sources<'_>,
) -> Checked {
    let mut loader = Loader {
        environment: environment.clone(),
        process: environment,
        sources,
        diagnostics: Vec::new(),
        places: Places::default(),
        mkdocs: false,
        languages: None,
    };
    let found = match explicit {
        Some(path) => Some(path.clone()),
        None => NAMES
            .iter()
            .map(SourcePath::new)
            .find(|path| (sources.read)(path) != Read::Missing),
    };
    let tree = match &found {
        None => Ok(empty(&SourcePath::root())),
        Some(path) => loader.tree(path, None, &mut Vec::new()),
    };
    let root = match tree {
        Ok(root) => root,
        Err(error) => {
            loader.diagnostics.push(*error);
            return Checked {
                config: None,
                diagnostics: loader.diagnostics,
                keys: Vec::new(),
                places: loader.places,
            };
        }
    };
    let origin = Origin {
        folder_name,
        mkdocs: loader.mkdocs,
        must_have_name: found.as_ref().is_some_and(|path| !is_toml(path)),
        language: loader.languages.as_ref().map(Languages::current),
        file: found,
    };
    let mut reader = Reader {
        root: &root,
        folder: origin.file.as_ref().map_or(SourcePath::root(), home),
        is_folder: sources.is_folder,
        sources,
        suggestions: Suggestions::default(),
        diagnostics: loader.diagnostics,
        places: loader.places,
    };
    let mut config = site::read(&mut reader, origin);
    match loader.languages {
        Some(languages) => {
            let both = languages::also_plugin(&config);
            let both = both.map(|both| reader.places.locate(both));
            reader.diagnostics.extend(both);
            languages::apply(&mut config, languages);
        }
        None => {
            let mut said = static_i18n::unread(&config);
            let alone = languages::alone(&mut config, sources.language);
            said.extend(alone.err().map(|error| *error));
            let said = said.into_iter().map(|said| reader.places.locate(said));
            reader.diagnostics.extend(said);
        }
    }
    let keys = keys::read(&mut reader, &config.theme);
    Checked {
        config: Some(config),
        diagnostics: reader.diagnostics,
        keys,
        places: reader.places,
    }
}

fn is_toml(path: &SourcePath) -> bool {
    path.extension() == Some("toml")
}

/// The folder that the paths of a configuration file are relative to: its
/// own, but `docs/proofroom.toml` speaks for the project round it.
fn home(file: &SourcePath) -> SourcePath {
    let folder = file.parent().unwrap_or_else(SourcePath::root);
    match folder.parent() {
        Some(project) if file.name() == "proofroom.toml" && folder.name() == "docs" => project,
        _ => folder,
    }
}

fn empty(path: &SourcePath) -> Node {
    let place = Place {
        source: Source::new(path, ""),
        start: 0,
        length: 0,
    };
    Node::new(Value::Mapping(Vec::new()), place)
}

struct Loader<'a> {
    /// What `!ENV` reads.
    environment: Environment,
    /// The same without what a language adds.
    process: &'a Environment,
    sources: &'a Sources<'a>,
    diagnostics: Vec<Diagnostic>,
    places: Places,
    /// Whether an `mkdocs.yml` takes part, so that MkDocs' rules hold.
    mkdocs: bool,
    /// The site's languages, the wanted one chosen.
    languages: Option<Languages>,
}

impl Loader<'_> {
    /// A file laid on those that it inherits from; `above` are those that
    /// inherit from it.
    fn tree(
        &mut self,
        path: &SourcePath,
        named_by: Option<&Node>,
        above: &mut Vec<SourcePath>,
    ) -> Result<Node, Box<Diagnostic>> {
        if above.contains(path) {
            let message = format!("`{path}` inherits from itself");
            return Err(located(Diagnostic::new(Rule::BadValue, message), named_by));
        }
        if above.len() > MOST_INHERITED {
            let message =
                format!("more than {MOST_INHERITED} configuration files inherit from each other");
            let error = Diagnostic::new(Rule::BadValue, message);
            return Err(located(error.help("put some of them together"), named_by));
        }
        above.push(path.clone());
        let text = match (self.sources.read)(path) {
            Read::Present(text) => text,
            Read::NotUtf8 { lossy, at } => {
                let span = Span::bytes(path, &lossy, at, '\u{fffd}'.len_utf8());
                let message = format!("`{path}` is not UTF-8 text");
                let error = Diagnostic::new(Rule::NotUtf8, message).at(span);
                return Err(Box::new(error.help(
                    "save the file as UTF-8; the marked place is the first that cannot be read",
                )));
            }
            Read::Unreadable => {
                let message = format!("the configuration file `{path}` cannot be read");
                let error = located(Diagnostic::new(Rule::Unreadable, message), named_by);
                return Err(Box::new(error.help(
                    "make it a readable file: without it, this would be another site",
                )));
            }
            Read::TooLarge => return Err(Box::new(yaml::too_large(path))),
            Read::Missing => return Err(self.missing(path, named_by)),
        };
        let toml = is_toml(path);
        let root = if toml {
            from_toml(path, &text)?
        } else {
            self.mkdocs = true;
            let parsed = yaml::parse(path, &text)?;
            self.diagnostics.extend(parsed.diagnostics);
            tags::settle(parsed.node, &self.environment, &mut self.diagnostics)
        };
        let mut root = match root.value {
            Value::Mapping(_) => root,
            Value::Null => Node::new(Value::Mapping(Vec::new()), root.place),
            _ => {
                let message = format!(
                    "a configuration is a mapping of settings, and this is {}",
                    root.kind()
                );
                let error = Diagnostic::new(Rule::BadValue, message).at(root.span());
                return Err(Box::new(error.help("write it as lines of `name: value`")));
            }
        };
        if let Some(table) = take(&mut root, "languages").filter(|_| toml) {
            self.choose(&table, path);
        }
        let Some(base) = take(&mut root, if toml { "base" } else { "INHERIT" }) else {
            return Ok(root);
        };
        let Some(name) = base.as_str() else {
            let message = format!(
                "the file to inherit from is named by text, and this is {}",
                base.kind()
            );
            return Err(located(
                Diagnostic::new(Rule::BadValue, message),
                Some(&base),
            ));
        };
        let folder = if toml {
            home(path)
        } else {
            path.parent().unwrap_or_else(SourcePath::root)
        };
        let base_file = folder.join(name);
        self.find_docs(&base_file, above);
        let below = self.tree(&base_file, Some(&base), above)?;
        Ok(merge::merge(below, root))
    }

    /// Reads the table of languages, chooses the wanted one and takes its
    /// variables for whatever is read from here on.
    fn choose(&mut self, table: &Node, path: &SourcePath) {
        let (languages, found) = crate::languages::read(table, &home(path));
        self.diagnostics.extend(found);
        let Some(mut languages) = languages else {
            return;
        };
        for (key, _) in table.entries().unwrap_or_default() {
            let subject = Subject::Language(key.key_text());
            self.places.insert(subject, key.span());
        }
        languages.choose(self.sources.language);
        let said = languages::missing_file(languages.current(), self.sources);
        let said = said.map(|said| self.places.locate(said));
        self.diagnostics.extend(said);
        languages::extend(&mut self.environment, languages.current(), self.sources);
        self.languages = Some(languages);
    }

    /// Finds the docs folders of languages that name none: the configuration
    /// below may take them from the environment, which is another for each.
    fn find_docs(&mut self, base: &SourcePath, above: &[SourcePath]) {
        let Some(mut languages) = self.languages.take() else {
            return;
        };
        for at in 0..languages.all.len() {
            let language = &languages.all[at];
            if at == languages.current || language.docs.is_some() {
                continue;
            }
            let mut loader = Loader {
                environment: self.process.clone(),
                process: self.process,
                sources: self.sources,
                diagnostics: Vec::new(),
                places: Places::default(),
                mkdocs: false,
                languages: None,
            };
            languages::extend(&mut loader.environment, language, self.sources);
            let tree = loader.tree(base, None, &mut above.to_vec());
            let folder = base.parent().unwrap_or_else(SourcePath::root);
            let docs = tree.ok().and_then(|tree| {
                let docs = tree.get("docs_dir")?.as_str()?.to_owned();
                Some(folder.join(docs))
            });
            languages.all[at].docs = docs;
        }
        self.languages = Some(languages);
    }

    fn missing(&self, path: &SourcePath, named_by: Option<&Node>) -> Box<Diagnostic> {
        let message = format!("the configuration file `{path}` does not exist");
        let error = located(Diagnostic::new(Rule::MissingConfig, message), named_by);
        let folder = path.parent().unwrap_or_else(SourcePath::root);
        let beside: Vec<SourcePath> = NAMES.iter().map(|name| folder.join(name)).collect();
        let there = beside
            .iter()
            .filter(|path| (self.sources.read)(path) != Read::Missing)
            .map(SourcePath::as_str);
        let is_whole = named_by.and_then(Node::as_str) == Some(path.as_str());
        Box::new(match Suggestions::default().suggest(path.as_str(), there) {
            Some(near) if is_whole => error.did_you_mean(path.as_str(), &near),
            Some(near) => error.help(format!("did you mean `{}`?", near.name)),
            None => error.help("the path is relative to the file that names it"),
        })
    }
}

fn located(diagnostic: Diagnostic, node: Option<&Node>) -> Box<Diagnostic> {
    Box::new(match node {
        Some(node) => diagnostic.at(node.span()),
        None => diagnostic,
    })
}

/// Takes a setting out of a mapping.
fn take(root: &mut Node, name: &str) -> Option<Node> {
    let Value::Mapping(entries) = &mut root.value else {
        return None;
    };
    let at = entries
        .iter()
        .position(|(key, _)| key.as_str() == Some(name))?;
    Some(entries.remove(at).1)
}
