use std::collections::BTreeSet;
use std::io::{ErrorKind, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use terminal_size::{Width, terminal_size};

use super::{Common, Withheld, blame, impact, project, recover, terminal};
use crate::ages::TableStyle;
use crate::git::Texts;
use crate::session::{KeptStates, Progress, Translations, each_translation};
use crate::translations::{
    Inconsistency, KnownStates, LanguageState, badge_endpoint, badge_svg, consistency_json,
    consistency_table, inconsistencies, is_badge, table, terms, write_json,
};

use super::project::Project;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The project's folder; the current one by default.
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Show only this language.
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    /// The configuration file of the site.
    #[arg(short = 'f', long, value_name = "FILE")]
    config_file: Option<PathBuf>,
    /// Show only which translations get out of date by what changed since this revision,
    /// as a Markdown table.
    #[arg(long, value_name = "BASE")]
    impact: Option<String>,
    /// Show only which texts of the source are translated in several ways in one language.
    #[arg(long, conflicts_with_all = ["impact", "badge"])]
    consistency: bool,
    /// Write a badge for a README with the share of passages that are current: an SVG, or
    /// what shields.io makes one from if the name ends in `.json`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["impact", "json"])]
    badge: Option<PathBuf>,
    /// Print a JSON list of objects.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find translations in the history that were replaced by the text of the source.
    Recover(recover::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let common = Common {
        folder: arguments.folder.clone(),
        config_file: arguments.config_file.clone(),
        ..Common::default()
    };
    let project = project::open(&common, true, Withheld::default())?;
    let Some(languages) = project.sites.languages() else {
        bail!(
            "this site has one language\n\
             help: `[languages]` in `proofroom.toml` says which there are"
        );
    };
    let recovering = arguments.command.as_ref();
    let recovering = recovering.map(|Command::Recover(recovering)| recovering);
    let of_command = recovering.map(|it| it.language.as_str());
    if let Some(code) = of_command.or(arguments.language.as_deref()) {
        project::check_language(code, Some(&languages))?;
        let source = &languages.default().code;
        if code == source {
            bail!("`{code}` is the language that others are translated from");
        }
    }
    if let Some(recovering) = recovering {
        return recover::run(recovering, &project);
    }
    if arguments.consistency {
        return consistency(arguments, &project);
    }
    let cache = blame::cache();
    let kept = KeptStates::of(&project.disk, cache.as_deref());
    let history = Texts::new(project.disk.clone(), cache.as_deref());
    let language = arguments.language.as_deref();
    let known = KnownStates::new(kept.read());
    let asked = Translations {
        sites: &project.sites,
        history: &history,
        known: &known,
        stay: false,
    };
    let found = asked.all(language, &Progress::default());
    // States of other languages that were known are kept too.
    if known.found() > 0 {
        kept.write(&known, language.is_none());
    }
    let pages = found.iter().flat_map(|it| &it.pages);
    let unknown: BTreeSet<&str> = pages.filter_map(|it| it.state.unknown.as_deref()).collect();
    for why in unknown {
        terminal::err(format_args!("note: what is stale is not known: {why}"));
    }
    if let Some(revision) = &arguments.impact {
        let impacts = impact::find(&project, &history, &found, revision)?;
        let text = if arguments.json {
            format!("{:#}\n", impact::as_json(&impacts))
        } else {
            impact::as_markdown(&impacts)
        };
        terminal::write(&text)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(file) = &arguments.badge {
        return write_badge(file, &found);
    }
    if arguments.json {
        terminal::write_with(|out| write_json(&found, out))?;
        return Ok(ExitCode::SUCCESS);
    }
    let width = if std::io::stdout().is_terminal() {
        terminal_size().map(|(Width(width), _)| usize::from(width))
    } else {
        None
    };
    let colour = false;
    let text = table(&found, TableStyle { width, colour });
    terminal::write(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a badge, but over no other file.
fn write_badge(file: &Path, found: &[LanguageState]) -> Result<ExitCode> {
    let shown = || format!("`{}`", file.display());
    match std::fs::read_to_string(file) {
        Ok(text) if !is_badge(&text) => bail!(
            "{} is another file, and is not overwritten\n\
             help: name a new file for the badge",
            shown()
        ),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", shown())),
    }
    let is_json = file
        .extension()
        .is_some_and(|it| it.eq_ignore_ascii_case("json"));
    let badge = if is_json {
        badge_endpoint(found)
    } else {
        badge_svg(found)
    };
    std::fs::write(file, badge).with_context(|| format!("{} cannot be written", shown()))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints which texts are translated in several ways. The history is not asked.
fn consistency(arguments: &Arguments, project: &Project) -> Result<ExitCode> {
    let language = arguments.language.as_deref();
    let found = each_translation(&project.sites, language, |source, own| {
        terms(&own.source, &source.text, &own.text)
    });
    let found: Vec<(String, Vec<Inconsistency>)> = found
        .into_iter()
        .map(|(language, terms)| (language, inconsistencies(terms)))
        .collect();
    if arguments.json {
        terminal::write(&format!("{:#}\n", consistency_json(&found)))?;
    } else {
        let tables = found
            .iter()
            .map(|(code, found)| consistency_table(code, found));
        terminal::write(&tables.collect::<String>())?;
    }
    Ok(ExitCode::SUCCESS)
}
