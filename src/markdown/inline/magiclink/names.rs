//! Short names of people, repositories, issues and commits.

use super::{FoundLink, Kind, plain};
use crate::markdown::options::{Magiclink, Provider, ProviderKind};
use crate::markdown::source::lines::marks::shown;
use crate::text::is_word;

/// Whether a word begins or ends between two characters.
fn is_boundary(before: Option<char>, after: Option<char>) -> bool {
    let is_word = |side: Option<char>| side.is_some_and(|it| is_word(shown(it)));
    is_word(before) != is_word(after)
}

fn boundary_at(text: &str, at: usize) -> bool {
    is_boundary(text[..at].chars().next_back(), text[at..].chars().next())
}

fn is_alphanumeric(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

/// Whether `name`, which may contain stand-ins, is valid as a user's name.
pub fn is_user(name: &str, forge: ProviderKind) -> bool {
    let count = name.chars().count();
    let (first, last) = (name.chars().next(), name.chars().next_back());
    let all = |fits: fn(char) -> bool| name.chars().all(|it| fits(shown(it)));
    let is = |side: Option<char>, fits: fn(char) -> bool| side.is_some_and(|it| fits(shown(it)));
    match forge {
        ProviderKind::Github => {
            (1..=39).contains(&count)
                && all(|it| is_alphanumeric(it) || matches!(it, '-' | '_'))
                && is(first, is_alphanumeric)
                && is(last, is_alphanumeric)
        }
        ProviderKind::Gitlab => {
            (1..=39).contains(&count)
                && all(|it| is_alphanumeric(it) || matches!(it, '-' | '_' | '.'))
                && is(first, |it| it != '-')
                && (count == 1 || is(last, |it| it != '.'))
        }
        ProviderKind::Bitbucket => {
            (1..=39).contains(&count) && all(|it| is_alphanumeric(it) || matches!(it, '-' | '_'))
        }
        ProviderKind::Social => (1..=15).contains(&count) && all(is_word),
    }
}

fn is_name_part(character: char) -> bool {
    let character = shown(character);
    is_word(character) || matches!(character, '-' | '.')
}

/// The length of the longest name at the start of `text` that has at most `most`
/// characters and ends at a word boundary.
fn longest(text: &str, most: usize, fits: impl Fn(&str) -> bool) -> usize {
    let ends: Vec<usize> = text
        .char_indices()
        .take_while(|(_, it)| is_name_part(*it))
        .map(|(at, it)| at + it.len_utf8())
        .take(most)
        .collect();
    let is_end = |end: &&usize| boundary_at(text, **end) && fits(&text[..**end]);
    ends.iter().rev().find(is_end).copied().unwrap_or(0)
}

/// Whether `name`, which may contain stand-ins, is valid as a repository's name.
fn is_repository(name: &str) -> bool {
    let is_part = |it: char| is_alphanumeric(it) || matches!(it, '-' | '_' | '.');
    name.chars().all(|it| is_part(shown(it))) && name.ends_with(is_alphanumeric)
}

/// Title and classes of a link.
pub fn kind_of(
    options: &Magiclink,
    provider: &Provider,
    class: &str,
    what: &str,
    name: &str,
) -> Kind {
    let (word, default) = match what {
        "Pull Request" => ("pull", what),
        // Misspelled in the extension too.
        "User" => ("metion", what),
        what => (
            match what {
                "Issue" => "issue",
                "Discussion" => "discuss",
                "Commit" => "commit",
                "Compare" => "compare",
                _ => "repository",
            },
            what,
        ),
    };
    Kind {
        title: format!(
            "{} {}: {name}",
            provider.label,
            options.label(word, default)
        ),
        class: format!("magiclink magiclink-{} magiclink-{class}", provider.name),
    }
}

/// The provider that is named before a colon, and the length of that.
fn named<'o>(text: &str, options: &'o Magiclink) -> Option<(&'o Provider, usize)> {
    let is_named = |name: &str| {
        let behind = text.strip_prefix(name);
        behind.is_some_and(|behind| behind.starts_with(':'))
    };
    let mut providers = options.providers.iter();
    let provider = providers.find(|it| is_named(&it.name))?;
    let name = &provider.name;
    let is_on = match provider.forge {
        ProviderKind::Social => options.social,
        _ => options.shorthand,
    };
    is_on.then_some((provider, name.len() + 1))
}

