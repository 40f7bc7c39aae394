//! The same model as tables: complete without the canvas, and the way in on small screens.

mod admin;
mod clients;
mod topology;

use yew::prelude::*;

use crate::amqp::{ChannelId, ConnectionId, OperatorCommand};
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, Sheet, program_on, use_page};
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::rates::Rates;
use crate::ui::amqp::verbs;
use crate::ui::canvas::scene::{Choice, EdgeId, NodeId, Target, Text, Tone};
use crate::ui::components::{Cell, Column, DataRow, DataTable, Tab, TabPanel, TableWords, Tabs};
use crate::ui::shared::Shared;
use crate::ui::store::Action;
use crate::ui::text::Lang;
use crate::ui::whole::use_whole;

#[derive(Properties, PartialEq)]
pub struct TableViewProps {
    pub picture: Shared<Picture>,
    pub selected: Option<Target>,
}

/// The kinds of things that have a table.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Queues,
    Exchanges,
    Bindings,
    Programs,
    Connections,
    Channels,
    Vhosts,
    Users,
}

impl Kind {
    const ALL: [Kind; 8] = [
        Kind::Queues,
        Kind::Exchanges,
        Kind::Bindings,
        Kind::Programs,
        Kind::Connections,
        Kind::Channels,
        Kind::Vhosts,
        Kind::Users,
    ];

    const fn id(self) -> &'static str {
        match self {
            Kind::Queues => "queues",
            Kind::Exchanges => "exchanges",
            Kind::Bindings => "bindings",
            Kind::Programs => "programs",
            Kind::Connections => "connections",
            Kind::Channels => "channels",
            Kind::Vhosts => "vhosts",
            Kind::Users => "users",
        }
    }

    /// Whether it is of the whole broker, and so not needed at first sight.
    const fn is_later(self) -> bool {
        matches!(self, Kind::Vhosts | Kind::Users)
    }
}

/// What rows are made from.
struct Rows<'a> {
    page: &'a Page,
    picture: &'a Picture,
    selected: Option<&'a Target>,
    rates: Rates,
}

/// A table before it is drawn.
struct Listing {
    label: &'static str,
    columns: Vec<Column>,
    rows: Vec<DataRow>,
}

/// All tables, or one kind.
#[component]
pub fn TableView(props: &TableViewProps) -> Html {
    let page = use_page();
    let (t, i) = (page.t(), page.i());
    let chosen = use_state(|| AttrValue::from("all"));
    let whole = use_whole();
    let words = use_memo(page.lang, |lang| Shared::new(table_words(*lang)));
    let picture = &props.picture;
    let rows = Rows {
        page: &page,
        picture,
        selected: props.selected.as_ref(),
        rates: Rates::of(picture.book().steps(), picture.cursor.now),
    };
    let listings: Vec<(Kind, Listing)> = Kind::ALL
        .into_iter()
        .filter(|kind| whole || !kind.is_later())
        .map(|kind| (kind, rows.list(kind)))
        .collect();
    let mut tabs = vec![Tab::new("all", i.tables_all)];
    tabs.extend(listings.iter().map(|(kind, listing)| Tab {
        count: Some(listing.rows.len() as u64),
        ..Tab::new(kind.id(), listing.label)
    }));
    let onselect = {
        let chosen = chosen.clone();
        Callback::from(move |tab: AttrValue| chosen.set(tab))
    };
    let onopen = {
        let picture = picture.clone();
        page.on(move |page, id: AttrValue| open(page, &picture, &id))
    };
    let onchoose = {
        let picture = picture.clone();
        page.on(move |page, (id, choice): (AttrValue, Text)| choose(page, &picture, &id, &choice))
    };
    let shown = listings
        .into_iter()
        .filter(|(kind, _)| *chosen == "all" || *chosen == kind.id());
    let prefix = "mq-tables";
    html! {
        <div class="tables">
            if whole { <Tabs label={i.table_kinds} {prefix} {tabs} selected={(*chosen).clone()} {onselect} /> }
            <TabPanel {prefix} tab={(*chosen).clone()}>
                <div class="table-list" aria-label={t.table}>
                    { for shown.map(|(kind, listing)| html! {
                        <DataTable
                            key={kind.id()} label={listing.label} words={(*words).clone()} columns={listing.columns}
                            rows={listing.rows} onopen={onopen.clone()} onchoose={onchoose.clone()}
                        />
                    }) }
                </div>
            </TabPanel>
        </div>
    }
}

/// The words of a table in a language; the tables of other panels use them too.
pub fn table_words(lang: Lang) -> TableWords {
    let (t, i) = (lang.texts(), lang.inspect());
    TableWords {
        none: t.table_none.into(),
        none_match: i.table_none_match.into(),
        filter: i.table_filter.into(),
        filter_label: i.table_filter_label.into(),
        count: i.table_count.into(),
        more: i.table_more.into(),
        actions: t.table_actions.into(),
        actions_of: i.table_actions_of.into(),
    }
}

