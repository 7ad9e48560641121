//! The dev server: pages on request, live events to open tabs. The only user
//! of axum and tower-http.
//!
//! Everything that the server itself answers lies below `/__proofroom/`;
//! every other address is the site's.

mod accept;
mod ages;
mod answer;
mod audience;
mod conditions;
mod crew;
mod editor;
mod events;
mod file;
mod gate;
mod herald;
mod last_good;
mod lead;
mod live;
mod overlay;
mod places;
mod router;
mod share;
mod tabs;
mod view;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::config::Editor;
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, SourcePath};
use crate::git::Ages;
use crate::session::{Revision, Sites, Watch, Workspace};
use crate::watch::{Activity, ChangeBatch, Watcher};

use ages::Aged;
use audience::Audience;
use editor::Editing;
use gate::Entrance;
use herald::Herald;
use places::Places;

pub use share::token;

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

/// What all requests share: values with one job each.
pub(crate) struct Server {
    /// Where changes become revisions.
    workspace: Arc<Workspace>,
    /// What each path shows.
    places: Arc<Places>,
    /// The open tabs.
    audience: Arc<Audience>,
    /// Who is let in.
    entrance: Entrance,
    /// What files are opened with.
    editing: Arc<Editing>,
    /// How old what pages say is.
    aged: Arc<Aged>,
    /// Whether tabs follow changes.
    live: bool,
    /// When anything was heard from the disk; `None` where nothing is watched.
    activity: Option<Arc<Activity>>,
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
    ages.begin();
    let sites = Arc::new(sites);
    let (workspace, work) = Workspace::new(sites.clone());
    let heard = workspace.clone();
    let report = move |batch| heard.change(batch);
    let watcher = if options.live {
        Some(Watcher::new(disk.clone(), options.poll, report)?)
    } else {
        None
    };
    let activity = watcher.as_ref().map(Watcher::activity);
    let watch = watcher.map(|watcher| Watch::new(watcher, options.watch));
    let places = Arc::new(Places::new(sites.clone(), options.strict));
    let aged = Arc::new(Aged::new(ages, sites.clone()));
    let editing = Arc::new(Editing {
        disk,
        sites,
        named: options.editor,
        own: options.own_editor,
    });
    let audience = Audience::new(
        places.clone(),
        editing.clone(),
        workspace.clone(),
        options.follow,
    );
    let audience = Arc::new(audience);
    let herald = Herald::new(
        audience.clone(),
        places.clone(),
        aged.clone(),
        announce.clone(),
    );
    let begun = work.begin(watch, Arc::new(herald))?;
    let home = {
        let places = places.clone();
        let home = move || {
            let home = places.addresses().home();
            begun.wait();
            home
        };
        tokio::task::spawn_blocking(home)
            .await
            .map_err(io::Error::other)?
    };
    let server = Arc::new(Server {
        workspace,
        places,
        audience,
        entrance: Entrance {
            names: gate::Names::new(bound, &options.hosts),
            token: options.token,
        },
        editing,
        aged,
        live: options.live,
        activity,
    });
    let invited = |address: String| match &server.entrance.token {
        Some(token) => share::invitation(&address, token),
        None => address,
    };
    announce(Notice::Listening(invited(format!(
        "http://{}{home}",
        shown(bound)
    ))));
    if server.entrance.token.is_some()
        && bound.ip().is_unspecified()
        && let Some(ip) = share::outside()
    {
        let outside = SocketAddr::new(ip, bound.port());
        announce(Notice::Shared(invited(format!("http://{outside}{home}"))));
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
