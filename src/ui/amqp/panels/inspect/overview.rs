//! What several panels say: facts as terms, features as badges, links from one thing to another.

use yew::prelude::*;

use crate::amqp::message::{Table, Value};
use crate::ui::amqp::page::{Page, Sheet};
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::why;
use crate::ui::canvas::scene::{NodeId, Target};
use crate::ui::store::Action;

/// A term and what is said about it.
pub type Fact = (&'static str, Html);

/// A fact in words.
pub fn fact(name: &'static str, value: impl ToString) -> Fact {
    (name, html! { { value.to_string() } })
}

/// Facts as a list of terms.
pub fn facts(rows: Vec<Fact>) -> Html {
    html! {
        <dl class="facts">
            { for rows.into_iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd>{ value }</dd></> }) }
        </dl>
    }
}

/// Numbers that are to be seen from afar.
pub fn numbers(rows: &[(&'static str, u64)]) -> Html {
    html! {
        <dl class="numbers">
            { for rows.iter().map(|(name, value)| html! { <div><dt>{ *name }</dt><dd>{ *value }</dd></div> }) }
        </dl>
    }
}

/// The badges of a node, each with its words beside it.
pub fn features(page: &Page, picture: &Picture, node: &NodeId) -> Html {
    let badges = picture.scene.node(node).map(|node| node.badges.as_slice());
    let badges = badges.unwrap_or_default();
    if badges.is_empty() {
        return html! { <span class="muted">{ page.i().features_none }</span> };
    }
    html! {
        <ul class="features">
            { for badges.iter().map(|badge| html! {
                <li><span class="badge">{ &*badge.text }</span><span class="muted">{ &*badge.title }</span></li>
            }) }
        </ul>
    }
}

/// A table as RabbitMQ's page shows it: one line an entry, tables and lists inside it indented.
pub fn table(table: &Table) -> Html {
    html! {
        <dl class="entries">
            { for table.0.iter().map(|(key, entry)| html! { <><dt><code>{ key.to_string() }</code></dt><dd>{ value(entry) }</dd></> }) }
        </dl>
    }
}

fn value(entry: &Value) -> Html {
    match entry {
        Value::Table(inside) => table(inside),
        Value::Array(items) => {
            html! { <ol class="items">{ for items.iter().map(|item| html! { <li>{ value(item) }</li> }) }</ol> }
        }
        _ => html! { <code>{ why::value(entry) }</code> },
    }
}

/// The name of the policy in force and what it sets; nothing while there is none.
pub fn policy(page: &Page, picture: &Picture, name: Option<&str>) -> Vec<Fact> {
    let i = page.i();
    let Some(name) = name else {
        return vec![fact(i.policy, i.policy_none)];
    };
    let mut rows = vec![(i.policy, html! { <code>{ name.to_string() }</code> })];
    let policies = &picture.world.broker.policies;
    if let Some(policy) = policies.iter().find(|policy| policy.name == name) {
        rows.push((i.effective_policy, table(&policy.definition)));
    }
    rows
}

/// A name that leads to what stands at `node`.
pub fn link(page: &Page, node: NodeId, name: &str) -> Html {
    let onclick = page.on(move |page, _: MouseEvent| {
        let target = Target::Node(node.clone());
        page.dispatch.dispatch(Action::Select(Some(target)));
        page.open.emit(Sheet::Inspector);
    });
    html! { <button type="button" class="link" {onclick}><code>{ name.to_string() }</code></button> }
}

/// A name that opens a sheet.
pub fn link_to(page: &Page, sheet: Sheet, name: &str) -> Html {
    html! { <button type="button" class="link" onclick={page.opens(sheet)}><code>{ name.to_string() }</code></button> }
}
