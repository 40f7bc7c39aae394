//! Overview: as whom the person acts, which version the broker is, and its alarms.

use yew::prelude::*;

use crate::actors::Login;
use crate::amqp::{Compatibility, OperatorCommand};
use crate::ui::amqp::files;
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::admin::{AdminProps, form};
use crate::ui::amqp::panels::parts::use_draft;
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, ButtonKind, Checkbox, Choice, Icon, Select};
use crate::ui::text::fill_plain;

/// What a version is called in the choice.
const fn value_of(version: Compatibility) -> &'static str {
    match version {
        Compatibility::V4 => "4",
        Compatibility::V3_10 => "3.10",
    }
}

#[component]
pub fn Overview(props: &AdminProps) -> Html {
    let page = use_page();
    let restart = page.on(|page, _: MouseEvent| {
        page.driver.operate(OperatorCommand::Restart);
    });
    html! {
        <>
            <You picture={props.picture.clone()} />
            <Version picture={props.picture.clone()} />
            <div class="admin-form">
                <Button icon={Icon::Restart} label={page.t().restart} onclick={restart} />
                <p class="field-help">{ page.t().restarted_rule }</p>
            </div>
            { alarms(&page, &props.picture) }
        </>
    }
}

/// As whom the person acts.
#[component]
fn You(props: &AdminProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let broker = &props.picture.world.broker;
    let login = props.picture.world.login.clone();
    let draft = use_draft(|| login.clone());
    let wanted = draft.get().clone();
    let users = broker.users.iter().map(|user| &user.name);
    let users: Vec<Choice> = users
        .map(|name| Choice::new(name.as_str().to_string(), name.to_string()))
        .collect();
    let vhosts = broker.vhosts.iter();
    let vhosts: Vec<Choice> = vhosts
        .map(|name| Choice::new(name.as_str().to_string(), name.to_string()))
        .collect();
    let has_access = broker
        .users
        .iter()
        .filter(|user| user.name == wanted.user)
        .any(|user| {
            user.permissions
                .iter()
                .any(|(vhost, _)| *vhost == wanted.vhost)
        });
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |()| {
            let login = draft.get().clone();
            let was_connected = page.driver.world().you.is_some();
            page.driver.act_as(login);
            if was_connected {
                page.say.emit(page.lang.admin().you_changed.into());
            }
        })
    };
    let inside = html! {
        <>
            <p>{ fill_plain(t.acting, &[&login.user, &login.vhost]) }</p>
            <p class="field-help">{ t.you_help }</p>
            <Select
                label={t.you_user} choices={users} selected={wanted.user.as_str().to_string()}
                onselect={draft.puts(|draft: &mut Login, user: AttrValue| draft.user = user.as_str().into())}
            />
            <Select
                label={t.you_vhost} choices={vhosts} selected={wanted.vhost.as_str().to_string()}
                onselect={draft.puts(|draft: &mut Login, vhost: AttrValue| draft.vhost = vhost.as_str().into())}
            />
            if !has_access { <p class="admin-warning" role="status">{ t.you_no_access }</p> }
            <Button submits=true label={t.you_change} onclick={|_| ()} />
        </>
    };
    form(t.you_title, onsubmit, inside)
}

/// The version, and the question before it changes.
#[component]
fn Version(props: &AdminProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let wanted = use_state(|| None::<Compatibility>);
    let now = props.picture.compatibility;
    let slug = props.picture.slug;
    let choices = vec![
        Choice::new(value_of(Compatibility::V4), t.version_4),
        Choice::new(value_of(Compatibility::V3_10), t.version_3_10),
    ];
    let onselect = {
        let wanted = wanted.clone();
        Callback::from(move |value: AttrValue| {
            let all = [Compatibility::V4, Compatibility::V3_10];
            let version = all.into_iter().find(|it| value_of(*it) == value.as_str());
            wanted.set(version.filter(|version| *version != now));
        })
    };
    let keep = {
        let wanted = wanted.clone();
        Callback::from(move |_: MouseEvent| wanted.set(None))
    };
    let begin = {
        let (page, wanted) = (page.clone(), wanted.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(version) = *wanted {
                wanted.set(None);
                files::begin_as(&page, slug, version);
            }
        })
    };
    html! {
        <div class="admin-form">
            <Select
                label={t.version} help={t.version_help} {choices} selected={value_of(wanted.unwrap_or(now))} {onselect}
            />
            if let Some(version) = *wanted {
                <div class="admin-ask" role="alert">
                    <p><strong>{ fill_plain(t.version_ask, &[&value_of(version)]) }</strong></p>
                    <p>{ t.version_warning }</p>
                    <div class="admin-buttons">
                        <Button kind={ButtonKind::Danger} label={t.version_change} onclick={begin} />
                        <Button label={t.version_keep} onclick={keep} />
                    </div>
                </div>
            }
        </div>
    }
}

fn alarms(page: &Page, picture: &Picture) -> Html {
    let t = page.lang.admin();
    let broker = &picture.world.broker;
    let memory = page.on(|page, on| {
        page.driver.operate(OperatorCommand::SetMemoryAlarm { on });
    });
    let disk = page.on(|page, on| {
        page.driver.operate(OperatorCommand::SetDiskAlarm { on });
    });
    let blocked: Vec<Html> = broker
        .connections
        .iter()
        .filter(|connection| connection.blocked)
        .map(|connection| {
            html! { <li><code>{ connection.name.to_string() }</code>{ " " }<span class="badge">{ t.blocked }</span></li> }
        })
        .collect();
    html! {
        <section class="admin-form" aria-label={t.alarms}>
            <h3>{ t.alarms }</h3>
            <p class="field-help">{ t.alarms_help }</p>
            <Checkbox label={t.alarm_memory_switch} checked={broker.memory_alarm} onchange={memory} />
            <Checkbox label={t.alarm_disk_switch} checked={broker.disk_alarm} onchange={disk} />
            <h4>{ t.blocked_title }</h4>
            if blocked.is_empty() {
                <p class="muted">{ t.blocked_none }</p>
            } else {
                <ul class="admin-list">{ for blocked }</ul>
            }
        </section>
    }
}
