//! What plugins keep from readers. proofroom does not run them, so it must not
//! publish in their place what they would have kept back.

use super::known_plugins::canonical;

/// Pages that a plugin keeps back, as a row of the table of known plugins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withholding {
    /// How to tell these pages.
    pub pages: WithheldPages,
    /// The only folder of the docs that they can be in, if there is one.
    pub folder: Option<OptionOr>,
    /// An option that publishes them if it is true; empty if there is none.
    pub unless: &'static str,
    /// Whether the plugin leaves the pages out as a whole, so that a build that
    /// leaves them out too is complete. The others are published in some form
    /// that only the plugin can make, such as encrypted.
    pub is_left_out: bool,
    /// What the plugin does with such a page, after its name.
    pub what: &'static str,
}

/// An option of a plugin with its default. A dot in the name leads into a
/// mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionOr(pub &'static str, pub &'static str);

/// How to tell the pages that a plugin keeps back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithheldPages {
    /// By a key of their front matter, whose name may be an option.
    Key(OptionOr, KeyTest),
    /// By their path: patterns of `fnmatch` and regular expressions in these two
    /// options, or beginnings of paths in the third.
    Path {
        /// The option with patterns.
        globs: &'static str,
        /// The option with regular expressions.
        regexes: &'static str,
        /// The option with beginnings of paths.
        starts: &'static str,
    },
    /// Those whose text matches the regular expression in an option.
    Text(OptionOr),
    /// Those with a heading whose text matches the regular expression in an option.
    Heading(OptionOr),
    /// Those in a folder of which this is true of a key, in the front matter of the
    /// folder's page with the name in the last option.
    InFolder(OptionOr, KeyTest, OptionOr),
    /// Those that `nav` does not name.
    NotInNav,
    /// All pages, if one of these options is set, apart from those in which one
    /// of the keys is empty.
    All {
        /// The options.
        options: &'static [&'static str],
        /// The keys of the front matter.
        except: &'static [&'static str],
    },
    /// All pages, if the file that an option names has a line that begins so.
    AllByFile(&'static str, &'static str),
    /// Only the plugin's own code can tell, if one of these options is set or
    /// there is none.
    Unknown(&'static [&'static str]),
}

/// What is true of the key in the front matter of a page that is kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTest {
    /// It is `true`.
    True,
    /// It is not empty.
    Set,
    /// It is a date in the future, and the option is true. The page can decide
    /// otherwise with another key, which is then true or false.
    Future {
        /// The option.
        option: &'static str,
        /// The other key.
        unless: &'static str,
    },
    /// It is none of these. If it is missing, the option decides instead.
    NotAmong(&'static [&'static str], OptionOr),
    /// One of its values is among those of the option.
    AmongOption(&'static str),
    /// It is not among the values of the option. If one of them is missing, it
    /// is this default.
    NotAmongOption(OptionOr),
}

use KeyTest::{AmongOption, Future, NotAmong, NotAmongOption, Set, True};
use WithheldPages::{All, AllByFile, Heading, InFolder, Key, NotInNav, Path, Text, Unknown};

/// A plugin that leaves pages out.
const fn leaves_out(pages: WithheldPages, what: &'static str) -> Withholding {
    Withholding {
        pages,
        folder: None,
        unless: "",
        is_left_out: true,
        what,
    }
}

/// A plugin that changes what readers get to see of a page.
const fn protects(pages: WithheldPages, what: &'static str) -> Withholding {
    Withholding {
        is_left_out: false,
        ..leaves_out(pages, what)
    }
}

const fn in_folder(withholding: Withholding, folder: OptionOr) -> Withholding {
    Withholding {
        folder: Some(folder),
        ..withholding
    }
}

const fn unless(withholding: Withholding, option: &'static str) -> Withholding {
    Withholding {
        unless: option,
        ..withholding
    }
}

const POSTS: OptionOr = OptionOr("post_dir", "{blog}/posts");
const ENCRYPTS: &str = "would encrypt it";
const LEAVES_OUT: &str = "would leave it out";
const REMOVES: &str = "would remove parts of it";

/// The paths that patterns name in the options of several plugins.
const fn by_path(globs: &'static str, regexes: &'static str) -> WithheldPages {
    Path {
        globs,
        regexes,
        starts: "",
    }
}

