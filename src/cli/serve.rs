use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Once};
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use parking_lot::Mutex;

use super::blame::{self, Date};
use super::fetching::Fetching;
use super::project::Project;
use super::{Common, base, clock, project, terminal, without_effect};
use crate::config::Editor;
use crate::diagnostic::{Diagnostic, Severity};
use crate::git::Ages;
use crate::serve::{self, FrameAncestor, HostPattern, Notice};
use crate::site::queries;
use crate::theme::STACK;
use crate::watch::ChangeBatch;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Where to listen; if the port is taken, the next free one is used.
    #[arg(short = 'a', long, value_name = "HOST:PORT")]
    dev_addr: Option<String>,
    /// Open the site in a browser.
    #[arg(short, long)]
    open: bool,
    /// Show warnings as errors.
    #[arg(short, long, overrides_with = "no_strict")]
    strict: bool,
    /// Show warnings as warnings (the default).
    #[arg(long, hide = true, overrides_with = "strict")]
    no_strict: bool,
    /// Accepted for compatibility with MkDocs; themes are always watched.
    #[arg(long, hide = true)]
    watch_theme: bool,
    /// Do not update open tabs when files change.
    #[arg(long)]
    no_livereload: bool,
    /// Update open tabs when files change (the default).
    #[arg(long, hide = true, conflicts_with = "no_livereload")]
    livereload: bool,
    /// Make open tabs go to the page that was just saved.
    #[arg(long)]
    follow: bool,
    /// The editor that Alt-click opens files with: `vscode`, `jetbrains`, .., an
    /// address with `{path}` and `{line}`, a command, or `$EDITOR`.
    #[arg(long, value_name = "EDITOR")]
    editor: Option<Editor>,
    /// Let others on the network read the site, if they have the printed address
    /// with its token.
    #[arg(long)]
    share: bool,
    /// An additional file or folder to watch.
    #[arg(short, long, value_name = "PATH")]
    watch: Vec<PathBuf>,
    /// Poll files, for systems that do not report changes.
    #[arg(long)]
    poll: bool,
    /// An additional host name to answer to, such as that of a proxy: a name,
    /// `*.example.org` for the names below one, or `.example.org` for both.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<HostPattern>,
    /// Another site that may show this one in a frame, such as
    /// `https://ide.example`, or `vscode-webview:` for a preview pane.
    #[arg(long, value_name = "ORIGIN")]
    frame_ancestors: Vec<FrameAncestor>,
    /// Show what changed since a branch, tag or commit: since where this branch left
    /// the main one, if none is given.
    #[arg(long, value_name = "BASE", num_args = 0..=1, require_equals = true)]
    review: Option<Option<String>>,
    /// Which date of a commit counts for the ages of text.
    #[arg(long, value_name = "DATE", value_enum, default_value_t = Date::Author)]
    age_date: Date,
    #[command(flatten)]
    fetching: Fetching,
    /// Accepted for compatibility with MkDocs; only what has changed is rendered.
    #[arg(short, long, hide = true)]
    clean: bool,
    /// Accepted for compatibility with MkDocs; only what has changed is rendered.
    #[arg(long, alias = "dirtyreload", hide = true)]
    dirty: bool,
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode> {
    let incremental = "only what has changed is rendered";
    without_effect("--dirty", arguments.dirty, incremental);
    without_effect(
        "--watch-theme",
        arguments.watch_theme,
        "themes are always watched",
    );
    let fetch_assets = arguments.fetching.fetch_assets;
    let project = project::open_to_serve(&arguments.common, fetch_assets)?;
    let ages = Ages::new(
        project.disk.clone(),
        blame::cache().as_deref(),
        arguments.age_date.into(),
    );
    let speaker = TerminalReporter {
        quiet: arguments.common.quiet,
        verbose: arguments.common.verbose > 0,
        open: arguments.open,
        reported: Mutex::default(),
        origin: Mutex::default(),
        left_out: Once::new(),
    };
    let mut options = options(arguments, &project)?;
    let is_of_one_time = matches!(project::given_moment(&project.environment), Ok(Some(_)));
    let (disk, environment) = (project.disk.clone(), project.environment);
    let opener: serve::ReviewOpener = Arc::new(move |sites, wanted| {
        let opened = base::open(&disk, sites, &environment, wanted, None);
        let opened = opened.map(|opened| opened.review);
        opened.map_err(|why| format!("{why:#}"))
    });
    raise_limits();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .context("cannot start the server")?;
    options.clock = (!is_of_one_time).then(|| clock::start(&runtime));
    let announce = Arc::new(move |notice| speaker.say(notice));
    let result = runtime.block_on(serve::serve(
        project.disk,
        project.sites,
        Arc::new(ages),
        options,
        opener,
        announce,
        interrupted(),
    ));
    // Work that is still running is not waited for.
    runtime.shutdown_timeout(Duration::ZERO);
    result.context("cannot run the server")?;
    Ok(ExitCode::SUCCESS)
}

