//! `legacy_attrs`: `{@name=value}` in a text sets an attribute.

use crate::markdown::tree::attributes::sanitized;
use crate::markdown::tree::{Attribute, Kind, Tree};

/// Sets the attributes that the texts of a page name, and takes them out of the
/// texts. One in the text after an element is that element's, as in the reference.
pub fn assign(tree: &mut Tree) {
    for id in tree.walk(Tree::ROOT) {
        if let Some((alt, list)) = tree.attribute(id, "alt").and_then(split) {
            tree.set(id, "alt", alt);
            tree.set_attributes(id, list);
        }
        let mut owner = id;
        for child in tree.children(id).to_vec() {
            if tree.is_element(child) {
                owner = child;
            }
            let Kind::Text(text) = &tree.nodes[child].kind else {
                continue;
            };
            if let Some((text, list)) = split(text) {
                tree.nodes[child].kind = Kind::Text(text.into());
                tree.set_attributes(owner, list);
            }
        }
    }
}

/// A text without its attributes, and these. `None` if there are none.
fn split<'a>(text: &str) -> Option<(String, Vec<Attribute<'a>>)> {
    let mut rest = text;
    let mut kept = String::new();
    let mut list: Vec<Attribute<'a>> = Vec::new();
    while let Some((before, behind)) = rest.split_once("{@") {
        let Some((inside, after)) = behind.split_once('}') else {
            break;
        };
        let Some((name, value)) = inside.rsplit_once('=') else {
            kept.push_str(before);
            kept.push_str("{@");
            rest = behind;
            continue;
        };
        kept.push_str(before);
        let name = sanitized(name).into_owned();
        list.push((name.into(), Some(value.replace('\n', " ").into())));
        rest = after;
    }
    if list.is_empty() {
        return None;
    }
    kept.push_str(rest);
    Some((kept, list))
}