/// What each plugin keeps back, by its name in `plugins` without `material/`.
const WITHHOLDING: &[(&str, &[Withholding])] = &[
    (
        "blog",
        &[
            unless(
                in_folder(
                    leaves_out(Key(OptionOr("", "draft"), True), "leaves drafts out"),
                    POSTS,
                ),
                "draft",
            ),
            unless(
                in_folder(
                    leaves_out(
                        Key(
                            OptionOr("", "date"),
                            Future {
                                option: "draft_if_future_date",
                                unless: "draft",
                            },
                        ),
                        "leaves posts out until their date",
                    ),
                    POSTS,
                ),
                "draft",
            ),
        ],
    ),
    (
        "encryptcontent",
        &[
            protects(Key(OptionOr("", "password"), Set), ENCRYPTS),
            protects(Key(OptionOr("", "level"), Set), ENCRYPTS),
            protects(
                Key(OptionOr("", "obfuscate"), Set),
                "would make it unreadable for programs",
            ),
            protects(
                All {
                    options: &["global_password", "password_inventory._global"],
                    except: &["password", "level"],
                },
                ENCRYPTS,
            ),
            protects(AllByFile("password_file", "_global"), ENCRYPTS),
        ],
    ),
    (
        "exclude-unused",
        &[leaves_out(NotInNav, "leaves out what `nav` does not name")],
    ),
    (
        "exclude_tagged_files",
        &[leaves_out(
            Key(OptionOr("", "tags"), AmongOption("tags_to_exclude")),
            LEAVES_OUT,
        )],
    ),
    (
        "excluder",
        &[leaves_out(by_path("glob", "regex"), LEAVES_OUT)],
    ),
    (
        "file-filter",
        &[
            leaves_out(by_path("exclude_glob", "exclude_regex"), LEAVES_OUT),
            leaves_out(
                Key(
                    OptionOr("metadata_property", "tags"),
                    AmongOption("exclude_tag"),
                ),
                LEAVES_OUT,
            ),
            leaves_out(Unknown(&["mkdocsignore", "config"]), LEAVES_OUT),
        ],
    ),
    (
        "conditional_include",
        &[leaves_out(Unknown(&["rules"]), LEAVES_OUT)],
    ),
    (
        "include_exclude_files",
        &[leaves_out(
            Path {
                globs: "",
                regexes: "",
                starts: "exclude",
            },
            LEAVES_OUT,
        )],
    ),
    (
        "platform-content",
        &[protects(
            Text(OptionOr("", "<!-- github-only-start -->")),
            REMOVES,
        )],
    ),
    (
        "pub-blog",
        &[in_folder(
            leaves_out(
                Key(
                    OptionOr("", "publish"),
                    NotAmong(&["published", "true"], OptionOr("", "draft")),
                ),
                LEAVES_OUT,
            ),
            OptionOr("blog_dir", "blog"),
        )],
    ),
    (
        "pub-meta",
        &[
            leaves_out(
                Key(
                    OptionOr("publish.key_name", "publish"),
                    NotAmong(
                        &["published", "true"],
                        OptionOr("publish.file_default", "false"),
                    ),
                ),
                LEAVES_OUT,
            ),
            leaves_out(
                InFolder(
                    OptionOr("publish.key_name", "publish"),
                    NotAmong(
                        &["published", "hidden", "true"],
                        OptionOr("publish.dir_default", "true"),
                    ),
                    OptionOr("dir_meta_file", "README.md"),
                ),
                LEAVES_OUT,
            ),
        ],
    ),
    (
        "publish-control",
        &[unless(
            leaves_out(Key(OptionOr("", "hidden"), True), LEAVES_OUT),
            "show_all",
        )],
    ),
    (
        "remove_sections",
        &[
            protects(
                Text(OptionOr(
                    "section_start_pattern",
                    r"<!--\s*remove:start\s*-->",
                )),
                REMOVES,
            ),
            protects(
                Text(OptionOr("section_end_pattern", r"<!--\s*remove:end\s*-->")),
                REMOVES,
            ),
            protects(
                Heading(OptionOr("section_heading_pattern", "^Private:")),
                REMOVES,
            ),
        ],
    ),
    (
        "render-stopper",
        &[protects(
            Text(OptionOr("tag", r"\[STOP\]")),
            "would cut it off at a mark",
        )],
    ),
    (
        "role-filter",
        &[leaves_out(
            Key(
                OptionOr("", "role"),
                NotAmongOption(OptionOr("allowed_roles", "public")),
            ),
            LEAVES_OUT,
        )],
    ),
    ("select-files", &[leaves_out(Unknown(&[]), LEAVES_OUT)]),
];

/// What the plugin `name` keeps from readers.
pub fn withholdings(name: &str) -> &'static [Withholding] {
    let wanted = canonical(name);
    let mut known = WITHHOLDING.iter();
    let found = known.find(|(plugin, _)| canonical(plugin) == wanted);
    found.map_or(&[], |(_, withholdings)| withholdings)
}
