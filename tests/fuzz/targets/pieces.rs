//! Pages made of short pieces, repeated: each construct of the dialect,
//! mostly opened and not closed.

/// What pages are made of. `%` becomes a number that rises with every
/// repetition, `@` the text behind it as often as the repetition says.
pub const PIECES: &[&str] = &[
    "a",
    " ",
    "\n",
    "\n\n",
    "    ",
    "        ",
    "\t",
    "- ",
    "* ",
    "1. ",
    "a. ",
    "    - ",
    "> ",
    ">",
    "# ",
    "#",
    "## a\n",
    "=\n",
    "-\n",
    "===\n",
    "---\n",
    "***\n",
    "* * *\n",
    "!!! note\n",
    "!!! note \"a\"\n    ",
    "??? tip\n    ",
    "???+ tip \"a\"\n    ",
    "=== \"a\"\n    ",
    "===+ \"a\"\n",
    "===! \"%\"\n",
    "/// note\n",
    "/// tab | a\n",
    "/// html | p\n",
    "/// caption\n",
    "/// caption | ^9\n",
    "/// define\n",
    "/// details | a\n    open: True\n",
    "///\n",
    "////\n",
    ":   ",
    "a\n:   a\n",
    "a\n\n:   a\n\n",
    "| a | b |\n",
    "|--|--|\n",
    "a|b\n-|-\n",
    "|",
    "|a|\n",
    "\\|",
    "-|",
    "[",
    "]",
    "[a]",
    "[a](b)",
    "[a][b]",
    "[a] [b]",
    "](",
    "](\"",
    "]('a'",
    "](<",
    "](<a>",
    "![",
    "![a](b)",
    "![a][%]",
    "[b]: c\n",
    "[%]: c\n",
    "[%]: c 'd'\n",
    "[b]:\n",
    "[%]",
    "[[",
    "[[a]]",
    "]]",
    "[^1]",
    "[^%]",
    "[^1]: a\n",
    "[^%]: a\n",
    "[^%]: a\n    ",
    "[^",
    "[^a",
    "*[A]: b\n",
    "*[A%]: b\n",
    "*[A",
    "*[\n",
    "*[a a]: b\n",
    "A1 ",
    "A% ",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~",
    "~~",
    "^",
    "^^",
    "==",
    "=",
    "*a",
    "a*",
    "**a ",
    "*a*",
    "_a_",
    "~a~",
    "a^b^",
    "*a**a*",
    "*_",
    "a**",
    " *",
    "* ",
    "`",
    "``",
    "```\n",
    "~~~\n",
    "@`",
    "@` ",
    "`a`",
    "``` py\n",
    "``` { .a #b hl_lines=\"1 2\" }\n",
    "`#!py a`",
    ":::py\n",
    "<div>",
    "</div>",
    "<div markdown>\n",
    "<div markdown>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<b ",
    "</b ",
    "<pre>",
    "</pre>",
    "<a href=\"",
    "<a b='",
    "<a b=\"\" ",
    "<a b=\"'\"",
    "<script>",
    "</script>",
    "<hr>",
    "<br/>",
    "<!--",
    "<!-- ",
    "-->",
    "--",
    "<!",
    "<?",
    "?>",
    "<!a>",
    "<![CDATA[",
    "]]>",
    "<",
    ">",
    "</",
    "\"",
    "'",
    "`>",
    "<td markdown>",
    "<span markdown>",
    "<c% ",
    "<c%>",
    "</c%>",
    "{ .a }",
    "{ .a",
    "{ a=b %=c }",
    "{",
    "}",
    "{}",
    "{: ",
    " .a",
    " a%=b",
    "{ #a }\n",
    ":a:",
    ":",
    ":smile:",
    ":material-%:",
    ":material-home:",
    "++",
    "++a+",
    "++\"",
    "++'",
    "++ctrl+",
    "++\"a\"",
    "+\"a\"",
    "+",
    "$",
    "$a",
    "$$",
    "$$\n",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "\\begin{a}",
    "\\",
    "\\\\",
    "\\*",
    "\\ ",
    "&amp;",
    "&",
    "&a",
    "&#",
    "&#1",
    ";",
    "{++",
    "++}",
    "{--",
    "--}",
    "{~~",
    "~>",
    "~~}",
    "{==",
    "==}",
    "{>>",
    "<<}",
    "--8<--\n",
    "--8<-- \"a.md\"\n",
    "--8<-- \"b\"\n",
    ";--8<--",
    "8<-",
    "[TOC]\n\n",
    "[ ] ",
    "- [x] ",
    "[=1%]",
    "[=1% \"",
    "[=",
    "[=1/",
    "http://a",
    "http://a_b/",
    "(http://a_b/",
    "https://github.com/a/b",
    "www.a",
    "a@b.c",
    "@",
    "@a",
    "a/b#1",
    "#1 ",
    "0123456789abcdef0123456789abcdef01234567",
    "@0123456789abcdef0123456789abcdef01234567",
    ")",
    "(",
    "!",
    ".",
    "?",
    "_a.",
    "'",
    "\"a\"",
    "'s",
    "'80s",
    "...",
    "(c)",
    "-->",
    "1/2",
    "1st",
    "c/o",
    "=/=",
    "\u{6a19}",
    "\u{ff03}",
    "\u{ff08}",
    "*[\u{6a19}]\u{ff1a}a\n",
    "  \n",
    "\\\n",
    "\u{a0}",
    "\r\n",
    "\u{fdd7}0\u{fdd8}",
    "\u{2}0\u{3}",
    "<figure>",
    "<table>\n<tr>",
    "<li>",
    "# a {#b}\n",
    "# a_1\n",
    "# _%\n",
    "# a\n\n",
    "> [!note]\n",
    "+ a\n",
    "  a: b\n",
    "---\na: b\n---\n",
    "a: b\n",
    "- [",
    ": [",
    ": {",
    "%: a\n",
    "<<: *a\n",
    "&a ",
    "*a, ",
];

