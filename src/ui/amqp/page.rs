//! What every panel of the page may use: the driver, the store's ear, the language, and what the side shows.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::prelude::*;

use crate::actors::{ProgramId, ProgramView};
use crate::amqp::{ChannelId, ConnectionId, MessageId};
use crate::engine::{StepRecord, WorldEvent, WorldView};
use crate::ordered::Map;
use crate::ui::amqp::editing::hangs::Removal;
use crate::ui::amqp::editing_verbs::EditorSlot;
use crate::ui::amqp::forms::binding::BindingForm;
use crate::ui::amqp::forms::publish::PublishForm;
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::scene::{NodeId, Target, Text, Tone};
use crate::ui::components::Note;
use crate::ui::driver::Driver;
use crate::ui::store::{Action, LayoutTimes, Store, Turn};
use crate::ui::text::{InspectTexts, Lang, LogTexts, Piece, Sentence, Texts};

/// What the side of the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Sheet {
    /// What is selected, or nothing.
    #[default]
    Inspector,
    AddExchange,
    AddQueue,
    AddProducer,
    /// A consumer of this queue, if one is meant already.
    AddConsumer(Option<AttrValue>),
    /// A program with a script.
    AddProgram,
    /// The form of a program, or its script if it has none.
    EditProgram(ProgramId),
    EditScript(ProgramId),
    AddBinding(BindingForm),
    /// On whose channel, and what to begin with.
    Publish(Option<ProgramId>, PublishForm),
    Journey(MessageId),
    /// Which bindings of this exchange would let a message through, without publishing one.
    WhatIf(AttrValue),
    Connection(ConnectionId),
    /// What goes with what is to be deleted, said before it goes, where there is no canvas to say it on.
    Remove(Box<Removal>),
    /// Version, alarms, virtual hosts, users, policies.
    Admin,
    Channel(ChannelId),
    /// What stands at a node, also where the canvas does not show it; each time it is asked for has a number.
    Node(NodeId, u32),
}

/// Which sections the person opened or folded, by their names; one memory a page.
#[derive(Clone, Debug, Default)]
pub struct Folds(Rc<Memory>);

#[derive(Debug, Default)]
struct Memory {
    open: RefCell<Map<&'static str, bool>>,
    /// The section somebody asked for: it comes into view when it is drawn.
    wanted: Cell<Option<&'static str>>,
    asked: Cell<u32>,
}

impl PartialEq for Folds {
    fn eq(&self, other: &Folds) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Folds {
    /// Whether a section is open, if the person ever said so.
    pub fn is_open(&self, section: &str) -> Option<bool> {
        self.0.open.borrow().get(section).copied()
    }

    /// Remembers it.
    pub fn remember(&self, section: &'static str, open: bool) {
        self.0.open.borrow_mut().insert(section, open);
    }

    /// Whether this section was asked for; says so once.
    pub fn is_wanted(&self, section: &str) -> bool {
        let is_it = self.0.wanted.get() == Some(section);
        if is_it {
            self.0.wanted.set(None);
        }
        is_it
    }
}

impl Sheet {
    /// Whether nothing can be changed with it.
    pub fn only_looks(&self) -> bool {
        matches!(
            self,
            Sheet::Inspector
                | Sheet::Journey(_)
                | Sheet::WhatIf(_)
                | Sheet::Connection(_)
                | Sheet::Channel(_)
                | Sheet::Node(..)
        )
    }
}

/// Given to every panel by context.
#[derive(Clone, PartialEq)]
pub struct Page {
    pub driver: Driver,
    pub dispatch: UseReducerDispatcher<Store<Picture>>,
    pub lang: Lang,
    /// The canvas's editor while there is a canvas.
    pub editor: EditorSlot,
    /// When the layout's next steps back and forth were made.
    pub times: LayoutTimes,
    /// Shows something at the side.
    pub open: Callback<Sheet>,
    /// Gives what stands now as a file.
    pub save: Callback<()>,
    /// Says a sentence to readers.
    pub say: Callback<AttrValue>,
    /// Which sections are open.
    pub folds: Folds,
}

impl Page {
    /// The words of the page.
    pub fn t(&self) -> &'static Texts {
        self.lang.texts()
    }

