use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use super::project::Project;
use super::{Common, Withheld, base, impact, project, terminal};
use crate::build::{self, FolderWriter};
use crate::diagnostic::{Rule, Severity};
use crate::files::{CopyError, Disk, SourcePath, System};
use crate::git::{Base, Forge};
use crate::review::{self, Against, Folder, Report, StaticSite};
use crate::session::Sites;
use crate::session::review::{Losses, ReviewList, Status};
use crate::site::queries;
use crate::translations::Impacts;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The branch, tag or commit to compare with, from where the other side left it;
    /// by default the branch that this one is for.
    #[arg(value_name = "BASE", conflicts_with = "against")]
    base: Option<String>,
    /// The branch, tag or commit to compare; by default the files as they are now.
    #[arg(value_name = "HEAD", conflicts_with = "against")]
    head: Option<String>,
    /// Compare with a site that MkDocs, Material for MkDocs or Zensical has built,
    /// instead of a base.
    #[arg(long, value_name = "OLD_SITE")]
    against: Option<PathBuf>,
    /// Print the changes as a JSON list of objects.
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print a summary for a comment on a pull or merge request.
    #[arg(long)]
    markdown: bool,
    /// Write the changed pages to this folder, as a site that needs no server.
    #[arg(long, value_name = "DIR")]
    html: Option<PathBuf>,
    /// Write into a folder with files that no review has made: files of the same
    /// names are overwritten, and all others are kept.
    #[arg(long, requires = "html")]
    adopt: bool,
    /// The address at which the folder of `--html` can be read, for links in the
    /// summary.
    #[arg(long, value_name = "URL")]
    link: Option<String>,
    /// Fail if there is any of these.
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    fail_on: Vec<FailOn>,
    /// The project's folder; the current one by default.
    #[arg(short = 'C', long, value_name = "FOLDER")]
    project: Option<PathBuf>,
    /// The configuration file.
    #[arg(short = 'f', long, value_name = "FILE")]
    config_file: Option<PathBuf>,
    /// An installed theme package, such as Material for MkDocs: its folder or
    /// its wheel.
    #[arg(long, value_name = "PATH")]
    theme_path: Option<PathBuf>,
    /// The theme to use instead of the configured one.
    #[arg(short, long, value_name = "NAME")]
    theme: Option<String>,
    /// Use only one language of a site with several.
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    /// Do not print the list, nor what is left out.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Addresses that are gone without a redirect.
    RemovedPages,
    /// Anchors that links from elsewhere may lead to, and that are gone.
    LostAnchors,
    /// Errors and warnings that the base does not have.
    NewProblems,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let common = Common {
        folder: arguments.project.clone(),
        config_file: arguments.config_file.clone(),
        theme_path: arguments.theme_path.clone(),
        theme: arguments.theme.clone(),
        language: arguments.language.clone(),
        quiet: arguments.quiet,
        ..Common::default()
    };
    // A site that was built has no drafts.
    let drafts = arguments.against.is_none();
    let project = project::open_for_review(&common, drafts, Withheld::default())?;
    match &arguments.against {
        Some(old) => against(arguments, project, old),
        None => since(arguments, project),
    }
}

/// Compares with a base.
fn since(arguments: &Arguments, project: Project) -> Result<ExitCode> {
    let sites = Arc::new(project.sites);
    let opened = base::open(
        &project.disk,
        &sites,
        &project.environment,
        arguments.base.as_deref(),
        arguments.head.as_deref(),
    )?;
    let (open, files) = (opened.review, opened.files);
    refuse_broken(open.review.now())?;
    let list = open.review.list(&|_| {});
    // A tool that asks for data needs no more of it than it asks for.
    let wants =
        |what| !arguments.json || arguments.html.is_some() || arguments.fail_on.contains(&what);
    let wants_losses = wants(FailOn::RemovedPages) || wants(FailOn::LostAnchors);
    let losses = wants_losses.then(|| open.review.losses());
    let problems = wants(FailOn::NewProblems).then(|| {
        let mut problems = open.review.new_problems();
        // What is lost is told by itself.
        problems.retain(|it| {
            let is_loss = matches!(it.rule, Rule::LostAddress | Rule::LostAnchor);
            it.severity > Severity::Note && !is_loss
        });
        problems
    });
    // The history says what translators saw of the files as they are now.
    let languages = sites.languages();
    let translations = if let (Some(languages), None) = (&languages, &arguments.head) {
        let default = &languages.default().code;
        let pages = list
            .pages
            .iter()
            .filter(|it| it.status == Status::Changed && it.language.as_ref() == Some(default));
        let pages = pages.map(|it| SourcePath::new(&*it.source));
        impact::of_pages((&project.disk, &sites), pages, &open.commit)
    } else {
        Impacts::new()
    };
    let root = |sites: &Sites| sites.addresses().root.clone();
    let notes: BTreeSet<String> = open.notes.into_iter().chain(files.notes()).collect();
    let report = Report {
        roots: (root(open.review.now()), root(open.review.base())),
        title: open.title,
        commit: Some(open.commit),
        head: Some(open.head),
        forge: open.forge,
        notes: notes.into_iter().collect(),
        list,
        losses,
        problems,
        translations,
    };
    let site = review::review_site(&open.review, &report);
    finish(
        arguments,
        &project.disk,
        &sites,
        project.home,
        &report,
        &site,
    )
}

