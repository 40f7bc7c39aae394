//! What pointers do on the canvas: move the drawing, move nodes and notes, draw and move edges, mark an area, press.

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::scene::{EdgeId, End, ItemId, NodeId, PatchId, Target};
use crate::ui::canvas::selection;
use crate::ui::canvas::sketch::{PatchKind, rect_of};
use crate::ui::canvas::view::{Canvas, InHand, Mode};
use crate::ui::dom;
use crate::ui::shared::Shared;

/// A press that moves less than this is a press and not a drag.
const SLACK: f64 = 4.0;
/// A finger is less steady.
const SLACK_OF_FINGERS: f64 = 9.0;

/// What a pointer that is down is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Gesture {
    #[default]
    Idle,
    /// On empty space: a press, moving the drawing, or marking an area.
    Ground {
        pointer: i32,
        from: Point,
        last: Point,
        moved: bool,
        marks: bool,
    },
    /// On a node, a note or a frame: a press, or moving it with what goes along. A grip leads from the hand to a thing.
    Carry {
        pointer: i32,
        hit: Target,
        from: Point,
        nodes: Vec<(NodeId, Point)>,
        notes: Vec<(PatchId, Point)>,
        moved: bool,
        adds: bool,
    },
    /// On an edge or the frame of a group.
    Press { hit: Target, adds: bool },
    /// From a handle: an edge is being drawn.
    Wire {
        pointer: i32,
        node: NodeId,
        from: Point,
        moved: bool,
    },
    /// On an end of an edge: it is being moved to another node.
    Rewire {
        pointer: i32,
        edge: EdgeId,
        end: End,
        from: Point,
        moved: bool,
    },
    /// Two fingers move and zoom the drawing.
    Pinch,
}

/// What a pointer hits.
#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    Ground,
    Handle(NodeId),
    End(EdgeId, End),
    Thing(Target),
}

impl Hit {
    /// The thing that was hit, whatever part of it.
    pub fn target(self) -> Option<Target> {
        match self {
            Hit::Ground => None,
            Hit::Handle(node) => Some(Target::Node(node)),
            Hit::End(edge, _) => Some(Target::Edge(edge)),
            Hit::Thing(target) => Some(target),
        }
    }
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
        return match named("data-end").as_deref() {
            Some("from") => Hit::End(edge.into(), End::From),
            Some(_) => Hit::End(edge.into(), End::To),
            None => Hit::Thing(Target::Edge(edge.into())),
        };
    }
    if let Some(patch) = named("data-patch") {
        return Hit::Thing(Target::Patch(patch.into()));
    }
    named("data-group").map_or(Hit::Ground, |group| Hit::Thing(Target::Group(group.into())))
}

/// Whether the keys that are held make a press add to the selection.
fn adds(event: &PointerEvent) -> bool {
    event.shift_key() || event.ctrl_key() || event.meta_key()
}

impl Canvas {
    pub(super) fn pointer_down(
        &mut self,
        ctx: &Context<Self>,
        hit: Hit,
        event: &PointerEvent,
    ) -> bool {
        let (pointer, from) = (event.pointer_id(), self.pointer_place(event));
        self.aim();
        if event.pointer_type() == "touch" && self.finger_down(pointer, from) {
            return true;
        }
        let pans = event.button() == 1;
        if (event.button() != 0 && !pans) || self.gesture != Gesture::Idle {
            return false;
        }
        self.menu = None;
        let marks = !pans && (event.shift_key() || self.mode == Mode::Marking);
        let ground = Gesture::Ground {
            pointer,
            from,
            last: from,
            moved: false,
            marks,
        };
        let adds = adds(event) || self.mode == Mode::Marking;
        let target = hit.clone().target();
        self.gesture = match hit {
            _ if pans => ground,
            Hit::Ground => ground,
            Hit::Handle(node) => Gesture::Wire {
                pointer,
                node,
                from,
                moved: false,
            },
            Hit::End(edge, end) => Gesture::Rewire {
                pointer,
                edge,
                end,
                from,
                moved: false,
            },
            Hit::Thing(hit @ (Target::Edge(_) | Target::Group(_))) => Gesture::Press { hit, adds },
            Hit::Thing(hit) if ctx.props().is_fixed => Gesture::Press { hit, adds },
            Hit::Thing(hit) => self.grip(ctx, pointer, hit, from, adds),
        };
        if event.pointer_type() == "touch" {
            self.await_long_press(ctx, target, event);
        }
        true
    }

