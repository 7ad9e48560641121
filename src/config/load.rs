use std::cell::RefCell;
use std::collections::BTreeSet;

use super::reader::Reader;
use super::site::{self, Origin};
use super::{
    Config, Environment, LoadedConfig, Read, SettingLocations, SettingRef, Sources, from_toml,
    keys, languages, merge, static_i18n, yaml_tags, zensical,
};
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};
use crate::files::SourcePath;
use crate::languages::Languages;
use crate::yaml::{self, Node, Source, SourceRange, Value};

/// The files that may be the configuration, in order of precedence.
pub const CONFIG_FILES: [&str; 7] = [
    "proofroom.toml",
    "properdocs.yml",
    "properdocs.yaml",
    "mkdocs.yml",
    "mkdocs.yaml",
    "zensical.toml",
    "docs/proofroom.toml",
];

/// How many files may inherit from each other.
const MOST_INHERITED: usize = 16;

/// Finds, reads and checks the configuration.
///
/// `explicit` is the file named on the command line; `folder_name` is the name
/// of a site that has no `site_name`.
pub fn load(
    explicit: Option<&SourcePath>,
    environment: &Environment,
    folder_name: &str,
    sources: &Sources<'_>,
) -> LoadedConfig {
    let read = RefCell::new(BTreeSet::new());
    let remembering = |path: &SourcePath| {
        read.borrow_mut().insert(path.clone());
        (sources.read)(path)
    };
    let loaded = load_from(
        explicit,
        environment,
        folder_name,
        &Sources {
            read: &remembering,
            ..*sources
        },
    );
    LoadedConfig {
        read: read.into_inner(),
        ..loaded
    }
}

fn load_from(
    explicit: Option<&SourcePath>,
    environment: &Environment,
    folder_name: &str,
    sources: &Sources<'_>,
) -> LoadedConfig {
    let mut loader = Loader::new(environment, sources);
    let found = find_files(sources);
    let file = explicit.or(found.first()).cloned();
    let tree = match &file {
        None => Ok(empty_mapping(&SourcePath::root())),
        Some(path) => loader.load_tree(path, None, &mut Vec::new()),
    };
    let root = match tree {
        Ok(root) => root,
        Err(error) => {
            loader.diagnostics.push(*error);
            return LoadedConfig {
                config: None,
                diagnostics: loader.diagnostics,
                keys: Vec::new(),
                places: loader.places,
                read: BTreeSet::new(),
            };
        }
    };
    if explicit.is_none()
        && let Some(file) = &file
    {
        let passed_over = found.iter().filter(|path| !loader.loaded.contains(path));
        let passed_over: Vec<_> = passed_over.collect();
        loader.diagnostics.extend(say_choice(file, &passed_over));
    }
    let origin = Origin {
        folder_name,
        mkdocs: loader.mkdocs,
        zensical: loader.zensical,
        must_have_name: loader.must_have_name,
        language: loader.languages.as_ref().map(Languages::current),
        file,
    };
    let mut reader = Reader {
        root: &root,
        folder: origin
            .file
            .as_ref()
            .map_or_else(SourcePath::root, project_folder),
        is_folder: sources.is_folder,
        sources,
        environment: &loader.environment,
        suggestions: Suggestions::default(),
        diagnostics: loader.diagnostics,
        places: loader.places,
    };
    let mut config = site::read(&mut reader, origin);
    apply_languages(&mut reader, &mut config, loader.languages);
    let keys = keys::read(&mut reader, &config.theme);
    LoadedConfig {
        config: Some(config),
        diagnostics: reader.diagnostics,
        keys,
        places: reader.places,
        read: BTreeSet::new(),
    }
}

/// The files that may be the configuration; the first one is.
fn find_files(sources: &Sources<'_>) -> Vec<SourcePath> {
    let files = CONFIG_FILES.iter().map(SourcePath::new);
    files
        .filter(|path| (sources.read)(path) != Read::Missing)
        .collect()
}

/// Tells which of several configurations is read.
fn say_choice(file: &SourcePath, passed_over: &[&SourcePath]) -> Option<Diagnostic> {
    let names: Vec<_> = passed_over.iter().map(|it| format!("`{it}`")).collect();
    let (last, rest) = names.split_last()?;
    let names = match rest {
        [] => last.clone(),
        rest => format!("{} and {last}", rest.join(", ")),
    };
    let message = format!("`{file}` is the configuration; {names} beside it has no effect");
    let note = Diagnostic::new(Rule::SeveralConfigs, message).at(Span::line(file, "", 1));
    Some(note.help("name another one with `--config-file`, or remove those that are not used"))
}

