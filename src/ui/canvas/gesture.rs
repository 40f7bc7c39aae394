//! What pointers do on the canvas: move the drawing, move a node, draw an edge, press.

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::scene::{ItemId, NodeId, Target};
use crate::ui::canvas::view::{Canvas, InHand, OpenMenu};
use crate::ui::dom;
use crate::ui::shared::Shared;

/// A press that moves less than this is a press and not a drag.
const SLACK: f64 = 4.0;

/// What a pointer that is down is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Gesture {
    #[default]
    Idle,
    /// On empty space: a press, or moving the drawing.
    Ground {
        pointer: i32,
        from: Point,
        last: Point,
        moved: bool,
    },
    /// On a node: a press, or moving it. `grip` leads from the hand to the node's centre.
    Node {
        pointer: i32,
        hit: Target,
        node: NodeId,
        from: Point,
        grip: Point,
        moved: bool,
    },
    /// On an edge or the frame of a group.
    Press { hit: Target },
    /// From a handle: an edge is being drawn.
    Wire {
        pointer: i32,
        node: NodeId,
        from: Point,
        moved: bool,
    },
}

/// What a pointer hits.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Hit {
    Ground,
    Handle(NodeId),
    Thing(Target),
}

/// Reads from the elements under the pointer what it hits.
pub(super) fn hit(event: &Event) -> Hit {
    // Inside a shadow root the event's target is the real element, not the host.
    let target = event.target().and_then(|target| target.dyn_into().ok());
    // A busy page hears of a press late; then the event has forgotten its target, and what lies there now answers.
    let Some(element) = target.or_else(|| dom::element_at(event)) else {
        return Hit::Ground;
    };
    let named = |attribute: &str| {
        let found = element.closest(&format!("[{attribute}]")).ok().flatten();
        found.and_then(|found| found.get_attribute(attribute))
    };
    if let Some(node) = named("data-node") {
        let node = NodeId::from(node);
        return match (named("data-handle"), named("data-item")) {
            (Some(_), _) => Hit::Handle(node),
            (None, Some(item)) => Hit::Thing(Target::Item(node, ItemId::from(item))),
            (None, None) => Hit::Thing(Target::Node(node)),
        };
    }
    if let Some(edge) = named("data-edge") {
        return Hit::Thing(Target::Edge(edge.into()));
    }
    named("data-group").map_or(Hit::Ground, |group| Hit::Thing(Target::Group(group.into())))
}

/// The node a target lies in, if any.
fn node_of(target: &Target) -> Option<&NodeId> {
    match target {
        Target::Node(node) | Target::Item(node, _) => Some(node),
        Target::Edge(_) | Target::Group(_) => None,
    }
}

impl Canvas {
    pub(super) fn pointer_down(&mut self, event: &PointerEvent) -> bool {
        if event.button() != 0 || self.gesture != Gesture::Idle {
            return false;
        }
        let (pointer, from) = (event.pointer_id(), self.pointer_place(event));
        self.menu = None;
        self.gesture = match hit(event) {
            Hit::Handle(node) => Gesture::Wire {
                pointer,
                node,
                from,
                moved: false,
            },
            Hit::Thing(hit) => match node_of(&hit) {
                Some(node) => self.grip(pointer, hit.clone(), node.clone(), from),
                None => Gesture::Press { hit },
            },
            Hit::Ground => Gesture::Ground {
                pointer,
                from,
                last: from,
                moved: false,
            },
        };
        true
    }

    fn grip(&self, pointer: i32, hit: Target, node: NodeId, from: Point) -> Gesture {
        let hand = self.viewport.to_drawing(from);
        let center = self
            .layout
            .places
            .get(&node)
            .map_or(hand, |place| place.center);
        let grip = Point::new(center.x - hand.x, center.y - hand.y);
        Gesture::Node {
            pointer,
            hit,
            node,
            from,
            grip,
            moved: false,
        }
    }

    pub(super) fn pointer_move(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        let at = self.pointer_place(event);
        match self.gesture.clone() {
            Gesture::Idle | Gesture::Press { .. } => self.hover(ctx, event, at),
            Gesture::Ground {
                pointer,
                from,
                last,
                moved,
            } => {
                let moved = self.is_drag(event, pointer, from, at, moved);
                if moved {
                    self.viewport = self.viewport.panned(at.x - last.x, at.y - last.y);
                    self.is_steered = true;
                }
                self.gesture = Gesture::Ground {
                    pointer,
                    from,
                    last: at,
                    moved,
                };
                moved
            }
            Gesture::Node {
                pointer,
                hit,
                node,
                from,
                grip,
                moved,
            } => {
                let moved = self.is_drag(event, pointer, from, at, moved);
                if moved {
                    let hand = self.viewport.to_drawing(at);
                    self.carry(ctx, &node, hand.shifted(grip.x, grip.y));
                }
                self.gesture = Gesture::Node {
                    pointer,
                    hit,
                    node,
                    from,
                    grip,
                    moved,
                };
                moved
            }
            Gesture::Wire {
                pointer,
                node,
                from,
                moved,
            } => {
                let moved = self.is_drag(event, pointer, from, at, moved);
                if moved {
                    if ctx.props().connecting.as_ref() != Some(&node) {
                        ctx.props().onconnecting.emit(Some(node.clone()));
                    }
                    self.loose_end = Some(self.viewport.to_drawing(at));
                    self.hover_over(ctx, at);
                }
                self.gesture = Gesture::Wire {
                    pointer,
                    node,
                    from,
                    moved,
                };
                moved
            }
        }
    }

