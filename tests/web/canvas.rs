//! The canvas draws a model it has never heard of, and reports what a person does with it.

use std::cell::Cell;

use mq_playground::ordered::Set;
use mq_playground::ui::canvas::geometry::Point;
use mq_playground::ui::canvas::layout::Pins;
use mq_playground::ui::canvas::scene::{EdgeId, End, NodeId, Target, Text};
use mq_playground::ui::canvas::sketch::SketchChange;
use mq_playground::ui::canvas::{Canvas, Stage};
use mq_playground::ui::choreography::Motion;
use mq_playground::ui::shared::Shared;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, KeyboardEvent, KeyboardEventInit, PointerEvent, PointerEventInit};
use yew::prelude::*;

use crate::mount::{Heard, Mounted, mount};
use crate::warehouse::{rewirable, sketch, stage, verdict, warehouse, words};

/// Everything the canvas can report, and the canvas.
struct Warehouse {
    mounted: Mounted,
    selected: Heard<Option<Target>>,
    connected: Heard<(NodeId, NodeId)>,
    refused: Heard<Text>,
    moved: Heard<Vec<(NodeId, Point)>>,
    picked: Heard<Vec<Target>>,
    rewired: Heard<(EdgeId, End, NodeId)>,
    relabelled: Heard<(EdgeId, Text)>,
    loose: Heard<(NodeId, Text, Point)>,
    sketched: Heard<SketchChange>,
    deleted: Heard<Vec<Target>>,
    /// Whether Shift is held.
    shifted: Cell<bool>,
}

async fn open(stage: Stage, selected: Option<&str>, connecting: Option<&str>) -> Warehouse {
    let (heard, connected, refused, moved) =
        (Heard::new(), Heard::new(), Heard::new(), Heard::new());
    let (picked, rewired, relabelled) = (Heard::new(), Heard::new(), Heard::new());
    let (loose, sketched, deleted) = (Heard::new(), Heard::new(), Heard::new());
    let selected = selected.map(target);
    let chosen: Set<Target> = selected.iter().cloned().collect();
    let mounted = mount(html! {
        <Canvas
            scene={Shared::new(warehouse())} pins={Shared::new(Pins::new())} {stage} words={words()} sketch={sketch()}
            {selected} chosen={Shared::new(chosen)} connecting={connecting.map(NodeId::from)}
            verdict={Callback::from(verdict)} rewirable={Some(Callback::from(rewirable))}
            onselect={heard.callback()} onconnecting={Callback::noop()}
            onconnect={connected.callback()} onrefused={refused.callback()} onmove={moved.callback()}
            onpick={picked.callback()} onrewire={rewired.callback()} onlabel={relabelled.callback()}
            onloose={loose.callback()} onsketch={sketched.callback()} ondelete={deleted.callback()}
        />
    })
    .await;
    Warehouse {
        mounted,
        selected: heard,
        connected,
        refused,
        moved,
        picked,
        rewired,
        relabelled,
        loose,
        sketched,
        deleted,
        shifted: Cell::new(false),
    }
}

/// A place, a belt when it has an arrow, or a note when it is a number.
fn target(id: &str) -> Target {
    if id.contains('>') {
        Target::Edge(id.into())
    } else if id.parse::<u32>().is_ok() {
        Target::Patch(id.into())
    } else {
        Target::Node(id.into())
    }
}

impl Warehouse {
    fn count(&self, selector: &str) -> u32 {
        self.mounted
            .element
            .query_selector_all(selector)
            .expect("well written")
            .length()
    }

    async fn key(&self, key: &str, alt: bool) {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_alt_key(alt);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init)
            .expect("a key event");
        let ground = self.mounted.find::<Element>(".canvas-ground");
        ground.dispatch_event(&event).expect("the element is there");
        yew::scheduler::flush().await;
    }

    async fn key_on(&self, selector: &str, key: &str) {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init)
            .expect("a key event");
        let element = self.mounted.find::<Element>(selector);
        element
            .dispatch_event(&event)
            .expect("the element is there");
        yew::scheduler::flush().await;
    }

    async fn ctrl_key(&self, key: &str) {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_ctrl_key(true);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init)
            .expect("a key event");
        let ground = self.mounted.find::<Element>(".canvas-ground");
        ground.dispatch_event(&event).expect("the element is there");
        yew::scheduler::flush().await;
    }

    async fn pointer(&self, selector: &str, kind: &str, x: i32, y: i32) {
        let init = PointerEventInit::new();
        init.set_shift_key(self.shifted.get());
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_client_x(x);
        init.set_client_y(y);
        let event = PointerEvent::new_with_event_init_dict(kind, &init).expect("a pointer event");
        let element = self.mounted.find::<Element>(selector);
        element
            .dispatch_event(&event)
            .expect("the element is there");
        yew::scheduler::flush().await;
    }

    async fn press(&self, selector: &str) {
        self.pointer(selector, "pointerdown", 0, 0).await;
        self.pointer(selector, "pointerup", 0, 0).await;
    }
}

