//! Options of `pymdownx.magiclink`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::With;

/// What kind of place a provider is, which says how its addresses are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Forge {
    /// GitHub.
    #[default]
    Github,
    /// GitLab.
    Gitlab,
    /// Bitbucket.
    Bitbucket,
    /// A place without repositories.
    Social,
}

/// Where people and repositories are found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provider {
    /// As configurations and classes name it.
    pub name: String,
    /// As titles name it.
    pub label: String,
    /// What it is.
    pub forge: Forge,
    /// Its address, without a slash at the end.
    pub url: String,
    /// Whether `www.` may stand before its host.
    pub with_www: bool,
    /// Names that are no people's, in lower case.
    pub excluded: Vec<String>,
}

/// `pymdownx.magiclink`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Magiclink {
    /// `hide_protocol`: links are shown without it.
    pub hide_protocol: bool,
    /// `repo_url_shorthand`: `@user`, `#1` and the like.
    pub shorthand: bool,
    /// `social_url_shorthand`.
    pub social: bool,
    /// `repo_url_shortener`: addresses of repositories are shown short.
    pub shortener: bool,
    /// `social_url_shortener`.
    pub social_shortener: bool,
    /// `normalize_issue_symbols`: all are shown with `#`.
    pub normalize: bool,
    /// `user` of names without one.
    pub user: String,
    /// `repo` of names without one.
    pub repo: String,
    /// `labels`: other words for what links lead to.
    pub labels: BTreeMap<String, String>,
    /// All that are known, custom ones last.
    pub providers: Vec<Provider>,
    /// Which of them `provider` is.
    pub own: usize,
}

/// Names, labels, addresses and excluded names of what is built in.
const BUILT_IN: [(&str, &str, Forge, &str, &[&str]); 5] = [
    (
        "github",
        "GitHub",
        Forge::Github,
        "https://github.com",
        &[
            "marketplace",
            "notifications",
            "issues",
            "pull",
            "sponsors",
            "settings",
            "support",
        ],
    ),
    (
        "bitbucket",
        "Bitbucket",
        Forge::Bitbucket,
        "https://bitbucket.org",
        &[],
    ),
    (
        "gitlab",
        "GitLab",
        Forge::Gitlab,
        "https://gitlab.com",
        &["dashboard", "-", "explore", "help", "projects"],
    ),
    (
        "twitter",
        "Twitter",
        Forge::Social,
        "https://twitter.com",
        SOCIAL_PAGES,
    ),
    ("x", "X", Forge::Social, "https://x.com", SOCIAL_PAGES),
];
const SOCIAL_PAGES: &[&str] = &["i", "messages", "bookmarks", "home"];

impl Magiclink {
    /// As configured.
    pub fn new(with: &With<'_>) -> Self {
        let flag = |key: &str| with.flag(key, false);
        let text = |key: &str| with.text(key, "");
        let object = |key: &str| with.get(key).and_then(Value::as_object);
        let mut providers: Vec<Provider> = BUILT_IN
            .iter()
            .map(|(name, label, forge, url, excluded)| Provider {
                name: (*name).to_owned(),
                label: (*label).to_owned(),
                forge: *forge,
                url: (*url).to_owned(),
                with_www: true,
                excluded: excluded.iter().map(|name| (*name).to_owned()).collect(),
            })
            .collect();
        for (name, entry) in object("custom").into_iter().flatten() {
            let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
            let forge = match text("type") {
                "gitlab" => Forge::Gitlab,
                "bitbucket" => Forge::Bitbucket,
                _ => Forge::Github,
            };
            providers.push(Provider {
                name: name.clone(),
                label: text("label").to_owned(),
                forge,
                url: text("host").to_lowercase().trim_end_matches('/').to_owned(),
                with_www: entry.get("www").and_then(Value::as_bool).unwrap_or(true),
                excluded: Vec::new(),
            });
        }
        for (name, excluded) in object("shortener_user_exclude").into_iter().flatten() {
            let known = providers.iter_mut().find(|provider| provider.name == *name);
            if let (Some(provider), Some(excluded)) = (known, excluded.as_array()) {
                let names = excluded.iter().filter_map(Value::as_str);
                provider.excluded = names.map(str::to_lowercase).collect();
            }
        }
        let labels = object("labels").into_iter().flatten();
        let own = text("provider");
        let own = providers.iter().position(|provider| provider.name == own);
        Self {
            hide_protocol: flag("hide_protocol"),
            shorthand: flag("repo_url_shorthand"),
            social: flag("social_url_shorthand"),
            shortener: flag("repo_url_shortener"),
            social_shortener: flag("social_url_shortener"),
            normalize: flag("normalize_issue_symbols"),
            user: text("user"),
            repo: text("repo"),
            labels: labels
                .filter_map(|(name, label)| Some((name.clone(), label.as_str()?.to_owned())))
                .collect(),
            own: own.unwrap_or(0),
            providers,
        }
    }

    /// The provider of names that do not say theirs.
    pub fn provider(&self) -> &Provider {
        &self.providers[self.own]
    }

    /// The word for what a link leads to.
    pub fn label<'t>(&'t self, name: &str, default: &'t str) -> &'t str {
        self.labels.get(name).map_or(default, String::as_str)
    }
}
