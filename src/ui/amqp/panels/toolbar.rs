//! The bar at the top: scenario, playback, view, language, theme.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::actors::Login;
use crate::amqp::OperatorCommand;
use crate::ui::amqp::files;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::panels::card::in_lang;
use crate::ui::amqp::panels::share::ShareButton;
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::scene::{Choice as MenuChoice, Text, Tone};
use crate::ui::components::{Button, ButtonKind, Choice, Icon, IconButton, Menu, Select};
use crate::ui::driver::EMPTY;
use crate::ui::shared::Shared;
use crate::ui::store::{Action, Face, Settings, Theme};
use crate::ui::text::{Lang, fill_plain};
use crate::ui::whole::use_whole;

/// The speeds one can choose.
pub const SPEEDS: [&str; 10] = [
    "0.1", "0.25", "0.5", "1", "2", "5", "10", "50", "200", "1000",
];

#[derive(Properties, PartialEq)]
pub struct ToolbarProps {
    pub picture: Shared<Picture>,
    pub settings: Settings,
    pub face: Face,
    /// Gets the clock's text, frame by frame.
    pub clock: NodeRef,
    pub onscenario: Callback<AttrValue>,
    pub onlang: Callback<()>,
    pub onkeys: Callback<()>,
    /// The command palette is wanted.
    pub oncommands: Callback<()>,
    /// The file chooser was used.
    pub onfile: Callback<web_sys::File>,
}

/// The bar at the top.
#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let page = use_page();
    let t = page.t();
    let whole = use_whole();
    html! {
        <header class="bar" part="toolbar">
            <h1 class="bar-title">{ t.title }</h1>
            <div class="bar-group bar-scenario">{ scenarios(&page, props) }</div>
            <div class="bar-group segments" role="group" aria-label={t.view_as}>{ faces(&page, props.face) }</div>
            // On narrow pages these are one row that can be pushed along; on wide ones as if this were not here.
            <div class="bar-tools">
                <div class="bar-group bar-play" role="group" aria-label={t.play}>{ playback(&page, props) }</div>
                <div class="bar-group">if whole && !page.driver.is_demo() { { broker(&page, props) } }</div>
                <span class="bar-space" />
                if whole { { page_tools(&page, props) } }
            </div>
        </header>
    }
}

/// What is done to the broker as a whole. Not inlined: the first view does without it.
#[inline(never)]
fn broker(page: &Page, props: &ToolbarProps) -> Html {
    let restart = page.on(|page, _: MouseEvent| {
        page.driver.operate(OperatorCommand::Restart);
    });
    html! {
        <>
            <IconButton icon={Icon::Restart} label={page.t().restart} onclick={restart} />
            { admin(page, &props.picture) }
            { memory_alarm(page, props) }
        </>
    }
}

/// Sharing and settings. Not inlined: the first view does without them.
#[inline(never)]
fn page_tools(page: &Page, props: &ToolbarProps) -> Html {
    html! {
        <>
            <div class="bar-group bar-share"><ShareButton label={page.lang.embed().share} /></div>
            <div class="bar-group bar-settings">{ settings(page, props) }</div>
        </>
    }
}

/// The way to the Admin panel; beside it what is not as usual: an alarm, and as whom one acts.
fn admin(page: &Page, picture: &Picture) -> Html {
    let t = page.lang.admin();
    let (broker, login) = (&picture.world.broker, &picture.world.login);
    let alarm = match (broker.memory_alarm, broker.disk_alarm) {
        (false, false) => None,
        (true, false) => Some(t.alarm_memory),
        (false, true) => Some(t.alarm_disk),
        (true, true) => Some(t.alarm_both),
    };
    let acts = (*login != Login::default()).then(|| {
        let label = fill_plain(t.acting_bar, &[&login.user, &login.vhost]);
        let title = fill_plain(t.acting, &[&login.user, &login.vhost]);
        html! { <Button kind={ButtonKind::Quiet} {label} {title} onclick={page.opens(Sheet::Admin)} /> }
    });
    html! {
        <>
            <Button label={t.admin} onclick={page.opens(Sheet::Admin)} />
            if let Some(alarm) = alarm {
                <IconButton icon={Icon::Warning} label={alarm} class="bar-alarm" onclick={page.opens(Sheet::Admin)} />
            }
            { for acts }
        </>
    }
}

