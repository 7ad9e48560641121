//! `++ctrl+alt+del++`.

use super::super::lines::marks;
use super::super::render::escape_text;

/// Names of keys that are not their own capitalised word: (key, label).
const LABELS: [(&str, &str); 47] = [
    ("alt", "Alt"),
    ("arrow-down", "Down"),
    ("arrow-left", "Left"),
    ("arrow-right", "Right"),
    ("arrow-up", "Up"),
    ("backslash", "\\"),
    ("backspace", "Backspace"),
    ("bar", "|"),
    ("brace-left", "{"),
    ("brace-right", "}"),
    ("bracket-left", "["),
    ("bracket-right", "]"),
    ("caps-lock", "Caps Lock"),
    ("colon", ":"),
    ("comma", ","),
    ("command", "Cmd"),
    ("control", "Ctrl"),
    ("delete", "Del"),
    ("double-quote", "\""),
    ("end", "End"),
    ("enter", "Enter"),
    ("equal", "="),
    ("escape", "Esc"),
    ("exclam", "!"),
    ("fn", "Fn"),
    ("grave", "`"),
    ("home", "Home"),
    ("insert", "Ins"),
    ("meta", "Meta"),
    ("minus", "-"),
    ("num-lock", "Num Lock"),
    ("option", "Option"),
    ("page-down", "Page Down"),
    ("page-up", "Page Up"),
    ("period", "."),
    ("plus", "+"),
    ("print-screen", "Print Screen"),
    ("question", "?"),
    ("semicolon", ";"),
    ("shift", "Shift"),
    ("single-quote", "'"),
    ("slash", "/"),
    ("space", "Space"),
    ("tab", "Tab"),
    ("tilde", "~"),
    ("underscore", "_"),
    ("windows", "Win"),
];

/// Other names: (written, key).
const ALIASES: [(&str, &str); 28] = [
    ("bksp", "backspace"),
    ("cmd", "command"),
    ("ctrl", "control"),
    ("del", "delete"),
    ("down", "arrow-down"),
    ("esc", "escape"),
    ("ins", "insert"),
    ("left", "arrow-left"),
    ("opt", "option"),
    ("pg-dn", "page-down"),
    ("pg-up", "page-up"),
    ("prt-sc", "print-screen"),
    ("return", "enter"),
    ("right", "arrow-right"),
    ("spc", "space"),
    ("up", "arrow-up"),
    ("win", "windows"),
    ("dot", "period"),
    ("hyphen", "minus"),
    ("lbrace", "brace-left"),
    ("rbrace", "brace-right"),
    ("lbrack", "bracket-left"),
    ("rbrack", "bracket-right"),
    ("pipe", "bar"),
    ("exclamation", "exclam"),
    ("num", "num-lock"),
    ("cplk", "caps-lock"),
    ("lcmd", "left-command"),
];

/// A key's class and label.
fn key(name: &str) -> Option<(String, String)> {
    let name = ALIASES
        .iter()
        .find(|(alias, _)| *alias == name)
        .map_or(name, |(_, key)| key);
    if let Some((_, label)) = LABELS.iter().find(|(key, _)| *key == name) {
        return Some((name.to_owned(), (*label).to_owned()));
    }
    let is_function = name
        .strip_prefix('f')
        .and_then(|number| number.parse::<u8>().ok())
        .is_some_and(|number| (1..=24).contains(&number));
    let is_character = name.len() == 1 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_function || is_character).then(|| (name.to_lowercase(), name.to_uppercase()))
}

/// Reads the keys that `text` begins with: their HTML and length.
pub fn keys(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix("++")?;
    let mut html = String::new();
    let mut rest = inner;
    loop {
        if !html.is_empty() {
            html.push_str("<span>+</span>");
        }
        if let Some(quote) = rest
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))
        {
            let (label, behind) = rest[1..].split_once(quote)?;
            html.push_str("<kbd>");
            escape_text(label, &mut html);
            html.push_str("</kbd>");
            rest = behind;
        } else {
            let is_name = |character: char| {
                character.is_alphanumeric() || character == '-' || character == marks::UNDERSCORE
            };
            let end = rest.find(|character| !is_name(character))?;
            let (class, label) = key(&rest[..end].replace(marks::UNDERSCORE, "_"))?;
            html.push_str(&format!("<kbd class=\"key-{class}\">"));
            escape_text(&label, &mut html);
            html.push_str("</kbd>");
            rest = &rest[end..];
        }
        if let Some(behind) = rest.strip_prefix("++") {
            return Some((html, text.len() - behind.len()));
        }
        rest = rest.strip_prefix('+')?;
    }
}
