//! A dialog: the browser's own, which keeps the focus inside and closes on Escape.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::ui::components::button::IconButton;
use crate::ui::components::icon::Icon;
use crate::ui::components::use_id;

#[derive(Properties, PartialEq)]
pub struct DialogProps {
    pub open: bool,
    pub title: AttrValue,
    /// The name of the cross.
    pub close_label: AttrValue,
    /// The person closed it, by the cross, Escape or a press beside it.
    pub onclose: Callback<()>,
    /// Buttons at its foot.
    #[prop_or_default]
    pub foot: Html,
    #[prop_or_default]
    pub children: Html,
}

/// A modal dialog.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    let title_id = use_id();
    {
        let dialog = dialog.clone();
        use_effect_with(props.open, move |&open| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else {
                return;
            };
            if open && !dialog.open() {
                // Refused only when the element has left the page; then there is nothing to show.
                let _ = dialog.show_modal();
            } else if !open && dialog.open() {
                dialog.close();
            }
        });
    }
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            onclose.emit(());
        })
    };
    let onpointerdown = {
        let (onclose, dialog) = (props.onclose.clone(), dialog.clone());
        Callback::from(move |event: PointerEvent| {
            // The dialog itself is hit only on its backdrop: its content fills it.
            if event.target() == dialog.get().map(Into::into) {
                onclose.emit(());
            }
        })
    };
    html! {
        <dialog ref={dialog} class="dialog" aria-labelledby={title_id.clone()} {oncancel} {onpointerdown}>
            if props.open {
                <div class="dialog-inside">
                    <header class="dialog-head">
                        <h2 id={title_id}>{ &props.title }</h2>
                        <IconButton
                            icon={Icon::Close} label={props.close_label.clone()}
                            onclick={props.onclose.reform(|_| ())}
                        />
                    </header>
                    <div class="dialog-body">{ props.children.clone() }</div>
                    <footer class="dialog-foot">{ props.foot.clone() }</footer>
                </div>
            }
        </dialog>
    }
}
