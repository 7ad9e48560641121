//! What a person at work meets: the first page, and saves of every kind.

use std::fs;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::programs::Program;
use super::rivals;
use super::sites::Synthetic;
use super::table::{Table, number};
use crate::harness::browser::{self, Driver};
use crate::harness::measure::{milliseconds, pause, percentile, processor_time, wait_until_idle};
use crate::harness::{Server, Tab};

/// How often the server is started.
const STARTS: usize = 5;
/// Saves of a kind that are timed one after the other.
const SAVES: usize = 30;
/// Saves of a kind, each followed by a wait until the server is idle.
const ALONE: usize = 3;
/// What is paused between saves, by turns: the background check is at work in some.
const PAUSES: [u64; 5] = [5, 30, 80, 150, 300];

/// A kind of save: what is written, and how it is seen.
struct Kind {
    name: &'static str,
    /// Of the site.
    file: String,
    /// The file's text in a round; `None` removes it.
    text: Box<dyn Fn(usize) -> Option<String>>,
    /// The page that shows it.
    address: String,
    /// What that page then holds; none where the page stays as it is.
    seen: Seen,
}

enum Seen {
    Text(Box<dyn Fn(usize) -> String>),
    Gone,
    Nothing,
}

/// The tables of one site.
pub fn print(synthetic: &Synthetic) {
    starts(synthetic);
    saves(synthetic);
}

fn serve(synthetic: &Synthetic, program: Program, config: &str) -> Server {
    let mut command = program.serve(synthetic, 0);
    command
        .args(["-f", config])
        .stderr(std::process::Stdio::null());
    Server::spawn(command)
}

/// A page in the middle of the site.
fn middle(synthetic: &Synthetic) -> usize {
    synthetic.pages / 2 + 1
}

fn starts(synthetic: &Synthetic) {
    let address = Program::Proofroom.address(synthetic, middle(synthetic));
    let columns = [
        "program",
        "start to first page, ms",
        "p95",
        "processor until idle, s",
        "memory then, MB",
    ];
    let mut table = Table::new(&columns);
    let programs = Program::found();
    for program in programs.into_iter().filter(|it| it.is_proofroom()) {
        let mut taken = Vec::new();
        let mut last = None;
        for _ in 0..STARTS {
            drop(last.take());
            let begun = Instant::now();
            let server = serve(synthetic, program, "edited.yml");
            assert_eq!(server.get(&address).status, 200);
            taken.push(milliseconds(begun.elapsed()));
            last = Some(server);
        }
        let server = last.expect("started");
        let used = wait_until_idle(server.id());
        table.row(vec![
            program.name().to_owned(),
            number(percentile(&taken, 0.5), 0),
            number(percentile(&taken, 0.95), 0),
            number(used, 2),
            super::table::megabytes(server.memory()),
        ]);
    }
    table.print(&format!("Start, {}", synthetic.name()));
}

fn saves(synthetic: &Synthetic) {
    let columns = [
        "edit",
        "to the bytes, ms: p50",
        "p95",
        "to the DOM, ms: p50",
        "p95",
        "processor until idle, ms",
    ];
    let mut table = Table::new(&columns);
    let server = serve(synthetic, Program::Proofroom, "edited.yml");
    for kind in kinds(synthetic) {
        measure(synthetic, &server, &kind, &mut table);
    }
    during_a_check(synthetic, &server, &mut table);
    drop(server);
    let site = &synthetic.site;
    site.write("listed.yml", synthetic.listed("Home"));
    let server = serve(synthetic, Program::Proofroom, "listed.yml");
    let first = |round: usize| format!("Home in round {round}");
    let listed: Vec<String> = (0..SAVES + 2 * ALONE)
        .map(|round| synthetic.listed(&first(round)))
        .collect();
    let kind = Kind {
        name: "nav, all pages listed",
        file: "listed.yml".to_owned(),
        text: Box::new(move |round| listed.get(round).cloned()),
        address: Program::Proofroom.address(synthetic, middle(synthetic)),
        seen: Seen::Text(Box::new(first)),
    };
    measure(synthetic, &server, &kind, &mut table);
    table.print(&format!("Saves, {}", synthetic.name()));
}

