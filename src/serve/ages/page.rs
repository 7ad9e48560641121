use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::Server;
use super::super::routing::Route;
use super::{legend, view_of};
use crate::ages::{Blame, LineAges as _, Run, Unknown, day, iso};
use crate::files::SourcePath;
use crate::site::{Database, Db as _, queries};

/// The page's source and the files that it includes, with their texts.
pub(super) fn texts(db: &Database, source: &SourcePath) -> Vec<(SourcePath, Arc<str>)> {
    let included = queries::body(db, db.entry(source)).included.clone();
    let files = [source.clone()].into_iter().chain(included);
    let text = |file: &SourcePath| queries::text(db, db.entry(file)).readable();
    files
        .filter_map(|file| Some((file.clone(), text(&file)?)))
        .collect()
}

/// The data for the strip beside a page's text. For each file that the page is
/// made from, it has the runs without blank lines: first line, last line and the
/// index of the commit, or -1 if the lines are not committed yet.
pub(super) fn ages(server: &Server, path: &str) -> Value {
    let place = server.places.place(path);
    let ages = &server.aged.ages;
    let blame = |file: &SourcePath, text: &str| ages.blame(file, text);
    let view = |file: &SourcePath| Some(view_of(server, file, path));
    let mut answer = of_place(server, &place, &blame, &view);
    if let Some(fields) = answer.as_object_mut().filter(|it| it.contains_key("files")) {
        fields.insert("known".to_owned(), ages.known().into());
        fields.insert("waiting".to_owned(), ages.waiting().into());
    }
    answer
}

/// The same of the page at the base of the review that is open.
pub(super) fn ages_at_base(server: &Server, path: &str) -> Value {
    let Some(desk) = server.desk.current() else {
        return json!({"unknown": "no review is open"});
    };
    let Some(place) = desk.place_at_base(&server.places, path) else {
        return json!({"unknown": "the base does not have this page"});
    };
    let commit = &desk.open.commit;
    let blame = |file: &SourcePath, _: &str| server.aged.ages.blame_at(file, commit);
    of_place(server, &place, &blame, &|_| None)
}

fn of_place(
    server: &Server,
    place: &Route,
    blame: &dyn Fn(&SourcePath, &str) -> Result<Blame, Unknown>,
    view: &dyn Fn(&SourcePath) -> Option<String>,
) -> Value {
    let Some(source) = place.page() else {
        return json!({"unknown": "no page of this site is shown here"});
    };
    let (_, texts) = place.session.ask(|db| texts(db, &source));
    let mut files = Map::new();
    let mut commits: Vec<Value> = Vec::new();
    let mut index_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut blames = Vec::new();
    for (file, text) in &texts {
        match blame(file, text) {
            Ok(blame) => blames.push((file, text, blame)),
            Err(unknown) if *file == source => return json!({"unknown": unknown.to_string()}),
            Err(_) => {}
        }
    }
    let scale = server.aged.scale();
    let dating = server.aged.ages.dating();
    for (file, text, blame) in &blames {
        let indices: Vec<usize> = blame
            .commits
            .iter()
            .map(|commit| {
                *index_of.entry(commit.id.clone()).or_insert_with(|| {
                    let time = commit.time(dating);
                    commits.push(json!({
                        "id": commit.id,
                        "author": commit.author,
                        "summary": commit.summary,
                        "time": time,
                        "date": iso(time),
                        "day": day(time),
                        "at_least": commit.at_least,
                        "class": scale.class(time),
                    }));
                    commits.len() - 1
                })
            })
            .collect();
        let runs: Vec<Value> = runs_of_text(blame, text)
            .into_iter()
            .map(|run| match run.commit {
                Some(nth) => json!([run.first, run.last, indices[nth]]),
                None => json!([run.first, run.last, -1]),
            })
            .collect();
        let name = if **file == source { "" } else { file.as_str() };
        files.insert(name.to_owned(), json!({"runs": runs, "view": view(file)}));
    }
    json!({
        "source": source.as_str(),
        "files": files,
        "commits": commits,
        "legend": legend(&scale),
    })
}

/// The runs without blank lines: a run ends before one.
fn runs_of_text(blame: &Blame, text: &str) -> Vec<Run> {
    let blank: Vec<bool> = text.lines().map(|line| line.trim().is_empty()).collect();
    let is_blank = |line: usize| blank.get(line - 1) == Some(&true);
    let mut runs: Vec<Run> = Vec::new();
    for run in blame.runs() {
        for line in (run.first..=run.last).filter(|line| !is_blank(*line)) {
            match runs.last_mut() {
                Some(last) if last.commit == run.commit && last.last + 1 == line => {
                    last.last = line;
                }
                _ => runs.push(Run {
                    first: line,
                    last: line,
                    commit: run.commit,
                }),
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::runs_of_text;
    use crate::ages::Blame;

    #[test]
    fn blank_lines_are_left_out() {
        let blame = Blame {
            commits: Vec::new(),
            lines: vec![Some(0), Some(0), Some(0), Some(1), None, None],
        };
        let runs: Vec<_> = runs_of_text(&blame, "a\n\nb\nc\n  \nd")
            .iter()
            .map(|run| (run.first, run.last, run.commit))
            .collect();
        assert_eq!(
            runs,
            [
                (1, 1, Some(0)),
                (3, 3, Some(0)),
                (4, 4, Some(1)),
                (6, 6, None)
            ]
        );
    }
}
