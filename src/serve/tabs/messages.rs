use serde::Deserialize;

use crate::serve::loads::Load;

/// The message by which a tab subscribes.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::serve) struct Subscribe {
    /// The address it shows, from the server's root.
    pub(in crate::serve) address: String,
    /// The fingerprint of the page it shows.
    #[serde(default)]
    pub(in crate::serve) fingerprint: String,
    /// Whether it follows saves, if its reader chose.
    #[serde(default)]
    pub(in crate::serve) follow: Option<bool>,
}

/// What a tab may send later.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in crate::serve) enum ClientMessage {
    /// Whether it follows saves from now on.
    Follow {
        /// Whether it does.
        follow: bool,
    },
    /// What it has loaded since the last message.
    Loaded {
        /// Each address with its age.
        loaded: Vec<Load>,
        /// How many answers the server had sent before its page.
        #[serde(default)]
        after: u64,
    },
}
