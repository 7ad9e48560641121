//! The dev server: pages on request, live events to open tabs. The only user
//! of axum and tower-http.
//!
//! The server's own addresses start with `/__proofroom/`; every other address
//! belongs to the site.

mod accept;
mod ages;
mod answer;
mod blocking_pool;
mod change_listener;
mod conditions;
mod copies;
mod editor;
mod error_page;
mod events;
mod fetch_metadata;
mod file;
mod fix;
mod follow;
mod forwarded;
mod frames;
mod fresh_styles;
mod host_check;
mod host_pattern;
mod last_good;
mod live;
mod live_client;
mod live_tabs;
mod loads;
mod own_addresses;
mod own_page;
mod reports;
mod review;
mod router;
mod routing;
mod search;
mod sent;
mod share;
mod stamps;
mod tabs;
mod translation_desk;
mod translations;
mod view;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use crate::config::Editor;
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, SourcePath};
use crate::git::Ages;
use crate::plugins::privacy::Downloads;
use crate::session::{Begun, Revision, Sites, Watch, Workspace};
use crate::watch::{Activity, ChangeBatch, Watcher};

use ages::AgeService;
use change_listener::ChangeListener;
use copies::CopyService;
use editor::EditorLauncher;
use host_check::{AccessControl, RefusalReporter};
use live_tabs::LiveTabs;
use review::ReviewDesk;
use routing::Routes;
use translation_desk::TranslationDesk;
use translations::Looks;

pub use frames::FrameAncestor;
pub use host_pattern::HostPattern;
pub use review::{OpenReview, ReviewOpener};
pub use share::token;

/// How many ports after the requested one are tried.
const PORTS: u16 = 100;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen, as `host:port`. If the port is taken, the next free one is
    /// used.
    pub address: String,
    /// Whether open tabs are updated when files change.
    pub live: bool,
    /// Additional folders to watch.
    pub watch: Vec<SourcePath>,
    /// Whether to poll files instead of waiting for events from the system.
    pub poll: bool,
    /// Whether warnings are shown as errors.
    pub strict: bool,
    /// Whether tabs go to the page that was just saved, unless the reader chose
    /// otherwise.
    pub follow: bool,
    /// The editor to open files with; takes precedence over the configuration.
    pub editor: Option<Editor>,
    /// The editor named by the environment.
    pub own_editor: Result<Option<Editor>, Box<Diagnostic>>,
    /// The secret that is required to read a shared site.
    pub token: Option<String>,
    /// Additional host names to answer to, such as a proxy's.
    pub hosts: Vec<HostPattern>,
    /// Which other sites may show this one in a frame.
    pub frame_ancestors: Vec<FrameAncestor>,
    /// What downloads files of other sites; `None` if nothing may be downloaded.
    pub downloads: Option<Arc<dyn Downloads>>,
    /// What the clock shows, in seconds since 1970: sent at least once after each midnight
    /// of UTC. `None` if the site is made for one time.
    pub clock: Option<watch::Receiver<i64>>,
    /// The folder for what is kept between runs; `None` if there is none.
    pub cache: Option<PathBuf>,
    /// Whether a review is open from the start: of the usual base if `Some(None)`.
    pub review: Option<Option<String>>,
}

/// What the server reports to the person who started it.
#[derive(Debug)]
pub enum Notice {
    /// The server is listening; the address of the home page.
    Listening(String),
    /// The site is shared; its address for others on the network.
    Shared(String),
    /// The requested port was taken.
    PortTaken(u16),
    /// A remark worth reading, as a sentence.
    Note(String),
    /// The first of many requests that were refused for the same reason, which is a
    /// sentence.
    Refused(String),
    /// Sources changed.
    Changed(Revision, ChangeBatch),
    /// The addresses of the pages that are served and that a build would leave out,
    /// whenever they have changed.
    Drafts(Vec<String>),
    /// Every problem of the site, whenever they have changed.
    Diagnostics(Vec<Diagnostic>),
}

