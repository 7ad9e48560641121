//! Which feeds the site has.

use std::sync::Arc;

use super::posts::blogs;
use super::settings::config;
use crate::feeds::{FeedLink, FeedRules};
use crate::plugins::rss;
use crate::site::Db;

/// The plugin.
pub(super) const NAME: &str = "rss";

/// The feeds of the site, by what they are made from.
#[salsa::tracked(returns(clone))]
pub(super) fn rules(db: &dyn Db) -> Arc<[Arc<FeedRules>]> {
    let config = config(db);
    let plugins = config.iter().flat_map(|config| &config.plugins);
    let of_plugins = plugins.filter(|plugin| plugin.name == NAME);
    let mut rules: Vec<_> = of_plugins
        .map(|plugin| Arc::new(rss::rules(&plugin.options)))
        .collect();
    if let Some(table) = config.as_ref().and_then(|config| config.feeds.as_ref()) {
        rules.push(Arc::new(table.rules(!blogs(db).is_empty())));
    }
    rules.into()
}

/// How pages name the feeds.
#[salsa::tracked(returns(clone))]
pub(super) fn feed_links(db: &dyn Db) -> Arc<[FeedLink]> {
    rules(db).iter().flat_map(|rules| rules.links()).collect()
}
