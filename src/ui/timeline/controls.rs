//! The buttons that play a run.

use yew::prelude::*;

use crate::ordered::sort_by;
use crate::ui::canvas::scene::Text;
use crate::ui::components::{Choice, Icon, IconButton, Select};
use crate::ui::shared::Shared;

/// The speeds that are offered.
pub const SPEEDS: [f64; 7] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];

/// The words on the buttons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControlWords {
    /// Name of the group.
    pub label: Text,
    pub play: Text,
    pub pause: Text,
    pub step: Text,
    pub speed: Text,
    pub undo: Text,
    pub redo: Text,
    /// Why there is nothing to take back, to do again, to step to.
    pub nothing_to_undo: Text,
    pub nothing_to_redo: Text,
    pub nothing_to_step: Text,
}

#[derive(Properties, PartialEq)]
pub struct ControlsProps {
    pub words: Shared<ControlWords>,
    pub playing: bool,
    pub speed: f64,
    /// Where the run is, in words: `12.345 s`.
    pub position: AttrValue,
    pub can_step: bool,
    pub can_undo: bool,
    pub can_redo: bool,
    /// To play (true) or to pause.
    pub onplay: Callback<bool>,
    pub onstep: Callback<()>,
    pub onspeed: Callback<f64>,
    pub onundo: Callback<()>,
    pub onredo: Callback<()>,
}

/// The buttons that play a run.
#[component]
pub fn Controls(props: &ControlsProps) -> Html {
    let words = &props.words;
    let (icon, label) = if props.playing {
        (Icon::Pause, &words.pause)
    } else {
        (Icon::Play, &words.play)
    };
    let next = !props.playing;
    let onselect = {
        let onspeed = props.onspeed.clone();
        Callback::from(move |value: AttrValue| {
            if let Ok(speed) = value.parse() {
                onspeed.emit(speed);
            }
        })
    };
    let why_not = |can: bool, why: &Text| (!can).then(|| AttrValue::from(why.clone()));
    html! {
        <div class="controls" role="toolbar" aria-label={AttrValue::from(words.label.clone())}>
            <IconButton
                icon={Icon::Undo} label={AttrValue::from(words.undo.clone())}
                disabled={why_not(props.can_undo, &words.nothing_to_undo)} onclick={props.onundo.reform(|_| ())}
            />
            <IconButton
                icon={Icon::Redo} label={AttrValue::from(words.redo.clone())}
                disabled={why_not(props.can_redo, &words.nothing_to_redo)} onclick={props.onredo.reform(|_| ())}
            />
            <span class="controls-gap" />
            <IconButton
                class="controls-play" {icon} label={AttrValue::from(label.clone())} shortcut="Space"
                onclick={props.onplay.reform(move |_| next)}
            />
            <IconButton
                icon={Icon::Step} label={AttrValue::from(words.step.clone())}
                disabled={why_not(props.can_step, &words.nothing_to_step)} onclick={props.onstep.reform(|_| ())}
            />
            <Select
                bare=true label={AttrValue::from(words.speed.clone())} choices={choices(props.speed)}
                selected={AttrValue::from(speed_value(props.speed))}
                {onselect}
            />
            <output class="controls-position">{ &props.position }</output>
        </div>
    }
}

/// The speeds offered, and the one that holds if it is another.
fn choices(speed: f64) -> Vec<Choice> {
    let mut speeds: Vec<f64> = SPEEDS.to_vec();
    if !SPEEDS.contains(&speed) {
        speeds.push(speed);
        sort_by(&mut speeds, f64::total_cmp);
    }
    speeds
        .into_iter()
        .map(|speed| Choice::new(speed_value(speed), format!("{}×", speed_value(speed))))
        .collect()
}

fn speed_value(speed: f64) -> String {
    format!("{speed}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_that_is_not_offered_is_shown_in_its_place() {
        let labels: Vec<String> = choices(3.0)
            .iter()
            .map(|choice| choice.label.to_string())
            .collect();
        assert_eq!(
            labels,
            ["0.1×", "0.25×", "0.5×", "1×", "2×", "3×", "5×", "10×"]
        );
        assert_eq!(choices(1.0).len(), SPEEDS.len());
    }
}
