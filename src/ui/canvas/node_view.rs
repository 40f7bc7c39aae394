//! One node of the drawing.

use std::rc::Rc;

use yew::prelude::*;

use crate::ordered::Set;
use crate::ui::canvas::chunks::Detail;
use crate::ui::canvas::element_id::element_id;
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::item_view::{
    ItemLook, segment, segment_face, slot, slot_face, tube_bar, tube_number,
};
use crate::ui::canvas::layout::Flow;
use crate::ui::canvas::measure;
use crate::ui::canvas::pace::pace;
use crate::ui::canvas::scene::{ItemId, Node, Pace, Segment, Shape, Slot, Standing, Text, Tube};
use crate::ui::canvas::visible::visible;
use crate::ui::shared::Shared;

/// What a node is while an edge is being drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Candidate {
    /// No edge is being drawn.
    #[default]
    Idle,
    /// It starts here.
    Source,
    /// It may end here.
    Valid,
    /// It may not, and why.
    Invalid(Text),
}

/// How a node is drawn besides what it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeLook {
    pub selected: bool,
    pub hovered: bool,
    /// Something elsewhere is about it.
    pub lit: bool,
    pub dragged: bool,
    pub candidate: Candidate,
    pub selected_item: Option<ItemId>,
}

#[derive(Properties)]
pub struct NodeViewProps {
    pub node: Shared<Node>,
    pub center: Point,
    pub flow: Flow,
    /// Begins the id of its element.
    pub prefix: AttrValue,
    pub look: NodeLook,
    /// Items that are still flying here: their places are drawn empty.
    pub waiting: Rc<Set<ItemId>>,
    /// Tooltip of the handle; none, no handle.
    pub handle: Option<Text>,
    #[prop_or_default]
    pub detail: Detail,
}

impl PartialEq for NodeViewProps {
    /// Whether both would be drawn alike: from afar what lies in a tube is not, and what a node says of itself is read
    /// only of the one that is selected.
    fn eq(&self, other: &NodeViewProps) -> bool {
        let is_plain = self.detail != Detail::Full && !self.look.selected;
        (self.node == other.node || (is_plain && looks_alike(&self.node, &other.node, self.flow)))
            && (is_plain || self.waiting == other.waiting)
            && self.center == other.center
            && self.flow == other.flow
            && self.prefix == other.prefix
            && self.look == other.look
            && self.handle == other.handle
            && self.detail == other.detail
    }
}

/// Whether two states of a node cannot be told apart from afar.
fn looks_alike(one: &Node, other: &Node, flow: Flow) -> bool {
    let is_alike = match (&one.shape, &other.shape) {
        (Shape::Tube(one), Shape::Tube(other)) => {
            let drawn = |tube: &Tube| tube.total().min(Tube::DRAWN as u64);
            drawn(one) == drawn(other)
        }
        (one, other) => one == other,
    };
    is_alike
        && one.id == other.id
        && one.name == other.name
        && one.tone == other.tone
        && one.standing == other.standing
        && one.pace == other.pace
        && measure::node_rect(one) == measure::node_rect(other)
        && measure::out_port(one, flow) == measure::out_port(other, flow)
}

/// Draws a node: what can be pressed, and above it what is written on it. They are kept apart because the accessible
/// name is a whole sentence and need not repeat the letters and numbers of the drawing.
#[component]
pub fn NodeView(props: &NodeViewProps) -> Html {
    let (node, look) = (&*props.node, &props.look);
    let refusal = match &look.candidate {
        Candidate::Invalid(why) => Some(why.clone()),
        Candidate::Idle | Candidate::Source | Candidate::Valid => None,
    };
    html! {
        <g
            class={classes(node, look)} data-node={AttrValue::from(node.id.text())}
            transform={format!("translate({:.1} {:.1})", props.center.x, props.center.y)}
        >
            <g
                id={element_id(&props.prefix, "node", node.id.as_str())} role="button" aria-label={AttrValue::from(Rc::clone(&node.describe))}
                aria-pressed={if look.selected { "true" } else { "false" }}
            >
                if let Some(why) = refusal { <title>{ &*why }</title> }
                { halo(node) }
                { shape(node) }
                if props.detail == Detail::Full {
                    { contents(node, look, &props.waiting) }
                    { slots(node, look, &props.waiting) }
                } else {
                    { filling(node) }
                }
            </g>
            { written(props) }
            if look.candidate == Candidate::Valid { { socket(node, props.flow) } }
            if let Some(title) = &props.handle { { handle(node, props.flow, title) } }
        </g>
    }
}

