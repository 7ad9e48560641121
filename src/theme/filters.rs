//! The filters that MkDocs adds to Jinja2.

use minijinja::State;
use minijinja::value::Value;

use crate::url;

/// `url`: an address of the site as seen from the page being rendered.
///
/// Addresses with a scheme, a host or a leading slash stay as they are.
/// Source: MkDocs' `normalize_url`.
pub(super) fn url(state: &State, value: Value) -> String {
    let written = match value.as_str() {
        Some(written) => written.replace('\\', "/"),
        None if value.is_undefined() || value.is_none() => String::new(),
        None => value.to_string(),
    };
    if url::is_absolute(&written) || written.starts_with('#') {
        return written;
    }
    let target = if written.is_empty() { "." } else { &written };
    let mut target = target.strip_prefix("./").unwrap_or(target);
    let mut above = 0;
    while let Some(rest) = target.strip_prefix("../") {
        target = rest;
        above += 1;
    }
    let page = state
        .lookup("page")
        .filter(|page| !page.is_undefined() && !page.is_none());
    match page.and_then(|page| page.get_attr("url").ok()) {
        Some(page) => {
            let page = page.as_str().unwrap_or_default().to_owned();
            let target = if target.is_empty() { "./" } else { target };
            format!("{}{}", "../".repeat(above), url::relative(target, &page))
        }
        None => {
            let base = state
                .lookup("base_url")
                .map(|base| base.to_string())
                .unwrap_or_default();
            let slash = if base.is_empty() || base.ends_with('/') {
                ""
            } else {
                "/"
            };
            format!("{base}{slash}{written}")
        }
    }
}

/// `script_tag`: an entry of `extra_javascript` as an element.
pub(super) fn script_tag(state: &State, script: Value) -> String {
    let attribute = |name: &str| script.get_attr(name).ok().filter(Value::is_true);
    let path = attribute("path").unwrap_or_else(|| script.clone());
    let mut tag = format!("<script src=\"{}\"", escape(&url(state, path)));
    if let Some(kind) = attribute("type") {
        tag.push_str(&format!(" type=\"{}\"", escape(&kind.to_string())));
    }
    for flag in ["async", "defer"] {
        if attribute(flag).is_some() {
            tag.push(' ');
            tag.push_str(flag);
        }
    }
    tag.push_str("></script>");
    tag
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&#34;")
        .replace('<', "&lt;")
}

/// `striptags`: text without tags and comments, its white space folded
/// (Jinja2's filter of that name).
pub(super) fn striptags(value: Value) -> String {
    let html = if value.is_undefined() || value.is_none() {
        String::new()
    } else {
        value.to_string()
    };
    let mut text = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let tag = &rest[start..];
        let end = if tag.starts_with("<!--") {
            tag.find("-->").map(|at| at + 3)
        } else {
            tag.find('>').map(|at| at + 1)
        };
        match end {
            Some(end) => rest = &tag[end..],
            None => {
                text.push_str(tag);
                rest = "";
            }
        }
    }
    text.push_str(rest);
    let folded: Vec<&str> = text.split_whitespace().collect();
    unescape(&folded.join(" "))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}
