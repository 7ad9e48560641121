//! Social cards, compared with those that Material's plugin makes of `tests/social`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::{Site, files_below};
use proofroom::files::{Keep, Keeper, Memory, SourcePath, System as _};
use proofroom::site::{Content, Database, Invocation, queries};

/// How far apart the edges of something may be, in pixels: letters are placed between
/// whole pixels here, and by whole ones there.
const NEAR: u64 = 3;

/// The same for the channels of a colour.
const LIKE: u64 = 4;

/// The cards with titles in scripts that are written without blanks.
const UNSPACED: [&str; 2] = ["assets/images/social/th.png", "assets/images/social/zh.png"];

fn fixture() -> Site {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/social");
    let files = Memory::default();
    for (name, bytes) in files_below(&root, &root) {
        files.write(&SourcePath::new(name), bytes);
    }
    let db = Database::new(Arc::new(files.clone()), Invocation::default(), None);
    Site { files, db }
}

/// An output's bytes; `None` if it is none after all.
pub(super) fn bytes(site: &Site, path: &str) -> Option<Arc<[u8]>> {
    let outputs = queries::outputs(&site.db);
    let output = outputs.get(path).unwrap_or_else(|| panic!("no {path}"));
    match queries::produce(&site.db, output).content {
        Some(Content::Bytes(bytes)) => Some(Arc::from(&*bytes)),
        None => None,
        Some(Content::File(file)) => panic!("{path} is a copy of {file}"),
    }
}

/// A picture without opacity.
pub(super) struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
            .read_info()
            .expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("not that large")];
        let info = reader.next_frame(&mut pixels).expect("a picture");
        let channels = info.color_type.samples();
        let pixels = pixels.chunks_exact(channels);
        Self {
            width: info.width as usize,
            height: info.height as usize,
            pixels: pixels.map(|it| [it[0], it[1], it[2]]).collect(),
        }
    }

    fn at(&self, x: usize, y: usize) -> [u8; 3] {
        self.pixels[y * self.width + x]
    }

    /// The rows of a box in which something is drawn, as `write_social.py` finds them.
    pub(super) fn rows(&self, [left, top, right, bottom]: [usize; 4]) -> Vec<[usize; 4]> {
        let background = self.at(3, 3);
        let is_ink = |x: usize, y: usize| {
            let channels = self.at(x, y).into_iter().zip(background);
            channels.map(|(a, b)| a.abs_diff(b)).max() > Some(48)
        };
        let mut rows = Vec::new();
        let mut start = None;
        for y in top..=bottom {
            let is_inked = y < bottom && (left..right).any(|x| is_ink(x, y));
            match start {
                None if is_inked => start = Some(y),
                Some(from) if !is_inked => {
                    let inked = (left..right).filter(|x| (from..y).any(|y| is_ink(*x, y)));
                    let columns: Vec<usize> = inked.collect();
                    rows.push([from, y, columns[0], columns[columns.len() - 1] + 1]);
                    start = None;
                }
                _ => {}
            }
        }
        rows
    }
}

fn expected() -> Value {
    serde_json::from_str(include_str!("../../social/expected.json")).expect("JSON")
}

fn numbers<const N: usize>(value: &Value) -> [usize; N] {
    let values = value.as_array().expect("a list");
    let numbers = values
        .iter()
        .map(|it| it.as_u64().expect("a number") as usize);
    numbers.collect::<Vec<_>>().try_into().expect("as many")
}

