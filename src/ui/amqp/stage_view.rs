//! The canvas with RabbitMQ's meaning: gestures become methods, forms and questions.

use yew::prelude::*;

use crate::engine::{Journey, WorldEvent};
use crate::ordered::Set;
use crate::ui::amqp::forms::binding::BindingForm;
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::panels::sheet_of;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::verbs;
use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::{NodeId, Target, Text, Tone};
use crate::ui::canvas::{Canvas, CanvasWords, Stage};
use crate::ui::shared::Shared;
use crate::ui::store::Action;
use crate::ui::text::Texts;

#[derive(Properties, PartialEq)]
pub struct StageViewProps {
    pub picture: Shared<Picture>,
    pub stage: Stage,
    pub pins: Shared<Pins>,
    pub arrangement: u32,
    pub selected: Option<Target>,
    pub hovered: Option<Target>,
    pub connecting: Option<NodeId>,
    /// A binding was drawn and still has a question to answer.
    pub onwire: Callback<BindingForm>,
    /// Details are wanted: the side should take the focus.
    pub ondetails: Callback<()>,
}

fn canvas_words(t: &Texts) -> CanvasWords {
    CanvasWords {
        label: t.canvas_name.into(),
        instruction: t.canvas_instruction.into(),
        connecting: t.wire_hint.into(),
        zoom_in: t.canvas_zoom_in.into(),
        zoom_out: t.canvas_zoom_out.into(),
        fit: t.canvas_fit.into(),
        arrange: t.canvas_arrange.into(),
        legend: t.canvas_legend.into(),
        menu: t.canvas_menu.into(),
        handle: t.canvas_handle.into(),
    }
}

/// The canvas.
#[component]
pub fn StageView(props: &StageViewProps) -> Html {
    let page = use_page();
    let words = use_memo(page.lang, |lang| Shared::new(canvas_words(lang.texts())));
    let picture = &props.picture;
    let journey = picture.journey.as_ref();
    let way = journey.map(|journey| (journey.message.id, journey.entries.len()));
    let lit = use_memo((picture.line, picture.cursor.index, way), |_| {
        Shared::new(lit(picture))
    });
    let with_picture = |act: fn(&Page, &Picture, Target)| {
        let picture = picture.clone();
        page.on(move |page, target: Target| act(page, &picture, target))
    };
    let verdict = {
        let (picture, t) = (picture.clone(), page.t());
        Callback::from(move |(from, to): (NodeId, NodeId)| verbs::verdict(&picture, &from, &to, t))
    };
    let onconnect = {
        let (picture, onwire) = (picture.clone(), props.onwire.clone());
        page.on(move |page, (from, to): (NodeId, NodeId)| {
            if let Some(form) = verbs::connect(page, &picture, &from, &to) {
                onwire.emit(form);
            }
        })
    };
    let onchoose = {
        let picture = picture.clone();
        page.on(move |page, (target, choice): (Target, Text)| {
            verbs::choose(page, &picture, &target, &choice);
        })
    };
    let onkey = {
        let (picture, selected) = (picture.clone(), props.selected.clone());
        page.on(move |page, event: KeyboardEvent| letter(page, &picture, selected.as_ref(), &event))
    };
    let send = |action: fn(Option<NodeId>) -> Action<Picture>| {
        page.on(move |page, node: Option<NodeId>| page.dispatch.dispatch(action(node)))
    };
    html! {
        <Canvas
            scene={picture.scene.clone()} pins={props.pins.clone()} arrangement={props.arrangement}
            stage={props.stage.clone()} words={(*words).clone()} lit={(*lit).clone()}
            selected={props.selected.clone()} hovered={props.hovered.clone()} connecting={props.connecting.clone()}
            {verdict} {onconnect} {onchoose} {onkey}
            onselect={page.on(select)}
            onhover={page.on(|page, target| page.dispatch.dispatch(Action::Hover(target)))}
            onconnecting={send(Action::Connect)}
            onrefused={page.on(|page, why: Text| page.notify(Tone::Warning, why, None))}
            onmove={page.on(|page, (node, at): (NodeId, Point)| page.dispatch.dispatch(Action::Move(node, at)))}
            onarrange={page.on(|page, ()| page.dispatch.dispatch(Action::Arrange))}
            onopen={props.ondetails.reform(|_| ())}
            ondelete={with_picture(|page, picture, target| verbs::remove(page, picture, &target))}
        />
    }
}

/// A selection opens the inspector; a message its journey.
fn select(page: &Page, target: Option<Target>) {
    let message = match &target {
        Some(Target::Item(_, item)) => ids::message_of(item),
        _ => None,
    };
    page.driver.explain(message);
    page.open
        .emit(message.map_or(Sheet::Inspector, Sheet::Journey));
    page.dispatch.dispatch(Action::Select(target));
}

fn lit(picture: &Picture) -> Set<Target> {
    let journey = picture.journey.as_deref();
    let Some(line) = picture.line else {
        return journey.map_or_else(Set::new, |journey| way(picture, journey));
    };
    let known = picture.lit_step();
    let known = known.and_then(|step| step.events.get(line.event).cloned());
    // What happened long ago is no longer in the book, but in the message's life.
    let told = || {
        let mut entries = journey?.entries.iter();
        let entry = entries.find(|it| (it.step, it.place) == (line.step, line.event))?;
        Some(WorldEvent::Broker(entry.event.clone()))
    };
    let event = known.or_else(told);
    event.map_or_else(Set::new, |event| verbs::lit(picture, &event))
}

/// Everything that a message, and what it became, passed.
fn way(picture: &Picture, journey: &Journey) -> Set<Target> {
    let mut way = Set::new();
    for entry in &journey.entries {
        let event = WorldEvent::Broker(entry.event.clone());
        way.extend(verbs::lit(picture, &event).iter().cloned());
    }
    way
}

/// Single letters work while the canvas has the focus.
fn letter(page: &Page, picture: &Picture, selected: Option<&Target>, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let key = event.key();
    match key.as_str() {
        " " => page.driver.toggle(),
        "." => {
            page.driver.step();
        }
        "p" => {
            let node = match selected {
                Some(Target::Node(node)) => Some(node),
                _ => None,
            };
            match node.and_then(|node| verbs::publish_sheet(picture, node)) {
                Some(sheet) => page.open.emit(sheet),
                None => return,
            }
        }
        _ => match sheet_of(&key, page.lang) {
            Some(sheet) => page.open.emit(sheet),
            None => return,
        },
    }
    event.prevent_default();
}