    /// Takes hold of a node, a note or a frame, with all that goes along.
    fn grip(
        &self,
        ctx: &Context<Self>,
        pointer: i32,
        hit: Target,
        from: Point,
        adds: bool,
    ) -> Gesture {
        let props = ctx.props();
        let hand = self.viewport.to_drawing(from);
        let grip = |at: Point| Point::new(at.x - hand.x, at.y - hand.y);
        let (nodes, notes) = match &hit {
            Target::Patch(id) if !props.chosen.contains(&hit) || props.chosen.len() < 2 => {
                let kind = props.sketch.patch(id).map(|patch| patch.kind.clone());
                match kind {
                    Some(PatchKind::Frame { members }) => (members, Vec::new()),
                    Some(PatchKind::Note { .. }) | None => (Vec::new(), vec![id.clone()]),
                }
            }
            hit => {
                let nodes = match hit.node() {
                    Some(node) => selection::carried(node, &props.chosen),
                    None => selection::nodes_of(&props.chosen),
                };
                let goes_along = nodes.len() > 1 || hit.node().is_none();
                let notes = props.chosen.iter().filter_map(|target| match target {
                    Target::Patch(id) if goes_along => Some(id.clone()),
                    _ => None,
                });
                (nodes, notes.collect())
            }
        };
        let place = |id: &NodeId| self.layout.places.get(id).map(|place| place.center);
        let corner = |id: &PatchId| match props.sketch.patch(id)?.kind {
            PatchKind::Note { at } => Some(at),
            PatchKind::Frame { .. } => None,
        };
        Gesture::Carry {
            pointer,
            hit,
            from,
            nodes: nodes
                .into_iter()
                .filter_map(|id| place(&id).map(|at| (id, grip(at))))
                .collect(),
            notes: notes
                .into_iter()
                .filter_map(|id| corner(&id).map(|at| (id, grip(at))))
                .collect(),
            moved: false,
            adds,
        }
    }

    pub(super) fn pointer_move(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        let at = self.pointer_place(event);
        self.aim();
        if self.gesture == Gesture::Pinch {
            return self.fingers_move(event.pointer_id(), at);
        }
        let mut gesture = std::mem::take(&mut self.gesture);
        let is_news = match &mut gesture {
            Gesture::Idle | Gesture::Press { .. } => self.hover(ctx, event, at),
            Gesture::Ground {
                pointer,
                from,
                last,
                moved,
                marks,
            } => {
                *moved = self.is_drag(event, *pointer, *from, at, *moved);
                if *moved {
                    self.drag_ground(*marks, *from, *last, at);
                }
                *last = at;
                *moved
            }
            Gesture::Carry {
                pointer,
                from,
                nodes,
                notes,
                moved,
                ..
            } => {
                *moved = self.is_drag(event, *pointer, *from, at, *moved);
                if *moved {
                    self.carry(ctx, nodes, notes, self.viewport.to_drawing(at));
                }
                *moved
            }
            Gesture::Wire {
                pointer,
                node,
                from,
                moved,
            } => {
                *moved = self.is_drag(event, *pointer, *from, at, *moved);
                if *moved && ctx.props().connecting.as_ref() != Some(&*node) {
                    ctx.props().onconnecting.emit(Some(node.clone()));
                }
                *moved && self.lead(ctx, at)
            }
            Gesture::Rewire {
                pointer,
                edge,
                end,
                from,
                moved,
            } => {
                *moved = self.is_drag(event, *pointer, *from, at, *moved);
                if *moved {
                    self.mode = Mode::Rewiring(edge.clone(), *end);
                }
                *moved && self.lead(ctx, at)
            }
            Gesture::Pinch => false,
        };
        self.gesture = gesture;
        is_news
    }

    /// Marks the area from where the drag began, or moves the drawing.
    fn drag_ground(&mut self, marks: bool, from: Point, last: Point, at: Point) {
        if marks {
            let (one, other) = (self.viewport.to_drawing(from), self.viewport.to_drawing(at));
            self.marked = Some(Rect::between(one, other));
        } else {
            self.viewport = self.viewport.panned(at.x - last.x, at.y - last.y);
            self.is_steered = true;
        }
    }

