//! The tables of all grammars.

use std::sync::{LazyLock, OnceLock};

use super::table::Table;

/// A table, which is read when code first needs it.
struct Named {
    /// The beginning of the scope of the language.
    name: &'static str,
    text: &'static str,
    table: OnceLock<Table>,
}

macro_rules! tables {
    ($($name:literal),* $(,)?) => {
        [$(Named {
            name: $name,
            text: include_str!(concat!($name, ".txt")),
            table: OnceLock::new(),
        }),*]
    };
}

/// Sorted by name.
static TABLES: [Named; 76] = tables! {
    "embedding.php",
    "source.Kotlin",
    "source.awk",
    "source.c",
    "source.c++",
    "source.clojure",
    "source.cmake",
    "source.coffee",
    "source.crystal",
    "source.cs",
    "source.css",
    "source.d",
    "source.dart",
    "source.diff",
    "source.dockerfile",
    "source.elixir",
    "source.elm",
    "source.erlang",
    "source.fsharp",
    "source.glsl",
    "source.go",
    "source.graphql",
    "source.groovy",
    "source.haskell",
    "source.ini",
    "source.java",
    "source.java-props",
    "source.jinja2",
    "source.js",
    "source.json",
    "source.julia",
    "source.less",
    "source.lisp",
    "source.lua",
    "source.makefile",
    "source.matlab",
    "source.modern-fortran",
    "source.nginx",
    "source.nim",
    "source.nix",
    "source.objc",
    "source.ocaml",
    "source.pascal",
    "source.perl",
    "source.php",
    "source.powershell",
    "source.proto",
    "source.python",
    "source.r",
    "source.racket",
    "source.regexp",
    "source.ruby",
    "source.rust",
    "source.scala",
    "source.scss",
    "source.shell",
    "source.solidity",
    "source.sql",
    "source.swift",
    "source.tcl",
    "source.terraform",
    "source.toml",
    "source.ts",
    "source.tsx",
    "source.viml",
    "source.yaml",
    "source.zig",
    "text.documentation.cs",
    "text.html.basic",
    "text.html.javadoc",
    "text.html.markdown",
    "text.html.vue",
    "text.http-request-response",
    "text.restructuredtext",
    "text.tex.latex",
    "text.xml",
};

static FALLBACK: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("any.txt")));

/// The table for scopes that the one of their language does not have.
pub fn fallback() -> &'static Table {
    &FALLBACK
}

/// The table of the language with this scope: the first two parts of its name decide, or
/// three for languages that are mostly text.
pub fn table(scope: &str) -> Option<&'static Table> {
    let parts = if scope.starts_with("text.") { 3 } else { 2 };
    let mut dots = scope.match_indices('.').map(|(at, _)| at);
    let name = dots.nth(parts - 1).map_or(scope, |end| &scope[..end]);
    let index = TABLES.binary_search_by(|it| it.name.cmp(name)).ok()?;
    let named = &TABLES[index];
    Some(named.table.get_or_init(|| Table::read(named.text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::code::classes::table::IN_ANY_CASE;

    #[test]
    fn tables_are_sorted_and_found() {
        assert!(TABLES.is_sorted_by_key(|it| it.name));
        assert!(table("source.python").is_some());
        assert!(table("source.css.embedded.html").is_some());
        assert!(table("text.html.markdown.gfm").is_some());
        assert!(table("source.no-such-language").is_none());
    }

    #[test]
    fn each_line_of_a_table_is_read() {
        for named in TABLES.iter() {
            let lines = named.text.lines();
            let written = lines.filter(|line| *line != IN_ANY_CASE).count();
            let table = Table::read(named.text);
            assert_eq!(table.lines(), written, "{}", named.name);
        }
        assert_eq!(FALLBACK.lines(), include_str!("any.txt").lines().count());
    }
}
