use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use super::kept::KeptPictures;
use super::{Common, Withheld, clock, terminal};
use crate::config::{Editor, Environment};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::files::{Archives, Disk, Keeper, Overlay, SourcePath, System};
use crate::git::Git;
use crate::languages::Languages;
use crate::session::Sites;
use crate::site::{Invocation, queries};

/// The project that a command works on.
pub(super) struct Project {
    pub(super) disk: Disk,
    pub(super) sites: Sites,
    /// Texts that are not saved, if the project is opened for fixes.
    pub(super) unsaved: Option<Overlay>,
    /// The editor from `VISUAL` or `EDITOR`, or why it cannot be used.
    pub(super) own_editor: Result<Option<Editor>, Box<Diagnostic>>,
    /// The environment variables.
    pub(super) environment: Environment,
    /// The user's home folder.
    pub(super) home: Option<PathBuf>,
}

impl Project {
    /// Whether there is neither a configuration nor a page.
    fn has_nothing(&self) -> bool {
        self.sites.main().ask(|db| queries::has_nothing(db)).1
    }

    /// Whether a folder is in the docs of the site, in any language.
    fn has_docs_around(&self, folder: &Path) -> bool {
        let Some(config) = self.sites.main().ask(|db| queries::config(db)).1 else {
            return false;
        };
        let languages = config.languages.iter().flat_map(|it| &it.all);
        let of_languages = languages.filter_map(|language| language.docs.as_ref());
        let mut docs = of_languages.chain([&config.docs_dir]);
        let folder = folder.canonicalize();
        let folder = folder.ok().and_then(|folder| self.disk.source(&folder));
        folder
            .is_some_and(|folder| docs.any(|docs| folder == *docs || folder.below(docs).is_some()))
    }

    /// Fails if there is neither a configuration nor a page: a command was likely called
    /// in the wrong folder.
    fn must_have_something(self) -> Result<Self> {
        if self.has_nothing() {
            bail!(
                "there is no site in `{}`: neither a configuration nor a page; `proofroom new` \
                 makes a small one",
                self.disk.root().display()
            );
        }
        Ok(self)
    }
}

/// Opens the project: the folder of the configuration file, the given folder, or
/// the current one.
pub(super) fn open(common: &Common, serves: bool, withheld: Withheld) -> Result<Project> {
    let project = open_as(common, (serves, serves), withheld, (false, false))?;
    project.must_have_something()
}

/// The same for a command that tries fixes: sources may have texts that are not saved.
pub(super) fn open_to_fix(common: &Common, withheld: Withheld) -> Result<Project> {
    let project = open_as(common, (true, true), withheld, (false, true))?;
    project.must_have_something()
}

/// The same for `serve`, which may treat files of other sites as the plugin `privacy` does.
pub(super) fn open_to_serve(common: &Common, fetch_assets: bool) -> Result<Project> {
    let project = open_as(
        common,
        (true, true),
        Withheld::default(),
        (fetch_assets, false),
    )?;
    if project.has_nothing() {
        terminal::err(
            "note: there is no page yet; write one, such as `index.md`, or let `proofroom new` \
             make a small site",
        );
    }
    Ok(project)
}

/// The same for commands that may treat files of other sites as the plugin `privacy` does,
/// whether it is enabled or not.
pub(super) fn open_to_build(
    common: &Common,
    withheld: Withheld,
    fetch_assets: bool,
) -> Result<Project> {
    let project = open_as(common, (false, false), withheld, (fetch_assets, false))?;
    project.must_have_something()
}

/// The same for a comparison, which names lines of the sources.
pub(super) fn open_for_review(
    common: &Common,
    drafts: bool,
    withheld: Withheld,
) -> Result<Project> {
    open_as(common, (drafts, true), withheld, (false, false))
}

/// Who a project is opened for: whether drafts are shown, whether pages name lines of their
/// sources, whether files of other sites are fetched, and whether fixes are tried.
type Purpose = ((bool, bool), Withheld, (bool, bool));

fn open_as(
    common: &Common,
    shows: (bool, bool),
    withheld: Withheld,
    works: (bool, bool),
) -> Result<Project> {
    let purpose = (shows, withheld, works);
    let current = std::env::current_dir().context("cannot find the current folder")?;
    if common.config_file.is_none()
        && common.folder.is_none()
        && let Some(root) = super::above::root_above(&current)
    {
        let project = open_at(common, &root, None, purpose)?;
        if project.has_docs_around(&current) {
            if !common.quiet {
                let root = project.disk.root().display();
                terminal::err(format_args!(
                    "note: this folder belongs to the site in `{root}`"
                ));
            }
            return Ok(project);
        }
    }
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
    open_at(common, &root, config_file, purpose)
}

