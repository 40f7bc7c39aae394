//! Two panes with a border between them that can be moved, by pointer and by keys.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::ui::dom;

/// How the panes lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitDirection {
    /// Side by side; the border stands upright.
    Row,
    /// One above the other.
    Column,
}

#[derive(Properties, PartialEq)]
pub struct SplitProps {
    pub direction: SplitDirection,
    /// Name of the border, for readers.
    pub label: AttrValue,
    /// Which share the first pane has, in percent.
    pub share: u8,
    /// The least and the most it can have.
    #[prop_or((15, 85))]
    pub limits: (u8, u8),
    pub onresize: Callback<u8>,
    pub first: Html,
    pub second: Html,
}

/// Two panes.
#[component]
pub fn Split(props: &SplitProps) -> Html {
    let (around, border) = (use_node_ref(), use_node_ref());
    let dragging = use_state(|| false);
    {
        let around = around.clone();
        use_effect_with(props.share, move |share| {
            if let Some(around) = around.cast::<HtmlElement>() {
                dom::set_variable(&around, "--split", &format!("{share}%"));
            }
        });
    }
    let (direction, limits) = (props.direction, props.limits);
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
            let rect = around.get_bounding_client_rect();
            let part = match direction {
                SplitDirection::Row => (f64::from(event.client_x()) - rect.left()) / rect.width(),
                SplitDirection::Column => {
                    (f64::from(event.client_y()) - rect.top()) / rect.height()
                }
            };
            onresize.emit(((part * 100.0).round() as u8).clamp(limits.0, limits.1));
        })
    };
    let onpointerup = {
        let dragging = dragging.clone();
        Callback::from(move |_: PointerEvent| dragging.set(false))
    };
    let onkeydown = {
        let (share, onresize) = (props.share, props.onresize.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(share) = resized(&event.key(), share, limits) {
                event.prevent_default();
                onresize.emit(share);
            }
        })
    };
    let (class, orientation) = match direction {
        SplitDirection::Row => ("split split-row", "vertical"),
        SplitDirection::Column => ("split split-column", "horizontal"),
    };
    html! {
        <div ref={around} {class}>
            <div class="split-pane">{ props.first.clone() }</div>
            <div
                ref={border} class="split-border" role="separator" tabindex="0"
                aria-label={props.label.clone()} aria-orientation={orientation}
                aria-valuenow={props.share.to_string()}
                aria-valuemin={limits.0.to_string()} aria-valuemax={limits.1.to_string()}
                {onpointerdown} {onpointermove} onpointercancel={onpointerup.clone()} {onpointerup} {onkeydown}
            />
            <div class="split-pane">{ props.second.clone() }</div>
        </div>
    }
}

/// The share after a key.
fn resized(key: &str, share: u8, (least, most): (u8, u8)) -> Option<u8> {
    let share = match key {
        "ArrowLeft" | "ArrowUp" => share.saturating_sub(2),
        "ArrowRight" | "ArrowDown" => share.saturating_add(2),
        "Home" => least,
        "End" => most,
        _ => return None,
    };
    Some(share.clamp(least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_the_border_within_its_limits() {
        assert_eq!(resized("ArrowLeft", 16, (15, 85)), Some(15));
        assert_eq!(resized("End", 50, (15, 85)), Some(85));
        assert_eq!(resized("x", 50, (15, 85)), None);
    }
}
