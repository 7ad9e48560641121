//! Feeds: which pages each lists, and what it tells of them.

mod entries;
mod selection;

use std::sync::Arc;

use super::feed_rules::{NAME, rules};
use super::history;
use super::settings::{config, plugin, site_url, theme_language};
use crate::config::{Plugin, SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule};
use crate::feeds::{Feed, FeedFile, FeedRules};
use crate::plugins::rss;
use crate::site::Db;
use crate::site::inputs::now;
use crate::url;

use entries::entry;
use selection::listed;

/// What a feed says about its site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct SiteFacts {
    name: String,
    description: Option<String>,
    author: Option<String>,
    repository: Option<String>,
}

#[salsa::tracked(returns(clone))]
fn site_facts(db: &dyn Db) -> Arc<SiteFacts> {
    let facts = config(db).map(|config| SiteFacts {
        name: config.site_name.clone(),
        description: config.site_description.clone(),
        author: config.site_author.clone(),
        repository: config.repo_url.clone(),
    });
    Arc::new(facts.unwrap_or_default())
}

/// A feed as a file has it.
pub(super) fn feed(db: &dyn Db, nth: usize, rules: &FeedRules, file: &FeedFile) -> Feed {
    let facts = site_facts(db);
    let home = site_url(db);
    let pages = listed(db, nth, file.order);
    let entries = pages.iter().filter_map(|page| entry(db, *page, nth));
    Feed {
        title: rules.title.clone().unwrap_or_else(|| facts.name.clone()),
        description: rules
            .description
            .clone()
            .or_else(|| facts.description.clone()),
        author: facts.author.clone().filter(|author| !author.is_empty()),
        address: home.as_ref().map(|home| url::join(home, &file.path)),
        home: home.map(|home| home.to_string()),
        repository: facts.repository.clone(),
        language: Some(theme_language(db).to_string()),
        logo: rules.logo.clone(),
        style: rules.style.clone(),
        built: now(db),
        ttl: rules.ttl,
        order: file.order,
        entries: entries.collect(),
    }
}

/// The problems of the options of the plugin.
pub(super) fn faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let config = config(db);
    let plugins = config.iter().flat_map(|config| &config.plugins);
    let mut faults = Vec::new();
    for plugin in plugins.filter(|plugin| plugin.name == NAME) {
        let of_options = rss::faults(&plugin.options).into_iter();
        faults.extend(of_options.map(|fault| located(plugin, fault)));
    }
    let plugin = plugin(db, NAME);
    if let Some(plugin) = &plugin
        && rules(db).iter().any(|rules| rules.dates.uses_git)
        && history::asking(db).is_none()
    {
        let help = "feeds have the date of the build for pages that do not say theirs; set \
                    `use_git: false` if that is meant";
        faults.extend(history::no_history(db, plugin, help));
    }
    let has_table = config.as_ref().is_some_and(|config| config.feeds.is_some());
    if site_url(db).is_none() && (has_table || plugin.is_some()) {
        let message = "feeds need `site_url`: without it, their entries lead nowhere";
        let warning = Diagnostic::new(Rule::BadFeed, message);
        let warning = warning.help("set it to the address of the published site");
        faults.push(match plugin {
            Some(plugin) => plugin.remark(warning),
            None => SettingDiagnostic::about(SettingRef::Setting("feeds".to_owned()), warning),
        });
    }
    faults
}

fn located(plugin: &Plugin, (option, below, fault): rss::Fault) -> SettingDiagnostic {
    let text = plugin.options.get(option).and_then(|value| value.as_str());
    let name = plugin.name.clone();
    let subject = match (below, text) {
        (Some(below), _) => SettingRef::PluginEntry(name, option.to_owned(), below),
        (None, Some(text)) => SettingRef::PluginText(name, text.to_owned()),
        (None, None) => SettingRef::Plugin(name),
    };
    SettingDiagnostic::about(subject, fault)
}