/// How to serve, from the command line and the configuration.
fn options(arguments: Arguments, project: &Project) -> Result<serve::Options> {
    let watch = arguments
        .watch
        .iter()
        .map(|path| project::source(&project.disk, path));
    let (_, config) = project.sites.main().ask(|db| queries::config(db));
    let editor = arguments.editor.as_ref();
    let editor = editor.or_else(|| config.as_ref()?.editor.as_ref());
    if let (Some(Editor::Own), Err(refused)) = (editor, &project.own_editor) {
        terminal::print(std::slice::from_ref(&**refused), true);
    }
    let configured = config.map_or_else(
        || "127.0.0.1:8000".to_owned(),
        |config| config.dev_addr.clone(),
    );
    let address = match arguments.dev_addr {
        Some(address) => address,
        None if arguments.share => on_all_interfaces(&configured),
        None => configured,
    };
    let downloads = arguments.fetching.shared_downloads(&project.disk)?;
    let token = arguments.share.then(serve::token).transpose();
    Ok(serve::Options {
        address,
        live: !arguments.no_livereload,
        watch: watch.collect::<Result<_>>()?,
        strict: arguments.strict,
        follow: arguments.follow,
        editor: arguments.editor,
        own_editor: project.own_editor.clone(),
        token: token.context("cannot create a token")?,
        poll: arguments.poll,
        hosts: arguments.allow_host,
        frame_ancestors: arguments.frame_ancestors,
        downloads,
        clock: None,
        cache: blame::cache(),
        review: arguments.review,
    })
}

/// The same port on all interfaces, of the same version of IP.
fn on_all_interfaces(address: &str) -> String {
    let (host, port) = address.rsplit_once(':').unwrap_or((address, "8000"));
    let all = if host.contains(':') {
        "[::]"
    } else {
        "0.0.0.0"
    };
    format!("{all}:{port}")
}

/// Raises the limit of open files, because each tab takes one and the default is
/// low. If that fails, the server makes do with what it has.
fn raise_limits() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

/// Resolves on Ctrl-C, or when the process is asked to terminate.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without signals, the process can only be killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The most drafts that are listed.
const MOST_DRAFTS: usize = 20;

/// Prints what happens.
struct TerminalReporter {
    quiet: bool,
    verbose: bool,
    open: bool,
    /// The current problems that have been reported.
    reported: Mutex<BTreeSet<Diagnostic>>,
    /// Where the site is served, without a path.
    origin: Mutex<String>,
    /// Reports once which plugins are missing in the site.
    left_out: Once,
}

impl TerminalReporter {
    fn say(&self, notice: Notice) {
        match notice {
            Notice::Listening(address) => {
                // Printed even with `--quiet`, because scripts wait for it.
                terminal::out(format_args!("Serving on {address}"));
                *self.origin.lock() = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
                if !self.quiet {
                    terminal::out("Press Ctrl-C to stop.");
                }
                if self.open && open::that_detached(&address).is_err() {
                    terminal::err(format_args!("cannot open a browser; go to {address}"));
                }
            }
            Notice::Shared(address) => {
                terminal::out(format_args!("For others on the network: {address}"));
            }
            Notice::PortTaken(port) if !self.quiet => {
                terminal::err(format_args!(
                    "Port {port} is taken; using the next free one."
                ));
            }
            Notice::Note(note) => terminal::err(format_args!("note: {note}")),
            Notice::Refused(why) => terminal::err(format_args!("refused: {why}")),
            Notice::Changed(revision, batch) if self.verbose => match batch {
                ChangeBatch::Paths(paths) => {
                    let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
                    terminal::err(format_args!("[{revision}] {}", paths.join(", ")));
                }
                ChangeBatch::Everything => {
                    terminal::err(format_args!("[{revision}] all files are checked again"));
                }
                ChangeBatch::Time => {
                    terminal::err(format_args!("[{revision}] another day has begun"));
                }
            },
            Notice::Diagnostics(diagnostics) => self.report(diagnostics),
            Notice::Drafts(paths) => self.list_drafts(&paths),
            Notice::PortTaken(_) | Notice::Changed(..) => {}
        }
    }

    /// Lists the drafts, as MkDocs does.
    fn list_drafts(&self, paths: &[String]) {
        if self.quiet || paths.is_empty() {
            return;
        }
        let shown = MOST_DRAFTS.min(paths.len());
        terminal::out("These pages are only served, and a build leaves them out:");
        let origin = self.origin.lock();
        for path in &paths[..shown] {
            terminal::out(format_args!("  - {origin}{path}"));
        }
        if paths.len() > shown {
            terminal::out(format_args!("  and {} more", paths.len() - shown));
        }
    }

    /// Prints new problems, and reports when all are fixed.
    fn report(&self, diagnostics: Vec<Diagnostic>) {
        let losses = terminal::losses(&diagnostics);
        if !self.verbose && !losses.is_empty() {
            self.left_out
                .call_once(|| losses.iter().for_each(terminal::err));
        }
        let now: BTreeSet<Diagnostic> = diagnostics
            .into_iter()
            .filter(|diagnostic| self.verbose || diagnostic.severity > Severity::Note)
            .collect();
        let mut reported = self.reported.lock();
        let new: Vec<Diagnostic> = now.difference(&reported).cloned().collect();
        terminal::print(&new, self.verbose);
        if !reported.is_empty() && now.is_empty() && !self.quiet {
            terminal::out("All problems are fixed.");
        }
        *reported = now;
    }
}