    /// The loose end of an edge follows the pointer.
    fn lead(&mut self, ctx: &Context<Self>, at: Point) -> bool {
        self.loose_end = Some(self.viewport.to_drawing(at));
        // While the pointer is captured, events no longer say what is below it; the layout does.
        let below = self
            .layout
            .node_at(self.viewport.to_drawing(at))
            .cloned()
            .map(Target::Node);
        if ctx.props().hovered != below {
            ctx.props().onhover.emit(below);
        }
        true
    }

    /// Whether a press has become a drag; from then on the pointer belongs to the canvas.
    fn is_drag(
        &mut self,
        event: &PointerEvent,
        pointer: i32,
        from: Point,
        at: Point,
        moved: bool,
    ) -> bool {
        let slack = if event.pointer_type() == "touch" {
            SLACK_OF_FINGERS
        } else {
            SLACK
        };
        if !moved && from.distance(at) > slack {
            self.long_press = None;
            if let Some(host) = self.host.cast::<Element>() {
                // A pointer that is already gone cannot be captured; then its moves simply end.
                let _ = host.set_pointer_capture(pointer);
            }
            event.prevent_default();
            return true;
        }
        moved
    }

    fn carry(
        &mut self,
        ctx: &Context<Self>,
        nodes: &[(NodeId, Point)],
        notes: &[(PatchId, Point)],
        hand: Point,
    ) {
        let held = |grip: &Point| hand.shifted(grip.x, grip.y).rounded();
        let moves: Vec<(NodeId, Point)> = nodes
            .iter()
            .map(|(id, grip)| (id.clone(), held(grip)))
            .collect();
        let notes = notes
            .iter()
            .map(|(id, grip)| (id.clone(), held(grip)))
            .collect();
        let layout = if moves.is_empty() {
            self.layout.clone()
        } else {
            Shared::new(self.layout.dragged(&ctx.props().scene, &moves))
        };
        self.in_hand = Some(InHand {
            moves,
            notes,
            layout,
        });
    }

    fn hover(&mut self, ctx: &Context<Self>, event: &PointerEvent, at: Point) -> bool {
        let target = hit(event).target();
        if ctx.props().hovered != target {
            ctx.props().onhover.emit(target);
        }
        if ctx.props().connecting.is_some() || self.mode != Mode::Idle {
            self.loose_end = Some(self.viewport.to_drawing(at));
            return true;
        }
        false
    }

    pub(super) fn pointer_up(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        let at = self.pointer_place(event);
        self.long_press = None;
        self.finger_up(event.pointer_id());
        match std::mem::take(&mut self.gesture) {
            Gesture::Idle => return false,
            Gesture::Pinch if !self.fingers.is_empty() => self.gesture = Gesture::Pinch,
            Gesture::Pinch => {}
            Gesture::Ground {
                moved: true, marks, ..
            } => self.end_marking(ctx, marks && !adds(event)),
            Gesture::Ground { moved: false, .. } => self.press(ctx, None, at, false),
            Gesture::Press { hit, adds } => self.press(ctx, Some(hit), at, adds),
            Gesture::Carry {
                hit,
                moved: false,
                adds,
                ..
            } => self.press(ctx, Some(hit), at, adds),
            Gesture::Carry { moved: true, .. } => self.let_down(ctx),
            Gesture::Wire {
                node, moved: false, ..
            } => {
                ctx.props().onconnecting.emit(Some(node));
            }
            Gesture::Wire {
                node, moved: true, ..
            } => self.end_wire(ctx, &node, at),
            Gesture::Rewire {
                edge,
                end,
                moved: false,
                ..
            } => {
                // Pressed without moving: the next press says where the end goes.
                ctx.props().onselect.emit(Some(Target::Edge(edge.clone())));
                self.mode = Mode::Rewiring(edge, end);
            }
            Gesture::Rewire {
                edge,
                end,
                moved: true,
                ..
            } => {
                let to = self.layout.node_at(self.viewport.to_drawing(at)).cloned();
                self.end_rewiring(ctx, &edge, end, to.as_ref());
            }
        }
        true
    }

