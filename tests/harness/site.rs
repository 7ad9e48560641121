//! A site on disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{Server, stderr};

/// A site in a folder of its own, removed at the end.
pub struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// A site of these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let site = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    /// A copy of a folder.
    pub fn copy_of(folder: &Path) -> Self {
        let site = Self::new(&[]);
        copy_folder(folder, &site.path(""));
        site
    }

    /// The site in a folder that exists already.
    pub fn of(folder: tempfile::TempDir) -> Self {
        Self { folder }
    }

    /// The path of a file of the site.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file in place, and the folders above it.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    /// Writes another file and renames it into place, as editors do.
    pub fn save(&self, path: &str, text: &str) {
        let path = self.path(path);
        let beside = path.with_extension("tmp~");
        fs::write(&beside, text).expect("written");
        fs::rename(beside, path).expect("renamed");
    }

    /// Runs proofroom in the site's folder.
    pub fn run(&self, arguments: &[&str]) -> Output {
        proofroom(self.folder.path())
            .args(arguments)
            .output()
            .expect("it runs")
    }

    /// Runs proofroom in the site's folder, which must succeed.
    pub fn run_successfully(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            stderr(&output)
        );
        output
    }

    /// The text of a file of the site.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The text of a file that was built into `site/`.
    pub fn built(&self, path: &str) -> String {
        self.read(&format!("site/{path}"))
    }

    /// Serves the site on a free port.
    pub fn serve(&self) -> Server {
        Server::start(self.folder.path(), &["--dev-addr", "127.0.0.1:0"])
    }
}

/// The program, to be run in a folder.
pub fn proofroom(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
    command.current_dir(folder).env("NO_COLOR", "1");
    // What is kept for the next start is not that of whoever runs the tests.
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    command.env("XDG_CACHE_HOME", cache);
    command
}

/// Copies a folder with all it holds. The copies can be written, whether the
/// originals can or not.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::write(to, fs::read(entry.path()).expect("a file")).expect("written");
        }
    }
}
