//! A channel: Overview, what is in its hands, its consumers.

use yew::prelude::*;

use crate::amqp::ChannelId;
use crate::amqp::view::{ChannelMode, ChannelView};
use crate::ui::amqp::page::{Page, Sheet, program_on, use_page};
use crate::ui::amqp::panels::inspect::overview::{Fact, fact, facts, link_to, numbers};
use crate::ui::amqp::panels::inspect::section::Section;
use crate::ui::amqp::panels::inspect::sheet;
use crate::ui::amqp::panels::inspect_program::{channel_of, hands};
use crate::ui::amqp::picture::Picture;
use crate::ui::shared::Shared;
use crate::ui::text::InspectTexts;

#[derive(Properties, PartialEq)]
pub struct InspectChannelProps {
    pub picture: Shared<Picture>,
    pub channel: ChannelId,
}

/// The word for a channel's mode.
pub fn mode_word(mode: ChannelMode, i: &'static InspectTexts) -> &'static str {
    match mode {
        ChannelMode::Normal => i.mode_normal,
        ChannelMode::Confirm => i.mode_confirm,
        ChannelMode::Tx => i.mode_tx,
    }
}

/// A channel.
#[component]
pub fn InspectChannel(props: &InspectChannelProps) -> Html {
    let page = use_page();
    let (t, i) = (page.t(), page.i());
    let picture = &props.picture;
    let id = props.channel;
    let connection = picture.book().connection_name(id.connection);
    let name = format!("{connection} ({})", id.number.0);
    let Some(view) = channel_of(&picture.world, id) else {
        return sheet(&page, t.channel_title, &name, html! { <p>{ i.gone }</p> });
    };
    let program = program_on(&picture.world, id).map(|program| program.id);
    let body = html! {
        <>
            <Section id="channel.overview" title={t.overview} open=true>{ overview(&page, &connection, view) }</Section>
            <Section id="channel.hands" title={t.consumers} count={view.consumers.len() as u64} open=true>
                if view.consumers.is_empty() { <p class="muted">{ t.no_consumers }</p> }
                { hands(&page, program, view) }
            </Section>
        </>
    };
    sheet(&page, t.channel_title, &name, body)
}

fn overview(page: &Page, connection: &str, view: &ChannelView) -> Html {
    let (t, i) = (page.t(), page.i());
    let limit = |count: u16| match count {
        0 => t.no_limit.to_string(),
        count => count.to_string(),
    };
    let state = if view.closing {
        i.state_closing
    } else {
        i.state_running
    };
    let rows: Vec<Fact> = vec![
        (
            t.connection_title,
            link_to(page, Sheet::Connection(view.id.connection), connection),
        ),
        fact(i.state, state),
        fact(i.mode, mode_word(view.mode, i)),
        fact(i.prefetch_each, limit(view.prefetch)),
        fact(i.prefetch_all, limit(view.global_prefetch)),
    ];
    let unacked = view.unacked.len() as u64;
    html! {
        <>
            { numbers(&[(t.unacked, unacked), (i.unconfirmed, u64::from(view.unconfirmed)), (t.consumers, view.consumers.len() as u64)]) }
            { facts(rows) }
        </>
    }
}
