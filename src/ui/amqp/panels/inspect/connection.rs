//! A connection: Overview, Channels, Close this connection.

use yew::prelude::*;

use crate::amqp::view::ConnectionView;
use crate::amqp::{ConnectionId, OperatorCommand};
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::panels::inspect::channel::mode_word;
use crate::ui::amqp::panels::inspect::overview::{Fact, fact, facts, link, link_to};
use crate::ui::amqp::panels::inspect::section::Section;
use crate::ui::amqp::panels::inspect::sheet;
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, ButtonKind, TextField};
use crate::ui::shared::Shared;
use crate::ui::text::InspectTexts;

#[derive(Properties, PartialEq)]
pub struct InspectConnectionProps {
    pub picture: Shared<Picture>,
    pub connection: ConnectionId,
}

/// The word for how a connection is.
pub fn state_word(view: &ConnectionView, i: &'static InspectTexts) -> &'static str {
    if view.blocked {
        i.state_blocked
    } else {
        i.state_running
    }
}

/// A connection.
#[component]
pub fn InspectConnection(props: &InspectConnectionProps) -> Html {
    let page = use_page();
    let (t, i) = (page.t(), page.i());
    let picture = &props.picture;
    let connections = &picture.world.broker.connections;
    let name = picture.book().connection_name(props.connection);
    let Some(view) = connections.iter().find(|view| view.id == props.connection) else {
        return sheet(
            &page,
            t.connection_title,
            &name,
            html! { <p>{ i.gone }</p> },
        );
    };
    let body = html! {
        <>
            <Section id="connection.overview" title={t.overview} open=true>{ overview(&page, picture, view) }</Section>
            <Section id="connection.channels" title={t.channels} count={view.channels.len() as u64} open=true>
                <ul class="things">
                    { for view.channels.iter().map(|channel| html! {
                        <li>
                            { link_to(&page, Sheet::Channel(channel.id), &format!("{name} ({})", channel.id.number.0)) }
                            <span class="muted">
                                { format!("{} · {} {} · {} {}", mode_word(channel.mode, i), t.prefetch, channel.prefetch, t.unacked, channel.unacked.len()) }
                            </span>
                        </li>
                    }) }
                </ul>
            </Section>
            <Section id="connection.close" title={i.close_connection}><ForceClose connection={props.connection} /></Section>
        </>
    };
    sheet(&page, t.connection_title, &name, body)
}

fn overview(page: &Page, picture: &Picture, view: &ConnectionView) -> Html {
    let i = page.i();
    let mut rows: Vec<Fact> = vec![
        fact(i.user, &view.user),
        fact(i.vhost, &view.vhost),
        fact(i.state, state_word(view, i)),
        fact(i.protocol, "AMQP 0-9-1"),
    ];
    let mut programs = picture.world.programs.iter();
    if let Some(program) = programs.find(|program| program.connection == Some(view.id)) {
        rows.push((
            i.open_program,
            link(page, ids::program(program), &program.name),
        ));
    }
    facts(rows)
}

#[derive(Properties, PartialEq)]
struct ForceCloseProps {
    connection: ConnectionId,
}

/// Closes it as an operator does: 320 CONNECTION_FORCED, with a reason.
#[component]
fn ForceClose(props: &ForceCloseProps) -> Html {
    let page = use_page();
    let i = page.i();
    let reason = use_state(AttrValue::default);
    let onclick = {
        let (connection, reason) = (props.connection, reason.clone());
        page.on(move |page, _: MouseEvent| {
            page.driver.operate(OperatorCommand::CloseConnection {
                connection,
                reason: reason.to_string(),
            });
        })
    };
    let sets = {
        let reason = reason.clone();
        Callback::from(move |text: AttrValue| reason.set(text))
    };
    html! {
        <>
            <TextField label={i.reason} value={(*reason).clone()} oncommit={sets.clone()} ontype={sets} />
            <Button kind={ButtonKind::Danger} label={i.force_close} {onclick} />
        </>
    }
}
