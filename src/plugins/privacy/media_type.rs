/// The ending that the file of a download gets by its media type, if it does not have it yet.
const ENDINGS: [(&str, &str); 9] = [
    ("application/javascript", ".js"),
    ("image/avif", ".avif"),
    ("image/gif", ".gif"),
    ("image/jpeg", ".jpg"),
    ("image/png", ".png"),
    ("image/svg+xml", ".svg"),
    ("image/webp", ".webp"),
    ("text/css", ".css"),
    ("text/javascript", ".js"),
];

/// The ending, with its dot, of files of a media type as a server names it (`text/css;
/// charset=utf-8`); `None` if it adds none.
pub fn ending(media_type: &str) -> Option<&'static str> {
    let bare = media_type.split(';').next().unwrap_or_default().trim();
    let mut endings = ENDINGS.iter();
    let (_, ending) = endings.find(|(known, _)| bare.eq_ignore_ascii_case(known))?;
    Some(ending)
}