/// Compares with a site that another tool has built.
fn against(arguments: &Arguments, project: Project, old: &Path) -> Result<ExitCode> {
    if arguments.fail_on.contains(&FailOn::NewProblems) {
        bail!(
            "`--fail-on new-problems` needs a base: a site that was built does not say its problems"
        );
    }
    let disk = Disk::new(old).with_context(|| format!("`{}` is not a folder", old.display()))?;
    let sites = Arc::new(project.sites);
    refuse_broken(&sites)?;
    let against = Against::new(sites.clone(), disk);
    let (list, losses): (ReviewList, Losses) = against.list();
    if !against.has_pages() {
        bail!("`{}` has none of the pages of this project", old.display());
    }
    let root = sites.addresses().root.clone();
    let forge = Forge::of(project.disk.root()).ok().flatten();
    let head = Base::find(project.disk.root(), Some("HEAD"), &project.environment);
    let report = Report {
        roots: (root.clone(), root),
        title: format!("the site in `{}`", old.display()),
        commit: None,
        head: head.ok().map(|base| base.head),
        forge,
        notes: Vec::new(),
        list,
        losses: Some(losses),
        problems: None,
        translations: Impacts::new(),
    };
    let site = review::against_site(&against, &report);
    finish(
        arguments,
        &project.disk,
        &sites,
        project.home,
        &report,
        &site,
    )
}

/// Fails if the configuration cannot be read: all pages would be gone.
fn refuse_broken(sites: &Sites) -> Result<()> {
    let main = sites.main();
    if main.ask(|db| queries::config(db)).1.is_none() {
        let problems = main.ask(|db| queries::site_diagnostics(db)).1;
        terminal::print(&problems, false);
        bail!("the configuration cannot be read");
    }
    Ok(())
}

/// Prints and writes what was asked for.
fn finish(
    arguments: &Arguments,
    disk: &Disk,
    sites: &Sites,
    home: Option<PathBuf>,
    report: &Report,
    site: &StaticSite<'_>,
) -> Result<ExitCode> {
    let mut written = None;
    if let Some(folder) = &arguments.html {
        let options = build::Options {
            site_dir: Some(project::source(disk, folder)?),
            strict: None,
            adopt: arguments.adopt,
            home,
        };
        let result = parking_lot::Mutex::new(review::Written::default());
        let write = |folder: &FolderWriter<'_>| {
            *result.lock() = site.write(&Written(folder))?;
            Ok(())
        };
        let notice = |note: String| terminal::err(format_args!("note: {note}"));
        let place = build::write_folder(disk, sites, &options, review::MARK, &write, &notice)
            .context("the review cannot be written")?;
        written = Some((place, result.into_inner()));
    }
    if arguments.json {
        terminal::write(&format!("{:#}\n", review::json(report)))?;
    } else if arguments.markdown {
        terminal::write(&review::markdown(report, arguments.link.as_deref()))?;
    } else if !arguments.quiet {
        terminal::write(&review::text(report))?;
    }
    if !arguments.quiet {
        let of_site = written.iter().flat_map(|(_, written)| &written.notes);
        for note in report.notes.iter().chain(of_site) {
            terminal::err(format_args!("note: {note}"));
        }
        if let Some((place, written)) = &written {
            let pages = match written.pages {
                1 => "1 changed page".to_owned(),
                many => format!("{many} changed pages"),
            };
            terminal::err(format_args!("Wrote {pages} to {}", place.display()));
        }
    }
    let found = found(&arguments.fail_on, report);
    for what in &found {
        terminal::err(format_args!("error: {what}"));
    }
    Ok(if found.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What was found of what is to fail, each as a sentence.
fn found(fail_on: &[FailOn], report: &Report) -> Vec<String> {
    let losses = report.losses.as_ref();
    let some = |what: FailOn, names: Vec<String>, one: &str, many: &str| {
        if !fail_on.contains(&what) || names.is_empty() {
            return None;
        }
        let words = if names.len() == 1 { one } else { many };
        let more = match names.len() {
            0..=10 => String::new(),
            all => format!(" and {} more", all - 10),
        };
        let named: Vec<&str> = names.iter().take(10).map(String::as_str).collect();
        Some(format!(
            "{} {words}: {}{more}",
            names.len(),
            named.join(", ")
        ))
    };
    let pages = losses.iter().flat_map(|it| &it.pages);
    let anchors = losses.iter().flat_map(|it| &it.anchors).flat_map(|page| {
        let anchors = page.anchors.iter();
        anchors.map(|anchor| format!("`{}#{anchor}`", page.address))
    });
    let problems = report.problems.iter().flatten().map(|problem| {
        let place = problem.span.as_ref();
        let place = place.map(|span| format!(" ({}:{})", span.path, span.line));
        format!("{}{}", problem.message, place.unwrap_or_default())
    });
    let found = [
        some(
            FailOn::RemovedPages,
            pages.map(|page| format!("`{}`", page.address)).collect(),
            "address is gone without a redirect",
            "addresses are gone without a redirect",
        ),
        some(
            FailOn::LostAnchors,
            anchors.collect(),
            "anchor is gone",
            "anchors are gone",
        ),
        some(
            FailOn::NewProblems,
            problems.collect(),
            "problem is new",
            "problems are new",
        ),
    ];
    found.into_iter().flatten().collect()
}

/// A folder that is written under the rules of a build.
struct Written<'f>(&'f FolderWriter<'f>);

impl Folder for Written<'_> {
    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.write(path, bytes)
    }

    fn copy(&self, path: &str, system: &dyn System, source: &SourcePath) -> Result<(), CopyError> {
        self.0.copy(path, system, source)
    }
}
