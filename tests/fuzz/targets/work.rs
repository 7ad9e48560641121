//! Pages that take more than their size says: work is counted at a size, at
//! twice and at four times that, and must not grow faster than `n log n`.
//!
//! Not a target of libFuzzer, which looks for paths that no input took yet;
//! here the same path is taken too often. Work is every edge of the program
//! that is run and every 16 bytes that are asked for, so it is the same on
//! each machine. `work sweep` goes through each piece and all pairs of them,
//! `work SECONDS` makes pages at random, more of what grew fastest.

#[path = "pieces.rs"]
mod pieces;
#[path = "sets.rs"]
mod sets;

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::HashSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use pieces::{PIECES, Recipe};
use proofroom::files::SourcePath;
use proofroom::markdown::{front_matter, render};
use proofroom::search;
use sets::{SETS, Site};

static mut EDGES: u64 = 0;

#[unsafe(no_mangle)]
unsafe extern "C" fn __sanitizer_cov_trace_pc_guard(_: *mut u32) {
    // Nothing here runs on more than one thread.
    unsafe { EDGES = EDGES.wrapping_add(1) };
}

#[unsafe(no_mangle)]
unsafe extern "C" fn __sanitizer_cov_trace_pc_guard_init(_: *mut u32, _: *mut u32) {}

struct Counting;

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { EDGES = EDGES.wrapping_add(layout.size() as u64 / 16) };
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        unsafe { EDGES = EDGES.wrapping_add(size as u64 / 16) };
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Everything that is done with a page's text but for its theme.
fn work(set: usize, text: &str) -> u64 {
    let before = unsafe { EDGES };
    let path = SourcePath::new("page.md");
    let front = front_matter::split(&path, text);
    let body = render(&path, &text[front.body_start..], 1, &SETS[set], &Site);
    black_box(search::entries(search::Page {
        html: &body.html,
        url: "page/",
        title: "Page",
        meta: &front.meta,
    }));
    let tokens = proofroom::html::tokens(text);
    black_box(tokens.count());
    let after = unsafe { EDGES };
    after.wrapping_sub(before)
}

/// How fast a page's work grows: the lesser of two doublings, which is what
/// both exceed. Also what each further byte costs, so that what is paid once
/// (the first icons that do not exist get a suggestion) does not count.
fn growth(recipe: &Recipe, size: usize) -> (f64, f64) {
    let first = work(recipe.set, &recipe.page(size)) as f64;
    let second = work(recipe.set, &recipe.page(2 * size)) as f64;
    if second / first < MOST * 0.9 {
        return (second / first, (second - first) / size as f64);
    }
    let third = work(recipe.set, &recipe.page(4 * size)) as f64;
    ((second / first).min(third / second), (third - second) / (2 * size) as f64)
}

/// More than this `n log n` does not grow by when `n` doubles.
const MOST: f64 = 2.6;

/// A page may need so much for each of its bytes: at half a billion a second
/// a megabyte takes two.
const MOST_FOR_A_BYTE: f64 = 3000.0;

struct Findings {
    seen: HashSet<Vec<usize>>,
    count: usize,
}

impl Findings {
    fn look(&mut self, recipe: &Recipe, size: usize) -> f64 {
        let (mut grows, mut costs) = growth(recipe, size);
        // What stands within itself is bounded, and short pages do not reach
        // the bound: looked at again where they do.
        if grows > MOST || costs > MOST_FOR_A_BYTE {
            (grows, costs) = growth(recipe, 8 * size);
        }
        if grows > MOST || costs > MOST_FOR_A_BYTE {
            let mut pieces: Vec<usize> = recipe.parts.iter().flat_map(|part| part.0.clone()).collect();
            pieces.sort_unstable();
            pieces.dedup();
            let known = self.seen.iter().any(|known| known.iter().all(|it| pieces.contains(it)));
            if !known {
                self.seen.insert(pieces);
                self.count += 1;
                println!("{grows:.2} {costs:.0} {}", recipe.shown());
            }
        }
        grows
    }
}

