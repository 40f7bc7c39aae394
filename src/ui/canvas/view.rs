//! The canvas: draws a scene, and reports what a person does with it.

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::{Element, HtmlElement, WheelEvent};
use yew::prelude::*;

use crate::ordered::{Map, Set};
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::gesture::Gesture;
use crate::ui::canvas::layout::{Flow, Layout, Pins};
use crate::ui::canvas::scene::{ItemId, NodeId, Scene, Target, Text, Verdict};
use crate::ui::canvas::signature::Signature;
use crate::ui::canvas::stage::Stage;
use crate::ui::canvas::viewport::{Viewport, ZOOM_STEP};
use crate::ui::canvas::words::CanvasWords;
use crate::ui::components::next_id;
use crate::ui::dom::{self, SizeObserver};
use crate::ui::shared::Shared;

#[derive(Properties, PartialEq)]
pub struct CanvasProps {
    pub scene: Shared<Scene>,
    /// Places that people gave.
    pub pins: Shared<Pins>,
    /// When it changes, everything is arranged afresh.
    #[prop_or_default]
    pub arrangement: u32,
    pub stage: Stage,
    pub words: Shared<CanvasWords>,
    #[prop_or_default]
    pub selected: Option<Target>,
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
    /// May an edge go from the first to the second?
    pub verdict: Callback<(NodeId, NodeId), Verdict>,
    pub onselect: Callback<Option<Target>>,
    #[prop_or_default]
    pub onhover: Callback<Option<Target>>,
    /// An edge is begun (from a node) or given up.
    pub onconnecting: Callback<Option<NodeId>>,
    /// An edge was drawn, and the verdict was good.
    pub onconnect: Callback<(NodeId, NodeId)>,
    /// An edge was refused, and why.
    #[prop_or_default]
    pub onrefused: Callback<Text>,
    /// A node was dragged or nudged to a place: one call per drag.
    pub onmove: Callback<(NodeId, Point)>,
    /// Enter or a double press: details, please.
    #[prop_or_default]
    pub onopen: Callback<Target>,
    #[prop_or_default]
    pub ondelete: Callback<Target>,
    /// Something was chosen from the menu of a node or edge.
    #[prop_or_default]
    pub onchoose: Callback<(Target, Text)>,
    /// The button that arranges everything afresh.
    #[prop_or_default]
    pub onarrange: Callback<()>,
    /// Every key the canvas has no use for, while it has the focus.
    #[prop_or_default]
    pub onkey: Callback<KeyboardEvent>,
    /// Drawn over the canvas, in a corner.
    #[prop_or_default]
    pub children: Html,
}

/// What happens to the canvas.
pub enum Msg {
    Resized(f64, f64),
    Wheel(WheelEvent),
    Down(PointerEvent),
    Move(PointerEvent),
    Up(PointerEvent),
    Cancel,
    Leave,
    DoublePress(MouseEvent),
    ContextMenu(MouseEvent),
    Key(KeyboardEvent),
    Focus(bool),
    Zoom(f64),
    Fit,
    Arrived,
    Choose(Text),
    CloseMenu,
}

/// An open menu: what it is about, and where in the window.
pub(super) struct OpenMenu {
    pub about: Target,
    pub at: Point,
}

/// A node in the hand: its place, and the drawing with it there.
pub(super) struct InHand {
    pub node: NodeId,
    pub at: Point,
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
    signature: Signature,
    pub(super) gesture: Gesture,
    pub(super) in_hand: Option<InHand>,
    /// Where the loose end of an edge is.
    pub(super) loose_end: Option<Point>,
    pub(super) refusal: Option<Text>,
    pub(super) menu: Option<OpenMenu>,
    pub(super) is_focused: bool,
    observers: Option<Observers>,
}

