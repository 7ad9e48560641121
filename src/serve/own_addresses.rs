//! The server's own addresses, all of which are below `/__proofroom/`. They are also
//! found below the path of the site, because a proxy may pass on nothing else, and
//! pages lead to them by relative addresses, because a proxy may put the site below
//! another path.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::middleware::Next;
use axum::response::Response;

use super::Server;
use super::blocking_pool::BlockingPool;
use crate::html::{self, Token};
use crate::url;

/// What the server's own paths begin with.
const OWN: &str = "/__proofroom/";

/// Finds out where the site is.
static FINDERS: BlockingPool = BlockingPool::of(16);

/// Marks a request for one of the server's own addresses below the path of the site.
#[derive(Debug, Clone, Copy)]
pub(super) struct IsBelowSite;

/// Where the server's own addresses are below the path of the site, `root`.
pub(super) fn below(root: &str) -> String {
    format!("{root}{}", &OWN[1..])
}

/// The address of the server's own folder, relative to the document at `path`; the site
/// is below `root`. It is not relative if the document says what its addresses are
/// relative to.
pub(super) fn relative(html: &str, path: &str, root: &str) -> String {
    let is_base = |token: &Token<'_>| match token {
        Token::Start { name, .. } => name.eq_ignore_ascii_case("base"),
        _ => false,
    };
    if html.contains("<base") && html::tokens(html).any(|(token, _)| is_base(&token)) {
        return below(root);
    }
    if let Some(rest) = path.strip_prefix(OWN) {
        let up = "../".repeat(rest.matches('/').count());
        return if up.is_empty() { "./".to_owned() } else { up };
    }
    let rest = path.strip_prefix(root).or_else(|| path.strip_prefix('/'));
    let up = "../".repeat(rest.unwrap_or_default().matches('/').count());
    format!("{up}{}", &OWN[1..])
}

/// Has the server's own addresses below the path of the site answered like the others.
pub(super) async fn reroute(
    State(server): State<Arc<Server>>,
    mut request: Request,
    next: Next,
) -> Response {
    let own = request.uri().path().find(OWN).filter(|at| *at > 0);
    if let Some(own) = own {
        let before = url::unquote(&request.uri().path()[..=own]).map(|it| it.into_owned());
        let root = FINDERS.run(move || server.places.addresses().root.clone());
        let root = root.await.ok();
        if root.is_some()
            && root == before
            && let Some(uri) = without(request.uri(), own)
        {
            *request.uri_mut() = uri;
            request.extensions_mut().insert(IsBelowSite);
        }
    }
    next.run(request).await
}

/// An address without the first bytes of its path.
fn without(uri: &Uri, bytes: usize) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    let rest = parts.path_and_query.as_ref()?.as_str().get(bytes..)?;
    parts.path_and_query = Some(PathAndQuery::try_from(rest).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::{relative, without};

    #[test]
    fn documents_lead_to_the_servers_own_folder() {
        for (path, root, address) in [
            ("/", "/", "__proofroom/"),
            ("/a.html", "/", "__proofroom/"),
            ("/a/b/", "/", "../../__proofroom/"),
            ("/team/docs/", "/team/docs/", "__proofroom/"),
            ("/team/docs/a/", "/team/docs/", "../__proofroom/"),
            // The 404 page of an address outside of the site.
            ("/x/y", "/team/docs/", "../__proofroom/"),
            ("/__proofroom/review", "/team/docs/", "./"),
            ("/__proofroom/difference/a/b/", "/", "../../../"),
        ] {
            assert_eq!(relative("", path, root), address, "{path} {root}");
        }
        let html = "<head><BASE href=\"/elsewhere/\"></head><base>";
        assert_eq!(relative(html, "/t/a/", "/t/"), "/t/__proofroom/");
        let html = "<p>&lt;base</p><pre><basement></pre>";
        assert_eq!(relative(html, "/t/a/", "/t/"), "../__proofroom/");
    }

    #[test]
    fn a_path_is_cut_and_its_query_stays() {
        for (uri, bytes, rest) in [
            ("/t/__proofroom/live?a=/b", 2, "/__proofroom/live?a=/b"),
            ("http://h/t/__proofroom/x", 2, "http://h/__proofroom/x"),
        ] {
            let uri = uri.parse().expect("an address");
            let cut = without(&uri, bytes).map(|uri| uri.to_string());
            assert_eq!(cut.as_deref(), Some(rest), "{uri}");
        }
    }
}