/// Called with each [`Notice`], from several threads.
pub type Announce = Arc<dyn Fn(Notice) + Send + Sync>;

/// State shared by all requests: one value per concern.
pub(crate) struct Server {
    /// Turns changes into revisions.
    workspace: Arc<Workspace>,
    /// What each path shows.
    places: Arc<Routes>,
    /// The open tabs.
    audience: Arc<LiveTabs>,
    /// Who may send requests.
    entrance: AccessControl,
    /// Opens files in the editor.
    editing: Arc<EditorLauncher>,
    /// How old the text of the pages is.
    aged: Arc<AgeService>,
    /// How old passages of translations are.
    translating: Arc<TranslationDesk>,
    /// The looks at all of them.
    looks: Looks,
    /// What changed since a base.
    desk: Arc<ReviewDesk>,
    /// Whether open tabs are updated when files change.
    live: bool,
    /// When files last changed; `None` if nothing is watched.
    activity: Option<Arc<Activity>>,
    /// Wakes the requests that wait for a change.
    changes: Arc<Notify>,
}

/// Serves until `stop` resolves.
///
/// # Errors
/// If no port is free or the files cannot be watched.
pub async fn serve(
    disk: Disk,
    sites: Sites,
    ages: Arc<Ages>,
    options: Options,
    opener: ReviewOpener,
    announce: Announce,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (listener, wanted_port) = bind(&options.address).await?;
    let bound = listener.local_addr()?;
    if wanted_port != 0 && bound.port() != wanted_port {
        announce(Notice::PortTaken(wanted_port));
    }
    let clock = options.clock.clone();
    let (server, begun) = start(disk, sites, ages, options, opener, bound, &announce)?;
    let places = server.places.clone();
    let home = tokio::task::spawn_blocking(move || {
        let home = places.addresses().home();
        begun.wait();
        home
    });
    let home = home.await.map_err(io::Error::other)?;
    announce_addresses(&server.entrance, bound, &home, &announce);
    let follows = follow_clock(server.workspace.clone(), clock);
    let app = router::router(server);
    tokio::select! {
        never = follows => match never {},
        never = accept::accept(listener, app) => match never {},
        () = stop => Ok(()),
    }
}

/// Has the sites made for another day whenever one begins.
async fn follow_clock(
    workspace: Arc<Workspace>,
    clock: Option<watch::Receiver<i64>>,
) -> Infallible {
    if let Some(mut clock) = clock {
        loop {
            let shown = *clock.borrow_and_update();
            workspace.clock_shows(shown);
            if clock.changed().await.is_err() {
                break;
            }
        }
    }
    // Without a clock, it is the same day for ever.
    std::future::pending().await
}

