//! The tables of queues, exchanges and bindings.

use crate::amqp::view::{ExchangeView, QueueView};
use crate::ordered::sort_by_key;
use crate::ui::amqp::ids;
use crate::ui::amqp::page::Page;
use crate::ui::amqp::paint::is_predeclared;
use crate::ui::amqp::panels::inspect::{kind_word, queue_state};
use crate::ui::amqp::panels::table::{Listing, Rows, choice};
use crate::ui::amqp::why;
use crate::ui::canvas::scene::{Target, Tone};
use crate::ui::components::{Cell, Column, DataRow};

impl Rows<'_> {
    pub(super) fn queues(&self) -> Listing {
        let (t, i) = (self.page.t(), self.page.i());
        let columns = vec![
            Column::words(i.column_name),
            Column::words(i.queue_type),
            Column::words(i.column_features),
            Column::words(i.state),
            Column::numbers(t.ready),
            Column::numbers(t.unacked),
            Column::numbers(t.total),
            Column::numbers(i.column_consumers),
            Column::numbers(i.column_incoming),
            Column::numbers(i.column_deliver),
            Column::numbers(i.column_ack),
        ];
        let queues = self.picture.world.broker.queues.iter();
        Listing {
            label: t.queues,
            columns,
            rows: queues.map(|queue| self.queue(queue)).collect(),
        }
    }

    fn queue(&self, view: &QueueView) -> DataRow {
        let node = ids::queue(&view.id);
        let rate = self.rates.queue(&view.id);
        let cells = vec![
            Cell::text(kind_word(view.kind)),
            self.badges(&node),
            Cell::text(queue_state(view, self.page.i())),
            Cell::count(view.ready),
            Cell::count(view.unacked),
            Cell::count(view.ready + view.unacked),
            Cell::count(view.consumers.len() as u64),
            self.rate(rate.incoming),
            self.rate(rate.delivered),
            self.rate(rate.acked),
        ];
        self.node_row(node, view.id.as_str(), cells)
    }

    pub(super) fn exchanges(&self) -> Listing {
        let (t, i) = (self.page.t(), self.page.i());
        let columns = vec![
            Column::words(i.column_name),
            Column::words(t.kind),
            Column::words(i.column_features),
            Column::numbers(i.column_in),
            Column::numbers(i.column_out),
        ];
        let mut views: Vec<&ExchangeView> = self.picture.world.broker.exchanges.iter().collect();
        // One's own first; those that every vhost begins with stand behind them.
        sort_by_key(&mut views, |view| is_predeclared(view.id.as_str()));
        Listing {
            label: t.exchanges,
            columns,
            rows: views.into_iter().map(|view| self.exchange(view)).collect(),
        }
    }

    fn exchange(&self, view: &ExchangeView) -> DataRow {
        let node = ids::exchange(&view.id);
        let (incoming, outgoing) = self.rates.exchange(&view.id);
        let name = exchange_name(self.page, view.id.as_str());
        let cells = vec![
            Cell::text(view.kind.as_str()),
            self.badges(&node),
            self.rate(incoming),
            self.rate(outgoing),
        ];
        let row = self.node_row(node, name, cells);
        if !row.choices.is_empty() {
            return row;
        }
        // It does not stand on the canvas while nothing uses it.
        let t = self.page.t();
        let mut choices = vec![choice("publish", t.menu_publish, Tone::Ink)];
        if !view.id.as_str().is_empty() {
            choices.push(choice("bind", t.menu_bind, Tone::Ink));
        }
        DataRow {
            muted: true,
            choices,
            ..row
        }
    }

    pub(super) fn bindings(&self) -> Listing {
        let (t, i) = (self.page.t(), self.page.i());
        let columns = vec![
            Column::words(i.from),
            Column::words(i.to),
            Column::words(t.routing_key),
            Column::words(t.arguments),
        ];
        let bindings = self.picture.world.broker.bindings.iter();
        let rows = bindings
            .filter(|binding| !binding.source.as_str().is_empty())
            .map(|binding| {
                let edge = ids::binding(binding);
                DataRow {
                    selected: self.selected == Some(&Target::Edge(edge.clone())),
                    id: edge.text().into(),
                    name: binding.source.to_string().into(),
                    cells: vec![
                        Cell::code(binding.destination.to_string()),
                        Cell::code(binding.routing_key.to_string()),
                        Cell::code(why::table(&binding.arguments)),
                    ],
                    muted: false,
                    choices: vec![choice("unbind", t.unbind, Tone::Error)],
                }
            })
            .collect();
        Listing {
            label: t.bindings,
            columns,
            rows,
        }
    }
}

fn exchange_name<'a>(page: &Page, name: &'a str) -> &'a str {
    if name.is_empty() {
        page.t().default_exchange
    } else {
        name
    }
}
