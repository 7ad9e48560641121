//! The dev server: pages on request, live events to open tabs. The only user
//! of axum and tower-http.
//!
//! Everything that the server itself answers lies below `/__proofroom/`;
//! every other address is the site's.

mod accept;
mod ages;
mod answer;
mod changes;
mod conditions;
mod crew;
mod editor;
mod events;
mod file;
mod gate;
mod last_good;
mod lead;
mod live;
mod overlay;
mod places;
mod router;
mod share;
mod tabs;
mod view;

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use crate::config::Editor;
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, SourcePath};
use crate::git::Ages;
use crate::session::{Revision, Sites};
use crate::site::queries;
use crate::theme::STACK;
use crate::watch::{Activity, ChangeBatch, Watcher};

use ages::Aged;
use changes::Wake;
use last_good::LastGood;
use tabs::Tabs;

pub use share::token;

/// How long nothing must change before the whole site is looked at.
const QUIET: Duration = Duration::from_millis(100);
/// After what time it is looked at though changes go on.
const LONGEST: Duration = Duration::from_secs(1);

/// How many ports after the wanted one are tried.
const PORTS: u16 = 100;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen, `host:port`; a taken port moves to the next.
    pub address: String,
    /// Whether tabs follow changes.
    pub live: bool,
    /// More folders to watch.
    pub watch: Vec<SourcePath>,
    /// Whether files are looked at from time to time, not waited for.
    pub poll: bool,
    /// Whether tabs show warnings as errors.
    pub strict: bool,
    /// Whether tabs follow what is saved, unless they were told otherwise.
    pub follow: bool,
    /// What files are opened with, before what the configuration names.
    pub editor: Option<Editor>,
    /// The editor that the environment names.
    pub own_editor: Result<Option<Editor>, Box<Diagnostic>>,
    /// The secret without which nobody reads a shared site.
    pub token: Option<String>,
    /// Further names that the server answers to, such as a proxy's.
    pub hosts: Vec<String>,
}

/// What the server tells the person who started it.
#[derive(Debug)]
pub enum Notice {
    /// It listens now; the address of the home page.
    Listening(String),
    /// The site is shared; the address for others on the network.
    Shared(String),
    /// The wanted port was taken.
    PortTaken(u16),
    /// Something worth knowing, in a sentence.
    Note(String),
    /// Sources changed.
    Changed(Revision, ChangeBatch),
    /// All that is wrong with the site, whenever it changed.
    Diagnostics(Vec<Diagnostic>),
}

/// Called with each [`Notice`], from several threads.
pub type Announce = Arc<dyn Fn(Notice) + Send + Sync>;

/// What all requests share.
pub(crate) struct Server {
    sites: Sites,
    tabs: Tabs,
    runtime: tokio::runtime::Handle,
    live: bool,
    strict: bool,
    follow: bool,
    editor: Option<Editor>,
    own_editor: Result<Option<Editor>, Box<Diagnostic>>,
    token: Option<String>,
    disk: Disk,
    bound: SocketAddr,
    names: gate::Names,
    /// The last good HTML of addresses that were asked for.
    last_good: Mutex<LastGood>,
    /// How old what pages say is.
    aged: Aged,
    /// Wakes the look at the whole site.
    changed: mpsc::Sender<()>,
    /// Wakes the thread that applies changes.
    wake: mpsc::Sender<Wake>,
    /// When anything was heard from the disk; `None` where nothing is watched.
    activity: Option<Arc<Activity>>,
    /// How much had been read when it was last said.
    read: AtomicUsize,
}

