//! What is wrong with cards.

use std::sync::Arc;

use super::files::{LayoutName, image_file, layout_names, layout_text, read_layout, studio};
use super::{NAME, card, icon, options, page_card, rendered};
use crate::cards::{CardFault, Part, Proof, place_of};
use crate::config::{SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};
use crate::site::queries::settings::{plugin, plugin_names, site_url};
use crate::site::queries::views::page_text;
use crate::site::{Db, Entry};

/// The problems of the plugin, and of the layout of all pages that name none.
pub(in crate::site::queries) fn faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let Some((plugin, options)) = plugin(db, NAME).zip(options(db)) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    if plugin_names(db).iter().filter(|name| *name == NAME).count() > 1 {
        let message =
            format!("the plugin `{NAME}` is enabled several times, and only the first counts");
        let note = Diagnostic::note(Rule::UnsupportedOption, message);
        let note = note.help("pages choose other layouts with `social` in their front matter");
        faults.push(SettingDiagnostic::about(
            SettingRef::Plugin(NAME.to_owned()),
            note,
        ));
    }
    if site_url(db).is_none() {
        let message = "social cards are made, but no page names its card";
        let fault = Diagnostic::new(Rule::BadCard, message);
        faults.push(plugin.remark(fault.help("set `site_url`: the address of a card contains it")));
    }
    if options.debug {
        let message = "social cards have lines and a grid drawn over them in `serve`";
        let note = Diagnostic::note(Rule::BadCard, message);
        faults.push(plugin.remark(note.help("remove `debug` once the layout is right")));
    }
    let name = LayoutName::new(db, options.layout().to_owned());
    match read_layout(db, name) {
        Some(read) => {
            let read = read.diagnostics.iter().cloned();
            faults.extend(read.map(SettingDiagnostic::from));
        }
        None if options.cards => {
            let fault = missing_layout(db, options.layout());
            let subject = SettingRef::PluginText(NAME.to_owned(), options.cards_layout);
            faults.push(SettingDiagnostic::about(subject, fault));
        }
        None => {}
    }
    faults
}

fn missing_layout(db: &dyn Db, name: &str) -> Diagnostic {
    let folder = options(db).map_or_else(String::new, |options| options.cards_layout_dir);
    let fault = Diagnostic::new(Rule::BadCard, format!("there is no card layout `{name}`"));
    let names = layout_names(db);
    match Suggestions::default().suggest(name, names.iter().map(String::as_str)) {
        Some(near) => fault.did_you_mean(name, &near),
        None => fault.help(format!(
            "it is neither built in, nor is there a file `{folder}/{name}.yml`"
        )),
    }
}

