//! The canvas with RabbitMQ's meaning: gestures become methods, forms and questions.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::engine::{Journey, WorldEvent};
use crate::ordered::Set;
use crate::ui::amqp::editing::asked::{Asked, Ground, put, question};
use crate::ui::amqp::editing::new_thing::{NewThing, Sort};
use crate::ui::amqp::editing::wire;
use crate::ui::amqp::editing_verbs::Editor;
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::panels::sheet_of;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::verbs;
use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Layout;
use crate::ui::canvas::scene::{Choice, EdgeId, End, NodeId, PatchId, Target, Text, Tone};
use crate::ui::canvas::{Canvas, CanvasWords, Stage};
use crate::ui::shared::Shared;
use crate::ui::store::{Action, Board, Looks};
use crate::ui::text::Lang;
use crate::ui::whole::use_whole;

#[derive(Properties, PartialEq)]
pub struct StageViewProps {
    pub picture: Shared<Picture>,
    pub stage: Stage,
    pub layout: Board,
    pub looks: Looks,
    /// The playground is the whole page: one finger moves the drawing.
    #[prop_or_default]
    pub is_alone: bool,
    /// The side, which may lie over the drawing.
    #[prop_or_default]
    pub side: NodeRef,
    /// Details are wanted: the side should take the focus.
    pub ondetails: Callback<()>,
}

/// The words that are on the drawing from the beginning.
fn first_words(lang: Lang) -> CanvasWords {
    let (t, w) = (lang.texts(), lang.wiring());
    CanvasWords {
        label: t.canvas_name.into(),
        instruction: t.canvas_instruction.into(),
        zoom_in: t.canvas_zoom_in.into(),
        zoom_out: t.canvas_zoom_out.into(),
        fit: t.canvas_fit.into(),
        arrange: t.canvas_arrange.into(),
        menu: t.canvas_menu.into(),
        handle: t.canvas_handle.into(),
        mark: w.mark.into(),
        map: w.map.into(),
        show_map: w.show_map.into(),
        ..CanvasWords::default()
    }
}

/// All of them: those of menus and gestures come with the rest of the code.
fn canvas_words(lang: Lang) -> CanvasWords {
    let (t, w) = (lang.texts(), lang.wiring());
    CanvasWords {
        connecting: t.wire_hint.into(),
        legend: t.canvas_legend.into(),
        connect: w.connect.into(),
        leads_to: w.leads_to.into(),
        place: w.place.into(),
        placing: w.placing.into(),
        move_end: w.move_end.into(),
        move_start: w.move_start.into(),
        rewiring: w.rewiring.into(),
        write_label: w.write_label.into(),
        marking: w.marking.into(),
        choose_all: w.choose_all.into(),
        align_left: w.align_left.into(),
        align_column: w.align_column.into(),
        align_top: w.align_top.into(),
        align_row: w.align_row.into(),
        spread: w.spread.into(),
        add_note: w.add_note.into(),
        add_frame: w.add_frame.into(),
        write: w.write.into(),
        colour: w.colour.into(),
        remove: w.remove.into(),
        empty_note: w.empty_note.into(),
        chosen: w.chosen.into(),
        in_flight: w.in_flight.into(),
        ..first_words(lang)
    }
}

fn choice(id: &str, label: &str, tone: Tone) -> Choice {
    Choice {
        id: id.into(),
        label: label.into(),
        tone,
        disabled: None,
    }
}

/// The menus of empty space and of several things.
fn menus(lang: Lang) -> (Shared<Vec<Choice>>, Shared<Vec<Choice>>) {
    let w = lang.wiring();
    let ground = vec![
        choice("exchange", w.new_exchange, Tone::Ink),
        choice("queue", w.new_queue, Tone::Ink),
        choice("producer", w.new_producer, Tone::Ink),
        choice("consumer", w.new_consumer, Tone::Ink),
        choice("paste", w.paste_here, Tone::Ink),
    ];
    let many = vec![
        choice("copy", w.copy, Tone::Ink),
        choice("duplicate", w.duplicate, Tone::Ink),
        choice("delete", w.delete_chosen, Tone::Error),
    ];
    (Shared::new(ground), Shared::new(many))
}