/// Everything that is written on it, as far as it can be read from here.
fn written(props: &NodeViewProps) -> Html {
    let (node, look) = (&*props.node, &props.look);
    match props.detail {
        Detail::Full => html! {
            <g class="node-face" aria-hidden="true">
                { face(node, look, &props.waiting) }
                { labels(node) }
                { pace(node) }{ strike(node) }
            </g>
        },
        Detail::Coarse => {
            let rect = measure::node_rect(node);
            let y = match node.shape {
                Shape::Tube(_) => rect.top + 8.0,
                Shape::Circle { .. } | Shape::Hexagon { .. } => {
                    measure::shape_rect(&node.shape).bottom + 20.0
                }
            };
            let letter = match &node.shape {
                Shape::Circle { letter } | Shape::Hexagon { letter } => Some(letter),
                Shape::Tube(_) => None,
            };
            html! {
                <g class="node-face" aria-hidden="true">
                    if let Some(letter) = letter { <text class="node-letter" y="6">{ &**letter }</text> }
                    <text class="node-name node-name-far" y={y.to_string()}>{ measure::shortened(&visible(&node.name), 16) }</text>
                    { pace(node) }{ strike(node) }
                </g>
            }
        }
        Detail::Dots => html! { <>{ pace(node) }{ strike(node) }</> },
    }
}

/// From far away a tube shows only how full it is.
fn filling(node: &Node) -> Html {
    let Shape::Tube(tube) = &node.shape else {
        return Html::default();
    };
    if tube.total() == 0 {
        return Html::default();
    }
    let share = (tube.total() as f64 / Tube::DRAWN as f64).min(1.0);
    let width = (measure::TUBE.0 - 12.0) * share;
    let right = measure::TUBE.0 / 2.0 - 4.0;
    rectangle(
        "tube-filling",
        Rect::new(right - width, -10.0, right, 10.0),
        3.0,
    )
}

/// Where an edge may end: lit while one is being drawn.
fn socket(node: &Node, flow: Flow) -> Html {
    let shape = measure::shape_rect(&node.shape);
    let at = match flow {
        Flow::LeftToRight => Point::new(shape.left - 6.0, 0.0),
        Flow::TopToBottom => Point::new(0.0, shape.top - 6.0),
    };
    html! { <circle class="socket" cx={at.x.to_string()} cy={at.y.to_string()} r="6" /> }
}

fn classes(node: &Node, look: &NodeLook) -> Classes {
    let shape = match node.shape {
        Shape::Circle { .. } => "node-circle",
        Shape::Hexagon { .. } => "node-hexagon",
        Shape::Tube(_) => "node-tube",
    };
    let candidate = match look.candidate {
        Candidate::Idle => None,
        Candidate::Source => Some("is-source"),
        Candidate::Valid => Some("is-valid"),
        Candidate::Invalid(_) => Some("is-invalid"),
    };
    let standing = match node.standing {
        Standing::Whole => None,
        Standing::Outline => Some("is-outline"),
        Standing::Struck => Some("is-struck"),
    };
    classes!(
        "node",
        shape,
        format!("tone-{}", node.tone.suffix()),
        candidate,
        standing,
        (node.pace == Pace::Still).then_some("is-still"),
        look.selected.then_some("is-selected"),
        look.hovered.then_some("is-hovered"),
        look.lit.then_some("is-lit"),
        look.dragged.then_some("is-dragged"),
    )
}