    /// Whether a press has become a drag; from then on the pointer belongs to the canvas.
    fn is_drag(
        &self,
        event: &PointerEvent,
        pointer: i32,
        from: Point,
        at: Point,
        moved: bool,
    ) -> bool {
        if !moved && from.distance(at) > SLACK {
            if let Some(host) = self.host.cast::<Element>() {
                // A pointer that is already gone cannot be captured; then its moves simply end.
                let _ = host.set_pointer_capture(pointer);
            }
            event.prevent_default();
            return true;
        }
        moved
    }

    fn carry(&mut self, ctx: &Context<Self>, node: &NodeId, to: Point) {
        let at = Point::new(to.x.round(), to.y.round());
        let layout = self.layout.dragged(&ctx.props().scene, node, at);
        self.in_hand = Some(InHand {
            node: node.clone(),
            at,
            layout: Shared::new(layout),
        });
    }

    fn hover(&mut self, ctx: &Context<Self>, event: &PointerEvent, at: Point) -> bool {
        let target = match hit(event) {
            Hit::Ground => None,
            Hit::Handle(node) => Some(Target::Node(node)),
            Hit::Thing(target) => Some(target),
        };
        if ctx.props().hovered != target {
            ctx.props().onhover.emit(target);
        }
        if ctx.props().connecting.is_some() {
            self.loose_end = Some(self.viewport.to_drawing(at));
            return true;
        }
        false
    }

    /// While the pointer is captured, events no longer say what is below it; the layout does.
    fn hover_over(&self, ctx: &Context<Self>, at: Point) {
        let below = self
            .layout
            .node_at(self.viewport.to_drawing(at))
            .cloned()
            .map(Target::Node);
        if ctx.props().hovered != below {
            ctx.props().onhover.emit(below);
        }
    }

    pub(super) fn pointer_up(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        let at = self.pointer_place(event);
        match std::mem::take(&mut self.gesture) {
            Gesture::Idle => return false,
            Gesture::Ground { moved: true, .. } => {}
            Gesture::Ground { moved: false, .. } => self.press(ctx, None),
            Gesture::Press { hit } => self.press(ctx, Some(hit)),
            Gesture::Node {
                hit, moved: false, ..
            } => self.press(ctx, Some(hit)),
            Gesture::Node { moved: true, .. } => {
                // The places stay as dragged until the new pins come back.
                if let Some(InHand { node, at, .. }) = &self.in_hand {
                    ctx.props().onmove.emit((node.clone(), *at));
                }
            }
            Gesture::Wire {
                node, moved: false, ..
            } => {
                ctx.props().onselect.emit(Some(Target::Node(node.clone())));
                ctx.props().onconnecting.emit(Some(node));
            }
            Gesture::Wire {
                node, moved: true, ..
            } => self.end_wire(ctx, &node, at),
        }
        true
    }

    fn end_wire(&mut self, ctx: &Context<Self>, from: &NodeId, at: Point) {
        self.loose_end = None;
        let Some(to) = self.layout.node_at(self.viewport.to_drawing(at)).cloned() else {
            ctx.props().onconnecting.emit(None);
            return;
        };
        if to == *from
            && ctx
                .props()
                .verdict
                .emit((from.clone(), to.clone()))
                .is_err()
        {
            // Dropped where it began: not meant as an edge.
            ctx.props().onconnecting.emit(None);
            return;
        }
        self.try_connect(ctx, from, &to);
    }

    /// A press on something, or on empty space.
    fn press(&mut self, ctx: &Context<Self>, target: Option<Target>) {
        let props = ctx.props();
        match (props.connecting.clone(), target.as_ref().and_then(node_of)) {
            (Some(from), Some(to)) => self.try_connect(ctx, &from, to),
            (Some(_), None) => {
                self.refusal = None;
                props.onconnecting.emit(None);
            }
            (None, _) => props.onselect.emit(target),
        }
    }

    /// Lets go of everything without an effect.
    pub(super) fn drop_gesture(&mut self) {
        self.gesture = Gesture::Idle;
        self.in_hand = None;
        self.loose_end = None;
    }

    pub(super) fn double_press(&mut self, ctx: &Context<Self>, event: &MouseEvent) -> bool {
        if let Hit::Thing(target) = hit(event) {
            ctx.props().onopen.emit(target);
        }
        false
    }

    pub(super) fn context_menu(&mut self, ctx: &Context<Self>, event: &MouseEvent) -> bool {
        let target = match hit(event) {
            Hit::Ground => return false,
            Hit::Handle(node) => Target::Node(node),
            Hit::Thing(target) => target,
        };
        let at = Point::new(f64::from(event.client_x()), f64::from(event.client_y()));
        let about = node_of(&target).cloned().map_or(target, Target::Node);
        if self.choices(ctx, &about).is_empty() {
            return false;
        }
        event.prevent_default();
        self.drop_gesture();
        ctx.props().onselect.emit(Some(about.clone()));
        self.menu = Some(OpenMenu { about, at });
        true
    }

    fn pointer_place(&self, event: &PointerEvent) -> Point {
        self.on_canvas(f64::from(event.client_x()), f64::from(event.client_y()))
    }
}