/// Starts everything but the listening: the watch, the workspace and what tells
/// the tabs.
fn start(
    disk: Disk,
    sites: Sites,
    ages: Arc<Ages>,
    options: Options,
    opener: ReviewOpener,
    bound: SocketAddr,
    announce: &Announce,
) -> io::Result<(Arc<Server>, Begun)> {
    ages.begin();
    let sites = Arc::new(sites);
    let (workspace, work) = Workspace::new(sites.clone());
    let watcher = if options.live {
        let workspace = workspace.clone();
        let report = move |batch| workspace.change(batch);
        Some(Watcher::new(disk.clone(), options.poll, report)?)
    } else {
        None
    };
    let activity = watcher.as_ref().map(Watcher::activity);
    let watch = watcher.map(|watcher| Watch::new(watcher, options.watch));
    let copies = options.downloads.map(|downloads| {
        let announce = announce.clone();
        CopyService::start(downloads, &workspace, announce)
    });
    let places = Routes::new(sites.clone(), options.strict);
    let places = Arc::new(places.with_copies(copies.transpose()?));
    let aged = Arc::new(AgeService::new(ages, sites.clone()));
    let translating = Arc::new(TranslationDesk::new(disk.clone(), options.cache));
    let editing = Arc::new(EditorLauncher {
        disk,
        sites,
        named: options.editor,
        own: options.own_editor,
    });
    let desk = Arc::new(ReviewDesk::new(
        places.sites.clone(),
        translating.clone(),
        opener,
        options.strict,
    ));
    let audience = Arc::new(LiveTabs::new(
        places.clone(),
        desk.clone(),
        editing.clone(),
        workspace.clone(),
        options.follow,
    ));
    let changes = Arc::new(Notify::new());
    let herald = ChangeListener::new(
        changes.clone(),
        audience.clone(),
        places.clone(),
        aged.clone(),
        desk.clone(),
        announce.clone(),
    );
    let publish = Arc::downgrade(&audience);
    let (watching, shown) = (Arc::downgrade(&workspace), Arc::downgrade(&desk));
    desk.on_change(Arc::new(move || {
        if let (Some(workspace), Some(desk)) = (watching.upgrade(), shown.upgrade()) {
            workspace.watch_too(desk.watched());
        }
        if let Some(audience) = publish.upgrade() {
            audience.publish(false);
        }
    }));
    if let Some(base) = options.review {
        let notes = desk.open(base.as_deref()).map_err(io::Error::other)?;
        for note in notes {
            announce(Notice::Note(note));
        }
    }
    let begun = work.begin(watch, Arc::new(herald))?;
    let server = Server {
        workspace,
        places,
        audience,
        entrance: AccessControl {
            names: host_check::Names::new(bound, options.hosts),
            token: options.token,
            refusals: RefusalReporter::new(announce.clone()),
            frame_ancestors: options.frame_ancestors,
        },
        editing,
        translating,
        looks: Looks::default(),
        aged,
        desk,
        live: options.live,
        activity,
        changes,
    };
    Ok((Arc::new(server), begun))
}

/// Announces where the site can be read: on this machine, and from the network
/// if it is shared there.
fn announce_addresses(
    entrance: &AccessControl,
    bound: SocketAddr,
    home: &str,
    announce: &Announce,
) {
    let with_token = |address: String| match &entrance.token {
        Some(token) => share::invitation(&address, token),
        None => address,
    };
    let local = format!("http://{}{home}", browsable(bound));
    announce(Notice::Listening(with_token(local)));
    if entrance.token.is_some()
        && bound.ip().is_unspecified()
        && let Some(ip) = share::outside()
    {
        let outside = SocketAddr::new(ip, bound.port());
        let shared = format!("http://{outside}{home}");
        announce(Notice::Shared(with_token(shared)));
    }
}

/// Binds the requested address, or the next free port after it.
async fn bind(address: &str) -> io::Result<(TcpListener, u16)> {
    let (host, port) = host_and_port(address)?;
    let mut candidate = port;
    loop {
        match TcpListener::bind((host, candidate)).await {
            Err(error)
                if error.kind() == io::ErrorKind::AddrInUse
                    && candidate < port.saturating_add(PORTS) =>
            {
                candidate += 1;
            }
            result => return Ok((result?, port)),
        }
    }
}

/// The host and the port of an address on the command line. Without a port, it is 8000.
fn host_and_port(address: &str) -> io::Result<(&str, u16)> {
    let is_v6 = address.parse::<Ipv6Addr>().is_ok();
    let (host, port) = match address.rsplit_once(':') {
        Some(parts) if !is_v6 => parts,
        _ => (address, "8000"),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    // A number alone is no host, although systems may take it for one.
    let is_host =
        !host.starts_with(|it: char| it.is_ascii_digit()) || host.parse::<Ipv4Addr>().is_ok();
    match port.parse() {
        Ok(port) if is_host || is_v6 => Ok((host, port)),
        _ => {
            let digits = |text: &str| text.parse::<u16>().ok();
            let number = digits(address).or_else(|| digits(port)).unwrap_or(8000);
            let message = format!(
                "`{address}` is not HOST:PORT, such as `127.0.0.1:{number}` or `localhost:{number}`"
            );
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        }
    }
}

/// A bound address in the form that a browser can open.
fn browsable(bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        return format!("localhost:{}", bound.port());
    }
    bound.to_string()
}
