//! Deleting, said before it is done: what goes with the things that are selected.

use yew::AttrValue;

use crate::amqp::protocol::ClientMethod;
use crate::amqp::view::{Binding, QueueView};
use crate::amqp::{Destination, ExchangeName, QueueName};
use crate::engine::{ProgramCommand, WorldCommand};
use crate::ui::amqp::editing::wire::{cancels, name_of, program_named};
use crate::ui::amqp::forms::binding::unbind;
use crate::ui::amqp::ids::{self, Thing};
use crate::ui::amqp::page::{Page, program_on};
use crate::ui::amqp::paint::{binding_of, binding_words};
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::verbs::delete_queue;
use crate::ui::canvas::scene::{PatchId, Target};
use crate::ui::canvas::sketch::SketchChange;
use crate::ui::store::Action;
use crate::ui::text::{WiringTexts, fill_plain};

/// What is to be deleted, and what goes with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Removal {
    /// What it is called, for the question.
    pub title: String,
    /// What goes with it, one sentence each.
    pub goes_too: Vec<String>,
    commands: Vec<WorldCommand>,
    patches: Vec<PatchId>,
}

impl Removal {
    /// Whether there is anything to do.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty() && self.patches.is_empty()
    }

    /// Does it, as one step.
    pub fn carry_out(self, page: &Page) {
        if !self.patches.is_empty() {
            let change = SketchChange::Remove(self.patches);
            page.dispatch.dispatch(Action::Sketch(change));
        }
        if !self.commands.is_empty() {
            page.driver.submit(WorldCommand::Together(self.commands));
        }
    }
}

/// What deleting these targets means.
pub fn removal(page: &Page, picture: &Picture, targets: &[Target]) -> Removal {
    let w = page.lang.wiring();
    let mut removal = Removal::default();
    let nodes: Vec<Thing> = targets
        .iter()
        .filter_map(|target| match target {
            Target::Node(node) => ids::thing(node),
            _ => None,
        })
        .collect();
    let teller = Teller {
        picture,
        w,
        nodes: &nodes,
    };
    // Edges first: what goes with a node cannot be unbound after it.
    for target in targets {
        match target {
            Target::Edge(edge) => {
                let bindings = &picture.world.broker.bindings;
                match binding_of(edge.as_str(), bindings) {
                    Some(binding) if !teller.goes(binding) => {
                        removal.commands.push(WorldCommand::You(unbind(binding)));
                    }
                    Some(_) => {}
                    None => removal.commands.extend(cancels(picture, edge.as_str())),
                }
            }
            Target::Patch(patch) => removal.patches.push(patch.clone()),
            Target::Node(_) | Target::Item(..) | Target::Group(_) => {}
        }
    }
    for thing in &nodes {
        teller.node(thing, &mut removal);
    }
    removal.title = match targets {
        [Target::Node(node)] => name_of(picture, node),
        _ => fill_plain(w.delete_things, &[&targets.len()]),
    };
    let bindings = picture.world.broker.bindings.iter();
    let gone = bindings.filter(|binding| teller.goes(binding));
    let words = gone.map(|binding| fill_plain(w.goes_binding, &[&binding_words(binding)]));
    removal.goes_too.splice(0..0, words);
    removal
}

struct Teller<'a> {
    picture: &'a Picture,
    w: &'static WiringTexts,
    nodes: &'a [Thing],
}

