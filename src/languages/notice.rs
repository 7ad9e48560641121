use crate::html::{Token, tokens};

/// The notice on pages that are not translated: title and sentence, by language.
const WORDS: [(&str, &str, &str); 13] = [
    ("ar", "لم تُترجم هذه الصفحة بعد", "تُعرض هنا بلغتها الأصلية."),
    (
        "de",
        "Diese Seite ist noch nicht übersetzt",
        "Sie erscheint hier in ihrer ursprünglichen Sprache.",
    ),
    ENGLISH,
    (
        "es",
        "Esta página aún no está traducida",
        "Se muestra en su idioma original.",
    ),
    (
        "fr",
        "Cette page n’est pas encore traduite",
        "Elle est affichée dans sa langue d’origine.",
    ),
    ("he", "הדף הזה עדיין לא תורגם", "הוא מוצג כאן בשפת המקור."),
    (
        "it",
        "Questa pagina non è ancora tradotta",
        "È mostrata nella lingua originale.",
    ),
    (
        "ja",
        "このページはまだ翻訳されていません",
        "原文のまま表示しています。",
    ),
    (
        "nl",
        "Deze pagina is nog niet vertaald",
        "Ze wordt in de oorspronkelijke taal getoond.",
    ),
    (
        "pt",
        "Esta página ainda não foi traduzida",
        "É mostrada no idioma original.",
    ),
    (
        "ru",
        "Эта страница ещё не переведена",
        "Она показана на языке оригинала.",
    ),
    ("zh", "本页尚未翻译", "此处显示原文。"),
    ("zh-Hant", "本頁尚未翻譯", "此處顯示原文。"),
];

/// The notice in all other languages.
const ENGLISH: (&str, &str, &str) = (
    "en",
    "This page is not translated yet",
    "It is shown in its original language.",
);

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 9] = ["ar", "dv", "fa", "he", "ku", "ps", "sd", "ur", "yi"];

fn primary(code: &str) -> &str {
    code.split_once(['-', '_'])
        .map_or(code, |(primary, _)| primary)
}

/// The direction of texts in a language, as the value of `dir`.
pub fn direction(code: &str) -> &'static str {
    if RIGHT_TO_LEFT.contains(&primary(code)) {
        "rtl"
    } else {
        "ltr"
    }
}

/// Adds a notice in the language `code` to a page's `html`, which is in the
/// language `original`.
pub fn not_translated(code: &str, original: &str, html: &str) -> String {
    let traditional = ["zh-Hant", "zh-TW", "zh-HK"];
    let key = if traditional.iter().any(|it| code.starts_with(it)) {
        "zh-Hant"
    } else {
        primary(code)
    };
    let words = WORDS.iter().find(|(language, _, _)| *language == key);
    let (language, title, sentence) = words.unwrap_or(&ENGLISH);
    let (notice_direction, page_direction) = (direction(language), direction(original));
    // Below the title, if there is one: readers look there first.
    let (head, rest) = html.split_at(title_end(html).unwrap_or(0));
    format!(
        "<div lang=\"{original}\" dir=\"{page_direction}\">\n{head}\n\
         <div class=\"admonition info\" lang=\"{language}\" dir=\"{notice_direction}\">\n\
         <p class=\"admonition-title\">{title}</p>\n<p>{sentence}</p>\n</div>{rest}\n</div>"
    )
}

/// Where the title ends, if the page begins with one.
fn title_end(html: &str) -> Option<usize> {
    let is_blank = |token: &Token| matches!(token, Token::Text(text) if text.trim().is_empty());
    let mut tokens = tokens(html);
    let (first, _) = tokens.find(|(token, _)| !is_blank(token))?;
    let Token::Start { name: "h1", .. } = first else {
        return None;
    };
    let (_, end) = tokens.find(|(token, _)| matches!(token, Token::End { name: "h1" }))?;
    Some(end.end)
}
