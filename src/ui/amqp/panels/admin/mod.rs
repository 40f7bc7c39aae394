//! The Admin panel, in the management UI's words: version and alarms, virtual hosts, users with their permissions, and
//! policies; and as whom the person acts.

mod overview;
mod policies;
mod users;
mod vhosts;

use yew::prelude::*;

use crate::ui::amqp::page::use_page;
use crate::ui::amqp::panels::parts::close_button;
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Tab, TabPanel, Tabs, TextField, TextInput};
use crate::ui::shared::Shared;

use overview::Overview;
use policies::Policies;
use users::Users;
use vhosts::Vhosts;

#[derive(Properties, PartialEq)]
pub struct AdminProps {
    pub picture: Shared<Picture>,
}

/// The Admin panel.
#[component]
pub fn Admin(props: &AdminProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let tab = use_state(|| AttrValue::from("overview"));
    let tabs = vec![
        Tab::new("overview", t.tab_overview),
        Tab::new("vhosts", t.tab_vhosts),
        Tab::new("users", t.tab_users),
        Tab::new("policies", t.tab_policies),
    ];
    let onselect = {
        let tab = tab.clone();
        Callback::from(move |id: AttrValue| tab.set(id))
    };
    let picture = &props.picture;
    let inside = match tab.as_str() {
        "vhosts" => html! { <Vhosts {picture} /> },
        "users" => html! { <Users {picture} /> },
        "policies" => html! { <Policies {picture} /> },
        _ => html! { <Overview {picture} /> },
    };
    let prefix = "admin";
    html! {
        <section class="sheet admin" aria-label={t.title}>
            <header class="sheet-head"><h2>{ t.title }</h2>{ close_button(&page) }</header>
            <div class="sheet-body">
                <Tabs label={t.title} {prefix} {tabs} selected={(*tab).clone()} {onselect} />
                <TabPanel {prefix} tab={(*tab).clone()}>{ inside }</TabPanel>
            </div>
        </section>
    }
}

/// A line to type a name or an expression into: it is read at every stroke.
fn line(
    label: &'static str,
    help: Option<&'static str>,
    value: &str,
    error: Option<&'static str>,
    put: Callback<AttrValue>,
) -> Html {
    html! {
        <TextField
            {label} input={TextInput::Code} value={value.to_string()} help={help.map(AttrValue::from)}
            error={error.map(AttrValue::from)} oncommit={put.clone()} ontype={put}
        />
    }
}

/// A form of its own inside the panel.
fn form(name: &'static str, onsubmit: Callback<()>, inside: Html) -> Html {
    let onsubmit = onsubmit.reform(|event: SubmitEvent| event.prevent_default());
    html! {
        <form class="admin-form" aria-label={name} novalidate=true {onsubmit}>
            <h3>{ name }</h3>
            { inside }
        </form>
    }
}
