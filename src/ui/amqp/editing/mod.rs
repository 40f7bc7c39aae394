//! Editing on the canvas: wiring, moving, renaming, copying and deleting, each said before it is done and one step of
//! undo, and the question "why?" without publishing.

pub mod asked;
pub mod hangs;
pub mod new_thing;
pub mod pieces;
pub mod rename;
pub mod what_if;
pub mod wire;
