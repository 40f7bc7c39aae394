//! Exchanges as hexagons, queues as tubes.

use crate::amqp::Message;
use crate::amqp::view::{ExchangeKind, ExchangeView, QueueView, ReadyView};
use crate::ui::amqp::captions::Caption;
use crate::ui::amqp::ids;
use crate::ui::amqp::paint::{Painter, Ranks, badges, is_predeclared};
use crate::ui::canvas::scene::{
    Choice, Choices, Count, Marks, Node, Ports, Segment, Shape, Text, Tone, Tube,
};
use crate::ui::text::fill_plain;

/// The letter in an exchange's hexagon.
const fn kind_letter(kind: ExchangeKind) -> &'static str {
    match kind {
        ExchangeKind::Direct => "D",
        ExchangeKind::Fanout => "F",
        ExchangeKind::Topic => "T",
        ExchangeKind::Headers => "H",
        ExchangeKind::ConsistentHash => "#",
        ExchangeKind::DelayedMessage => "Z",
    }
}

/// The letter that goes with a colour, so that colour alone never tells two publishers apart.
pub fn letter_of(colour: u8) -> char {
    char::from(b'A' + colour % Tone::COLOURS)
}

/// The beginning of a payload, on one line.
pub fn payload_line(message: &Message, most: usize) -> String {
    let text = String::from_utf8_lossy(&message.body);
    let mut line: String = text
        .chars()
        .take(most)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(most).is_some() {
        line.push('…');
    }
    line
}

/// An entry of a node's menu.
pub(super) fn choice(id: &str, label: &str, tone: Tone) -> Choice {
    Choice {
        id: id.into(),
        label: label.into(),
        tone,
        disabled: None,
    }
}