/// Raises the memory alarm, or clears it.
fn memory_alarm(page: &Page, props: &ToolbarProps) -> Html {
    let p = page.lang.programs();
    let on = props.picture.world.broker.memory_alarm;
    let onclick = page.on(move |page, _: MouseEvent| {
        page.driver
            .operate(OperatorCommand::SetMemoryAlarm { on: !on });
    });
    let (label, class) = match on {
        true => (p.memory_alarm_off, "bar-alarm"),
        false => (p.memory_alarm, ""),
    };
    html! { <IconButton icon={Icon::Memory} {label} {class} {onclick} /> }
}

fn scenarios(page: &Page, props: &ToolbarProps) -> Html {
    let t = page.t();
    let mut choices: Vec<Choice> = crate::scenario::catalog::CATALOG
        .iter()
        .map(|entry| Choice::new(entry.slug, scenario_name(entry.slug, page.lang)))
        .collect();
    if !page.driver.is_demo() || props.picture.slug == Some(EMPTY) {
        choices.push(Choice::new(EMPTY, t.scenario_empty));
    }
    if props.picture.slug.is_none() {
        let story = props.picture.story.as_ref();
        let title = story.map(|story| in_lang(&story.title, page.lang));
        let label = title
            .filter(|title| !title.is_empty())
            .unwrap_or(t.scenario_file);
        choices.push(Choice::new("file", label.to_string()));
    }
    html! {
        <Select
            bare=true label={t.scenario} {choices} selected={props.picture.slug.unwrap_or("file")}
            onselect={props.onscenario.clone()}
        />
    }
}

