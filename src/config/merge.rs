use crate::yaml::{Node, Value};

/// Lays `over` on `base` as MkDocs' `INHERIT` does (`mergedeep.merge`):
/// mappings are merged key by key, anything else is replaced. The keys of
/// `base` keep their order and come first.
pub(super) fn merge(base: Node, over: Node) -> Node {
    let (Value::Mapping(mut entries), Value::Mapping(more)) = (base.value, over.value.clone())
    else {
        return over;
    };
    for (key, value) in more {
        match entries.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => {
                let below = std::mem::replace(known, Node::new(Value::Null, key.place.clone()));
                *known = merge(below, value);
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
