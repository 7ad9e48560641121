use crate::html::{Token, tokens};

/// What a page says that is shown in another language, in the reader's own:
/// title and sentence, by language.
const WORDS: [(&str, &str, &str); 13] = [
    ("ar", "لم تُترجم هذه الصفحة بعد", "تُعرض هنا بلغتها الأصلية."),
    (
        "de",
        "Diese Seite ist noch nicht übersetzt",
        "Sie erscheint hier in ihrer ursprünglichen Sprache.",
    ),
    (
        "en",
        "This page is not translated yet",
        "It is shown in its original language.",
    ),
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

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 9] = ["ar", "dv", "fa", "he", "ku", "ps", "sd", "ur", "yi"];

fn primary(code: &str) -> &str {
    code.split(['-', '_']).next().unwrap_or_default()
}

/// A page of another language for readers of `code`: `html`, which is in the
/// language `original`, below a notice that says so.
pub fn not_translated(code: &str, original: &str, html: &str) -> String {
    let is = |wanted: &str| WORDS.iter().find(|(known, _, _)| *known == wanted);
    let traditional = ["zh-Hant", "zh-TW", "zh-HK"];
    let is_traditional = traditional.iter().any(|it| code.starts_with(it));
    let known = if is_traditional {
        is("zh-Hant")
    } else {
        is(primary(code))
    };
    let (language, title, sentence) = known.unwrap_or(&WORDS[2]);
    let direction = |code: &str| {
        if RIGHT_TO_LEFT.contains(&primary(code)) {
            "rtl"
        } else {
            "ltr"
        }
    };
    let (own, other) = (direction(language), direction(original));
    // Below the title, where there is one: readers look there first.
    let at = title_end(html).unwrap_or_default();
    let (head, rest) = html.split_at(at);
    format!(
        "<div lang=\"{original}\" dir=\"{other}\">\n{head}\n\
         <div class=\"admonition info\" lang=\"{language}\" dir=\"{own}\">\n\
         <p class=\"admonition-title\">{title}</p>\n<p>{sentence}</p>\n</div>{rest}\n</div>"
    )
}

/// Where the heading ends that a page begins with, if it begins with its title.
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
