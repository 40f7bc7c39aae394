//! The command palette: everything on the page that has a name, found by typing.

use yew::prelude::*;

use crate::amqp::OperatorCommand;
use crate::ui::amqp::course::StepSize;
use crate::ui::amqp::files;
use crate::ui::amqp::forms::binding::BindingForm;
use crate::ui::amqp::forms::publish::PublishForm;
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::panels::toolbar::{SPEEDS, scenario_name};
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::verbs;
use crate::ui::canvas::scene::{NodeId, Target, Text};
use crate::ui::components::{Command, CommandBox};
use crate::ui::driver::EMPTY;
use crate::ui::shared::Shared;
use crate::ui::store::{Action, Face, Theme};
use crate::ui::text::{Lang, fill_plain};

/// What a command does.
#[derive(Clone)]
enum Deed {
    Open(Box<Sheet>),
    Scenario(&'static str),
    Run(fn(&Page)),
    /// The same, but it changes something.
    Change(fn(&Page)),
    Turn(fn(&Page, &Picture)),
    Speed(f64),
    Node(NodeId),
    Choose(Target, Text),
    Keys,
}

impl Deed {
    /// Whether nothing is changed by it.
    fn only_looks(&self) -> bool {
        match self {
            Deed::Open(sheet) => sheet.only_looks(),
            Deed::Scenario(slug) => *slug != EMPTY,
            Deed::Run(_) | Deed::Speed(_) | Deed::Node(_) | Deed::Keys => true,
            Deed::Change(_) | Deed::Turn(_) | Deed::Choose(..) => false,
        }
    }
}

/// A command in one language, before it is put beside the other.
struct Named {
    label: String,
    group: &'static str,
    keys: &'static str,
    deed: Deed,
}

fn named(label: impl Into<String>, group: &'static str, keys: &'static str, deed: Deed) -> Named {
    Named {
        label: label.into(),
        group,
        keys,
        deed,
    }
}

#[derive(Clone, Properties, PartialEq)]
pub struct CommandsProps {
    pub picture: Shared<Picture>,
    pub open: bool,
    pub onclose: Callback<()>,
    /// The list of keys is wanted.
    pub onkeys: Callback<()>,
}

/// The command palette.
#[component]
pub fn Commands(props: &CommandsProps) -> Html {
    let page = use_page();
    let i = page.i();
    // What it offers is what was there when it opened: a list that moves under the finger helps nobody.
    let offered = use_memo((props.open, page.lang), |(open, lang)| {
        let all = if *open {
            commands(&props.picture, *lang, page.driver.is_demo())
        } else {
            Vec::new()
        };
        let (commands, deeds): (Vec<Command>, Vec<Deed>) = all.into_iter().unzip();
        (Shared::new(commands), deeds)
    });
    // The box keeps its callbacks, so that a run that plays behind it does not draw it anew with every picture.
    let latest = use_mut_ref(|| None);
    {
        // What is chosen is done once the box is closed: until it opens again, what it offered counts.
        let mut latest = latest.borrow_mut();
        let before = latest.take().filter(|_| !props.open);
        let offered = before.map_or_else(|| offered.clone(), |(_, _, offered)| offered);
        *latest = Some((page.clone(), props.clone(), offered));
    }
    let onrun = {
        let latest = latest.clone();
        use_callback((), move |index: usize, ()| {
            let Some((page, props, offered)) = latest.borrow().clone() else {
                return;
            };
            match offered.1.get(index) {
                Some(Deed::Keys) => props.onkeys.emit(()),
                Some(deed) => run(&page, &props.picture, deed),
                None => {}
            }
        })
    };
    let onclose = use_callback((), move |(), ()| {
        let close = latest
            .borrow()
            .as_ref()
            .map(|latest| latest.1.onclose.clone());
        if let Some(close) = close {
            close.emit(());
        }
    });
    html! {
        <CommandBox
            open={props.open} title={i.commands} close_label={page.t().close} placeholder={i.commands_hint}
            none={i.commands_none} commands={offered.0.clone()} {onrun} {onclose}
        />
    }
}

/// Every command with its name in both languages. A page for watching offers none that changes something.
fn commands(picture: &Picture, lang: Lang, is_demo: bool) -> Vec<(Command, Deed)> {
    let both = |of: fn(&Picture, Lang) -> Vec<Named>| {
        of(picture, lang).into_iter().zip(of(picture, lang.other()))
    };
    [adding, running, page_wide, scenarios, places, row_actions]
        .into_iter()
        .flat_map(both)
        .filter(|(command, _)| !is_demo || command.deed.only_looks())
        .map(|(here, there)| {
            let command = Command {
                label: here.label.into(),
                also: there.label.into(),
                group: here.group.into(),
                keys: here.keys.into(),
            };
            (command, here.deed)
        })
        .collect()
}

fn adding(_: &Picture, lang: Lang) -> Vec<Named> {
    let (t, group) = (lang.texts(), lang.inspect().group_add);
    let opens = |label: &str, keys, sheet| named(label, group, keys, Deed::Open(Box::new(sheet)));
    vec![
        opens(t.add_exchange, "e", Sheet::AddExchange),
        opens(t.add_queue, "q", Sheet::AddQueue),
        opens(t.add_producer, "o", Sheet::AddProducer),
        opens(t.add_consumer, "u", Sheet::AddConsumer(None)),
        opens(lang.programs().add_program, "s", Sheet::AddProgram),
        opens(
            t.add_binding,
            "b",
            Sheet::AddBinding(BindingForm::default()),
        ),
        opens(
            t.publish_message,
            "",
            Sheet::Publish(None, PublishForm::new("", "")),
        ),
    ]
}

fn running(picture: &Picture, lang: Lang) -> Vec<Named> {
    let (t, i, s) = (lang.texts(), lang.inspect(), lang.steps());
    let toggle = if picture.cursor.playing {
        t.pause
    } else {
        t.play
    };
    let alarm = match picture.world.broker.memory_alarm {
        true => lang.programs().memory_alarm_off,
        false => lang.programs().memory_alarm,
    };
    let runs =
        |label: &str, keys, deed: fn(&Page)| named(label, i.group_run, keys, Deed::Run(deed));
    let mut all = vec![
        runs(toggle, "", |page| page.driver.toggle()),
        runs(t.step, ".", |page| {
            page.driver.step();
        }),
        runs(lang.time().back, ",", |page| page.driver.back()),
        runs(s.event_forward, "Shift+.", |page| {
            page.driver.forward(StepSize::Event);
        }),
        runs(s.event_back, "Shift+,", |page| {
            page.driver.backward(StepSize::Event);
        }),
        runs(s.by_command, "", |page| {
            page.driver.set_step_size(StepSize::Command);
        }),
        runs(s.by_event, "", |page| {
            page.driver.set_step_size(StepSize::Event);
        }),
        runs(lang.time().to_start, "Home", |page| page.driver.to_start()),
        runs(lang.time().to_end, "End", |page| page.driver.to_end()),
        named(t.undo, i.group_run, "Ctrl+Z", Deed::Turn(Page::undo)),
        named(i.redo, i.group_run, "Ctrl+Shift+Z", Deed::Turn(Page::redo)),
        named(
            t.restart,
            i.group_run,
            "",
            Deed::Change(|page| {
                page.driver.operate(OperatorCommand::Restart);
            }),
        ),
        named(alarm, i.group_run, "", Deed::Turn(turn_alarm)),
    ];
    all.extend(SPEEDS.into_iter().filter_map(|speed| {
        let label = fill_plain(i.speed_is, &[&speed]);
        Some(named(
            label,
            i.group_run,
            "",
            Deed::Speed(speed.parse().ok()?),
        ))
    }));
    all
}

/// Raises the memory alarm, or clears it.
fn turn_alarm(page: &Page, picture: &Picture) {
    let on = !picture.world.broker.memory_alarm;
    page.driver.operate(OperatorCommand::SetMemoryAlarm { on });
}

fn page_wide(_: &Picture, lang: Lang) -> Vec<Named> {
    let (t, i) = (lang.texts(), lang.inspect());
    let does = |label: String, deed: fn(&Page)| named(label, i.group_page, "", Deed::Run(deed));
    let theme = |word: &str| fill_plain(i.theme_is, &[&word]);
    let face = |word: &str| fill_plain(i.show_as, &[&word]);
    vec![
        does(face(t.graph), |page| {
            page.dispatch.dispatch(Action::Show(Face::Graph))
        }),
        does(face(t.table), |page| {
            page.dispatch.dispatch(Action::Show(Face::Table))
        }),
        does(theme(t.theme_light), |page| {
            page.dispatch.dispatch(Action::SetTheme(Theme::Light))
        }),
        does(theme(t.theme_dark), |page| {
            page.dispatch.dispatch(Action::SetTheme(Theme::Dark))
        }),
        does(theme(t.theme_system), |page| {
            page.dispatch.dispatch(Action::SetTheme(Theme::Auto))
        }),
        does(i.to_english.to_string(), |page| set_lang(page, Lang::En)),
        does(i.to_chinese.to_string(), |page| set_lang(page, Lang::Zh)),
        named(
            t.canvas_arrange,
            i.group_page,
            "",
            Deed::Change(|page| page.dispatch.dispatch(Action::Arrange)),
        ),
        named(t.save_file, i.group_file, "", Deed::Run(files::save)),
        named(t.help, i.group_page, "?", Deed::Keys),
    ]
}

fn scenarios(_: &Picture, lang: Lang) -> Vec<Named> {
    let i = lang.inspect();
    let slugs = crate::scenario::catalog::CATALOG
        .iter()
        .map(|entry| entry.slug);
    slugs
        .chain([EMPTY])
        .map(|slug| {
            let label = fill_plain(i.open_scenario, &[&scenario_name(slug, lang)]);
            named(label, i.group_scenario, "", Deed::Scenario(slug))
        })
        .collect()
}

/// Everything with a name: on the canvas, and the exchanges that wait behind it.
fn places(picture: &Picture, lang: Lang) -> Vec<Named> {
    let (t, i) = (lang.texts(), lang.inspect());
    let broker = &picture.world.broker;
    let goes = |kind: &'static str, name: &str, node| {
        named(fill_plain(i.go_to, &[&name]), kind, "", Deed::Node(node))
    };
    let queues = broker.queues.iter();
    let queues = queues.map(|queue| goes(t.queue_title, queue.id.as_str(), ids::queue(&queue.id)));
    let exchanges = broker.exchanges.iter();
    let exchanges = exchanges.map(|exchange| {
        let name = match exchange.id.as_str() {
            "" => t.default_exchange,
            name => name,
        };
        goes(t.exchange_title, name, ids::exchange(&exchange.id))
    });
    let programs = picture.world.programs.iter();
    let programs =
        programs.map(|program| goes(t.program_title, &program.name, ids::program(program)));
    queues.chain(exchanges).chain(programs).collect()
}

