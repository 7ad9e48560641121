use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};

use super::Common;
use crate::config::{Editor, Environment};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::files::{Archives, Disk, SourcePath};
use crate::git::Git;
use crate::languages::Languages;
use crate::session::Sites;
use crate::site::Call;

/// The project that a command works on.
pub(super) struct Project {
    pub(super) disk: Disk,
    pub(super) sites: Sites,
    /// The editor that `VISUAL` or `EDITOR` names, or why it is not used.
    pub(super) own_editor: Result<Option<Editor>, Box<Diagnostic>>,
    /// The home folder of whoever calls.
    pub(super) home: Option<PathBuf>,
}

/// Finds the project: the folder of the configuration file, the folder that
/// was named, or the current one.
pub(super) fn open(common: &Common, serves: bool) -> Result<Project> {
    let current = std::env::current_dir().context("the current folder cannot be read")?;
    let folder = common.folder.as_deref().unwrap_or(&current);
    let (root, config_file) = match &common.config_file {
        Some(file) => {
            let path = folder.join(file);
            if !path.is_file() {
                bail!("the configuration file `{}` does not exist", file.display());
            }
            let (root, name) = root_of(&path)?;
            (root, Some(name))
        }
        None => (folder.to_owned(), None),
    };
    let disk = Disk::new(&root).with_context(|| format!("`{}` is no folder", root.display()))?;
    let name = disk.root().file_name().unwrap_or_default();
    let environment: Environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let theme_path = common.theme_path.as_ref().map(|path| {
        // Links are resolved here, for below the root none may lead out of it.
        source(&disk, &path.canonicalize().unwrap_or_else(|_| path.clone()))
    });
    let own_editor = own_editor(&environment);
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    let call = Call {
        config_file,
        theme_path: theme_path.transpose()?,
        language: common.language.clone(),
        moment: moment(&environment),
        environment,
        folder_name: name.to_string_lossy().into_owned(),
        drafts: serves,
        use_directory_urls: match (common.use_directory_urls, common.no_directory_urls) {
            (false, false) => None,
            (yes, _) => Some(yes),
        },
        theme: common.theme.clone(),
        sources: serves,
    };
    let system = Arc::new(Archives::new(Arc::new(disk.clone())));
    let history = Arc::new(Git::new(disk.root()));
    let sites = Sites::new(system, history, call);
    if let Some(code) = &common.language {
        known(code, sites.languages().as_deref())?;
    }
    Ok(Project {
        disk,
        sites,
        own_editor,
        home,
    })
}

fn own_editor(environment: &Environment) -> Result<Option<Editor>, Box<Diagnostic>> {
    let named = ["VISUAL", "EDITOR"].map(|name| (name, environment.get(name)));
    let mut named = named
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?)));
    let Some((name, text)) = named.find(|(_, text)| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let refused = |why: &str| {
        let message = format!("the editor that `${name}` names is not used: {why}");
        let note = Diagnostic::new(Rule::RefusedEditor, message);
        let help = "name one with `--editor`, such as `--editor vscode`, or correct the variable";
        Box::new(note.help(help))
    };
    match text.parse() {
        Ok(Editor::Own) => Err(refused("it names itself")),
        Ok(editor) => Ok(Some(editor)),
        Err(error) => Err(refused(&error)),
    }
}

/// Refuses a language that the project does not have.
fn known(code: &str, languages: Option<&Languages>) -> Result<()> {
    let Some(languages) = languages else {
        bail!("there are no languages here: name them in `[languages]` of proofroom.toml");
    };
    let mut codes = languages.all.iter().map(|language| language.code.as_str());
    if codes.clone().any(|known| known == code) {
        return Ok(());
    }
    match Suggestions::default().suggest(code, codes.clone()) {
        Some(near) => {
            let near = near.name;
            bail!("`{code}` is none of the languages; did you mean `{near}`?")
        }
        None => {
            let first = codes.next().unwrap_or_default();
            bail!("`{code}` is none of the languages, such as `{first}`")
        }
    }
}

/// When this call is made, or the moment that builds are to pretend it is
/// (`SOURCE_DATE_EPOCH`, which MkDocs reads too).
fn moment(environment: &Environment) -> i64 {
    let given = environment.get("SOURCE_DATE_EPOCH");
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).ok();
    given
        .and_then(|given| given.parse().ok())
        .or_else(|| now().and_then(|now| i64::try_from(now.as_secs()).ok()))
        .unwrap_or_default()
}

/// The project's root and the configuration file below it. A file in `docs/`
/// configures the project round that folder.
fn root_of(file: &Path) -> Result<(PathBuf, SourcePath)> {
    let name = file.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("`{}` is not UTF-8", file.display()))?;
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let folder = folder
        .canonicalize()
        .with_context(|| format!("`{}` cannot be read", folder.display()))?;
    match folder.parent() {
        Some(root)
            if name == "proofroom.toml" && folder.file_name().is_some_and(|it| it == "docs") =>
        {
            Ok((root.to_owned(), SourcePath::new(format!("docs/{name}"))))
        }
        _ => Ok((folder, SourcePath::new(name))),
    }
}

/// A path of the command line as a source of the project.
pub(super) fn source(disk: &Disk, path: &Path) -> Result<SourcePath> {
    let absolute =
        std::path::absolute(path).with_context(|| format!("`{}` is no path", path.display()))?;
    disk.source(&absolute)
        .with_context(|| format!("`{}` is not UTF-8", path.display()))
}
