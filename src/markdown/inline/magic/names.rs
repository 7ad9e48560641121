//! Short names of people, repositories, issues and commits.

use super::{Found, Kind, plain};
use crate::markdown::lines::marks::shown;
use crate::markdown::options::Magiclink;
use crate::markdown::slug::is_word;

fn host(provider: &str) -> (&'static str, &'static str) {
    match provider {
        "gitlab" => ("https://gitlab.com", "GitLab"),
        "bitbucket" => ("https://bitbucket.org", "Bitbucket"),
        "twitter" => ("https://twitter.com", "Twitter"),
        "x" => ("https://x.com", "X"),
        _ => ("https://github.com", "GitHub"),
    }
}

fn kind(provider: &str, class: &str, what: &str, name: &str) -> Kind {
    Kind {
        title: format!("{} {what}: {name}", host(provider).1),
        class: format!("magiclink magiclink-{provider} magiclink-{class}"),
    }
}

fn name_length(text: &str) -> usize {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(shown(it), '-' | '_' | '.');
    let length = text.find(|it| !is_part(it)).unwrap_or(text.len());
    let name = text[..length].trim_end_matches(|it: char| !it.is_ascii_alphanumeric());
    name.len()
}

/// `@user` and `@user/repository` at byte `at`.
pub fn mention(text: &str, at: usize, before: Option<char>, options: &Magiclink) -> Option<Found> {
    if !(options.shorthand || options.social)
        || before.is_some_and(|before| before.is_ascii_alphanumeric())
    {
        return None;
    }
    let rest = &text[at + 1..];
    let (provider, offset) = match rest.split_once(':') {
        Some((provider @ ("github" | "gitlab" | "bitbucket" | "twitter" | "x"), _)) => {
            (provider, provider.len() + 1)
        }
        _ => (options.provider.as_str(), 0),
    };
    let length = name_length(&rest[offset..]);
    let user = plain(&rest[offset..offset + length]);
    if !user.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return None;
    }
    let mut end = at + 1 + offset + length;
    let url = host(provider).0;
    if let Some(behind) = text[end..].strip_prefix('/').filter(|_| options.shorthand) {
        let length = name_length(behind);
        let repository = plain(&behind[..length]);
        if !repository.is_empty() {
            end += 1 + length;
            let name = format!("{user}/{repository}");
            let kind = kind(provider, "repository", "Repository", &name);
            return Some(Found {
                start: at,
                end,
                url: format!("{url}/{name}"),
                text: name,
                kind: Some(kind),
            });
        }
    }
    let kind = kind(provider, "mention", "User", &user);
    Some(Found {
        start: at,
        end,
        url: format!("{url}/{user}"),
        text: format!("@{user}"),
        kind: Some(kind),
    })
}

/// `user/` and `repository` before byte `at`, and where they begin.
fn owner(text: &str, at: usize, options: &Magiclink) -> Option<(String, String, usize)> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(shown(it), '-' | '_' | '.');
    let back = |end: usize| {
        text[..end]
            .chars()
            .rev()
            .take_while(|it| is_part(*it))
            .map(char::len_utf8)
            .sum::<usize>()
    };
    let repository = back(at);
    if repository == 0 {
        let known = !options.user.is_empty() && !options.repo.is_empty();
        return known.then(|| (options.user.clone(), options.repo.clone(), at));
    }
    let start = at - repository;
    let name = plain(&text[start..at]);
    if let Some(outer) = text[..start].strip_suffix('/') {
        let user = back(outer.len());
        let user_start = outer.len() - user;
        if user == 0 || text[..user_start].ends_with(['/', '@']) {
            return None;
        }
        return Some((plain(&outer[user_start..]), name, user_start));
    }
    (!options.user.is_empty()).then(|| (options.user.clone(), name, start))
}

