//! An exchange: Overview, Bindings, Publish message, Delete.

use yew::prelude::*;

use crate::amqp::Destination;
use crate::amqp::view::{Binding, ExchangeView};
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::paint::is_predeclared;
use crate::ui::amqp::panels::inspect::bind_here::{BindHere, End};
use crate::ui::amqp::panels::inspect::binding::list as binding_list;
use crate::ui::amqp::panels::inspect::overview::{
    Fact, fact, facts, features, link, policy, table,
};
use crate::ui::amqp::panels::inspect::publish_here::PublishHere;
use crate::ui::amqp::panels::inspect::remove::DeleteExchange;
use crate::ui::amqp::panels::inspect::section::Section;
use crate::ui::amqp::panels::inspect::{InspectNamedProps, sheet};
use crate::ui::amqp::picture::Picture;
use crate::ui::text::fill_plain;

/// An exchange.
#[component]
pub fn InspectExchange(props: &InspectNamedProps) -> Html {
    let page = use_page();
    let (t, i) = (page.t(), page.i());
    let picture = &props.picture;
    let broker = &picture.world.broker;
    let name = &props.name;
    let Some(view) = broker
        .exchanges
        .iter()
        .find(|x| x.id.as_str() == name.as_str())
    else {
        return Html::default();
    };
    let is_default = name.is_empty();
    let title = if is_default { t.default_exchange } else { name };
    let here = Destination::Exchange(view.id.clone());
    let fits = |binding: &Binding| {
        !is_default && (binding.source == view.id || binding.destination == here)
    };
    let (bindings, bound) = binding_list(&page, &broker.bindings, fits);
    let takes = fill_plain(i.delete_takes_bindings, &[&bound]);
    let body = html! {
        <>
            <Section id="exchange.overview" title={t.overview} open=true>{ overview(&page, picture, view) }</Section>
            <Section id="exchange.bindings" title={t.bindings} count={(!is_default).then_some(bound as u64)} open=true>
                if is_default {
                    <p>{ t.default_binding }</p>
                } else {
                    { bindings }
                    <BindHere picture={picture.clone()} end={End::Source(name.clone())} />
                }
            </Section>
            <Section id="exchange.publish" title={t.publish_message} open=true><PublishHere exchange={name.clone()} /></Section>
            <Section id="exchange.delete" title={i.delete}>
                if is_predeclared(name) {
                    <p class="muted">{ i.predeclared }</p>
                } else {
                    <DeleteExchange name={name.clone()} takes={AttrValue::from(takes)} />
                }
            </Section>
        </>
    };
    sheet(&page, t.exchange_title, title, body)
}

fn overview(page: &Page, picture: &Picture, view: &ExchangeView) -> Html {
    let t = page.t();
    let durability = if view.durable { t.durable } else { t.transient };
    let yes_no = |yes: bool| if yes { t.yes } else { t.no };
    let mut rows: Vec<Fact> = vec![
        fact(t.kind, view.kind.as_str()),
        (
            t.features,
            features(page, picture, &ids::exchange(&view.id)),
        ),
        fact(t.durability, durability),
        fact(t.auto_delete, yes_no(view.auto_delete)),
        fact(t.internal, yes_no(view.internal)),
    ];
    if let Some(alternate) = &view.alternate {
        rows.push((
            t.alternate_exchange,
            link(page, ids::exchange(alternate), alternate.as_str()),
        ));
    }
    rows.extend(policy(page, picture, view.policy.as_deref()));
    if !view.arguments.is_empty() {
        rows.push((t.arguments, table(&view.arguments)));
    }
    html! {
        <>
            { facts(rows) }
            <p class="muted">{ crate::ui::amqp::panels::add_exchange::kind_help(view.kind, page.lang) }</p>
        </>
    }
}
