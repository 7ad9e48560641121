//! Asks other sites whether what is linked there still exists.
//!
//! A host is asked for one thing after the other, with a pause in between, and no more once
//! it asks for that. Answers are kept in a ledger, so that the same is not asked every day.

mod ledger;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use super::Limits;
use super::client::{Client, Unreached};
use crate::plugins::privacy::Address;
use crate::url;

pub use ledger::{Ledger, NotKept};

/// How many hosts are asked at once.
const HOSTS_AT_ONCE: usize = 16;

/// What is known of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// It is there.
    Alive,
    /// It has moved for good, to this address.
    Moved(String),
    /// It is not there; why, as the end of a sentence.
    Dead(String),
    /// Nobody can tell from here; why, as the end of a sentence.
    Unknown(String),
}

/// What came of asking.
#[derive(Debug, Default)]
pub struct Asked {
    /// What is known of each address.
    pub states: BTreeMap<String, LinkState>,
    /// How many addresses other sites were asked for.
    pub count: usize,
    /// Whether no site could be reached at all: nothing is known then of what was asked.
    pub is_offline: bool,
}

/// Asks other sites.
#[derive(Debug)]
pub struct LinkChecker {
    client: Client,
    redirects: u32,
    /// How long a host is left alone between two questions.
    pause: Duration,
}

/// What one question came to, before it is known whether there is a network.
enum Answer {
    State(LinkState),
    /// The host was not found or not reached.
    Unreached(String),
    /// The host asks for fewer questions.
    TooMany,
}

impl LinkChecker {
    /// One with these limits that leaves a host alone for so long between two questions.
    pub fn new(limits: &Limits, pause: Duration) -> Self {
        Self {
            client: Client::new(limits),
            redirects: limits.redirects,
            pause,
        }
    }

    /// Asks for these addresses, of which no two differ only in their fragments.
    pub fn ask(&self, addresses: &BTreeSet<String>) -> Asked {
        let mut hosts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for address in addresses {
            let host = Address::parse(address).host().unwrap_or_default();
            hosts.entry(host).or_default().push(address);
        }
        let hosts: Vec<Vec<&str>> = hosts.into_values().collect();
        let next = AtomicUsize::new(0);
        let is_reached = AtomicBool::new(false);
        let answers = Mutex::new(BTreeMap::new());
        std::thread::scope(|scope| {
            for _ in 0..HOSTS_AT_ONCE.min(hosts.len()) {
                scope.spawn(|| {
                    while let Some(of_host) = hosts.get(next.fetch_add(1, Ordering::Relaxed)) {
                        self.ask_host(of_host, &is_reached, &answers);
                    }
                });
            }
        });
        let is_offline = !addresses.is_empty() && !is_reached.into_inner();
        let mut asked = Asked {
            count: addresses.len(),
            is_offline,
            ..Asked::default()
        };
        for (address, answer) in answers.into_inner() {
            let state = match answer {
                Answer::State(state) => state,
                // Without a network, every site looks dead.
                Answer::Unreached(why) if is_offline => LinkState::Unknown(why),
                Answer::Unreached(why) => LinkState::Dead(why),
                Answer::TooMany => LinkState::Unknown("the server asks for fewer requests".into()),
            };
            asked.states.insert(address, state);
        }
        asked
    }

    fn ask_host(
        &self,
        addresses: &[&str],
        is_reached: &AtomicBool,
        answers: &Mutex<BTreeMap<String, Answer>>,
    ) {
        let mut is_asked = false;
        let mut is_full = false;
        for address in addresses {
            let answer = if is_full {
                Answer::TooMany
            } else {
                if is_asked {
                    self.leave_alone();
                }
                is_asked = true;
                self.answer(address)
            };
            if !matches!(answer, Answer::Unreached(_)) {
                is_reached.store(true, Ordering::Relaxed);
            }
            is_full = matches!(answer, Answer::TooMany);
            answers.lock().insert((*address).to_owned(), answer);
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a host is left alone for some time"
    )]
    fn leave_alone(&self) {
        std::thread::sleep(self.pause);
    }

    /// Asks for an address and for those that it leads to.
    fn answer(&self, address: &str) -> Answer {
        let mut at = address.to_owned();
        let mut is_permanent = true;
        for _ in 0..=self.redirects {
            let (status, location) = match self.status(&at) {
                Ok(answer) => answer,
                Err(Unreached::Nowhere(why)) if at == address => return Answer::Unreached(why),
                Err(Unreached::Nowhere(why)) => {
                    let why = format!("it leads to `{at}`, and {why}");
                    return Answer::State(LinkState::Dead(why));
                }
                Err(Unreached::Other(why)) => return Answer::State(LinkState::Unknown(why)),
            };
            let state = match status {
                301 | 302 | 303 | 307 | 308 => {
                    let Some(location) = location else {
                        let why = "it is redirected to nowhere";
                        return Answer::State(LinkState::Dead(why.to_owned()));
                    };
                    is_permanent &= matches!(status, 301 | 308);
                    let to = url::join(&at, &location);
                    to.split('#').next().unwrap_or_default().clone_into(&mut at);
                    continue;
                }
                200..=299 if at != address && is_permanent => LinkState::Moved(at),
                200..=299 => LinkState::Alive,
                404 | 410 => LinkState::Dead(format!("the server answers with status {status}")),
                429 => return Answer::TooMany,
                _ => LinkState::Unknown(format!("the server answers with status {status}")),
            };
            return Answer::State(state);
        }
        Answer::State(LinkState::Dead("it is redirected too often".to_owned()))
    }

    /// The status of an address. Where a server has none without the content, or says that
    /// nothing is there, it is asked as by a browser.
    fn status(&self, address: &str) -> Result<(u16, Option<String>), Unreached> {
        match self.client.head(address) {
            Ok((status, location)) if status < 400 || status == 429 => Ok((status, location)),
            Err(Unreached::Nowhere(why)) => Err(Unreached::Nowhere(why)),
            Ok(_) | Err(Unreached::Other(_)) => self.client.get_status(address),
        }
    }
}

#[cfg(test)]
mod tests;
