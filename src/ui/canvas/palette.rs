//! The colours of still pictures, which have no style sheet.

use crate::ui::canvas::scene::Tone;

/// The colours of day or night; a test compares them with `www/tokens.css`.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    pub paper: &'static str,
    pub surface: &'static str,
    pub sunken: &'static str,
    pub ink: &'static str,
    pub muted: &'static str,
    pub lines: &'static str,
    pub accent: &'static str,
    pub warning: &'static str,
    pub error: &'static str,
    pub success: &'static str,
    pub colours: [&'static str; 8],
}

pub const DAY: Palette = Palette {
    paper: "#fbfaf7",
    surface: "#ffffff",
    sunken: "#f3f1ea",
    ink: "#1c2430",
    muted: "#59616d",
    lines: "#c9c4b8",
    accent: "#2563eb",
    warning: "#875a00",
    error: "#b42318",
    success: "#14743a",
    colours: [
        "#0f66b3", "#ad4e08", "#0b735a", "#973a8a", "#746000", "#4b4fc4", "#b3263e", "#4d5a68",
    ],
};

pub const NIGHT: Palette = Palette {
    paper: "#11161d",
    surface: "#18202a",
    sunken: "#0c1016",
    ink: "#e6e3dc",
    muted: "#a0a8b2",
    lines: "#38424f",
    accent: "#7aa2ff",
    warning: "#f0b849",
    error: "#ff8f85",
    success: "#5fd38a",
    colours: [
        "#6cb6ff", "#ff9e57", "#4fd1a5", "#e59ae0", "#e3c84b", "#a5a8ff", "#ff8a97", "#b4c0cc",
    ],
};

impl Palette {
    pub(super) fn tone(&self, tone: Tone) -> &'static str {
        match tone {
            Tone::Ink => self.ink,
            Tone::Muted => self.muted,
            Tone::Accent => self.accent,
            Tone::Warning => self.warning,
            Tone::Error => self.error,
            Tone::Success => self.success,
            Tone::Colour(n) => self.colours[usize::from(n) % self.colours.len()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_those_of_the_page() {
        let css = include_str!("../../../www/tokens.css");
        let of = |palette: &Palette| {
            let named = [
                ("paper", palette.paper),
                ("surface", palette.surface),
                ("sunken", palette.sunken),
                ("ink", palette.ink),
                ("muted", palette.muted),
                ("lines", palette.lines),
                ("accent", palette.accent),
                ("warning", palette.warning),
                ("error", palette.error),
                ("success", palette.success),
            ];
            let colours = palette.colours.iter().enumerate();
            let colours = colours.map(|(n, colour)| format!("--mq-c{n}: {colour};"));
            let named = named.map(|(name, colour)| format!("--mq-{name}: {colour};"));
            named.into_iter().chain(colours).collect::<Vec<_>>()
        };
        for token in of(&DAY).into_iter().chain(of(&NIGHT)) {
            assert!(css.contains(&token), "{token} is not in tokens.css");
        }
    }
}
