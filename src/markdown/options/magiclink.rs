//! Options of `pymdownx.magiclink`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ExtensionOptions;

/// The kind of a provider, which determines the shape of its addresses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProviderKind {
    /// GitHub.
    #[default]
    Github,
    /// GitLab.
    Gitlab,
    /// Bitbucket.
    Bitbucket,
    /// A social network, which has users but no repositories.
    Social,
}

/// A site with users and, unless it is a social network, repositories.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provider {
    /// Its name in configurations and classes.
    pub name: String,
    /// Its name in titles.
    pub label: String,
    /// Its kind.
    pub forge: ProviderKind,
    /// Its address, without a slash at the end.
    pub url: String,
    /// Whether `www.` may precede its host.
    pub with_www: bool,
    /// Names that are not users, in lower case.
    pub excluded: Vec<String>,
}

/// `pymdownx.magiclink`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Magiclink {
    /// `hide_protocol`: links are shown without their protocol.
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
    /// `user`: the user of references that do not name one.
    pub user: String,
    /// `repo`: the repository of references that do not name one.
    pub repo: String,
    /// `labels`: other words for what links lead to.
    pub labels: BTreeMap<String, String>,
    /// All providers, custom ones last.
    pub providers: Vec<Provider>,
    /// The index in `providers` of the one that the option `provider` names.
    pub own: usize,
}

/// The built-in providers: name, label, kind, address and excluded names.
const BUILT_IN: [(&str, &str, ProviderKind, &str, &[&str]); 5] = [
    (
        "github",
        "GitHub",
        ProviderKind::Github,
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
        ProviderKind::Bitbucket,
        "https://bitbucket.org",
        &[],
    ),
    (
        "gitlab",
        "GitLab",
        ProviderKind::Gitlab,
        "https://gitlab.com",
        &["dashboard", "-", "explore", "help", "projects"],
    ),
    (
        "twitter",
        "Twitter",
        ProviderKind::Social,
        "https://twitter.com",
        SOCIAL_PAGES,
    ),
    (
        "x",
        "X",
        ProviderKind::Social,
        "https://x.com",
        SOCIAL_PAGES,
    ),
];
const SOCIAL_PAGES: &[&str] = &["i", "messages", "bookmarks", "home"];

impl Magiclink {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let flag = |key: &str| with.flag(key, false);
        let text = |key: &str| with.text(key, "");
        let object = |key: &str| with.get(key).and_then(Value::as_object);
        let mut providers: Vec<Provider> = built_in_providers().collect();
        for (name, entry) in object("custom").into_iter().flatten() {
            providers.push(custom_provider(name, entry));
        }
        for (name, excluded) in object("shortener_user_exclude").into_iter().flatten() {
            let provider = providers.iter_mut().find(|provider| provider.name == *name);
            if let (Some(provider), Some(excluded)) = (provider, excluded.as_array()) {
                let names = excluded.iter().filter_map(Value::as_str);
                provider.excluded = names.map(str::to_lowercase).collect();
            }
        }
        let labels = object("labels").into_iter().flatten();
        let own_name = text("provider");
        let own = providers
            .iter()
            .position(|provider| provider.name == own_name);
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
            // GitHub is the first.
            own: own.unwrap_or(0),
            providers,
        }
    }

    /// The provider of references that do not name one.
    pub fn provider(&self) -> &Provider {
        &self.providers[self.own]
    }

    /// The word for what a link leads to.
    pub fn label<'t>(&'t self, name: &str, default: &'t str) -> &'t str {
        self.labels.get(name).map_or(default, String::as_str)
    }
}

fn built_in_providers() -> impl Iterator<Item = Provider> {
    BUILT_IN
        .iter()
        .map(|(name, label, forge, url, excluded)| Provider {
            name: (*name).to_owned(),
            label: (*label).to_owned(),
            forge: *forge,
            url: (*url).to_owned(),
            with_www: true,
            excluded: excluded.iter().map(|name| (*name).to_owned()).collect(),
        })
}

fn custom_provider(name: &str, entry: &Value) -> Provider {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or("");
    let forge = match text("type") {
        "gitlab" => ProviderKind::Gitlab,
        "bitbucket" => ProviderKind::Bitbucket,
        _ => ProviderKind::Github,
    };
    Provider {
        name: name.to_owned(),
        label: text("label").to_owned(),
        forge,
        url: text("host").to_lowercase().trim_end_matches('/').to_owned(),
        with_www: entry.get("www").and_then(Value::as_bool).unwrap_or(true),
        excluded: Vec::new(),
    }
}
