//! What the store keeps of the run: the world as it is, painted, with what is needed to explain it.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use crate::amqp::{Compatibility, ExchangeId, Properties, RoutingKey};
use crate::engine::{Cursor, ExchangeVisit, Journey, StepRecord, WorldEvent, WorldView};
use crate::machine::SimTime;
use crate::scenario::Localized;
use crate::ui::amqp::book::Book;
use crate::ui::amqp::course::Course;
use crate::ui::amqp::log_lines::LineId;
use crate::ui::amqp::paint::Plans;
use crate::ui::canvas::scene::{Scene, Target};
use crate::ui::shared::Shared;
use crate::ui::store;

/// What a scenario says about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    pub title: Localized,
    pub description: Localized,
}

/// What is asked in "Why?": a message that is not published.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub exchange: ExchangeId,
    pub routing_key: RoutingKey,
    pub properties: Properties,
}

/// What the bindings would do with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub question: Question,
    pub visits: Vec<ExchangeVisit>,
}

/// One moment of the run, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Picture {
    pub world: Rc<WorldView>,
    /// The same moment with all virtual hosts, not only the one in which the person acts.
    pub everywhere: Rc<WorldView>,
    pub cursor: Cursor,
    pub scene: Shared<Scene>,
    pub plans: Rc<Plans>,
    /// The message whose way is explained.
    pub journey: Option<Rc<Journey>>,
    /// What is asked without publishing, with its answer.
    pub answer: Option<Rc<Answer>>,
    /// The line of the log that is lit.
    pub line: Option<LineId>,
    /// The step that undo would take back.
    pub undo_at: Option<usize>,
    pub can_undo: bool,
    pub can_redo: bool,
    /// The run over time.
    pub course: Rc<Course>,
    /// Which scenario it began as; none for one from a file.
    pub slug: Option<&'static str>,
    pub story: Option<Rc<Story>>,
    /// The version of RabbitMQ that the broker behaves as.
    pub compatibility: Compatibility,
    pub(in crate::ui) book: Rc<RefCell<Book>>,
}

impl Picture {
    /// A picture that shares the driver's book: it is only ever read between two updates.
    pub fn new(world: Rc<WorldView>, cursor: Cursor, book: Rc<RefCell<Book>>) -> Picture {
        Picture {
            everywhere: Rc::clone(&world),
            world,
            cursor,
            scene: Shared::default(),
            plans: Rc::default(),
            journey: None,
            answer: None,
            undo_at: None,
            line: None,
            can_undo: false,
            can_redo: false,
            course: Rc::default(),
            slug: None,
            story: None,
            compatibility: Compatibility::default(),
            book,
        }
    }

    /// What is remembered of the run.
    pub fn book(&self) -> Ref<'_, Book> {
        self.book.borrow()
    }

    /// What happened last, where one goes event by event.
    pub fn last_event(&self) -> Option<WorldEvent> {
        let within = self.cursor.within?;
        let step = self.course.around.as_ref()?;
        step.events.get(within.done.checked_sub(1)?).cloned()
    }

    /// The step of the lit line.
    pub fn lit_step(&self) -> Option<StepRecord> {
        self.book().step(self.line?.step).cloned()
    }
}

impl Default for Picture {
    fn default() -> Picture {
        let cursor = Cursor {
            now: SimTime::ZERO,
            index: 0,
            recorded: 0,
            end: SimTime::ZERO,
            playing: false,
            speed: 1.0,
            at_end: true,
            within: None,
        };
        Picture::new(Rc::default(), cursor, Rc::default())
    }
}

impl store::Picture for Picture {
    fn shows(&self, target: &Target) -> bool {
        match target {
            Target::Node(node) => self.scene.node(node).is_some(),
            Target::Edge(edge) => self.scene.edge(edge).is_some(),
            Target::Group(group) => self.scene.groups.iter().any(|known| known.id == *group),
            // A message stays interesting after it left its place.
            Target::Item(node, _) => self.scene.node(node).is_some(),
            Target::Patch(_) => true,
        }
    }

    fn length(&self) -> usize {
        self.cursor.index
    }
}
