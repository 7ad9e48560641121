use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::project::Project;
use super::{clock, terminal};
use crate::check;
use crate::diagnostic::Diagnostic;
use crate::fetch::Limits;
use crate::fetch::external::{Ledger, LinkChecker};

/// How long a host is left alone between two questions.
const PAUSE: Duration = Duration::from_millis(500);

const DAY: i64 = 24 * 60 * 60;

/// The flags for links to other sites.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct External {
    /// Ask other sites whether what is linked there still exists.
    #[arg(long, conflicts_with_all = ["config", "since", "assets", "fix"])]
    pub(super) external: bool,
    /// With `--external`: ask again for what was found more than so many days ago.
    #[arg(long, value_name = "DAYS", default_value_t = 7, requires = "external")]
    stale: u32,
    /// With `--external`: also ask this machine and those of private networks.
    #[arg(long, requires = "external")]
    fetch_private: bool,
}

impl External {
    /// The problems of links to other sites.
    pub(super) fn problems(self, project: &Project, quiet: bool) -> Result<Vec<Diagnostic>> {
        let linked = check::external_addresses(&project.sites);
        let root = project.disk.root();
        let mut ledger = Ledger::read(root);
        let now = clock::now();
        let stale = i64::from(self.stale).saturating_mul(DAY);
        let mut states = BTreeMap::new();
        let mut unknown = linked.clone();
        unknown.retain(|address| match ledger.known(address, now, stale) {
            Some(state) => {
                states.insert(address.clone(), state);
                false
            }
            None => true,
        });
        let limits = Limits {
            allows_private: self.fetch_private,
            ..Limits::default()
        };
        if !quiet && !unknown.is_empty() {
            terminal::err(format_args!(
                "asking other sites for {} of {} addresses",
                unknown.len(),
                linked.len()
            ));
        }
        let asked = LinkChecker::new(&limits, PAUSE).ask(&unknown);
        if asked.is_offline {
            terminal::err(format_args!(
                "note: no other site could be reached, so {} addresses are not checked",
                asked.count
            ));
        } else {
            for (address, state) in asked.states {
                ledger.note(&address, &state, now);
                states.insert(address, state);
            }
            if let Err(why) = ledger.write(root, |address| linked.contains(address)) {
                terminal::err(format_args!("note: what was found is not kept: {why}"));
            }
        }
        Ok(check::external_problems(&project.sites, &states))
    }
}
