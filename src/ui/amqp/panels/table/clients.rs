//! The tables of programs, connections and channels.

use crate::actors::{ProgramKind, ProgramView};
use crate::amqp::view::{ChannelView, ConnectionView};
use crate::ui::amqp::ids;
use crate::ui::amqp::page::program_on;
use crate::ui::amqp::paint::state_words;
use crate::ui::amqp::panels::inspect::{connection_state, mode_word};
use crate::ui::amqp::panels::table::{CHANNEL, CONNECTION, Listing, Rows, choice};
use crate::ui::canvas::scene::{Target, Tone};
use crate::ui::components::{Cell, Column, DataRow};

impl Rows<'_> {
    pub(super) fn programs(&self) -> Listing {
        let (t, i) = (self.page.t(), self.page.i());
        let columns = vec![
            Column::words(i.column_name),
            Column::words(t.kind),
            Column::words(i.state),
            Column::words(t.queue_title),
            Column::numbers(t.unacked),
            Column::numbers(i.column_publish),
            Column::numbers(i.column_deliver),
        ];
        let programs = self.picture.world.programs.iter();
        Listing {
            label: t.programs,
            columns,
            rows: programs.map(|program| self.program(program)).collect(),
        }
    }

    fn program(&self, view: &ProgramView) -> DataRow {
        let t = self.page.t();
        let kind = match view.kind {
            ProgramKind::Producer => t.producer_title,
            ProgramKind::Consumer => t.consumer_title,
            ProgramKind::Program => t.program_title,
        };
        let connections = self.picture.world.broker.connections.iter();
        let channels: Vec<&ChannelView> = connections
            .filter(|connection| view.connection == Some(connection.id))
            .flat_map(|connection| &connection.channels)
            .collect();
        let unacked: usize = channels.iter().map(|channel| channel.unacked.len()).sum();
        let sum = |of: fn(&crate::ui::amqp::rates::ChannelCount) -> u32| {
            channels
                .iter()
                .map(|channel| of(&self.rates.channel(channel.id)))
                .sum()
        };
        let queue = view.queue.as_ref().map(|queue| queue.to_string());
        let cells = vec![
            Cell::text(kind),
            Cell::text(state_words(&view.state, self.page.lang)),
            Cell::code(queue.unwrap_or_default()),
            Cell::count(unacked as u64),
            self.rate(sum(|count| count.published)),
            self.rate(sum(|count| count.delivered)),
        ];
        self.node_row(ids::program(view), &view.name, cells)
    }

    pub(super) fn connections(&self) -> Listing {
        let (t, i) = (self.page.t(), self.page.i());
        let columns = vec![
            Column::words(i.column_name),
            Column::words(i.user),
            Column::words(i.vhost),
            Column::words(i.state),
            Column::words(i.protocol),
            Column::numbers(i.column_channels),
            Column::words(i.column_program),
        ];
        let connections = self.picture.world.broker.connections.iter();
        Listing {
            label: t.connections,
            columns,
            rows: connections
                .map(|connection| self.connection(connection))
                .collect(),
        }
    }

    fn connection(&self, view: &ConnectionView) -> DataRow {
        let i = self.page.i();
        let mut programs = self.picture.world.programs.iter();
        let program = programs.find(|program| program.connection == Some(view.id));
        DataRow {
            id: format!("{CONNECTION}{}", view.id.0).into(),
            name: view.name.to_string().into(),
            cells: vec![
                Cell::code(view.user.to_string()),
                Cell::code(view.vhost.to_string()),
                Cell::text(connection_state(view, i)),
                Cell::text("AMQP 0-9-1"),
                Cell::count(view.channels.len() as u64),
                Cell::code(
                    program
                        .map(|program| program.name.to_string())
                        .unwrap_or_default(),
                ),
            ],
            selected: program
                .is_some_and(|program| self.selected == Some(&Target::Node(ids::program(program)))),
            muted: false,
            choices: vec![choice("close", i.force_close, Tone::Error)],
        }
    }

    pub(super) fn channels(&self) -> Listing {
        let (t, i) = (self.page.t(), self.page.i());
        let columns = vec![
            Column::words(t.channel_title),
            Column::words(i.user),
            Column::words(i.mode),
            Column::words(i.state),
            Column::numbers(i.unconfirmed),
            Column::numbers(t.prefetch),
            Column::numbers(t.unacked),
            Column::numbers(i.column_publish),
            Column::numbers(i.column_confirm),
            Column::numbers(i.column_deliver),
            Column::numbers(i.column_ack),
        ];
        let connections = self.picture.world.broker.connections.iter();
        let rows = connections
            .flat_map(|connection| {
                connection
                    .channels
                    .iter()
                    .map(move |channel| (connection, channel))
            })
            .map(|(connection, channel)| self.channel(connection, channel))
            .collect();
        Listing {
            label: t.channels,
            columns,
            rows,
        }
    }

    fn channel(&self, connection: &ConnectionView, view: &ChannelView) -> DataRow {
        let i = self.page.i();
        let id = view.id;
        let rate = self.rates.channel(id);
        let state = if view.closing {
            i.state_closing
        } else {
            i.state_running
        };
        let node =
            program_on(&self.picture.world, id).map_or_else(|| ids::channel(id), ids::program);
        DataRow {
            id: format!("{CHANNEL}{}.{}", id.connection.0, id.number.0).into(),
            name: format!("{} ({})", connection.name, id.number.0).into(),
            cells: vec![
                Cell::code(connection.user.to_string()),
                Cell::text(mode_word(view.mode, i)),
                Cell::text(state),
                Cell::count(u64::from(view.unconfirmed)),
                Cell::count(u64::from(view.prefetch)),
                Cell::count(view.unacked.len() as u64),
                self.rate(rate.published),
                self.rate(rate.confirmed),
                self.rate(rate.delivered),
                self.rate(rate.acked),
            ],
            selected: self.selected == Some(&Target::Node(node)),
            muted: false,
            choices: Vec::new(),
        }
    }
}