/// `@user` and `@user/repository` at byte `at`.
pub fn mention(
    text: &str,
    at: usize,
    before: Option<char>,
    options: &Magiclink,
) -> Option<FoundLink> {
    if !(options.shorthand || options.social)
        || before.is_some_and(|before| before.is_ascii_alphabetic())
    {
        return None;
    }
    let rest = &text[at + 1..];
    let (provider, offset) = named(rest, options).unwrap_or((options.provider(), 0));
    let name = &rest[offset..];
    let length = longest(name, 39, |name| is_user(name, provider.forge));
    if length == 0 {
        return None;
    }
    let user = plain(&name[..length]);
    let end = at + 1 + offset + length;
    let url = &provider.url;
    let has_repositories = options.shorthand && provider.forge != ProviderKind::Social;
    if has_repositories && let Some(after) = text[end..].strip_prefix('/') {
        let length = longest(after, 100, is_repository);
        if length > 0 {
            let name = format!("{user}/{}", plain(&after[..length]));
            let kind = kind_of(options, provider, "repository", "Repository", &name);
            return Some(FoundLink {
                start: at,
                end: end + 1 + length,
                url: format!("{url}/{name}"),
                text: name,
                kind: Some(kind),
            });
        }
    }
    let kind = kind_of(options, provider, "mention", "User", &user);
    Some(FoundLink {
        start: at,
        end,
        url: format!("{url}/{user}"),
        text: format!("@{user}"),
        kind: Some(kind),
    })
}

/// The repository that a reference is about.
struct Owner<'o> {
    provider: &'o Provider,
    user: String,
    repository: String,
    /// Where the reference begins.
    start: usize,
}

/// The `user/repository` before byte `at`. Missing parts are the default ones.
fn owner<'o>(text: &str, at: usize, options: &'o Magiclink) -> Option<Owner<'o>> {
    let own = options.provider();
    let back = |end: usize, most: usize, is_part: fn(char) -> bool| {
        let part = text[..end]
            .chars()
            .rev()
            .take_while(|it| is_part(shown(*it)));
        end - part.take(most).map(char::len_utf8).sum::<usize>()
    };
    let is_repository_part = |it: char| is_alphanumeric(it) || matches!(it, '-' | '_' | '.');
    let mut start = back(at, 100, is_repository_part);
    if start == at || !text[..at].ends_with(is_alphanumeric) {
        let known = !options.user.is_empty() && !options.repo.is_empty();
        return known.then(|| Owner {
            provider: own,
            user: options.user.clone(),
            repository: options.repo.clone(),
            start: at,
        });
    }
    if let Some(outer) = text[..start].strip_suffix('/') {
        let first = back(outer.len(), 39, |it| is_word(it) || matches!(it, '-' | '.'));
        let starts = outer[first..]
            .char_indices()
            .map(|(offset, _)| first + offset);
        for user in starts {
            let before = outer[..user].trim_end_matches(':');
            let named = options.providers.iter().find(|provider| {
                before.len() + 1 == user && before.ends_with(provider.name.as_str())
            });
            let named = named.filter(|it| it.forge != ProviderKind::Social);
            let provider = named.unwrap_or(own);
            let begin = named.map_or(user, |named| before.len() - named.name.len());
            let is_apart = !outer[..begin].ends_with(['@', '/']) && boundary_at(text, begin);
            if is_apart && is_user(&outer[user..], provider.forge) {
                return Some(Owner {
                    provider,
                    user: plain(&outer[user..]),
                    repository: plain(&text[start..at]),
                    start: begin,
                });
            }
        }
    }
    if text[..start].ends_with(['@', '/']) {
        start += 1;
    }
    let is_known = !options.user.is_empty() && start < at;
    is_known.then(|| Owner {
        provider: own,
        user: options.user.clone(),
        repository: plain(&text[start..at]),
        start,
    })
}

impl Owner<'_> {
    /// The text of a reference to `what` in this repository, without the names
    /// that are the default ones.
    fn shown(&self, what: &str, mark: &str, options: &Magiclink) -> String {
        let is_own = self.user == options.user && self.provider.name == options.provider().name;
        if !is_own {
            format!("{}/{}{mark}{what}", self.user, self.repository)
        } else if self.repository == options.repo {
            what.to_owned()
        } else {
            format!("{}{mark}{what}", self.repository)
        }
    }
}

