//! Renaming: RabbitMQ cannot, so a thing is declared anew, wired as before, and the old one deleted, as one step. What
//! moves and what is lost is said before.

use std::rc::Rc;

use crate::actors::{ProgramId, ProgramSpec};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::{BasicPublish, ExchangeDeclare, QueueDeclare};
use crate::amqp::view::{Binding, ExchangeView, QueueView};
use crate::amqp::{Content, Destination, ExchangeName, QueueName, RoutingKey};
use crate::engine::{ProgramCommand, WorldCommand, setup};
use crate::ui::amqp::editing::wire::{consume, program_named};
use crate::ui::amqp::ids::{self, Thing};
use crate::ui::amqp::page::{Page, program_on};
use crate::ui::amqp::paint::binding_words;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::verbs::delete_queue;
use crate::ui::canvas::scene::NodeId;
use crate::ui::text::{WiringTexts, fill_plain};

/// How a thing gets another name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Renaming {
    /// What happens, one sentence each, in order.
    pub says: Vec<String>,
    pub commands: Vec<WorldCommand>,
    /// The node under its new name.
    pub becomes: Option<NodeId>,
}

/// Whether a thing can have another name at all.
pub fn can_rename(thing: &Thing) -> bool {
    match thing {
        Thing::Exchange(name) => !name.is_empty() && !name.starts_with("amq."),
        Thing::Queue(name) => !name.starts_with("amq."),
        Thing::Program(_) => true,
        Thing::Channel(_) => false,
    }
}

/// Whether `name` is taken by another thing of the same sort.
pub fn is_taken(picture: &Picture, thing: &Thing, name: &str) -> bool {
    let broker = &picture.world.broker;
    match thing {
        Thing::Exchange(_) => broker.exchanges.iter().any(|it| it.id.as_str() == name),
        Thing::Queue(_) => broker.queues.iter().any(|it| it.id.as_str() == name),
        Thing::Program(_) | Thing::Channel(_) => program_named(picture, name).is_some(),
    }
}

/// How `thing` would become `name`.
pub fn plan(page: &Page, picture: &Picture, thing: &Thing, name: &str) -> Renaming {
    let w = page.lang.wiring();
    let broker = &picture.world.broker;
    match thing {
        Thing::Exchange(old) => {
            let mut views = broker.exchanges.iter();
            let view = views.find(|view| view.id.as_str() == old);
            view.map(|view| exchange(picture, view, name, w))
        }
        Thing::Queue(old) => {
            let mut views = broker.queues.iter();
            let view = views.find(|view| view.id.as_str() == old);
            view.map(|view| queue(picture, view, name, w))
        }
        Thing::Program(old) => program(page, picture, old, name, w),
        Thing::Channel(_) => None,
    }
    .unwrap_or_default()
}

fn exchange(picture: &Picture, view: &ExchangeView, name: &str, w: &WiringTexts) -> Renaming {
    let broker = &picture.world.broker;
    let mut renaming = Renaming {
        says: vec![fill_plain(w.rename_declare, &[&name])],
        becomes: Some(ids::exchange_named(name)),
        ..Renaming::default()
    };
    let declare = ExchangeDeclare {
        exchange: ExchangeName::from(name),
        kind: view.kind.as_str().to_string(),
        passive: false,
        durable: view.durable,
        auto_delete: view.auto_delete,
        internal: view.internal,
        nowait: false,
        arguments: view.arguments.clone(),
    };
    renaming.you(ClientMethod::ExchangeDeclare(declare));
    let is_old = |destination: &Destination| matches!(destination, Destination::Exchange(id) if *id == view.id);
    let all = broker.bindings.iter();
    let touched = all.filter(|it| it.source == view.id || is_old(&it.destination));
    renaming.bind(touched, w, |binding| {
        let source = if binding.source == view.id {
            ExchangeName::from(name)
        } else {
            binding.source.name()
        };
        let destination = match &binding.destination {
            Destination::Exchange(id) if *id == view.id => Goal::Exchange(name.into()),
            Destination::Exchange(id) => Goal::Exchange(id.name()),
            Destination::Queue(id) => Goal::Queue(id.name()),
        };
        (source, destination)
    });
    for other in &broker.exchanges {
        if other.alternate.as_ref() == Some(&view.id) {
            renaming.says.push(fill_plain(w.rename_still, &[&other.id]));
        }
    }
    for queue in &broker.queues {
        if queue.dead_letter_exchange.as_ref() == Some(&view.id) {
            renaming.says.push(fill_plain(w.rename_still, &[&queue.id]));
        }
    }
    renaming.scripts(picture, view.id.as_str(), w);
    renaming.says.push(w.rename_delete.to_string());
    renaming.you(ClientMethod::ExchangeDelete {
        exchange: view.id.name(),
        if_unused: false,
        nowait: false,
    });
    renaming
}

