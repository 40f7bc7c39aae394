//! The panels of the page: forms, inspector, log, journey, table, and what surrounds them.

mod add_binding;
mod add_exchange;
mod add_program;
mod add_queue;
mod card;
mod commands;
mod dock;
mod frames;
mod inspect;
mod inspect_message;
mod inspect_program;
mod journey;
mod keys;
mod log;
mod palette;
mod parts;
mod publish;
mod restore;
mod share;
mod side;
mod table;
mod toolbar;

pub use add_binding::{WireDialog, kind_of};
pub use card::Card;
pub use commands::Commands;
pub use dock::{Dock, DockProps, DockTab};
pub use keys::Keys;
pub use palette::{Palette, sheet_of};
pub use restore::{Restore, use_saving};
pub use side::Side;
pub use table::TableView;
pub use toolbar::{Toolbar, ToolbarProps};
