//! Copy, paste and duplicate: a piece of the topology as scenario text, and back under names that are free.

use std::rc::Rc;

use crate::actors::{ProgramId, ProgramSpec};
use crate::amqp::message::{Table, Value};
use crate::amqp::protocol::ClientMethod;
use crate::engine::{ProgramCommand, WorldCommand, setup};
use crate::ordered::{Map, Set};
use crate::scenario::{Scenario, ScenarioBinding, ScenarioDestination, ScenarioPatch};
use crate::ui::amqp::files;
use crate::ui::amqp::forms::names;
use crate::ui::amqp::ids::{self, Thing};
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::{NodeId, Target};
use crate::ui::canvas::sketch::{Patch, PatchKind, Sketch};

/// How far a duplicate stands from what it was made of.
pub const BESIDE: Point = Point::new(48.0, 64.0);

/// How many things a piece has.
pub fn size(piece: &Scenario) -> usize {
    let topology = &piece.topology;
    topology.exchanges.len()
        + topology.queues.len()
        + piece.programs.len()
        + piece.drawing.iter().filter(|patch| patch.is_note()).count()
}

/// What a piece takes along besides what lies wholly in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Only bindings between two things of it: the rest means nothing on another page.
    Inner,
    /// Bindings to things outside of it too: a duplicate is wired as its original is.
    Outer,
}

/// The selected part of `whole`, with the places of its nodes.
pub fn cut_out(
    mut whole: Scenario,
    chosen: &Set<Target>,
    places: &Pins,
    sketch: &Sketch,
    reach: Reach,
) -> Scenario {
    let is_in = |node: NodeId| chosen.contains(&Target::Node(node));
    let exchange = |name: &str| is_in(ids::exchange_named(name));
    let queue = |name: &str| is_in(ids::queue_named(name));
    let topology = &mut whole.topology;
    topology
        .exchanges
        .retain(|it| exchange(it.exchange.as_str()));
    topology.queues.retain(|it| queue(it.queue.as_str()));
    topology.policies.clear();
    topology.bindings.retain(|binding| {
        let from = exchange(binding.source.as_str());
        let to = match &binding.destination {
            ScenarioDestination::Queue(name) => queue(name.as_str()),
            ScenarioDestination::Exchange(name) => exchange(name.as_str()),
        };
        match reach {
            Reach::Inner => from && to,
            Reach::Outer => from || to,
        }
    });
    whole
        .programs
        .retain(|program| is_in(ids::program_named(&program.name)));
    let named = places
        .iter()
        .filter(|(node, _)| is_in((*node).clone()) && kept(&whole, node));
    let layout = named.map(|(node, at)| (node.to_string(), files::position(*at)));
    whole.layout = layout.collect();
    whole.drawing = sketch
        .patches
        .iter()
        .filter(|patch| match &patch.kind {
            PatchKind::Note { .. } => chosen.contains(&Target::Patch(patch.id.clone())),
            PatchKind::Frame { members } => members.iter().all(|node| is_in(node.clone())),
        })
        .map(files::to_scenario)
        .collect();
    whole.title = Default::default();
    whole.description = Default::default();
    whole
}

/// Whether a node is in a piece: exclusive queues and the like are selected but not taken.
fn kept(piece: &Scenario, node: &NodeId) -> bool {
    match ids::thing(node) {
        Some(Thing::Exchange(name)) => {
            let mut all = piece.topology.exchanges.iter();
            all.any(|it| it.exchange.as_str() == name)
        }
        Some(Thing::Queue(name)) => {
            let mut all = piece.topology.queues.iter();
            all.any(|it| it.queue.as_str() == name)
        }
        Some(Thing::Program(name)) => piece.programs.iter().any(|it| it.name == name),
        Some(Thing::Channel(_)) | None => false,
    }
}

/// A piece ready to be put in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pasted {
    pub commands: Vec<WorldCommand>,
    /// Where its nodes go.
    pub places: Vec<(NodeId, Point)>,
    /// Every node it brings, to be selected.
    pub nodes: Vec<NodeId>,
    pub patches: Vec<Patch>,
    /// Exchanges, queues, bindings, programs.
    pub counts: [usize; 4],
    /// Whether something got another name.
    pub renamed: bool,
}

