//! What templates see of a blog: the posts and views of Material's plugin.

mod links;
mod pager;
mod values;

use minijinja::Environment;
use minijinja::value::Value;
use serde_json::Value as Json;

use super::date::Datetime;
use crate::config::Config;

pub(super) use values::{attributes, variables};

/// Adds the filter `date` of the plugin, if the site has a blog. The last blog decides
/// how dates are written.
pub(super) fn add_filter(environment: &mut Environment<'_>, config: &Config) {
    let mut blogs = config.plugins.iter().rev();
    let Some(blog) = blogs.find(|plugin| plugin.name == "blog") else {
        return;
    };
    let format = blog.options.get("post_date_format").and_then(Json::as_str);
    let format = format.unwrap_or("long").to_owned();
    let language = config.theme.language.clone();
    environment.add_filter("date", move |value: Value| -> Value {
        match value.downcast_object_ref::<Datetime>() {
            Some(date) => Value::from(date.0.written().by_pattern(&format, &language)),
            None => value,
        }
    });
}