/// The canvas.
#[component]
pub fn StageView(props: &StageViewProps) -> Html {
    let page = use_page();
    let whole = use_whole();
    let words = use_memo((page.lang, whole), |(lang, whole)| {
        Shared::new(match whole {
            true => canvas_words(*lang),
            false => first_words(*lang),
        })
    });
    let menus = use_memo((page.lang, whole), |(lang, whole)| match whole {
        true => menus(*lang),
        false => Default::default(),
    });
    let asked = use_state(|| None::<Asked>);
    let places = use_mut_ref(Shared::<Layout>::default);
    let (picture, looks) = (&props.picture, &props.looks);
    let journey = picture.journey.as_ref();
    let way = journey.map(|journey| (journey.message.id, journey.entries.len()));
    let here = (picture.cursor.index, picture.cursor.within);
    let last_lit = use_mut_ref(Shared::<Set<Target>>::default);
    let lit = use_memo((picture.line, here, way), |_| {
        // Mostly nothing is lit, and that is one and the same nothing.
        let mut last = last_lit.borrow_mut();
        *last = Shared::keep(lit(picture), Some(&last));
        last.clone()
    });
    let editor = Editor {
        page: page.clone(),
        picture: picture.clone(),
        chosen: looks.chosen.clone(),
        sketch: props.layout.sketch().clone(),
        places: Rc::clone(&places),
        ask: {
            let (setter, driver) = (asked.setter(), page.driver.clone());
            Callback::from(move |question: Option<Asked>| {
                setter.set(question.filter(|_| !driver.refuses()));
            })
        },
    };
    page.editor.put(Some(editor.clone()));
    {
        // The editor holds the page, so whoever leaves must let go of it.
        let slot = page.editor.clone();
        use_effect_with((), move |()| move || slot.put(None));
    }
    let question = asked.as_ref().map(|asked| {
        let ask = editor.ask.clone();
        let ground = Ground {
            picture: picture.clone(),
            pins: Shared::new(editor.centers()),
            sketch: props.layout.sketch().clone(),
            onclose: Callback::from(move |()| ask.emit(None)),
        };
        question(&page, asked, &ground)
    });
    let verdict = {
        let (picture, t) = (picture.clone(), page.t());
        Callback::from(move |(from, to): (NodeId, NodeId)| wire::verdict(&picture, &from, &to, t))
    };
    let rewirable = {
        let (page, picture) = (page.clone(), picture.clone());
        Callback::from(move |asked: (EdgeId, End, NodeId)| wire::rewirable(&page, &picture, &asked))
    };
    let onkey = {
        let (editor, selected) = (editor.clone(), looks.selected.clone());
        Callback::from(move |event: KeyboardEvent| key(&editor, selected.as_ref(), &event))
    };
    let send = |action: fn(Option<NodeId>) -> Action<Picture>| {
        page.on(move |page, node: Option<NodeId>| page.dispatch.dispatch(action(node)))
    };
    html! {
        <Canvas
            scene={picture.scene.clone()} pins={props.layout.pins().clone()} given={props.layout.given().clone()} sketch={props.layout.sketch().clone()}
            arrangement={props.layout.arrangement()} stage={props.stage.clone()} words={(*words).clone()}
            lit={(*lit).clone()} selected={looks.selected.clone()} chosen={looks.chosen.clone()}
            hovered={looks.hovered.clone()} connecting={looks.connecting.clone()} is_alone={props.is_alone}
            is_fixed={page.driver.is_demo()}
            {verdict} rewirable={Some(rewirable)} {onkey} ground={menus.0.clone()} many={menus.1.clone()} {question}
            onselect={page.on(select)}
            onpick={page.on(|page, targets| page.dispatch.dispatch(Action::Choose(targets)))}
            onhover={page.on(|page, target| page.dispatch.dispatch(Action::Hover(target)))}
            onconnecting={send(Action::Connect)}
            onconnect={editor.on(|editor, (from, to): (NodeId, NodeId)| editor.connect(from, to))}
            onloose={editor.on(|editor, (from, what, at): (NodeId, Text, Point)| editor.new_thing(&what, at, Some(from)))}
            onrewire={editor.on(|editor, asked: (EdgeId, End, NodeId)| wire::rewire(&editor.page, &editor.picture, &asked))}
            onlabel={editor.on(|editor, (edge, text): (EdgeId, Text)| wire::relabel(&editor.page, &editor.picture, &edge, &text))}
            onhint={page.say.clone()} onleading={page.on(|page, leads| page.dispatch.dispatch(Action::Lead(leads)))}
            onlocked={page.on(|page, ()| {
                page.driver.refuses();
            })}
            onrefused={page.on(|page, why: Text| page.notify(Tone::Warning, why, None))}
            onmove={page.on(|page, moves| page.dispatch.dispatch(Action::Move(moves)))}
            onmovepatch={page.on(|page, (id, at): (PatchId, Point)| page.dispatch.dispatch(Action::MovePatch(id, at)))}
            onsketch={page.on(|page, change| page.dispatch.dispatch(Action::Sketch(change)))}
            onarrange={page.on(|page, ()| page.dispatch.dispatch(Action::Arrange))}
            onopen={props.ondetails.reform(|_| ())}
            ondelete={editor.on(|editor, targets: Vec<Target>| editor.delete(&targets))}
            onchoose={editor.on(|editor, (target, choice): (Target, Text)| editor.choose(&target, &choice))}
            onground={editor.on(|editor, (choice, at): (Text, Point)| editor.on_ground(&choice, at))}
            onmany={editor.on(|editor, choice: Text| editor.choose_many(&choice))}
            onpart={editor.on(|editor, (part, at): (Text, Point)| editor.new_thing(&part, at, None))}
            oncopy={Some(copying(&editor))}
            onpaste={editor.on(|editor, (text, at): (String, Point)| if !editor.page.driver.refuses() {
                put(&editor.page, &editor.picture, &text, Some(at), &editor.sketch);
            })}
            over={props.side.clone()}
            onplaced={Callback::from(move |layout: Shared<Layout>| *places.borrow_mut() = layout)}
        />
    }
}

