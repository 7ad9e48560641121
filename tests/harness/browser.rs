//! Real browsers, driven over WebDriver: Chromium, or Firefox where
//! `PROOFROOM_BROWSER=firefox` asks for it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use super::{PATIENCE, in_repository};

/// Whether tests run in Firefox in place of Chromium.
pub fn is_firefox() -> bool {
    let asked = std::env::var_os("PROOFROOM_BROWSER").unwrap_or_default();
    let asked = asked.to_string_lossy();
    assert!(
        ["", "chromium", "firefox"].contains(&&*asked),
        "`{asked}` is neither `chromium` nor `firefox`"
    );
    asked == "firefox"
}

/// A browser's driver, ended by its own process id.
pub struct Driver {
    process: Child,
    port: String,
    _profile: tempfile::TempDir,
}

impl Driver {
    /// Starts the driver; `None` where it ends before it listens.
    fn listen(profile: &tempfile::TempDir) -> Option<(Child, String)> {
        let mut command = if is_firefox() {
            // Installed there by `tests/run`.
            let own = in_repository("target/tools/bin/geckodriver");
            let program = if own.exists() {
                own
            } else {
                PathBuf::from("geckodriver")
            };
            let mut command = Command::new(program);
            command
                .args(["--port", "0", "--profile-root"])
                .arg(profile.path());
            command
        } else {
            let mut command = Command::new("chromedriver");
            command.arg("--port=0");
            command
        };
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the driver is installed: tests/run does it");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let port = lines.by_ref().find_map(|line| {
            let line = line.expect("UTF-8");
            let (_, port) = line
                .split_once("started successfully on port ")
                .or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
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
        let profile = tempfile::tempdir().expect("a folder");
        // Drivers that start at the same moment may choose the same port; the
        // one that comes too late ends at once.
        let (process, port) = (0..10)
            .find_map(|_| Self::listen(&profile))
            .expect("the driver listens");
        let capabilities = capabilities(&profile.path().display().to_string());
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities.as_object().expect("a map").clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("the browser starts");
        let driver = Self {
            process,
            port,
            _profile: profile,
        };
        (driver, client)
    }
}

