//! Fonts with variable weights, and what is not read of the plugin `social`.

use proofroom::files::SourcePath;

use super::Site;
use super::social::{Picture, bytes};

/// A font of our own whose letters are bars, as many units wide as their weight is.
const VARIABLE: &[u8] = include_bytes!("../../social/variable.ttf");

/// How many pixels wide a letter of this font is in a style.
fn width_of_bars(style: &str) -> usize {
    let layout = format!(
        "size: {{width: 400, height: 200}}\nlayers:\n  - background: {{color: white}}\n  \
         - size: {{width: 400, height: 200}}\n    typography:\n      content: A\n      color: black\n      \
         line: {{amount: 1, height: 1}}\n      font: {{family: Bars, style: {style}}}\n"
    );
    let site = Site::with(
        "site_url: https://s.example/\n\
         plugins: [social: {cache_dir: cache, cards_layout: bars}]\n",
        &[("docs/index.md", "# Home\n"), ("layouts/bars.yml", &layout)],
    );
    let font = SourcePath::new("cache/fonts/Bars/variable.ttf");
    site.files.write(&font, VARIABLE);
    assert_eq!(site.said(), [""; 0], "{style}");
    let picture = Picture::of(&bytes(&site, "assets/images/social/index.png").expect("a card"));
    let rows = picture.rows([0, 0, 400, 200]);
    let [_, _, left, right] = *rows.first().expect("a letter");
    right - left
}

#[test]
fn variable_fonts_are_set_to_the_weight_of_a_style() {
    let [thin, regular, bold, black] = ["Thin", "Regular", "Bold", "Black"].map(width_of_bars);
    let unit = black as f64 / 900.0;
    for (width, weight) in [(thin, 100.0), (regular, 400.0), (bold, 700.0)] {
        let wanted = weight * unit;
        let apart = (width as f64 - wanted).abs();
        assert!(apart <= 2.0, "{weight}: {width} pixels, not {wanted}");
    }
}

#[test]
fn a_second_instance_is_named() {
    let site = Site::with(
        "site_url: https://s.example/\nplugins:\n  - social: {cards: false}\n  - social\n",
        &[("docs/index.md", "# Home\n")],
    );
    let said = site.said();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("unsupported-option mkdocs.yml:"),
        "{said:?}"
    );
}