impl Teller<'_> {
    /// Whether a binding goes because one of its ends does.
    fn goes(&self, binding: &Binding) -> bool {
        self.nodes.iter().any(|thing| match thing {
            Thing::Exchange(name) => {
                binding.source.as_str() == name
                    || matches!(&binding.destination, Destination::Exchange(id) if id.as_str() == name)
            }
            Thing::Queue(name) => {
                matches!(&binding.destination, Destination::Queue(id) if id.as_str() == name)
            }
            Thing::Program(_) | Thing::Channel(_) => false,
        })
    }

    fn node(&self, thing: &Thing, removal: &mut Removal) {
        match thing {
            Thing::Exchange(name) => {
                self.exchange(name, removal);
                let method = ClientMethod::ExchangeDelete {
                    exchange: ExchangeName::from(name.as_str()),
                    if_unused: false,
                    nowait: false,
                };
                removal.commands.push(WorldCommand::You(method));
            }
            Thing::Queue(name) => {
                let queues = &self.picture.world.broker.queues;
                if let Some(view) = queues.iter().find(|queue| queue.id.as_str() == name) {
                    self.queue(view, removal);
                }
                let method = delete_queue(QueueName::from(name.as_str()));
                removal.commands.push(WorldCommand::You(method));
            }
            Thing::Program(name) => self.program(name, removal),
            Thing::Channel(_) => {
                let name = ids_name(thing);
                let said = fill_plain(self.w.stays_channel, &[&name]);
                removal.goes_too.push(said);
            }
        }
    }

    /// Who still names an exchange as alternate or for dead letters.
    fn exchange(&self, name: &str, removal: &mut Removal) {
        let broker = &self.picture.world.broker;
        for view in &broker.exchanges {
            if view
                .alternate
                .as_ref()
                .is_some_and(|id| id.as_str() == name)
            {
                let said = fill_plain(self.w.goes_alternate, &[&view.id]);
                removal.goes_too.push(said);
            }
        }
        for view in &broker.queues {
            let dead = view.dead_letter_exchange.as_ref();
            if dead.is_some_and(|id| id.as_str() == name) {
                let said = fill_plain(self.w.goes_dead, &[&view.id]);
                removal.goes_too.push(said);
            }
        }
    }

    fn queue(&self, view: &QueueView, removal: &mut Removal) {
        let w = self.w;
        if view.ready > 0 {
            let said = fill_plain(w.goes_ready, &[&view.ready, &view.id]);
            removal.goes_too.push(said);
        }
        if view.unacked > 0 {
            let said = fill_plain(w.goes_unacked, &[&view.unacked, &view.id]);
            removal.goes_too.push(said);
        }
        let book = self.picture.book();
        for consumer in &view.consumers {
            let name = book.connection_name(consumer.id.channel.connection);
            let said = fill_plain(w.goes_consumer, &[&name, &view.id]);
            removal.goes_too.push(said);
        }
    }

    fn program(&self, name: &str, removal: &mut Removal) {
        let Some(program) = program_named(self.picture, name) else {
            return;
        };
        let world = &self.picture.world;
        let held: usize = world
            .broker
            .connections
            .iter()
            .filter(|connection| Some(connection.id) == program.connection)
            .flat_map(|connection| &connection.channels)
            .map(|channel| channel.unacked.len())
            .sum();
        if held > 0 {
            removal
                .goes_too
                .push(fill_plain(self.w.goes_back, &[&held]));
        }
        for queue in &world.broker.queues {
            let owner = queue.exclusive;
            if owner.is_some() && owner == program.connection {
                let said = fill_plain(self.w.goes_exclusive, &[&queue.id]);
                removal.goes_too.push(said);
            }
            let consumes = queue.consumers.iter().any(|consumer| {
                program_on(world, consumer.id.channel).is_some_and(|it| it.id == program.id)
            });
            if consumes && queue.auto_delete && queue.consumers.len() == 1 {
                let said = fill_plain(self.w.goes_ready, &[&queue.ready, &queue.id]);
                removal.goes_too.push(said);
            }
        }
        let command = ProgramCommand::Remove {
            program: program.id,
        };
        removal.commands.push(WorldCommand::Program(command));
    }
}

fn ids_name(thing: &Thing) -> AttrValue {
    let (Thing::Exchange(name) | Thing::Queue(name) | Thing::Program(name) | Thing::Channel(name)) =
        thing;
    AttrValue::from(name.clone())
}
