//! The small form for something new at a place of the canvas: what an edge was let go for, what was dragged from the
//! palette, what the menu of empty space offers. Name, what matters most, and the way to all options.

use yew::prelude::*;

use crate::actors::{AckMode, ProgramId, ProgramSpec};
use crate::amqp::QueueName;
use crate::amqp::view::ExchangeKind;
use crate::engine::{ProgramCommand, WorldCommand};
use crate::ui::amqp::editing::wire::{Wire, wire};
use crate::ui::amqp::forms::binding::{BindingForm, Target as BindingTarget};
use crate::ui::amqp::forms::declare::{ExchangeForm, QueueForm};
use crate::ui::amqp::forms::programs::Plan;
use crate::ui::amqp::forms::{Field, Problems, names};
use crate::ui::amqp::ids::{self, Thing};
use crate::ui::amqp::page::{Page, Sheet, use_page, went_wrong};
use crate::ui::amqp::panels::{
    Draft, error, exchange_choices, free_program_name, kind_of, use_draft,
};
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::scene::{NodeId, Target};
use crate::ui::components::{Button, ButtonKind, Choice, Row, Select, TextField, TextInput};
use crate::ui::shared::Shared;
use crate::ui::store::Action;
use crate::ui::text::fill_plain;

/// What can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Producer,
    Exchange,
    Queue,
    Consumer,
}

impl Sort {
    /// The name under which menus and the palette know it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Sort::Producer => "producer",
            Sort::Exchange => "exchange",
            Sort::Queue => "queue",
            Sort::Consumer => "consumer",
        }
    }

    /// The sort of that name.
    pub fn parse(name: &str) -> Option<Sort> {
        [Sort::Producer, Sort::Exchange, Sort::Queue, Sort::Consumer]
            .into_iter()
            .find(|sort| sort.as_str() == name)
    }

    fn sheet(self) -> Sheet {
        match self {
            Sort::Producer => Sheet::AddProducer,
            Sort::Exchange => Sheet::AddExchange,
            Sort::Queue => Sheet::AddQueue,
            Sort::Consumer => Sheet::AddConsumer(None),
        }
    }
}

/// The ways to acknowledge that are offered here, with the values of their options.
const ACKS: [(AckMode, &str); 3] = [
    (AckMode::ByHand, "manual"),
    (AckMode::Automatic, "auto"),
    (AckMode::AfterWork(1_000), "work"),
];

fn ack_value(mode: AckMode) -> &'static str {
    let mut known = ACKS.iter().filter(|(other, _)| *other == mode);
    known.next().map_or("manual", |(_, value)| value)
}

fn ack_of(value: &str) -> AckMode {
    let mut known = ACKS.iter().filter(|(_, other)| *other == value);
    known.next().map_or(AckMode::ByHand, |(mode, _)| *mode)
}

/// Something new: what, where, and from what an edge leads to it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewThing {
    pub sort: Sort,
    pub at: Point,
    pub from: Option<NodeId>,
}

/// What is typed.
struct Typed {
    name: AttrValue,
    kind: ExchangeKind,
    routing_key: AttrValue,
    arguments: Vec<Row>,
    queue: Option<AttrValue>,
    exchange: AttrValue,
    ack: AckMode,
    tried: bool,
}

#[derive(Properties, PartialEq)]
pub struct NewThingProps {
    pub picture: Shared<Picture>,
    pub new: NewThing,
    pub onclose: Callback<()>,
}

/// The title of the form.
pub fn title(page: &Page, sort: Sort) -> &'static str {
    let w = page.lang.wiring();
    match sort {
        Sort::Producer => w.title_producer,
        Sort::Exchange => w.title_exchange,
        Sort::Queue => w.title_queue,
        Sort::Consumer => w.title_consumer,
    }
}

fn begin(props: &NewThingProps) -> Typed {
    let picture = &props.picture;
    let broker = &picture.world.broker;
    let name = match props.new.sort {
        Sort::Exchange => names::free("exchange", |name| {
            broker.exchanges.iter().any(|it| it.id.as_str() == name)
        }),
        Sort::Queue => names::free("queue", |name| {
            broker.queues.iter().any(|it| it.id.as_str() == name)
        }),
        Sort::Producer => free_program_name(picture, "producer"),
        Sort::Consumer => free_program_name(picture, "consumer"),
    };
    let from = props.new.from.as_ref().and_then(ids::thing);
    let (mut queue, mut arguments) = (None, Vec::new());
    match from {
        Some(Thing::Queue(name)) => queue = Some(AttrValue::from(name)),
        Some(Thing::Exchange(name)) => {
            let target = BindingTarget::Queue(AttrValue::default());
            arguments = BindingForm::wired(&name, target, kind_of(picture, &name)).arguments;
        }
        _ => {}
    }
    let first = broker.queues.first();
    let exchanges = broker.exchanges.iter();
    let mut own = exchanges.filter(|it| !crate::ui::amqp::paint::is_predeclared(it.id.as_str()));
    Typed {
        name: name.into(),
        kind: ExchangeKind::Direct,
        routing_key: AttrValue::default(),
        arguments,
        queue: queue.or_else(|| first.map(|it| it.id.as_str().to_string().into())),
        exchange: own
            .next()
            .map(|it| it.id.as_str().to_string().into())
            .unwrap_or_default(),
        ack: AckMode::ByHand,
        tried: false,
    }
}