/// The ring around a selected or lit node; also makes the whole node easy to hit.
fn halo(node: &Node) -> Html {
    let rect = measure::node_rect(node).grown(5.0);
    rectangle("node-halo", rect, 10.0)
}

fn rectangle(class: &'static str, rect: Rect, radius: f64) -> Html {
    html! {
        <rect
            {class} x={rect.left.to_string()} y={rect.top.to_string()}
            width={rect.width().to_string()} height={rect.height().to_string()} rx={radius.to_string()}
        />
    }
}

fn shape(node: &Node) -> Html {
    match &node.shape {
        Shape::Circle { .. } => {
            html! { <circle class="node-shape" r={measure::CIRCLE_RADIUS.to_string()} /> }
        }
        Shape::Hexagon { .. } => {
            let (w, h) = measure::HEXAGON;
            let half = w * 0.52;
            let points = format!(
                "{},0 {half},{h} -{half},{h} -{w},0 -{half},-{h} {half},-{h}",
                w
            );
            html! { <polygon class="node-shape" {points} /> }
        }
        Shape::Tube(_) => {
            let (right, bottom, cap) = (
                measure::TUBE.0 / 2.0,
                measure::TUBE.1 / 2.0,
                measure::TUBE_CAP,
            );
            let left = -right;
            let body = format!(
                "M{left} -{bottom}H{right}A{cap} {bottom} 0 0 1 {right} {bottom}H{left}A{cap} {bottom} 0 0 1 {left} -{bottom}Z"
            );
            html! { <path class="node-shape" d={body} /> }
        }
    }
}

/// What lies in a tube.
fn contents(node: &Node, look: &NodeLook, waiting: &Set<ItemId>) -> Html {
    let Shape::Tube(tube) = &node.shape else {
        return Html::default();
    };
    let segments = drawn_segments(tube).iter().enumerate();
    let segments =
        segments.map(|(index, item)| segment(item, index, item_look(&item.item, look, waiting)));
    let mouth = measure::TUBE.0 / -2.0;
    html! {
        <>
            if is_crowded(tube) { { tube_bar(tube) } }
            { for segments }
            <ellipse
                class="tube-mouth" cx={mouth.to_string()}
                rx={measure::TUBE_CAP.to_string()} ry={(measure::TUBE.1 / 2.0).to_string()}
            />
        </>
    }
}

/// Whether a tube shows a bar with a number behind its head.
fn is_crowded(tube: &Tube) -> bool {
    tube.total() > Tube::DRAWN as u64
}

fn drawn_segments(tube: &Tube) -> &[Segment] {
    let most = if is_crowded(tube) {
        measure::HEAD_SEGMENTS
    } else {
        Tube::DRAWN
    };
    tube.segments.get(..most).unwrap_or(&tube.segments)
}

/// The items of a node that are drawn one by one.
pub(super) fn drawn_items(node: &Node) -> impl Iterator<Item = &ItemId> {
    let segments = match &node.shape {
        Shape::Tube(tube) => drawn_segments(tube),
        Shape::Circle { .. } | Shape::Hexagon { .. } => &[],
    };
    let slots = node.slots.iter().take(measure::SLOTS.0 * measure::SLOTS.1);
    let slots = slots.filter_map(|slot| slot.item.as_ref());
    segments.iter().map(|segment| &segment.item).chain(slots)
}

fn item_look(item: &ItemId, look: &NodeLook, waiting: &Set<ItemId>) -> ItemLook {
    ItemLook {
        waiting: waiting.contains(item),
        selected: look.selected_item.as_ref() == Some(item),
    }
}

/// The slots that are drawn, with their places.
fn drawn_slots<'a>(
    node: &'a Node,
    look: &'a NodeLook,
    waiting: &'a Set<ItemId>,
) -> impl Iterator<Item = (&'a Slot, Point, ItemLook)> {
    let drawn = node
        .slots
        .iter()
        .take(measure::SLOTS.0 * measure::SLOTS.1)
        .enumerate();
    drawn.map(move |(index, slot)| {
        let look = slot
            .item
            .as_ref()
            .map(|item| item_look(item, look, waiting))
            .unwrap_or_default();
        (slot, measure::slot_center(node, index), look)
    })
}

