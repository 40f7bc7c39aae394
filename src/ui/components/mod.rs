//! The parts every panel is built from. They know forms and tabs, not what is in them; every word comes by props.

mod announcer;
mod button;
mod checkbox;
mod context_menu;
mod dialog;
mod drawer;
mod field;
mod fold;
mod help;
mod icon;
mod id;
mod menu;
mod notices;
mod rows_editor;
mod select;
mod split;
mod tabs;
mod text_field;

pub use announcer::Announcer;
pub use button::{Button, ButtonKind, IconButton};
pub use checkbox::Checkbox;
pub use context_menu::ContextMenu;
pub use dialog::Dialog;
pub use drawer::Drawer;
pub use fold::Fold;
pub use help::{Help, Note};
pub use icon::{Icon, IconView};
pub use id::{next_id, use_id};
pub use menu::Menu;
pub use notices::{Notice, NoticeId, Notices};
pub use rows_editor::{Row, RowError, RowHint, RowWords, RowsEditor};
pub use select::{Choice, Select};
pub use split::{Split, SplitDirection};
pub use tabs::{Tab, TabPanel, Tabs};
pub use text_field::{TextField, TextInput};