    /// The words of inspector, tables, command palette and saving.
    pub fn i(&self) -> &'static InspectTexts {
        self.lang.inspect()
    }

    /// The words of the log.
    pub fn log(&self) -> &'static LogTexts {
        &self.lang.texts().log
    }

    /// An example of an option, and the page of RabbitMQ's documentation about it (`ttl#queue-ttl`).
    pub fn note(&self, example: &'static str, docs: &str) -> Option<Note> {
        let t = self.lang.inspect();
        Some(Note {
            example_label: t.help_example.into(),
            example: example.into(),
            link: format!("https://www.rabbitmq.com/docs/{docs}").into(),
            link_label: t.help_link.into(),
        })
    }

    /// Puts up a notice.
    pub fn notify(&self, tone: Tone, text: impl Into<Text>, detail: Option<Text>) {
        let text = text.into();
        self.say.emit(AttrValue::from(Rc::clone(&text)));
        self.dispatch
            .dispatch(Action::Notify { tone, text, detail });
    }

    /// Takes back what the person did last: to the run, or to the layout.
    pub fn undo(&self, picture: &Picture) {
        match self.times.undo(picture.undo_at) {
            Some(Turn::Layout) => self.dispatch.dispatch(Action::UndoLayout),
            Some(Turn::Run) => self.driver.undo(),
            None => {}
        }
    }

    /// Does again what was taken back last.
    pub fn redo(&self, picture: &Picture) {
        let run = picture.can_redo.then_some(picture.cursor.index);
        match self.times.redo(run) {
            Some(Turn::Layout) => self.dispatch.dispatch(Action::RedoLayout),
            Some(Turn::Run) => self.driver.redo(),
            None => {}
        }
    }

    /// Whether there is anything to take back.
    pub fn can_undo(&self, picture: &Picture) -> bool {
        self.times.undo(picture.undo_at).is_some()
    }

    /// Whether there is anything to do again.
    pub fn can_redo(&self, picture: &Picture) -> bool {
        picture.can_redo || self.times.redo_at.is_some()
    }

    /// A callback that has the page at hand.
    pub fn on<E: 'static>(&self, act: impl Fn(&Page, E) + 'static) -> Callback<E> {
        let page = self.clone();
        Callback::from(move |event| act(&page, event))
    }

    /// Selects what stands at a node and shows its panel, at `section` if one is meant.
    pub fn show_node(&self, node: &NodeId, section: Option<&'static str>) {
        let memory = &self.folds.0;
        if let Some(section) = section {
            self.folds.remember(section, true);
            memory.wanted.set(Some(section));
        }
        memory.asked.set(memory.asked.get() + 1);
        self.driver.explain(None);
        self.dispatch
            .dispatch(Action::Select(Some(Target::Node(node.clone()))));
        self.open
            .emit(Sheet::Node(node.clone(), memory.asked.get()));
    }

    /// A callback that opens a sheet.
    pub fn opens<E: 'static>(&self, sheet: Sheet) -> Callback<E> {
        self.open.reform(move |_| sheet.clone())
    }
}

/// The page of the component that asks.
#[hook]
pub fn use_page() -> Page {
    use_context::<Page>().expect("panels stand inside the page that provides it")
}

/// A sentence with its names in monospace.
pub fn words(sentence: &Sentence) -> Html {
    sentence
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Words(text) => html! { { text } },
            Piece::Name(text) => html! { <code>{ text }</code> },
        })
        .collect()
}

/// The program on whose channel something is, if any.
pub fn program_on(world: &WorldView, channel: ChannelId) -> Option<&ProgramView> {
    world
        .programs
        .iter()
        .find(|program| program.connection == Some(channel.connection))
}

/// Whether these steps closed a channel or connection, or refused something: then a form stays open.
pub fn went_wrong(steps: &[StepRecord]) -> bool {
    let mut events = steps.iter().flat_map(|step| step.events.iter());
    events.any(WorldEvent::is_refusal)
}

/// Text shared with yew.
pub fn attr(text: &Rc<str>) -> AttrValue {
    AttrValue::from(Rc::clone(text))
}