/// New names for those that are taken.
struct Names {
    exchanges: Map<String, String>,
    queues: Map<String, String>,
    programs: Map<String, String>,
}

impl Names {
    fn of(piece: &Scenario, picture: &Picture) -> Names {
        let world = &picture.world;
        let fresh = |wanted: Vec<&str>, taken: &dyn Fn(&str) -> bool| {
            let mut given: Map<String, String> = Map::new();
            for name in wanted {
                let is_taken = |name: &str| taken(name) || given.values().any(|it| it == name);
                let new = if is_taken(name) {
                    names::free(base(name), is_taken)
                } else {
                    name.to_string()
                };
                given.insert(name.to_string(), new);
            }
            given
        };
        let broker = &world.broker;
        let topology = &piece.topology;
        Names {
            exchanges: fresh(
                topology
                    .exchanges
                    .iter()
                    .map(|it| it.exchange.as_str())
                    .collect(),
                &|name| broker.exchanges.iter().any(|it| it.id.as_str() == name),
            ),
            queues: fresh(
                topology.queues.iter().map(|it| it.queue.as_str()).collect(),
                &|name| broker.queues.iter().any(|it| it.id.as_str() == name),
            ),
            programs: fresh(
                piece.programs.iter().map(|it| it.name.as_str()).collect(),
                &|name| world.programs.iter().any(|it| &*it.name == name),
            ),
        }
    }

    fn node(&self, node: &str) -> Option<NodeId> {
        let new = |names: &Map<String, String>, name: &str| names.get(name).cloned();
        match ids::thing(&node.into())? {
            Thing::Exchange(name) => new(&self.exchanges, &name).map(|it| ids::exchange_named(&it)),
            Thing::Queue(name) => new(&self.queues, &name).map(|it| ids::queue_named(&it)),
            Thing::Program(name) => new(&self.programs, &name).map(|it| ids::program_named(&it)),
            Thing::Channel(_) => None,
        }
    }

    /// The alternate and dead letter exchanges that came along are meant, not those of the same name that stand there.
    fn arguments(&self, table: &Table) -> Table {
        let mut table = table.clone();
        for (key, value) in &mut table.0 {
            let names = match key.as_bytes() {
                b"alternate-exchange" | b"x-dead-letter-exchange" => &self.exchanges,
                b"x-dead-letter-routing-key" => &self.queues,
                _ => continue,
            };
            let new = value.as_str().and_then(|name| names.get(name));
            if let Some(new) = new.cloned() {
                *value = Value::from(new.as_str());
            }
        }
        table
    }

    /// A script that speaks of what came along.
    fn script(&self, lines: &[String]) -> String {
        let all: Map<&str, &str> = self
            .exchanges
            .iter()
            .chain(self.queues.iter())
            .filter(|(old, new)| old != new)
            .map(|(old, new)| (old.as_str(), new.as_str()))
            .collect();
        let lines: Vec<String> = lines.iter().map(|line| replaced(line, &all)).collect();
        lines.join("\n")
    }

    /// A program speaks of what came along: where that has another name, its script says so, and its form is past.
    fn rename_in(&self, spec: &mut ProgramSpec) {
        let lines: Vec<String> = spec.script.lines().map(str::to_string).collect();
        let script = self.script(&lines);
        if script != lines.join("\n") {
            spec.script = script.into();
            spec.form = None;
        }
    }

    fn changed(&self) -> bool {
        let all = self.exchanges.iter().chain(self.queues.iter());
        all.chain(self.programs.iter()).any(|(old, new)| old != new)
    }
}

/// A name without the number that an earlier copy gave it.
fn base(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((base, number))
            if !base.is_empty()
                && !number.is_empty()
                && number.chars().all(|c| c.is_ascii_digit()) =>
        {
            base
        }
        _ => name,
    }
}