/// A generator of numbers (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }

    fn recipe(&mut self) -> Recipe {
        let parts = 1 + self.below(3);
        let part = |random: &mut Self| {
            let pieces = 1 + random.below(4);
            let pieces = (0..pieces).map(|_| random.below(PIECES.len())).collect();
            (pieces, random.below(4) > 0)
        };
        Recipe {
            set: self.below(SETS.len()),
            parts: (0..parts).map(|_| part(self)).collect(),
        }
    }

    fn changed(&mut self, recipe: &Recipe) -> Recipe {
        let mut changed = recipe.clone();
        let part = self.below(changed.parts.len());
        let may_grow = changed.parts.len() < 4;
        let pieces = &mut changed.parts[part].0;
        match self.below(6) {
            0 => changed.set = self.below(SETS.len()),
            1 => changed.parts[part].1 ^= true,
            2 if pieces.len() > 1 => {
                let at = self.below(pieces.len());
                pieces.remove(at);
            }
            3 => {
                let at = self.below(pieces.len());
                pieces[at] = self.below(PIECES.len());
            }
            4 if may_grow => {
                let added = self.recipe().parts.remove(0);
                changed.parts.insert(part, added);
            }
            _ => {
                let at = self.below(pieces.len() + 1);
                let piece = self.below(PIECES.len());
                pieces.insert(at, piece);
            }
        }
        changed
    }
}

fn sweep(findings: &mut Findings) {
    let repeated = |set, pieces: Vec<usize>| Recipe {
        set,
        parts: vec![(pieces, true)],
    };
    let all = 0..PIECES.len();
    for set in 0..SETS.len() {
        for piece in all.clone() {
            findings.look(&repeated(set, vec![piece]), 6_000);
            for other in all.clone() {
                findings.look(&repeated(set, vec![piece, other]), 3_000);
                let two = Recipe {
                    set,
                    parts: vec![(vec![piece], true), (vec![other], true)],
                };
                findings.look(&two, 3_000);
            }
        }
        println!("swept set {set}");
    }
}

fn search_for(seconds: u64, seed: u64, findings: &mut Findings) {
    let mut random = Random(seed | 1);
    let end = Instant::now() + Duration::from_secs(seconds);
    // The pages that grew fastest so far and are not found yet.
    let mut best: Vec<(f64, Recipe)> = Vec::new();
    let mut tried = 0_u64;
    while Instant::now() < end {
        tried += 1;
        let recipe = match best.is_empty() || random.below(3) == 0 {
            true => random.recipe(),
            false => {
                let at = random.below(best.len());
                random.changed(&best[at].1)
            }
        };
        let grows = findings.look(&recipe, 2_500 + random.below(8_000));
        if (1.9..MOST).contains(&grows) {
            best.push((grows, recipe));
            best.sort_by(|a, b| b.0.total_cmp(&a.0));
            best.dedup_by(|a, b| a.1 == b.1);
            best.truncate(300);
        }
    }
    println!("{tried} pages tried");
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut findings = Findings {
        seen: HashSet::new(),
        count: 0,
    };
    // What is made once belongs to no page.
    work(0, "# a\n\n*b*\n");
    work(1, "# a\n\n*b*\n");
    // A deep recursion is not what is looked for here.
    let job = move || {
        match arguments.first().map(String::as_str) {
            Some("sweep") => sweep(&mut findings),
            first => {
                let seconds = first.and_then(|it| it.parse().ok()).unwrap_or(600);
                let seed = arguments.get(1).and_then(|it| it.parse().ok()).unwrap_or(1);
                search_for(seconds, seed, &mut findings);
            }
        }
        findings.count
    };
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(job);
    let count = thread.expect("a thread").join().expect("no panic");
    println!("{count} found");
    std::process::exit(i32::from(count > 0));
}
