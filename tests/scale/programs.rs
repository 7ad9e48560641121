//! The programs that are measured, and what each needs for the same site.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use super::sites::{Page, SHARED, Synthetic, write};
use crate::harness::measure;

/// A program, and how it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Proofroom,
    /// Another build of proofroom, which the environment names.
    Other,
    Zola,
    Hugo,
    MdBook,
    MkDocs,
    Zensical,
}

/// The environment variable that names another proofroom to compare with.
const OTHER: &str = "PROOFROOM_OTHER";

impl Program {
    /// All, ours first.
    const ALL: [Self; 7] = [
        Self::Proofroom,
        Self::Other,
        Self::Zola,
        Self::Hugo,
        Self::MdBook,
        Self::MkDocs,
        Self::Zensical,
    ];

    /// Those that are found on this machine, ours first.
    pub fn found() -> Vec<Self> {
        let mut found = Self::ALL.to_vec();
        found.retain(|it| it.path().is_some());
        found
    }

    /// What it is called in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proofroom => "proofroom",
            Self::Other => "other proofroom",
            Self::Zola => "zola",
            Self::Hugo => "hugo",
            Self::MdBook => "mdbook",
            Self::MkDocs => "mkdocs",
            Self::Zensical => "zensical",
        }
    }

    /// Whether it is ours, of any age.
    pub fn is_proofroom(self) -> bool {
        matches!(self, Self::Proofroom | Self::Other)
    }

    fn path(self) -> Option<PathBuf> {
        match self {
            Self::Proofroom => Some(env!("CARGO_BIN_EXE_proofroom").into()),
            Self::Other => std::env::var_os(OTHER).map(PathBuf::from),
            _ => measure::program(self.name()),
        }
    }

    /// The version that it says it is.
    pub fn version(self) -> String {
        let argument = match self {
            Self::Hugo => "version",
            _ => "--version",
        };
        let output = self.command().arg(argument).output();
        let said = output.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
        let said = said.unwrap_or_default();
        let mut words = said.split_whitespace().map(|it| it.trim_start_matches('v'));
        let version = words.find(|it| it.starts_with(|first: char| first.is_ascii_digit()));
        let version = version.and_then(|it| it.split(['-', '+']).next());
        version.unwrap_or_default().to_owned()
    }

    fn command(self) -> Command {
        let mut command = Command::new(self.path().unwrap_or_default());
        command.env("NO_COLOR", "1");
        command
    }

    /// The command that builds a site which is set up for it, and the folder that
    /// it writes to.
    pub fn build(self, synthetic: &Synthetic) -> (Command, PathBuf) {
        let mut command = self.command();
        let out = synthetic.site.path("out").join(self.name());
        match self {
            Self::Proofroom | Self::Other => {
                command.args(["build", "--quiet", "--site-dir"]).arg(&out);
            }
            Self::Zola => {
                command.args(["build", "--force", "--output-dir"]).arg(&out);
            }
            Self::Hugo => {
                command.args(["--quiet", "--destination"]).arg(&out);
            }
            Self::MdBook => {
                command.args(["build", "--dest-dir"]).arg(&out);
            }
            Self::MkDocs => {
                command.args(["build", "--quiet", "-f", "material.yml", "--site-dir"]);
                command.arg(&out);
            }
            // It writes only where its configuration says.
            Self::Zensical => {
                command.args(["build", "--clean", "-f", "material.yml"]);
            }
        }
        command.current_dir(self.folder(synthetic));
        match self {
            Self::Zensical => (command, synthetic.site.path("site")),
            _ => (command, out),
        }
    }

    /// The command that serves a site on a port of 127.0.0.1.
    pub fn serve(self, synthetic: &Synthetic, port: u16) -> Command {
        let mut command = self.command();
        let (host, port) = (format!("127.0.0.1:{port}"), port.to_string());
        match self {
            Self::Proofroom | Self::Other => {
                command.args(["serve", "-a", &host]);
            }
            Self::Zola => {
                command.args(["serve", "--port", &port, "--base-url", "/"]);
            }
            Self::Hugo => {
                command.args(["server", "--port", &port, "--baseURL"]);
                command.arg(format!("http://{host}/"));
            }
            Self::MdBook => {
                command.args(["serve", "--port", &port]);
            }
            Self::MkDocs => {
                command.args(["serve", "--livereload", "-f", "material.yml", "-a", &host]);
            }
            Self::Zensical => {
                command.args(["serve", "-f", "material.yml", "-a", &host]);
            }
        }
        command.current_dir(self.folder(synthetic));
        command
    }

    /// Where the project that it reads lies.
    fn folder(self, synthetic: &Synthetic) -> PathBuf {
        synthetic.site.path(match self {
            Self::Zola => "for-zola",
            Self::Hugo => "for-hugo",
            Self::MdBook => "for-mdbook",
            _ => "",
        })
    }

    /// The source of a page, as it reads it.
    pub fn source(self, synthetic: &Synthetic, number: usize) -> PathBuf {
        let path = synthetic.path_of(number);
        let folder = match self {
            Self::Zola | Self::Hugo => "content",
            Self::MdBook => "src",
            _ => "docs",
        };
        self.folder(synthetic).join(format!("{folder}/{path}.md"))
    }

    /// The address of a page in its server.
    pub fn address(self, synthetic: &Synthetic, number: usize) -> String {
        let path = synthetic.path_of(number);
        match self {
            Self::MdBook => format!("/{path}.html"),
            _ => format!("/{path}/"),
        }
    }

    /// Writes what it needs beside the site.
    pub fn set_up(self, synthetic: &Synthetic) {
        match self {
            Self::Zola => zola(synthetic),
            Self::Hugo => hugo(synthetic),
            Self::MdBook => mdbook(synthetic),
            Self::Proofroom | Self::Other | Self::MkDocs | Self::Zensical => {}
        }
    }
}

