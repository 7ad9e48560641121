//! Opens a page's source in the editor.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::Server;
use super::blocking_pool::BlockingPool;
use super::host_check::own_request;
use crate::config::Editor;
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Kind, SourcePath, System as _};
use crate::session::Sites;
use crate::site::{Database, queries};
use crate::url;

/// Starts editors.
static OPENERS: BlockingPool = BlockingPool::of(8);

/// A place in a file to open.
#[derive(Debug, Deserialize)]
struct OpenRequest {
    path: String,
    line: u32,
    #[serde(default)]
    column: u32,
}

/// Opens a file of the project at a line. Answers with the address that the page
/// must open to get there, if the editor is reached by one.
pub(super) async fn edit(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let refused = "only a page on this machine may open the editor";
    let malformed = "the request does not name a place";
    let wish = own_request(&server.entrance, peer, request, refused, malformed).await;
    let wish = match wish {
        Ok(wish) => wish,
        Err(answer) => return answer.into_response(),
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

/// Opens files of the project in the user's editor.
pub(super) struct EditorLauncher {
    pub(super) disk: Disk,
    pub(super) sites: Arc<Sites>,
    /// The editor from the command line.
    pub(super) named: Option<Editor>,
    /// The editor from the environment.
    pub(super) own: Result<Option<Editor>, Box<Diagnostic>>,
}

impl EditorLauncher {
    /// The editor to use: the command line's, otherwise the configuration's.
    pub(super) fn editor(&self) -> Option<Editor> {
        let configured = |db: &Database| queries::config(db)?.editor.clone();
        let from_command_line = self.named.clone();
        match from_command_line.or_else(|| self.sites.main().ask(configured).1)? {
            Editor::Own => self.own.clone().ok()?,
            editor => Some(editor),
        }
    }

    fn open(&self, wish: &OpenRequest) -> Result<Option<String>, (StatusCode, String)> {
        let Some(editor) = self.editor() else {
            let why = "no editor is configured: start with `--editor vscode`, or set \
                       `editor = \"vscode\"` below `[server]` in proofroom.toml";
            return Err((StatusCode::NOT_FOUND, why.to_owned()));
        };
        let source = SourcePath::new(&wish.path);
        let missing = || {
            (
                StatusCode::NOT_FOUND,
                format!("`{source}` is not a file of this project"),
            )
        };
        if !self.is_own(&source) {
            return Err(missing());
        }
        let path = self.disk.absolute(&source);
        let path = path.to_str().ok_or_else(missing)?;
        let place = EditorPosition {
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

    /// Whether a path names a file in the project, or in a docs folder that the
    /// configuration places outside of it.
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

/// The values that replace the placeholders of a template.
struct EditorPosition<'a> {
    path: &'a str,
    source: &'a SourcePath,
    project: &'a Path,
    line: u32,
    column: u32,
}

impl EditorPosition<'_> {
    fn address(&self, template: &str) -> String {
        // The root of a file system has no name.
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

    /// Fills in each word separately, so that a value never becomes two words.
    fn command(&self, words: &[String]) -> Vec<String> {
        let relative = match self.source.as_str() {
            // Programs take a leading dash for an option; some take a plus for a
            // command and an `@` for a file of arguments.
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

/// Replaces placeholders by their values in one pass, so that a placeholder
/// inside a value stays as it is.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        match values.iter().find(|(mark, _)| rest.starts_with(mark)) {
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

/// Starts a command without a shell and does not wait for it to finish.
fn start(words: &[String]) -> Result<(), (StatusCode, String)> {
    let failed = |why: String| (StatusCode::INTERNAL_SERVER_ERROR, why);
    let (program, arguments) = words
        .split_first()
        .ok_or_else(|| failed("the editor command is empty".to_owned()))?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("the editor `{program}` cannot be started: {error}")))?;
    // Somebody has to wait for it, or it stays in the process table as a zombie.
    let reap = std::thread::Builder::new().name("editor".to_owned());
    let reaped = reap.spawn(move || child.wait());
    reaped.map(drop).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::EditorPosition;
    use crate::files::SourcePath;

    #[test]
    fn fills_in_known_placeholders() {
        let source = SourcePath::new("docs/a {line}.md");
        let place = EditorPosition {
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
    fn a_file_name_is_never_an_option() {
        for name in ["-c evil.md", "+!evil.md", "@evil.md", "~/evil.md"] {
            let source = SourcePath::new(name);
            let path = format!("/home/me/{name}");
            let place = EditorPosition {
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
