//! A pane at the lower edge with a border above it that can be moved, by pointer and by keys.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::ui::dom;

#[derive(Properties, PartialEq)]
pub struct DrawerProps {
    /// Name of the border, for readers.
    pub label: AttrValue,
    /// The height in pixels, if a person chose one; else the style sheet's.
    pub height: Option<u16>,
    /// Only what stands in it by itself; there is no border to move.
    pub folded: bool,
    /// The least and the most it can have.
    #[prop_or((96, 640))]
    pub limits: (u16, u16),
    pub onresize: Callback<u16>,
    #[prop_or_default]
    pub children: Html,
}

/// A pane whose height can be changed.
#[component]
pub fn Drawer(props: &DrawerProps) -> Html {
    let (around, border) = (use_node_ref(), use_node_ref());
    let dragging = use_state(|| false);
    {
        let around = around.clone();
        use_effect_with(props.height, move |height| {
            if let (Some(around), Some(height)) = (around.cast::<HtmlElement>(), height) {
                dom::set_variable(&around, "--drawer", &format!("{height}px"));
            }
        });
    }
    let limits = props.limits;
    let onpointerdown = {
        let (border, dragging) = (border.clone(), dragging.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(border) = border.cast::<HtmlElement>() {
                // A pointer that is already gone cannot be captured; then there is no drag.
                dragging.set(border.set_pointer_capture(event.pointer_id()).is_ok());
                event.prevent_default();
            }
        })
    };
    let onpointermove = {
        let (around, onresize, active) = (around.clone(), props.onresize.clone(), *dragging);
        Callback::from(move |event: PointerEvent| {
            let Some(around) = around.cast::<HtmlElement>().filter(|_| active) else {
                return;
            };
            let height = around.get_bounding_client_rect().bottom() - f64::from(event.client_y());
            onresize.emit((height.round() as u16).clamp(limits.0, limits.1));
        })
    };
    let onpointerup = {
        let dragging = dragging.clone();
        Callback::from(move |_: PointerEvent| dragging.set(false))
    };
    let onkeydown = {
        let (around, onresize) = (around.clone(), props.onresize.clone());
        Callback::from(move |event: KeyboardEvent| {
            let now = around
                .cast::<HtmlElement>()
                .map_or(limits.0, |around| around.offset_height() as u16);
            if let Some(height) = resized(&event.key(), now, limits) {
                event.prevent_default();
                onresize.emit(height);
            }
        })
    };
    let now = props.height.map(|height| height.to_string());
    html! {
        <div ref={around} class={classes!("drawer", props.folded.then_some("drawer-folded"))} part="log">
            if !props.folded {
                <div
                    ref={border} class="drawer-border" role="separator" tabindex="0"
                    aria-label={props.label.clone()} aria-orientation="horizontal"
                    aria-valuenow={now.unwrap_or_else(|| limits.0.to_string())}
                    aria-valuemin={limits.0.to_string()} aria-valuemax={limits.1.to_string()}
                    {onpointerdown} {onpointermove} onpointercancel={onpointerup.clone()} {onpointerup} {onkeydown}
                />
            }
            { props.children.clone() }
        </div>
    }
}

/// How far one key moves the border, in pixels.
const KEY_STEP: u16 = 24;

/// The height after a key; the border stands above, so up is more.
fn resized(key: &str, height: u16, (least, most): (u16, u16)) -> Option<u16> {
    let height = match key {
        "ArrowUp" => height.saturating_add(KEY_STEP),
        "ArrowDown" => height.saturating_sub(KEY_STEP),
        "Home" => least,
        "End" => most,
        _ => return None,
    };
    Some(height.clamp(least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_is_higher_within_the_limits() {
        assert_eq!(resized("ArrowUp", 200, (96, 640)), Some(224));
        assert_eq!(resized("ArrowDown", 100, (96, 640)), Some(96));
        assert_eq!(resized("End", 100, (96, 640)), Some(640));
        assert_eq!(resized("x", 100, (96, 640)), None);
    }
}
