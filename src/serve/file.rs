//! Sends files unchanged, piece by piece.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::{Frame, SizeHint};

use super::blocking_pool::BlockingPool;
use super::conditions::{Verdict, weigh};
use crate::expect::ExpectOrDefault as _;
use crate::files::{DiskFile, FileContent, PIECE, SourcePath, System, is_absence};

/// How often to reopen a file that is being written to.
const TRIES: usize = 3;

/// Reads the files that are sent.
static READERS: BlockingPool = BlockingPool::of(64);

/// Answers with a file of the site, named `output` there. `None` if the file no
/// longer exists.
///
/// # Errors
/// If the file exists and cannot be read.
pub(super) fn send(
    system: &dyn System,
    source: &SourcePath,
    output: &str,
    method: &Method,
    headers: &HeaderMap,
) -> io::Result<Option<Response>> {
    for _ in 0..TRIES {
        let opened = match system.open(source) {
            Ok(opened) => opened,
            Err(error) if is_absence(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let read = opened
            .mark()
            .and_then(|mark| Ok((read_if_small(opened)?, mark)));
        if waits_for_changes(system, source) {
            continue;
        }
        match read {
            Ok((opened, mark)) => {
                return Ok(Some(answer(opened, mark, output, method, headers)));
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {}
            Err(error) => return Err(error),
        }
    }
    let why = "the file is being written to";
    Ok(Some((StatusCode::SERVICE_UNAVAILABLE, why).into_response()))
}

/// Waits while somebody writes to a file that was just read. Returns whether anybody did, so
/// that a part of it may have been read.
fn waits_for_changes(system: &dyn System, source: &SourcePath) -> bool {
    let mut waits = false;
    while let Some(changes) = system.unapplied() {
        let count = changes.count();
        if !system.is_changing(source) {
            break;
        }
        changes.wait(count);
        waits = true;
    }
    waits
}

/// Answers with a generated output.
pub(super) fn send_made(
    bytes: Vec<u8>,
    output: &str,
    method: &Method,
    headers: &HeaderMap,
) -> Response {
    let opened = FileContent::Held(bytes);
    let mark = opened.mark().expect_or_default("held bytes can be read");
    answer(opened, mark, output, method, headers)
}

/// Reads a file that fits into one piece, so that it need not stay open.
fn read_if_small(opened: FileContent) -> io::Result<FileContent> {
    match opened {
        FileContent::DiskFile(file) if file.size() <= PIECE as u64 => {
            file.piece(0, file.size()).map(FileContent::Held)
        }
        opened => Ok(opened),
    }
}

fn answer(
    opened: FileContent,
    (size, mark): (u64, u128),
    output: &str,
    method: &Method,
    headers: &HeaderMap,
) -> Response {
    let tag = tag_text((size, mark));
    let mut response = match weigh(method, headers, &tag, size) {
        Verdict::Whole => body(opened, 0..size).into_response(),
        Verdict::Part(part) => {
            let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            let range = [(header::CONTENT_RANGE, range)];
            (StatusCode::PARTIAL_CONTENT, range, body(opened, part)).into_response()
        }
        Verdict::NotModified => StatusCode::NOT_MODIFIED.into_response(),
        Verdict::Failed => StatusCode::PRECONDITION_FAILED.into_response(),
        Verdict::NoSuchPart => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, range).into_response()
        }
    };
    let has_body = response.status().is_success();
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag_value(tag));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if has_body {
        describe(output, headers);
    }
    response
}

/// The entity tag of what has this size and mark.
pub(super) fn tag(of: (u64, u128)) -> HeaderValue {
    tag_value(tag_text(of))
}

fn tag_text((size, mark): (u64, u128)) -> String {
    format!("\"{size:x}-{mark:x}\"")
}

fn tag_value(tag: String) -> HeaderValue {
    HeaderValue::try_from(tag).expect("hexadecimal digits are valid in a header")
}

