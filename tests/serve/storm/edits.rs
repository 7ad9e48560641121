//! The site in the storm, and the operations on it.

use super::*;

pub(super) const CONFIG: &str = "site_name: Storm
site_url: https://example.org/
theme:
  name: material
  custom_dir: overrides
extra_css: [style.css]
plugins: [search, tags, meta]
markdown_extensions:
  - admonition
  - abbr
  - attr_list
  - footnotes
  - pymdownx.snippets:
      auto_append: [includes/abbreviations.txt]
";
pub(super) const CONFIGS: [&str; 5] = [
    "site_name: Another\n",
    "site_name: Flat\nuse_directory_urls: false\n",
    "site_name: Listed\nnav:\n  - index.md\n  - Part: one/a.md\n  - Gone: gone.md\n",
    "site_name: [broken\n",
    "site_name: Less\ntheme:\n  custom_dir: nowhere\nplugins: []\n",
];
pub(super) const TEMPLATES: [&str; 4] = [
    "{% extends \"base.html\" %}\n",
    "{% extends \"base.html\" %}{% block htmltitle %}<title>{{ page.title }}</title>{% endblock %}\n",
    "<body>{{ page.content }}{% for item in nav %}<a href=\"{{ item.url }}\">{{ item.title }}</a>{% endfor %}\n",
    "one\n{% if %}\n",
];
pub(super) const PARTS: [&str; 12] = [
    "Some *words* and HTML.\n\n",
    "## Heading\n\n",
    "# Another title\n\n",
    "[home](index.md) and [there](one/a.md#heading) and [gone](gone.md)\n\n",
    "--8<-- \"includes/part.txt\"\n\n",
    "--8<-- \"includes/missing.txt\"\n\n",
    "!!! note\n\n    Inside.\n\n",
    "![image](img.svg)\n\n",
    "A note[^1].\n\n[^1]: Its text.\n\n",
    "```rust\nfn main() {}\n```\n\n",
    ":material-account: and :material-none:\n\n",
    "- one\n    - two\n\n",
];
pub(super) const FRONTS: [&str; 6] = [
    "",
    "",
    "---\ntitle: Titled\n---\n",
    "---\ntags: [one, two]\n---\n",
    "---\ntitle: [broken\n---\n",
    "---\nsearch:\n  exclude: true\n---\n",
];
pub(super) const FOLDERS: [&str; 6] = ["", "one/", "two/", "two/deep/", "one/x/y/", "three/"];
pub(super) const NAMES: [&str; 8] = ["index", "a", "b", "c", "README", "d-e", "f g", "字"];

/// A generator of numbers that only depend on its seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).expect("small")
    }

    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    pub(super) fn page(&mut self) -> String {
        format!("docs/{}{}.md", self.pick(&FOLDERS), self.pick(&NAMES))
    }

    pub(super) fn text(&mut self) -> String {
        let mut text = self.pick(&FRONTS).to_owned();
        for _ in 0..self.roll(6) {
            text.push_str(self.pick(&PARTS));
        }
        text.push_str(&format!("Number {}.\n", self.roll(1000)));
        text
    }
}

pub(super) fn site() -> Site {
    let site = Site::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n\nThe HTML page.\n"),
        (
            "docs/one/a.md",
            "# Alpha\n\n## Heading\n\n--8<-- \"includes/part.txt\"\n",
        ),
        ("docs/style.css", "p { color: black }\n"),
        (
            "docs/img.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
        ),
        ("includes/part.txt", "Part of it.\n"),
        ("includes/abbreviations.txt", "*[HTML]: HyperText\n"),
        ("overrides/main.html", TEMPLATES[0]),
        ("overrides/partials/copyright.html", "<p>Made by hand</p>\n"),
    ]);
    for folder in FOLDERS {
        site.write(&format!("docs/{folder}b.md"), "# Beta\n\nSecond words.\n");
    }
    site
}