#[wasm_bindgen_test]
async fn every_place_and_belt_of_a_warehouse_is_drawn_under_its_name() {
    let shown = open(Stage::default(), None, None).await;
    let scene = warehouse();
    assert_eq!(shown.count("[data-node]"), scene.nodes.len() as u32);
    assert_eq!(
        shown.count("[data-edge] .edge-line"),
        scene.edges.len() as u32
    );
    assert_eq!(shown.count("path[d*='NaN']"), 0);
    let text = shown.mounted.element.text_content().unwrap_or_default();
    for word in [
        "asia.订单",
        "weight.over.20",
        "fleet · depot 1",
        "1\u{202f}330",
    ] {
        assert!(text.contains(word), "{word} is missing");
    }
    let heavy = shown
        .mounted
        .find::<Element>("[data-node='hheavy'] [role='button']");
    assert_eq!(
        heavy.get_attribute("aria-label").as_deref(),
        Some("Shelf heavy, 4 here")
    );
}

#[wasm_bindgen_test]
async fn the_drawing_is_one_tab_stop_and_needs_no_style_attribute() {
    let shown = open(Stage::default(), Some("hheavy"), None).await;
    assert_eq!(shown.count(".canvas-ground[tabindex='0']"), 1);
    assert_eq!(shown.count(".canvas-ground [tabindex]"), 0);
    assert_eq!(shown.count("[style]"), 0);
    let ground = shown.mounted.find::<Element>(".canvas-ground");
    let active = ground
        .get_attribute("aria-activedescendant")
        .expect("something is selected");
    assert_eq!(shown.count(&format!("[data-node='hheavy'] #{active}")), 1);
}

#[wasm_bindgen_test]
async fn keys_walk_from_place_to_place_and_move_them() {
    let shown = open(Stage::default(), Some("gnorth"), None).await;
    shown.key("ArrowRight", false).await;
    shown.key("]", false).await;
    shown.key("Escape", false).await;
    let edge = Target::Edge("gnorth>sweight>".into());
    assert_eq!(
        shown.selected.all(),
        [Some(Target::Node("sweight".into())), Some(edge), None]
    );
    shown.key("ArrowDown", true).await;
    assert_eq!(shown.moved.all().len(), 1);
}

#[wasm_bindgen_test]
async fn a_belt_is_drawn_where_it_may_be_and_refused_with_a_reason_elsewhere() {
    let shown = open(Stage::default(), None, Some("sweight")).await;
    assert!(shown.count(".node.is-valid") > 0 && shown.count(".node.is-invalid") > 0);
    shown.press("[data-node='gsouth']").await;
    assert_eq!(shown.connected.all(), []);
    assert_eq!(
        shown.refused.all(),
        [Text::from("Nothing can be brought back to a gate.")]
    );
    let hint = shown.mounted.find::<Element>(".canvas-hint");
    assert!(
        hint.text_content()
            .unwrap_or_default()
            .contains("brought back to a gate")
    );
    shown.press("[data-node='heurope']").await;
    assert_eq!(
        shown.connected.all(),
        [(NodeId::from("sweight"), NodeId::from("heurope"))]
    );
}

#[wasm_bindgen_test]
async fn a_press_selects_and_a_drag_moves_once() {
    let shown = open(Stage::default(), None, None).await;
    shown.press("[data-node='hheavy'] [data-item='#2']").await;
    assert_eq!(
        shown.selected.all(),
        [Some(Target::Item("hheavy".into(), "#2".into()))]
    );
    shown
        .pointer("[data-node='heurope']", "pointerdown", 0, 0)
        .await;
    for step in 1..5 {
        shown
            .pointer("[data-node='heurope']", "pointermove", step * 20, 0)
            .await;
    }
    shown
        .pointer("[data-node='heurope']", "pointerup", 80, 0)
        .await;
    assert_eq!(shown.moved.all().len(), 1);
    assert_eq!(shown.selected.all().len(), 1, "a drag is no press");
}

#[wasm_bindgen_test]
async fn the_place_of_a_flying_parcel_stays_empty_until_it_lands() {
    let stage = stage();
    let shown = open(stage.clone(), None, None).await;
    assert_eq!(shown.count("[data-node='hheavy'] [data-item]"), 4);
    assert_eq!(
        shown.count("[data-node='hheavy'] [data-item].is-waiting"),
        1
    );
    // With less motion nothing flies, so it is there with the next frame.
    stage.set_motion(Motion::Counting);
    next_frame().await;
    yew::scheduler::flush().await;
    assert_eq!(shown.count(".is-waiting"), 0);
}

