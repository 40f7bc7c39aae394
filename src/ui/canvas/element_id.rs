//! The ids of elements of the drawing.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;
use yew::AttrValue;

/// The id of the element of a node, an edge or a patch. Names may hold anything, ids may not, so it is a hash.
pub(super) fn element_id(prefix: &str, kind: &str, name: &str) -> AttrValue {
    let hash = FxBuildHasher.hash_one(name);
    AttrValue::from(format!("{prefix}-{kind}-{hash:x}"))
}