/// A page in the making: parts with how often each is repeated, as a share of
/// the page's size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recipe {
    /// The option set.
    pub set: usize,
    /// Pieces, and whether they are repeated.
    pub parts: Vec<(Vec<usize>, bool)>,
}

impl Recipe {
    /// The page, of about `size` bytes.
    pub fn page(&self, size: usize) -> String {
        let many = self.parts.iter().filter(|part| part.1).count().max(1);
        let mut text = String::new();
        for (pieces, repeats) in &self.parts {
            let end = text.len() + size / many;
            let mut nth = 0;
            while nth == 0 || (*repeats && text.len() < end) {
                nth += 1;
                for piece in pieces {
                    write(PIECES[*piece], nth, &mut text);
                }
            }
        }
        text
    }

    /// All parts `count` times, or until they fill `most` bytes.
    #[allow(dead_code, reason = "one of those who share this file needs it")]
    pub fn repeated(&self, count: usize, most: usize) -> String {
        let mut text = String::new();
        for nth in 1..=count {
            if text.len() >= most {
                break;
            }
            for piece in self.parts.iter().flat_map(|part| &part.0) {
                write(PIECES[*piece], nth, &mut text);
            }
        }
        text
    }

    /// As it may be shown.
    pub fn shown(&self) -> String {
        let part = |(pieces, repeats): &(Vec<usize>, bool)| {
            let text: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
            format!("{text:?}{}", if *repeats { " x n" } else { "" })
        };
        let parts: Vec<String> = self.parts.iter().map(part).collect();
        format!("set {}: {}", self.set, parts.join(" + "))
    }
}

fn write(piece: &str, nth: usize, to: &mut String) {
    match piece.strip_prefix('@') {
        Some("`") => to.extend(std::iter::repeat_n('`', nth)),
        Some("` ") => {
            to.extend(std::iter::repeat_n('`', nth));
            to.push(' ');
        }
        _ => match piece.split_once('%') {
            Some((before, behind)) if !piece.starts_with("[=") => {
                to.push_str(before);
                to.push_str(&nth.to_string());
                to.push_str(behind);
            }
            _ => to.push_str(piece),
        },
    }
}