/// The small form for something new.
#[component]
pub fn NewThingForm(props: &NewThingProps) -> Html {
    let page = use_page();
    let (t, w) = (page.t(), page.lang.wiring());
    let draft = use_draft(|| begin(props));
    let NewThing { sort, from, .. } = &props.new;
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        let (new, onclose) = (props.new.clone(), props.onclose.clone());
        let picture = props.picture.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if make(&page, &picture, &new, &draft) {
                onclose.emit(());
            }
        })
    };
    let more = {
        let (page, onclose, sheet) = (page.clone(), props.onclose.clone(), sort.sheet());
        Callback::from(move |_: MouseEvent| {
            page.open.emit(sheet.clone());
            onclose.emit(());
        })
    };
    let state = draft.get();
    let (_, problems) = read(&state, *sort);
    let name = from
        .as_ref()
        .and_then(|from| props.picture.scene.node(from))
        .map(|node| node.name.to_string());
    let binds = matches!(from.as_ref().and_then(ids::thing), Some(Thing::Exchange(_)));
    let lead = name.map(|name| {
        let template = if binds { w.bound_from } else { w.consumes_from };
        fill_plain(template, &[&name])
    });
    html! {
        <form class="wire-form" novalidate=true {onsubmit}>
            <h2 class="question-title">{ title(&page, *sort) }</h2>
            if let Some(lead) = lead { <p class="muted">{ lead }</p> }
            <TextField
                label={t.name} input={TextInput::Code} value={state.name.clone()}
                error={error(&problems, Field::Name, state.tried, t)}
                oncommit={draft.puts(|typed, name| typed.name = name)}
                ontype={draft.puts(|typed, name| typed.name = name)}
            />
            { fields(props, &draft, &page) }
            <div class="wire-buttons">
                <Button
                    kind={ButtonKind::Primary} submits=true onclick={|_| ()}
                    label={if binds { w.create_bind } else { w.create }}
                />
                <Button label={t.cancel} onclick={props.onclose.reform(|_: MouseEvent| ())} />
                if from.is_none() { <Button kind={ButtonKind::Quiet} label={w.more_options} onclick={more} /> }
            </div>
        </form>
    }
}

/// The fields of one sort, and the key of the binding that leads to it.
fn fields(props: &NewThingProps, draft: &Draft<Typed>, page: &Page) -> Html {
    let (t, w) = (page.t(), page.lang.wiring());
    let state = draft.get();
    let source = props.new.from.as_ref().and_then(ids::thing);
    let kinds = ExchangeKind::ALL.map(|kind| Choice::new(kind.as_str(), kind.as_str()));
    let queues: Vec<Choice> = props
        .picture
        .world
        .broker
        .queues
        .iter()
        .map(|queue| Choice::new(queue.id.as_str().to_string(), queue.id.as_str().to_string()))
        .collect();
    let acks = ACKS.map(|(mode, value)| {
        let label = match mode {
            AckMode::ByHand => t.ack_manual,
            AckMode::Automatic => t.ack_automatic,
            AckMode::AfterWork(_) => t.ack_after_work,
        };
        Choice::new(value, label)
    });
    html! {
        <>
            if props.new.sort == Sort::Exchange {
                <Select
                    label={t.kind} choices={kinds.to_vec()} selected={state.kind.as_str()}
                    onselect={draft.puts(|typed, kind: AttrValue| {
                        typed.kind = ExchangeKind::parse(&kind).unwrap_or(ExchangeKind::Direct);
                    })}
                />
            }
            if props.new.sort == Sort::Consumer && source.is_none() {
                if queues.is_empty() { <p class="field-error">{ w.no_queue_yet }</p> }
                <Select
                    label={t.queue_title} choices={queues} selected={state.queue.clone().unwrap_or_default()}
                    onselect={draft.puts(|typed, queue| typed.queue = Some(queue))}
                />
            }
            if props.new.sort == Sort::Consumer {
                <Select
                    label={t.ack_mode} choices={acks.to_vec()} selected={ack_value(state.ack)}
                    onselect={draft.puts(|typed, ack: AttrValue| typed.ack = ack_of(&ack))}
                />
            }
            if props.new.sort == Sort::Producer {
                <Select
                    label={t.publishes_to} choices={exchange_choices(&props.picture, t)} selected={state.exchange.clone()}
                    onselect={draft.puts(|typed, exchange| typed.exchange = exchange)}
                />
            }
            if matches!(source, Some(Thing::Exchange(_))) || props.new.sort == Sort::Producer {
                <TextField
                    label={t.routing_key} input={TextInput::Code} value={state.routing_key.clone()}
                    oncommit={draft.puts(|typed, key| typed.routing_key = key)}
                    ontype={draft.puts(|typed, key| typed.routing_key = key)}
                />
            }
        </>
    }
}

