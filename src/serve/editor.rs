//! From the page to the editor.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::Server;
use super::crew::Crew;
use crate::config::Editor;
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Kind, SourcePath, System as _};
use crate::session::Sites;
use crate::site::{Database, queries};
use crate::url;

/// How long what a page asks for may be.
const LONGEST: usize = 8 * 1024;

/// Who opens what is asked for.
static OPENERS: Crew = Crew::of(8);

/// A place that a page wants to be opened.
#[derive(Debug, Deserialize)]
struct Wish {
    path: String,
    line: u32,
    #[serde(default)]
    column: u32,
}

/// Opens a file of the project at a line; says which address the page has to
/// follow for it, if any.
pub(super) async fn edit(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    // The gate let none but an own `Origin` pass; a page always sends one.
    let from_page = request.headers().contains_key(header::ORIGIN);
    if !from_page || !server.entrance.is_at_home(peer, request.headers()) {
        let why = "only a page on this machine may open the editor";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let body = to_bytes(request.into_body(), LONGEST).await;
    let wish = body
        .ok()
        .and_then(|body| serde_json::from_slice(&body).ok());
    let Some(wish) = wish else {
        return (StatusCode::BAD_REQUEST, "no place is named").into_response();
    };
    let opened = OPENERS.run(move || server.editing.open(&wish)).await;
    match opened {
        Ok(Ok(address)) => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (kind, json!({ "open": address }).to_string()).into_response()
        }
        Ok(Err((status, why))) => (status, why).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Opens files of the project in the editor of whoever sits here.
pub(super) struct Editing {
    pub(super) disk: Disk,
    pub(super) sites: Arc<Sites>,
    /// What the command line names.
    pub(super) named: Option<Editor>,
    /// What the environment names.
    pub(super) own: Result<Option<Editor>, Box<Diagnostic>>,
}

impl Editing {
    /// What files are opened with: what the command line names, else what the
    /// configuration does.
    pub(super) fn editor(&self) -> Option<Editor> {
        let configured = |db: &Database| queries::config(db)?.editor.clone();
        let wanted = self.named.clone();
        match wanted.or_else(|| self.sites.main().ask(configured).1)? {
            Editor::Own => self.own.clone().ok()?,
            editor => Some(editor),
        }
    }

    fn open(&self, wish: &Wish) -> Result<Option<String>, (StatusCode, String)> {
        let Some(editor) = self.editor() else {
            let why = "no editor is named: start with `--editor vscode`, or write \
                       `editor = \"vscode\"` below `[server]` of proofroom.toml";
            return Err((StatusCode::NOT_FOUND, why.to_owned()));
        };
        let source = SourcePath::new(&wish.path);
        let missing = || {
            (
                StatusCode::NOT_FOUND,
                format!("`{source}` is no file of this project"),
            )
        };
        if !self.is_own(&source) {
            return Err(missing());
        }
        let path = self.disk.absolute(&source);
        let path = path.to_str().ok_or_else(missing)?;
        let place = Place {
            path,
            source: &source,
            project: self.disk.root(),
            line: wish.line.max(1),
            column: wish.column.max(1),
        };
        match editor {
            Editor::Address(template) => Ok(Some(place.address(&template))),
            Editor::Command(words) => start(&place.command(&words)).map(|()| None),
            Editor::Own => Err(missing()),
        }
    }

    /// Whether a path names a file of the project, or of docs that the
    /// configuration keeps beside it.
    fn is_own(&self, source: &SourcePath) -> bool {
        let docs = |db: &Database| queries::config(db).map(|config| config.docs_dir.clone());
        let below_docs = || {
            let docs = self.sites.main().ask(docs).1;
            docs.is_some_and(|docs| source.below(&docs).is_some())
        };
        (!source.leads_out() || below_docs()) && is_file(&self.disk, source)
    }
}

fn is_file(disk: &Disk, source: &SourcePath) -> bool {
    matches!(disk.kind(source), Ok(Some(Kind::File)))
}

/// What the marks of a template stand for.
struct Place<'a> {
    path: &'a str,
    source: &'a SourcePath,
    project: &'a Path,
    line: u32,
    column: u32,
}

impl Place<'_> {
    fn address(&self, template: &str) -> String {
        let project = self.project.file_name().unwrap_or_default();
        let path = self.path.replace('\\', "/");
        let slash = if path.starts_with('/') { "" } else { "/" };
        let values = [
            ("{path}", format!("{slash}{}", url::quote(&path))),
            ("{relative}", url::quote(self.source.as_str())),
            ("{project}", url::quote(&project.to_string_lossy())),
            ("{line}", self.line.to_string()),
            ("{column}", self.column.to_string()),
        ];
        fill(template, &values)
    }

    /// Each word on its own: what is put in never becomes two.
    fn command(&self, words: &[String]) -> Vec<String> {
        let relative = match self.source.as_str() {
            // To a program, a dash at the start is an option; to some, a plus
            // is a command and an `@` names a file of arguments.
            name if name.starts_with(|c: char| c.is_alphanumeric() || "._/".contains(c)) => {
                name.to_owned()
            }
            name => format!("./{name}"),
        };
        let values = [
            ("{path}", self.path.to_owned()),
            ("{relative}", relative),
            ("{line}", self.line.to_string()),
            ("{column}", self.column.to_string()),
        ];
        words.iter().map(|word| fill(word, &values)).collect()
    }
}

/// Puts the values in for their marks, in one pass: what is put in is text.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = values.iter().find(|(mark, _)| rest.starts_with(mark));
        match found {
            Some((mark, value)) => {
                filled.push_str(value);
                rest = &rest[mark.len()..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled + rest
}

/// Starts a command by itself, without a shell, and does not wait for its end.
fn start(words: &[String]) -> Result<(), (StatusCode, String)> {
    let failed = |why: String| (StatusCode::INTERNAL_SERVER_ERROR, why);
    let (program, arguments) = words
        .split_first()
        .ok_or_else(|| failed("no editor is named".to_owned()))?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("the editor `{program}` cannot be started: {error}")))?;
    // Somebody has to take note of its end, or it stays in the process table.
    let reap = std::thread::Builder::new().name("editor".to_owned());
    let reaped = reap.spawn(move || child.wait());
    reaped.map(drop).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Place;
    use crate::files::SourcePath;

    #[test]
    fn fills_in_what_is_known() {
        let source = SourcePath::new("docs/a {line}.md");
        let place = Place {
            path: "/home/me/my docs/docs/a {line}.md",
            source: &source,
            project: Path::new("/home/me/my docs"),
            line: 7,
            column: 2,
        };
        let address = place.address("x://file{path}:{line}:{column}?{project}&{relative}{other}");
        assert_eq!(
            address,
            "x://file/home/me/my%20docs/docs/a%20%7Bline%7D.md:7:2?my%20docs&docs/a%20%7Bline%7D.md{other}"
        );
        let words = ["+{line}".to_owned(), "{path}".to_owned()];
        assert_eq!(
            place.command(&words),
            ["+7", "/home/me/my docs/docs/a {line}.md"]
        );
    }

    #[test]
    fn a_name_is_no_option() {
        for name in ["-c evil.md", "+!evil.md", "@evil.md", "~/evil.md"] {
            let source = SourcePath::new(name);
            let path = format!("/home/me/{name}");
            let place = Place {
                path: &path,
                source: &source,
                project: Path::new("/home/me"),
                line: 1,
                column: 1,
            };
            let words = ["{relative}", "{path}"].map(str::to_owned);
            assert_eq!(place.command(&words), [format!("./{name}"), path.clone()]);
        }
    }
}