/// The problems of the card of a page, apart from its tags.
#[salsa::tracked(returns(clone))]
pub(in crate::site::queries) fn of_page(db: &dyn Db, page: Entry) -> Arc<[Diagnostic]> {
    let Some(wanted) = page_card(db, page) else {
        return Arc::default();
    };
    let name = LayoutName::new(db, wanted.layout.clone());
    let mut faults = Vec::new();
    if wanted.is_own_layout {
        match read_layout(db, name) {
            Some(read) => faults.extend(read.diagnostics.iter().cloned()),
            None => {
                let fault = missing_layout(db, &wanted.layout);
                faults.push(fault.at(in_page(db, page, &wanted.layout)));
            }
        }
    }
    let Some((rendered, card)) = rendered(db, page).zip(card(db, page)) else {
        return faults.into();
    };
    let in_layout = |at: usize, part: Part| {
        let (path, text) = layout_text(db, name)?;
        place_of(&path, &text, Ok((at, part)))
    };
    let at = |fault: Diagnostic, place: Option<Span>| match place {
        Some(span) => fault.at(span),
        None => fault,
    };
    for (layer, part, error) in &rendered.faults {
        faults.push(at((**error).clone(), in_layout(*layer, *part)));
    }
    let source = page.path(db);
    for (layer, name) in card.images() {
        if image_file(db, name).is_none() {
            let message = format!("the image `{name}` of social cards does not exist");
            let fault = Diagnostic::new(Rule::BadCard, message)
                .help("give its path from the folder of the project");
            let place = named_in_page(db, page, name);
            faults.push(at(
                fault,
                place.or_else(|| in_layout(layer, Part::BackgroundImage)),
            ));
        }
    }
    for (layer, name) in card.icons() {
        if icon(db, name).is_none() {
            let message = format!("there is no icon `{name}` for social cards");
            let fault = Diagnostic::new(Rule::BadCard, message);
            let fault = match crate::icons::near_path(name) {
                Some(near) => fault.did_you_mean(name, &near).without_fix(),
                None => fault.help("name one by its path, such as `material/shield-lock`"),
            };
            let place = named_in_page(db, page, name);
            faults.push(at(fault, place.or_else(|| in_layout(layer, Part::Icon))));
        }
    }
    if let Some(studio) = studio(db) {
        for (layer, fault) in Proof::new(&card, &studio.0).faults() {
            faults.push(match fault {
                CardFault::BadColour(part, written) => {
                    let message = format!("`{written}` is not a colour");
                    let fault = Diagnostic::new(Rule::BadCard, message)
                        .help("write a name or `#rrggbb`, with two more digits for its opacity");
                    at(fault, in_layout(layer, part))
                }
                CardFault::NoFont => Diagnostic::new(
                    Rule::MissingFont,
                    "social cards have no text: there are no fonts on this machine",
                )
                .help(FONTS),
                CardFault::MissingFamily { family, substitute } => {
                    let message =
                        format!("cards are set in {substitute}: there is no font `{family}` here");
                    let fault = Diagnostic::new(Rule::MissingFont, message).help(FONTS);
                    at(fault, in_layout(layer, Part::Family))
                }
                CardFault::MissingGlyph(character) => {
                    let code = u32::from(character);
                    let message = format!(
                        "no font here has `{character}` (U+{code:04X}) for the card of `{source}`"
                    );
                    let fault = Diagnostic::new(Rule::MissingFont, message).help(FONTS);
                    fault.at(in_page(db, page, &character.to_string()))
                }
            });
        }
    }
    faults.into()
}

/// What to do about a font that is missing.
const FONTS: &str = "install the font, or put its files into the folder of `[cards] fonts` in \
                     proofroom.toml";

/// The problems of the tags of a page.
pub(super) fn of_tags(
    db: &dyn Db,
    page: Entry,
    wrong: Vec<(String, Box<Diagnostic>)>,
) -> Vec<Diagnostic> {
    let name = page_card(db, page).map(|card| LayoutName::new(db, card.layout.clone()));
    let layout = name.and_then(|name| layout_text(db, name));
    let located = wrong.into_iter().map(|(tag, fault)| {
        let place = layout
            .as_ref()
            .and_then(|(path, text)| place_of(path, text, Err(&tag)));
        match place {
            Some(span) => fault.at(span),
            None => *fault,
        }
    });
    located.collect()
}

/// Where a page names something; its first line if it does not.
fn in_page(db: &dyn Db, page: Entry, name: &str) -> Span {
    named_in_page(db, page, name).unwrap_or_else(|| {
        let text = page_text(db, page).readable().unwrap_or_default();
        Span::line(&page.path(db), &text, 1)
    })
}

/// Where a page names a file or an icon, or has a character.
fn named_in_page(db: &dyn Db, page: Entry, name: &str) -> Option<Span> {
    let text = page_text(db, page).readable()?;
    let last = name.rsplit('/').next().unwrap_or(name);
    let found = [name, last]
        .into_iter()
        .find_map(|it| Some((text.find(it)?, it.len())));
    let (at, length) = found.filter(|(_, length)| *length > 0)?;
    Some(Span::bytes(&page.path(db), &text, at, length))
}