/// What the form asks for, without the edge that leads to it.
enum Made {
    Commands(Vec<WorldCommand>, NodeId),
    Program(ProgramSpec, Option<Plan>),
    Nothing,
}

fn read(typed: &Typed, sort: Sort) -> (Made, Problems) {
    match sort {
        Sort::Exchange => {
            let form = ExchangeForm {
                name: typed.name.clone(),
                kind: typed.kind,
                ..ExchangeForm::default()
            };
            let (method, problems) = form.read();
            let node = ids::exchange_named(&typed.name);
            (
                Made::Commands(vec![WorldCommand::You(method)], node),
                problems,
            )
        }
        Sort::Queue => {
            let form = QueueForm {
                name: typed.name.clone(),
                ..QueueForm::default()
            };
            let (method, mut problems) = form.read();
            problems.extend(Field::Name, names::required(&typed.name));
            let node = ids::queue_named(&typed.name);
            (
                Made::Commands(vec![WorldCommand::You(method)], node),
                problems,
            )
        }
        Sort::Consumer => {
            let mut problems = Problems::default();
            problems.extend(Field::Name, names::required(&typed.name));
            let Some(queue) = &typed.queue else {
                // The form says so itself where the list of queues would stand.
                return (Made::Nothing, problems);
            };
            let queue = QueueName::from(queue.as_str());
            let spec = ProgramSpec::consumer(&typed.name, &queue, 1, typed.ack);
            (Made::Program(spec, None), problems)
        }
        Sort::Producer => {
            let mut problems = Problems::default();
            problems.extend(Field::Name, names::required(&typed.name));
            problems.extend(Field::RoutingKey, names::short_string(&typed.routing_key));
            let plan = Plan {
                exchange: typed.exchange.as_str().into(),
                routing_key: typed.routing_key.as_str().into(),
            };
            let spec = ProgramSpec::producer(&typed.name);
            (Made::Program(spec, Some(plan)), problems)
        }
    }
}

/// Makes it; whether it was made.
fn make(page: &Page, picture: &Picture, new: &NewThing, draft: &Draft<Typed>) -> bool {
    let (made, problems) = read(&draft.get(), new.sort);
    if problems.forbids() {
        draft.change(|typed| typed.tried = true);
        return false;
    }
    let place = |node: &NodeId| {
        let places = vec![(node.clone(), new.at)];
        page.dispatch.dispatch(Action::Place(places));
    };
    let node = match made {
        Made::Nothing => return false,
        Made::Commands(mut commands, node) => {
            let bind = new
                .from
                .as_ref()
                .and_then(|from| leads(picture, from, &node, &draft.get()));
            match bind {
                Some(Err(plan)) => page.driver.plan(plan.0.into(), plan.1),
                Some(Ok(command)) => commands.push(command),
                None => {}
            }
            place(&node);
            if went_wrong(&page.driver.together(commands)) {
                return false;
            }
            node
        }
        Made::Program(mut spec, plan) => {
            spec.colour = u8::try_from(picture.world.programs.len() % 7).unwrap_or(0);
            let node = ids::program_named(&spec.name);
            place(&node);
            if let Some(plan) = plan {
                page.driver.plan(spec.name.clone(), plan);
            }
            let add = ProgramCommand::Add {
                program: ProgramId(0),
                spec: std::rc::Rc::new(spec),
            };
            if went_wrong(&page.driver.together(vec![WorldCommand::Program(add)])) {
                return false;
            }
            node
        }
    };
    page.dispatch
        .dispatch(Action::Select(Some(Target::Node(node))));
    true
}

/// The command for the edge that leads to it, or a producer's new plan.
fn leads(
    picture: &Picture,
    from: &NodeId,
    to: &NodeId,
    typed: &Typed,
) -> Option<Result<WorldCommand, (String, Plan)>> {
    match wire(from, to)? {
        Wire::Binding(source, target) => {
            let form = BindingForm {
                routing_key: typed.routing_key.clone(),
                arguments: typed.arguments.clone(),
                ..BindingForm::wired(&source, target, kind_of(picture, &source))
            };
            form.read().0.map(|method| Ok(WorldCommand::You(method)))
        }
        Wire::Plan(program, exchange) => {
            let plan = Plan {
                exchange: exchange.into(),
                routing_key: typed.routing_key.as_str().into(),
            };
            Some(Err((program, plan)))
        }
        // The consumer's own script does that.
        Wire::Consume(..) => None,
    }
}