/// What the menus of nodes and edges offer. Their words come from the scene, in the page's language.
fn row_actions(picture: &Picture, lang: Lang) -> Vec<Named> {
    let kind = |node: &NodeId| match ids::thing(node) {
        Some(ids::Thing::Exchange(_)) => lang.texts().exchange_title,
        Some(ids::Thing::Queue(_)) => lang.texts().queue_title,
        Some(ids::Thing::Program(_)) => lang.texts().program_title,
        Some(ids::Thing::Channel(_)) => lang.texts().channel_title,
        None => "",
    };
    let scene = &picture.scene;
    let nodes = scene.nodes.iter().flat_map(|node| {
        let entries = node.menu.iter().filter(|entry| entry.disabled.is_none());
        entries.map(|entry| {
            let label = fill_plain(lang.inspect().do_to, &[&entry.label, &node.name]);
            let deed = Deed::Choose(Target::Node(node.id.clone()), entry.id.clone());
            named(label, kind(&node.id), "", deed)
        })
    });
    let edges = scene.edges.iter().flat_map(|edge| {
        let entries = edge.menu.iter().filter(|entry| entry.disabled.is_none());
        entries.map(|entry| {
            let label = fill_plain(lang.inspect().do_to, &[&entry.label, &edge.describe]);
            let deed = Deed::Choose(Target::Edge(edge.id.clone()), entry.id.clone());
            named(label, lang.texts().binding_title, "", deed)
        })
    });
    nodes.chain(edges).collect()
}

fn set_lang(page: &Page, lang: Lang) {
    page.dispatch.dispatch(Action::SetLang(lang));
    page.driver.set_lang(lang);
}

fn run(page: &Page, picture: &Picture, deed: &Deed) {
    match deed {
        Deed::Open(sheet) => page.open.emit((**sheet).clone()),
        Deed::Scenario(slug) => files::begin(page, slug),
        Deed::Run(act) | Deed::Change(act) => act(page),
        Deed::Turn(act) => act(page, picture),
        Deed::Speed(speed) => page.driver.set_speed(*speed),
        Deed::Node(node) => page.show_node(node, None),
        Deed::Choose(target, choice) => verbs::choose(page, picture, target, choice),
        Deed::Keys => {}
    }
}
