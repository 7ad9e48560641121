use std::io::Write as _;
use std::sync::Arc;

use super::{Archive, Archives, Bounds, archive_of};
use crate::files::{Kind, Memory, SourcePath, System as _};

/// A zip file of these, every second one packed.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (index, (name, text)) in files.iter().enumerate() {
        let packs = index % 2 == 0;
        let method = if packs {
            rawzip::CompressionMethod::DEFLATE
        } else {
            rawzip::CompressionMethod::STORE
        };
        let file = archive.new_file(name).compression_method(method);
        let (mut entry, config) = file.start().expect("it starts");
        let descriptor = if packs {
            let level = flate2::Compression::default();
            let encoder = flate2::write::DeflateEncoder::new(&mut entry, level);
            let mut writer = config.wrap(encoder);
            writer.write_all(text.as_bytes()).expect("written");
            let (encoder, descriptor) = writer.finish().expect("finished");
            encoder.finish().expect("packed");
            descriptor
        } else {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(text.as_bytes()).expect("written");
            writer.finish().expect("finished").1
        };
        entry.finish(descriptor).expect("finished");
    }
    archive.finish().expect("finished");
    bytes
}

/// The archive with one name in the place of another that is as long; who
/// writes archives makes names plain.
fn renamed(mut archive: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut count = 0;
    for at in 0..archive.len() - from.len() {
        let there = &mut archive[at..at + from.len()];
        if there == from.as_bytes() {
            there.copy_from_slice(to.as_bytes());
            count += 1;
        }
    }
    assert_eq!(count, 2, "beside the file and in the list");
    archive
}

fn path(path: &str) -> SourcePath {
    SourcePath::new(path)
}

#[test]
fn reads_what_an_archive_holds() {
    let memory = Memory::new([("a.txt", "outside")]);
    let files = [
        ("x/a.txt", "one"),
        ("x/b/c.txt", "two"),
        ("x/b.txt", ""),
        ("OO/d", "no"),
    ];
    let archive = renamed(zip(&files), "OO/d", "../d");
    memory.write(&path("lib/p.whl"), archive);
    let system = Archives::new(Arc::new(memory.clone()));
    let text = |name: &str| {
        let bytes = system.read(&path(name)).ok()?;
        String::from_utf8(bytes).ok()
    };
    assert_eq!(text("a.txt").as_deref(), Some("outside"));
    assert_eq!(text("lib/p.whl/x/a.txt").as_deref(), Some("one"));
    assert_eq!(text("lib/p.whl/x/b/c.txt").as_deref(), Some("two"));
    assert_eq!(text("lib/p.whl/x/none.txt"), None);
    assert_eq!(text("lib/p.whl/d"), None);
    let refused = |name| system.refused(&path(name));
    assert_eq!(refused("lib/p.whl/x"), Some((1, "../d".to_owned())));
    assert_eq!(refused("a.txt"), None);
    for (name, kind) in [
        ("lib/p.whl", Some(Kind::File)),
        ("lib/p.whl/x", Some(Kind::Folder)),
        ("lib/p.whl/x/b", Some(Kind::Folder)),
        ("lib/p.whl/x/b.txt", Some(Kind::File)),
        ("lib/p.whl/x/c", None),
        ("lib/q.whl/x", None),
    ] {
        assert_eq!(system.kind(&path(name)).expect("readable"), kind, "{name}");
    }
    let listed = system.list(&path("lib/p.whl/x")).expect("readable");
    let listed: Vec<_> = listed.iter().map(|(name, kind)| (&**name, *kind)).collect();
    let expected = [
        ("a.txt", Kind::File),
        ("b", Kind::Folder),
        ("b.txt", Kind::File),
    ];
    assert_eq!(listed, expected);

    memory.write(&path("lib/p.whl"), zip(&[("x/a.txt", "changed")]));
    assert_eq!(text("lib/p.whl/x/a.txt").as_deref(), Some("changed"));
    assert_eq!(refused("lib/p.whl/x"), None);
}

#[test]
fn names_that_lead_out_of_an_archive_are_refused() {
    for (name, is_refused) in [
        ("x/a.txt", false),
        ("x/..a", false),
        ("x/a..b/c", false),
        ("/etc/a", true),
        ("x/../../a", true),
        ("x/..", true),
        ("x\\..\\a", true),
        ("\\a", true),
        ("C:a", true),
    ] {
        let plain = "O".repeat(name.len());
        let archive = renamed(zip(&[("b", "b"), (&plain, "a")]), &plain, name);
        let archive = Archive::new(archive, &super::BOUNDS);
        let archive = archive.expect("a zip file");
        assert_eq!(
            archive.refused,
            is_refused.then(|| (1, name.to_owned())),
            "{name}"
        );
        assert_eq!(archive.files.len(), 2 - usize::from(is_refused), "{name}");
    }
}

