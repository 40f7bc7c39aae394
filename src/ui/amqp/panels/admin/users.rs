//! Users, and what each may do: permissions by virtual host, topic permissions by exchange.

use yew::prelude::*;

use crate::actors::Login;
use crate::amqp::command::{Permissions, TopicPermissions};
use crate::amqp::view::UserView;
use crate::amqp::{OperatorCommand, is_pattern};
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::admin::{AdminProps, form, line};
use crate::ui::amqp::panels::parts::use_draft;
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, ButtonKind, Choice, Fold, Icon, IconButton, Select};
use crate::ui::shared::Shared;
use crate::ui::text::fill_plain;

#[component]
pub fn Users(props: &AdminProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let picture = &props.picture;
    let users = picture.world.broker.users.iter().map(|user| {
        let name = AttrValue::from(user.name.as_str().to_string());
        html! { <User key={name.to_string()} {picture} user={name.clone()} /> }
    });
    html! {
        <>
            <h3>{ t.users_title }</h3>
            { for users }
            <SaveUser user={None::<AttrValue>} tags="" />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct UserProps {
    picture: Shared<Picture>,
    user: AttrValue,
}

/// One user.
#[component]
fn User(props: &UserProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let picture = &props.picture;
    let users = &picture.world.broker.users;
    let Some(user) = users.iter().find(|it| *it.name.as_str() == *props.user) else {
        return Html::default();
    };
    let tags = user.tags.join(", ");
    let name = user.name.clone();
    let ondelete = page.on(move |page, _: MouseEvent| {
        let is_you = page.driver.world().login.user == name;
        page.driver
            .operate(OperatorCommand::DeleteUser { user: name.clone() });
        if is_you {
            page.driver.act_as(Login::default());
        }
    });
    let key = props.user.clone();
    html! {
        <Fold title={if tags.is_empty() { user.name.to_string() } else { format!("{} · {tags}", user.name) }} open=false>
            if user.permissions.is_empty() { <p class="admin-warning">{ t.user_no_access }</p> }
            { permissions(&page, user) }
            <SetPermission picture={picture.clone()} user={key.clone()} />
            { topic_permissions(&page, user) }
            <SetTopicPermission picture={picture.clone()} user={key.clone()} />
            <SaveUser user={Some(key)} tags={tags} />
            <Button
                kind={ButtonKind::Danger} label={fill_plain(t.user_delete, &[&user.name])} onclick={ondelete}
            />
        </Fold>
    }
}

fn permissions(page: &Page, user: &UserView) -> Html {
    let t = page.lang.admin();
    let rows = user.permissions.iter().map(|(vhost, set)| {
        let (name, place) = (user.name.clone(), vhost.clone());
        let onclick = page.on(move |page, _: MouseEvent| {
            page.driver.operate(OperatorCommand::ClearPermissions {
                user: name.clone(),
                vhost: place.clone(),
            });
        });
        html! {
            <tr>
                <td><code>{ vhost.to_string() }</code></td>
                <td><code>{ &set.configure }</code></td><td><code>{ &set.write }</code></td><td><code>{ &set.read }</code></td>
                <td>
                    <IconButton
                        icon={Icon::Trash} label={fill_plain(t.permission_clear, &[&user.name, vhost])} {onclick}
                    />
                </td>
            </tr>
        }
    });
    html! {
        <div class="admin-table">
            <table>
                <caption>{ t.permissions }</caption>
                <thead><tr>
                    <th>{ t.permission_vhost }</th><th>{ t.permission_configure }</th><th>{ t.permission_write }</th>
                    <th>{ t.permission_read }</th><td />
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

fn topic_permissions(page: &Page, user: &UserView) -> Html {
    let t = page.lang.admin();
    if user.topic_permissions.is_empty() {
        return Html::default();
    }
    let rows = user.topic_permissions.iter().map(|(vhost, exchange, set)| {
        let (name, place, topic) = (user.name.clone(), vhost.clone(), exchange.clone());
        let onclick = page.on(move |page, _: MouseEvent| {
            page.driver.operate(OperatorCommand::ClearTopicPermissions {
                user: name.clone(),
                vhost: place.clone(),
                exchange: topic.clone(),
            });
        });
        html! {
            <tr>
                <td><code>{ vhost.to_string() }</code></td><td><code>{ exchange.to_string() }</code></td>
                <td><code>{ &set.write }</code></td><td><code>{ &set.read }</code></td>
                <td>
                    <IconButton
                        icon={Icon::Trash} label={fill_plain(t.permission_clear, &[&user.name, exchange])} {onclick}
                    />
                </td>
            </tr>
        }
    });
    html! {
        <div class="admin-table">
            <table>
                <caption>{ t.topic_permissions }</caption>
                <thead><tr>
                    <th>{ t.permission_vhost }</th><th>{ t.topic_exchange }</th><th>{ t.topic_write }</th>
                    <th>{ t.topic_read }</th><td />
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

/// The virtual hosts to choose from.
fn vhosts(picture: &Picture) -> Vec<Choice> {
    let vhosts = picture.world.broker.vhosts.iter();
    vhosts
        .map(|name| Choice::new(name.as_str().to_string(), name.to_string()))
        .collect()
}

/// What a form of expressions begins with.
struct Rules {
    vhost: String,
    exchange: String,
    configure: String,
    write: String,
    read: String,
}

impl Rules {
    fn new(picture: &Picture) -> Rules {
        let all = || ".*".to_string();
        Rules {
            vhost: picture.world.login.vhost.as_str().to_string(),
            exchange: "amq.topic".to_string(),
            configure: all(),
            write: all(),
            read: all(),
        }
    }
}

#[component]
fn SetPermission(props: &UserProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let draft = use_draft(|| Rules::new(&props.picture));
    let onsubmit = {
        let (page, draft, user) = (page.clone(), draft.clone(), props.user.clone());
        Callback::from(move |()| {
            let rules = draft.get();
            let permissions = Permissions {
                configure: rules.configure.clone(),
                write: rules.write.clone(),
                read: rules.read.clone(),
            };
            let all = [&rules.configure, &rules.write, &rules.read];
            if all.into_iter().all(|pattern| is_pattern(pattern)) {
                page.driver.operate(OperatorCommand::SetPermissions {
                    user: user.as_str().into(),
                    vhost: rules.vhost.as_str().into(),
                    permissions,
                });
            }
        })
    };
    let rules = draft.get();
    let wrong = |pattern: &str| (!is_pattern(pattern)).then_some(t.not_a_regex);
    let vhost = draft.puts(|draft: &mut Rules, it: AttrValue| draft.vhost = it.to_string());
    let configure = draft.puts(|draft: &mut Rules, it: AttrValue| draft.configure = it.to_string());
    let write = draft.puts(|draft: &mut Rules, it: AttrValue| draft.write = it.to_string());
    let read = draft.puts(|draft: &mut Rules, it: AttrValue| draft.read = it.to_string());
    let inside = html! {
        <>
            <Select label={t.permission_vhost} choices={vhosts(&props.picture)} selected={rules.vhost.clone()} onselect={vhost} />
            { line(t.permission_configure, Some(t.permission_configure_help), &rules.configure, wrong(&rules.configure), configure) }
            { line(t.permission_write, Some(t.permission_write_help), &rules.write, wrong(&rules.write), write) }
            { line(t.permission_read, Some(t.permission_read_help), &rules.read, wrong(&rules.read), read) }
            <Button submits=true label={t.permission_set_button} onclick={|_| ()} />
        </>
    };
    form(t.permission_set, onsubmit, inside)
}

#[component]
fn SetTopicPermission(props: &UserProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let draft = use_draft(|| Rules::new(&props.picture));
    let onsubmit = {
        let (page, draft, user) = (page.clone(), draft.clone(), props.user.clone());
        Callback::from(move |()| {
            let rules = draft.get();
            page.driver.operate(OperatorCommand::SetTopicPermissions {
                user: user.as_str().into(),
                vhost: rules.vhost.as_str().into(),
                exchange: rules.exchange.as_str().into(),
                permissions: TopicPermissions {
                    write: rules.write.clone(),
                    read: rules.read.clone(),
                },
            });
        })
    };
    let rules = draft.get();
    let vhost = draft.puts(|draft: &mut Rules, it: AttrValue| draft.vhost = it.to_string());
    let exchange = draft.puts(|draft: &mut Rules, it: AttrValue| draft.exchange = it.to_string());
    let write = draft.puts(|draft: &mut Rules, it: AttrValue| draft.write = it.to_string());
    let read = draft.puts(|draft: &mut Rules, it: AttrValue| draft.read = it.to_string());
    let inside = html! {
        <>
            <p class="field-help">{ t.topic_help }</p>
            <Select label={t.permission_vhost} choices={vhosts(&props.picture)} selected={rules.vhost.clone()} onselect={vhost} />
            { line(t.topic_exchange, None, &rules.exchange, None, exchange) }
            { line(t.topic_write, Some(t.topic_write_help), &rules.write, None, write) }
            { line(t.topic_read, Some(t.topic_read_help), &rules.read, None, read) }
            <Button submits=true label={t.topic_set_button} onclick={|_| ()} />
        </>
    };
    form(t.topic_set, onsubmit, inside)
}

#[derive(Properties, PartialEq)]
struct SaveUserProps {
    /// Without one, a new user.
    user: Option<AttrValue>,
    tags: AttrValue,
}

#[derive(Default)]
struct SaveDraft {
    name: String,
    password: String,
    tags: String,
    tried: bool,
}

/// A new user, or new password and tags for one.
#[component]
fn SaveUser(props: &SaveUserProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let draft = use_draft(|| SaveDraft {
        name: props.user.as_deref().unwrap_or_default().to_string(),
        tags: props.tags.to_string(),
        ..SaveDraft::default()
    });
    let is_new = props.user.is_none();
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |()| {
            let name = draft.get().name.trim().to_string();
            if name.is_empty() {
                return draft.change(|draft| draft.tried = true);
            }
            let tags = draft.get().tags.clone();
            let tags = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty());
            page.driver.operate(OperatorCommand::AddUser {
                user: name.as_str().into(),
                password: draft.get().password.clone(),
                tags: tags.map(str::to_string).collect(),
            });
            if is_new {
                draft.change(|draft| *draft = SaveDraft::default());
            }
        })
    };
    let state = draft.get();
    let wrong = (state.tried && state.name.trim().is_empty()).then_some(t.user_wrong_name);
    let name = draft.puts(|draft: &mut SaveDraft, it: AttrValue| draft.name = it.to_string());
    let password =
        draft.puts(|draft: &mut SaveDraft, it: AttrValue| draft.password = it.to_string());
    let tags = draft.puts(|draft: &mut SaveDraft, it: AttrValue| draft.tags = it.to_string());
    let (title, button) = if is_new {
        (t.user_add, t.user_add_button)
    } else {
        (t.user_update, t.user_update_button)
    };
    let inside = html! {
        <>
            if is_new { { line(t.user_name, None, &state.name, wrong, name) } }
            { line(t.user_password, Some(t.user_password_help), &state.password, None, password) }
            { line(t.user_tags, Some(t.user_tags_help), &state.tags, None, tags) }
            <Button submits=true label={button} onclick={|_| ()} />
        </>
    };
    form(title, onsubmit, inside)
}