struct Observers {
    _size: Option<SizeObserver>,
    _wheel: EventListener,
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
            layout: Shared::new(Layout::arrange(&props.scene, &props.pins, flow, None)),
            signature: Signature::of(&props.scene),
            gesture: Gesture::Idle,
            in_hand: None,
            loose_end: None,
            refusal: None,
            menu: None,
            is_focused: false,
            observers: None,
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
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
            if let Ok(event) = wasm_bindgen::JsCast::dyn_into::<WheelEvent>(event.clone()) {
                turned.emit(event);
            }
        });
        self.observers = Some(Observers {
            _size: SizeObserver::new(&host, move |width, height| resized.emit((width, height))),
            _wheel: wheel,
        });
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &CanvasProps) -> bool {
        let props = ctx.props();
        let signature = Signature::of(&props.scene);
        let is_fresh = props.arrangement != old.arrangement;
        if is_fresh
            || signature != self.signature
            || props.pins != old.pins
            || props.flow != old.flow
        {
            self.signature = signature;
            self.arrange(props, is_fresh);
        }
        if props.selected != old.selected {
            self.bring_into_view(props.selected.as_ref());
        }
        if props.connecting != old.connecting {
            self.refusal = None;
            self.loose_end = None;
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Resized(width, height) => return self.resize(ctx, width, height),
            Msg::Wheel(event) => return self.wheel(&event),
            Msg::Down(event) => return self.pointer_down(&event),
            Msg::Move(event) => return self.pointer_move(ctx, &event),
            Msg::Up(event) => return self.pointer_up(ctx, &event),
            Msg::Cancel => self.drop_gesture(),
            Msg::Leave => ctx.props().onhover.emit(None),
            Msg::DoublePress(event) => return self.double_press(ctx, &event),
            Msg::ContextMenu(event) => return self.context_menu(ctx, &event),
            Msg::Key(event) => return self.key(ctx, &event),
            Msg::Focus(is_focused) => self.is_focused = is_focused,
            Msg::Zoom(factor) => {
                self.zoom(factor, Point::new(self.size.0 / 2.0, self.size.1 / 2.0))
            }
            Msg::Fit => self.fit(),
            Msg::Arrived => {}
            Msg::Choose(id) => {
                if let Some(menu) = self.menu.take() {
                    ctx.props().onchoose.emit((menu.about, id));
                }
            }
            Msg::CloseMenu => {
                self.menu = None;
                self.take_focus();
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.draw(ctx)
    }
}

impl Canvas {
    /// The arrangement as it is drawn now, with the node in the hand where the hand is.
    pub(super) fn shown_layout(&self) -> &Shared<Layout> {
        self.in_hand
            .as_ref()
            .map_or(&self.layout, |held| &held.layout)
    }

    fn arrange(&mut self, props: &CanvasProps, is_fresh: bool) {
        let flow = props.flow.unwrap_or_else(|| Flow::for_width(self.size.0));
        let previous = (!is_fresh).then_some(&*self.layout);
        self.layout = Shared::new(Layout::arrange(&props.scene, &props.pins, flow, previous));
        self.in_hand = None;
        let (width, height) = self.size;
        if !self.is_steered
            && (is_fresh || !self.viewport.shows_all(self.layout.bounds, width, height))
        {
            self.fit();
        }
    }

    fn resize(&mut self, ctx: &Context<Self>, width: f64, height: f64) -> bool {
        if self.size == (width, height) {
            return false;
        }
        self.size = (width, height);
        let flow = ctx.props().flow.unwrap_or_else(|| Flow::for_width(width));
        if flow != self.layout.flow {
            self.arrange(ctx.props(), true);
        }
        if !self.is_steered {
            self.fit();
        }
        true
    }

    pub(super) fn fit(&mut self) {
        self.viewport = Viewport::fit(self.layout.bounds, self.size.0, self.size.1);
        self.is_steered = false;
    }

    pub(super) fn zoom(&mut self, factor: f64, at: Point) {
        self.viewport = self.viewport.zoomed(factor, at);
        self.is_steered = true;
    }

    fn bring_into_view(&mut self, target: Option<&Target>) {
        let rect = target.and_then(|target| self.rect_of(target));
        if let Some(rect) = rect.filter(|_| self.size.0 > 0.0) {
            self.viewport = self.viewport.showing(rect, self.size.0, self.size.1);
        }
    }

    pub(super) fn rect_of(&self, target: &Target) -> Option<Rect> {
        let layout = self.shown_layout();
        match target {
            Target::Node(id) | Target::Item(id, _) => layout.places.get(id).map(|place| place.rect),
            Target::Edge(id) => layout.wires.get(id).map(|wire| wire.bounds()),
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
            event.prevent_default();
            self.zoom((-dy / 100.0 * ZOOM_STEP.ln()).exp(), at);
            return true;
        }
        // The page scrolls, unless the person works in the drawing.
        if !self.is_focused {
            return false;
        }
        event.prevent_default();
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

    /// Items still on their way, by the node they go to.
    pub(super) fn waiting(&self, ctx: &Context<Self>) -> Map<NodeId, Set<ItemId>> {
        ctx.props().stage.look().in_flight()
    }
}
