//! Addresses of people, repositories, issues and commits, shown short.

use super::Kind;
use super::names::{hash_size, is_user, kind_of};
use crate::html::{Escape, unescape};
use crate::markdown::options::{Magiclink, Provider, ProviderKind};
use crate::markdown::tree::{Kind as Node, Tree};

/// Shortens the links of a page that show nothing but their address.
pub fn shorten(tree: &mut Tree, options: &Magiclink) {
    if !(options.shortener || options.social_shortener) {
        return;
    }
    for id in 0..tree.nodes.len() {
        let (Some(url), [only]) = (tree.attribute(id, "href"), tree.children(id)) else {
            continue;
        };
        if tree.tag(id) != "a" {
            continue;
        }
        let only = *only;
        let shown = match &tree.nodes[only].kind {
            Node::Text(text) => text.to_string(),
            Node::Raw(html) => unescape(html).into_owned(),
            _ => continue,
        };
        let is_address =
            shown == url || (options.hide_protocol && url.strip_prefix("https://") == Some(&shown));
        if !is_address {
            continue;
        }
        let Some((text, kind)) = short(url, options) else {
            continue;
        };
        let mut html = String::new();
        Escape::TEXT.append(&text, &mut html);
        tree.nodes[only].kind = Node::Raw(html.into());
        tree.set(id, "title", kind.title);
        tree.add_class(id, kind.class);
    }
}

/// The path behind a provider's host.
fn path<'t>(url: &'t str, provider: &Provider) -> Option<&'t str> {
    let (scheme, host) = provider.url.split_once("//")?;
    let strip = |text: &'t str, start: &str| {
        let head = text.get(..start.len())?;
        head.eq_ignore_ascii_case(start)
            .then(|| &text[start.len()..])
    };
    let rest = strip(strip(url, scheme)?, "//")?;
    let bare = match strip(rest, "www.") {
        Some(bare) if provider.with_www => bare,
        _ => rest,
    };
    strip(bare, host)?.strip_prefix('/')
}

/// What an address is shortened to.
pub fn short(url: &str, options: &Magiclink) -> Option<(String, Kind)> {
    options.providers.iter().find_map(|provider| {
        let path = path(url, provider)?;
        match provider.forge {
            ProviderKind::Social => social(path, provider, options),
            _ => page(path, provider, options).or_else(|| repository(path, provider, options)),
        }
    })
}

fn is_excluded(user: &str, provider: &Provider) -> bool {
    provider.excluded.contains(&user.to_lowercase())
}

fn social(path: &str, provider: &Provider, options: &Magiclink) -> Option<(String, Kind)> {
    let user = path.strip_suffix('/').unwrap_or(path);
    let fits =
        options.social_shortener && is_user(user, provider.forge) && !is_excluded(user, provider);
    fits.then(|| {
        (
            format!("@{user}"),
            kind_of(options, provider, "mention", "User", user),
        )
    })
}

/// The address of somebody, or of a repository.
fn repository(path: &str, provider: &Provider, options: &Magiclink) -> Option<(String, Kind)> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let (user, repository) = match path.split_once('/') {
        Some((user, repository)) => (user, Some(repository)),
        None => (path, None),
    };
    let is_plain = repository.is_none_or(|it| !it.is_empty() && !it.contains('/'));
    if !options.shortener
        || !is_plain
        || !is_user(user, provider.forge)
        || is_excluded(user, provider)
    {
        return None;
    }
    Some(match repository {
        None => (
            format!("@{user}"),
            kind_of(options, provider, "mention", "User", user),
        ),
        Some(_) => (
            path.to_owned(),
            kind_of(options, provider, "repository", "Repository", path),
        ),
    })
}

/// The address of an issue, a commit or the like in a repository.
fn page(path: &str, provider: &Provider, options: &Magiclink) -> Option<(String, Kind)> {
    let trimmed = path.strip_suffix('/').unwrap_or(path);
    let trimmed = trimmed.strip_suffix('/').unwrap_or(trimmed);
    let mut parts: Vec<&str> = trimmed.split('/').collect();
    if provider.forge == ProviderKind::Gitlab && parts.get(2) == Some(&"-") {
        parts.remove(2);
    }
    let [user, repository, rest @ ..] = &parts[..] else {
        return None;
    };
    if !options.shortener
        || repository.is_empty()
        || !is_user(user, provider.forge)
        || is_excluded(user, provider)
    {
        return None;
    }
    let least = hash_size(provider.forge);
    let is_hash = |text: &str| {
        (least..=40).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_hexdigit())
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let name = format!("{user}/{repository}");
    let has_own = !options.user.is_empty() && !options.repo.is_empty();
    let is_own = has_own && *user == options.user && provider.name == options.provider().name;
    let shown = |what: &str, mark: &str| {
        if !is_own {
            format!("{name}{mark}{what}")
        } else if *repository == options.repo {
            what.to_owned()
        } else {
            format!("{repository}{mark}{what}")
        }
    };
    let numbered = |symbol: &str, number: &str, class: &str, what: &str| {
        let symbol = if options.normalize { "#" } else { symbol };
        let kind = kind_of(options, provider, class, what, &format!("{name} #{number}"));
        (shown(&format!("{symbol}{number}"), ""), kind)
    };
    let hashed = |short: String, class: &str, what: &str| {
        let kind = kind_of(options, provider, class, what, &format!("{name}@{short}"));
        (shown(&short, "@"), kind)
    };
    let between = |range: &str, mark: &str| {
        let (first, second) = range.split_once(mark)?;
        let short = format!("{}...{}", first.get(..least)?, second.get(..least)?);
        (is_hash(first) && is_hash(second)).then_some(short)
    };
    let bitbucket = provider.forge == ProviderKind::Bitbucket;
    match rest {
        ["issues", number, title @ ..] if is_number(number) => {
            let fits = title.is_empty() || (bitbucket && title.len() == 1);
            fits.then(|| numbered("#", number, "issue", "Issue"))
        }
        ["pull", number] if provider.forge == ProviderKind::Github && is_number(number) => {
            Some(numbered("!", number, "pull", "Pull Request"))
        }
        ["discussions", number] if provider.forge == ProviderKind::Github && is_number(number) => {
            Some(numbered("?", number, "discussion", "Discussion"))
        }
        ["merge_requests", number]
            if provider.forge == ProviderKind::Gitlab && is_number(number) =>
        {
            Some(numbered("!", number, "pull", "Pull Request"))
        }
        ["pull-requests", number]
        | ["pull-requests", number, _]
        | ["pull-requests", number, _, "diff"]
            if bitbucket && is_number(number) =>
        {
            Some(numbered("!", number, "pull", "Pull Request"))
        }
        ["commit", hash] if !bitbucket && is_hash(hash) => {
            Some(hashed(hash[..least].to_owned(), "commit", "Commit"))
        }
        ["commits", "commit", hash] if bitbucket && is_hash(hash) => {
            Some(hashed(hash[..least].to_owned(), "commit", "Commit"))
        }
        ["compare", range] if !bitbucket => {
            Some(hashed(between(range, "...")?, "compare", "Compare"))
        }
        ["branches", "commits", range] if bitbucket => {
            let range = range.strip_suffix("#diff")?;
            let short = between(range, "..").or_else(|| between(range, "%0d"))?;
            Some(hashed(short, "compare", "Compare"))
        }
        _ => None,
    }
}
