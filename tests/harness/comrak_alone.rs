//! Comrak's own way from text to HTML, which ours is measured against.

/// Comrak's options for what most pages use.
pub fn options() -> comrak::Options<'static> {
    let mut options = comrak::Options::default();
    let extension = &mut options.extension;
    extension.table = true;
    extension.footnotes = true;
    extension.strikethrough = true;
    extension.subscript = true;
    extension.superscript = true;
    extension.tasklist = true;
    extension.description_lists = true;
    extension.highlight = true;
    extension.math_dollars = true;
    extension.cjk_friendly_emphasis = true;
    extension.header_id_prefix = Some(String::new());
    options.render.r#unsafe = true;
    options
}