fn open_at(
    common: &Common,
    root: &Path,
    config_file: Option<SourcePath>,
    ((drafts, sources), withheld, (fetch_assets, fixes)): Purpose,
) -> Result<Project> {
    let disk = Disk::new(root).with_context(|| format!("`{}` is not a folder", root.display()))?;
    // The root of a file system has no name.
    let name = disk.root().file_name().unwrap_or_default();
    // Variables that are not UTF-8 cannot be used in a configuration.
    let environment: Environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let theme_path = common.theme_path.as_ref().map(|path| {
        // Links are resolved here, because those below the root must not lead
        // out of it.
        source(&disk, &path.canonicalize().unwrap_or_else(|_| path.clone()))
    });
    let own_editor = own_editor(&environment);
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    let call = Invocation {
        config_file,
        theme_path: theme_path.transpose()?,
        language: common.language.clone(),
        moment: moment(&environment).into(),
        environment: environment.clone(),
        folder_name: name.to_string_lossy().into_owned(),
        drafts,
        publish_withheld: withheld.publish_withheld,
        fetch_assets,
        use_directory_urls: common.directory_urls(),
        theme: common.theme.clone(),
        sources,
        font_folders: font_folders(&disk, home.as_deref()),
        kept: Keeper(Some(Arc::new(KeptPictures::new(&disk)))),
    };
    let on_disk: Arc<dyn System> = Arc::new(disk.clone());
    let unsaved = fixes.then(|| Overlay::new(on_disk.clone()));
    let sources = match &unsaved {
        Some(overlay) => Arc::new(overlay.clone()),
        None => on_disk,
    };
    let system = Arc::new(Archives::new(sources));
    let history = Arc::new(Git::new(disk.root()));
    let sites = Sites::new(system, history, call);
    if let Some(code) = &common.language {
        check_language(code, sites.languages().as_deref())?;
    }
    Ok(Project {
        disk,
        sites,
        unsaved,
        own_editor,
        environment,
        home,
    })
}

/// The folders in which this machine has fonts.
fn font_folders(disk: &Disk, home: Option<&Path>) -> Vec<SourcePath> {
    const OF_SYSTEM: [&str; 5] = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ];
    const OF_USER: [&str; 3] = [".local/share/fonts", ".fonts", "Library/Fonts"];
    let of_user = home
        .into_iter()
        .flat_map(|home| OF_USER.map(|folder| home.join(folder)));
    let folders = of_user.chain(OF_SYSTEM.map(PathBuf::from));
    let folders = folders.filter(|folder| folder.is_dir());
    folders.filter_map(|folder| disk.source(&folder)).collect()
}

fn own_editor(environment: &Environment) -> Result<Option<Editor>, Box<Diagnostic>> {
    let variables = ["VISUAL", "EDITOR"].into_iter();
    let mut variables = variables.filter_map(|name| Some((name, environment.get(name)?)));
    let Some((name, text)) = variables.find(|(_, text)| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let refused = |why: &str| {
        let message = format!("the editor in `${name}` is not used: {why}");
        let note = Diagnostic::new(Rule::RefusedEditor, message);
        let help = "name one with `--editor`, such as `--editor vscode`, or correct the variable";
        Box::new(note.help(help))
    };
    match text.parse() {
        Ok(Editor::Own) => Err(refused("it refers to itself")),
        Ok(editor) => Ok(Some(editor)),
        Err(error) => Err(refused(&error)),
    }
}

/// Fails if the project does not have a language.
pub(super) fn check_language(code: &str, languages: Option<&Languages>) -> Result<()> {
    let Some(languages) = languages else {
        bail!("the site has no languages: name them in `[languages]` in proofroom.toml");
    };
    let codes = languages.all.iter().map(|language| language.code.as_str());
    if codes.clone().any(|known| known == code) {
        return Ok(());
    }
    match Suggestions::default().suggest(code, codes) {
        Some(near) => {
            let near = near.name;
            bail!("`{code}` is not one of the languages; did you mean `{near}`?")
        }
        None => {
            let example = &languages.default().code;
            bail!("`{code}` is not one of the languages, such as `{example}`")
        }
    }
}

/// The time of this call, in seconds since 1970: that in `SOURCE_DATE_EPOCH`,
/// which MkDocs supports too, otherwise the current time.
fn moment(environment: &Environment) -> i64 {
    let given = given_moment(environment).unwrap_or_else(|text| {
        terminal::err(format_args!(
            "note: `SOURCE_DATE_EPOCH` is not a number of seconds and is ignored: `{text}`"
        ));
        None
    });
    given.unwrap_or_else(clock::now)
}

/// The time in `SOURCE_DATE_EPOCH`, or its text if that is not a time.
pub(super) fn given_moment(environment: &Environment) -> Result<Option<i64>, &str> {
    let Some(text) = environment.get("SOURCE_DATE_EPOCH") else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| text.as_str())
}

