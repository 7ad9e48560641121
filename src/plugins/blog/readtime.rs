//! How long it takes to read a post.

use crate::html::{Token, VOID, tokens, unescape};
use crate::text::is_word;

/// Elements whose text is not read.
const SKIPPED: [&str; 4] = ["object", "script", "style", "svg"];

/// How many minutes it takes to read HTML: its words, and 12 seconds for the first image,
/// 11 for the second, and so on down to 3.
pub fn readtime(html: &str, words_per_minute: i64) -> i64 {
    let mut open: Vec<String> = Vec::new();
    let mut skipped = 0_usize;
    let (mut words, mut images) = (Words::default(), 0_i64);
    for (token, _) in tokens(html) {
        match token {
            Token::Start { name, closed, .. } => {
                let name = name.to_lowercase();
                images += i64::from(name == "img");
                if !closed && !VOID.contains(&name.as_str()) {
                    skipped += usize::from(SKIPPED.contains(&name.as_str()));
                    open.push(name);
                }
            }
            Token::End { name } => {
                let is_last = open.last().is_some_and(|it| it.eq_ignore_ascii_case(name));
                if let Some(name) = open.pop_if(|_| is_last) {
                    skipped -= usize::from(SKIPPED.contains(&name.as_str()));
                }
            }
            Token::Text(text) if skipped == 0 => words.add(&unescape(text)),
            Token::Text(_) | Token::Comment(_) | Token::Other(_) => {}
        }
    }
    let per_minute = words_per_minute.max(1);
    let seconds = (words.count() * 60 + per_minute - 1) / per_minute;
    let of_images: i64 = (0..images.min(10)).map(|nth| (12 - nth).max(3)).sum();
    let of_images = of_images + (images - 10).max(0) * 3;
    (seconds + of_images + 59) / 60
}

/// Counts the parts between runs of characters that are no letters or digits, as
/// Python's `re.split(r"\W+", text)` would find them.
#[derive(Default)]
struct Words {
    gaps: i64,
    is_in_gap: bool,
}

impl Words {
    fn add(&mut self, text: &str) {
        for character in text.chars() {
            let is_gap = !is_word(character);
            if is_gap && !self.is_in_gap {
                self.gaps += 1;
            }
            self.is_in_gap = is_gap;
        }
    }

    fn count(&self) -> i64 {
        self.gaps + 1
    }
}
