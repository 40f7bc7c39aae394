//! Programs as circles, with the deliveries in their hands, and the outlines of their connections.

use crate::actors::{ProgramKind, ProgramState, ProgramView};
use crate::amqp::view::ChannelView;
use crate::ui::amqp::ids;
use crate::ui::amqp::paint::nodes::{choice, letter_of, payload_line};
use crate::ui::amqp::paint::{Painter, Ranks, program_rank};
use crate::ui::canvas::scene::{
    Badge, Choice, Group, Marks, Node, Ports, Shape, Slot, Standing, Tone,
};
use crate::ui::text::{Lang, fill_plain};

/// How many slots a circle shows; more are a number.
const SLOTS: usize = 6;

/// A program's state in a word.
pub fn state_words(state: &ProgramState, lang: Lang) -> &'static str {
    let (t, p) = (lang.texts(), lang.programs());
    match state {
        ProgramState::Blocked => p.state_blocked,
        ProgramState::Hung => p.state_hung,
        ProgramState::Reconnecting => p.state_reconnecting,
        ProgramState::NotStarted => t.state_not_started,
        ProgramState::Running => t.state_running,
        ProgramState::Waiting => t.state_waiting,
        ProgramState::Sleeping => t.state_sleeping,
        ProgramState::Finished => t.state_finished,
        ProgramState::Crashed => t.state_crashed,
        ProgramState::Failed(_) => t.state_failed,
    }
}

const fn standing(state: &ProgramState) -> Standing {
    match state {
        ProgramState::NotStarted | ProgramState::Finished => Standing::Outline,
        ProgramState::Running
        | ProgramState::Waiting
        | ProgramState::Sleeping
        | ProgramState::Blocked
        | ProgramState::Hung => Standing::Whole,
        ProgramState::Crashed | ProgramState::Failed(_) | ProgramState::Reconnecting => {
            Standing::Struck
        }
    }
}