fn queue(picture: &Picture, view: &QueueView, name: &str, w: &WiringTexts) -> Renaming {
    let mut renaming = Renaming {
        says: vec![fill_plain(w.rename_declare, &[&name])],
        becomes: Some(ids::queue_named(name)),
        ..Renaming::default()
    };
    let declare = QueueDeclare {
        queue: QueueName::from(name),
        passive: false,
        durable: view.durable,
        exclusive: view.exclusive.is_some(),
        auto_delete: view.auto_delete,
        nowait: false,
        arguments: view.arguments.clone(),
    };
    renaming.you(ClientMethod::QueueDeclare(declare));
    let is_old =
        |destination: &Destination| matches!(destination, Destination::Queue(id) if *id == view.id);
    let all = picture.world.broker.bindings.iter();
    renaming.bind(all.filter(|it| is_old(&it.destination)), w, |binding| {
        (binding.source.name(), Goal::Queue(name.into()))
    });
    renaming.messages(view, name, w);
    let consumers: Vec<_> = view
        .consumers
        .iter()
        .filter_map(|consumer| program_on(&picture.world, consumer.id.channel))
        .collect();
    if !view.consumers.is_empty() {
        let count = view.consumers.len();
        renaming.says.push(fill_plain(w.rename_cancels, &[&count]));
    }
    renaming.scripts(picture, view.id.as_str(), w);
    renaming.says.push(w.rename_delete.to_string());
    renaming.you(delete_queue(view.id.name()));
    // Only now: the new queue is there, and the old one has let its consumers go.
    let again = consumers.into_iter().map(|program| consume(program, name));
    renaming.commands.extend(again);
    renaming
}

fn program(
    page: &Page,
    picture: &Picture,
    old: &str,
    name: &str,
    w: &WiringTexts,
) -> Option<Renaming> {
    let view = program_named(picture, old)?;
    let export = page.driver.export();
    let known = export.programs.iter().find(|program| program.name == old)?;
    let spec = ProgramSpec {
        name: name.into(),
        start_after_ms: Some(0),
        ..setup::spec(known)
    };
    let add = ProgramCommand::Add {
        program: ProgramId(0),
        spec: Rc::new(spec),
    };
    let remove = ProgramCommand::Remove { program: view.id };
    Some(Renaming {
        says: vec![w.rename_program.to_string()],
        commands: vec![WorldCommand::Program(remove), WorldCommand::Program(add)],
        becomes: Some(ids::program_named(name)),
    })
}

/// Where a binding is to lead.
enum Goal {
    Queue(QueueName),
    Exchange(ExchangeName),
}

impl Renaming {
    fn you(&mut self, method: ClientMethod) {
        self.commands.push(WorldCommand::You(method));
    }

    /// Makes every binding again, between the ends that `ends` gives it.
    fn bind<'a>(
        &mut self,
        bindings: impl Iterator<Item = &'a Rc<Binding>>,
        w: &WiringTexts,
        ends: impl Fn(&Binding) -> (ExchangeName, Goal),
    ) {
        let before = self.says.len();
        for binding in bindings.filter(|binding| !binding.source.as_str().is_empty()) {
            let (source, goal) = ends(binding);
            let (routing_key, arguments) = (binding.routing_key.clone(), binding.arguments.clone());
            self.you(match goal {
                Goal::Queue(queue) => ClientMethod::QueueBind {
                    queue,
                    exchange: source,
                    routing_key,
                    nowait: false,
                    arguments,
                },
                Goal::Exchange(destination) => ClientMethod::ExchangeBind {
                    destination,
                    source,
                    routing_key,
                    nowait: false,
                    arguments,
                },
            });
            let words = binding_words(binding);
            self.says.push(fill_plain(w.rename_bind, &[&words]));
        }
        if self.says.len() == before {
            self.says.push(w.rename_no_bindings.to_string());
        }
    }

    /// Publishes the messages of the head again; what is not listed and what is out cannot be moved.
    fn messages(&mut self, view: &QueueView, name: &str, w: &WiringTexts) {
        let moved = view.head.len();
        for ready in &view.head {
            let publish = BasicPublish {
                exchange: ExchangeName::from(""),
                routing_key: RoutingKey::from(name),
                mandatory: false,
                immediate: false,
                content: Content {
                    properties: ready.message.properties.clone(),
                    body: ready.message.body.clone(),
                },
            };
            self.you(ClientMethod::BasicPublish(Box::new(publish)));
        }
        if moved > 0 {
            self.says.push(fill_plain(w.rename_moves, &[&moved]));
        }
        let lost = view.ready.saturating_sub(moved as u64);
        if lost > 0 {
            self.says
                .push(fill_plain(w.rename_loses_ready, &[&lost, &moved]));
        }
        if view.unacked > 0 {
            self.says
                .push(fill_plain(w.rename_loses_unacked, &[&view.unacked]));
        }
    }

    fn scripts(&mut self, picture: &Picture, old: &str, w: &WiringTexts) {
        let mut programs = picture.world.programs.iter();
        if programs.any(|program| program.lines.iter().any(|line| line.contains(old))) {
            self.says.push(fill_plain(w.rename_scripts, &[&old]));
        }
    }
}