/// All kinds but that of the nav, which needs a configuration of its own.
fn kinds(synthetic: &Synthetic) -> Vec<Kind> {
    let number = middle(synthetic);
    let path = synthetic.path_of(number);
    let address = Program::Proofroom.address(synthetic, number);
    let file = format!("docs/{path}.md");
    let text = fs::read_to_string(synthetic.site.path(&file)).expect("a page");
    let (_, rest) = text.split_once('\n').expect("a title");
    let rest = rest.to_owned();
    let config = fs::read_to_string(synthetic.site.path("edited.yml")).expect("a configuration");
    let of_text = |text: &'static str| -> Seen {
        Seen::Text(Box::new(move |round| format!("{text} in round {round}.")))
    };
    let new = |kind: &str| path.replace(&format!("page-{number}"), &format!("{kind}-page"));
    let fresh = new("new");
    vec![
        Kind {
            name: "body",
            file: file.clone(),
            text: Box::new(move |round| Some(format!("{text}\nAdded in round {round}.\n"))),
            address: address.clone(),
            seen: of_text("Added"),
        },
        Kind {
            name: "title",
            file,
            text: Box::new(move |round| Some(format!("# Named in round {round}.\n{rest}"))),
            address: address.clone(),
            seen: of_text("Named"),
        },
        Kind {
            name: "new page",
            file: format!("docs/{fresh}.md"),
            text: Box::new(|round| Some(format!("# New\n\nCreated in round {round}.\n"))),
            address: format!("/{fresh}/"),
            seen: of_text("Created"),
        },
        Kind {
            name: "deleted page",
            file: format!("docs/{fresh}.md"),
            text: Box::new(|_| None),
            address: format!("/{fresh}/"),
            seen: Seen::Gone,
        },
        Kind {
            name: "comment in the configuration, then a request",
            file: "edited.yml".to_owned(),
            text: Box::new(move |round| Some(format!("{config}# Round {round}.\n"))),
            address: address.clone(),
            seen: Seen::Nothing,
        },
        Kind {
            name: "template of every page",
            file: "overrides/main.html".to_owned(),
            text: Box::new(|round| {
                Some(format!(
                    "{{% extends \"base.html\" %}}\n\
                     {{% block announce %}}Announced in round {round}.{{% endblock %}}\n"
                ))
            }),
            address: address.clone(),
            seen: of_text("Announced"),
        },
        Kind {
            name: "snippet of every page",
            file: "shared.md".to_owned(),
            text: Box::new(|round| Some(format!("Shared in round {round}.\n"))),
            address,
            seen: of_text("Shared"),
        },
    ]
}

/// Saves, and waits until the page shows it; returns the milliseconds.
fn save(synthetic: &Synthetic, server: &Server, tab: &mut Tab, kind: &Kind, round: usize) -> f64 {
    let site = &synthetic.site;
    let text = (kind.text)(round);
    let begun = Instant::now();
    match text {
        Some(text) => site.save(&kind.file, &text),
        None => fs::remove_file(site.path(&kind.file)).expect("removed"),
    }
    match &kind.seen {
        Seen::Text(seen) => {
            let text = seen(round);
            loop {
                tab.wait_for("page");
                if server.get(&kind.address).body.contains(&text) {
                    break;
                }
            }
        }
        Seen::Gone => {
            while server.get(&kind.address).status != 404 {
                tab.next();
            }
        }
        Seen::Nothing => {
            // The watcher has told of it by then.
            pause(Duration::from_millis(5));
            let begun = Instant::now();
            server.get(&kind.address);
            return milliseconds(begun.elapsed());
        }
    }
    milliseconds(begun.elapsed())
}

/// What must be there, or must not, before a save of this kind.
fn prepare(synthetic: &Synthetic, server: &Server, kind: &Kind) {
    let path = synthetic.site.path(&kind.file);
    let (status, done) = match (kind.name, path.exists()) {
        ("new page", true) => (404, fs::remove_file(path)),
        ("deleted page", false) => (200, fs::write(path, "# New\n")),
        _ => return,
    };
    done.expect("written");
    while server.get(&kind.address).status != status {
        pause(Duration::from_millis(20));
    }
}

fn measure(synthetic: &Synthetic, server: &Server, kind: &Kind, table: &mut Table) {
    prepare(synthetic, server, kind);
    wait_until_idle(server.id());
    let tab = || server.tab(kind.address.trim_start_matches('/'));
    let mut alone = 0.0;
    for round in 0..ALONE {
        prepare(synthetic, server, kind);
        let before = wait_until_idle(server.id());
        save(synthetic, server, &mut tab(), kind, round);
        alone += wait_until_idle(server.id()) - before;
    }
    let mut taken = Vec::new();
    for round in ALONE..ALONE + SAVES {
        prepare(synthetic, server, kind);
        let mut tab = tab();
        pause(Duration::from_millis(PAUSES[round % PAUSES.len()]));
        taken.push(save(synthetic, server, &mut tab, kind, round));
    }
    let painted = match kind.name {
        "body" | "title" | "template of every page" => paints(synthetic, server, kind),
        _ => Vec::new(),
    };
    table.row(vec![
        kind.name.to_owned(),
        number(percentile(&taken, 0.5), 1),
        number(percentile(&taken, 0.95), 1),
        number(percentile(&painted, 0.5), 0),
        number(percentile(&painted, 0.95), 0),
        number(alone * 1000.0 / ALONE as f64, 0),
    ]);
}