fn apply_languages(reader: &mut Reader<'_>, config: &mut Config, languages: Option<Languages>) {
    match languages {
        Some(languages) => {
            reader.report(languages::check_plugin(config));
            languages::apply(config, languages);
        }
        None => {
            reader.report(static_i18n::check_settings(config));
            let applied = languages::apply_without_table(config, reader.sources.language);
            reader.report(applied.err().map(|error| *error));
        }
    }
}

fn is_toml(path: &SourcePath) -> bool {
    path.extension() == Some("toml")
}

fn folder_of(file: &SourcePath) -> SourcePath {
    file.parent().unwrap_or_else(SourcePath::root)
}

/// The folder that the paths in a configuration file are relative to: the one
/// that it is in, or for `docs/proofroom.toml` the one that contains `docs`.
fn project_folder(file: &SourcePath) -> SourcePath {
    let folder = folder_of(file);
    match folder.parent() {
        Some(project) if file.name() == "proofroom.toml" && folder.name() == "docs" => project,
        _ => folder,
    }
}

fn empty_mapping(path: &SourcePath) -> Node {
    let place = SourceRange {
        source: Source::new(path, ""),
        start: 0,
        length: 0,
    };
    Node::new(Value::Mapping(Vec::new()), place)
}

struct Loader<'a> {
    /// What `!ENV` reads.
    environment: Environment,
    /// The same without the variables of a language.
    process: &'a Environment,
    sources: &'a Sources<'a>,
    diagnostics: Vec<Diagnostic>,
    places: SettingLocations,
    /// Whether one of the files is an `mkdocs.yml`, so that MkDocs' rules apply.
    mkdocs: bool,
    /// Whether one of the files is a `zensical.toml`.
    zensical: bool,
    /// Whether the main file is one that must have a `site_name`.
    must_have_name: bool,
    /// The files that were read.
    loaded: Vec<SourcePath>,
    /// The site's languages, with the wanted one chosen.
    languages: Option<Languages>,
}

impl<'a> Loader<'a> {
    fn new(process: &'a Environment, sources: &'a Sources<'a>) -> Self {
        Self {
            environment: process.clone(),
            process,
            sources,
            diagnostics: Vec::new(),
            places: SettingLocations::default(),
            mkdocs: false,
            zensical: false,
            must_have_name: false,
            loaded: Vec::new(),
            languages: None,
        }
    }

    /// A file merged onto those that it inherits from. `named_by` is the node
    /// that names it; `heirs` are the files that inherit from it.
    fn load_tree(
        &mut self,
        path: &SourcePath,
        named_by: Option<&Node>,
        heirs: &mut Vec<SourcePath>,
    ) -> Result<Node, Box<Diagnostic>> {
        if heirs.contains(path) {
            let message = format!("`{path}` inherits from itself");
            return Err(located(Diagnostic::new(Rule::BadValue, message), named_by));
        }
        if heirs.len() > MOST_INHERITED {
            let message =
                format!("more than {MOST_INHERITED} configuration files inherit from each other");
            let error = Diagnostic::new(Rule::BadValue, message);
            return Err(located(error.help("merge some of them"), named_by));
        }
        heirs.push(path.clone());
        let mut root = self.parse_file(path, named_by)?;
        let toml = is_toml(path);
        if let Some(table) = take_setting(&mut root, "languages")
            && toml
        {
            self.choose_language(&table, path);
        }
        let key = if toml { "base" } else { "INHERIT" };
        let Some(base) = take_setting(&mut root, key) else {
            return Ok(root);
        };
        let Some(name) = base.as_str() else {
            let message = format!("`{key}` takes the path of a file, not {}", base.kind());
            return Err(located(
                Diagnostic::new(Rule::BadValue, message),
                Some(&base),
            ));
        };
        let folder = if toml {
            project_folder(path)
        } else {
            folder_of(path)
        };
        let base_file = folder.join(name);
        self.find_docs(&base_file, heirs);
        let base_root = self.load_tree(&base_file, Some(&base), heirs)?;
        Ok(merge::merge(base_root, root))
    }

