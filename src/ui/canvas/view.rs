//! The canvas: draws a scene, and reports what a person does with it.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, WheelEvent};
use yew::prelude::*;

use crate::ordered::Set;
use crate::ui::canvas::chunks::{DrawnEdges, DrawnNodes};
use crate::ui::canvas::cover::Cover;
use crate::ui::canvas::fingers::{fingers, has_focus};
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::gesture::Gesture;
use crate::ui::canvas::layout::{Flow, Layout, Pins};
use crate::ui::canvas::menus::OpenMenu;
use crate::ui::canvas::message::Msg;
use crate::ui::canvas::scene::{
    Choice, EdgeId, End, NodeId, PatchId, Scene, Target, Text, Verdict,
};
use crate::ui::canvas::signature;
use crate::ui::canvas::sketch::{Sketch, SketchChange};
use crate::ui::canvas::stage::Stage;
use crate::ui::canvas::steady::{Steady, pins_for};
use crate::ui::canvas::turns::{Order, Turns};
use crate::ui::canvas::viewport::{Viewport, ZOOM_STEP};
use crate::ui::canvas::words::CanvasWords;
use crate::ui::canvas::writing::Writing;
use crate::ui::components::next_id;
use crate::ui::dom::{self, SizeObserver};
use crate::ui::shared::Shared;

/// Where a question about the drawing is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Anchor {
    At(Point),
    /// On the way from one node to another; an edge in dashes shows what is asked about.
    Between(NodeId, NodeId),
}

/// A question on the drawing.
#[derive(Clone, PartialEq)]
pub struct Question {
    pub anchor: Anchor,
    pub label: AttrValue,
    pub content: Html,
    pub onclose: Callback<()>,
}