#[test]
fn what_is_no_archive_holds_nothing() {
    let memory = Memory::new([("bad.zip", "PK not really"), ("f.zip/a", "a folder")]);
    let system = Archives::new(Arc::new(memory));
    assert_eq!(system.kind(&path("bad.zip/a")).expect("readable"), None);
    assert!(system.read(&path("bad.zip/a")).is_err());
    assert!(
        system
            .list(&path("bad.zip/a"))
            .expect("readable")
            .is_empty()
    );
    assert_eq!(
        system.read(&path("f.zip/a")).ok().as_deref(),
        Some(&b"a folder"[..])
    );
}

#[test]
fn an_archive_that_holds_too_much_is_refused_with_the_reason() {
    const SMALL: Bounds = Bounds {
        packed: 1000,
        unpacked: 100,
        files: 3,
        name: 10,
        depth: 3,
    };
    let long = "x".repeat(60);
    let random: String = (0..2000_u32)
        .map(|nth| char::from(b'a' + (nth.wrapping_mul(2_654_435_761) >> 27) as u8 % 26))
        .collect();
    let four = [("a", ""), ("b", ""), ("c", ""), ("d", "")];
    for (files, reason) in [
        (&four[..3], None),
        (&[("a/b/c", long.as_str())][..], None),
        (&four[..], Some("it contains more than 3 files")),
        (&[("a/b/c/d", "")], Some("its folders are more than 3 deep")),
        (
            &[("01234567890", "")],
            Some("a name in it is longer than 10 bytes"),
        ),
        (
            &[("a", &long), ("b", &long)],
            Some("it contains more than 100 bytes once unpacked"),
        ),
        (
            &[("a", ""), ("b", &random)],
            Some("it contains more than 1000 bytes"),
        ),
    ] {
        let refused = Archive::new(zip(files), &SMALL).err();
        assert_eq!(refused.as_deref(), reason, "{files:?}");
    }
    let whole = zip(&[("a", "one")]);
    let mut damaged = whole.clone();
    // The list stands at the end; its first mark is made unreadable.
    let at = whole
        .windows(4)
        .position(|it| it == b"PK\x01\x02")
        .expect("a list");
    damaged[at] = b'X';
    let refused = Archive::new(damaged, &SMALL).err().expect("it is refused");
    assert!(
        refused.starts_with("its list of files is damaged"),
        "{refused}"
    );
    let refused = Archive::new(b"no".to_vec(), &SMALL).err();
    assert_eq!(refused.as_deref(), Some("it is not a zip file"));
}

#[test]
fn a_file_that_is_not_what_its_archive_says_is_refused() {
    let text = "x".repeat(5000);
    for packs in [true, false] {
        // The second one is stored as it is.
        let files = if packs {
            vec![("a", text.as_str())]
        } else {
            vec![("b", ""), ("a", text.as_str())]
        };
        let whole = zip(&files);
        let entry = |bytes: &[u8]| {
            let lists = bytes.windows(4).enumerate();
            let mut lists = lists.filter(|(_, it)| *it == b"PK\x01\x02");
            lists.next_back().expect("a list").0
        };
        let list = entry(&whole);
        for (what, size) in [("less", 6000_u32), ("more", 4000), ("more", 0)] {
            let mut lies = whole.clone();
            lies[list + 24..list + 28].copy_from_slice(&size.to_le_bytes());
            let memory = Memory::new([("x", "")]);
            memory.write(&path("p.zip"), lies);
            let system = Archives::new(Arc::new(memory));
            let error = system.read(&path("p.zip/a")).expect_err(what).to_string();
            let said = format!("it contains {what} than the {size} bytes");
            assert!(error.starts_with(&said), "{packs} {error}");
        }
        let mut lies = whole.clone();
        lies[list + 16] ^= 1;
        let memory = Memory::new([("x", "")]);
        memory.write(&path("p.zip"), lies);
        let system = Archives::new(Arc::new(memory));
        system.read(&path("p.zip/a")).expect_err("another sum");
    }
}

#[test]
fn why_an_archive_is_none_is_told() {
    let memory = Memory::new([("bad.zip", "PK not really"), ("f.zip/a", "a folder")]);
    memory.write(&path("good.zip"), zip(&[("a", "one")]));
    let system = Archives::new(Arc::new(memory));
    let fault = |name| system.fault(&path(name));
    assert_eq!(fault("bad.zip/a").as_deref(), Some("it is not a zip file"));
    for name in [
        "bad.zip",
        "f.zip/a",
        "good.zip/a",
        "good.zip/b",
        "none.zip/a",
    ] {
        assert_eq!(fault(name), None, "{name}");
    }
}

#[test]
fn tells_the_archive_by_the_path() {
    assert_eq!(archive_of(&path("a/x.whl/b/c")), Some(path("a/x.whl")));
    assert_eq!(archive_of(&path("a/x.whl")), None);
    assert_eq!(archive_of(&path("a/x.whl.d/b")), None);
}