/// `#1`, `repository!2` and the like, whose mark is at byte `at`.
pub fn issue(text: &str, at: usize, before: Option<char>, options: &Magiclink) -> Option<Found> {
    let digits = text[at + 1..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let end = at + 1 + digits;
    let number = &text[at + 1..end];
    if digits == 0
        || number.starts_with('0')
        || text[end..].starts_with(|it: char| is_word(shown(it)))
    {
        return None;
    }
    let (user, repository, start) = owner(text, at, options)?;
    if start == at && before.is_some_and(|before| before.is_ascii_alphabetic()) {
        return None;
    }
    let provider = options.provider.as_str();
    let (path, class, what, symbol) = match (&text[at..=at], provider) {
        ("#", "gitlab") => ("-/issues", "issue", "Issue", "#"),
        ("#", _) => ("issues", "issue", "Issue", "#"),
        ("!", "gitlab") => ("-/merge_requests", "pull", "Merge Request", "!"),
        ("!", "bitbucket") => ("pull-requests", "pull", "Pull Request", "!"),
        ("!", _) => ("pull", "pull", "Pull Request", "!"),
        (_, "github") => ("discussions", "discussion", "Discussion", "?"),
        _ => return None,
    };
    let symbol = if options.normalize { "#" } else { symbol };
    let shown = match (user == options.user, repository == options.repo) {
        (true, true) => format!("{symbol}{number}"),
        (true, false) => format!("{repository}{symbol}{number}"),
        _ => format!("{user}/{repository}{symbol}{number}"),
    };
    let url = format!("{}/{user}/{repository}/{path}/{number}", host(provider).0);
    let kind = kind(
        provider,
        class,
        what,
        &format!("{user}/{repository} #{number}"),
    );
    Some(Found {
        start,
        end,
        url,
        text: shown,
        kind: Some(kind),
    })
}

/// A commit's hash at byte `at`.
pub fn commit(text: &str, at: usize, before: Option<char>, options: &Magiclink) -> Option<Found> {
    let is_hash = |text: &str| {
        text.len() >= 40
            && text
                .bytes()
                .take(40)
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let end = at + 40;
    if before.is_some_and(|before| is_word(shown(before)) || before == '/') || !is_hash(&text[at..])
    {
        return None;
    }
    if text[end..].starts_with(|it: char| is_word(shown(it))) {
        return None;
    }
    let anchor = if before == Some('@') { at - 1 } else { at };
    let (user, repository, start) = owner(text, anchor, options)?;
    if anchor < at && start == anchor {
        return None;
    }
    let hash = &text[at..end];
    let short = &hash[..if options.provider == "gitlab" { 8 } else { 7 }];
    let path = match options.provider.as_str() {
        "gitlab" => "-/commit",
        "bitbucket" => "commits/commit",
        _ => "commit",
    };
    let shown = match (user == options.user, repository == options.repo) {
        (true, true) => short.to_owned(),
        (true, false) => format!("{repository}@{short}"),
        _ => format!("{user}/{repository}@{short}"),
    };
    let url = format!(
        "{}/{user}/{repository}/{path}/{hash}",
        host(&options.provider).0
    );
    let kind = kind(
        &options.provider,
        "commit",
        "Commit",
        &format!("{user}/{repository}@{short}"),
    );
    Some(Found {
        start,
        end,
        url,
        text: shown,
        kind: Some(kind),
    })
}

/// What the address of a repository, an issue or the like is shortened to.
pub fn short(url: &str, options: &Magiclink) -> Option<(String, Kind)> {
    let (provider, rest) = ["github", "gitlab", "bitbucket"]
        .into_iter()
        .find_map(|provider| {
            let rest = url.strip_prefix(host(provider).0)?;
            Some((provider, rest.strip_prefix('/')?.trim_end_matches('/')))
        })?;
    const PAGES: [&str; 12] = [
        "marketplace",
        "notifications",
        "issues",
        "pull",
        "sponsors",
        "settings",
        "support",
        "dashboard",
        "explore",
        "help",
        "projects",
        "account",
    ];
    let parts: Vec<&str> = rest.split('/').filter(|part| *part != "-").collect();
    let user = *parts
        .first()
        .filter(|user| !user.is_empty() && !PAGES.contains(user))?;
    let name = |repository: &str, symbol: &str, number: &str| match (
        user == options.user,
        repository == options.repo,
    ) {
        (true, true) => format!("{symbol}{number}"),
        (true, false) => format!("{repository}{symbol}{number}"),
        _ => format!("{user}/{repository}{symbol}{number}"),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match parts[..] {
        [user] => Some((format!("@{user}"), kind(provider, "mention", "User", user))),
        [user, repository] => {
            let name = format!("{user}/{repository}");
            let kind = kind(provider, "repository", "Repository", &name);
            Some((name, kind))
        }
        [_, repository, page, number] if is_number(number) => {
            let (class, what, symbol) = match page {
                "issues" => ("issue", "Issue", "#"),
                "pull" | "pull-requests" => ("pull", "Pull Request", "!"),
                "merge_requests" => ("pull", "Merge Request", "!"),
                "discussions" => ("discussion", "Discussion", "?"),
                _ => return None,
            };
            let symbol = if options.normalize { "#" } else { symbol };
            let title = format!("{user}/{repository} #{number}");
            Some((
                name(repository, symbol, number),
                kind(provider, class, what, &title),
            ))
        }
        [_, repository, "commit", hash]
            if hash.len() >= 7 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            let short = &hash[..7];
            let title = format!("{user}/{repository}@{short}");
            let shown = match (user == options.user, repository == options.repo) {
                (true, true) => short.to_owned(),
                (true, false) => format!("{repository}@{short}"),
                _ => title.clone(),
            };
            Some((shown, kind(provider, "commit", "Commit", &title)))
        }
        _ => None,
    }
}
