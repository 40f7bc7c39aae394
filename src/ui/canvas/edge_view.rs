//! One edge of the drawing, and the outline of a group.

use std::rc::Rc;

use yew::prelude::*;

use crate::ui::canvas::element_id::element_id;
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::outline::NAME_INDENT;
use crate::ui::canvas::route::Wire;
use crate::ui::canvas::scene::{Edge, EdgeKind, Emphasis, Group, Standing};
use crate::ui::canvas::visible::visible;
use crate::ui::shared::Shared;

#[derive(Clone, Properties, PartialEq)]
pub struct EdgeViewProps {
    pub edge: Shared<Edge>,
    pub wire: Shared<Wire>,
    /// Begins the id of its element.
    pub prefix: AttrValue,
    pub selected: bool,
    pub hovered: bool,
    pub lit: bool,
    /// Its arrow would be too small to be seen.
    pub is_far: bool,
    /// One of its ends is in the hand.
    #[prop_or_default]
    pub rewiring: bool,
}

/// Draws an edge. Its label is drawn by [`EdgeLabel`], above all edges.
#[component]
pub fn EdgeView(props: &EdgeViewProps) -> Html {
    let (edge, wire) = (&*props.edge, &*props.wire);
    let data = AttrValue::from(Rc::clone(&wire.data));
    html! {
        <g
            id={element_id(&props.prefix, "edge", edge.id.as_str())} class={classes(props)} data-edge={AttrValue::from(edge.id.text())}
            role="button" aria-label={accessible_name(edge)}
            aria-pressed={if props.selected { "true" } else { "false" }}
        >
            <path class="edge-hit" d={data.clone()} />
            <path class="edge-line" d={data} />
            if !props.is_far { <path class="edge-arrow" d={AttrValue::from(Rc::clone(&wire.arrow))} /> }
            if props.hovered || props.selected {
                if edge.hold.from { { grip("from", wire.curve.at(share_of_grip(wire))) } }
                if edge.hold.to { { grip("to", wire.curve.at(1.0 - share_of_grip(wire))) } }
            }
        </g>
    }
}

/// How far from its node an end is taken hold of: near it, and never both at one place.
fn share_of_grip(wire: &Wire) -> f64 {
    (18.0 / wire.curve.length().max(1.0)).min(0.3)
}

/// The place where an end is taken hold of: small to see, 24 pixels to hit.
fn grip(end: &'static str, at: Point) -> Html {
    html! {
        <g class="edge-grip" data-end={end} transform={format!("translate({:.1} {:.1})", at.x, at.y)}>
            <circle class="handle-hit" r="12" />
            <circle class="edge-grip-dot" r="5" />
        </g>
    }
}

/// What the painter says of it, or at least its ends.
fn accessible_name(edge: &Edge) -> AttrValue {
    if edge.describe.is_empty() {
        AttrValue::from(format!("{} → {}", edge.from, edge.to))
    } else {
        AttrValue::from(Rc::clone(&edge.describe))
    }
}

/// Draws the label of an edge, and why nothing came through.
#[component]
pub fn EdgeLabel(props: &EdgeViewProps) -> Html {
    let (edge, wire) = (&*props.edge, &*props.wire);
    let reason = match &edge.emphasis {
        Emphasis::NotMatched(reason) => Some(reason),
        Emphasis::Normal | Emphasis::Matched | Emphasis::Dimmed => None,
    };
    if wire.label.is_none() && reason.is_none() {
        return Html::default();
    }
    let below = wire
        .label
        .as_ref()
        .map_or(wire.mark.y + 18.0, |label| label.rect.bottom + 12.0);
    let cross = format!("translate({:.1} {:.1})", wire.mark.x, wire.mark.y + 4.0);
    html! {
        <g class={classes(props)} data-edge={AttrValue::from(edge.id.text())} aria-hidden="true">
            if let Some(label) = &wire.label {
                { frame("edge-label-frame", label.rect) }
                <text class="edge-label" x={label.rect.center().x.to_string()} y={(label.rect.center().y + 4.0).to_string()}>
                    { &*label.text }
                    if label.text != edge.label { <title>{ visible(&edge.label) }</title> }
                </text>
            }
            if let Some(reason) = reason {
                <path class="edge-cross" transform={cross} d="M-5 -5l10 10m0 -10l-10 10" />
                <text class="edge-reason" x={wire.mark.x.to_string()} y={below.to_string()}>{ &**reason }</text>
            }
        </g>
    }
}

fn frame(class: &'static str, rect: Rect) -> Html {
    html! {
        <rect
            {class} x={rect.left.to_string()} y={rect.top.to_string()}
            width={rect.width().to_string()} height={rect.height().to_string()} rx="4"
        />
    }
}

fn classes(props: &EdgeViewProps) -> Classes {
    let edge = &props.edge;
    let emphasis = match edge.emphasis {
        Emphasis::Normal => None,
        Emphasis::Matched => Some("is-matched"),
        Emphasis::NotMatched(_) => Some("is-not-matched"),
        Emphasis::Dimmed => Some("is-dimmed"),
    };
    let standing = match edge.standing {
        Standing::Whole => None,
        Standing::Outline => Some("is-outline"),
        Standing::Struck => Some("is-struck"),
    };
    classes!(
        "edge",
        kind_class(edge.kind),
        format!("tone-{}", edge.tone.suffix()),
        emphasis,
        standing,
        props.selected.then_some("is-selected"),
        props.hovered.then_some("is-hovered"),
        props.lit.then_some("is-lit"),
        props.rewiring.then_some("is-rewiring"),
    )
}

/// The class of a kind of line; the legend uses it too.
pub(super) const fn kind_class(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Wire => "edge-wire",
        EdgeKind::Dashed => "edge-dashed",
        EdgeKind::Dotted => "edge-dotted",
        EdgeKind::Thin => "edge-thin",
    }
}

#[derive(Properties, PartialEq)]
pub struct OutlineViewProps {
    pub group: Shared<Group>,
    pub rect: Rect,
    pub selected: bool,
    pub lit: bool,
}

/// Draws the outline of a group with its name.
#[component]
pub fn OutlineView(props: &OutlineViewProps) -> Html {
    let (group, rect) = (&*props.group, props.rect);
    let class = classes!(
        "group",
        (group.standing == Standing::Struck).then_some("is-struck"),
        (group.standing == Standing::Outline).then_some("is-outline"),
        props.selected.then_some("is-selected"),
        props.lit.then_some("is-lit"),
    );
    html! {
        <g {class} data-group={AttrValue::from(group.id.text())}>
            { frame_of_group(rect) }
            <text class="group-name" x={(rect.left + NAME_INDENT).to_string()} y={(rect.top + 14.0).to_string()}>{ visible(&group.name) }</text>
            if !group.describe.is_empty() { <title>{ &*group.describe }</title> }
        </g>
    }
}

fn frame_of_group(rect: Rect) -> Html {
    html! {
        <rect
            class="group-frame" x={rect.left.to_string()} y={rect.top.to_string()}
            width={rect.width().to_string()} height={rect.height().to_string()} rx="10"
        />
    }
}
