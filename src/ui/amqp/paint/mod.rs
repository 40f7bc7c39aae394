//! Painting: a picture of the world becomes a scene of nodes, edges and outlines. Pure; the canvas draws it.

mod badges;
mod edges;
mod nodes;
mod programs;

pub use edges::{binding_of, binding_words};
pub use nodes::{letter_of, payload_line};
pub use programs::state_words;

use std::rc::Rc;

use crate::actors::{Form, ProgramKind, ProgramView};
use crate::amqp::view::{ChannelView, ExchangeView};
use crate::amqp::{ChannelId, ConnectionId, Destination, ExchangeId};
use crate::engine::{Journey, WorldView};
use crate::ordered::{Map, Set};
use crate::ui::amqp::book::Book;
use crate::ui::amqp::forms::programs::Plan;
use crate::ui::amqp::ids;
use crate::ui::amqp::picture::Answer;
use crate::ui::amqp::sentence::Teller;
use crate::ui::canvas::scene::{EdgeKind, LegendEntry, NodeId, Scene};
use crate::ui::text::{Lang, Texts};

/// Where hand-made producers publish to, by the names of their programs.
pub type Plans = Map<Rc<str>, Plan>;

/// All that a picture is painted from.
#[derive(Clone, Copy)]
pub struct Painter<'a> {
    pub world: &'a WorldView,
    pub book: &'a Book,
    pub plans: &'a Plans,
    pub lang: Lang,
    /// The message whose way is explained, if any.
    pub journey: Option<&'a Journey>,
    /// What is asked without publishing, if anything.
    pub answer: Option<&'a Answer>,
}

/// Where a program is going to publish to.
struct Planned<'a> {
    program: &'a str,
    exchange: &'a str,
    key: &'a str,
}

/// The columns, from the left.
struct Ranks {
    exchanges: Map<ExchangeId, u8>,
    queues: u8,
    consumers: u8,
}

/// No chain of exchanges takes more columns than this.
const MOST_EXCHANGE_RANKS: u8 = 4;

