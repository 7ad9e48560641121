//! Real Chromium, driven over WebDriver.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use super::PATIENCE;

/// Chromium's driver, ended by its own process id.
pub struct Driver {
    process: Child,
    port: String,
    _profile: tempfile::TempDir,
}

impl Driver {
    /// Starts the driver; `None` where it ends before it listens.
    fn listen() -> Option<(Child, String)> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed: tests/run does it");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let port = lines.by_ref().find_map(|line| {
            let line = line.expect("UTF-8");
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let Some(port) = port else {
            process.wait().expect("it has ended");
            return None;
        };
        std::thread::spawn(move || lines.for_each(drop));
        Some((process, port))
    }

    /// Starts both on a profile of their own.
    pub async fn start() -> (Self, Client) {
        // Drivers that start at the same moment may choose the same port; the
        // one that comes too late ends at once.
        let (process, port) = (0..10)
            .find_map(|_| Self::listen())
            .expect("chromedriver listens");
        let profile = tempfile::tempdir().expect("a folder");
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &format!("--user-data-dir={}", profile.path().display()),
        ];
        let options = json!({"goog:chromeOptions": {"args": arguments}});
        let capabilities = options.as_object().expect("a map").clone();
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium starts");
        let driver = Self {
            process,
            port,
            _profile: profile,
        };
        (driver, client)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A driver that is killed leaves its browser running.
        let asked = std::net::TcpStream::connect(format!("127.0.0.1:{}", self.port));
        let ended = asked.and_then(|mut stream| {
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
            stream.read_to_end(&mut Vec::new())
        });
        if ended.is_err() {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// Waits until an expression of the page is true. One that throws, as while an
/// element is being replaced, is not true yet.
pub async fn holds(client: &Client, expression: &str) {
    let script = format!(
        "const done = arguments[0]; const is = () => {{ try {{ return {expression}; }} catch {{ return false; }} }}; const look = () => {{ if (is()) done(true); else requestAnimationFrame(look); }}; look();"
    );
    let came = client.execute_async(&script, Vec::new());
    let came = tokio::time::timeout(PATIENCE, came).await;
    if came.as_ref().is_ok_and(|it| it.is_ok()) {
        return;
    }
    // What the page says of itself may tell why.
    let page = "return [document.readyState, document.documentElement.dataset]";
    let page = client.execute(page, Vec::new()).await;
    panic!("`{expression}` does not come true: {came:?}, {page:?}");
}

/// Waits until the tab's live channel is open.
pub async fn connected(client: &Client) {
    holds(
        client,
        "document.documentElement.dataset.proofroomRevision !== undefined",
    )
    .await;
}

/// Waits for a paragraph with this text.
pub async fn shows(client: &Client, text: &str) {
    let path = format!("//article//p[contains(., '{text}')]");
    client
        .wait()
        .at_most(PATIENCE)
        .for_element(Locator::XPath(&path))
        .await
        .unwrap_or_else(|error| panic!("`{text}` does not appear: {error}"));
}

/// From the call of `save` to this text in the page, in milliseconds.
pub async fn until_shown(client: &Client, text: &str, save: impl FnOnce()) -> f64 {
    let wait = format!(
        "const done = arguments[0]; const look = () => {{ if (document.body.textContent.includes('{text}')) done(true); else setTimeout(look, 0); }}; look();"
    );
    let page = client.clone();
    let seen = tokio::spawn(async move { page.execute_async(&wait, Vec::new()).await });
    // Lets the script start before the save.
    while client.title().await.is_err() {}
    let start = std::time::Instant::now();
    save();
    seen.await.expect("it runs").expect("the new text");
    super::measure::milliseconds(start.elapsed())
}

/// What a script of the page returns.
pub async fn run(client: &Client, script: &str) -> Value {
    client
        .execute(script, Vec::new())
        .await
        .unwrap_or_else(|error| panic!("`{script}` fails: {error}"))
}

/// The value of an expression of the page.
pub async fn value(client: &Client, expression: &str) -> Value {
    run(client, &format!("return {expression}")).await
}

/// Makes sure that a script returns an object whose members are all true.
pub async fn all_true(client: &Client, script: &str) {
    let members = run(client, script).await;
    let members = members.as_object().expect("an object");
    let wrong: Vec<_> = members
        .iter()
        .filter(|(_, is)| **is != json!(true))
        .collect();
    assert!(!members.is_empty() && wrong.is_empty(), "{wrong:?}");
}
