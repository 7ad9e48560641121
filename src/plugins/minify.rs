//! `minify`: removes white space that nobody sees from pages. Scripts and style
//! sheets stay as they are.

use serde_json::{Map, Value};

use crate::html::{self, Token};
use crate::options::{Values, options};
use crate::work::step;

/// Elements whose text is left alone.
const PRESERVED: [&str; 4] = ["pre", "textarea", "script", "style"];

options! {
    /// The plugin's options.
    pub struct Options {
        minify_html: bool,
        htmlmin_opts: Map<String, Value>,
    }
}

/// What is removed, by the names of htmlmin's options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    remove_comments: bool,
    remove_empty_space: bool,
    remove_all_empty_space: bool,
}

impl Settings {
    /// Reads the plugin's options; `None` if pages stay as they are.
    pub fn new(options: &Options) -> Option<Self> {
        if !options.minify_html {
            return None;
        }
        let htmlmin = Values(&options.htmlmin_opts);
        Some(Self {
            remove_comments: htmlmin.flag("remove_comments", false),
            remove_empty_space: htmlmin.flag("remove_empty_space", false),
            remove_all_empty_space: htmlmin.flag("remove_all_empty_space", false),
        })
    }
}

/// Minifies a page: each run of white space becomes one blank.
pub fn html(page: &str, settings: Settings) -> String {
    let mut minified = String::with_capacity(page.len());
    let mut preserved = Preserved::default();
    let mut in_head = false;
    for (token, range) in html::tokens(page) {
        let source = &page[range];
        match token {
            Token::Start { name, closed, .. } => {
                in_head |= name.eq_ignore_ascii_case("head");
                minified.push_str(source);
                if !closed {
                    preserved.open(name);
                }
            }
            Token::End { name } => {
                in_head &= !name.eq_ignore_ascii_case("head");
                preserved.close(name);
                minified.push_str(source);
            }
            Token::Text(text) if preserved.open.is_empty() => {
                let is_blank = text.trim_ascii().is_empty();
                let removes_blanks = settings.remove_all_empty_space
                    || in_head
                    || (settings.remove_empty_space && text.contains('\n'));
                if !(is_blank && removes_blanks) {
                    fold(text, &mut minified);
                }
            }
            // htmlmin keeps a comment that starts with `!`, but not the `!`.
            Token::Comment(text) => match text.strip_prefix("<!--!") {
                Some(comment) => {
                    minified.push_str("<!--");
                    minified.push_str(comment);
                }
                None if settings.remove_comments => {}
                None => minified.push_str(text),
            },
            Token::Text(_) | Token::Other(_) => minified.push_str(source),
        }
    }
    minified
}

/// The open elements whose text is left alone.
#[derive(Default)]
struct Preserved {
    /// Their indices in [`PRESERVED`], innermost last.
    open: Vec<usize>,
    /// The number of each.
    counts: [usize; PRESERVED.len()],
}

impl Preserved {
    fn nth(name: &str) -> Option<usize> {
        let mut elements = PRESERVED.iter();
        elements.position(|element| element.eq_ignore_ascii_case(name))
    }

    fn open(&mut self, name: &str) {
        if let Some(nth) = Self::nth(name) {
            self.open.push(nth);
            self.counts[nth] += 1;
        }
    }

    /// Closes the innermost element of that name, and all elements inside it. If
    /// there is none, nothing is searched, because a page may consist of such end
    /// tags.
    fn close(&mut self, name: &str) {
        let Some(nth) = Self::nth(name).filter(|nth| self.counts[*nth] > 0) else {
            return;
        };
        while let Some(last) = self.open.pop() {
            step(1);
            self.counts[last] -= 1;
            if last == nth {
                break;
            }
        }
    }
}

/// Writes text with each run of white space as one blank.
fn fold(text: &str, to: &mut String) {
    let mut after_blank = false;
    for character in text.chars() {
        // Only HTML's white space, so that a non-breaking space is kept.
        let is_blank = character.is_ascii_whitespace();
        if !is_blank {
            to.push(character);
        } else if !after_blank {
            to.push(' ');
        }
        after_blank = is_blank;
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, Settings, html};
    use crate::work::steps_of;
    use serde_json::json;

    const PAGE: &str = "<html>\n  <head>\n    <title>A  b</title>\n    <script>\n  var a  = 1\n</script>\n  </head>\n<body>\n  <!-- c --><!--! keep -->\n<p>\n  x   <b>y</b>\n z </p>\n <pre>\n  a\n   b\n</pre>\n<textarea> q\n w</textarea>  <a>t</a>\n</body>\n</html>\n";

    fn made(options: serde_json::Value) -> String {
        let settings = Settings::new(&Options::read(options.as_object().expect("a mapping")));
        html(PAGE, settings.expect("it is on"))
    }

    fn shrunk(page: &str) -> String {
        let on = json!({"minify_html": true, "htmlmin_opts": {"remove_empty_space": true}});
        let settings = Settings::new(&Options::read(on.as_object().expect("a mapping")));
        html(page, settings.expect("it is on"))
    }

    #[test]
    fn twice_as_much_takes_twice_as_long() {
        for (first, second) in [
            ("<pre>", ""),
            ("<pre>", "</textarea>"),
            ("<pre><textarea>", "</style>"),
            ("<pre><textarea>", "</pre>"),
            ("<pre>", "</p>"),
            ("<!--", ""),
            ("<!-- -- >", "-->"),
            ("<!", ""),
            ("<?", ">"),
            ("<script", ""),
            ("<script>", ""),
            ("<script></scrip", "t>"),
            ("<script></script", ">"),
            ("<style></", "</style>"),
            ("<a b=", ">"),
            ("<a b=\"", ">"),
            ("<a b='\"", "'>"),
            ("<a =\"'", "\"'>"),
            ("<a b='", "<a b=\""),
            ("<", ">"),
            ("</", ""),
            ("</a", ">"),
            (
                " 
", "<b> ",
            ),
        ] {
            let steps = |count: usize| {
                let page = first.repeat(count) + &second.repeat(count);
                steps_of(|| shrunk(&page))
            };
            let (once, twice) = (steps(2_000), steps(4_000));
            assert!(twice <= once * 2 + 100, "{first} {second}: {once} {twice}");
        }
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
        assert_eq!(
            shrunk("<pre> a  b<textarea> c  d</pre>  e  f</textarea>  g  h</PRE>  i"),
            "<pre> a  b<textarea> c  d</pre> e f</textarea> g h</PRE> i"
        );
        let off = json!({});
        assert_eq!(
            Settings::new(&Options::read(off.as_object().expect("a mapping"))),
            None
        );
    }
}