#[derive(Properties, PartialEq)]
pub struct CanvasProps {
    pub scene: Shared<Scene>,
    /// Places that people gave.
    pub pins: Shared<Pins>,
    /// Those among them that were made for a drawing that flows from the left: where it flows from above they say nothing.
    #[prop_or_default]
    pub given: Shared<Pins>,
    /// Notes and frames that people made.
    #[prop_or_default]
    pub sketch: Shared<Sketch>,
    /// When it changes, everything is arranged afresh.
    #[prop_or_default]
    pub arrangement: u32,
    pub stage: Stage,
    pub words: Shared<CanvasWords>,
    #[prop_or_default]
    pub selected: Option<Target>,
    /// Everything that is selected, that one among it.
    #[prop_or_default]
    pub chosen: Shared<Set<Target>>,
    #[prop_or_default]
    pub hovered: Option<Target>,
    /// What something elsewhere is about.
    #[prop_or_default]
    pub lit: Shared<Set<Target>>,
    /// The node from which an edge is being drawn.
    #[prop_or_default]
    pub connecting: Option<NodeId>,
    /// Without it the flow follows the width.
    #[prop_or_default]
    pub flow: Option<Flow>,
    /// One finger moves the drawing too: there is no page around it that could be scrolled.
    #[prop_or_default]
    pub is_alone: bool,
    /// It is for watching: nothing can be moved, drawn or written.
    #[prop_or_default]
    pub is_fixed: bool,
    /// May an edge go from the first to the second?
    pub verdict: Callback<(NodeId, NodeId), Verdict>,
    /// May that end of an edge go to that node?
    #[prop_or_default]
    pub rewirable: Option<Callback<(EdgeId, End, NodeId), Verdict>>,
    pub onselect: Callback<Option<Target>>,
    /// Several things are selected instead of those before.
    #[prop_or_default]
    pub onpick: Callback<Vec<Target>>,
    #[prop_or_default]
    pub onhover: Callback<Option<Target>>,
    /// An edge is begun (from a node) or given up.
    pub onconnecting: Callback<Option<NodeId>>,
    /// An edge was drawn, and the verdict was good.
    pub onconnect: Callback<(NodeId, NodeId)>,
    /// An edge was let go over empty space, and what it should lead to was chosen from the node's `leads`.
    #[prop_or_default]
    pub onloose: Callback<(NodeId, Text, Point)>,
    /// An end of an edge was moved to another node, and the verdict was good.
    #[prop_or_default]
    pub onrewire: Callback<(EdgeId, End, NodeId)>,
    /// The label of an edge was written anew.
    #[prop_or_default]
    pub onlabel: Callback<(EdgeId, Text)>,
    /// What the next press means now, for the page's voice.
    #[prop_or_default]
    pub onhint: Callback<AttrValue>,
    /// Whether a press now leads an edge or places something, instead of selecting.
    #[prop_or_default]
    pub onleading: Callback<bool>,
    /// Something was to be changed on a canvas that is for watching.
    #[prop_or_default]
    pub onlocked: Callback<()>,
    /// An edge was refused, and why.
    #[prop_or_default]
    pub onrefused: Callback<Text>,
    /// Nodes were dragged or nudged to places: one call per gesture.
    pub onmove: Callback<Vec<(NodeId, Point)>>,
    #[prop_or_default]
    pub onmovepatch: Callback<(PatchId, Point)>,
    #[prop_or_default]
    pub onsketch: Callback<SketchChange>,
    /// Enter or a double press: details, please.
    #[prop_or_default]
    pub onopen: Callback<Target>,
    /// Everything that is selected is to go.
    #[prop_or_default]
    pub ondelete: Callback<Vec<Target>>,
    /// Something was chosen from the menu of a node or edge.
    #[prop_or_default]
    pub onchoose: Callback<(Target, Text)>,
    /// The menu of empty space, and what was chosen from it, where.
    #[prop_or_default]
    pub ground: Shared<Vec<Choice>>,
    #[prop_or_default]
    pub onground: Callback<(Text, Point)>,
    /// The menu of several things, and what was chosen from it.
    #[prop_or_default]
    pub many: Shared<Vec<Choice>>,
    #[prop_or_default]
    pub onmany: Callback<Text>,
    /// A part was dragged here from elsewhere on the page.
    #[prop_or_default]
    pub onpart: Callback<(Text, Point)>,
    /// Copy and cut: gives the text. Paste: gets it, with the place in the middle of what is seen.
    #[prop_or_default]
    pub oncopy: Option<Callback<bool, Option<String>>>,
    #[prop_or_default]
    pub onpaste: Callback<(String, Point)>,
    /// Everything stands somewhere else now.
    #[prop_or_default]
    pub onplaced: Callback<Shared<Layout>>,
    /// The button that arranges everything afresh.
    #[prop_or_default]
    pub onarrange: Callback<()>,
    /// Every key the canvas has no use for, while it has the focus.
    #[prop_or_default]
    pub onkey: Callback<KeyboardEvent>,
    /// A question at its place on the drawing.
    #[prop_or_default]
    pub question: Option<Question>,
    /// What may lie over the canvas: what is selected is moved out from under it.
    #[prop_or_default]
    pub over: NodeRef,
    /// Drawn over the canvas, in a corner.
    #[prop_or_default]
    pub children: Html,
}

/// What the next press means.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Mode {
    #[default]
    Idle,
    /// Presses add to the selection, drags mark an area.
    Marking,
    /// It says where an end of an edge goes.
    Rewiring(EdgeId, End),
    /// It says where these nodes go.
    Placing(Vec<NodeId>),
}

/// What is in the hand: nodes and notes with their places, and the drawing with the nodes there.
pub(super) struct InHand {
    pub moves: Vec<(NodeId, Point)>,
    pub notes: Vec<(PatchId, Point)>,
    pub layout: Shared<Layout>,
}

