/// Parses a file of `KEY=value` lines like a shell's `source` or a `.env`
/// loader, but without running anything: `export` may precede the key, one pair
/// of quotes around the value is removed, and backslashes are kept.
pub fn parse_env_file(text: &str) -> Vec<(String, String)> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .filter_map(parse_line)
        .collect()
}

fn parse_line(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let line = match line.strip_prefix("export") {
        Some(assignment) if assignment.starts_with([' ', '\t']) => assignment.trim_start(),
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
        let (inside, _after) = value.strip_prefix(quote)?.split_once(quote)?;
        Some(inside)
    });
    let value = quoted.unwrap_or_else(|| {
        // After an unquoted value, a comment needs a blank before its `#`.
        let comment = value
            .match_indices('#')
            .find(|(at, _)| value[..*at].is_empty() || value[..*at].ends_with([' ', '\t']));
        comment.map_or(value, |(at, _)| &value[..at]).trim_end()
    });
    Some((key.to_owned(), value.to_owned()))
}
