//! What builds cost, beside the floor and other programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::floor;
use super::programs::Program;
use super::sites::Synthetic;
use super::table::{Table, kilobytes, megabytes, number};
use crate::harness::measure::{self, Cost, percentile};

/// No program gets more time for a build.
const LIMIT: Duration = Duration::from_secs(600);
/// No program is run again after so many seconds in all.
const ENOUGH: f64 = 90.0;
/// How often each program is run, by turns.
const ROUNDS: usize = 5;

/// What is run by turns.
struct Contender {
    name: String,
    command: Command,
    out: PathBuf,
    costs: Vec<Cost>,
    failed: Option<String>,
    written: u64,
}

impl Contender {
    fn new(name: &str, (command, out): (Command, PathBuf)) -> Self {
        Self {
            name: name.to_owned(),
            command,
            out,
            costs: Vec::new(),
            failed: None,
            written: 0,
        }
    }

    /// A build into an empty folder, which `look` sees before it is removed: what
    /// all write together may not fit on the disk.
    fn run(&mut self, look: impl Fn(&Path)) {
        let spent: f64 = self.costs.iter().map(|it| it.wall).sum();
        if self.failed.is_some() || spent > ENOUGH {
            return;
        }
        eprint!("\r{}..\x1b[K", self.name);
        remove(&self.out);
        match measure::cost(&mut self.command, LIMIT) {
            Ok(cost) => self.costs.push(cost),
            Err(error) => self.failed = Some(error),
        }
        if self.written == 0 {
            let files = measure::files(&self.out);
            self.written = files.iter().map(|it| it.1).sum();
            look(&self.out);
        }
        remove(&self.out);
        eprint!("\r\x1b[K");
    }

    /// The median of what its runs cost.
    fn middle(&self, of: impl Fn(&Cost) -> f64) -> f64 {
        percentile(&self.costs.iter().map(of).collect::<Vec<_>>(), 0.5)
    }

    /// The median of how much more it cost than the other in the same rounds.
    fn ratio(&self, other: &Self, of: impl Fn(&Cost) -> f64) -> f64 {
        let pairs = self.costs.iter().zip(&other.costs);
        let ratios: Vec<f64> = pairs.map(|(own, other)| of(own) / of(other)).collect();
        percentile(&ratios, 0.5)
    }
}

fn remove(folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("removed");
    }
}

/// The table of one site.
pub fn print(synthetic: &Synthetic) {
    let site = &synthetic.site;
    let mut contenders = Vec::new();
    for program in Program::found() {
        program.set_up(synthetic);
        let contender = Contender::new(program.name(), program.build(synthetic));
        contenders.push(contender);
        if program == Program::Proofroom {
            let plain = super::programs::build_without_search(synthetic);
            contenders.push(Contender::new("proofroom without search", plain));
            let out = site.path("out/floor");
            let command = floor::command(&synthetic.docs(), &site.path(""), &out);
            contenders.push(Contender::new("floor", (command, out)));
        }
    }
    for _ in 0..ROUNDS {
        for contender in &mut contenders {
            let ours = contender.name == "proofroom";
            contender.run(|out| {
                if ours {
                    floor::list(out, &site.path(""));
                }
            });
        }
    }
    let columns = [
        "program",
        "wall, s",
        "×",
        "processor, s",
        "×",
        "peak, MB",
        "written, MB",
        "KB a page",
        "ms a page",
    ];
    let mut table = Table::new(&columns);
    let pages = synthetic.pages;
    for contender in &contenders {
        if let Some(error) = &contender.failed {
            eprintln!("{}: {error}", contender.name);
        }
        let ours = &contenders[0];
        let (wall, processor) = (|it: &Cost| it.wall, |it: &Cost| it.processor);
        table.row(vec![
            contender.name.clone(),
            number(contender.middle(wall), 2),
            number(contender.ratio(ours, wall), 2),
            number(contender.middle(processor), 2),
            number(contender.ratio(ours, processor), 2),
            megabytes(contender.middle(|it| it.memory as f64) as u64),
            megabytes(contender.written),
            kilobytes(contender.written / pages as u64),
            number(contender.middle(processor) * 1000.0 / pages as f64, 3),
        ]);
    }
    table.print(&format!("Build, {}", synthetic.name()));
}
