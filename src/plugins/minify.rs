//! `minify`: pages without the blanks that nobody sees. Scripts and style
//! sheets stay as they are.

use serde_json::{Map, Value};

use crate::html::{self, Token};
use crate::options::{Values, options};
use crate::work::step;

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
    let mut kept = Kept::default();
    let mut in_head = false;
    for (token, range) in html::tokens(page) {
        let written = &page[range];
        match token {
            Token::Start { name, closed, .. } => {
                in_head |= name.eq_ignore_ascii_case("head");
                small.push_str(written);
                if !closed {
                    kept.open(name);
                }
            }
            Token::End { name } => {
                in_head &= !name.eq_ignore_ascii_case("head");
                kept.close(name);
                small.push_str(written);
            }
            Token::Text(text) if kept.open.is_empty() => {
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

/// The elements round a place whose text is kept.
#[derive(Default)]
struct Kept {
    /// Which of [`KEPT`] they are, innermost last.
    open: Vec<usize>,
    /// How many of each there are.
    counts: [usize; KEPT.len()],
}

impl Kept {
    fn nth(name: &str) -> Option<usize> {
        let mut known = KEPT.iter();
        known.position(|known| known.eq_ignore_ascii_case(name))
    }

    fn open(&mut self, name: &str) {
        if let Some(nth) = Self::nth(name) {
            self.open.push(nth);
            self.counts[nth] += 1;
        }
    }

    /// Ends the innermost element of that name, and all within it. Where there
    /// is none, nothing is looked for: a page may be made of such end tags.
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
