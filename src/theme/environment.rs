use std::sync::Arc;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::{Templates, builtin, filters};
use crate::icons;

/// An environment that behaves as MkDocs' Jinja2 does.
pub(super) fn environment(templates: Arc<Templates>) -> Environment<'static> {
    let mut environment = Environment::new();
    // MkDocs renders without auto-escaping; templates escape by themselves.
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // One missing attribute must not sink a site (Jinja2's default).
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_debug(true);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.add_filter("url", filters::url);
    environment.add_filter("script_tag", filters::script_tag);
    environment.add_filter("striptags", filters::striptags);
    environment.set_loader(move |name| {
        let own = templates
            .get(name)
            .map(|template| template.text.to_string());
        Ok(own
            .or_else(|| builtin::template(name))
            .or_else(|| icon(name)))
    });
    environment.add_global("mkdocs_version", Value::from("1.6.1"));
    environment
}

/// `.icons/material/account.svg`, the way Material's templates include icons.
fn icon(name: &str) -> Option<String> {
    let path = name.strip_prefix(".icons/")?.strip_suffix(".svg")?;
    Some(icons::builtin(path)?.to_string())
}