impl Painter<'_> {
    /// The scene; stable in the order of names and numbers.
    pub fn scene(&self) -> Scene {
        let shown = self.shown_exchanges();
        let ranks = self.ranks(&shown);
        let mut nodes = Vec::new();
        let mut edges = Vec::new();
        let mut groups = Vec::new();
        self.paint_programs(&ranks, &mut nodes, &mut groups);
        self.paint_other_channels(&ranks, &mut nodes);
        for exchange in &shown {
            nodes.push(self.exchange(exchange, &ranks));
        }
        for queue in &self.world.broker.queues {
            nodes.push(self.queue(queue, ranks.queues));
        }
        self.paint_edges(&shown, &mut edges);
        let there: Set<NodeId> = nodes.iter().map(|node| node.id.clone()).collect();
        edges.retain(|edge| there.contains(&edge.from) && there.contains(&edge.to));
        self.tell_bindings(&mut nodes);
        let t = self.t();
        let mut legend = Vec::new();
        for kind in [EdgeKind::Dashed, EdgeKind::Dotted] {
            if edges.iter().any(|edge| edge.kind == kind) {
                let label = match kind {
                    EdgeKind::Dashed => t.legend_dead_letter,
                    _ => t.legend_alternate,
                };
                legend.push(LegendEntry {
                    kind,
                    label: label.into(),
                });
            }
        }
        Scene {
            legend,
            ..Scene::with_edges(nodes, edges, groups)
        }
    }

    fn t(&self) -> &'static Texts {
        self.lang.texts()
    }

    fn teller(&self) -> Teller<'_> {
        Teller::new(self.book, self.lang)
    }

    /// A name as it is shown: the default exchange has none of its own.
    fn exchange_name<'n>(&self, name: &'n str) -> &'n str {
        shown_exchange(name, self.t())
    }

    /// The predeclared exchanges stand on the canvas only while something uses them.
    fn shown_exchanges(&self) -> Vec<&ExchangeView> {
        let used = self.used_exchanges();
        let broker = &self.world.broker;
        broker
            .exchanges
            .iter()
            .filter(|exchange| !is_predeclared(exchange.id.as_str()) || used.contains(&exchange.id))
            .collect()
    }

    fn used_exchanges(&self) -> Set<ExchangeId> {
        let broker = &self.world.broker;
        let mut used = Set::new();
        for binding in &broker.bindings {
            used.insert(binding.source.clone());
            if let Destination::Exchange(exchange) = &binding.destination {
                used.insert(exchange.clone());
            }
        }
        let open: Set<ConnectionId> = broker.connections.iter().map(|c| c.id).collect();
        for (connection, exchange) in &self.book.ways.published {
            if open.contains(connection) || self.publisher_stands(*connection) {
                used.insert(exchange.clone());
            }
        }
        used.extend(broker.exchanges.iter().filter_map(|x| x.alternate.clone()));
        let dead = broker.queues.iter();
        used.extend(dead.filter_map(|queue| queue.dead_letter_exchange.clone()));
        let planned = self.planned();
        for exchange in &broker.exchanges {
            let meant = |way: &Planned<'_>| way.exchange == exchange.id.as_str();
            if planned.iter().any(meant) {
                used.insert(exchange.id.clone());
            }
        }
        used
    }

    /// Where programs are going to publish to: as the person planned it, else as their forms say.
    fn planned(&self) -> Vec<Planned<'_>> {
        let mut ways = Vec::new();
        for program in &self.world.programs {
            if let Some(plan) = self.plans.get(&program.name) {
                ways.push(Planned {
                    program: &program.name,
                    exchange: &plan.exchange,
                    key: &plan.routing_key,
                });
                continue;
            }
            let way = match program.form.as_deref() {
                Some(Form::Producer(form)) => Some((&form.exchange, &form.routing_key)),
                Some(Form::Consumer(form)) => form
                    .onward
                    .as_ref()
                    .map(|onward| (&onward.exchange, &onward.routing_key)),
                None => None,
            };
            ways.extend(way.map(|(exchange, key)| Planned {
                program: &program.name,
                exchange,
                key,
            }));
        }
        ways
    }

    /// Whether the program behind a connection that is gone still stands on the canvas.
    fn publisher_stands(&self, connection: ConnectionId) -> bool {
        let program = self.book.peer(connection).and_then(|peer| peer.program);
        program.is_some_and(|id| self.world.programs.iter().any(|p| p.id == id))
    }

    /// Exchanges stand right of the exchanges that lead to them.
    fn ranks(&self, shown: &[&ExchangeView]) -> Ranks {
        let mut exchanges: Map<ExchangeId, u8> = shown.iter().map(|x| (x.id.clone(), 1)).collect();
        let mut links: Vec<(ExchangeId, ExchangeId)> = Vec::new();
        for binding in &self.world.broker.bindings {
            if let Destination::Exchange(to) = &binding.destination {
                links.push((binding.source.clone(), to.clone()));
            }
        }
        for exchange in shown {
            if let Some(to) = &exchange.alternate {
                links.push((exchange.id.clone(), to.clone()));
            }
        }
        // As many rounds as there are columns: a cycle only pushes its members to the last one.
        for _ in 1..MOST_EXCHANGE_RANKS {
            for (from, to) in links.iter().filter(|(from, to)| from != to) {
                let Some(&before) = exchanges.get(from) else {
                    continue;
                };
                if let Some(rank) = exchanges.get_mut(to) {
                    *rank = (*rank).max(before + 1).min(MOST_EXCHANGE_RANKS);
                }
            }
        }
        let queues = exchanges.values().max().map_or(1, |rank| rank + 1);
        Ranks {
            exchanges,
            queues,
            consumers: queues + 1,
        }
    }

    /// The channel as the broker sees it.
    fn channel(&self, id: ChannelId) -> Option<&ChannelView> {
        self.world
            .broker
            .connections
            .iter()
            .find(|connection| connection.id == id.connection)?
            .channels
            .iter()
            .find(|channel| channel.id == id)
    }

    /// The program to which a channel belongs.
    fn program_of(&self, channel: ChannelId) -> Option<&ProgramView> {
        self.world
            .programs
            .iter()
            .find(|program| program.connection == Some(channel.connection))
    }

    /// The node that stands for a channel.
    fn node_of(&self, channel: ChannelId) -> NodeId {
        self.program_of(channel)
            .map_or_else(|| ids::channel(channel), ids::program)
    }
}

/// A name as it is shown: the default exchange has none of its own.
pub fn shown_exchange<'n>(name: &'n str, t: &'static Texts) -> &'n str {
    if name.is_empty() {
        t.default_exchange
    } else {
        name
    }
}

/// Whether a name is one of those every vhost begins with.
pub fn is_predeclared(name: &str) -> bool {
    name.is_empty() || name.starts_with("amq.")
}

/// The column of a program.
fn program_rank(kind: ProgramKind, ranks: &Ranks) -> u8 {
    match kind {
        ProgramKind::Producer | ProgramKind::Program => 0,
        ProgramKind::Consumer => ranks.consumers,
    }
}
