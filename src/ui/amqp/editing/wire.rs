//! What an edge drawn or moved by hand means: which are legal, and why the others are not.

use crate::actors::{ProgramKind, ProgramView};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::BasicConsume;
use crate::amqp::view::{Binding, ExchangeKind};
use crate::amqp::{QueueName, RoutingKey, Table};
use crate::engine::{ProgramCommand, WorldCommand};
use crate::ui::amqp::forms::binding::{BindingForm, Target as BindingTarget, unbind};
use crate::ui::amqp::forms::names::MAX_BYTES;
use crate::ui::amqp::forms::programs::Plan;
use crate::ui::amqp::forms::rows;
use crate::ui::amqp::ids::{self, Thing};
use crate::ui::amqp::page::{Page, program_on, went_wrong};
use crate::ui::amqp::paint::binding_of;
use crate::ui::amqp::panels::kind_of;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::why;
use crate::ui::canvas::scene::{EdgeId, End, NodeId, Text, Tone, Verdict};
use crate::ui::components::Row;
use crate::ui::text::{Texts, fill_plain};

/// What an edge drawn by hand would be.
pub(super) enum Wire {
    /// A binding.
    Binding(String, BindingTarget),
    /// A producer is to publish to this exchange.
    Plan(String, String),
    /// A program is to consume this queue.
    Consume(String, String),
}

pub(super) fn wire(from: &NodeId, to: &NodeId) -> Option<Wire> {
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

/// The program called `name`.
pub fn program_named<'a>(picture: &'a Picture, name: &str) -> Option<&'a ProgramView> {
    let mut programs = picture.world.programs.iter();
    programs.find(|program| &*program.name == name)
}

/// What a node is called on the canvas.
pub(super) fn name_of(picture: &Picture, node: &NodeId) -> String {
    let found = picture.scene.node(node);
    found.map_or_else(String::new, |node| node.name.to_string())
}

/// May an edge go from one node to another?
pub fn verdict(picture: &Picture, from: &NodeId, to: &NodeId, t: &Texts) -> Verdict {
    let is_default = |node: &NodeId| *node == ids::exchange_named("");
    match wire(from, to) {
        Some(Wire::Consume(_, program)) => match program_named(picture, &program) {
            Some(view) if view.kind == ProgramKind::Producer => Err(t.wire_to_producer.into()),
            Some(_) | None => Ok(()),
        },
        Some(Wire::Plan(program, _)) => match program_named(picture, &program) {
            Some(view) if view.kind == ProgramKind::Consumer => {
                Err(not(picture, from, to, t).into())
            }
            Some(_) | None => Ok(()),
        },
        Some(Wire::Binding(..)) => Ok(()),
        None if is_default(from) => Err(t.wire_no_default.into()),
        None => Err(not(picture, from, to, t).into()),
    }
}

fn not(picture: &Picture, from: &NodeId, to: &NodeId, t: &Texts) -> String {
    let names = [name_of(picture, from), name_of(picture, to)];
    fill_plain(t.wire_not, &[&names[0], &names[1]])
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
            let program = program_named(picture, &program)?;
            page.driver.submit(consume(program, &queue));
            None
        }
    }
}

/// A program consumes a queue.
pub(super) fn consume(program: &ProgramView, queue: &str) -> WorldCommand {
    let consume = BasicConsume {
        queue: QueueName::from(queue),
        ..BasicConsume::default()
    };
    WorldCommand::Program(ProgramCommand::Call {
        program: program.id,
        method: ClientMethod::BasicConsume(consume),
    })
}

/// The cancels of every subscription an edge stands for, on whoever holds them.
pub(super) fn cancels(picture: &Picture, edge: &str) -> Vec<WorldCommand> {
    let mut commands = Vec::new();
    for queue in &picture.world.broker.queues {
        for consumer in &queue.consumers {
            let program = program_on(&picture.world, consumer.id.channel);
            let node = program.map_or_else(|| ids::channel(consumer.id.channel), ids::program);
            if ids::consumes(&queue.id, &node).as_str() != edge {
                continue;
            }
            let method = ClientMethod::BasicCancel {
                consumer_tag: consumer.id.tag.clone(),
                nowait: false,
            };
            commands.push(match program {
                Some(program) => WorldCommand::Program(ProgramCommand::Call {
                    program: program.id,
                    method,
                }),
                None => WorldCommand::You(method),
            });
        }
    }
    commands
}