/// Serves until `stop` resolves.
///
/// # Errors
/// When no port is free or nothing can be watched.
pub async fn serve(
    disk: Disk,
    sites: Sites,
    ages: Arc<Ages>,
    options: Options,
    announce: Announce,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (listener, wanted) = bind(&options.address).await?;
    let bound = listener.local_addr()?;
    if wanted != 0 && bound.port() != wanted {
        announce(Notice::PortTaken(wanted));
    }
    let (changed, changes) = mpsc::channel();
    ages.begin();
    let (wake, wakes) = mpsc::channel();
    let heard = wake.clone();
    // Nobody listens any more only while the process ends.
    let report = move |batch| drop(heard.send(Wake::Batch(batch)));
    let watcher = match options.live {
        true => Some(Watcher::new(disk.clone(), options.poll, report)?),
        false => None,
    };
    let server = Arc::new(Server {
        sites,
        aged: Aged::new(ages),
        changed,
        wake,
        activity: watcher.as_ref().map(Watcher::activity),
        read: AtomicUsize::new(0),
        tabs: Tabs::default(),
        runtime: tokio::runtime::Handle::current(),
        live: options.live,
        strict: options.strict,
        follow: options.follow,
        editor: options.editor,
        own_editor: options.own_editor,
        token: options.token,
        disk,
        bound,
        names: gate::Names::new(bound, &options.hosts),
        last_good: Mutex::default(),
    });
    let (begins, begun) = mpsc::channel::<()>();
    if let Some(watcher) = watcher {
        let server = server.clone();
        let announce = announce.clone();
        std::thread::Builder::new()
            .name("changes".to_owned())
            .stack_size(STACK)
            .spawn(move || {
                changes::follow(&server, watcher, begins, &wakes, &options.watch, &announce)
            })?;
    } else {
        drop(begins);
    }
    {
        let server = server.clone();
        let announce = announce.clone();
        std::thread::Builder::new()
            .name("look-over".to_owned())
            .stack_size(STACK)
            .spawn(move || look_over(&server, &changes, &announce))?;
    }
    let base = {
        let server = server.clone();
        let home = move || {
            let home = server.addresses().home();
            // Whoever saves from now on is heard. Nothing is ever sent: the
            // other side lets go, or there is none.
            let _ = begun.recv();
            home
        };
        tokio::task::spawn_blocking(home)
            .await
            .map_err(io::Error::other)?
    };
    let invited = |address: String| match &server.token {
        Some(token) => share::invitation(&address, token),
        None => address,
    };
    announce(Notice::Listening(invited(format!(
        "http://{}{base}",
        shown(bound)
    ))));
    if server.token.is_some()
        && bound.ip().is_unspecified()
        && let Some(ip) = share::outside()
    {
        let outside = SocketAddr::new(ip, bound.port());
        announce(Notice::Shared(invited(format!("http://{outside}{base}"))));
    }
    let app = router::router(server);
    tokio::select! {
        never = accept::accept(listener, app) => match never {},
        () = stop => Ok(()),
    }
}

/// Binds the wanted address, or the next free port after it.
async fn bind(address: &str) -> io::Result<(TcpListener, u16)> {
    let (host, port) = address.rsplit_once(':').unwrap_or((address, "8000"));
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port: u16 = port.parse().map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("`{address}` is no address: write host:port"),
        )
    })?;
    let mut tried = port;
    loop {
        match TcpListener::bind((host, tried)).await {
            Err(error)
                if error.kind() == io::ErrorKind::AddrInUse
                    && tried < port.saturating_add(PORTS) =>
            {
                tried += 1;
            }
            result => return Ok((result?, port)),
        }
    }
}

/// A bound address as a browser wants it.
fn shown(bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        return format!("localhost:{}", bound.port());
    }
    bound.to_string()
}

/// Looks at the whole site whenever it changed, after whoever asks for a
/// page: a change cancels it, and it begins again.
fn look_over(server: &Server, changes: &mpsc::Receiver<()>, announce: &Announce) {
    let mut seen = BTreeSet::new();
    // The first page comes before it; what changes meanwhile is seen by it.
    let _ = changes.recv_timeout(QUIET);
    loop {
        let mut all = Vec::new();
        for edition in &server.sites.addresses().editions {
            let session = server.sites.session(edition);
            all.extend(session.ask(|db| queries::all_diagnostics(db)).1);
            // Later looks come after a change, which gives memory back itself.
            if seen.insert(edition.language.clone()) {
                session.forget();
            }
        }
        announce(Notice::Diagnostics(queries::tidy(all)));
        server.has_read();
        server.warm_ages(announce);
        if changes.recv().is_err() {
            return;
        }
        // Whoever saves again at once is not to wait for this.
        let end = Instant::now() + LONGEST;
        while Instant::now() < end && changes.recv_timeout(QUIET).is_ok() {}
    }
}

impl Server {
    /// Applies a batch, tells the tabs, then everybody else.
    fn apply(self: &Arc<Self>, batch: ChangeBatch, announce: &Announce) {
        let saved = self.saved(&batch);
        let revision = self.sites.apply(&batch);
        self.publish(false);
        if let Some(saved) = saved {
            self.lead(&saved, revision);
        }
        announce(Notice::Changed(revision, batch));
        // Nobody listens any more only while the process ends.
        let _ = self.changed.send(());
    }

    /// Says where more was read than before, for it is to be watched.
    fn has_read(&self) {
        let sessions = self.sites.begun();
        let now = sessions.iter().map(|session| session.read_count()).sum();
        if self.read.swap(now, Ordering::Relaxed) != now {
            // Nobody listens any more only while the process ends.
            let _ = self.wake.send(Wake::Read);
        }
    }

    fn last_good(&self) -> MutexGuard<'_, LastGood> {
        self.last_good
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