fn slots(node: &Node, look: &NodeLook, waiting: &Set<ItemId>) -> Html {
    drawn_slots(node, look, waiting)
        .map(|(place, at, look)| slot(place, at, look))
        .collect()
}

/// Everything written on the shape, its items and its slots.
fn face(node: &Node, look: &NodeLook, waiting: &Set<ItemId>) -> Html {
    let slots =
        drawn_slots(node, look, waiting).map(|(place, at, look)| slot_face(place, at, look));
    let hidden = measure::hidden_slots(node);
    let after = measure::slot_center(node, measure::slot_grid(node).0).x - 8.0;
    html! {
        <>
            { shape_face(&node.shape, look, waiting) }
            { for slots }
            if hidden > 0 { <text class="slot-more" x={after.to_string()} y="4">{ format!("+{hidden}") }</text> }
        </>
    }
}

fn shape_face(shape: &Shape, look: &NodeLook, waiting: &Set<ItemId>) -> Html {
    match shape {
        Shape::Circle { letter } | Shape::Hexagon { letter } => {
            html! { <text class="node-letter" y="6">{ &**letter }</text> }
        }
        Shape::Tube(tube) => {
            let segments = drawn_segments(tube).iter().enumerate();
            let faces = segments.map(|(index, item)| {
                segment_face(item, index, item_look(&item.item, look, waiting))
            });
            html! {
                <>
                    if is_crowded(tube) { { tube_number(tube) } }
                    { for faces }
                </>
            }
        }
    }
}

/// Name, second line, badges and counts.
fn labels(node: &Node) -> Html {
    match &node.shape {
        Shape::Circle { .. } | Shape::Hexagon { .. } => labels_below(node),
        Shape::Tube(tube) => labels_of_tube(node, tube),
    }
}

fn labels_below(node: &Node) -> Html {
    let (_, rows) = measure::slot_grid(node);
    let bottom = measure::shape_rect(&node.shape)
        .bottom
        .max(rows as f64 * measure::SLOT_PITCH / 2.0);
    let mut y = bottom + measure::LINE - 2.0;
    let mut lines: Vec<Html> = Vec::new();
    if !node.name.is_empty() {
        lines.push(html! { <text class="node-name" y={y.to_string()}>{ name(node) }</text> });
        y += measure::LINE;
    }
    if !node.sublabel.is_empty() {
        lines.push(html! { <text class="node-sublabel" y={(y - 1.0).to_string()}>{ &*node.sublabel }</text> });
        y += measure::LINE;
    }
    if !node.badges.is_empty() {
        let left = -measure::badges_width(node) / 2.0;
        lines.push(badges(node, Point::new(left, y - 4.0)));
    }
    lines.into_iter().collect()
}

fn labels_of_tube(node: &Node, tube: &Tube) -> Html {
    let (left, bottom) = (measure::TUBE.0 / -2.0, measure::TUBE.1 / 2.0);
    let shown = shown_name(node);
    let after_name = left + measure::mono_width(&shown) + 8.0;
    let counts = tube.counts.iter().enumerate().map(|(index, count)| {
        html! {
            <>
                <tspan class="count-label" dx={if index > 0 { "12" } else { "0" }}>{ &*count.label }</tspan>
                <tspan class="count-value" dx="4">{ count.value }</tspan>
            </>
        }
    });
    let below = bottom + measure::LINE;
    let sublabel_y = below
        + if tube.counts.is_empty() {
            0.0
        } else {
            measure::LINE
        };
    html! {
        <>
            <text class="node-name node-name-start" x={left.to_string()} y={(-bottom - 7.0).to_string()}>{ name(node) }</text>
            { badges(node, Point::new(after_name, -bottom - 11.5)) }
            <text class="node-counts" x={left.to_string()} y={below.to_string()}>{ for counts }</text>
            if !node.sublabel.is_empty() {
                <text class="node-sublabel node-name-start" x={left.to_string()} y={sublabel_y.to_string()}>{ &*node.sublabel }</text>
            }
        </>
    }
}