/// The canvas.
pub struct Canvas {
    pub(super) host: NodeRef,
    pub(super) prefix: AttrValue,
    pub(super) size: (f64, f64),
    pub(super) viewport: Viewport,
    /// A person has chosen what to see; from then on nothing is fitted by itself.
    pub(super) is_steered: bool,
    pub(super) layout: Shared<Layout>,
    pub(super) gesture: Gesture,
    pub(super) mode: Mode,
    /// The area that is being marked, in the drawing.
    pub(super) marked: Option<Rect>,
    /// The fingers that are down, on the canvas.
    pub(super) fingers: Vec<(i32, Point)>,
    pub(super) long_press: Option<Timeout>,
    pub(super) writing: Option<Writing>,
    /// The pen goes on this patch as soon as it is there.
    pub(super) write_soon: Option<PatchId>,
    pub(super) shows_map: bool,
    /// The arrangement of which the page was told.
    told: Option<Shared<Layout>>,
    pub(super) in_hand: Option<InHand>,
    /// Where the loose end of an edge is.
    pub(super) loose_end: Option<Point>,
    pub(super) refusal: Option<Text>,
    pub(super) menu: Option<OpenMenu>,
    pub(super) is_focused: bool,
    turns: Turns<Msg>,
    /// The edges as they were drawn last.
    pub(super) drawn_edges: RefCell<DrawnEdges>,
    pub(super) drawn_nodes: RefCell<DrawnNodes>,
    pub(super) steady: Steady,
    pub(super) cover: Cover,
    /// What the voice was told last.
    pub(super) hint_told: String,
    pub(super) leading_told: bool,
    observers: Option<Observers>,
}

struct Observers {
    _size: Option<SizeObserver>,
    _wheel: EventListener,
    _fingers: EventListener,
}

impl Component for Canvas {
    type Message = Msg;
    type Properties = CanvasProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let flow = props.flow.unwrap_or_default();
        Canvas {
            host: NodeRef::default(),
            prefix: next_id(),
            size: (0.0, 0.0),
            viewport: Viewport::default(),
            is_steered: false,
            layout: Shared::new(Layout::arrange(
                &props.scene,
                &pins_for(flow, &props.pins, &props.given),
                flow,
                None,
            )),
            gesture: Gesture::Idle,
            mode: Mode::Idle,
            marked: None,
            fingers: Vec::new(),
            long_press: None,
            writing: None,
            write_soon: None,
            shows_map: true,
            told: None,
            in_hand: None,
            loose_end: None,
            refusal: None,
            menu: None,
            is_focused: false,
            turns: Turns::default(),
            drawn_edges: RefCell::default(),
            drawn_nodes: RefCell::default(),
            steady: Steady::default(),
            cover: Cover::default(),
            hint_told: String::new(),
            leading_told: false,
            observers: None,
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if self.told.as_ref() != Some(&self.layout) {
            self.told = Some(self.layout.clone());
            ctx.props().onplaced.emit(self.layout.clone());
        }
        if self.turns.drawn() {
            ctx.link().send_message(Msg::Turn);
        }
        self.tell_mode(ctx.props());
        if self.cover.about != ctx.props().selected {
            self.attend(ctx);
        }
        if !first_render {
            return;
        }
        let Some(host) = self.host.cast::<Element>() else {
            return;
        };
        let resized = ctx
            .link()
            .callback(|(width, height)| Msg::Resized(width, height));
        let turned = ctx.link().callback(Msg::Wheel);
        let wheel = dom::listen_active(&host, "wheel", move |event| {
            if let Ok(event) = event.clone().dyn_into::<WheelEvent>() {
                // Now, for a busy page hears of it when it is too late: the page zooms with Ctrl, and scrolls unless the
                // person works in the drawing.
                if event.ctrl_key() || event.meta_key() || has_focus(&event) {
                    event.prevent_default();
                }
                turned.emit(event);
            }
        });
        self.observers = Some(Observers {
            _size: SizeObserver::new(&host, move |width, height| resized.emit((width, height))),
            _wheel: wheel,
            _fingers: fingers(&host),
        });
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &CanvasProps) -> bool {
        let props = ctx.props();
        self.drawn_nodes.get_mut().forget();
        let is_fresh = props.arrangement != old.arrangement;
        if is_fresh
            || signature::differs(&props.scene, &old.scene, &self.layout)
            || props.pins != old.pins
            || props.flow != old.flow
        {
            self.arrange(ctx, is_fresh);
        }
        if props.sketch != old.sketch {
            self.in_hand.take_if(|held| held.moves.is_empty());
            self.follow_extent(ctx);
            let patch = self
                .write_soon
                .take_if(|id| props.sketch.patch(id).is_some());
            if let Some(id) = patch {
                self.begin_writing(ctx, &Target::Patch(id));
            }
        }
        if props.selected != old.selected {
            self.bring_into_view(ctx, props.selected.as_ref());
        }
        self.leave_modes_of_what_is_gone(props);
        if props.connecting != old.connecting {
            self.refusal = None;
            self.loose_end = None;
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let order = msg.order();
        let mut next = match msg {
            Msg::Turn => self.turns.next(),
            msg => self.turns.admit(msg, order),
        };
        let mut draws = false;
        while let Some(msg) = next {
            let is_turn = msg.order() == Order::Turn;
            let changed = self.act(ctx, msg);
            draws |= changed;
            next = self.turns.after(is_turn && changed);
        }
        draws
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.draw(ctx)
    }
}

impl Canvas {
    fn act(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        if !self.only_looks_elsewhere(&msg) {
            self.drawn_nodes.get_mut().forget();
        }
        match msg {
            Msg::Resized(width, height) => return self.resize(ctx, width, height),
            Msg::Wheel(event) => return self.wheel(&event),
            Msg::Down(hit, event) => return self.pointer_down(ctx, hit, &event),
            Msg::Move(event) => return self.pointer_move(ctx, &event),
            Msg::Up(event) => return self.pointer_up(ctx, &event),
            Msg::Cancel(event) => {
                self.finger_up(event.pointer_id());
                self.drop_gesture();
            }
            Msg::LongPress(target, at) => return self.long_press(ctx, target, at),
            Msg::Leave => {
                self.aim_elsewhere();
                ctx.props().onhover.emit(None);
            }
            Msg::DoublePress(target) => self.double_press(ctx, target),
            Msg::ContextMenu(target, at) => return self.open_menu_of(ctx, target, at),
            Msg::Key(command) => self.obey(ctx, command),
            Msg::Turn => return false,
            Msg::Focus(is_focused) => self.is_focused = is_focused,
            Msg::Zoom(factor) => {
                self.zoom(factor, Point::new(self.size.0 / 2.0, self.size.1 / 2.0))
            }
            Msg::Fit => self.fit(ctx),
            Msg::Settle => self.settle(ctx),
            Msg::Uncover => return self.uncover(ctx),
            Msg::Go(at) => {
                self.viewport = self.viewport.centered(at, self.size.0, self.size.1);
                self.is_steered = true;
            }
            Msg::ToggleMarking => {
                self.mode = match self.mode {
                    Mode::Marking => Mode::Idle,
                    _ => Mode::Marking,
                };
            }
            Msg::ToggleMap => self.shows_map = !self.shows_map,
            Msg::Dropped(part, at) => self.dropped(ctx, part, at),
            Msg::Pasted(text) => ctx.props().onpaste.emit((text, self.middle_of_view())),
            Msg::Arrived => {}
            Msg::Choose(id) => self.choose(ctx, &id),
            Msg::CloseMenu => {
                self.menu = None;
                self.take_focus();
            }
            Msg::Written(text) => {
                self.end_writing(ctx, text);
                self.take_focus();
            }
        }
        true
    }

