//! `minify`: pages without the blanks that nobody sees. Scripts and style
//! sheets stay as they are.

use serde_json::{Map, Value};

use crate::html::{self, Token};
use crate::options::{Values, options};

/// Elements whose text is kept.
const KEPT: [&str; 4] = ["pre", "textarea", "script", "style"];

options! {
    /// The plugin's options.
    pub struct Options {
        minify_html: bool,
        htmlmin_opts: Map<String, Value>,
    }
}

/// What is taken out, by the names of htmlmin's options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    remove_comments: bool,
    remove_empty_space: bool,
    remove_all_empty_space: bool,
}

impl Settings {
    /// From the plugin's options; `None` where pages stay as they are.
    pub fn new(options: &Options) -> Option<Self> {
        if !options.minify_html {
            return None;
        }
        let own = Values(&options.htmlmin_opts);
        Some(Self {
            remove_comments: own.flag("remove_comments", false),
            remove_empty_space: own.flag("remove_empty_space", false),
            remove_all_empty_space: own.flag("remove_all_empty_space", false),
        })
    }
}

/// A page with its runs of blanks folded.
pub fn html(page: &str, settings: Settings) -> String {
    let mut small = String::with_capacity(page.len());
    // Elements round this place whose text is kept, innermost last.
    let mut kept: Vec<String> = Vec::new();
    let mut in_head = false;
    for (token, range) in html::tokens(page) {
        let written = &page[range];
        match token {
            Token::Start { name, closed, .. } => {
                let name = name.to_ascii_lowercase();
                in_head |= name == "head";
                small.push_str(written);
                if KEPT.contains(&name.as_str()) && !closed {
                    kept.push(name);
                }
            }
            Token::End { name } => {
                let name = name.to_ascii_lowercase();
                in_head &= name != "head";
                if let Some(at) = kept.iter().rposition(|open| *open == name) {
                    kept.truncate(at);
                }
                small.push_str(written);
            }
            Token::Text(text) if kept.is_empty() => {
                let blank = text.trim_ascii().is_empty();
                let gone = settings.remove_all_empty_space
                    || in_head
                    || (settings.remove_empty_space && text.contains('\n'));
                if !(blank && gone) {
                    fold(text, &mut small);
                }
            }
            // htmlmin keeps what begins with a mark of its own, without it.
            Token::Comment(text) => match text.strip_prefix("<!--!") {
                Some(rest) => {
                    small.push_str("<!--");
                    small.push_str(rest);
                }
                None if settings.remove_comments => {}
                None => small.push_str(text),
            },
            Token::Text(_) | Token::Other(_) => small.push_str(written),
        }
    }
    small
}

/// Writes text with each run of blanks as one.
fn fold(text: &str, to: &mut String) {
    let mut in_blank = false;
    for character in text.chars() {
        // Other blanks than HTML's, such as one that breaks no line, count.
        let blank = character.is_ascii_whitespace();
        if !blank {
            to.push(character);
        } else if !in_blank {
            to.push(' ');
        }
        in_blank = blank;
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, Settings, html};
    use serde_json::json;

    const PAGE: &str = "<html>\n  <head>\n    <title>A  b</title>\n    <script>\n  var a  = 1\n</script>\n  </head>\n<body>\n  <!-- c --><!--! keep -->\n<p>\n  x   <b>y</b>\n z </p>\n <pre>\n  a\n   b\n</pre>\n<textarea> q\n w</textarea>  <a>t</a>\n</body>\n</html>\n";

    fn made(options: serde_json::Value) -> String {
        let settings = Settings::new(&Options::read(options.as_object().expect("a mapping")));
        html(PAGE, settings.expect("it is on"))
    }

    /// As htmlmin, attributes' quotes apart.
    #[test]
    fn blanks_are_folded() {
        assert_eq!(
            made(json!({"minify_html": true})),
            "<html> <head><title>A b</title><script>\n  var a  = 1\n</script></head> <body> <!-- c --><!-- keep --> <p> x <b>y</b> z </p> <pre>\n  a\n   b\n</pre> <textarea> q\n w</textarea> <a>t</a> </body> </html> "
        );
        assert_eq!(
            made(
                json!({"minify_html": true, "htmlmin_opts": {"remove_comments": true, "remove_empty_space": true}})
            ),
            "<html><head><title>A b</title><script>\n  var a  = 1\n</script></head><body><!-- keep --><p> x <b>y</b> z </p><pre>\n  a\n   b\n</pre><textarea> q\n w</textarea> <a>t</a></body></html>"
        );
        let off = json!({});
        assert_eq!(
            Settings::new(&Options::read(off.as_object().expect("a mapping"))),
            None
        );
    }
}
