//! Bindings as wires, and the other ways: published by, consumed by, dead letters, alternates.

use rustc_hash::FxHashMap;

use crate::amqp::Event;
use crate::amqp::event::Via;
use crate::amqp::view::{Binding, ExchangeKind, ExchangeView};
use crate::ordered::Set;
use crate::ui::amqp::bound::Bound;
use crate::ui::amqp::editing::wire::headers_label;
use crate::ui::amqp::paint::Painter;
use crate::ui::amqp::paint::nodes::choice;
use crate::ui::amqp::{ids, why};
use crate::ui::canvas::scene::{Edge, EdgeKind, Emphasis, Hold, Node, NodeId, Text, Tone};
use crate::ui::shared::Shared;
use crate::ui::text::{Lang, fill_plain};

/// How many bindings of a node are told to readers; the panel has them all.
const TOLD_BINDINGS: usize = 6;

impl Painter<'_> {
    pub(super) fn paint_edges(&self, shown: &[&ExchangeView], edges: &mut Vec<Shared<Edge>>) {
        let mut others = Vec::new();
        self.paint_publishers(&mut others);
        for exchange in shown {
            self.paint_alternate(exchange, &mut others);
        }
        edges.extend(others.drain(..).map(Shared::new));
        self.paint_bindings(edges);
        self.paint_default_ways(&mut others);
        self.paint_queues(&mut others);
        edges.extend(others.into_iter().map(Shared::new));
    }

    /// As they were painted last, unless they are others now or something is explained.
    fn paint_bindings(&self, edges: &mut Vec<Shared<Edge>>) {
        let bindings = &self.world.broker.bindings;
        let paint = |painter: &Painter<'_>| -> Vec<Shared<Edge>> {
            let painted = bindings.iter().map(|binding| painter.binding(binding));
            painted.map(Shared::new).collect()
        };
        let mut bound = self.book.bound.borrow_mut();
        if !bound.is_of(bindings, self.lang) {
            let plain = Painter {
                journey: None,
                answer: None,
                ..*self
            };
            let painted = paint(&plain);
            let told = self.tell(&painted);
            *bound = Bound::new(bindings, self.lang, painted, told);
        }
        match (self.answer, self.journey) {
            (None, None) => edges.extend(bound.edges.iter().cloned()),
            _ => edges.extend(paint(self)),
        }
    }

    fn paint_publishers(&self, edges: &mut Vec<Edge>) {
        let mut ways: Set<(NodeId, String)> = Set::new();
        for (connection, exchange) in &self.book.ways.published {
            if exchange.as_str().starts_with("amq.rabbitmq") {
                continue;
            }
            let peer = self.book.peer(*connection);
            let program = peer.and_then(|peer| peer.program);
            if let Some(program) = self
                .world
                .programs
                .iter()
                .find(|known| Some(known.id) == program)
            {
                ways.insert((ids::program(program), exchange.as_str().to_string()));
                continue;
            }
            for open in &self.world.broker.connections {
                for channel in open.channels.iter().filter(|_| open.id == *connection) {
                    ways.insert((ids::channel(channel.id), exchange.as_str().to_string()));
                }
            }
        }
        for way in self.planned() {
            ways.insert((ids::program_named(way.program), way.exchange.to_string()));
        }
        for (node, exchange) in ways {
            let publisher = node.as_str().split_once(':').map_or("", |(_, name)| name);
            let to = self.exchange_name(&exchange);
            let describe = fill_plain(self.t().edge_publishes, &[&publisher, &to]);
            // A way that was gone is history; one that is planned can be planned anew.
            let planned = self
                .plans
                .get(publisher)
                .is_some_and(|plan| *plan.exchange == *exchange);
            edges.push(Edge {
                describe: describe.into(),
                tone: Tone::Muted,
                hold: Hold {
                    to: planned,
                    ..Hold::default()
                },
                ..Edge::new(
                    ids::publishes(&node, &exchange),
                    node.clone(),
                    ids::exchange_named(&exchange),
                    "",
                )
            });
        }
    }

    fn binding(&self, binding: &Binding) -> Edge {
        let t = self.t();
        let kind = self
            .world
            .broker
            .exchanges
            .iter()
            .find(|exchange| exchange.id == binding.source)
            .map(|exchange| exchange.kind);
        let label: Text = match kind {
            Some(ExchangeKind::Headers) => headers_label(&binding.arguments).into(),
            _ => binding.routing_key.to_text().into(),
        };
        let source = self.exchange_name(binding.source.as_str());
        let describe = fill_plain(
            t.edge_binding,
            &[&source, &binding.destination, &binding.routing_key],
        );
        Edge {
            describe: describe.into(),
            emphasis: self.emphasis(binding),
            menu: self.book.captions.menu("binding", self.lang, || {
                vec![choice("unbind", t.unbind, Tone::Error)]
            }),
            hold: Hold {
                label: true,
                from: true,
                to: true,
            },
            ..Edge::new(
                ids::binding(binding),
                ids::exchange(&binding.source),
                ids::destination(&binding.destination),
                label,
            )
        }
    }

    /// Says of every exchange and queue, for readers, what it is bound to.
    pub(super) fn tell_bindings(&self, nodes: &mut [Node]) {
        let told = &self.book.bound.borrow().told;
        for node in nodes {
            if let Some(told) = told.get(&node.id) {
                node.describe = [&*node.describe, told].concat().into();
            }
        }
    }

    /// What the nodes at the ends of bindings say of them.
    fn tell(&self, bindings: &[Shared<Edge>]) -> FxHashMap<NodeId, String> {
        let mut ends: FxHashMap<&NodeId, [Vec<&Edge>; 2]> = FxHashMap::default();
        for edge in bindings {
            ends.entry(&edge.to).or_default()[0].push(edge);
            ends.entry(&edge.from).or_default()[1].push(edge);
        }
        let w = self.lang.wiring();
        let mut told = FxHashMap::default();
        for (node, sides) in ends {
            let mut said = String::new();
            for (side, template) in sides.iter().zip([w.bound_list, w.leads_list]) {
                let end = |edge: &Edge| {
                    if edge.to == *node {
                        edge.from.clone()
                    } else {
                        edge.to.clone()
                    }
                };
                let named = side.iter().take(TOLD_BINDINGS).map(|edge| {
                    let other = end(edge);
                    let name = other.as_str().split_once(':').map_or("", |(_, name)| name);
                    match &*edge.label {
                        "" => name.to_string(),
                        label => format!("{name} ({label})"),
                    }
                });
                let mut list = named.collect::<Vec<_>>().join(self.t().log.list_comma);
                let more = side.len().saturating_sub(TOLD_BINDINGS);
                if more > 0 {
                    list += &format!(" {}", fill_plain(w.and_more, &[&more]));
                }
                if !list.is_empty() {
                    said += match self.lang {
                        Lang::En => "; ",
                        Lang::Zh => "；",
                    };
                    said += &fill_plain(template, &[&list]);
                }
            }
            told.insert(node.clone(), said);
        }
        told
    }

    /// How a binding looks while a message's way is explained, or a question asked.
    fn emphasis(&self, binding: &Binding) -> Emphasis {
        let (visits, key) = match (self.answer, self.journey) {
            (Some(answer), _) => (&answer.visits, &answer.question.routing_key),
            (None, Some(journey)) => (&journey.visits, &journey.message.routing_key),
            (None, None) => return Emphasis::Normal,
        };
        let found = visits
            .iter()
            .flat_map(|visit| &visit.explanations)
            .find(|explanation| *explanation.binding == *binding);
        match found {
            Some(explanation) if explanation.matched => Emphasis::Matched,
            Some(explanation) => {
                let key = key.to_text();
                Emphasis::NotMatched(why::short(self.teller(), explanation, &key).into())
            }
            // What it became may have gone this way.
            None if self.became_through(binding) => Emphasis::Matched,
            None => Emphasis::Dimmed,
        }
    }

    /// Whether what the explained message became went through a binding.
    fn became_through(&self, binding: &Binding) -> bool {
        let journey = self.journey.filter(|_| self.answer.is_none());
        let mut entries = journey.iter().flat_map(|journey| &journey.entries);
        entries.any(|entry| passes(&entry.event, binding))
    }

    /// The default exchange leads to a queue once something went, or is planned to go, that way.
    fn paint_default_ways(&self, edges: &mut Vec<Edge>) {
        let ways = self.planned();
        for queue in &self.world.broker.queues {
            let planned = ways
                .iter()
                .any(|way| way.exchange.is_empty() && way.key == queue.id.as_str());
            if !planned && !self.book.ways.by_default.contains(&queue.id) {
                continue;
            }
            let describe = fill_plain(self.t().edge_default, &[&queue.id]);
            edges.push(Edge {
                describe: describe.into(),
                tone: Tone::Muted,
                ..Edge::new(
                    ids::by_default(&queue.id),
                    ids::exchange_named(""),
                    ids::queue(&queue.id),
                    queue.id.as_str(),
                )
            });
        }
    }

    fn paint_alternate(&self, exchange: &ExchangeView, edges: &mut Vec<Edge>) {
        let Some(alternate) = &exchange.alternate else {
            return;
        };
        let describe = fill_plain(self.t().edge_alternate, &[&exchange.id, alternate]);
        edges.push(Edge {
            kind: EdgeKind::Dotted,
            tone: Tone::Muted,
            describe: describe.into(),
            ..Edge::new(
                ids::alternate(&exchange.id),
                ids::exchange(&exchange.id),
                ids::exchange(alternate),
                "",
            )
        });
    }

    fn paint_queues(&self, edges: &mut Vec<Edge>) {
        let t = self.t();
        for queue in &self.world.broker.queues {
            let consumers: Set<NodeId> = queue
                .consumers
                .iter()
                .map(|consumer| self.node_of(consumer.id.channel))
                .collect();
            for node in consumers {
                let name = node.as_str().split_once(':').map_or("", |(_, name)| name);
                let describe = fill_plain(t.edge_consumes, &[&name, &queue.id]);
                edges.push(Edge {
                    describe: describe.into(),
                    tone: Tone::Muted,
                    menu: self.book.captions.menu("consumer", self.lang, || {
                        vec![choice("cancel", t.cancel_consumer, Tone::Error)]
                    }),
                    hold: Hold {
                        label: false,
                        from: true,
                        to: true,
                    },
                    ..Edge::new(
                        ids::consumes(&queue.id, &node),
                        ids::queue(&queue.id),
                        node.clone(),
                        "",
                    )
                });
            }
            if let Some(exchange) = &queue.dead_letter_exchange {
                let to = self.exchange_name(exchange.as_str());
                let describe = fill_plain(t.edge_dead_letter, &[&queue.id, &to]);
                edges.push(Edge {
                    kind: EdgeKind::Dashed,
                    tone: Tone::Muted,
                    describe: describe.into(),
                    ..Edge::new(
                        ids::dead_letter(&queue.id),
                        ids::queue(&queue.id),
                        ids::exchange(exchange),
                        "",
                    )
                });
            }
        }
    }
}

/// The binding behind an edge of the canvas.
pub fn binding_of<'a>(
    edge: &str,
    bindings: &'a [std::rc::Rc<Binding>],
) -> Option<&'a std::rc::Rc<Binding>> {
    bindings
        .iter()
        .find(|binding| ids::binding(binding).as_str() == edge)
}

/// Whether an event is a message's way through `binding`.
fn passes(event: &Event, binding: &Binding) -> bool {
    matches!(event, Event::Hopped { via: Via::Binding(passed), .. } if **passed == *binding)
}

/// A binding in one line: `orders → work, order.*`.
pub fn binding_words(binding: &Binding) -> String {
    let key = if binding.arguments.is_empty() {
        binding.routing_key.to_text().into_owned()
    } else {
        why::table(&binding.arguments)
    };
    let ends = format!("{} → {}", binding.source, binding.destination);
    if key.is_empty() {
        ends
    } else {
        format!("{ends}, {key}")
    }
}