    /// The settings of one file, as a mapping.
    fn parse_file(
        &mut self,
        path: &SourcePath,
        named_by: Option<&Node>,
    ) -> Result<Node, Box<Diagnostic>> {
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
                    "make it a readable file: without it, this would be a different site",
                )));
            }
            Read::TooLarge => return Err(Box::new(yaml::too_large(path))),
            Read::Missing => return Err(self.missing(path, named_by)),
        };
        let is_main = self.loaded.is_empty();
        self.loaded.push(path.clone());
        let root = if is_toml(path) {
            let root = from_toml(path, &text)?;
            if zensical::is_zensical(path, &root) {
                self.mkdocs = true;
                self.zensical = true;
                self.must_have_name |= is_main;
                zensical::to_mkdocs(root)
            } else {
                root
            }
        } else {
            self.mkdocs = true;
            self.must_have_name |= is_main;
            let parsed = yaml::parse(path, &text)?;
            self.diagnostics.extend(parsed.diagnostics);
            yaml_tags::resolve_tags(parsed.node, &self.environment, &mut self.diagnostics)
        };
        match root.value {
            Value::Mapping(_) => Ok(root),
            Value::Null => Ok(Node::new(Value::Mapping(Vec::new()), root.place)),
            _ => {
                let message = format!(
                    "a configuration is a mapping of settings, not {}",
                    root.kind()
                );
                let error = Diagnostic::new(Rule::BadValue, message).at(root.span());
                Err(Box::new(error.help("write it as lines of `name: value`")))
            }
        }
    }

    /// Reads the table of languages, chooses the wanted one, and makes its
    /// variables available to the files that are read after this one.
    fn choose_language(&mut self, table: &Node, path: &SourcePath) {
        let (languages, diagnostics) = crate::languages::read(table, &project_folder(path));
        self.diagnostics.extend(diagnostics);
        let Some(mut languages) = languages else {
            return;
        };
        for (key, _) in table.entries().unwrap_or(&[]) {
            let subject = SettingRef::Language(key.key_text());
            self.places.insert(subject, key.span());
        }
        languages.choose(self.sources.language);
        let remark = languages::check_env_file(languages.current(), self.sources);
        let diagnostic = remark.map(|remark| self.places.locate(remark));
        self.diagnostics.extend(diagnostic);
        languages::extend_environment(&mut self.environment, languages.current(), self.sources);
        self.languages = Some(languages);
    }

    /// Finds the docs folders of languages that do not name theirs: the base
    /// configuration may take them from the environment, which differs between
    /// languages.
    fn find_docs(&mut self, base: &SourcePath, heirs: &[SourcePath]) {
        let Some(mut languages) = self.languages.take() else {
            return;
        };
        for at in 0..languages.all.len() {
            let language = &languages.all[at];
            if at == languages.current || language.docs.is_some() {
                continue;
            }
            let mut loader = Loader::new(self.process, self.sources);
            languages::extend_environment(&mut loader.environment, language, self.sources);
            // Its errors are the current language's too, which reports them.
            languages.all[at].docs = loader
                .load_tree(base, None, &mut heirs.to_vec())
                .ok()
                .and_then(|tree| {
                    let docs = tree.get("docs_dir")?.as_str()?;
                    Some(folder_of(base).join(docs))
                });
        }
        self.languages = Some(languages);
    }

    fn missing(&self, path: &SourcePath, named_by: Option<&Node>) -> Box<Diagnostic> {
        let message = format!("the configuration file `{path}` does not exist");
        let error = located(Diagnostic::new(Rule::MissingConfig, message), named_by);
        let folder = folder_of(path);
        let siblings: Vec<SourcePath> = CONFIG_FILES.iter().map(|name| folder.join(name)).collect();
        let existing = siblings
            .iter()
            .filter(|path| (self.sources.read)(path) != Read::Missing)
            .map(SourcePath::as_str);
        let is_whole = named_by.and_then(Node::as_str) == Some(path.as_str());
        let near = Suggestions::default().suggest(path.as_str(), existing);
        Box::new(match near {
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

/// Removes a setting from a mapping.
fn take_setting(root: &mut Node, name: &str) -> Option<Node> {
    let Value::Mapping(entries) = &mut root.value else {
        return None;
    };
    let at = entries
        .iter()
        .position(|(key, _)| key.as_str() == Some(name))?;
    Some(entries.remove(at).1)
}
