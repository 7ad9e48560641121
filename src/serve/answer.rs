//! Answers requests for addresses of the site.

use std::borrow::Cow;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use tokio::time::timeout;

use super::blocking_pool::AddressPool;
use super::fetch_metadata::Purpose;
use super::file::{send, send_made};
use super::live_client::{has_instant_navigation, with_client, without_controls};
use super::review::{self, Mode};
use super::routing::{Route, Routes};
use super::view::{self, View, fingerprint};
use super::{Server, error_page, fetch_metadata, forwarded, fresh_styles, own_addresses};
use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::markdown::without_source_lines;
use crate::session::{Revision, SETTLE};
use crate::site::{Content, Database, Db as _, Output, queries};
use crate::url;

/// How long to wait for a missing page that may come back.
const LONGEST: Duration = Duration::from_secs(5);
/// How recent a file must be for us to expect that its event is still to come.
const FRESH: Duration = Duration::from_secs(1);
/// The shortest pause before looking for the page again.
const LOOK: Duration = Duration::from_millis(10);

/// Renders the answers.
static DESK: AddressPool = AddressPool::of(256);

/// The parts of a request that the answer depends on.
#[derive(Clone)]
struct RequestParts {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    /// Whether a proxy may have removed the path of the site from that of the request.
    may_be_shortened: bool,
    /// Whether the browser may know the server by other paths, so that it is redirected
    /// by relative addresses.
    is_elsewhere: bool,
}

impl RequestParts {
    fn new(server: &Server, request: Request) -> Self {
        let (asked, _) = request.into_parts();
        let may_be_shortened = forwarded::may_be_shortened(
            forwarded::peer(&asked.extensions),
            &asked.headers,
            asked.version,
            server.entrance.names.is_own_port(&asked.headers),
        );
        let below = asked.extensions.get::<own_addresses::IsBelowSite>();
        Self {
            method: asked.method,
            uri: asked.uri,
            headers: asked.headers,
            may_be_shortened,
            is_elsewhere: may_be_shortened || below.is_some(),
        }
    }

    /// The path of what is asked for, decoded once; the status that answers it where it
    /// cannot be the path of anything on the site.
    fn path(&self, server: &Server) -> Result<Cow<'_, str>, StatusCode> {
        let path = readable(self.uri.path())?;
        if !self.may_be_shortened || path.starts_with("/__proofroom/") {
            return Ok(path);
        }
        let root = server.places.addresses().root.clone();
        let is_whole = path.starts_with(&root) || format!("{path}/") == root;
        match path.strip_prefix('/') {
            Some(rest) if !is_whole => Ok(format!("{root}{rest}").into()),
            _ => Ok(path),
        }
    }
}

/// Answers every address that is not the server's own.
pub(super) async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let asked = RequestParts::new(&server, request);
    let address = asked.uri.path().to_owned();
    let began = Instant::now();
    loop {
        let (server, asked) = (server.clone(), asked.clone());
        let (activity, changes) = (server.activity.clone(), server.changes.clone());
        // Enabled first, so that no change after the look is missed.
        let mut changed = pin!(changes.notified());
        changed.as_mut().enable();
        let answered = DESK.run(&address, move || {
            let _question = server.workspace.question();
            let looked = Instant::now();
            let response = respond(&server, &asked);
            note_sent(&server, &asked, &response);
            let doubt = if response.status() == StatusCode::NOT_FOUND {
                doubt(&server, &asked, looked)
            } else {
                Doubt::default()
            };
            (response, looked, doubt)
        });
        let failed = |_| {
            let response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            (response, Instant::now(), Doubt::default())
        };
        let (response, looked, doubt) = answered.await.unwrap_or_else(failed);
        if response.status() != StatusCode::NOT_FOUND || began.elapsed() >= LONGEST {
            return response;
        }
        let Some(activity) = activity else {
            return response;
        };
        // While files change, a missing page may be about to come back, and
        // the event for a new file may be still to come. What counts is how quiet it was
        // when we looked: making the answer may have taken long.
        let quiet = activity.quiet();
        let quiet = quiet.map(|quiet| quiet.saturating_sub(looked.elapsed()));
        let unsettled = quiet.and_then(|quiet| SETTLE.checked_sub(quiet));
        let expected = doubt.fresh.and_then(|fresh| FRESH.checked_sub(fresh));
        let gone = doubt.is_listed.then_some(SETTLE);
        match unsettled.max(expected).max(gone) {
            Some(pause) => {
                let _ = timeout(pause.clamp(LOOK, SETTLE), changed).await;
            }
            None => return response,
        }
    }
}

