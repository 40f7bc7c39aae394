//! Virtual hosts: what there is in each, its default queue type, adding and deleting.

use yew::prelude::*;

use crate::actors::Login;
use crate::amqp::command::Permissions;
use crate::amqp::view::QueueKind;
use crate::amqp::{Compatibility, OperatorCommand, VhostName, View};
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::admin::{AdminProps, form, line};
use crate::ui::amqp::panels::parts::use_draft;
use crate::ui::components::{Button, ButtonKind, Choice, Select};
use crate::ui::text::{AdminTexts, fill_plain};

/// Everything, as the management UI grants it to who adds a virtual host.
fn everything() -> Permissions {
    let all = || ".*".to_string();
    Permissions {
        configure: all(),
        write: all(),
        read: all(),
    }
}

#[component]
pub fn Vhosts(props: &AdminProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let world = &props.picture.everywhere;
    let here = &world.login.vhost;
    let old = props.picture.compatibility == Compatibility::V3_10;
    let rows = world.broker.vhosts.iter().map(|vhost| {
        html! {
            <li key={vhost.as_str().to_string()} class="admin-item">
                <h4>
                    <code>{ vhost.to_string() }</code>
                    if vhost == here { { " " }<span class="badge">{ t.vhost_here }</span> }
                </h4>
                { default_type(&page, &world.broker, vhost, old) }
                { delete(&page, &world.broker, vhost) }
            </li>
        }
    });
    html! {
        <>
            <h3>{ t.vhosts_title }</h3>
            <ul class="admin-list">{ for rows }</ul>
            if old { <p class="muted">{ t.vhost_default_type_3_10 }</p> }
            <AddVhost picture={props.picture.clone()} />
        </>
    }
}

fn type_choices(t: &AdminTexts) -> Vec<Choice> {
    let kinds = QueueKind::ALL.into_iter();
    std::iter::once(Choice::new("", t.type_not_set))
        .chain(kinds.map(|kind| Choice::new(kind.as_str(), kind.as_str())))
        .collect()
}

fn default_type(page: &Page, broker: &View, vhost: &VhostName, old: bool) -> Html {
    let t = page.lang.admin();
    if old {
        return Html::default();
    }
    let types = &broker.default_queue_types;
    let now = types
        .iter()
        .find(|(name, _)| name == vhost)
        .map_or("", |(_, kind)| kind.as_str());
    let name = vhost.clone();
    let onselect = page.on(move |page, value: AttrValue| {
        page.driver.operate(OperatorCommand::SetDefaultQueueType {
            vhost: name.clone(),
            kind: QueueKind::parse(&value),
        });
    });
    html! {
        <Select
            label={t.vhost_default_type} help={t.vhost_default_type_help} choices={type_choices(t)} selected={now}
            {onselect}
        />
    }
}

fn delete(page: &Page, broker: &View, vhost: &VhostName) -> Html {
    let t = page.lang.admin();
    let exchanges = broker.exchanges.iter().filter(|it| it.id.vhost() == vhost);
    // What every virtual host has from the start does not count.
    let exchanges = exchanges.filter(|it| !crate::ui::amqp::paint::is_predeclared(it.id.as_str()));
    let queues = broker.queues.iter().filter(|it| it.id.vhost() == vhost);
    let connections = broker.connections.iter().filter(|it| it.vhost == *vhost);
    let takes = fill_plain(
        t.vhost_delete_ask,
        &[&exchanges.count(), &queues.count(), &connections.count()],
    );
    let name = vhost.clone();
    let onclick = page.on(move |page, _: MouseEvent| {
        let is_here = page.driver.world().login.vhost == name;
        page.driver.operate(OperatorCommand::DeleteVhost {
            vhost: name.clone(),
        });
        if is_here {
            page.driver.act_as(Login::default());
        }
    });
    html! {
        <div class="admin-buttons">
            <Button
                kind={ButtonKind::Danger} label={fill_plain(t.vhost_delete, &[vhost])} title={takes.clone()} {onclick}
            />
            <span class="muted">{ takes }</span>
        </div>
    }
}

#[derive(Default)]
struct Draft {
    name: String,
    tried: bool,
    added: bool,
}

#[component]
fn AddVhost(_props: &AdminProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let draft = use_draft(Draft::default);
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |()| {
            let name = draft.get().name.trim().to_string();
            if name.is_empty() {
                return draft.change(|draft| draft.tried = true);
            }
            let vhost = VhostName::from(name.as_str());
            let user = page.driver.world().login.user.clone();
            page.driver.operate_all(vec![
                OperatorCommand::AddVhost {
                    vhost: vhost.clone(),
                },
                OperatorCommand::SetPermissions {
                    user,
                    vhost,
                    permissions: everything(),
                },
            ]);
            draft.change(|draft| {
                *draft = Draft {
                    added: true,
                    ..Draft::default()
                }
            });
        })
    };
    let state = draft.get();
    let wrong = (state.tried && state.name.trim().is_empty()).then_some(t.wrong_name);
    let put = draft.puts(|draft: &mut Draft, name: AttrValue| draft.name = name.to_string());
    let inside = html! {
        <>
            { line(t.vhost_name, Some(t.vhost_name_help), &state.name, wrong, put) }
            if state.added { <p role="status">{ t.vhost_access_note }</p> }
            <Button submits=true label={t.vhost_add_button} onclick={|_| ()} />
        </>
    };
    form(t.vhost_add, onsubmit, inside)
}