/// `#1`, `repository!2` and the like, whose mark is at byte `at`.
pub fn issue(
    text: &str,
    at: usize,
    before: Option<char>,
    options: &Magiclink,
) -> Option<FoundLink> {
    let digits = text[at + 1..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let end = at + 1 + digits;
    let number = &text[at + 1..end];
    let goes_on = text[end..].starts_with(|it: char| is_word(shown(it)));
    if digits == 0 || number.starts_with('0') || goes_on {
        return None;
    }
    if options.provider().forge == ProviderKind::Social {
        return None;
    }
    let owner = owner(text, at, options)?;
    if owner.start == at && before.is_some_and(|before| before.is_ascii_alphabetic()) {
        return None;
    }
    let provider = owner.provider;
    let (path, class, what) = match (&text[at..=at], provider.forge) {
        ("#", ProviderKind::Gitlab) => ("-/issues", "issue", "Issue"),
        ("#", _) => ("issues", "issue", "Issue"),
        ("!", ProviderKind::Gitlab) => ("-/merge_requests", "pull", "Pull Request"),
        ("!", ProviderKind::Bitbucket) => ("pull-requests", "pull", "Pull Request"),
        ("!", _) => ("pull", "pull", "Pull Request"),
        (_, ProviderKind::Github) => ("discussions", "discussion", "Discussion"),
        _ => return None,
    };
    let symbol = if options.normalize {
        "#"
    } else {
        &text[at..=at]
    };
    let name = format!("{}/{}", owner.user, owner.repository);
    let title = format!("{name} #{number}");
    Some(FoundLink {
        start: owner.start,
        end,
        url: format!("{}/{name}/{path}/{number}", provider.url),
        text: owner.shown(&format!("{symbol}{number}"), "", options),
        kind: Some(kind_of(options, provider, class, what, &title)),
    })
}

/// How many characters of a hash are shown.
pub fn hash_size(forge: ProviderKind) -> usize {
    if forge == ProviderKind::Gitlab { 8 } else { 7 }
}

fn is_hash(text: &str) -> bool {
    let is_part = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() >= 40 && text.bytes().take(40).all(is_part)
}

/// A commit's hash at byte `at`, or what changed between two.
pub fn commit(
    text: &str,
    at: usize,
    before: Option<char>,
    options: &Magiclink,
) -> Option<FoundLink> {
    let is_inside = before.is_some_and(|before| is_word(shown(before)) || before == '/');
    if is_inside || !is_hash(&text[at..]) || options.provider().forge == ProviderKind::Social {
        return None;
    }
    let mut end = at + 40;
    let hash = &text[at..end];
    let other = match text[end..].strip_prefix("...") {
        Some(rest) if is_hash(rest) && boundary_at(text, end + 43) => Some(&rest[..40]),
        _ => None,
    };
    if other.is_some() {
        end += 43;
    } else if !boundary_at(text, end) {
        return None;
    }
    let anchor = if before == Some('@') { at - 1 } else { at };
    let owner = owner(text, anchor, options)?;
    if anchor < at && owner.start == anchor {
        return None;
    }
    let provider = owner.provider;
    let size = hash_size(provider.forge);
    let (short, path, class, what) = match other {
        None => {
            let path = match provider.forge {
                ProviderKind::Gitlab => format!("-/commit/{hash}"),
                ProviderKind::Bitbucket => format!("commits/commit/{hash}"),
                _ => format!("commit/{hash}"),
            };
            (hash[..size].to_owned(), path, "commit", "Commit")
        }
        Some(other) => {
            let path = match provider.forge {
                ProviderKind::Gitlab => format!("-/compare/{hash}...{other}"),
                ProviderKind::Bitbucket => format!("branches/commits/{hash}..{other}#diff"),
                _ => format!("compare/{hash}...{other}"),
            };
            let short = format!("{}...{}", &hash[..size], &other[..size]);
            (short, path, "compare", "Compare")
        }
    };
    let name = format!("{}/{}", owner.user, owner.repository);
    Some(FoundLink {
        start: owner.start,
        end,
        url: format!("{}/{name}/{path}", provider.url),
        text: owner.shown(&short, "@", options),
        kind: Some(kind_of(
            options,
            provider,
            class,
            what,
            &format!("{name}@{short}"),
        )),
    })
}
