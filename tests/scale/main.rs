//! How the cost of a page depends on how many there are, beside other programs:
//! `cargo bench --bench scale`.
//!
//! Makes synthetic sites and prints tables in Markdown; what it is doing goes to the
//! standard error. Arguments choose: tables (`build`, `search`,
//! `saves`, `servers`, `memory`), numbers of pages, and shapes (`sections`, `flat`), as in
//! `cargo bench --bench scale -- build 1000 flat`. Other programs are measured where
//! they are on the `PATH`; `PROOFROOM_OTHER` names another proofroom to compare with.

#[path = "../harness/comrak_alone.rs"]
mod comrak_alone;
#[path = "../harness/mod.rs"]
mod harness;

mod build;
mod floor;
mod programs;
mod rivals;
mod saves;
mod search;
mod sites;
mod table;

use std::path::Path;

use programs::Program;
use sites::{Shape, Synthetic};
use table::Table;

/// As in the binary: the floor runs with it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const TABLES: [&str; 5] = ["build", "search", "saves", "servers", "memory"];
const SIZES: [usize; 4] = [100, 1_000, 4_000, 10_000];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, docs, beside, out] = &arguments[..]
        && first == floor::ARGUMENT
    {
        return floor::run(Path::new(docs), Path::new(beside), Path::new(out));
    }
    let has = |name: &str| arguments.iter().any(|it| it == name);
    let mut tables = TABLES.to_vec();
    if tables.iter().any(|it| has(it)) {
        tables.retain(|it| has(it));
    }
    let mut sizes: Vec<usize> = arguments.iter().filter_map(|it| it.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = SIZES.to_vec();
    }
    let shapes = match (has("sections"), has("flat")) {
        (true, true) => vec![Shape::Sections, Shape::Flat],
        (false, true) => vec![Shape::Flat],
        _ => vec![Shape::Sections],
    };
    #[cfg(target_os = "linux")]
    harness::server::raise_limits();
    about();
    let mut held = Table::new(&[
        "site",
        "after the first page, MB",
        "all checked, MB",
        "all looked at, MB",
        "processor to look at one, ms",
    ]);
    for shape in shapes {
        for pages in &sizes {
            eprintln!("{pages} pages, {}", shape.name());
            let synthetic = Synthetic::new((*pages).max(10), shape);
            for table in &tables {
                match *table {
                    "build" => build::print(&synthetic),
                    "search" => search::print(&synthetic),
                    "servers" => saves::servers(&synthetic),
                    "memory" => saves::memory(&synthetic, &mut held),
                    _ => saves::print(&synthetic),
                }
            }
        }
    }
    if tables.contains(&"memory") {
        held.print("Memory of `serve`");
    }
}

/// Says what is measured, and on what.
fn about() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("", |it| it.trim_start_matches([' ', '\t', ':']));
    println!("{cores} cores {model}, {}", std::env::consts::OS);
    for program in Program::found() {
        println!("- {} {}", program.name(), program.version());
    }
}