    /// What was marked is selected, with what was selected before if it is added to it.
    fn end_marking(&mut self, ctx: &Context<Self>, afresh: bool) {
        let Some(area) = self.marked.take() else {
            return;
        };
        let props = ctx.props();
        let mut found = selection::inside(area, &props.scene, &self.layout, &props.sketch);
        if !afresh || self.mode == Mode::Marking {
            let before = props.chosen.iter().filter(|it| !found.contains(it));
            let before: Vec<Target> = before.cloned().collect();
            found.splice(0..0, before);
        }
        props.onpick.emit(found);
    }

    /// What was carried stays where it is let go.
    fn let_down(&mut self, ctx: &Context<Self>) {
        // The places stay as dragged until the new pins come back.
        if let Some(held) = &self.in_hand {
            if !held.moves.is_empty() {
                ctx.props().onmove.emit(held.moves.clone());
            }
            for (id, at) in &held.notes {
                ctx.props().onmovepatch.emit((id.clone(), *at));
            }
        }
    }

    fn end_wire(&mut self, ctx: &Context<Self>, from: &NodeId, at: Point) {
        self.loose_end = None;
        let drawn = self.viewport.to_drawing(at);
        let Some(to) = self.layout.node_at(drawn).cloned() else {
            self.drop_loose(ctx, from, at);
            return;
        };
        let is_legal = |to: &NodeId| {
            let asked = (from.clone(), to.clone());
            ctx.props().verdict.emit(asked).is_ok()
        };
        if to == *from && !is_legal(&to) {
            // Dropped where it began: not meant as an edge.
            ctx.props().onconnecting.emit(None);
            return;
        }
        self.try_connect(ctx, from, &to);
    }

    /// An edge that leads to nothing yet: the page asks what it should lead to.
    fn drop_loose(&mut self, ctx: &Context<Self>, from: &NodeId, at: Point) {
        let props = ctx.props();
        props.onconnecting.emit(None);
        let (drawn, window) = (self.viewport.to_drawing(at).rounded(), self.in_window(at));
        self.ask_loose(ctx, from.clone(), drawn, window);
    }

    /// A press on something, or on empty space.
    fn press(&mut self, ctx: &Context<Self>, target: Option<Target>, at: Point, adds: bool) {
        let props = ctx.props();
        match std::mem::take(&mut self.mode) {
            Mode::Rewiring(edge, end) => {
                let to = target.as_ref().and_then(Target::node).cloned();
                self.end_rewiring(ctx, &edge, end, to.as_ref());
                return;
            }
            Mode::Placing(nodes) => {
                let to = self.viewport.to_drawing(at).rounded();
                props
                    .onmove
                    .emit(selection::brought(&nodes, &self.layout, to));
                return;
            }
            mode => self.mode = mode,
        }
        match (
            props.connecting.clone(),
            target.as_ref().and_then(Target::node),
        ) {
            (Some(from), Some(to)) => self.try_connect(ctx, &from, to),
            (Some(from), None) => {
                self.refusal = None;
                self.drop_loose(ctx, &from, at);
            }
            (None, _) => match target {
                Some(target) if adds => {
                    props
                        .onpick
                        .emit(selection::toggled(&props.chosen, &target));
                }
                target => {
                    if self.mode != Mode::Marking || target.is_some() {
                        props.onselect.emit(target);
                    }
                }
            },
        }
    }

    /// Lets go of everything without an effect.
    pub(super) fn drop_gesture(&mut self) {
        self.gesture = Gesture::Idle;
        self.in_hand = None;
        self.loose_end = None;
        self.marked = None;
        self.long_press = None;
    }

    pub(super) fn double_press(&mut self, ctx: &Context<Self>, target: Target) {
        if !self.begin_writing(ctx, &target) {
            ctx.props().onopen.emit(target);
        }
    }

    pub(super) fn pointer_place(&self, event: &PointerEvent) -> Point {
        self.on_canvas(f64::from(event.client_x()), f64::from(event.client_y()))
    }

    /// Where a patch is drawn now.
    pub(super) fn patch_rect(&self, ctx: &Context<Self>, id: &PatchId) -> Option<Rect> {
        let patch = ctx.props().sketch.patch(id)?;
        rect_of(patch, &self.shown_layout().places)
    }
}
