//! What gestures on the canvas mean: which edges may be drawn, what a menu's entry or a key does.

use yew::AttrValue;

use crate::actors::{Form, ProgramKind, ProgramView};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::BasicConsume;
use crate::amqp::{ExchangeName, QueueName};
use crate::engine::{ProgramCommand, WorldEvent};
use crate::ordered::Set;
use crate::ui::amqp::faults;
use crate::ui::amqp::forms::binding::{BindingForm, Target as BindingTarget, unbind};
use crate::ui::amqp::forms::programs::Plan;
use crate::ui::amqp::forms::publish::PublishForm;
use crate::ui::amqp::ids::{self, Thing};
use crate::ui::amqp::log_lines::{About, about};
use crate::ui::amqp::page::{Page, Sheet, program_on};
use crate::ui::amqp::paint::binding_of;
use crate::ui::amqp::panels::kind_of;
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::scene::{NodeId, Target, Verdict};
use crate::ui::text::{Texts, fill_plain};

/// What an edge drawn by hand would be.
enum Wire {
    /// A binding.
    Binding(String, BindingTarget),
    /// A producer is to publish to this exchange.
    Plan(String, String),
    /// A program is to consume this queue.
    Consume(String, String),
}

fn wire(from: &NodeId, to: &NodeId) -> Option<Wire> {
    match (ids::thing(from)?, ids::thing(to)?) {
        (Thing::Exchange(source), Thing::Queue(queue)) if !source.is_empty() => {
            Some(Wire::Binding(source, BindingTarget::Queue(queue.into())))
        }
        (Thing::Exchange(source), Thing::Exchange(to)) if !source.is_empty() && !to.is_empty() => {
            Some(Wire::Binding(source, BindingTarget::Exchange(to.into())))
        }
        (Thing::Program(program), Thing::Exchange(exchange)) => Some(Wire::Plan(program, exchange)),
        (Thing::Queue(queue), Thing::Program(program)) => Some(Wire::Consume(queue, program)),
        _ => None,
    }
}

fn program_named<'a>(picture: &'a Picture, name: &str) -> Option<&'a ProgramView> {
    picture
        .world
        .programs
        .iter()
        .find(|program| &*program.name == name)
}

/// May an edge go from one node to another?
pub fn verdict(picture: &Picture, from: &NodeId, to: &NodeId, t: &Texts) -> Verdict {
    let is_default = |node: &NodeId| *node == ids::exchange_named("");
    match wire(from, to) {
        Some(Wire::Consume(_, program)) => match program_named(picture, &program) {
            Some(view) if view.kind == ProgramKind::Producer => Err(t.wire_to_producer.into()),
            Some(_) | None => Ok(()),
        },
        Some(Wire::Binding(..) | Wire::Plan(..)) => Ok(()),
        None if is_default(from) => Err(t.wire_no_default.into()),
        None => {
            let name = |node: &NodeId| {
                let found = picture.scene.node(node);
                found.map_or_else(String::new, |node| node.name.to_string())
            };
            Err(fill_plain(t.wire_not, &[&name(from), &name(to)]).into())
        }
    }
}

/// What an edge drawn by hand does; a binding still has a question to answer.
pub fn connect(page: &Page, picture: &Picture, from: &NodeId, to: &NodeId) -> Option<BindingForm> {
    match wire(from, to)? {
        Wire::Binding(source, target) => {
            let kind = kind_of(picture, &source);
            Some(BindingForm::wired(&source, target, kind))
        }
        Wire::Plan(program, exchange) => {
            let plan = Plan {
                exchange: exchange.into(),
                routing_key: "".into(),
            };
            page.driver.plan(program.into(), plan);
            None
        }
        Wire::Consume(queue, program) => {
            let program = program_named(picture, &program)?.id;
            let consume = BasicConsume {
                queue: QueueName::from(queue),
                ..BasicConsume::default()
            };
            page.driver
                .call_as(Some(program), ClientMethod::BasicConsume(consume));
            None
        }
    }
}

/// The form with which one publishes from a node.
pub fn publish_sheet(picture: &Picture, node: &NodeId) -> Option<Sheet> {
    match ids::thing(node)? {
        Thing::Exchange(name) => Some(Sheet::Publish(None, PublishForm::new(&name, ""))),
        Thing::Queue(name) => Some(Sheet::Publish(None, PublishForm::new("", &name))),
        Thing::Program(name) => {
            let program = program_named(picture, &name)?;
            let form = match (picture.plans.get(&program.name), program.form.as_deref()) {
                (Some(plan), _) => PublishForm::new(&plan.exchange, &plan.routing_key),
                (None, Some(Form::Producer(form))) => {
                    PublishForm::new(&form.exchange, &form.routing_key)
                }
                (None, _) => {
                    last_published(picture, program).unwrap_or_else(|| PublishForm::new("", ""))
                }
            };
            Some(Sheet::Publish(Some(program.id), form))
        }
        Thing::Channel(_) => Some(Sheet::Publish(None, PublishForm::new("", ""))),
    }
}

/// A form for where a program published last.
fn last_published(picture: &Picture, program: &ProgramView) -> Option<PublishForm> {
    let connection = program.connection?;
    let book = picture.book();
    let (_, exchange) = book
        .ways
        .published
        .iter()
        .rev()
        .find(|(publisher, _)| *publisher == connection)?;
    Some(PublishForm::new(exchange.as_str(), ""))
}