/// Where an edge would lead with one of its ends at another node.
fn moved(picture: &Picture, edge: &EdgeId, end: End, to: &NodeId) -> Option<(NodeId, NodeId)> {
    let edge = picture.scene.edge(edge)?;
    Some(match end {
        End::From => (to.clone(), edge.to.clone()),
        End::To => (edge.from.clone(), to.clone()),
    })
}

/// May that end of an edge go to that node?
pub fn rewirable(page: &Page, picture: &Picture, asked: &(EdgeId, End, NodeId)) -> Verdict {
    let (edge, end, to) = asked;
    let w = page.lang.wiring();
    let Some((from, goal)) = moved(picture, edge, *end, to) else {
        return Err(Text::default());
    };
    verdict(picture, &from, &goal, page.t())?;
    let bindings = &picture.world.broker.bindings;
    match (binding_of(edge.as_str(), bindings), wire(&from, &goal)) {
        (Some(binding), Some(Wire::Binding(source, target))) => {
            let form = as_form(binding, &source, target);
            if is_there(picture, &form) {
                return Err(w.same_binding.into());
            }
            Ok(())
        }
        (None, Some(Wire::Consume(..) | Wire::Plan(..))) => Ok(()),
        _ => {
            let name = name_of(picture, to);
            Err(fill_plain(w.wrong_end, &[&name]).into())
        }
    }
}

/// A binding with the key and arguments of another, between other ends.
struct Rebound {
    source: String,
    target: BindingTarget,
    key: RoutingKey,
    arguments: Table,
}

fn as_form(binding: &Binding, source: &str, target: BindingTarget) -> Rebound {
    Rebound {
        source: source.to_string(),
        target,
        key: binding.routing_key.clone(),
        arguments: binding.arguments.clone(),
    }
}

impl Rebound {
    fn method(&self) -> ClientMethod {
        let exchange = self.source.as_str().into();
        let (routing_key, arguments) = (self.key.clone(), self.arguments.clone());
        match &self.target {
            BindingTarget::Queue(queue) => ClientMethod::QueueBind {
                queue: queue.as_str().into(),
                exchange,
                routing_key,
                nowait: false,
                arguments,
            },
            BindingTarget::Exchange(destination) => ClientMethod::ExchangeBind {
                destination: destination.as_str().into(),
                source: exchange,
                routing_key,
                nowait: false,
                arguments,
            },
        }
    }
}

fn is_there(picture: &Picture, wanted: &Rebound) -> bool {
    let bindings = picture.world.broker.bindings.iter();
    let mut same = bindings.filter(|binding| {
        let target = target_of(binding);
        binding.source.as_str() == wanted.source
            && target == wanted.target
            && binding.routing_key == wanted.key
            && binding.arguments == wanted.arguments
    });
    same.next().is_some()
}

/// Where a binding leads, as forms say it.
pub(super) fn target_of(binding: &Binding) -> BindingTarget {
    use crate::amqp::Destination;
    match &binding.destination {
        Destination::Queue(queue) => BindingTarget::Queue(queue.as_str().to_string().into()),
        Destination::Exchange(exchange) => {
            BindingTarget::Exchange(exchange.as_str().to_string().into())
        }
    }
}

/// Moves an end of an edge to another node: the new way first, so that nothing goes with its last binding.
pub fn rewire(page: &Page, picture: &Picture, (edge, end, to): &(EdgeId, End, NodeId)) {
    let w = page.lang.wiring();
    let Some((from, goal)) = moved(picture, edge, *end, to) else {
        return;
    };
    let bindings = &picture.world.broker.bindings;
    match (wire(&from, &goal), binding_of(edge.as_str(), bindings)) {
        (Some(Wire::Binding(source, target)), Some(binding)) => {
            let rebound = as_form(binding, &source, target);
            let commands = vec![
                WorldCommand::You(rebound.method()),
                WorldCommand::You(unbind(binding)),
            ];
            if !went_wrong(&page.driver.submit(WorldCommand::Together(commands))) {
                let way = format!("{} → {}", rebound.source, rebound.target.name());
                let said = fill_plain(w.moved_binding, &[&way]);
                page.notify(Tone::Success, said, None);
            }
        }
        (Some(Wire::Consume(queue, program)), None) => {
            let Some(program) = program_named(picture, &program) else {
                return;
            };
            let mut commands = cancels(picture, edge.as_str());
            commands.push(consume(program, &queue));
            if !went_wrong(&page.driver.submit(WorldCommand::Together(commands))) {
                page.notify(Tone::Success, w.moved_consumer, None);
            }
        }
        (Some(Wire::Plan(program, exchange)), None) => {
            let known = picture.plans.get(program.as_str());
            let plan = Plan {
                exchange: exchange.into(),
                routing_key: known.map_or_else(|| "".into(), |plan| plan.routing_key.clone()),
            };
            page.driver.plan(program.into(), plan);
        }
        _ => {}
    }
}