#[test]
fn cards_look_like_those_of_the_plugin() {
    let site = fixture();
    let mut different = Vec::new();
    for (path, card) in expected()["cards"].as_object().expect("cards") {
        let picture = Picture::of(&bytes(&site, path).expect("a card"));
        assert_eq!(
            [picture.width, picture.height],
            numbers(&card["size"]),
            "{path}"
        );
        for point in card["points"].as_array().expect("points") {
            let [x, y, red, green, blue] = numbers(point);
            let found = picture.at(x, y).map(u64::from);
            let apart = found.into_iter().zip([red, green, blue]);
            if apart.map(|(a, b)| a.abs_diff(b as u64)).max() > Some(LIKE) {
                different.push(format!("{path} at {x}, {y}: {found:?} for {point}"));
            }
        }
        for part in card["boxes"].as_array().expect("boxes") {
            // The plugin breaks lines at blanks only, and these titles have none.
            let is_title = numbers(&part["box"]) == [0, 20, 640, 175];
            if is_title && UNSPACED.contains(&path.as_str()) {
                continue;
            }
            let found = picture.rows(numbers(&part["box"]));
            let rows = part["rows"].as_array().expect("rows");
            let wanted: Vec<[usize; 4]> = rows.iter().map(numbers).collect();
            let edges = found.iter().flatten().zip(wanted.iter().flatten());
            let apart = edges.map(|(a, b)| a.abs_diff(*b) as u64).max();
            if found.len() != wanted.len() || apart > Some(NEAR) {
                different.push(format!(
                    "{path} in {}: {found:?} for {wanted:?}",
                    part["box"]
                ));
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn pages_name_their_cards_like_those_of_the_plugin() {
    let site = fixture();
    for (path, lines) in expected()["pages"].as_object().expect("pages") {
        if path == "404.html" {
            continue;
        }
        let page = site.output(path);
        let found = page
            .lines()
            .filter(|line| line.starts_with("<meta property="));
        // The plugin does not escape quotes, which ends the value.
        let found = found.map(|line| line.replace("&quot;", "\""));
        let lines = lines.as_array().expect("lines").iter();
        let lines: Vec<&str> = lines.map(|line| line.as_str().expect("text")).collect();
        assert_eq!(found.collect::<Vec<_>>(), lines, "{path}");
    }
    assert_eq!(bytes(&site, "assets/images/social/none.png"), None);
    assert_eq!(site.said(), [""; 0]);
}

/// A site with the fonts of the fixture.
fn site(config: &str, files: &[(&str, &str)]) -> Site {
    let site = Site::with(config, files);
    for (path, bytes) in fixture().files.files() {
        if path.as_str().starts_with("cache/") {
            site.files.write(&path, bytes);
        }
    }
    site
}

const PLUGIN: &str = "site_url: https://x.example/\nplugins:\n  - social: {cache_dir: cache}\n";

/// What is said of a site, in full.
fn messages(site: &Site) -> Vec<String> {
    let said = site.diagnostics().into_iter();
    said.map(|it| format!("{}: {}", it.rule, it.message))
        .collect()
}

#[test]
fn a_card_changes_with_what_it_shows() {
    let mut site = site(
        PLUGIN,
        &[
            ("docs/a.md", "# One\n\nText.\n"),
            ("docs/index.md", "# Home\n"),
        ],
    );
    let card = |site: &Site| bytes(site, "assets/images/social/a.png").expect("a card");
    let first = card(&site);
    site.write("docs/a.md", "# One\n\nOther text.\n");
    assert!(card(&site) == first);
    site.write("docs/a.md", "# Two\n\nOther text.\n");
    let second = card(&site);
    assert!(second != first);
    assert!(
        site.output("a/index.html")
            .contains("content=\"Two - Example\"")
    );
    site.write("layouts/default.yml", "size: {width: 10, height: 20}\n");
    let picture = Picture::of(&card(&site));
    assert_eq!((picture.width, picture.height), (10, 20));
    assert!(!site.output("a/index.html").contains("og:title"));
}

#[test]
fn mistakes_are_named_where_they_are() {
    for (config, layout, page, expected) in [
        ("cards_layout: defalt", "", "# A\n", "bad-card mkdocs.yml:5"),
        (
            "cards_layout: own",
            "size: [\n",
            "# A\n",
            "bad-yaml layouts/own.yml:1",
        ),
        (
            "cards_layout: own",
            "size: {width: 1, height: 1}\nlayer: []\n",
            "# A\n",
            "unknown-key layouts/own.yml:2",
        ),
        (
            "",
            "",
            "---\nsocial: {cards_layout: gone}\n---\n# A\n",
            "bad-card docs/index.md:2",
        ),
        (
            "cards_layout: own",
            "size: {width: 9, height: 9}\nlayers:\n- background:\n    image: a.png\n",
            "# A\n",
            "bad-card layouts/own.yml:4",
        ),
        (
            "cards_layout: own",
            "size: {width: 9, height: 9}\nlayers:\n- icon:\n    value: '{{ page.meta.icon }}'\n",
            "---\nicon: material/nothing\n---\n# A\n",
            "bad-card docs/index.md:2",
        ),
        (
            "cards_layout: own",
            "size: {width: 9, height: 9}\nlayers:\n- background:\n    color: '{{ 1 | nothing }}'\n",
            "# A\n",
            "template-error layouts/own.yml:4",
        ),
        (
            "cards_layout: own",
            "size: {width: 9, height: 9}\ntags:\n  a: '{{ 1 }'\n",
            "# A\n",
            "template-syntax layouts/own.yml:3",
        ),
        (
            "cards_layout: own",
            "size: {width: 9, height: 9}\nlayers:\n- background:\n    color: mauvish\n",
            "# A\n",
            "bad-card layouts/own.yml:4",
        ),
        ("", "", "# A Ж\n", "missing-font docs/index.md:1"),
        (
            "cards_layout_options: {font_family: Nowhere}",
            "",
            "# A\n",
            "missing-font",
        ),
    ] {
        let config = format!(
            "site_url: https://x.example/\nplugins:\n  - social:\n      {config}\n      cache_dir: cache\n"
        );
        let mut files = vec![("docs/index.md", page)];
        if !layout.is_empty() {
            files.push(("layouts/own.yml", layout));
        }
        let site = site(&config, &files);
        let said = site.said();
        let found = said.iter().any(|it| it.starts_with(expected));
        assert!(found, "{expected}: {said:?}\n{:?}", messages(&site));
        if !expected.ends_with("nothing") {
            // The page is there in any case.
            assert!(site.output("index.html").contains("</html>"));
        }
    }
}

#[test]
fn the_project_may_have_a_folder_with_fonts() {
    let config = "site_name = \"X\"\nsite_url = \"https://x.example/\"\nplugins = [\"social\"]\n";
    let font = fixture().files.files()[&SourcePath::new("cache/fonts/Roboto/Bold.ttf")].clone();
    for (setting, path, expected) in [
        (
            "[cards]\nfonts = \"theme/type\"\n",
            "theme/type/a/any-name.ttf",
            &[][..],
        ),
        ("", "theme/type/a/any-name.ttf", &["missing-font"][..]),
        (
            "[cards]\nfont = \"x\"\n",
            "x/a.ttf",
            &["unknown-key proofroom.toml:5", "missing-font"][..],
        ),
    ] {
        let config = format!("{config}{setting}");
        let site = Site::new(&[("proofroom.toml", &config), ("docs/index.md", "# Home\n")]);
        site.files.write(&SourcePath::new(path), &font);
        let mut said = site.said();
        said.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(said, expected, "{setting}");
    }
}

#[test]
fn scripts_that_the_font_lacks_are_drawn_with_others() {
    let mut site = site(PLUGIN, &[("docs/index.md", "# x\n")]);
    let mut cards = BTreeMap::new();
    for title in ["ברשת", "الخصوصية", "คู่มือ", "隱私與安全", "x"] {
        site.write("docs/index.md", &format!("# {title}\n"));
        assert_eq!(site.said(), [""; 0], "{title}");
        let picture = Picture::of(&bytes(&site, "assets/images/social/index.png").expect("a card"));
        let rows = picture.rows([0, 150, 960, 480]);
        assert!(!rows.is_empty(), "{title}");
        cards.insert(title, rows);
    }
    // None of them is a box, which would be as wide for each.
    let wide: std::collections::BTreeSet<_> = cards.values().map(|rows| rows[0][3]).collect();
    assert_eq!(wide.len(), cards.len(), "{cards:?}");
}

#[test]
fn without_fonts_cards_have_no_text_and_that_is_said() {
    let site = Site::with(
        "site_url: https://x.example/\nplugins: [social]\n",
        &[("docs/index.md", "# Home\n")],
    );
    let picture = Picture::of(&bytes(&site, "assets/images/social/index.png").expect("a card"));
    assert_eq!(picture.at(600, 300), [64, 81, 181]);
    assert_eq!(picture.rows([0, 0, 1200, 630]), [[0; 4]; 0]);
    assert_eq!(
        messages(&site),
        ["missing-font: social cards have no text: there are no fonts on this machine"]
    );
}

/// Counts what is asked for and kept.
#[derive(Default)]
struct Counting {
    kept: Memory,
    asked: AtomicUsize,
    put: AtomicUsize,
}

impl Keep for Counting {
    fn get(&self, folder: &SourcePath, name: &str) -> Option<Vec<u8>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.kept.read(&folder.join(name)).ok()
    }

    fn put(&self, folder: &SourcePath, name: &str, bytes: &[u8]) {
        self.put.fetch_add(1, Ordering::Relaxed);
        self.kept.write(&folder.join(name), bytes);
    }
}

#[test]
fn cards_are_kept_by_what_they_show() {
    let kept = Arc::new(Counting::default());
    let made = |config: &str, title: &str| {
        let files = [("docs/index.md", title), ("mkdocs.yml", config)];
        let site = site(PLUGIN, &[]);
        for (path, text) in files {
            site.files.write(&SourcePath::new(path), text);
        }
        let call = Invocation {
            kept: Keeper(Some(kept.clone())),
            ..Invocation::default()
        };
        let db = Database::new(Arc::new(site.files.clone()), call, None);
        let site = Site { db, ..site };
        let before = kept.put.load(Ordering::Relaxed);
        let card = bytes(&site, "assets/images/social/index.png").expect("a card");
        (card, kept.put.load(Ordering::Relaxed) - before)
    };
    let config = format!("site_name: X\n{PLUGIN}");
    let (first, count) = made(&config, "# One\n");
    assert_eq!(count, 1);
    // Nothing of it is drawn again, also if the body of the page changes.
    assert!(made(&config, "# One\n\nMore.\n") == (first.clone(), 0));
    let (second, count) = made(&config, "# Two\n");
    assert!(second != first && count == 1);
    let asked = kept.asked.load(Ordering::Relaxed);
    let config = config.replace("cache_dir", "cache: false, cache_dir");
    assert!(made(&config, "# One\n") == (first, 0));
    assert_eq!(kept.asked.load(Ordering::Relaxed), asked);
}

#[test]
fn languages_have_cards_of_their_own() {
    let config = "site_url: https://x.example/\nplugins:\n  - social: {cache_dir: cache}\n  \
                  - i18n:\n      languages:\n        - {locale: en, name: E, default: true}\n        \
                  - {locale: he, name: H}\n";
    let files = [("docs/a.md", "# One\n"), ("docs/a.he.md", "# ברשת\n")];
    let site = site(config, &files);
    for (language, path) in [(None, ""), (Some("he"), "he/")] {
        let call = Invocation {
            language: language.map(str::to_owned),
            ..Invocation::default()
        };
        let db = Database::new(Arc::new(site.files.clone()), call, None);
        let site = Site {
            db,
            files: site.files.clone(),
        };
        let page = site.output(&format!("{path}a/index.html"));
        let card = format!("assets/images/social/{path}a.png");
        assert!(
            page.contains(&format!("\"https://x.example/{card}\"")),
            "{page}"
        );
        assert!(bytes(&site, &card).is_some());
    }
}

#[test]
fn layers_are_shown_to_who_asks() {
    let layout = "size: {width: 100, height: 60}\nlayers:\n- background: {color: '#000'}\n\
                  - size: {width: 40, height: 30}\n  offset: {x: 20, y: 25}\n";
    let picture = |options: &str, serves: bool| {
        let config = format!(
            "site_name: X\nsite_url: https://x.example/\nplugins:\n  - social: {{cache_dir: cache{options}}}\n"
        );
        let site = site(
            PLUGIN,
            &[("docs/index.md", "# A\n"), ("layouts/default.yml", layout)],
        );
        site.files.write(&SourcePath::new("mkdocs.yml"), config);
        let call = Invocation {
            drafts: serves,
            ..Invocation::default()
        };
        let db = Database::new(Arc::new(site.files.clone()), call, None);
        let site = Site { db, ..site };
        Picture::of(&bytes(&site, "assets/images/social/index.png").expect("a card"))
    };
    let colours = |picture: &Picture| {
        [(20, 50), (40, 50), (96, 32), (80, 50)].map(|(x, y)| picture.at(x, y)[0])
    };
    assert_eq!(colours(&picture("", true)), [0; 4]);
    assert_eq!(colours(&picture(", debug: true", false)), [0; 4]);
    // The left edge, the inside, a point of the grid, and what is outside.
    assert_eq!(colours(&picture(", debug: true", true)), [128, 0, 128, 0]);
    let red = picture(
        ", debug: true, debug_on_build: true, debug_color: '#ff0000', debug_grid: false",
        false,
    );
    assert_eq!(colours(&red), [255, 0, 0, 0]);
}

#[test]
fn a_site_without_address_has_cards_that_no_page_names() {
    let site = site(
        "plugins:\n  - social: {cache_dir: cache, cards_dir: cards, cards_font: Inter}\n",
        &[("docs/index.md", "# Home\n")],
    );
    assert!(bytes(&site, "cards/index.png").is_some());
    assert!(!site.output("index.html").contains("og:"));
    assert_eq!(
        messages(&site),
        [
            "bad-card: social cards are made, but no page names its card",
            "unsupported-option: the option `cards_font` of the plugin `social` is not read"
        ]
    );
}
