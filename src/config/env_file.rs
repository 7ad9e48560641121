/// Reads a file of `KEY=value` lines, as `source` of a shell or a `.env`
/// loader would, without running anything: `export` may stand before the key,
/// one pair of quotes round the value goes away, and backslashes stay.
pub fn parse_env_file(text: &str) -> Vec<(String, String)> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .filter_map(line)
        .collect()
}

fn line(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let line = match line.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => line,
    };
    let (key, value) = line.split_once('=')?;
    let key = key.trim_end();
    let is_name = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !is_name || key.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let value = value.trim_start();
    let quoted = ['"', '\''].into_iter().find_map(|quote| {
        let rest = value.strip_prefix(quote)?;
        rest.find(quote).map(|end| &rest[..end])
    });
    let value = quoted.unwrap_or_else(|| {
        // Behind an unquoted value a comment needs a blank before it.
        let comment = value
            .match_indices('#')
            .find(|(at, _)| value[..*at].is_empty() || value[..*at].ends_with([' ', '\t']));
        comment.map_or(value, |(at, _)| &value[..at]).trim_end()
    });
    Some((key.to_owned(), value.to_owned()))
}