impl Painter<'_> {
    pub(super) fn paint_programs(
        &self,
        ranks: &Ranks,
        nodes: &mut Vec<Node>,
        groups: &mut Vec<Group>,
    ) {
        for program in &self.world.programs {
            nodes.push(self.program(program, ranks));
            groups.extend(self.outline(program));
        }
    }

    /// Channels without a program are drawn while they publish or hold something: the person's own, a real client's.
    pub(super) fn paint_other_channels(&self, ranks: &Ranks, nodes: &mut Vec<Node>) {
        for connection in &self.world.broker.connections {
            let publishes = self
                .book
                .ways
                .published
                .iter()
                .any(|(publisher, _)| *publisher == connection.id);
            for channel in &connection.channels {
                let consumes = !channel.unacked.is_empty() || !channel.consumers.is_empty();
                if self.program_of(channel.id).is_some() || !(publishes || consumes) {
                    continue;
                }
                let is_you = self.world.you == Some(channel.id);
                let (letter, rank) = if publishes {
                    ("P", 0)
                } else {
                    ("C", ranks.consumers)
                };
                let letter = letter.into();
                let name = if is_you {
                    self.t().log.you
                } else {
                    &*connection.name
                };
                let mut node = Node {
                    tone: Tone::Colour(self.book.channel_colour(channel.id)),
                    ..Node::new(
                        ids::channel(channel.id),
                        Shape::Circle { letter },
                        rank,
                        name,
                    )
                };
                self.fill_slots(&mut node, channel);
                nodes.push(node);
            }
        }
    }

    fn program(&self, program: &ProgramView, ranks: &Ranks) -> Node {
        let t = self.t();
        let letter = match program.kind {
            ProgramKind::Producer => "P",
            ProgramKind::Consumer => "C",
            ProgramKind::Program => "P·C",
        };
        let state = state_words(&program.state, self.lang);
        let colour = program.colour % Tone::COLOURS;
        let mut node = Node {
            tone: Tone::Colour(colour),
            sublabel: state.into(),
            standing: standing(&program.state),
            ports: Ports {
                starts: program.kind != ProgramKind::Consumer,
                takes: program.kind != ProgramKind::Producer,
            },
            describe: self.describe_program(program, state).into(),
            menu: self.program_menu(program),
            ..Node::new(
                ids::program(program),
                Shape::Circle {
                    letter: letter.into(),
                },
                program_rank(program.kind, ranks),
                &*program.name,
            )
        };
        if program.kind != ProgramKind::Consumer {
            node.badges.push(Badge {
                text: letter_of(colour).to_string().into(),
                title: t.message.into(),
                tone: Tone::Colour(colour),
            });
        }
        if let Some(channel) = program.channel.and_then(|channel| self.channel(channel)) {
            self.fill_slots(&mut node, channel);
        }
        node
    }

    fn describe_program(&self, program: &ProgramView, state: &str) -> String {
        let t = self.t();
        let said = match (program.kind, &program.queue) {
            (ProgramKind::Consumer, Some(queue)) => {
                let held = program
                    .channel
                    .and_then(|channel| self.channel(channel))
                    .map_or(0, |channel| channel.unacked.len());
                fill_plain(t.node_consumer, &[&program.name, queue, &held])
            }
            (ProgramKind::Producer, _) => match self.plans.get(&program.name) {
                Some(plan) => fill_plain(
                    t.node_producer,
                    &[&program.name, &self.exchange_name(&plan.exchange)],
                ),
                None => return fill_plain(t.node_program, &[&program.name, &state]),
            },
            _ => return fill_plain(t.node_program, &[&program.name, &state]),
        };
        format!("{said}, {state}")
    }

    fn program_menu(&self, program: &ProgramView) -> Vec<Choice> {
        let t = self.t();
        let mut menu = Vec::new();
        let open = program.connection.is_some();
        if open && program.kind != ProgramKind::Consumer {
            menu.push(choice("publish", t.menu_publish, Tone::Ink));
        }
        if program.state == ProgramState::NotStarted {
            menu.push(choice("restart", t.menu_start, Tone::Ink));
        } else if !open {
            menu.push(choice("restart", t.menu_restart, Tone::Ink));
        }
        if open {
            menu.push(choice("close-channel", t.close_channel, Tone::Ink));
            menu.push(choice("crash", t.menu_crash, Tone::Error));
        }
        menu.push(choice("remove", t.menu_remove, Tone::Error));
        menu
    }

    /// One slot a unit of prefetch, filled while a delivery waits for its ack.
    fn fill_slots(&self, node: &mut Node, channel: &ChannelView) {
        let t = self.t();
        for unacked in channel.unacked.iter().take(SLOTS) {
            let payload = payload_line(&unacked.message, 60);
            let title = fill_plain(t.slot_holds, &[&unacked.tag, &unacked.message.id, &payload]);
            let label = unacked.tag.to_string();
            node.slots.push(Slot {
                item: Some(ids::message(unacked.message.id)),
                label: if label.len() > 3 {
                    "…".into()
                } else {
                    label.into()
                },
                tone: Tone::Colour(self.book.colour(&unacked.message)),
                marks: Marks {
                    returned: unacked.redelivered,
                    kept: unacked.message.properties.is_persistent(),
                    ..Marks::default()
                },
                title: title.into(),
            });
        }
        node.more_slots = channel.unacked.len().saturating_sub(SLOTS) as u64;
        let prefetch: usize = channel
            .consumers
            .iter()
            .filter(|consumer| !consumer.no_ack)
            .map(|consumer| usize::from(consumer.prefetch))
            .sum();
        for _ in node.slots.len()..prefetch.min(SLOTS) {
            node.slots.push(Slot {
                title: t.slot_free.into(),
                ..Slot::default()
            });
        }
    }

    /// The outline of a program's connection, named with its channel; a lost one is broken.
    fn outline(&self, program: &ProgramView) -> Option<Group> {
        let lost = matches!(
            program.state,
            ProgramState::Crashed | ProgramState::Reconnecting
        );
        if program.connection.is_none() && !lost {
            return None;
        }
        let t = self.t();
        let number = program
            .channel
            .map_or_else(|| "–".to_string(), |channel| channel.number.0.to_string());
        let name = match program.channel {
            _ if lost => t.group_lost.to_string(),
            Some(_) => fill_plain(t.group_name, &[&number]),
            None => t.group_no_channel.to_string(),
        };
        Some(Group {
            id: ids::connection(&program.name),
            name: name.into(),
            members: vec![ids::program(program)],
            inside: None,
            standing: if lost {
                Standing::Struck
            } else {
                Standing::Whole
            },
            describe: fill_plain(t.group_connection, &[&program.name, &number]).into(),
        })
    }
}
