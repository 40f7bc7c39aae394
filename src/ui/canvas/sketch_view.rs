//! Notes and frames as they are drawn: frames behind everything, notes before it.

use yew::prelude::*;

use crate::ui::canvas::geometry::Rect;
use crate::ui::canvas::scene::{Text, Tone};
use crate::ui::canvas::sketch::{NOTE_LINE, Patch, PatchKind, note_lines};
use crate::ui::canvas::visible::visible;

#[derive(Properties, PartialEq)]
pub struct PatchViewProps {
    pub patch: Patch,
    pub rect: Rect,
    pub selected: bool,
    pub element_id: AttrValue,
    /// What stands in it when nothing was written.
    pub empty: Text,
}

/// A note or a frame.
#[component]
pub fn PatchView(props: &PatchViewProps) -> Html {
    let (patch, rect) = (&props.patch, props.rect);
    let (kind, lines) = match patch.kind {
        PatchKind::Note { .. } => ("patch-note", note_lines(&patch.text)),
        PatchKind::Frame { .. } => ("patch-frame", vec![patch.text.to_string()]),
    };
    let is_empty = patch.text.is_empty();
    let colour = match patch.tone {
        Tone::Colour(_) => patch.tone.suffix(),
        _ => "c7",
    };
    let class = classes!(
        "patch",
        kind,
        format!("tone-{colour}"),
        props.selected.then_some("is-selected"),
        is_empty.then_some("is-empty"),
    );
    let said = if is_empty { &props.empty } else { &patch.text };
    let lines = if is_empty {
        vec![props.empty.to_string()]
    } else {
        lines
    };
    let rows = lines.iter().enumerate().map(|(index, line)| {
        let y = rect.top + 20.0 + index as f64 * NOTE_LINE;
        html! { <text class="patch-text" x={(rect.left + 10.0).to_string()} y={y.to_string()}>{ visible(line) }</text> }
    });
    html! {
        <g {class} data-patch={AttrValue::from(patch.id.text())}>
            <g
                id={props.element_id.clone()} role="button" aria-label={AttrValue::from(Text::clone(said))}
                aria-pressed={if props.selected { "true" } else { "false" }}
            >
                <rect
                    class="patch-body" x={rect.left.to_string()} y={rect.top.to_string()}
                    width={rect.width().to_string()} height={rect.height().to_string()} rx="6"
                />
                if kind == "patch-frame" {
                    <rect
                        class="patch-head" x={rect.left.to_string()} y={rect.top.to_string()}
                        width={rect.width().to_string()} height="28" rx="6"
                    />
                }
            </g>
            <g aria-hidden="true">{ for rows }</g>
        </g>
    }
}