/// Saves of a body while all pages are checked because of their snippet.
fn during_a_check(synthetic: &Synthetic, server: &Server, table: &mut Table) {
    let kinds = kinds(synthetic);
    let body = kinds.first().expect("the body");
    let snippet = kinds.last().expect("the snippet");
    let address = body.address.trim_start_matches('/');
    let mut taken = Vec::new();
    let before = wait_until_idle(server.id());
    for round in 1000..1000 + SAVES {
        let mut tab = server.tab(address);
        save(synthetic, server, &mut tab, snippet, round);
        // The check begins once nothing was saved for a tenth of a second.
        pause(Duration::from_millis(PAUSES[round % PAUSES.len()] + 100));
        let mut tab = server.tab(address);
        taken.push(save(synthetic, server, &mut tab, body, round));
    }
    let used = wait_until_idle(server.id()) - before;
    table.row(vec![
        "body, while all pages are checked".to_owned(),
        number(percentile(&taken, 0.5), 1),
        number(percentile(&taken, 0.95), 1),
        number(f64::NAN, 0),
        number(f64::NAN, 0),
        number(used * 1000.0 / SAVES as f64, 0),
    ]);
}

/// From a save to the new text in Chromium, where that is installed.
fn paints(synthetic: &Synthetic, server: &Server, kind: &Kind) -> Vec<f64> {
    let Seen::Text(seen) = &kind.seen else {
        return Vec::new();
    };
    if crate::harness::measure::program("chromedriver").is_none() {
        return Vec::new();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let rounds = 2000..2000 + SAVES;
    runtime.block_on(async {
        let (_driver, client) = Driver::start().await;
        let address = format!("http://{}{}", server.host(), kind.address);
        client.goto(&address).await.expect("it loads");
        browser::connected(&client).await;
        let mut taken = Vec::new();
        for round in rounds {
            let text = (kind.text)(round).expect("a text");
            let save = || synthetic.site.save(&kind.file, &text);
            taken.push(browser::until_shown(&client, &seen(round), save).await);
        }
        // What shows nothing keeps nobody waiting.
        let _ = client.close().await;
        taken
    })
}

/// The table of edits of a body in the servers of all programs.
pub fn servers(synthetic: &Synthetic) {
    let columns = [
        "program",
        "start to first page, ms",
        "body edit to the bytes, ms: p50",
        "p95",
    ];
    let mut table = Table::new(&columns);
    let number_of_page = middle(synthetic);
    let title = synthetic.title_of(number_of_page);
    for program in Program::found() {
        program.set_up(synthetic);
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
        let port = port.expect("a free port").port();
        let mut command = program.serve(synthetic, port);
        let host = format!("127.0.0.1:{port}");
        let address = program.address(synthetic, number_of_page);
        let source = program.source(synthetic, number_of_page);
        match rivals::measure(&mut command, &host, &address, &source, &title) {
            Ok((first, taken)) => table.row(vec![
                program.name().to_owned(),
                number(first, 0),
                number(percentile(&taken, 0.5), 1),
                number(percentile(&taken, 0.95), 1),
            ]),
            Err(error) => eprintln!("{}: {error}", program.name()),
        }
    }
    table.print(&format!("Servers asked every 5 ms, {}", synthetic.name()));
}

/// Looks at all pages, and prints what the server then holds.
pub fn memory(synthetic: &Synthetic, table: &mut Table) {
    let server = serve(synthetic, Program::Proofroom, "mkdocs.yml");
    server.get(&Program::Proofroom.address(synthetic, middle(synthetic)));
    let first = server.memory();
    wait_until_idle(server.id());
    let checked = server.memory();
    let before = processor_time(server.id());
    for number in 1..synthetic.pages {
        let answer = server.get(&Program::Proofroom.address(synthetic, number));
        assert_eq!(answer.status, 200);
    }
    let used = wait_until_idle(server.id()) - before;
    table.row(vec![
        synthetic.name(),
        super::table::megabytes(first),
        super::table::megabytes(checked),
        super::table::megabytes(server.memory()),
        number(used * 1000.0 / synthetic.pages as f64, 2),
    ]);
}
