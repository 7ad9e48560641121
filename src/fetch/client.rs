use std::io::Read as _;
use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use ureq::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Proxy};

use super::Limits;
use super::private::PublicResolver;

/// How servers know us. Those of fonts send the small formats only to browsers that they
/// know.
const USER_AGENT: &str = concat!(
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ",
    "Chrome/126.0.0.0 Safari/537.36 proofroom/",
    env!("CARGO_PKG_VERSION")
);

/// What must be encoded in addresses.
const UNWRITTEN: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What a server has sent.
pub(super) struct Response {
    pub(super) bytes: Vec<u8>,
    /// As the server names it; empty if it does not.
    pub(super) media_type: String,
}

/// Asks servers for files.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    /// One that shows redirects and statuses as they are.
    plain: Agent,
    most: u64,
}

/// Why there is no answer, as the end of a sentence.
#[derive(Debug)]
pub(super) enum Unreached {
    /// There is no such server.
    Nowhere(String),
    /// Another reason.
    Other(String),
}

impl Client {
    pub(super) fn new(limits: &Limits) -> Self {
        let proxy = if limits.uses_proxy {
            Proxy::try_from_env()
        } else {
            None
        };
        let agent = |follows: bool| {
            let resolver = PublicResolver::new(limits.allows_private, proxy.as_ref());
            let config = Agent::config_builder()
                .timeout_global(Some(limits.time))
                .timeout_connect(Some(limits.time.min(Duration::from_secs(10))))
                .max_redirects(if follows { limits.redirects } else { 0 })
                .max_redirects_will_error(follows)
                .http_status_as_error(follows)
                .user_agent(USER_AGENT)
                .proxy(proxy.clone())
                .build();
            Agent::with_parts(config, DefaultConnector::default(), resolver)
        };
        Self {
            agent: agent(true),
            plain: agent(false),
            most: limits.bytes,
        }
    }

    /// Downloads a file. An address without a scheme is asked for with encryption first.
    ///
    /// # Errors
    /// Why it cannot be downloaded, as the end of a sentence.
    pub(super) fn get(&self, url: &str) -> Result<Response, String> {
        if !url.starts_with("//") {
            return self.get_from(url);
        }
        let encrypted = self.get_from(&format!("https:{url}"));
        encrypted.or_else(|why| self.get_from(&format!("http:{url}")).map_err(|_| why))
    }

    /// Asks for the status of an address without its content, and where it leads.
    ///
    /// # Errors
    /// If there is no answer.
    pub(super) fn head(&self, url: &str) -> Result<(u16, Option<String>), Unreached> {
        let url = utf8_percent_encode(url, UNWRITTEN).to_string();
        status_of(self.plain.head(&url).call())
    }

    /// The same as by a browser; the content is not read.
    ///
    /// # Errors
    /// If there is no answer.
    pub(super) fn get_status(&self, url: &str) -> Result<(u16, Option<String>), Unreached> {
        let url = utf8_percent_encode(url, UNWRITTEN).to_string();
        status_of(self.plain.get(&url).call())
    }

    fn get_from(&self, url: &str) -> Result<Response, String> {
        // As browsers write addresses; what is encoded already stays.
        let url = utf8_percent_encode(url, UNWRITTEN).to_string();
        let mut response = self
            .agent
            .get(&url)
            .call()
            .map_err(|error| reason(&error))?;
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let media_type = header(CONTENT_TYPE).unwrap_or_default();
        let claimed = header(CONTENT_LENGTH).and_then(|it| it.parse::<u64>().ok());
        let too_large = || format!("it has more than {} MB", self.most >> 20);
        if claimed.is_some_and(|claimed| claimed > self.most) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        let body = response.body_mut().with_config().limit(u64::MAX).reader();
        let read = body.take(self.most + 1).read_to_end(&mut bytes);
        read.map_err(|error| reason(&ureq::Error::from(error)))?;
        if bytes.len() as u64 > self.most {
            return Err(too_large());
        }
        Ok(Response { bytes, media_type })
    }
}

fn status_of(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<(u16, Option<String>), Unreached> {
    use std::io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};
    match answer {
        Ok(response) => {
            let location = response.headers().get(LOCATION);
            let location = location.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
            Ok((response.status().as_u16(), location))
        }
        Err(error) => {
            let why = reason(&error);
            let is_nowhere = match &error {
                ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => true,
                ureq::Error::Io(error) => {
                    let kinds = [ConnectionRefused, HostUnreachable, NetworkUnreachable];
                    kinds.contains(&error.kind())
                }
                _ => false,
            };
            Err(if is_nowhere {
                Unreached::Nowhere(why)
            } else {
                Unreached::Other(why)
            })
        }
    }
}

/// Why a download failed, as the end of a sentence.
fn reason(error: &ureq::Error) -> String {
    use ureq::Error;
    match error {
        Error::StatusCode(status) => format!("the server answers with status {status}"),
        Error::Timeout(_) => "it takes too long".to_owned(),
        Error::HostNotFound => "the host is not found".to_owned(),
        Error::ConnectionFailed => "the server cannot be reached".to_owned(),
        Error::TooManyRedirects => "it is redirected too often".to_owned(),
        Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}