/// Why a missing address may be there the next time.
#[derive(Default)]
struct Doubt {
    /// The age that the newest file for this address had when it was looked for.
    fresh: Option<Duration>,
    /// The site lists a file here, and it was gone when it was to be read: version
    /// control is about to write it again, or its removal has not been reported yet.
    is_listed: bool,
}

/// What may be wrong with saying that nothing is there, `looked` being when it was looked
/// for.
fn doubt(server: &Server, asked: &RequestParts, looked: Instant) -> Doubt {
    let Ok(path) = asked.path(server) else {
        return Doubt::default();
    };
    let place = server.places.place(&path);
    let output = place.output();
    let fresh = place.freshness(server.places.sites.system());
    Doubt {
        fresh: fresh.map(|age| age.saturating_sub(looked.elapsed())),
        is_listed: output.is_some_and(|(_, output)| output.source.is_some()),
    }
}

/// Remembers what is about to be sent. Style sheets that are loaded anew are others each
/// time, and tabs do not report them.
fn note_sent(server: &Server, asked: &RequestParts, response: &Response) {
    if server.live
        && fresh_styles::mark(asked.uri.query()).is_none()
        && let Some(tag) = response.headers().get(header::ETAG)
        && let Ok(path) = asked.path(server)
    {
        server.audience.sent.note(&path, tag);
    }
}

fn respond(server: &Server, asked: &RequestParts) -> Response {
    let path = match asked.path(server) {
        Ok(path) => path,
        Err(StatusCode::BAD_REQUEST) => {
            return (StatusCode::BAD_REQUEST, "the address is malformed").into_response();
        }
        Err(status) => return status.into_response(),
    };
    let (mode, below) = review::split(&path);
    let desk = server.desk.current();
    let places = match (mode, &desk) {
        (Mode::Now | Mode::Difference, _) => &*server.places,
        (Mode::Base, Some(desk)) => &desk.base,
        (Mode::List, Some(_)) => return reviewed(server, &path),
        (Mode::Base | Mode::List, None) => return no_review(),
    };
    let shown = ShownPath {
        mode,
        path: &path,
        below,
    };
    if mode == Mode::Difference {
        if desk.is_none() {
            return no_review();
        }
        let output = places.place(below).output();
        let folder = format!("{below}/");
        let is_page = output
            .as_ref()
            .is_some_and(|(_, output)| output.is_document);
        // A page that is gone is only at the base.
        if is_page || (output.is_none() && places.place(&folder).output().is_none()) {
            return reviewed(server, &path);
        }
    }
    respond_in(server, places, &shown, asked)
}

/// A path of this server.
struct ShownPath<'p> {
    mode: Mode,
    /// All of it.
    path: &'p str,
    /// What of it names something of the site.
    below: &'p str,
}