/// The name as it is drawn, whole in a tooltip when it was cut.
fn name(node: &Node) -> Html {
    let shown = shown_name(node);
    let is_whole = *shown == *node.name;
    html! { <>{ shown }if !is_whole { <title>{ visible(&node.name) }</title> }</> }
}

fn shown_name(node: &Node) -> String {
    measure::shortened(&visible(&node.name), measure::NAME_CHARS)
}

/// A row of badges from `start`, which is the middle of its left border.
fn badges(node: &Node, start: Point) -> Html {
    let mut x = start.x;
    let badges = node.badges.iter().map(|badge| {
        let width = measure::badge_width(&badge.text);
        let rect = Rect::around(Point::new(x + width / 2.0, start.y), width, measure::BADGE_HEIGHT);
        x += width + 3.0;
        html! {
            <g class={classes!("badge", format!("tone-{}", badge.tone.suffix()))}>
                { rectangle("badge-frame", rect, 3.0) }
                <text class="badge-text" x={rect.center().x.to_string()} y={(start.y + 3.5).to_string()}>{ &*badge.text }</text>
                <title>{ &*badge.title }</title>
            </g>
        }
    });
    badges.collect()
}

fn strike(node: &Node) -> Html {
    if node.standing != Standing::Struck {
        return Html::default();
    }
    let rect = measure::shape_rect(&node.shape).grown(6.0);
    html! {
        <line
            class="node-strike" x1={rect.left.to_string()} y1={rect.bottom.to_string()}
            x2={rect.right.to_string()} y2={rect.top.to_string()}
        />
    }
}

/// The handle from which an edge is drawn: small to see, 24 pixels to hit.
fn handle(node: &Node, flow: Flow, title: &Text) -> Html {
    let at = measure::out_port(node, flow);
    html! {
        <g class="handle" data-handle="" transform={format!("translate({:.1} {:.1})", at.x, at.y)}>
            <circle class="handle-hit" r="12" />
            <circle class="handle-dot" r="5" />
            <path class="handle-plus" d="M-2.5 0h5M0 -2.5v5" />
            <title>{ &**title }</title>
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::scene::{Marks, Tone};

    fn tube(items: &[&str], describe: &str) -> Shared<Node> {
        let segment = |item: &&str| Segment {
            item: (*item).into(),
            tone: Tone::Ink,
            letter: None,
            marks: Marks::default(),
            level: None,
            title: "".into(),
        };
        let tube = Tube {
            segments: items.iter().map(segment).collect(),
            ..Tube::default()
        };
        let mut node = Node::new("t", Shape::Tube(tube), 1, "t");
        node.describe = describe.into();
        Shared::new(node)
    }

    fn props(node: Shared<Node>, detail: Detail, selected: bool) -> NodeViewProps {
        NodeViewProps {
            node,
            center: Point::new(0.0, 0.0),
            flow: Flow::LeftToRight,
            prefix: "c".into(),
            look: NodeLook {
                selected,
                ..NodeLook::default()
            },
            waiting: Rc::default(),
            handle: None,
            detail,
        }
    }

    #[test]
    fn from_afar_a_node_is_drawn_anew_only_when_that_can_be_seen_or_is_read() {
        let is_same = |items: &[&str], detail, selected| {
            let before = props(tube(&["a", "b"], "2 ready"), detail, selected);
            before == props(tube(items, "other words"), detail, selected)
        };
        assert!(is_same(&["b", "c"], Detail::Coarse, false));
        assert!(is_same(&["b", "c"], Detail::Dots, false));
        assert!(!is_same(&["b"], Detail::Coarse, false), "it is emptier");
        assert!(!is_same(&["b", "c"], Detail::Coarse, true), "it is read");
        assert!(!is_same(&["b", "c"], Detail::Full, false));
    }
}
