//! What the guard must see.

use super::reading::{House, Source, circles, table};

/// Which modules of `folder` name which others.
fn arrows(files: &[(&str, &str)], folder: &str) -> Vec<String> {
    let sources: Vec<Source> = files
        .iter()
        .map(|(path, text)| Source::new(path, text))
        .collect();
    let folder: Vec<String> = folder.split('/').map(str::to_owned).collect();
    let folder = if folder == [""] { Vec::new() } else { folder };
    let arrows = House::new(&sources).arrows(&folder);
    let of = arrows.iter().flat_map(|(from, to)| {
        let to = to.keys();
        to.map(move |to| format!("{from} -> {to}"))
    });
    of.collect()
}

#[test]
fn every_way_to_name_a_room_is_seen() {
    let low = ("low.rs", "pub mod deep { pub fn f() {} }");
    let other = ("other.rs", "");
    for text in [
        "use crate::low;",
        "use crate::low::deep::f as g;",
        "pub(super) use crate::{low::{self, deep}};",
        "use crate::{ // a comment\n    other, low};",
        "use crate::low::*;",
        "fn f() { crate::low::deep::f() }",
        "fn f(it: Vec<crate::low::T>) {}",
        "use super::low;",
        "mod inside { use super::super::low; }",
        "mod inside { mod deeper { fn f() { super::super::super::low::f() } } }",
        "mod inside { fn f() { let c = '\"'; } } use super::low;",
        "fn f<'a>(it: &'a str) -> crate::low::T<'a> {}",
    ] {
        let found = arrows(&[low, other, ("room.rs", text)], "");
        assert!(
            found.contains(&"room -> low".to_owned()),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn what_names_no_room_is_not_seen() {
    for text in [
        "// use crate::low;",
        "/* use crate::low; */",
        "/// See [`crate::low`].",
        "const A: &str = \"crate::low::f \\\" crate::low::g\";",
        "const A: &str = r#\"crate::low::f \" crate::low::g\"#;",
        "use std::low;",
        "use low::f;",
        "fn f() { self.low() }",
        "mod inside { use super::low; }",
    ] {
        let found = arrows(&[("low.rs", ""), ("room.rs", text)], "");
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn names_lead_to_the_module_that_owns_them() {
    // By way of what the folder imports, for itself or for others.
    let files = [
        (
            "room/mod.rs",
            "mod a; mod b; pub mod c; pub use a::Thing; use crate::low::{Line as Row}; pub struct Own;",
        ),
        ("room/a.rs", "pub struct Thing;"),
        ("room/b.rs", "use super::{Own, Row, Thing};"),
        (
            "room/c/mod.rs",
            "mod d; use d::Deep; pub fn f() { d::g(); super::b::f() }",
        ),
        ("room/c/d.rs", "use super::super::Thing; use super::Deep;"),
        ("low.rs", "pub struct Line;"),
        (
            "high.rs",
            "use crate::room::Thing; use crate::room; fn f() { room::c::f() }",
        ),
    ];
    assert_eq!(arrows(&files, "room"), ["b -> a", "c -> a", "c -> b"]);
    assert_eq!(arrows(&files, "room/c"), Vec::<String>::new());
    assert_eq!(arrows(&files, ""), ["high -> room", "room -> low"]);
}

#[test]
fn circles_are_found_however_long() {
    let files = [
        ("a.rs", "use crate::b::B;"),
        ("b.rs", "use crate::c::C;"),
        ("c.rs", "use crate::{d, a::A};"),
        ("d.rs", "use crate::e::E;"),
        ("e.rs", "use crate::d::D;"),
        ("f.rs", "use crate::{a, d};"),
    ];
    let sources: Vec<Source> = files
        .iter()
        .map(|(path, text)| Source::new(path, text))
        .collect();
    let found = circles(&House::new(&sources).arrows(&[]));
    let found: Vec<Vec<String>> = found
        .into_iter()
        .map(|it| it.into_iter().collect())
        .collect();
    assert_eq!(found, [vec!["a", "b", "c"], vec!["d", "e"]]);
}

#[test]
fn tables_are_read_by_their_heads() {
    let text =
        "| x |\n| --- |\n| 0 |\n\n| a | b |\n| --- | --- |\n| 1 | `c/` |\n| 2 | d |\n\n| e |\n";
    assert_eq!(table(text, "| a | b |"), [["1", "`c/`"], ["2", "d"]]);
}