/// Answers with what a path names in these sites.
fn respond_in(
    server: &Server,
    places: &Routes,
    shown: &ShownPath<'_>,
    asked: &RequestParts,
) -> Response {
    let RequestParts {
        method, headers, ..
    } = asked;
    let (path, prefix) = (shown.below, shown.mode.prefix());
    let addresses = places.addresses();
    if addresses.leads_home(path) {
        return redirect(asked, shown, &format!("{prefix}{}", addresses.home()));
    }
    let place = places.place(path);
    let output_there = place.output();
    if output_there.is_none() {
        let folder = format!("{path}/");
        if places.place(&folder).output().is_some() {
            return redirect(asked, shown, &format!("{prefix}{folder}"));
        }
    }
    let purpose = fetch_metadata::purpose(headers);
    if let Some(script) = fetch_metadata::asking_script(headers) {
        server.audience.loaded_by_script(script, shown.path);
    }
    // Documents go through `page`, which shows problems and keeps tabs up to date.
    let is_for_page = |(name, output): &(String, Output)| {
        let is_html = |db: &Database| view::html_of_file(db, name, output).is_some();
        output.is_document || (purpose == Purpose::Document && place.session.ask(is_html).1)
    };
    let Some((name, output)) = output_there.filter(|there| !is_for_page(there)) else {
        return page(server, places, &place, shown, purpose);
    };
    let produced = places.produce(&place.session, &output);
    let is_broken = produced.is_broken();
    match produced.content {
        Some(Content::Bytes(bytes)) => {
            let mark = fresh_styles::mark(asked.uri.query());
            let bytes = match (std::str::from_utf8(&bytes), mark) {
                (Ok(css), Some(mark)) if name.ends_with(".css") => {
                    fresh_styles::renewed(css, mark).into_bytes()
                }
                _ => bytes.to_vec(),
            };
            send_made(bytes, &name, method, headers)
        }
        Some(Content::File(source)) => {
            let css = || match place
                .session
                .ask(|db| queries::text(db, db.entry(&source)))
                .1
            {
                queries::Text::Present(css) => Some(css),
                _ => None,
            };
            if name.ends_with(".css")
                && let Some(mark) = fresh_styles::mark(asked.uri.query())
                && let Some(css) = css()
            {
                let css = fresh_styles::renewed(&css, mark);
                return send_made(css.into_bytes(), &name, method, headers);
            }
            let system = places.sites.system();
            match send(system, &source, &name, method, headers) {
                Ok(Some(sent)) => sent,
                Ok(None) => page(server, places, &place, shown, purpose),
                Err(error) => {
                    let problem = queries::unreadable(&source, &error);
                    let revision = place.session.ask(|_| ()).0;
                    broken(server, &[problem], shown.path, Some(&source), revision)
                }
            }
        }
        None if is_broken => {
            let own = own_addresses::relative("", shown.path, &addresses.root);
            let html = error_page::page(&produced.diagnostics, &own);
            (StatusCode::INTERNAL_SERVER_ERROR, Html(html)).into_response()
        }
        None => page(server, places, &place, shown, purpose),
    }
}

/// Answers with a page of the review: the list, or a page with its changes.
fn reviewed(server: &Server, path: &str) -> Response {
    let (revision, view) = server.desk.view(&server.places, path);
    server.workspace.has_read();
    let status = if view.found {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    let Some(html) = &view.html else {
        return broken(server, &view.problems, path, view.source.as_ref(), revision);
    };
    let fingerprint = fingerprint(html);
    let html = with_client(
        server,
        html,
        path,
        path,
        &fingerprint,
        view.source.as_ref(),
        revision,
    );
    (status, Html(html)).into_response()
}

fn no_review() -> Response {
    (StatusCode::NOT_FOUND, "no review is open").into_response()
}

/// The path of a request, decoded once; the status that answers it where it cannot
/// be the path of anything on the site.
fn readable(path: &str) -> Result<Cow<'_, str>, StatusCode> {
    let path = url::unquote(path).ok_or(StatusCode::BAD_REQUEST)?;
    if path.contains(['\0', '\\']) {
        Err(StatusCode::BAD_REQUEST)
    } else if path.split('/').any(|part| part == ".." || part == ".") {
        Err(StatusCode::NOT_FOUND)
    } else {
        Ok(path)
    }
}

/// Redirects from what is shown to a path of this server.
fn redirect(asked: &RequestParts, shown: &ShownPath<'_>, path: &str) -> Response {
    let query = asked.uri.query();
    let (folder, _) = shown.path.rsplit_once('/').unwrap_or_default();
    let below = path
        .strip_prefix(folder)
        .and_then(|it| it.strip_prefix('/'));
    match below {
        Some(below) if asked.is_elsewhere => redirect_to(format!("./{}", url::quote(below)), query),
        _ => redirect_to(address(path), query),
    }
}