/// `line` with whole names replaced: what stands between blanks, quotes and signs.
fn replaced(line: &str, names: &Map<&str, &str>) -> String {
    let mut out = String::with_capacity(line.len());
    let mut word = String::new();
    for c in line.chars().chain(['\n']) {
        if c.is_whitespace() || "\"'=,;()[]{}".contains(c) {
            out.push_str(names.get(word.as_str()).copied().unwrap_or(&word));
            word.clear();
            out.push(c);
        } else {
            word.push(c);
        }
    }
    out.pop();
    out
}

/// A piece made ready to be put in with its middle at a place, or beside where it stood.
pub fn paste(piece: &Scenario, picture: &Picture, at: Option<Point>, sketch: &Sketch) -> Pasted {
    let names = Names::of(piece, picture);
    let topology = &piece.topology;
    let mut pasted = Pasted {
        counts: [
            topology.exchanges.len(),
            topology.queues.len(),
            topology.bindings.len(),
            piece.programs.len(),
        ],
        renamed: names.changed(),
        ..Pasted::default()
    };
    for exchange in &topology.exchanges {
        let mut declare = exchange.clone();
        let old = declare.exchange.as_str().to_string();
        if let Some(new) = names.exchanges.get(&old) {
            declare.exchange = new.as_str().into();
            pasted.nodes.push(ids::exchange_named(new));
        }
        declare.arguments = names.arguments(&declare.arguments);
        pasted.you(ClientMethod::ExchangeDeclare(declare));
    }
    for queue in &topology.queues {
        let mut declare = queue.clone();
        let old = declare.queue.as_str().to_string();
        if let Some(new) = names.queues.get(&old) {
            declare.queue = new.as_str().into();
            pasted.nodes.push(ids::queue_named(new));
        }
        declare.arguments = names.arguments(&declare.arguments);
        pasted.you(ClientMethod::QueueDeclare(declare));
    }
    for binding in &topology.bindings {
        pasted.you(bind(binding, &names));
    }
    for program in &piece.programs {
        let name = names.programs.get(&program.name).unwrap_or(&program.name);
        let mut spec = setup::spec(program);
        spec.name = name.as_str().into();
        names.rename_in(&mut spec);
        pasted.nodes.push(ids::program_named(name));
        pasted
            .commands
            .push(WorldCommand::Program(ProgramCommand::Add {
                program: ProgramId(0),
                spec: Rc::new(spec),
            }));
    }
    pasted.place(piece, &names, at, sketch);
    pasted
}

fn bind(binding: &ScenarioBinding, names: &Names) -> ClientMethod {
    let new = |names: &Map<String, String>, name: &str| {
        names.get(name).cloned().unwrap_or_else(|| name.to_string())
    };
    let source = new(&names.exchanges, binding.source.as_str());
    let (routing_key, arguments) = (binding.routing_key.clone(), binding.arguments.clone());
    match &binding.destination {
        ScenarioDestination::Queue(queue) => ClientMethod::QueueBind {
            queue: new(&names.queues, queue.as_str()).as_str().into(),
            exchange: source.as_str().into(),
            routing_key,
            nowait: false,
            arguments,
        },
        ScenarioDestination::Exchange(exchange) => ClientMethod::ExchangeBind {
            destination: new(&names.exchanges, exchange.as_str()).as_str().into(),
            source: source.as_str().into(),
            routing_key,
            nowait: false,
            arguments,
        },
    }
}

impl Pasted {
    fn you(&mut self, method: ClientMethod) {
        self.commands.push(WorldCommand::You(method));
    }

