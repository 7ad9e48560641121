use crate::yaml::{Node, Value};

/// Merges `over` onto `base` like MkDocs' `INHERIT` (`mergedeep.merge`):
/// mappings are merged key by key, anything else is replaced. The keys of
/// `base` keep their order and come first.
pub(super) fn merge(base: Node, over: Node) -> Node {
    let (Value::Mapping(mut entries), Value::Mapping(overrides)) = (base.value, over.value.clone())
    else {
        return over;
    };
    for (key, value) in overrides {
        match entries.iter_mut().find(|(base_key, _)| *base_key == key) {
            Some((_, slot)) => {
                let base = std::mem::replace(slot, Node::new(Value::Null, key.place.clone()));
                *slot = merge(base, value);
            }
            None => entries.push((key, value)),
        }
    }
    Node {
        value: Value::Mapping(entries),
        tag: None,
        place: over.place,
    }
}
