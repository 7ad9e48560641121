//! Applies the fix of a problem to its file, for the button in the page.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::Server;
use super::blocking_pool::BlockingPool;
use super::editor::EditorLauncher;
use super::host_check::own_request;
use crate::diagnostic::Diagnostic;
use crate::files::{Archives, Overlay, SourcePath};
use crate::languages::LanguageSite;
use crate::session::{Sites, Trial};
use crate::site::{Database, queries};

/// Tries and writes fixes, one after the other: the next is tried on what the last wrote.
static FIXERS: BlockingPool = BlockingPool::of(1);

/// The fix of a problem as the page has shown it.
#[derive(Debug, Deserialize)]
struct Wish {
    rule: String,
    path: String,
    line: u32,
    column: u32,
    /// The line that it was made from.
    excerpt: String,
    /// The replacement.
    text: String,
}

impl Wish {
    /// Whether a problem has this fix.
    fn is_for(&self, problem: &Diagnostic) -> bool {
        let fits = |fix: &crate::diagnostic::Fix| {
            let span = &fix.span;
            span.path.as_str() == self.path
                && (span.line, span.column) == (self.line, self.column)
                && span.excerpt == self.excerpt
                && fix.text == self.text
        };
        problem.rule.name() == self.rule && problem.fix.as_deref().is_some_and(fits)
    }
}

/// Applies a fix. Only what the site itself reports is written: a request chooses one of
/// these fixes and brings no text of its own.
pub(super) async fn fix(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let refused = "only a page on this machine may change files";
    let malformed = "the request does not name a fix";
    let wish: Wish = match own_request(&server.entrance, peer, request, refused, malformed).await {
        Ok(wish) => wish,
        Err(answer) => return answer.into_response(),
    };
    let done = FIXERS.run(move || apply(&server.editing, &wish)).await;
    match done {
        Ok(Ok(())) => "fixed".into_response(),
        Ok(Err(why)) => (StatusCode::CONFLICT, format!("not fixed: {why}")).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The sites that are checked before a file is written: those of its language, for people wait
/// for it, and all for what languages share. What a change of the original means for
/// translations is said by the check that follows.
fn editions(sites: &Sites, file: &SourcePath) -> Vec<LanguageSite> {
    let all = sites.addresses().editions.clone();
    let docs = |db: &Database| queries::config(db).map(|config| config.docs_dir.clone());
    let (Some(languages), Some(docs)) = (sites.languages(), sites.main().ask(docs).1) else {
        return all;
    };
    let folder = |docs: &SourcePath| file.below(docs).map(|rest| rest.len());
    let of_file = languages.all.iter().filter_map(|language| {
        let docs = language.docs.as_ref().unwrap_or(&docs);
        Some((folder(docs)?, &language.code))
    });
    // The innermost folder counts.
    let Some((_, code)) = of_file.min() else {
        return all;
    };
    let of_language = |it: &LanguageSite| it.language.as_ref() == Some(code);
    if all.iter().any(of_language) {
        all.into_iter().filter(of_language).collect()
    } else {
        all
    }
}

fn apply(editing: &EditorLauncher, wish: &Wish) -> Result<(), String> {
    let disk = &editing.disk;
    let overlay = Overlay::new(Arc::new(disk.clone()));
    let system = Arc::new(Archives::new(Arc::new(overlay.clone())));
    let sites = editing.sites.of_other_sources(system);
    let editions = editions(&sites, &SourcePath::new(&wish.path));
    let trial = Trial::of_editions(&sites, overlay, editions);
    if !trial.problems().iter().any(|problem| wish.is_for(problem)) {
        return Err("the file has changed; the problem is shown anew if it is still there".into());
    }
    let may_write = |path: &_| match disk.own_file(path) {
        Ok(_) => Ok(()),
        Err(why) => Err(why.to_string()),
    };
    let fixes = trial.run(|problem| wish.is_for(problem), may_write);
    if let Some((_, why)) = fixes.refused.into_iter().next() {
        return Err(why);
    }
    for (path, file) in &fixes.files {
        disk.replace(path, file.before.as_bytes(), file.after.as_bytes())
            .map_err(|why| why.to_string())?;
    }
    if fixes.files.is_empty() {
        return Err("nothing would change".to_owned());
    }
    Ok(())
}
