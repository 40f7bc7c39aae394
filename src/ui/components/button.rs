//! Buttons with words, and buttons with a drawing and a name.

use yew::prelude::*;

use crate::ui::components::icon::{Icon, IconView};

/// How much a button wants to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    #[default]
    Plain,
    /// The one thing to do here.
    Primary,
    /// It destroys something.
    Danger,
    /// Just words, for places with many.
    Quiet,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            ButtonKind::Plain => "button-plain",
            ButtonKind::Primary => "button-primary",
            ButtonKind::Danger => "button-danger",
            ButtonKind::Quiet => "button-quiet",
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    /// Its words.
    pub label: AttrValue,
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub kind: ButtonKind,
    #[prop_or_default]
    pub icon: Option<Icon>,
    /// Why it cannot be pressed now; shown as its tooltip.
    #[prop_or_default]
    pub disabled: Option<AttrValue>,
    /// More words for the pointer.
    #[prop_or_default]
    pub title: Option<AttrValue>,
    /// Sends the form it stands in.
    #[prop_or_default]
    pub submits: bool,
}

/// A button with words.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let title = props.disabled.clone().or_else(|| props.title.clone());
    html! {
        <button
            class={classes!("button", props.kind.class())}
            type={if props.submits { "submit" } else { "button" }}
            {title}
            aria-disabled={props.disabled.is_some().then_some("true")}
            onclick={guarded(&props.onclick, props.disabled.is_some())}
        >
            if let Some(icon) = props.icon { <IconView {icon} /> }
            { &props.label }
        </button>
    }
}

#[derive(Properties, PartialEq)]
pub struct IconButtonProps {
    pub icon: Icon,
    /// Its name for readers and its tooltip.
    pub label: AttrValue,
    pub onclick: Callback<MouseEvent>,
    /// For a button that stays pressed: whether it is.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// Why it cannot be pressed now.
    #[prop_or_default]
    pub disabled: Option<AttrValue>,
    /// A key that does the same, as `aria-keyshortcuts` writes it.
    #[prop_or_default]
    pub shortcut: Option<AttrValue>,
    #[prop_or_default]
    pub class: Classes,
}

/// A button with a drawing and a name.
#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    let title = match (&props.disabled, &props.shortcut) {
        (Some(why), _) => why.clone(),
        (None, Some(key)) => AttrValue::from(format!("{} ({key})", props.label)),
        (None, None) => props.label.clone(),
    };
    let pressed = props.pressed.map(|on| if on { "true" } else { "false" });
    html! {
        <button
            class={classes!("button", "button-icon", props.class.clone())}
            type="button"
            {title}
            aria-label={props.label.clone()}
            aria-pressed={pressed}
            aria-disabled={props.disabled.is_some().then_some("true")}
            aria-keyshortcuts={props.shortcut.clone()}
            onclick={guarded(&props.onclick, props.disabled.is_some())}
        >
            <IconView icon={props.icon} />
        </button>
    }
}

/// A press on a button that cannot be pressed does nothing, but the button keeps its focus and its reason.
fn guarded(onclick: &Callback<MouseEvent>, disabled: bool) -> Callback<MouseEvent> {
    if disabled {
        Callback::from(|event: MouseEvent| event.prevent_default())
    } else {
        onclick.clone()
    }
}