/// Sets the headers that say what a file is, judging by its name.
fn describe(output: &str, headers: &mut HeaderMap) {
    let (mime, is_compressed) = mime_type(output);
    let is_svg = mime.starts_with("image/svg+xml");
    let mime = HeaderValue::try_from(mime).expect("a MIME type is valid in a header");
    headers.insert(header::CONTENT_TYPE, mime);
    if is_compressed {
        let gzip = HeaderValue::from_static("gzip");
        headers.insert(header::CONTENT_ENCODING, gzip);
    }
    if is_svg {
        // An image must not run scripts in the site's origin. A document that it is in may
        // have style sheets, pictures and fonts of the site in it.
        let policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src 'self' data:";
        let policy = HeaderValue::from_static(policy);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Types of files that the table of types lacks or has another file in mind for: in
/// documentation, `.ts` is TypeScript and no video.
const TYPES: [(&str, &str); 15] = [
    ("cjs", "text/javascript"),
    ("cts", "text/plain"),
    ("ipynb", "application/x-ipynb+json"),
    ("jsonl", "application/x-ndjson"),
    ("m4a", "audio/mp4"),
    ("map", "application/json"),
    ("mjs", "text/javascript"),
    ("mts", "text/plain"),
    ("ndjson", "application/x-ndjson"),
    ("pmtiles", "application/vnd.pmtiles"),
    ("svgz", "image/svg+xml"),
    ("ts", "text/plain"),
    ("tsx", "text/plain"),
    ("usdz", "model/vnd.usdz+zip"),
    ("xsl", "text/xsl"),
];

/// The type of a file, and whether a browser has to uncompress it to show it.
fn mime_type(output: &str) -> (String, bool) {
    let name = output.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
    let known = extension.as_deref().and_then(|extension| {
        let (_, mime) = TYPES.iter().find(|(name, _)| *name == extension)?;
        mime.parse().ok()
    });
    let mime: mime_guess::Mime =
        known.unwrap_or_else(|| mime_guess::from_path(output).first_or_octet_stream());
    let is_text = mime.type_() == "text"
        || mime.subtype() == "javascript"
        || mime.suffix().is_some_and(|suffix| suffix == "xml");
    let mime = if is_text {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_string()
    };
    (mime, extension.as_deref() == Some("svgz"))
}

fn body(opened: FileContent, part: Range<u64>) -> Body {
    match opened {
        FileContent::Held(bytes) => {
            let at = |place: u64| {
                usize::try_from(place)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len())
            };
            let part = at(part.start)..at(part.end);
            Body::from(Bytes::from(bytes).slice(part))
        }
        FileContent::DiskFile(file) => Body::new(Pieces {
            file: Arc::new(file),
            left: part,
            reading: None,
        }),
    }
}

type Reading = Pin<Box<dyn Future<Output = io::Result<Vec<u8>>> + Send>>;

/// The bytes of a file, one piece in memory at a time: the next is read once the
/// last has been taken. If the file is written to meanwhile, the body ends with
/// an error and so does the connection: the client can tell that it is
/// incomplete.
struct Pieces {
    file: Arc<DiskFile>,
    left: Range<u64>,
    reading: Option<Reading>,
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let (file, left) = (self.file.clone(), self.left.clone());
        let reading = self.reading.get_or_insert_with(|| {
            Box::pin(async move {
                let read = READERS.run(move || file.piece(left.start, left.end)).await;
                read.unwrap_or_else(Err)
            })
        });
        let piece = ready!(reading.as_mut().poll(context));
        self.reading = None;
        Poll::Ready(Some(match piece {
            Ok(piece) => {
                self.left.start += piece.len() as u64;
                Ok(Frame::data(piece.into()))
            }
            Err(error) => {
                self.left = 0..0;
                Err(error)
            }
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.end.saturating_sub(self.left.start))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Method, StatusCode};

    use super::{mime_type, send};
    use crate::files::recording_disk::Spy;
    use crate::files::{Disk, PIECE};

    #[test]
    fn types_are_those_of_files_of_documentation() {
        for (name, mime, is_compressed) in [
            ("a/b.HTML", "text/html; charset=utf-8", false),
            ("a.js", "text/javascript; charset=utf-8", false),
            ("a.mjs", "text/javascript; charset=utf-8", false),
            ("a.js.map", "application/json", false),
            ("a.ts", "text/plain; charset=utf-8", false),
            ("a.json", "application/json", false),
            ("a.geojson", "application/geo+json", false),
            ("site.webmanifest", "application/manifest+json", false),
            ("a.wasm", "application/wasm", false),
            ("a.svg", "image/svg+xml; charset=utf-8", false),
            ("a.svgz", "image/svg+xml; charset=utf-8", true),
            ("sitemap.xml", "text/xml; charset=utf-8", false),
            ("sitemap.xml.gz", "application/gzip", false),
            ("feed.atom", "application/atom+xml; charset=utf-8", false),
            ("a.woff2", "font/woff2", false),
            ("a.m4a", "audio/mp4", false),
            ("a.tar.gz", "application/gzip", false),
            ("ts", "application/octet-stream", false),
            ("a.d/map", "application/octet-stream", false),
        ] {
            let found = mime_type(name);
            assert_eq!(found, (mime.to_owned(), is_compressed), "{name}");
        }
    }

    #[tokio::test]
    async fn files_are_sent_and_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, size) in [("a.png", 3), ("b.png", 2 * PIECE + 1)] {
            std::fs::write(folder.path().join(name), vec![b'x'; size]).expect("written");
            let spy = Spy::new(Disk::new(folder.path()).expect("a folder"));
            let sent = send(&spy, &name.into(), name, &Method::GET, &HeaderMap::new());
            let answer = sent.expect("readable").expect("a file");
            assert_eq!(answer.status(), StatusCode::OK);
            let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
            assert_eq!(body.expect("sent").len(), size);
            assert_eq!(spy.read_files(), []);
        }
    }
}