impl Rows<'_> {
    fn list(&self, kind: Kind) -> Listing {
        let mut listing = self.listing(kind);
        if self.page.driver.is_demo() {
            for row in &mut listing.rows {
                row.choices.clear();
            }
        }
        listing
    }

    fn listing(&self, kind: Kind) -> Listing {
        match kind {
            Kind::Queues => self.queues(),
            Kind::Exchanges => self.exchanges(),
            Kind::Bindings => self.bindings(),
            Kind::Programs => self.programs(),
            Kind::Connections => self.connections(),
            Kind::Channels => self.channels(),
            Kind::Vhosts => self.vhosts(),
            Kind::Users => self.users(),
        }
    }

    /// A row for what stands at a node, with the node's own menu.
    fn node_row(&self, node: NodeId, name: &str, cells: Vec<Cell>) -> DataRow {
        let menu = self
            .picture
            .scene
            .node(&node)
            .map(|node| node.menu.to_vec());
        DataRow {
            selected: self.selected == Some(&Target::Node(node.clone())),
            id: AttrValue::from(node.text()),
            name: AttrValue::from(name.to_string()),
            cells,
            muted: false,
            choices: menu.unwrap_or_default(),
        }
    }

    /// The badges of a node.
    fn badges(&self, node: &NodeId) -> Cell {
        let badges = self
            .picture
            .scene
            .node(node)
            .map(|node| node.badges.as_slice());
        let badges = badges.unwrap_or_default();
        let text: Vec<&str> = badges.iter().map(|badge| &*badge.text).collect();
        let html = html! {
            { for badges.iter().map(|badge| html! { <abbr class="badge" title={badge.title.to_string()}>{ &*badge.text }</abbr> }) }
        };
        Cell::drawn(text.join(" "), html)
    }

    /// A count as a rate.
    fn rate(&self, count: u32) -> Cell {
        let value = self.rates.per_second(count);
        Cell::number(value, format!("{value:.1}/s"))
    }
}

/// An entry of a row's menu.
fn choice(id: &'static str, label: &'static str, tone: Tone) -> Choice {
    Choice {
        id: id.into(),
        label: label.into(),
        tone,
        disabled: None,
    }
}

/// What a row stands for.
enum RowId {
    Node(NodeId),
    Edge(EdgeId),
    Connection(ConnectionId),
    Channel(ChannelId),
    /// A virtual host or a user.
    Admin,
}

const CONNECTION: &str = "of-connection:";
const CHANNEL: &str = "of-channel:";
const VHOST: &str = "of-vhost:";
const USER: &str = "of-user:";

impl RowId {
    fn parse(id: &str) -> Option<RowId> {
        if let Some(number) = id.strip_prefix(CONNECTION) {
            return Some(RowId::Connection(ConnectionId(number.parse().ok()?)));
        }
        if let Some(numbers) = id.strip_prefix(CHANNEL) {
            let (connection, number) = numbers.split_once('.')?;
            let channel = ChannelId::new(connection.parse().ok()?, number.parse().ok()?);
            return Some(RowId::Channel(channel));
        }
        if id.starts_with(VHOST) || id.starts_with(USER) {
            return Some(RowId::Admin);
        }
        if id.starts_with("bind:") {
            return Some(RowId::Edge(id.into()));
        }
        Some(RowId::Node(id.into()))
    }
}

/// Selects the same thing as a press on the canvas does, and shows its panel.
fn open(page: &Page, picture: &Picture, id: &str) {
    match RowId::parse(id) {
        Some(RowId::Node(node)) => page.show_node(&node, None),
        Some(RowId::Edge(edge)) => {
            page.driver.explain(None);
            page.dispatch
                .dispatch(Action::Select(Some(Target::Edge(edge))));
            page.open.emit(Sheet::Inspector);
        }
        Some(RowId::Connection(connection)) => {
            let mut programs = picture.world.programs.iter();
            let program = programs.find(|program| program.connection == Some(connection));
            let target = program.map(|program| Target::Node(ids::program(program)));
            page.dispatch.dispatch(Action::Select(target));
            page.open.emit(Sheet::Connection(connection));
        }
        Some(RowId::Channel(channel)) => {
            let node = program_on(&picture.world, channel)
                .map_or_else(|| ids::channel(channel), ids::program);
            page.dispatch
                .dispatch(Action::Select(Some(Target::Node(node))));
            page.open.emit(Sheet::Channel(channel));
        }
        Some(RowId::Admin) => page.open.emit(Sheet::Admin),
        None => {}
    }
}

/// Does what a row's menu says.
fn choose(page: &Page, picture: &Picture, id: &str, choice: &str) {
    match RowId::parse(id) {
        Some(RowId::Node(node)) => verbs::choose(page, picture, &Target::Node(node), choice),
        Some(RowId::Edge(edge)) => verbs::choose(page, picture, &Target::Edge(edge), choice),
        Some(RowId::Connection(connection)) => {
            page.driver.operate(OperatorCommand::CloseConnection {
                connection,
                reason: "Closed via management plugin".to_string(),
            });
        }
        Some(RowId::Channel(_) | RowId::Admin) | None => {}
    }
}
