use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::fetching::Fetching;
use super::{Common, Strictness, Withheld, project, terminal, without_effect};
use crate::build;
use crate::plugins::privacy::Downloads;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) common: Common,
    /// The folder to write the site to.
    #[arg(short = 'd', long, value_name = "FOLDER")]
    site_dir: Option<PathBuf>,
    #[command(flatten)]
    strictness: Strictness,
    #[command(flatten)]
    withheld: Withheld,
    #[command(flatten)]
    fetching: Fetching,
    /// Remove outdated files of earlier builds from the site folder (always done).
    #[arg(short, long)]
    clean: bool,
    /// Accepted for compatibility with MkDocs; builds are always complete.
    #[arg(long)]
    dirty: bool,
    /// Write into a folder with files that no build has made: files of the same
    /// names are overwritten, and all others are kept.
    #[arg(long)]
    adopt: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let begun = Instant::now();
    without_effect("--dirty", arguments.dirty, "builds are always complete");
    let project = project::open_to_build(
        &arguments.common,
        arguments.withheld,
        arguments.fetching.fetch_assets,
    )?;
    project.disk.remember_folders();
    let site_dir = arguments
        .site_dir
        .as_ref()
        .map(|path| project::source(&project.disk, path));
    let options = build::Options {
        site_dir: site_dir.transpose()?,
        strict: arguments.strictness.given(),
        adopt: arguments.adopt,
        home: project.home.clone(),
    };
    let bar = progress_bar(arguments.common.quiet);
    let progress = |done: usize, pages: usize| {
        bar.set_length(pages as u64);
        bar.set_position(done as u64);
    };
    let notice = |note: String| bar.suspend(|| terminal::err(format_args!("note: {note}")));
    let downloads = arguments.fetching.downloads(&project.disk)?;
    let downloads: Option<&dyn Downloads> = if arguments.fetching.is_offline() {
        None
    } else {
        Some(&downloads)
    };
    let (disk, sites) = (&project.disk, &project.sites);
    let report = build::build(disk, sites, &options, downloads, &progress, &notice)
        .context("the site cannot be written")?;
    bar.finish_and_clear();
    terminal::print(&report.diagnostics, arguments.common.verbose > 0);
    if arguments.common.verbose == 0 {
        for loss in terminal::losses(&report.diagnostics) {
            terminal::err(loss);
        }
    }
    let seconds = begun.elapsed().as_secs_f32();
    let problems = terminal::count(&report.diagnostics);
    if !report.written {
        terminal::err(format_args!(
            "The site was not written: {problems} ({seconds:.2} s). The previous site is unchanged."
        ));
        return Ok(ExitCode::FAILURE);
    }
    if !arguments.common.quiet {
        let problems = match problems.as_str() {
            "" => "no warnings",
            problems => problems,
        };
        let pages = match report.pages {
            1 => "1 page".to_owned(),
            count => format!("{count} pages"),
        };
        terminal::out(format_args!(
            "Built {pages} in {seconds:.2} s to {}, {problems}",
            report.site_dir.display()
        ));
    }
    // The process ends here, and its memory with it.
    std::mem::forget(project);
    Ok(ExitCode::SUCCESS)
}

fn progress_bar(quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} pages");
    ProgressBar::new(0).with_style(style.expect("the template is valid"))
}
