mod report;

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use terminal_size::{Width, terminal_size};

use super::{Common, Withheld, project, terminal};
use crate::ages::{Dating, TableStyle, runs_as_json, table};
use crate::files::SourcePath;
use crate::git::{Ages, Blamer};
use crate::session::site_ages;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The file; with `--site` the project's folder, which is the current one by
    /// default.
    #[arg(value_name = "FILE", required_unless_present = "site")]
    file: Option<PathBuf>,
    /// Show the file as of a revision instead of its current state.
    #[arg(long, value_name = "REV", conflicts_with = "site")]
    rev: Option<String>,
    /// Show all pages and blocks of the site, the oldest first.
    #[arg(long)]
    site: bool,
    /// Show only pages below this folder of the project.
    #[arg(long, value_name = "FOLDER", requires = "site")]
    folder: Option<String>,
    /// Show only pages in this language.
    #[arg(long, value_name = "CODE", requires = "site")]
    language: Option<String>,
    /// The configuration file of the site.
    #[arg(short = 'f', long, value_name = "FILE", requires = "site")]
    config_file: Option<PathBuf>,
    /// Print a JSON list of objects.
    #[arg(long)]
    json: bool,
    /// Which date of a commit counts.
    #[arg(long, value_enum, default_value_t = Date::Author)]
    date: Date,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Date {
    /// When the author made the change.
    Author,
    /// When it was committed in its present form.
    Committer,
}

impl From<Date> for Dating {
    fn from(date: Date) -> Self {
        match date {
            Date::Author => Self::Author,
            Date::Committer => Self::Committer,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.file {
        Some(file) if !arguments.site => blame_file(arguments, file),
        _ => blame_site(arguments),
    }
}

fn blame_file(arguments: &Arguments, file: &Path) -> Result<ExitCode> {
    let blamer = Blamer::new(cache().as_deref());
    let blame = match &arguments.rev {
        Some(revision) => blamer.at(file, revision),
        None => blamer.now(file),
    };
    let blame = blame.with_context(|| format!("no ages of `{}`", file.display()))?;
    for note in blamer.notes() {
        terminal::err(format_args!("note: {note}"));
    }
    let dating = arguments.date.into();
    let text = if arguments.json {
        format!("{:#}\n", runs_as_json(&blame, dating))
    } else {
        table(&blame, dating, look())
    };
    terminal::write(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn blame_site(arguments: &Arguments) -> Result<ExitCode> {
    let common = Common {
        folder: arguments.file.clone(),
        config_file: arguments.config_file.clone(),
        language: arguments.language.clone(),
        ..Common::default()
    };
    let project = project::open(&common, true, Withheld::default())?;
    let ages = Ages::new(project.disk, cache().as_deref(), arguments.date.into());
    let mut site = site_ages(&project.sites, &ages, true);
    let unknown = site.unknown.iter().map(ToString::to_string);
    let notes: BTreeSet<String> = unknown.chain(ages.notes()).collect();
    for note in notes {
        terminal::err(format_args!("note: {note}"));
    }
    let folder = SourcePath::new(arguments.folder.as_deref().unwrap_or(""));
    site.pages
        .retain(|page| page.source.below(&folder).is_some());
    let dating = arguments.date.into();
    let text = if arguments.json {
        format!("{:#}\n", report::as_json(&site, dating))
    } else {
        report::table(&site, dating, look())
    };
    terminal::write(&text)?;
    Ok(if site.pages.is_empty() && !site.unknown.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// How to print for the terminal, or for a file or pipe.
fn look() -> TableStyle {
    if !std::io::stdout().is_terminal() {
        return TableStyle {
            width: None,
            colour: false,
        };
    }
    TableStyle {
        width: terminal_size().map(|(Width(width), _)| usize::from(width)),
        colour: std::env::var_os("NO_COLOR").is_none(),
    }
}

/// The cache folder, in the system's usual place.
pub(super) fn cache() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    // A relative path would be inside of the project.
    let absolute = |path: &PathBuf| path.is_absolute();
    let system = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Caches"))
    } else {
        variable("HOME").map(|home| home.join(".cache"))
    };
    let xdg = variable("XDG_CACHE_HOME").filter(absolute);
    let folder = xdg.or(system.filter(absolute))?;
    Some(folder.join("proofroom"))
}
