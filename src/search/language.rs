/// The default search settings for a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// The language of the stemmer.
    pub search: &'static str,
    /// What separates words, as a JavaScript regular expression.
    pub separator: &'static str,
    /// The pipeline function that is applied to each word.
    pub pipeline: &'static str,
}

const WORDS: &str = r"[\s\-]+";

/// The stemmer of each language, as in Material's `search.config.lang`.
const STEMMERS: [(&str, &str); 32] = [
    ("af", "nl"),
    ("be", "ru"),
    ("bg", "ru"),
    ("da", "da"),
    ("de", "de"),
    ("eo", "es"),
    ("es", "es"),
    ("fi", "fi"),
    ("fr", "fr"),
    ("gl", "es"),
    ("hi", "hi"),
    ("hu", "hu"),
    ("it", "it"),
    ("ja", "ja"),
    ("mk", "ru"),
    ("nb", "no"),
    ("nl", "nl"),
    ("nn", "no"),
    ("pt", "pt"),
    ("pt-BR", "pt"),
    ("ro", "ro"),
    ("ru", "ru"),
    ("sl", "sl"),
    ("sv", "sv"),
    ("th", "th"),
    ("tr", "tr"),
    ("uz", "tr"),
    ("vi", "vi"),
    ("zh", "en"),
    ("zh-Hant", "en"),
    ("zh-TW", "en"),
    ("en", "en"),
];

/// Languages without a stemmer or stop words (`search.config.pipeline`).
const PLAIN: [&str; 15] = [
    "ar", "bn", "fa", "he", "hy", "id", "ka", "ko", "ku-IQ", "lt", "my", "pl", "si", "ta", "ur",
];

/// The stemmers included in MkDocs' search plugin.
const KNOWN: [&str; 28] = [
    "ar", "da", "de", "du", "es", "fi", "fr", "hi", "hu", "hy", "it", "ja", "jp", "kn", "ko", "nl",
    "no", "pt", "ro", "ru", "sa", "sv", "ta", "te", "th", "tr", "vi", "zh",
];

/// Whether MkDocs' search supports a language.
fn is_stemmed(code: &str) -> bool {
    code == "en" || KNOWN.contains(&code)
}

impl Language {
    /// The settings for the theme's language.
    pub fn of(theme: &str) -> Self {
        let stemmer = STEMMERS.iter().find(|(code, _)| *code == theme);
        let (separator, pipeline) = match theme {
            "zh" | "zh-Hant" | "zh-TW" => (r"[\s\u200b\u3000\-、。，．？！；]+", "stemmer"),
            "ja" => ("[\\s\\-\u{3000}、。，．]+", "stemmer"),
            theme if PLAIN.contains(&theme) => (WORDS, " "),
            _ => (WORDS, "stopWordFilter"),
        };
        Self {
            search: stemmer.map_or("en", |(_, search)| search),
            separator,
            pipeline,
        }
    }
}

/// The configured languages, with those that have no stemmer replaced like in
/// MkDocs' `LangOption`.
pub(super) fn supported(languages: &[String]) -> Vec<String> {
    let mut supported = languages.to_vec();
    for language in languages.iter().filter(|language| *language != "en") {
        let stemmer = language.split('_').find_map(|part| {
            let part = part.to_lowercase();
            let part = if part == "uk" { "ru" } else { &part };
            KNOWN.iter().find(|known| **known == part).copied()
        });
        if stemmer == Some(language) {
            continue;
        }
        supported.retain(|it| it != language);
        let replacement = stemmer.unwrap_or("en");
        if stemmer.is_some() || !supported.iter().any(|it| it == "en") {
            supported.push(replacement.to_owned());
        }
    }
    supported
}

/// Adds those of `languages` that the search supports to the `known` ones.
pub fn know<'a>(known: &mut Vec<String>, languages: impl Iterator<Item = &'a str>) {
    for language in languages.filter(|language| is_stemmed(language)) {
        if !known.iter().any(|it| it == language) {
            known.push(language.to_owned());
        }
    }
}
