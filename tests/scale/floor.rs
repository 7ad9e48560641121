//! What no program can do without: reading the sources, Markdown by Comrak alone,
//! and writing as many files of the same sizes. It runs as a process of its own.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use rayon::prelude::*;

use super::comrak_alone;
use crate::harness::measure;

/// The first argument of the process.
pub const ARGUMENT: &str = "floor";
/// The list of files to write.
const LIST: &str = "floor.list";

/// Lists the files of a built site for the floor of the same site.
pub fn list(built: &Path, beside: &Path) {
    let mut text = String::new();
    for (path, size) in measure::files(built) {
        let path = path.strip_prefix(built).expect("below it");
        let _ = writeln!(text, "{size} {}", path.display());
    }
    fs::write(beside.join(LIST), text).expect("written");
}

/// The command that does what `run` does.
pub fn command(docs: &Path, beside: &Path, out: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a program"));
    command.arg(ARGUMENT).arg(docs).arg(beside).arg(out);
    command
}

/// Reads and renders `docs`, and writes what is listed beside it to `out`.
pub fn run(docs: &Path, beside: &Path, out: &Path) {
    let sources = measure::files(docs);
    let options = comrak_alone::options();
    sources.par_iter().for_each(|(path, _)| {
        let text = fs::read_to_string(path).expect("a source");
        black_box(comrak::markdown_to_html(&text, &options).len());
    });
    let list = fs::read_to_string(beside.join(LIST)).expect("a list");
    let files: Vec<(usize, &str)> = list
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(size, path)| Some((size.parse().ok()?, path)))
        .collect();
    let longest = files.iter().map(|it| it.0).max().unwrap_or_default();
    let bytes = vec![b'x'; longest];
    // Sorted, so that the files of a folder follow each other.
    let mut made = None;
    for (_, path) in &files {
        let above = Path::new(path).parent();
        if made != above {
            fs::create_dir_all(out.join(above.unwrap_or(Path::new("")))).expect("a folder");
            made = above;
        }
    }
    files.par_iter().for_each(|(size, path)| {
        fs::write(out.join(path), &bytes[..*size]).expect("written");
    });
}