/// Writes the key of a binding anew: for a headers exchange the arguments, as they stand on the edge.
pub fn relabel(page: &Page, picture: &Picture, edge: &EdgeId, text: &str) {
    let w = page.lang.wiring();
    let bindings = &picture.world.broker.bindings;
    let Some(binding) = binding_of(edge.as_str(), bindings) else {
        return;
    };
    let mut rebound = as_form(binding, binding.source.as_str(), target_of(binding));
    if kind_of(picture, binding.source.as_str()) == Some(ExchangeKind::Headers) {
        match headers(text) {
            Some(arguments) => rebound.arguments = arguments,
            None => {
                let said = fill_plain(w.wrong_headers, &[&text]);
                page.notify(Tone::Warning, said, None);
                return;
            }
        }
    } else if text.len() > MAX_BYTES {
        let said = fill_plain(w.too_long, &[&text.len()]);
        page.notify(Tone::Warning, said, None);
        return;
    } else {
        rebound.key = RoutingKey::from(text);
    }
    if is_there(picture, &rebound) {
        page.notify(Tone::Warning, w.same_binding, None);
        return;
    }
    let commands = vec![
        WorldCommand::You(rebound.method()),
        WorldCommand::You(unbind(binding)),
    ];
    if !went_wrong(&page.driver.submit(WorldCommand::Together(commands))) {
        page.notify(Tone::Success, fill_plain(w.rekeyed, &[&text]), None);
    }
}

/// The four ways in which a headers binding compares.
const MATCHES: [&str; 4] = ["all", "any", "all-with-x", "any-with-x"];

/// Reads what stands on the edge of a headers binding: `format=pdf, pages=3, all`.
fn headers(text: &str) -> Option<Table> {
    let mut typed: Vec<Row> = Vec::new();
    let mut mode = "all";
    for part in text.split([',', '，']).map(str::trim) {
        if part.is_empty() {
            continue;
        }
        if let Some(known) = MATCHES.iter().find(|known| **known == part) {
            mode = known;
            continue;
        }
        let (name, value) = part.split_once('=')?;
        let kind = match value.trim() {
            "true" | "false" => rows::RowKind::Boolean,
            value if value.parse::<i64>().is_ok() => rows::RowKind::Number,
            _ => rows::RowKind::String,
        };
        typed.push(Row {
            name: name.trim().to_string().into(),
            kind: kind.as_str().into(),
            value: value.trim().to_string().into(),
        });
    }
    typed.insert(
        0,
        Row {
            name: "x-match".into(),
            kind: rows::RowKind::String.as_str().into(),
            value: mode.into(),
        },
    );
    let mut problems = crate::ui::amqp::forms::Problems::default();
    let table = rows::table(&typed, &mut problems);
    (!problems.forbids()).then_some(table)
}

/// What stands on the edge of a headers binding; [`headers`] reads it back.
pub fn headers_label(arguments: &Table) -> String {
    let mut parts: Vec<String> = arguments
        .0
        .iter()
        .filter(|(key, _)| key.as_bytes() != b"x-match")
        .map(|(key, value)| format!("{key}={}", why::value(value)))
        .collect();
    let mode = arguments.get("x-match").map(why::value);
    parts.push(mode.unwrap_or_else(|| "all".to_string()));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_on_a_headers_edge_is_read_back() {
        for text in ["format=pdf, pages=3, all", "urgent=true, any", "all"] {
            let table = headers(text).expect("well written");
            assert_eq!(headers_label(&table), text);
        }
        assert_eq!(headers("pdf"), None);
        let table = headers("any, format=pdf").expect("the order is free");
        assert_eq!(headers_label(&table), "format=pdf, any");
    }

    #[test]
    fn only_what_routes_can_be_wired() {
        let queue = ids::queue_named("q");
        let exchange = ids::exchange_named("x");
        assert!(matches!(wire(&exchange, &queue), Some(Wire::Binding(..))));
        assert!(wire(&queue, &exchange).is_none());
        assert!(wire(&ids::exchange_named(""), &queue).is_none());
    }
}
