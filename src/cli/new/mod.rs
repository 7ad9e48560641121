use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::terminal;
use crate::config::CONFIG_FILES;
use crate::nav::section_title;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to make the site in; the current one by default.
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Print problems only.
    #[arg(short, long)]
    quiet: bool,
}

/// A file of a new site.
struct NewFile {
    path: &'static str,
    text: &'static str,
    /// What it is, for the list of what was made.
    what: &'static str,
    /// Whether the site does without it where there is a file of its name.
    is_optional: bool,
}

/// The files of a new site.
const FILES: [NewFile; 7] = [
    NewFile {
        path: "docs/proofroom.toml",
        text: include_str!("site/proofroom.toml"),
        what: "the settings",
        is_optional: false,
    },
    NewFile {
        path: "docs/index.md",
        text: include_str!("site/index.md"),
        what: "the front page",
        is_optional: false,
    },
    NewFile {
        path: "docs/start.md",
        text: include_str!("site/start.md"),
        what: "a page that tells what belongs where",
        is_optional: false,
    },
    NewFile {
        path: "docs/writing.md",
        text: include_str!("site/writing.md"),
        what: "a page with a little of everything",
        is_optional: false,
    },
    NewFile {
        path: "docs/sheet-to-page.svg",
        text: include_str!("site/sheet-to-page.svg"),
        what: "an image",
        is_optional: false,
    },
    NewFile {
        path: ".github/workflows/pages.yml",
        text: include_str!("site/pages.yml"),
        what: "checks and publishes the site on GitHub",
        is_optional: false,
    },
    NewFile {
        path: ".gitignore",
        text: include_str!("site/gitignore"),
        what: "keeps the built site out of the repository",
        is_optional: true,
    },
];

/// Makes a small site, if there is none yet.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let current = std::env::current_dir().context("cannot find the current folder")?;
    let given = arguments.folder.as_deref();
    let folder = current.join(given.unwrap_or(Path::new("")));
    check_free(&folder)?;
    fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let name = site_name(&folder);
    let is_there = |file: &NewFile| fs::symlink_metadata(folder.join(file.path)).is_ok();
    let files: Vec<&NewFile> = FILES.iter().filter(|file| !is_there(file)).collect();
    for file in &files {
        write_new(&folder, file, &name)?;
    }
    if arguments.quiet {
        return Ok(ExitCode::SUCCESS);
    }
    match given {
        Some(given) => terminal::out(format_args!("Made a site in {}:", given.display())),
        None => terminal::out("Made a site:"),
    }
    let longest = files.iter().map(|file| file.path.len()).max().unwrap_or(0);
    for file in files {
        terminal::out(format_args!("  {:longest$}  {}", file.path, file.what));
    }
    terminal::out("\nNext:");
    if let Some(given) = given {
        terminal::out(format_args!("  cd {}", given.display()));
    }
    terminal::out("  proofroom serve --open     shows the site while you write");
    terminal::out("  proofroom check --strict   finds mistakes");
    terminal::out("  proofroom build            writes the site to the folder `site`");
    Ok(ExitCode::SUCCESS)
}

/// Fails if a folder has a site already, or a file that would be in the way.
fn check_free(folder: &Path) -> Result<()> {
    let is_there = |path: &str| fs::symlink_metadata(folder.join(path)).is_ok();
    if let Some(config) = CONFIG_FILES.iter().find(|path| is_there(path)) {
        bail!(
            "there is a site already, with the configuration `{config}`, and nothing was \
             changed; `proofroom serve` shows it"
        );
    }
    let needed = FILES.iter().filter(|file| !file.is_optional);
    let paths = needed.map(|file| file.path);
    let taken: Vec<String> = paths
        .filter(|path| is_there(path))
        .map(|path| format!("`{path}`"))
        .collect();
    if taken.is_empty() {
        return Ok(());
    }
    let (verb, them) = match taken.len() {
        1 => ("exists", "it"),
        _ => ("exist", "them"),
    };
    bail!(
        "{} {verb} already, and nothing was changed; name another folder, or move {them} away",
        taken.join(", ")
    )
}

/// What a site in a folder is called.
fn site_name(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().filter(|char| !char.is_control()).collect();
    match name.trim() {
        "" => "Documentation".to_owned(),
        name => section_title(name),
    }
}

/// Writes a file that does not exist.
fn write_new(folder: &Path, file: &NewFile, name: &str) -> Result<()> {
    let path = folder.join(file.path);
    let above = path.parent().unwrap_or(folder);
    fs::create_dir_all(above)
        .with_context(|| format!("cannot make the folder `{}`", above.display()))?;
    // Without control characters, a string of JSON is one of TOML.
    let name = serde_json::Value::from(name).to_string();
    let text = file.text.replace("SITE_NAME", &name);
    let text = text.replace("VERSION", env!("CARGO_PKG_VERSION"));
    let made = File::create_new(&path).and_then(|mut it| it.write_all(text.as_bytes()));
    made.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow::anyhow!("`{}` exists already", file.path),
        _ => error.into(),
    })
    .with_context(|| format!("cannot write `{}`", path.display()))
}
