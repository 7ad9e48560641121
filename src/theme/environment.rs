use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::date::Moment;
use super::shelf::Shelf;
use super::{filters, globals, json, methods};

/// An environment that behaves as MkDocs' Jinja2 does. `moment` is what
/// templates see as the time of the build.
pub(super) fn environment(shelf: Shelf, moment: i64) -> Environment<'static> {
    let mut environment = Environment::new();
    // MkDocs renders without auto-escaping; templates escape by themselves.
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // One missing attribute must not sink a site (Jinja2's default).
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_debug(true);
    environment.set_unknown_method_callback(methods::call);
    environment.add_filter("url", filters::url);
    environment.add_filter("script_tag", filters::script_tag);
    add_filters(&mut environment);
    environment.set_loader(move |name| {
        let found = shelf.find(name);
        Ok(found.map(|template| shelf.prepare(&template.text).text))
    });
    environment.add_global("mkdocs_version", Value::from("1.6.1"));
    environment.add_global("build_date_utc", Value::from_object(Moment::new(moment)));
    environment
}

/// What Jinja2 has and MiniJinja lacks, or does otherwise.
pub(super) fn add_filters(environment: &mut Environment<'static>) {
    environment.add_filter("e", filters::escaped);
    environment.add_filter("escape", filters::escaped);
    environment.add_filter("forceescape", filters::force_escaped);
    environment.add_filter("striptags", filters::striptags);
    environment.add_filter("tojson", json::tojson);
    environment.add_filter("urlencode", filters::urlencode);
    environment.add_filter("center", filters::center);
    environment.add_filter("truncate", filters::truncate);
    environment.add_filter("wordcount", filters::wordcount);
    environment.add_filter("xmlattr", filters::xmlattr);
    environment.add_filter("filesizeformat", filters::filesizeformat);
    environment.add_filter("wordwrap", filters::wordwrap);
    environment.add_filter("urlize", filters::urlize);
    environment.add_test("callable", globals::is_callable);
    environment.add_function("cycler", globals::cycler);
    for name in ["_", "gettext"] {
        environment.add_function(name, globals::gettext);
    }
    environment.add_function("ngettext", globals::ngettext);
    environment.add_function("joiner", minijinja_contrib::globals::joiner);
}