    /// Nodes and notes keep their places to each other.
    fn place(&mut self, piece: &Scenario, names: &Names, at: Option<Point>, sketch: &Sketch) {
        let notes = piece.drawing.iter().filter_map(ScenarioPatch::place);
        let all: Vec<Point> = piece
            .layout
            .values()
            .copied()
            .chain(notes)
            .map(|at| Point::new(at.x, at.y))
            .collect();
        let by = match (at, all.len() as f64) {
            (Some(at), count) if count > 0.0 => {
                let x = all.iter().map(|at| at.x).sum::<f64>() / count;
                let y = all.iter().map(|at| at.y).sum::<f64>() / count;
                Point::new((at.x - x).round(), (at.y - y).round())
            }
            _ => BESIDE,
        };
        self.places = piece
            .layout
            .iter()
            .filter_map(|(node, at)| {
                let to = Point::new(at.x, at.y).shifted(by.x, by.y);
                Some((names.node(node)?, to))
            })
            .collect();
        let first = sketch.next_id().as_str().parse::<u32>().unwrap_or(1);
        let rename = |node: &str| names.node(node);
        let patches = (first..).zip(&piece.drawing);
        self.patches = patches
            .map(|(number, patch)| {
                files::from_scenario(patch, number.to_string().into(), by, &rename)
            })
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str) -> Scenario {
        Scenario::parse(text).expect("well written")
    }

    const SHOP: &str = r#"{"version": 1, "topology": {
        "exchanges": [{"name": "orders", "type": "topic"}, {"name": "lost", "type": "fanout"}],
        "queues": [{"name": "work", "arguments": {"x-dead-letter-exchange": "lost"}}],
        "bindings": [{"source": "orders", "queue": "work", "routingKey": "a.*"}]},
        "programs": [{"name": "clerk", "kind": "consumer", "script": ["consume work"]}],
        "layout": {"exchange:orders": [0, 0], "queue:work": [200, 100],
            "notes": [{"at": [10, 20], "text": "why?", "colour": 2}],
            "groups": [{"name": "shop", "colour": 1, "members": ["exchange:orders", "queue:work"]}]}}"#;

    fn chosen(nodes: &[&str]) -> Set<Target> {
        nodes.iter().map(|id| Target::Node((*id).into())).collect()
    }

    #[test]
    fn a_cut_takes_what_is_selected_and_the_bindings_inside() {
        let whole = piece(SHOP);
        let places = files::pins(&whole);
        let sketch = files::sketch(&whole);
        let both = chosen(&["exchange:orders", "queue:work"]);
        let cut = cut_out(whole.clone(), &both, &places, &sketch, Reach::Inner);
        assert_eq!(size(&cut), 2);
        assert_eq!((cut.topology.bindings.len(), cut.layout.len()), (1, 2));
        assert_eq!(cut.drawing.len(), 1, "the frame comes along, the note not");
        let one = chosen(&["queue:work"]);
        let inner = cut_out(whole.clone(), &one, &places, &sketch, Reach::Inner);
        assert_eq!(inner.topology.bindings.len(), 0);
        let outer = cut_out(whole, &one, &places, &sketch, Reach::Outer);
        assert_eq!(outer.topology.bindings.len(), 1);
        assert_eq!(Scenario::parse(&cut.to_json()).as_ref(), Ok(&cut));
    }

    #[test]
    fn names_that_are_free_stay_and_places_keep_their_distance() {
        let pasted = paste(
            &piece(SHOP),
            &Picture::default(),
            Some(Point::new(500.0, 500.0)),
            &Sketch::default(),
        );
        assert!(!pasted.renamed);
        assert_eq!(pasted.counts, [2, 1, 1, 1]);
        assert_eq!(pasted.commands.len(), 5);
        let at = |id: &str| {
            let mut places = pasted.places.iter();
            places.find(|(node, _)| node.as_str() == id).map(|it| it.1)
        };
        let (one, other) = (at("exchange:orders"), at("queue:work"));
        let (one, other) = one.zip(other).expect("both are placed");
        assert_eq!((other.x - one.x, other.y - one.y), (200.0, 100.0));
        assert_eq!(pasted.patches.len(), 2);
    }

    #[test]
    fn a_script_speaks_of_the_new_names_and_of_nothing_else() {
        let names = Map::from([("work", "work-1")]);
        assert_eq!(
            replaced("consume work ack=\"work\"", &names),
            "consume work-1 ack=\"work-1\""
        );
        assert_eq!(replaced("consume workers", &names), "consume workers");
        assert_eq!(base("work-12"), "work");
        assert_eq!(base("my-work"), "my-work");
    }
}