    /// The arrangement as it is drawn now, with the node in the hand where the hand is.
    pub(super) fn shown_layout(&self) -> &Shared<Layout> {
        self.in_hand
            .as_ref()
            .map_or(&self.layout, |held| &held.layout)
    }

    pub(super) fn zoom(&mut self, factor: f64, at: Point) {
        self.viewport = self.viewport.zoomed(factor, at);
        self.is_steered = true;
    }

    /// An end that is being moved, nodes that are being placed: only while they stand.
    fn leave_modes_of_what_is_gone(&mut self, props: &CanvasProps) {
        let stands = match &self.mode {
            Mode::Idle | Mode::Marking => true,
            Mode::Rewiring(edge, _) => props.scene.edge(edge).is_some(),
            Mode::Placing(nodes) => nodes.iter().all(|id| props.scene.node(id).is_some()),
        };
        if !stands {
            self.mode = Mode::Idle;
            self.drop_gesture();
        }
        self.writing.take_if(|writing| match &writing.about {
            Target::Edge(id) => props.scene.edge(id).is_none(),
            Target::Patch(id) => props.sketch.patch(id).is_none(),
            Target::Node(_) | Target::Group(_) | Target::Item(..) => true,
        });
    }

    fn bring_into_view(&mut self, ctx: &Context<Self>, target: Option<&Target>) {
        let rect = target.and_then(|target| self.rect_of(ctx, target));
        if let Some(rect) = rect.filter(|_| self.size.0 > 0.0) {
            self.viewport = self.viewport.showing(rect, self.size.0, self.size.1);
        }
    }