/// The command that builds a site with our program and no search, and the folder
/// that it writes to.
pub fn build_without_search(synthetic: &Synthetic) -> (Command, PathBuf) {
    let mut command = Program::Proofroom.command();
    let out = synthetic.site.path("out/without-search");
    command
        .args(["build", "--quiet", "-f", "plain.yml", "--site-dir"])
        .arg(&out)
        .current_dir(synthetic.site.path(""));
    (command, out)
}

/// A layout of nothing but a title and the text: no nav, no search.
fn layout(title: &str, text: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body><main>\n<h1>{title}</h1>\n{text}\n</main></body>\n</html>\n"
    )
}

fn zola(synthetic: &Synthetic) {
    let folder = Program::Zola.folder(synthetic);
    let config = "base_url = \"https://example.org\"\ntitle = \"Scale\"\n\
        [markdown.highlighting]\ntheme = \"github-light\"\n";
    write(&folder, "zola.toml", config);
    for kind in ["page", "section"] {
        let title = format!("{{{{ {kind}.title }}}}");
        let text = format!("{{{{ {kind}.content | safe }}}}");
        write(
            &folder,
            &format!("templates/{kind}.html"),
            &layout(&title, &text),
        );
    }
    let index = layout("{{ section.title }}", "{{ section.content | safe }}");
    write(&folder, "templates/index.html", &index);
    write(
        &folder,
        "content/_index.md",
        "+++\ntitle = \"Scale\"\n+++\nWelcome.\n",
    );
    for Page { path, title, text } in synthetic.all() {
        let text = format!("+++\ntitle = \"{title}\"\n+++\n{text}\n{SHARED}");
        write(&folder, &format!("content/{path}.md"), &text);
    }
}

fn hugo(synthetic: &Synthetic) {
    let folder = Program::Hugo.folder(synthetic);
    let config = "baseURL = \"https://example.org/\"\ntitle = \"Scale\"\n\
        disableKinds = [\"taxonomy\", \"term\", \"rss\"]\n";
    write(&folder, "hugo.toml", config);
    for kind in ["home", "single", "list"] {
        let text = layout("{{ .Title }}", "{{ .Content }}");
        write(&folder, &format!("layouts/_default/{kind}.html"), &text);
    }
    write(
        &folder,
        "content/_index.md",
        "---\ntitle: Scale\n---\nWelcome.\n",
    );
    for Page { path, title, text } in synthetic.all() {
        let text = format!("---\ntitle: {title}\n---\n{text}\n{SHARED}");
        write(&folder, &format!("content/{path}.md"), &text);
    }
}

fn mdbook(synthetic: &Synthetic) {
    let folder = Program::MdBook.folder(synthetic);
    write(&folder, "book.toml", "[book]\ntitle = \"Scale\"\n");
    let mut summary = "# Summary\n\n[Scale](index.md)\n\n".to_owned();
    write(&folder, "src/index.md", "# Scale\n\nWelcome.\n");
    for Page { path, title, text } in synthetic.all() {
        let _ = writeln!(summary, "- [{title}]({path}.md)");
        let text = format!("# {title}\n\n{text}\n{SHARED}");
        write(&folder, &format!("src/{path}.md"), &text);
    }
    write(&folder, "src/SUMMARY.md", &summary);
}