/// An entry of the menu of a node or edge.
pub fn choose(page: &Page, picture: &Picture, target: &Target, choice: &str) {
    match target {
        Target::Node(node) => choose_node(page, picture, node, choice),
        Target::Edge(edge) => match choice {
            "unbind" => remove(page, picture, target),
            "cancel" => cancel(page, picture, edge.as_str()),
            _ => {}
        },
        Target::Group(_) | Target::Item(..) => {}
    }
}

fn choose_node(page: &Page, picture: &Picture, node: &NodeId, choice: &str) {
    if choice == "publish" {
        if let Some(sheet) = publish_sheet(picture, node) {
            page.open.emit(sheet);
        }
        return;
    }
    match ids::thing(node) {
        Some(Thing::Exchange(name)) => match choice {
            "bind" => page.open.emit(Sheet::AddBinding(BindingForm {
                source: Some(AttrValue::from(name)),
                ..BindingForm::default()
            })),
            "delete" => remove(page, picture, &Target::Node(node.clone())),
            _ => {}
        },
        Some(Thing::Queue(name)) => choose_queue(page, name, choice),
        Some(Thing::Program(name)) => {
            if let Some(program) = program_named(picture, &name) {
                choose_program(page, program, choice);
            }
        }
        Some(Thing::Channel(_)) | None => {}
    }
}

fn choose_queue(page: &Page, name: String, choice: &str) {
    let queue = QueueName::from(name.as_str());
    match choice {
        "consume" => page.open.emit(Sheet::AddConsumer(Some(name.into()))),
        "get" => page.show_node(&ids::queue_named(&name), Some("queue.get")),
        "move" => page.show_node(&ids::queue_named(&name), Some("queue.move")),
        "purge" => {
            page.driver.call(ClientMethod::QueuePurge {
                queue,
                nowait: false,
            });
        }
        "delete" => {
            page.driver.call(delete_queue(queue));
        }
        _ => {}
    }
}

fn delete_queue(queue: QueueName) -> ClientMethod {
    ClientMethod::QueueDelete {
        queue,
        if_unused: false,
        if_empty: false,
        nowait: false,
    }
}

fn choose_program(page: &Page, view: &ProgramView, choice: &str) {
    let program = view.id;
    match choice {
        "restart" => {
            page.driver.program(ProgramCommand::Restart { program });
        }
        "edit" => page.open.emit(Sheet::EditProgram(program)),
        "script" => page.open.emit(Sheet::EditScript(program)),
        "remove" => {
            page.driver.program(ProgramCommand::Remove { program });
        }
        "close-channel" => {
            let (code, text) = (200, "Goodbye".to_string());
            page.driver
                .call_as(Some(program), ClientMethod::ChannelClose { code, text });
        }
        other => {
            if let Some(fault) = faults::parse(other) {
                page.driver
                    .program(ProgramCommand::Fault { program, fault });
            }
        }
    }
}

/// Ends every subscription an edge stands for.
fn cancel(page: &Page, picture: &Picture, edge: &str) {
    for queue in &picture.world.broker.queues {
        for consumer in &queue.consumers {
            let program = program_on(&picture.world, consumer.id.channel);
            let node = program.map_or_else(|| ids::channel(consumer.id.channel), ids::program);
            if ids::consumes(&queue.id, &node).as_str() == edge {
                let method = ClientMethod::BasicCancel {
                    consumer_tag: consumer.id.tag.clone(),
                    nowait: false,
                };
                page.driver
                    .call_as(program.map(|program| program.id), method);
            }
        }
    }
}

/// Takes away what a target stands for.
pub fn remove(page: &Page, picture: &Picture, target: &Target) {
    match target {
        Target::Node(node) => match ids::thing(node) {
            Some(Thing::Exchange(name)) => {
                page.driver.call(ClientMethod::ExchangeDelete {
                    exchange: ExchangeName::from(name),
                    if_unused: false,
                    nowait: false,
                });
            }
            Some(Thing::Queue(name)) => {
                page.driver.call(delete_queue(QueueName::from(name)));
            }
            Some(Thing::Program(name)) => {
                if let Some(program) = program_named(picture, &name) {
                    choose_program(page, program, "remove");
                }
            }
            Some(Thing::Channel(_)) | None => {}
        },
        Target::Edge(edge) => {
            let bindings = &picture.world.broker.bindings;
            match binding_of(edge.as_str(), bindings) {
                Some(binding) => {
                    page.driver.call(unbind(binding));
                }
                None => cancel(page, picture, edge.as_str()),
            }
        }
        Target::Group(_) | Target::Item(..) => {}
    }
}

/// Where on the canvas the things are that an event is about.
pub fn lit(picture: &Picture, event: &WorldEvent) -> Set<Target> {
    let book = picture.book();
    about(event)
        .into_iter()
        .filter_map(|about| match about {
            About::Exchange(exchange) => Some(Target::Node(ids::exchange(&exchange))),
            About::Queue(queue) => Some(Target::Node(ids::queue(&queue))),
            About::Binding(binding) => Some(Target::Edge(ids::binding(&binding))),
            About::ByDefault(queue) => Some(Target::Edge(ids::by_default(&queue))),
            About::Program(program) => {
                let name = book.program_name(program);
                Some(Target::Node(ids::program_named(&name)))
            }
            About::Connection(connection) => {
                let peer = book.peer(connection)?;
                match peer.program {
                    Some(_) => Some(Target::Node(ids::program_named(&peer.name))),
                    None => {
                        let you = picture.world.you?;
                        (you.connection == connection).then(|| Target::Node(ids::channel(you)))
                    }
                }
            }
            About::Message(_) => None,
        })
        .collect()
}