impl Painter<'_> {
    pub(super) fn exchange(&self, view: &ExchangeView, ranks: &Ranks) -> Node {
        let t = self.t();
        let is_default = view.id.as_str().is_empty();
        let name = self.exchange_name(view.id.as_str());
        let durability = if view.durable {
            t.durable_short
        } else {
            t.transient_short
        };
        let w = self.lang.wiring();
        let is_own = !is_predeclared(view.id.as_str());
        let captions = &self.book.captions;
        let leads = || {
            captions.menu("from an exchange", self.lang, || {
                vec![
                    choice("queue", w.new_queue, Tone::Ink),
                    choice("exchange", w.new_exchange, Tone::Ink),
                ]
            })
        };
        let rank = ranks.exchanges.get(&view.id).copied().unwrap_or(1);
        let letter = kind_letter(view.kind).into();
        Node {
            sublabel: captions.word(if is_default {
                "direct"
            } else {
                view.kind.as_str()
            }),
            badges: if is_own {
                badges::exchange(view, t)
            } else {
                Vec::new()
            },
            ports: Ports {
                starts: !is_default,
                takes: true,
            },
            describe: fill_plain(t.node_exchange, &[&name, &view.kind.as_str(), &durability])
                .into(),
            menu: self.exchange_menu(is_default, is_own),
            leads: if is_default {
                Choices::default()
            } else {
                leads()
            },
            ..Node::new(
                ids::exchange(&view.id),
                Shape::Hexagon { letter },
                rank,
                name,
            )
        }
    }

    fn exchange_menu(&self, is_default: bool, is_own: bool) -> Choices {
        let (t, w) = (self.t(), self.lang.wiring());
        let kind = match (is_default, is_own) {
            (true, _) => "default exchange",
            (false, true) => "exchange",
            (false, false) => "predeclared exchange",
        };
        self.book.captions.menu(kind, self.lang, || {
            let mut menu = vec![
                choice("publish", t.menu_publish, Tone::Ink),
                choice("what-if", w.what_if, Tone::Ink),
            ];
            if !is_default {
                menu.push(choice("bind", t.menu_bind, Tone::Ink));
            }
            if is_own {
                menu.push(choice("rename", w.rename, Tone::Ink));
                menu.push(choice("copy", w.copy, Tone::Ink));
                menu.push(choice("duplicate", w.duplicate, Tone::Ink));
                menu.push(choice("delete", t.delete_exchange, Tone::Error));
            }
            menu
        })
    }

    pub(super) fn queue(&self, view: &QueueView, rank: u8) -> Node {
        let (t, w) = (self.t(), self.lang.wiring());
        let captions = &self.book.captions;
        let by_priority = has_priorities(view);
        let tube = Tube {
            segments: view
                .head
                .iter()
                .map(|ready| self.segment(ready, by_priority))
                .collect(),
            more: view.ready.saturating_sub(view.head.len() as u64),
            counts: vec![
                Count {
                    label: captions.word(t.ready),
                    value: view.ready,
                },
                Count {
                    label: captions.word(t.unacked),
                    value: view.unacked,
                },
            ],
        };
        let durability = if view.durable {
            t.durable_short
        } else {
            t.transient_short
        };
        let consumers = view.consumers.len();
        let describe = fill_plain(
            t.node_queue,
            &[
                &view.id,
                &durability,
                &view.ready,
                &view.unacked,
                &consumers,
            ],
        );
        Node {
            badges: [badges::queue(view, t), badges::policies(view, self.lang)].concat(),
            ports: Ports {
                starts: true,
                takes: true,
            },
            describe: describe.into(),
            menu: captions.menu("queue", self.lang, || {
                vec![
                    choice("publish", t.menu_publish, Tone::Ink),
                    choice("consume", t.menu_consume, Tone::Ink),
                    choice("get", t.get_message, Tone::Ink),
                    choice("rename", w.rename, Tone::Ink),
                    choice("copy", w.copy, Tone::Ink),
                    choice("duplicate", w.duplicate, Tone::Ink),
                    choice("purge", t.purge_queue, Tone::Error),
                    choice("delete", t.delete_queue, Tone::Error),
                ]
            }),
            leads: captions.menu("from a queue", self.lang, || {
                vec![choice("consumer", w.new_consumer, Tone::Ink)]
            }),
            ..Node::new(
                ids::queue(&view.id),
                Shape::Tube(tube),
                rank,
                view.id.as_str(),
            )
        }
    }

    fn segment(&self, ready: &ReadyView, by_priority: bool) -> Segment {
        let message = &ready.message;
        let colour = self.book.colour(message);
        let captions = &self.book.captions;
        let Caption { item, title } =
            captions.of(message, self.lang, || self.message_title(message));
        Segment {
            item,
            tone: Tone::Colour(colour),
            // In a priority queue the order is by priority, so that is what stands on a message.
            letter: Some(match by_priority {
                true => priority_sign(ready.priority),
                false => letter_of(colour),
            }),
            marks: Marks {
                returned: ready.redelivered,
                kept: message.properties.is_persistent(),
                fading: ready.expires_at.is_some(),
                crossed: message.parent().is_some(),
            },
            level: (ready.priority > 0).then_some(ready.priority),
            title: self.ready_title(ready, by_priority, title),
        }
    }

    /// A waiting message in words: with its priority, and when its time is over.
    fn ready_title(&self, ready: &ReadyView, by_priority: bool, title: Text) -> Text {
        if !by_priority && ready.expires_at.is_none() {
            return title;
        }
        let t = self.lang.arguments();
        let mut words = title.to_string();
        if by_priority {
            words += &fill_plain(t.segment_priority, &[&ready.priority]);
        }
        if let Some(at) = ready.expires_at {
            words += &fill_plain(t.segment_expires, &[&at]);
        }
        words.into()
    }

    pub(super) fn message_title(&self, message: &Message) -> Text {
        let payload = payload_line(message, 60);
        fill_plain(self.t().segment, &[&message.id, &payload]).into()
    }
}

/// Whether its messages wait by priority.
fn has_priorities(queue: &QueueView) -> bool {
    queue.arguments.get("x-max-priority").is_some()
}

/// A priority in one sign: a digit, or a plus for those with more digits.
fn priority_sign(priority: u8) -> char {
    char::from_digit(priority.into(), 10).unwrap_or('+')
}
