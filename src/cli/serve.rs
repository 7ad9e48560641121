use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Once};
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use parking_lot::Mutex;

use super::blame::{self, Date};
use super::{Common, project, terminal, without_effect};
use crate::config::Editor;
use crate::diagnostic::{Diagnostic, Severity};
use crate::git::Ages;
use crate::serve::{self, Notice};
use crate::site::queries;
use crate::theme::STACK;
use crate::watch::ChangeBatch;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Where to listen; a taken port moves to the next.
    #[arg(short = 'a', long, value_name = "HOST:PORT")]
    dev_addr: Option<String>,
    /// Open the site in a browser.
    #[arg(short, long)]
    open: bool,
    /// Show warnings as errors.
    #[arg(short, long, overrides_with = "no_strict")]
    strict: bool,
    /// Show warnings as what they are (the default).
    #[arg(long, hide = true, overrides_with = "strict")]
    no_strict: bool,
    /// Accepted for MkDocs' sake: themes are watched anyway.
    #[arg(long, hide = true)]
    watch_theme: bool,
    /// Do not make open tabs follow changes.
    #[arg(long)]
    no_livereload: bool,
    /// Make open tabs follow changes (the default).
    #[arg(long, hide = true, conflicts_with = "no_livereload")]
    livereload: bool,
    /// Make open tabs go to what was just saved.
    #[arg(long)]
    follow: bool,
    /// What Alt-click opens files with: `vscode`, `jetbrains`, .., an address
    /// with `{path}` and `{line}`, a command, or `$EDITOR`.
    #[arg(long, value_name = "EDITOR")]
    editor: Option<Editor>,
    /// Let others on the network read the site, if they have its address with
    /// the token in it.
    #[arg(long)]
    share: bool,
    /// A further file or folder to watch.
    #[arg(short, long, value_name = "PATH")]
    watch: Vec<PathBuf>,
    /// Look at files from time to time, where the system does not report
    /// their changes.
    #[arg(long)]
    poll: bool,
    /// A further host name to answer to, such as that of a proxy in front.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Which date of a commit counts for the ages of passages.
    #[arg(long, value_name = "DATE", value_enum, default_value_t = Date::Author)]
    age_date: Date,
    /// Accepted for MkDocs' sake: only what changed is made anew anyway.
    #[arg(short, long, hide = true)]
    clean: bool,
    /// Accepted for MkDocs' sake: only what changed is made anew anyway.
    #[arg(long, alias = "dirtyreload", hide = true)]
    dirty: bool,
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode> {
    let anew = "only what changed is made anew anyway";
    without_effect("--dirty", arguments.dirty, anew);
    without_effect("--watch-theme", arguments.watch_theme, "themes are watched");
    let project = project::open(&arguments.common, true)?;
    let watch = arguments
        .watch
        .iter()
        .map(|path| project::source(&project.disk, path));
    let (_, config) = project.sites.main().ask(|db| queries::config(db));
    let configured = config.as_ref().map(|config| config.dev_addr.clone());
    let configured = configured.unwrap_or_else(|| "127.0.0.1:8000".to_owned());
    let editor = arguments.editor.as_ref();
    let editor = editor.or_else(|| config.as_ref()?.editor.as_ref());
    if let (Some(Editor::Own), Err(refused)) = (editor, &project.own_editor) {
        terminal::print(std::slice::from_ref(&**refused), true);
    }
    let configured = if arguments.share {
        on_all_interfaces(&configured)
    } else {
        configured
    };
    let token = arguments.share.then(serve::token).transpose();
    let options = serve::Options {
        address: arguments.dev_addr.unwrap_or(configured),
        live: !arguments.no_livereload,
        watch: watch.collect::<Result<_>>()?,
        strict: arguments.strict,
        follow: arguments.follow,
        editor: arguments.editor,
        own_editor: project.own_editor,
        token: token.context("no token can be made")?,
        poll: arguments.poll,
        hosts: arguments.allow_host,
    };
    let dating = arguments.age_date.into();
    let ages = Ages::new(project.disk.clone(), blame::cache().as_deref(), dating);
    let speaker = Speaker {
        quiet: arguments.common.quiet,
        verbose: arguments.common.verbose > 0,
        open: arguments.open,
        said: Mutex::default(),
        left_out: Once::new(),
    };
    raise_limits();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .context("the server cannot start")?;
    let announce = Arc::new(move |notice| speaker.say(notice));
    let result = runtime.block_on(serve::serve(
        project.disk,
        project.sites,
        Arc::new(ages),
        options,
        announce,
        interrupted(),
    ));
    // Whatever still runs is not waited for.
    runtime.shutdown_timeout(Duration::ZERO);
    result.context("the server cannot run")?;
    Ok(ExitCode::SUCCESS)
}

/// The same port, reached from outside.
fn on_all_interfaces(address: &str) -> String {
    let port = address.rsplit_once(':').map_or("8000", |(_, port)| port);
    format!("0.0.0.0:{port}")
}

/// Each tab takes an open file, and systems begin with few. Where no more are
/// to be had, those that there are must do.
fn raise_limits() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

/// Ctrl-C, or being asked to end.
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
    // Without signals the process is ended from outside.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Tells the person at the terminal what happens.
struct Speaker {
    quiet: bool,
    verbose: bool,
    open: bool,
    /// What is wrong now and was said already.
    said: Mutex<BTreeSet<Diagnostic>>,
    /// Whether it was said what the site lacks.
    left_out: Once,
}

impl Speaker {
    fn say(&self, notice: Notice) {
        match notice {
            Notice::Listening(address) => {
                // The one line that scripts wait for, quiet or not.
                println!("Serving on {address}");
                if !self.quiet {
                    println!("Ctrl-C ends.");
                }
                if self.open && open::that_detached(&address).is_err() {
                    eprintln!("no browser could be opened; go to {address}");
                }
            }
            Notice::Shared(address) => {
                println!("For others on the network: {address}");
            }
            Notice::PortTaken(port) if !self.quiet => {
                eprintln!("Port {port} is taken; trying the next.")
            }
            Notice::Note(note) => eprintln!("note: {note}"),
            Notice::Changed(revision, batch) if self.verbose => match batch {
                ChangeBatch::Paths(paths) => {
                    let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
                    eprintln!("[{revision}] {}", paths.join(", "));
                }
                ChangeBatch::Everything => eprintln!("[{revision}] everything is looked at again"),
            },
            Notice::Diagnostics(diagnostics) => self.complain(diagnostics),
            Notice::PortTaken(_) | Notice::Changed(..) => {}
        }
    }

    /// Says what is newly wrong, and when nothing is any more.
    fn complain(&self, diagnostics: Vec<Diagnostic>) {
        if let Some(left_out) = terminal::left_out(&diagnostics).filter(|_| !self.verbose) {
            self.left_out.call_once(|| eprintln!("{left_out}"));
        }
        let now: BTreeSet<Diagnostic> = diagnostics
            .into_iter()
            .filter(|diagnostic| self.verbose || diagnostic.severity > Severity::Note)
            .collect();
        let mut said = self.said.lock();
        let new: Vec<Diagnostic> = now.difference(&said).cloned().collect();
        terminal::print(&new, self.verbose);
        if !said.is_empty() && now.is_empty() && !self.quiet {
            println!("All mended.");
        }
        *said = now;
    }
}
