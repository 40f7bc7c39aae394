//! Small drawings on a grid of 16.

use yew::prelude::*;

/// A drawing for a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    Step,
    Back,
    ToStart,
    ToEnd,
    Undo,
    Redo,
    Plus,
    Minus,
    Close,
    Fit,
    Arrange,
    Mark,
    Map,
    Memory,
    Menu,
    Trash,
    Link,
    Share,
    Light,
    Dark,
    Search,
    Help,
    Warning,
    Check,
    ChevronDown,
    ChevronUp,
    ChevronRight,
    Copy,
    Download,
    Upload,
    Language,
    Restart,
}

impl Icon {
    /// The strokes of the drawing as an SVG path.
    const fn path(self) -> &'static str {
        match self {
            Icon::Play => "M5 3.5v9l7-4.5z",
            Icon::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Icon::Step => "M4 3.5v9l6-4.5zM12 3.5v9",
            Icon::Back => "M12 3.5v9l-6-4.5zM4 3.5v9",
            Icon::ToStart => "M12.5 3.5 8.5 8l4 4.5M8 3.5 4 8l4 4.5M2.5 3.5v9",
            Icon::ToEnd => "M3.5 3.5 7.5 8l-4 4.5M8 3.5l4 4.5-4 4.5M13.5 3.5v9",
            Icon::Undo => "M6.5 3.5 3 7l3.5 3.5M3 7h6.5a3.5 3.5 0 0 1 0 7H7",
            Icon::Redo => "M9.5 3.5 13 7l-3.5 3.5M13 7H6.5a3.5 3.5 0 0 0 0 7H9",
            Icon::Plus => "M8 3v10M3 8h10",
            Icon::Minus => "M3 8h10",
            Icon::Close => "M4 4l8 8M12 4l-8 8",
            Icon::Fit => "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
            Icon::Arrange => {
                "M2.5 6.5h3v3h-3zM10.5 2.5h3v3h-3zM10.5 10.5h3v3h-3zM5.5 8h2.5V4h2.5M8 8v4h2.5"
            }
            Icon::Mark => {
                "M2.5 5.5v-3h3M8 2.5h2M13.5 5.5v-3h-1M2.5 8v2.5M5.5 13.5h-3v-1M7 7l6.5 2.5-2.8 1.2-1.2 2.8z"
            }
            Icon::Map => "M2.5 3.5h11v9h-11zM8 8h3.5v2.5H8z",
            Icon::Memory => {
                "M4.5 4.5h7v7h-7zM6.5 2.5v2M9.5 2.5v2M6.5 11.5v2M9.5 11.5v2M2.5 6.5h2M2.5 9.5h2M11.5 6.5h2M11.5 9.5h2"
            }
            Icon::Menu => "M3.5 8h.01M8 8h.01M12.5 8h.01",
            Icon::Trash => "M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9M7 7v4M9 7v4",
            Icon::Link => "M2.5 8a2 2 0 1 0 4 0 2 2 0 1 0-4 0M6.5 8H13M10.5 5.5 13 8l-2.5 2.5",
            Icon::Share => "M8 2.5V10M5 5.5l3-3 3 3M3.5 9v4.5h9V9",
            Icon::Light => {
                "M8 5a3 3 0 1 0 0 6 3 3 0 1 0 0-6M8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1"
            }
            Icon::Dark => "M12.5 9.5A5 5 0 0 1 6.5 3.5a5 5 0 1 0 6 6z",
            Icon::Search => "M7 3a4 4 0 1 0 0 8 4 4 0 1 0 0-8M10 10l3.5 3.5",
            Icon::Help => "M5.5 6a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .8-1 1.7M8 12.5h.01",
            Icon::Warning => "M8 2.5 14 13H2zM8 6.5v3M8 11.3h.01",
            Icon::Check => "M3 8.5 6.5 12 13 4.5",
            Icon::ChevronDown => "M4 6l4 4 4-4",
            Icon::ChevronUp => "M4 10l4-4 4 4",
            Icon::ChevronRight => "M6 4l4 4-4 4",
            Icon::Copy => "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
            Icon::Download => "M8 2.5V10M5 7l3 3 3-3M3 13.5h10",
            Icon::Upload => "M8 10V2.5M5 5.5l3-3 3 3M3 13.5h10",
            Icon::Language => {
                "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0M2.5 8h11M8 2.5c-3.5 3.5-3.5 7.5 0 11M8 2.5c3.5 3.5 3.5 7.5 0 11"
            }
            Icon::Restart => "M12.5 5.5A5.2 5.2 0 1 0 13.2 9M13 2.5v3.2H9.8",
        }
    }

    /// Whether the drawing is filled as well as stroked.
    const fn is_filled(self) -> bool {
        matches!(self, Icon::Play | Icon::Step | Icon::Back)
    }
}

#[derive(Properties, PartialEq)]
pub struct IconViewProps {
    pub icon: Icon,
}

/// Draws an icon; it says nothing to readers, the button around it does.
#[component]
pub fn IconView(props: &IconViewProps) -> Html {
    let class = classes!("icon", props.icon.is_filled().then_some("icon-filled"));
    html! {
        <svg {class} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d={props.icon.path()} />
        </svg>
    }
}