    pub(super) fn rect_of(&self, ctx: &Context<Self>, target: &Target) -> Option<Rect> {
        let layout = self.shown_layout();
        match target {
            Target::Node(id) | Target::Item(id, _) => layout.places.get(id).map(|place| place.rect),
            Target::Edge(id) => layout.wires.get(id).map(|wire| wire.bounds),
            Target::Patch(id) => self.patch_rect(ctx, id),
            Target::Group(id) => layout
                .outlines
                .iter()
                .find(|outline| outline.group.id == *id)
                .map(|outline| outline.rect),
        }
    }

    /// Gives the canvas the focus, from wherever it is.
    pub(super) fn take_focus(&self) {
        if let Some(host) = self.host.cast::<HtmlElement>() {
            // A canvas that is leaving the page needs no focus.
            let _ = host.focus();
        }
    }

    /// A place in the window as one on the canvas.
    pub(super) fn on_canvas(&self, client_x: f64, client_y: f64) -> Point {
        let rect = self
            .host
            .cast::<Element>()
            .map(|host| host.get_bounding_client_rect());
        rect.map_or(Point::default(), |rect| {
            Point::new(client_x - rect.left(), client_y - rect.top())
        })
    }

    /// A place on the canvas as one in the window.
    pub(super) fn in_window(&self, at: Point) -> Point {
        let rect = self
            .host
            .cast::<Element>()
            .map(|host| host.get_bounding_client_rect());
        rect.map_or(at, |rect| at.shifted(rect.left(), rect.top()))
    }

    fn wheel(&mut self, event: &WheelEvent) -> bool {
        let at = self.on_canvas(f64::from(event.client_x()), f64::from(event.client_y()));
        // One notch is about 100 pixels, or 3 lines where the browser counts in lines.
        let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL {
            1.0
        } else {
            33.0
        };
        let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
        if event.ctrl_key() || event.meta_key() {
            self.zoom((-dy / 100.0 * ZOOM_STEP.ln()).exp(), at);
            return true;
        }
        // The page scrolls, unless the person works in the drawing.
        if !self.is_focused {
            return false;
        }
        let (dx, dy) = if event.shift_key() && dx == 0.0 {
            (dy, 0.0)
        } else {
            (dx, dy)
        };
        self.viewport = self.viewport.panned(-dx, -dy);
        self.is_steered = true;
        true
    }

    /// Tries to end an edge; tells why if it may not be.
    pub(super) fn try_connect(&mut self, ctx: &Context<Self>, from: &NodeId, to: &NodeId) {
        let props = ctx.props();
        match props.verdict.emit((from.clone(), to.clone())) {
            Ok(()) => {
                self.refusal = None;
                self.loose_end = None;
                props.onconnecting.emit(None);
                props.onconnect.emit((from.clone(), to.clone()));
            }
            Err(why) => {
                self.refusal = Some(Rc::clone(&why));
                props.onrefused.emit(why);
            }
        }
    }

    /// Tries to end the moving of an edge's end; tells why if it may not be there.
    pub(super) fn end_rewiring(
        &mut self,
        ctx: &Context<Self>,
        edge: &EdgeId,
        end: End,
        to: Option<&NodeId>,
    ) {
        let props = ctx.props();
        self.loose_end = None;
        self.mode = Mode::Idle;
        let Some(to) = to else {
            return;
        };
        let stood = props.scene.edge(edge).map(|edge| match end {
            End::From => &edge.from,
            End::To => &edge.to,
        });
        if stood == Some(to) {
            return;
        }
        let asked = (edge.clone(), end, to.clone());
        match &props.rewirable {
            Some(rewirable) => match rewirable.emit(asked.clone()) {
                Ok(()) => props.onrewire.emit(asked),
                Err(why) => props.onrefused.emit(why),
            },
            None => props.onrewire.emit(asked),
        }
    }
}