#[wasm_bindgen_test]
async fn an_end_of_a_belt_is_moved_by_two_presses_and_refused_where_it_may_not_be() {
    let belt = "sregion>heurope>eu.*";
    let shown = open(Stage::default(), Some(belt), None).await;
    let grip = format!("[data-edge='{belt}'] [data-end='to']");
    assert_eq!(shown.count("[data-edge] [data-end='from']"), 0);
    shown.press(&grip).await;
    assert!(shown.count(".node.is-valid") > 0 && shown.count(".socket") > 0);
    shown.press("[data-node='gnorth']").await;
    assert_eq!(
        shown.refused.all(),
        [Text::from("Nothing can be brought back to a gate.")]
    );
    shown.press(&grip).await;
    shown.press("[data-node='hheavy']").await;
    assert_eq!(
        shown.rewired.all(),
        [(EdgeId::from(belt), End::To, NodeId::from("hheavy"))]
    );
}

#[wasm_bindgen_test]
async fn the_sign_of_a_belt_is_rewritten_where_it_hangs() {
    let shown = open(Stage::default(), Some("sregion>heurope>eu.*"), None).await;
    shown.key("F2", false).await;
    let pen = shown
        .mounted
        .find::<web_sys::HtmlInputElement>(".canvas-pen");
    assert_eq!(pen.value(), "eu.*");
    pen.set_value("eu.#");
    shown.key_on(".canvas-pen", "Enter").await;
    assert_eq!(
        shown.relabelled.all(),
        [("sregion>heurope>eu.*".into(), Text::from("eu.#"))]
    );
    assert_eq!(shown.count(".canvas-pen"), 0);
    // Escape writes nothing.
    shown.key("F2", false).await;
    shown.key_on(".canvas-pen", "Escape").await;
    assert_eq!(shown.relabelled.all().len(), 1);
}

#[wasm_bindgen_test]
async fn a_belt_let_go_over_nothing_asks_what_it_should_lead_to() {
    let shown = open(Stage::default(), None, Some("sweight")).await;
    shown.press(".canvas-drawing").await;
    let choice = shown
        .mounted
        .find::<web_sys::HtmlElement>("[role='menu'] [role='menuitem']");
    assert_eq!(choice.text_content().as_deref(), Some("A new shelf"));
    choice.click();
    yew::scheduler::flush().await;
    let loose = shown.loose.all();
    assert_eq!(loose.len(), 1);
    assert_eq!((loose[0].0.as_str(), &*loose[0].1), ("sweight", "shelf"));
}

#[wasm_bindgen_test]
async fn several_places_are_marked_by_shift_and_all_of_them_by_a_key() {
    let shown = open(Stage::default(), Some("hheavy"), None).await;
    shown.shifted.set(true);
    shown.press("[data-node='heurope']").await;
    let both = [target("hheavy"), target("heurope")];
    assert_eq!(shown.picked.all(), [both.to_vec()]);
    shown.shifted.set(false);
    shown.ctrl_key("a").await;
    let all = shown.picked.all().pop().unwrap_or_default();
    assert_eq!(
        all.len(),
        warehouse().nodes.len() + 1,
        "places and the note"
    );
}

#[wasm_bindgen_test]
async fn notes_and_ropes_hang_on_the_drawing_and_are_written_and_taken_down() {
    let shown = open(Stage::default(), Some("1"), None).await;
    assert_eq!(shown.count(".patch-note") + shown.count(".patch-frame"), 2);
    let text = shown.mounted.element.text_content().unwrap_or_default();
    assert!(text.contains("The scales are being repaired."));
    shown.key("Enter", false).await;
    let pen = shown
        .mounted
        .find::<web_sys::HtmlTextAreaElement>("textarea.canvas-pen");
    pen.set_value("Mended.");
    pen.blur().expect("it is on the page");
    yew::scheduler::flush().await;
    assert_eq!(
        shown.sketched.all(),
        [SketchChange::Write("1".into(), "Mended.".into())]
    );
    shown.key("Delete", false).await;
    assert_eq!(shown.deleted.all(), [vec![target("1")]]);
}

#[wasm_bindgen_test]
async fn from_far_away_less_is_drawn_and_outside_of_the_window_nothing() {
    let shown = open(Stage::default(), None, None).await;
    let near = shown.count("[data-item]");
    assert!(near > 10 && shown.count(".item-level") > 0);
    for _ in 0..12 {
        shown.key("-", false).await;
    }
    assert_eq!(shown.count("[data-item]"), 0, "nobody can read them");
    assert_eq!(shown.count("[data-node]"), warehouse().nodes.len() as u32);
}

/// Waits until the browser has painted once more.
async fn next_frame() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let window = web_sys::window().expect("these tests run in a page");
        // Two frames: the first one is shared with what is waited for.
        let inner = wasm_bindgen::closure::Closure::once_into_js(move || {
            let window = web_sys::window().expect("these tests run in a page");
            window
                .request_animation_frame(&resolve)
                .expect("a visible page paints");
        });
        window
            .request_animation_frame(wasm_bindgen::JsCast::unchecked_ref(&inner))
            .expect("a visible page paints");
    });
    wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .expect("a frame comes");
}
