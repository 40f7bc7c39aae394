//! What a person prefers.

use crate::ui::choreography::Motion;
use crate::ui::text::Lang;

/// Day or night.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system or the page around it has it.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// The value of `data-theme` on the host; none for [`Theme::Auto`].
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Theme::Auto => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    /// The one a switch goes to next.
    pub const fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Dark,
            Theme::Dark => Theme::Light,
            Theme::Light => Theme::Auto,
        }
    }
}

/// What a person prefers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    pub theme: Theme,
    pub lang: Lang,
    pub motion: Motion,
}