fn capabilities(profile: &str) -> Value {
    if is_firefox() {
        let preferences = json!({
            // Sound is played only for a reader who did something, as in Chromium.
            "media.autoplay.default": 1,
            "app.update.enabled": false,
            "datareporting.policy.dataSubmissionEnabled": false,
            // A page that was left ends, as in Chromium, and with it what waits in it.
            "browser.sessionhistory.max_total_viewers": 0,
        });
        return json!({"moz:firefoxOptions": {"args": ["-headless"], "prefs": preferences}});
    }
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
        &format!("--user-data-dir={profile}"),
    ];
    json!({"goog:chromeOptions": {"args": arguments}})
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A driver that is killed leaves its browser running.
        if is_firefox() {
            #[cfg(unix)]
            {
                use rustix::process::{Pid, Signal, kill_process_group};
                let _ = kill_process_group(Pid::from_child(&self.process), Signal::KILL);
            }
            let _ = self.process.kill();
        } else {
            let asked = std::net::TcpStream::connect(format!("127.0.0.1:{}", self.port));
            let ended = asked.and_then(|mut stream| {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
                stream.read_to_end(&mut Vec::new())
            });
            if ended.is_err() {
                let _ = self.process.kill();
            }
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
    let comes = async {
        loop {
            match client.execute_async(&script, Vec::new()).await {
                // In Firefox, what waits ends with the page that it waits in: with an error,
                // or with nothing.
                Err(error) if error.to_string().contains("Document was unloaded") => {}
                Ok(Value::Null) => {}
                came => break came,
            }
        }
    };
    let came = tokio::time::timeout(PATIENCE, comes).await;
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

/// Has an input method put a text that is not finished into what has the focus. Only
/// Chromium can be told to.
pub async fn compose(client: &Client, text: &str) {
    let length = text.chars().count();
    let parameters = json!({"text": text, "selectionStart": length, "selectionEnd": length});
    let command = DevTools(json!({"cmd": "Input.imeSetComposition", "params": parameters}));
    client.issue_cmd(command).await.expect("it is composed");
}

/// Lays a page out as it is printed. Only Chromium can be told to.
pub async fn as_printed(client: &Client) {
    let parameters = json!({"media": "print"});
    let command = DevTools(json!({"cmd": "Emulation.setEmulatedMedia", "params": parameters}));
    client.issue_cmd(command).await.expect("it is laid out");
}

/// Has pages know that the system prefers dark colours.
pub async fn prefer_dark(client: &Client) {
    let dark = json!([{"name": "prefers-color-scheme", "value": "dark"}]);
    let parameters = json!({"features": dark});
    let command = DevTools(json!({"cmd": "Emulation.setEmulatedMedia", "params": parameters}));
    client.issue_cmd(command).await.expect("it is laid out");
}

/// Has pages know that fingers use them, which point at nothing before they touch it. Only
/// Chromium can be told to.
pub async fn touch(client: &Client) {
    let parameters = json!({"enabled": true});
    let command =
        DevTools(json!({"cmd": "Emulation.setTouchEmulationEnabled", "params": parameters}));
    client.issue_cmd(command).await.expect("it is emulated");
}

/// Makes the window as narrow as that of a phone, which other windows cannot be. Only
/// Chromium can be told to.
pub async fn narrow(client: &Client, width: u32) {
    let parameters = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": true});
    let command =
        DevTools(json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": parameters}));
    client.issue_cmd(command).await.expect("it is emulated");
}

/// Has pages drawn in few colours of the reader's own. Only Chromium can be told to.
pub async fn force_colours(client: &Client) {
    let forced = json!([{"name": "forced-colors", "value": "active"}]);
    let parameters = json!({"features": forced});
    let command = DevTools(json!({"cmd": "Emulation.setEmulatedMedia", "params": parameters}));
    client.issue_cmd(command).await.expect("it is laid out");
}

/// What Chromium answers to a command of its own.
pub async fn devtools(client: &Client, command: &str, parameters: Value) -> Value {
    let command = DevTools(json!({"cmd": command, "params": parameters}));
    client.issue_cmd(command).await.expect("it is done")
}

/// A command of Chromium's own.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/goog/cdp/execute"))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.0.to_string()))
    }
}

/// Presses keys wherever the focus is; modifiers stay pressed until the end.
pub async fn press(client: &Client, keys: &[char]) {
    let mut actions = KeyActions::new("keyboard".to_owned());
    let is_modifier = |key: char| {
        [Key::Shift, Key::Control, Key::Alt]
            .map(char::from)
            .contains(&key)
    };
    for key in keys.iter().copied() {
        actions = actions.then(KeyAction::Down { value: key });
        if !is_modifier(key) {
            actions = actions.then(KeyAction::Up { value: key });
        }
    }
    for key in keys.iter().copied().filter(|key| is_modifier(*key)) {
        actions = actions.then(KeyAction::Up { value: key });
    }
    client.perform_actions(actions).await.expect("pressed");
}

/// What a script of the page returns.
pub async fn run(client: &Client, script: &str) -> Value {
    // Firefox runs scripts beside the page's own, whose names they do not see.
    let inside = json!(format!("(() => {{ {script}\n }})()"));
    let inside = format!("return window.eval({inside})");
    let first = if is_firefox() { &inside } else { script };
    let mut came = client.execute(first, Vec::new()).await;
    // The policy of the page may forbid that.
    let is_blocked = |error: &CmdError| error.to_string().contains("eval() blocked by CSP");
    if came.as_ref().is_err_and(is_blocked) {
        came = client.execute(script, Vec::new()).await;
    }
    came.unwrap_or_else(|error| panic!("`{script}` fails: {error}"))
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
