//! Programs as circles, with the deliveries in their hands, and the outlines of their connections.

use crate::actors::{Fault, ProgramKind, ProgramState, ProgramView};
use crate::amqp::view::ChannelView;
use crate::ui::amqp::paint::nodes::{choice, letter_of, payload_line};
use crate::ui::amqp::paint::{Painter, Ranks, program_rank};
use crate::ui::amqp::{faults, ids};
use crate::ui::canvas::scene::{
    Badge, Choice, Group, Marks, Node, Pace, Ports, Shape, Slot, Standing, Tone,
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

fn pace(program: &ProgramView) -> Pace {
    match program.slow {
        _ if program.state == ProgramState::Hung => Pace::Still,
        0 | 1 => Pace::Own,
        _ => Pace::Slow,
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
            sublabel: self.program_line(program, state).into(),
            standing: standing(&program.state),
            pace: pace(program),
            ports: Ports {
                starts: program.kind != ProgramKind::Consumer,
                takes: program.kind != ProgramKind::Producer,
            },
            describe: self.describe_program(program, state).into(),
            menu: self.program_menu(program).into(),
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
        self.mark_faults(program, &mut node);
        if let Some(channel) = program.channel.and_then(|channel| self.channel(channel)) {
            self.fill_slots(&mut node, channel);
        }
        node
    }

    /// Its state, and how far and how quick it is.
    fn program_line(&self, program: &ProgramView, state: &str) -> String {
        let p = self.lang.programs();
        let mut line = state.to_string();
        let (counts, kind) = (program.counts, program.kind);
        let alive = program.connection.is_some();
        let done = match kind {
            ProgramKind::Producer => counts.published,
            ProgramKind::Consumer => counts.done,
            ProgramKind::Program => counts.published.max(counts.done),
        };
        if alive && program.in_ten_seconds > 0 {
            let rate = f64::from(program.in_ten_seconds) / 10.0;
            line += &format!(" · {}", fill_plain(p.rate, &[&rate]));
        }
        match program.planned {
            Some(planned) if done > 0 || alive => {
                line += &format!(" · {}", fill_plain(p.of_planned, &[&done, &planned]));
            }
            _ if done > 0 && kind == ProgramKind::Consumer => {
                line += &format!(" · {}", fill_plain(p.so_many_done, &[&done]));
            }
            _ if done > 0 && kind == ProgramKind::Producer => {
                line += &format!(" · {}", fill_plain(p.so_many_published, &[&done]));
            }
            _ => {}
        }
        line
    }

    /// What is wrong with it, as badges: never by colour alone.
    fn mark_faults(&self, program: &ProgramView, node: &mut Node) {
        let p = self.lang.programs();
        let mut mark = |text: String, title: String| {
            node.badges.push(Badge {
                text: text.into(),
                title: title.into(),
                tone: Tone::Warning,
            });
        };
        if program.state == ProgramState::Hung {
            mark(p.badge_hung.to_string(), p.badge_hung_title.to_string());
        }
        if program.state == ProgramState::Blocked {
            mark(
                p.badge_blocked.to_string(),
                p.badge_blocked_title.to_string(),
            );
        }
        if program.slow > 1 {
            mark(
                fill_plain(p.badge_slow, &[&program.slow]),
                fill_plain(p.badge_slow_title, &[&program.slow]),
            );
        }
        if program.before_ack {
            mark(
                p.badge_before_ack.to_string(),
                p.badge_before_ack_title.to_string(),
            );
        }
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
            (ProgramKind::Producer, _) => match self.way_of(program) {
                Some(exchange) => fill_plain(t.node_producer, &[&program.name, &exchange]),
                None => return fill_plain(t.node_program, &[&program.name, &state]),
            },
            _ => return fill_plain(t.node_program, &[&program.name, &state]),
        };
        format!("{said}, {state}")
    }

    /// The exchange a program is going to publish to.
    fn way_of(&self, program: &ProgramView) -> Option<String> {
        let ways = self.planned();
        let way = ways.iter().find(|way| *way.program == *program.name)?;
        Some(self.exchange_name(way.exchange).to_string())
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
        } else if !open || matches!(program.state, ProgramState::Failed(_)) {
            menu.push(choice("restart", t.menu_restart, Tone::Ink));
        }
        menu.push(choice("edit", self.lang.programs().edit, Tone::Ink));
        menu.push(choice(
            "script",
            self.lang.programs().edit_script,
            Tone::Ink,
        ));
        if open && program.channel.is_some() {
            menu.push(choice("close-channel", t.close_channel, Tone::Ink));
        }
        for fault in faults::offered(program) {
            let tone = match fault {
                Fault::Resume | Fault::Slow(1) => Tone::Ink,
                _ => Tone::Error,
            };
            let label = faults::label(fault, self.lang.programs(), t.menu_crash);
            menu.push(choice(faults::word(fault), label, tone));
        }
        let w = self.lang.wiring();
        menu.push(choice("rename", w.rename, Tone::Ink));
        menu.push(choice("copy", w.copy, Tone::Ink));
        menu.push(choice("duplicate", w.duplicate, Tone::Ink));
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