/// What the clipboard gets; with a cut the things go, after what goes with them was said.
fn copying(editor: &Editor) -> Callback<bool, Option<String>> {
    let editor = editor.clone();
    Callback::from(move |cuts: bool| {
        let text = editor.copied();
        if text.is_some() && cuts {
            editor.choose_many("delete");
        }
        text
    })
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
        if let Some(event) = picture.last_event().filter(|_| journey.is_none()) {
            return verbs::lit(picture, &event);
        }
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

/// Keys that work while the canvas has the focus.
fn key(editor: &Editor, selected: Option<&Target>, event: &KeyboardEvent) {
    let (page, picture) = (&editor.page, &editor.picture);
    let name = event.key();
    let node = match selected {
        Some(Target::Node(node)) => Some(node),
        _ => None,
    };
    if event.ctrl_key() || event.meta_key() {
        // Copy, cut and paste are the clipboard's own events.
        if matches!(name.as_str(), "d" | "D") && !editor.chosen.is_empty() {
            event.prevent_default();
            editor.choose_many("duplicate");
        }
        return;
    }
    if event.alt_key() {
        return;
    }
    match name.as_str() {
        " " => page.driver.toggle(),
        "." => {
            page.driver.step();
        }
        "F2" => match node {
            Some(node) => editor.choose(&Target::Node(node.clone()), "rename"),
            None => return,
        },
        "p" => match node.and_then(|node| verbs::publish_sheet(picture, node)) {
            Some(sheet) => page.open.emit(sheet),
            None => return,
        },
        "w" => match node.and_then(ids::thing) {
            Some(ids::Thing::Exchange(name)) => page.open.emit(Sheet::WhatIf(name.into())),
            _ => return,
        },
        _ => match sheet_of(&name, page.lang) {
            Some(sheet) => page.open.emit(sheet),
            None => return,
        },
    }
    event.prevent_default();
}

impl Editor {
    /// Something new at a place, perhaps with an edge that leads to it.
    pub(super) fn new_thing(&self, what: &str, at: Point, from: Option<NodeId>) {
        if let Some(sort) = Sort::parse(what) {
            self.ask.emit(Some(Asked::New(NewThing { sort, at, from })));
        }
    }

    /// Where everything stands now.
    pub(super) fn layout(&self) -> Shared<Layout> {
        let places: &RefCell<Shared<Layout>> = &self.places;
        places.borrow().clone()
    }
}