/// A path of this server as an address. All redirects must go through here: to
/// browsers, an address that begins with two slashes names another host.
fn address(path: &str) -> String {
    let below = path.trim_start_matches(['/', '\\']);
    format!("/{}", url::quote(below))
}

fn redirect_to(path: String, query: Option<&str>) -> Response {
    let to = match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    Redirect::temporary(&to).into_response()
}

/// Answers with a page, or the 404 page.
fn page(
    server: &Server,
    places: &Routes,
    place: &Route,
    shown: &ShownPath<'_>,
    purpose: Purpose,
) -> Response {
    let path = shown.path;
    let look = |db: &_| View::of(db, &place.spot, places.strict);
    let (revision, view) = place.session.ask(look);
    places.want(&place.session, &view.needs);
    server.workspace.has_read();
    let mut status = if view.found {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    let source = view.source.as_ref();
    let last_good = places.last_good().get(path);
    let html = match (&view.html, last_good) {
        (Some(html), _) => {
            if view.found {
                places.last_good().keep(path, html.clone());
            }
            html.clone()
        }
        (None, Some(last_good)) => {
            status = StatusCode::OK;
            last_good
        }
        (None, None) => return broken(server, &view.problems, path, source, revision),
    };
    // What a script reads, or a reader saves, is what a build writes.
    let html = if purpose == Purpose::Part && !has_instant_navigation(&html) {
        without_source_lines(&html)
    } else {
        let print = fingerprint(&html);
        let html = with_client(server, &html, path, path, &print, source, revision);
        match place.output() {
            Some((_, output)) if !output.is_document => without_controls(&html),
            _ => html,
        }
    };
    (status, Html(html)).into_response()
}

/// Answers with the problems in place of a page that cannot be shown.
fn broken(
    server: &Server,
    problems: &[Diagnostic],
    path: &str,
    source: Option<&SourcePath>,
    revision: Revision,
) -> Response {
    let root = server.places.addresses().root.clone();
    let html = error_page::page(problems, &own_addresses::relative("", path, &root));
    let html = with_client(server, &html, path, path, "", source, revision);
    (StatusCode::INTERNAL_SERVER_ERROR, Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::{address, readable, redirect_to};

    #[test]
    fn paths_are_decoded_once_and_lead_nowhere_else() {
        for (path, expected) in [
            ("/", Ok("/")),
            ("/a%20b/", Ok("/a b/")),
            ("/%C3%A9", Ok("/é")),
            ("/%252e%252e/x", Ok("/%2e%2e/x")),
            ("/a..b/...", Ok("/a..b/...")),
            ("/..", Err(404)),
            ("/%2e%2E/x", Err(404)),
            ("/..%2fx", Err(404)),
            ("/./x", Err(404)),
            ("/%ff", Err(400)),
            ("/a%00", Err(400)),
            ("/..%5cx", Err(400)),
        ] {
            let found = readable(path);
            let found = found.as_deref().map_err(|status| status.as_u16());
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn a_redirect_stays_on_this_server() {
        for (path, query, to) in [
            ("/a b/", Some("x=%2F"), "/a%20b/?x=%2F"),
            ("//evil.example/", None, "/evil.example/"),
            ("/\\evil.example/", None, "/evil.example/"),
            ("\\\\evil.example", None, "/evil.example"),
            ("evil.example:80/", None, "/evil.example%3A80/"),
            ("/a\r\nX: y/?#\u{e9}", None, "/a%0D%0AX%3A%20y/%3F%23%C3%A9"),
            ("/a//b/", None, "/a//b/"),
        ] {
            let answer = redirect_to(address(path), query);
            let location = answer.headers().get(header::LOCATION);
            let location = location.and_then(|it| it.to_str().ok());
            assert_eq!(location, Some(to), "{path}");
        }
    }
}