/// What a built-in scenario is called.
pub fn scenario_name(slug: &'static str, lang: Lang) -> &'static str {
    let (t, p) = (lang.texts(), lang.programs());
    match slug {
        "load-peak" => p.scenario_peak,
        "pipeline" => p.scenario_pipeline,
        "rpc" => p.scenario_rpc,
        "retry" => p.scenario_retry,
        "logs" => t.scenario_logs,
        "work-queue" => t.scenario_work,
        EMPTY => t.scenario_empty,
        _ => slug,
    }
}

fn playback(page: &Page, props: &ToolbarProps) -> Html {
    let t = page.t();
    let cursor = props.picture.cursor;
    let (icon, label) = if cursor.playing {
        (Icon::Pause, t.pause)
    } else {
        (Icon::Play, t.play)
    };
    let toggle = page.on(|page, _: MouseEvent| {
        page.driver.toggle();
    });
    let step = page.on(|page, _: MouseEvent| {
        page.driver.step();
    });
    let picture = props.picture.clone();
    let undo = page.on(move |page, _: MouseEvent| page.undo(&picture));
    let picture = props.picture.clone();
    let redo = page.on(move |page, _: MouseEvent| page.redo(&picture));
    let speeds: Vec<Choice> = SPEEDS
        .iter()
        .map(|speed| Choice::new(*speed, format!("{speed}×")))
        .collect();
    let onspeed = page.on(|page, value: AttrValue| {
        if let Ok(speed) = value.parse() {
            page.driver.set_speed(speed);
        }
    });
    let nothing = |can: bool| (!can).then(|| AttrValue::from(t.said_nothing));
    html! {
        <>
            <IconButton icon={Icon::Undo} label={t.undo} onclick={undo} disabled={nothing(page.can_undo(&props.picture))} shortcut="Ctrl+Z" />
            <IconButton
                icon={Icon::Redo} label={page.i().redo} onclick={redo} shortcut="Ctrl+Shift+Z"
                disabled={(!page.can_redo(&props.picture)).then(|| AttrValue::from(page.i().nothing_to_redo))}
            />
            <IconButton {icon} {label} onclick={toggle} class="play" />
            <IconButton icon={Icon::Step} label={t.step} onclick={step} />
            <Select bare=true label={t.speed} choices={speeds} selected={cursor.speed.to_string()} onselect={onspeed} />
            <span class="clock" ref={props.clock.clone()} />
        </>
    }
}

fn faces(page: &Page, face: Face) -> Html {
    let t = page.t();
    [(Face::Graph, t.graph), (Face::Table, t.table)]
        .into_iter()
        .map(|(choice, label)| {
            let onclick = page.on(move |page, _: MouseEvent| {
                page.dispatch.dispatch(Action::Show(choice));
            });
            let pressed = if choice == face { "true" } else { "false" };
            html! { <button type="button" class="segment" aria-pressed={pressed} {onclick}>{ label }</button> }
        })
        .collect()
}

fn settings(page: &Page, props: &ToolbarProps) -> Html {
    let t = page.t();
    let themes = vec![
        Choice::new("auto", t.theme_system),
        Choice::new("light", t.theme_light),
        Choice::new("dark", t.theme_dark),
    ];
    let chosen = props.settings.theme.attribute().unwrap_or("auto");
    let ontheme = page.on(|page, value: AttrValue| {
        let theme = match value.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        };
        page.dispatch.dispatch(Action::SetTheme(theme));
    });
    let other = page.lang.other();
    html! {
        <>
            <button
                type="button" class="button button-quiet" lang={other.tag()} title={t.language_name}
                onclick={props.onlang.reform(|_: MouseEvent| ())}
            >{ t.language }</button>
            <span class="bar-theme">
                <Select bare=true label={t.theme} choices={themes} selected={chosen} onselect={ontheme} />
            </span>
            <IconButton
                icon={Icon::Search} label={page.i().commands} shortcut="Ctrl+K"
                onclick={props.oncommands.reform(|_: MouseEvent| ())}
            />
            <More onfile={props.onfile.clone()} />
            <IconButton
                icon={Icon::Help} label={t.help} shortcut="?" onclick={props.onkeys.reform(|_: MouseEvent| ())}
            />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct MoreProps {
    onfile: Callback<web_sys::File>,
}

/// Files, behind a menu.
#[component]
fn More(props: &MoreProps) -> Html {
    let page = use_page();
    let t = page.t();
    let input = use_node_ref();
    let choice = |id: &str, label: &str| MenuChoice {
        id: id.into(),
        label: label.into(),
        tone: Tone::Ink,
        disabled: None,
    };
    let mut choices = vec![choice("save", t.save_file)];
    if !page.driver.is_demo() {
        choices.insert(0, choice("open", t.open_file));
    }
    let onchoose = {
        let (page, input) = (page.clone(), input.clone());
        Callback::from(move |id: Text| match (&*id, input.cast::<HtmlElement>()) {
            ("open", Some(input)) => input.click(),
            ("save", _) => files::save(&page),
            _ => {}
        })
    };
    let onchange = props.onfile.clone();
    let onchange = Callback::from(move |event: Event| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok());
        if let Some(input) = input {
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                onchange.emit(file);
            }
            // So that the same file can be chosen again after it was mended.
            input.set_value("");
        }
    });
    html! {
        <>
            <Menu
                label={t.more} icon={Icon::Menu} {onchoose}
                {choices}
            />
            <input
                ref={input} type="file" class="visually-hidden" tabindex="-1" aria-label={t.open_file}
                accept=".json,.mq,.txt,application/json,text/plain" {onchange}
            />
        </>
    }
}

/// The button for those who want to begin again.
pub fn again_button(page: &Page, slug: &'static str) -> Html {
    let t = page.t();
    let onclick = page.on(move |page, _: MouseEvent| files::begin(page, slug));
    html! { <Button kind={ButtonKind::Plain} icon={Icon::Undo} label={t.again} {onclick} /> }
}
