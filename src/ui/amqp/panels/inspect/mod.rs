//! The inspector: a panel for each kind of thing, in the order and the words of RabbitMQ's management UI.

mod bind_here;
mod binding;
mod channel;
mod connection;
mod contents;
mod exchange;
mod get_messages;
mod move_messages;
mod overview;
mod publish_here;
mod queue;
mod remove;
mod section;

pub use binding::InspectBinding;
pub use channel::{InspectChannel, mode_word};
pub use connection::{InspectConnection, state_word as connection_state};
pub use contents::{payload, properties};
pub use exchange::InspectExchange;
pub use overview::{Fact, facts};
pub use queue::{InspectQueue, kind_word, queue_state};

use yew::prelude::*;

use crate::ui::amqp::page::Page;
use crate::ui::amqp::panels::parts::close_button;
use crate::ui::amqp::picture::Picture;
use crate::ui::shared::Shared;

/// What the panel of a named thing needs.
#[derive(Properties, PartialEq)]
pub struct InspectNamedProps {
    pub picture: Shared<Picture>,
    pub name: AttrValue,
}

/// A panel with its head.
fn sheet(page: &Page, kind: &str, name: &str, body: Html) -> Html {
    html! {
        <section class="sheet" aria-label={name.to_string()}>
            <header class="sheet-head">
                <h2><small>{ kind }</small><code>{ name }</code></h2>
                { close_button(page) }
            </header>
            <div class="sheet-body sections">{ body }</div>
        </section>
    }
}