/// Does one operation and describes it, to find out later what went wrong. One that
/// is impossible (a file where a folder is needed) changes nothing.
pub(super) fn operate(site: &Site, dice: &mut Dice) -> String {
    let write = |path: &str, text: &[u8]| {
        let path = site.path(path);
        let folder = path.parent().expect("a folder");
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    };
    let save = |path: &str, text: &str| {
        let path = site.path(path);
        let beside = path.with_extension("tmp~");
        let folder = path.parent().expect("a folder");
        let _ = fs::create_dir_all(folder)
            .and_then(|()| fs::write(&beside, text))
            .and_then(|()| fs::rename(beside, path));
    };
    let page = dice.page();
    let kind = dice.roll(100);
    let what = match kind {
        0..25 => {
            save(&page, &dice.text());
            "saves"
        }
        25..40 => {
            write(&page, dice.text().as_bytes());
            "writes"
        }
        40..45 => {
            // In two halves, with whatever comes between them.
            let text = dice.text();
            let file = fs::create_dir_all(site.path(&page).parent().expect("a folder"))
                .and_then(|()| File::create(site.path(&page)));
            if let Ok(mut file) = file {
                let (head, rest) = text.as_bytes().split_at(text.len() / 2);
                let _ = file.write_all(head);
                let _ = file.flush();
                thread::yield_now();
                let _ = file.write_all(rest);
            }
            "writes in halves"
        }
        45..52 => {
            let to = dice.page();
            let folder = site.path(&to);
            let _ = fs::create_dir_all(folder.parent().expect("a folder"));
            let _ = fs::rename(site.path(&page), site.path(&to));
            "renames"
        }
        52..60 => {
            let _ = fs::remove_file(site.path(&page));
            "deletes"
        }
        60..64 => {
            let text = fs::read(site.path(&page)).unwrap_or_default();
            let _ = fs::remove_file(site.path(&page));
            write(&page, &text);
            "deletes and restores"
        }
        64..67 => {
            let folder = format!("docs/{}", FOLDERS[1 + dice.roll(FOLDERS.len() - 1)]);
            let to = format!("docs/moved{}", dice.roll(3));
            let _ = fs::rename(site.path(&folder), site.path(&to));
            "moves the folder of"
        }
        67..69 => {
            let folder = format!("docs/{}", FOLDERS[1 + dice.roll(FOLDERS.len() - 1)]);
            let _ = fs::remove_dir_all(site.path(&folder));
            let _ = fs::remove_dir_all(site.path(&format!("docs/moved{}", dice.roll(3))));
            "deletes the folder of"
        }
        69..72 => {
            for number in 0..20 {
                let path = format!("docs/{}many/{number}.md", dice.pick(&FOLDERS));
                write(&path, dice.text().as_bytes());
            }
            "writes many beside"
        }
        72..77 => {
            save("overrides/main.html", dice.pick(&TEMPLATES));
            "changes the template before"
        }
        77..82 => {
            save("overrides/main.html", TEMPLATES[0]);
            "mends the template before"
        }
        82..84 => {
            save("mkdocs.yml", dice.pick(&CONFIGS));
            "changes the config before"
        }
        84..90 => {
            save("mkdocs.yml", CONFIG);
            "mends the config before"
        }
        90..94 => {
            write("includes/part.txt", dice.text().as_bytes());
            "writes the snippet of"
        }
        94 => {
            let _ = fs::remove_file(site.path("includes/part.txt"));
            "deletes the snippet of"
        }
        95 => {
            save(
                "includes/abbreviations.txt",
                &format!("*[HTML]: {}\n", dice.roll(9)),
            );
            "saves the abbreviations of"
        }
        96 => {
            save(
                "docs/style.css",
                &format!("p {{ margin: {}px }}\n", dice.roll(9)),
            );
            "saves the style of"
        }
        97 => {
            write(&page, b"# Not UTF-8 \xff\xfe\n");
            "breaks the letters of"
        }
        98 => {
            let _ = fs::create_dir_all(site.path(&page));
            "makes a folder of"
        }
        _ => {
            let _ = fs::remove_dir(site.path(&page));
            write(
                "docs/.meta.yml",
                format!("tags: [t{}]\n", dice.roll(4)).as_bytes(),
            );
            "writes what holds for"
        }
    };
    format!("{what} {page}")
}

/// How long to wait before the next operation, in milliseconds.
pub(super) type Gap = fn(&mut Dice) -> usize;

/// Short gaps, but one in ten so long that tabs hear of what was before.
pub(super) fn hasty(dice: &mut Dice) -> usize {
    match dice.roll(10) {
        0..9 => dice.roll(6),
        _ => 60 + dice.roll(60),
    }
}

/// Seven in ten below 20 ms, two below 100, one below 500.
pub(super) fn mixed(dice: &mut Dice) -> usize {
    match dice.roll(10) {
        0..7 => dice.roll(20),
        7..9 => dice.roll(100),
        _ => dice.roll(500),
    }
}