/// The project's root and the path of the configuration file in it. A
/// `proofroom.toml` in `docs/` belongs to the project that contains that folder.
fn root_of(file: &Path) -> Result<(PathBuf, SourcePath)> {
    let name = file.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("`{}` is not UTF-8", file.display()))?;
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let folder = folder
        .canonicalize()
        .with_context(|| format!("cannot open the folder `{}`", folder.display()))?;
    match folder.parent() {
        Some(root)
            if name == "proofroom.toml" && folder.file_name().is_some_and(|it| it == "docs") =>
        {
            Ok((root.to_owned(), SourcePath::new(format!("docs/{name}"))))
        }
        _ => Ok((folder, SourcePath::new(name))),
    }
}

/// The source at a path from the command line.
pub(super) fn source(disk: &Disk, path: &Path) -> Result<SourcePath> {
    let absolute =
        std::path::absolute(path).with_context(|| format!("`{}` is not a path", path.display()))?;
    disk.source(&absolute)
        .with_context(|| format!("`{}` is not UTF-8", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        variables.iter().map(owned).collect()
    }

    #[test]
    fn the_editor_is_the_first_that_the_variables_name() {
        let vim: Editor = "vim".parse().expect("an editor");
        let ed: Editor = "ed".parse().expect("an editor");
        for (variables, expected) in [
            (&[][..], Ok(None)),
            (&[("VISUAL", "vim"), ("EDITOR", "ed")], Ok(Some(&vim))),
            (&[("VISUAL", " "), ("EDITOR", "ed")], Ok(Some(&ed))),
            (&[("EDITOR", "$EDITOR")], Err("`$EDITOR`")),
            (&[("VISUAL", "sh -c 'vim {path}'")], Err("`$VISUAL`")),
        ] {
            let found = own_editor(&environment(variables));
            match (&found, expected) {
                (Ok(editor), Ok(expected)) => assert_eq!(editor.as_ref(), expected),
                (Err(why), Err(expected)) => {
                    assert!(why.message.contains(expected), "{}", why.message);
                }
                _ => panic!("{variables:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_build_may_pretend_to_be_made_at_another_time() {
        assert_eq!(moment(&environment(&[("SOURCE_DATE_EPOCH", "12")])), 12);
        for variables in [&[][..], &[("SOURCE_DATE_EPOCH", "today")]] {
            assert!(moment(&environment(variables)) > 1_700_000_000);
        }
    }

    #[test]
    fn a_configuration_file_says_where_the_project_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("it is there");
        std::fs::create_dir_all(root.join("docs")).expect("a folder");
        for (file, expected) in [
            ("mkdocs.yml", ("", "mkdocs.yml")),
            ("docs/proofroom.toml", ("", "docs/proofroom.toml")),
            ("docs/mkdocs.yml", ("docs", "mkdocs.yml")),
        ] {
            let (found, name) = root_of(&root.join(file)).expect("a folder");
            let (above, expected) = expected;
            assert_eq!(found, root.join(above), "{file}");
            assert_eq!(name.as_str(), expected, "{file}");
        }
        assert!(root_of(&root.join("none/mkdocs.yml")).is_err());
    }

    #[test]
    fn a_language_that_there_is_not_is_refused_with_what_may_be_meant() {
        let files = crate::files::Memory::new([(
            "proofroom.toml",
            "site_name = \"S\"\n[languages]\nen = { docs = \"docs\" }\nzh-Hant = {}\n",
        )]);
        let history = Arc::new(crate::files::NoHistory);
        let sites = Sites::new(Arc::new(files), history, Invocation::default());
        let languages = sites.languages();
        let said = |code: &str, languages: Option<&Languages>| {
            check_language(code, languages)
                .err()
                .map_or_else(String::new, |error| error.to_string())
        };
        assert_eq!(said("zh-Hant", languages.as_deref()), "");
        assert!(said("zh-hant", languages.as_deref()).contains("did you mean `zh-Hant`?"));
        assert!(said("xxxxxx", languages.as_deref()).contains("`en`"));
        assert!(said("en", None).contains("[languages]"));
    }
}
