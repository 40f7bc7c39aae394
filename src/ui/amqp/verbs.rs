//! What an entry of a menu does, and where on the canvas the things are that an event is about.

use gloo_timers::callback::Timeout;
use yew::AttrValue;

use crate::actors::{Form, ProgramView};
use crate::amqp::QueueName;
use crate::amqp::protocol::ClientMethod;
use crate::engine::{ProgramCommand, WorldEvent};
use crate::ordered::Set;
use crate::ui::amqp::editing::hangs::removal;
use crate::ui::amqp::editing::wire::program_named;
use crate::ui::amqp::faults;
use crate::ui::amqp::forms::binding::BindingForm;
use crate::ui::amqp::forms::publish::PublishForm;
use crate::ui::amqp::ids::{self, Thing};
use crate::ui::amqp::log_lines::{About, about};
use crate::ui::amqp::page::{Page, Sheet};
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::scene::{NodeId, Target};
use crate::ui::store::{Action, Face};

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

/// How long the canvas takes to be there after it was asked for, in milliseconds.
const CANVAS_MS: u32 = 60;

/// An entry of the menu of a node or edge, from wherever on the page.
pub fn choose(page: &Page, picture: &Picture, target: &Target, choice: &str) {
    match (choice, page.editor.get()) {
        (
            "delete" | "remove" | "unbind" | "cancel" | "rename" | "copy" | "duplicate",
            Some(editor),
        ) => editor.choose(target, choice),
        ("delete" | "remove" | "unbind" | "cancel", None) => {
            let removal = removal(page, picture, std::slice::from_ref(target));
            if removal.goes_too.is_empty() {
                removal.carry_out(page);
            } else {
                page.open.emit(Sheet::Remove(Box::new(removal)));
            }
        }
        ("rename" | "copy" | "duplicate", None) => {
            // These ask on the canvas.
            page.dispatch.dispatch(Action::Show(Face::Graph));
            let (slot, target, choice) = (page.editor.clone(), target.clone(), choice.to_string());
            Timeout::new(CANVAS_MS, move || {
                if let Some(editor) = slot.get() {
                    editor.choose(&target, &choice);
                }
            })
            .forget();
        }
        _ => {
            if let Target::Node(node) = target {
                choose_node(page, picture, node, choice);
            }
        }
    }
}

/// An entry of the menu of a node that asks nothing first.
pub fn choose_node(page: &Page, picture: &Picture, node: &NodeId, choice: &str) {
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
            "what-if" => page.open.emit(Sheet::WhatIf(AttrValue::from(name))),
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
        _ => {}
    }
}

/// queue.delete, whatever is in it.
pub fn delete_queue(queue: QueueName) -> ClientMethod {
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
