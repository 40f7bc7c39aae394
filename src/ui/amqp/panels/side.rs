//! The side of the page: a form, a journey, or what is selected. On phones it is a sheet at the bottom.

use yew::prelude::*;

use crate::actors::{Form, ProgramId};
use crate::amqp::{ChannelId, MessageId};
use crate::ui::amqp::editing::asked::RemoveQuestion;
use crate::ui::amqp::editing::hangs::Removal;
use crate::ui::amqp::editing::what_if::WhatIf;
use crate::ui::amqp::ids::{self, Thing};
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::panels::add_binding::AddBinding;
use crate::ui::amqp::panels::add_exchange::AddExchange;
use crate::ui::amqp::panels::add_program;
use crate::ui::amqp::panels::add_queue::AddQueue;
use crate::ui::amqp::panels::admin::Admin;
use crate::ui::amqp::panels::card::story;
use crate::ui::amqp::panels::consumer_form::ConsumerSheet;
use crate::ui::amqp::panels::edit_script::ScriptSheet;
use crate::ui::amqp::panels::inspect::{
    InspectBinding, InspectChannel, InspectConnection, InspectExchange, InspectQueue,
};
use crate::ui::amqp::panels::inspect_program::InspectProgram;
use crate::ui::amqp::panels::journey::JourneyPanel;
use crate::ui::amqp::panels::producer_form::ProducerSheet;
use crate::ui::amqp::panels::publish::Publish;
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::scene::{NodeId, Target};
use crate::ui::shared::Shared;

#[derive(Properties, PartialEq)]
pub struct SideProps {
    pub picture: Shared<Picture>,
    pub sheet: Sheet,
    pub selected: Option<Target>,
    /// Where it stands on the page.
    pub node: NodeRef,
}

/// The side of the page.
#[component]
pub fn Side(props: &SideProps) -> Html {
    let page = use_page();
    let t = page.t();
    let picture = &props.picture;
    let inside = match &props.sheet {
        Sheet::AddExchange => html! { <AddExchange /> },
        Sheet::AddQueue => html! { <AddQueue {picture} /> },
        Sheet::AddProducer => html! { <ProducerSheet key="new" {picture} /> },
        Sheet::AddConsumer(queue) => {
            html! { <ConsumerSheet key="new" {picture} queue={queue.clone()} /> }
        }
        Sheet::AddProgram => html! { <ScriptSheet key="new" {picture} /> },
        Sheet::EditProgram(id) => edit_program(picture, *id),
        Sheet::EditScript(id) => html! { <ScriptSheet key={id.0} {picture} program={*id} /> },
        Sheet::AddBinding(form) => html! { <AddBinding {picture} form={form.clone()} /> },
        Sheet::Publish(via, form) => {
            // Another exchange or key is another form, not new props for what is being typed.
            let key = format!("{via:?}{}>{}", form.exchange, form.routing_key);
            html! { <Publish {key} {picture} via={*via} form={form.clone()} /> }
        }
        Sheet::WhatIf(exchange) => {
            html! { <WhatIf key={exchange.as_str()} {picture} exchange={exchange.clone()} /> }
        }
        Sheet::Journey(message) => html! { <JourneyPanel {picture} message={*message} /> },
        Sheet::Remove(removal) => {
            let removal = Removal::clone(removal);
            let onclose = page.open.reform(|()| Sheet::Inspector);
            html! { <div class="sheet"><RemoveQuestion {removal} {onclose} /></div> }
        }
        Sheet::Admin => html! { <Admin {picture} /> },
        Sheet::Connection(connection) => {
            html! { <InspectConnection {picture} connection={*connection} /> }
        }
        Sheet::Node(node, asked) => node_panel(picture, node, *asked),
        Sheet::Channel(channel) => html! { <InspectChannel {picture} channel={*channel} /> },
        Sheet::Inspector => selected(&page, picture, props.selected.as_ref()),
    };
    let is_empty = props.sheet == Sheet::Inspector && props.selected.is_none();
    // On a phone it is lower then, so that what it is about can be seen beside it.
    let is_about = props.selected.is_some() && props.sheet.only_looks();
    let class = classes!(
        "side",
        is_empty.then_some("side-empty"),
        is_about.then_some("side-about")
    );
    let onkeydown = page.on(|page, event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            super::parts::close(page);
        }
    });
    html! {
        <aside ref={props.node.clone()} {class} part="inspector" tabindex="-1" aria-label={t.inspector} {onkeydown}>
            { inside }
        </aside>
    }
}

/// The form a program was made with, or its script.
fn edit_program(picture: &Shared<Picture>, id: ProgramId) -> Html {
    let form = add_program::find(picture, id).and_then(|view| view.form.as_deref());
    match form {
        Some(Form::Producer(_)) => html! { <ProducerSheet key={id.0} {picture} program={id} /> },
        Some(Form::Consumer(_)) => html! { <ConsumerSheet key={id.0} {picture} program={id} /> },
        None => html! { <ScriptSheet key={id.0} {picture} program={id} /> },
    }
}

fn selected(page: &Page, picture: &Shared<Picture>, target: Option<&Target>) -> Html {
    let t = page.t();
    match target {
        Some(Target::Node(node)) => node_panel(picture, node, 0),
        Some(Target::Edge(edge)) => {
            let edge = AttrValue::from(edge.text());
            html! { <InspectBinding {picture} {edge} /> }
        }
        Some(Target::Item(_, item)) => {
            let message = ids::message_of(item).unwrap_or(MessageId(0));
            html! { <JourneyPanel {picture} {message} /> }
        }
        Some(Target::Group(group)) => {
            let name = group.as_str().split_once(':').map_or("", |(_, name)| name);
            node_panel(picture, &ids::program_named(name), 0)
        }
        Some(Target::Patch(_)) | None => html! {
            <div class="sheet sheet-quiet">
                { story(page, picture) }
                <p>{ t.nothing_selected }</p>
                <p class="muted">{ t.nothing_selected_help }</p>
            </div>
        },
    }
}

/// The panel of what stands at a node; another `asked` draws it afresh, so that a section can come into view.
fn node_panel(picture: &Shared<Picture>, node: &NodeId, asked: u32) -> Html {
    match ids::thing(node) {
        Some(Thing::Exchange(name)) => {
            let (key, name) = (format!("x{asked}{name}"), AttrValue::from(name));
            html! { <InspectExchange {key} {picture} {name} /> }
        }
        Some(Thing::Queue(name)) => {
            let (key, name) = (format!("q{asked}{name}"), AttrValue::from(name));
            html! { <InspectQueue {key} {picture} {name} /> }
        }
        Some(Thing::Program(name)) => {
            let programs = &picture.world.programs;
            match programs.iter().find(|program| *program.name == *name) {
                Some(program) => html! { <InspectProgram {picture} program={program.id} /> },
                None => Html::default(),
            }
        }
        Some(Thing::Channel(name)) => channel_panel(picture, &name),
        None => Html::default(),
    }
}

/// A channel behind which no program is: the person's own, or a real client's.
fn channel_panel(picture: &Shared<Picture>, name: &str) -> Html {
    let id = name.split_once('.').and_then(|(connection, number)| {
        Some(ChannelId::new(
            connection.parse().ok()?,
            number.parse().ok()?,
        ))
    });
    match id {
        Some(channel) => html! { <InspectChannel {picture} {channel} /> },
        None => Html::default(),
    }
}
