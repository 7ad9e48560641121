//! A page that redirects to another address.

use super::escape::Escape;

/// A page that redirects to `target`: with a script, which keeps the fragment,
/// and without one.
pub fn redirect(target: &str) -> String {
    let target = Escape::QUOTED.apply(target);
    let script = serde_json::Value::from(target.replace("&amp;", "&"))
        .to_string()
        .replace('<', "\\u003c");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>This page has moved</title>\n<link rel=\"canonical\" href=\"{target}\">\n\
         <script>const to = {script}; location.replace(location.hash ? to.split(\"#\")[0] + location.hash : to)</script>\n\
         <meta http-equiv=\"refresh\" content=\"0; url={target}\">\n\
         <meta name=\"robots\" content=\"noindex\">\n</head>\n<body>\n\
         <p>This page has moved to <a href=\"{target}\">{target}</a>.</p>\n</body>\n</html>\n"
    )
}
