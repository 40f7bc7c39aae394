//! The timeline bar: the track with its marks, steps back and forward, and what leads to branches, history and waiting.

use yew::prelude::*;

use crate::amqp::QueueId;
use crate::engine::{BranchId, MarkKind, Until};
use crate::machine::SimTime;
use crate::ui::amqp::course::{StepSize, branch_name, mark_look, mark_words};
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::inside::{inside, step_choice};
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::scene::{Choice, Text, Tone};
use crate::ui::components::{Button, ButtonKind, Icon, IconButton, Menu};
use crate::ui::driver::until_words;
use crate::ui::saving;
use crate::ui::shared::Shared;
use crate::ui::store::{Action, Area};
use crate::ui::text::{TimeTexts, fill_plain};
use crate::ui::timeline::{Mark, MarkView, Track};

#[derive(Properties, PartialEq)]
pub struct TimeBarProps {
    pub picture: Shared<Picture>,
    /// What is chosen here is kept for the next visit.
    pub saves: bool,
}

/// Under this name the choice is kept.
const STEP: &str = "step";
/// So many queues are offered in the menu; all of them in the tab.
const OFFERED_QUEUES: usize = 6;

/// The timeline bar.
#[component]
pub fn TimeBar(props: &TimeBarProps) -> Html {
    let page = use_page();
    let t = page.lang.time();
    let picture = &props.picture;
    let (cursor, course) = (picture.cursor, &picture.course);
    use_kept_step_size(&page, course.step_size, props.saves);
    let marks: Shared<Vec<Mark>> = {
        let (course, lang) = (course.clone(), page.lang);
        // In a long run one mark more is hardly seen: they are drawn anew when the run is some parts in a hundred longer.
        let recorded = cursor.recorded;
        let grain = if cursor.playing { 1 + recorded / 40 } else { 1 };
        let branch = course.current().map(|branch| branch.id);
        let key = (recorded / grain, grain, branch, course.width_ms, lang);
        (*use_memo(key, move |_| Shared::new(course.marks(lang)))).clone()
    };
    let at_start = cursor.index <= course.first_index;
    let at_end = !course.is_past && cursor.now >= cursor.end;
    let nothing = |no: bool| no.then(|| AttrValue::from(page.t().said_nothing));
    let position = fill_plain(
        t.position_spoken,
        &[&cursor.now, &cursor.end, &cursor.index, &cursor.recorded],
    );
    let onseek = page.on(|page, to| page.driver.seek_time(to));
    let onstep = page.on(step);
    let onend = page.on(|page, end: bool| {
        if end {
            page.driver.to_end()
        } else {
            page.driver.to_start()
        }
    });
    html! {
        <section class="time" aria-label={t.title}>
            { past(&page, picture) }
            { inside(&page, picture) }
            { waiting(&page, picture) }
            { comparing(&page, picture) }
            <div class="time-row">
                <div class="time-buttons">
                    <IconButton
                        icon={Icon::ToStart} label={t.to_start} shortcut="Home" disabled={nothing(at_start)}
                        onclick={page.on(|page, _: MouseEvent| page.driver.to_start())}
                    />
                    <IconButton
                        icon={Icon::Back} label={t.back} shortcut="," disabled={nothing(at_start)}
                        onclick={page.on(|page, _: MouseEvent| page.driver.back())}
                    />
                </div>
                <Track
                    label={t.track} {marks} many={t.mark_many} now_ms={cursor.now.as_ms()} recorded_ms={cursor.end.as_ms()}
                    {position} {onseek} {onstep} {onend}
                />
                <div class="time-buttons">
                    <IconButton
                        icon={Icon::Step} label={t.forward} shortcut="." disabled={nothing(cursor.at_end)}
                        onclick={page.on(|page, _: MouseEvent| step(page, true))}
                    />
                    <IconButton
                        icon={Icon::ToEnd} label={t.to_end} shortcut="End" disabled={nothing(at_end)}
                        onclick={page.on(|page, _: MouseEvent| page.driver.to_end())}
                    />
                </div>
                <div class="time-menus">
                    { step_choice(&page, picture) }
                    { until_menu(&page, picture, t) }
                    { branch_menu(&page, picture, t) }
                    <Button
                        kind={ButtonKind::Quiet} label={t.history}
                        onclick={page.on(|page, _: MouseEvent| open_tab(page))}
                    />
                </div>
            </div>
        </section>
    }
}

/// How far a step goes is chosen once, not at every visit.
#[hook]
fn use_kept_step_size(page: &Page, size: StepSize, saves: bool) {
    let is_known = use_mut_ref(|| false);
    let page = page.clone();
    use_effect_with(size, move |size| {
        if !saves {
            return;
        }
        if is_known.replace(true) {
            saving::remember(STEP, size.name());
        } else if let Some(kept) = saving::remembered(STEP) {
            page.driver.set_step_size(StepSize::parse(&kept));
        }
    });
}

fn step(page: &Page, forward: bool) {
    if forward {
        page.driver.step();
    } else {
        page.driver.back();
    }
}

/// Shows the tab with history, branches and waiting.
fn open_tab(page: &Page) {
    page.dispatch
        .dispatch(Action::OpenPanel(Area::Below, "time".into()));
}

/// Whether a sign lies over the drawing.
pub fn has_sign(picture: &Picture) -> bool {
    let course = &picture.course;
    let runs = course.until.is_some() || course.comparing.is_some();
    runs || course.is_past || picture.cursor.within.is_some()
}

/// The sign that one is in the past, and what acting there does.
fn past(page: &Page, picture: &Picture) -> Html {
    let course = &picture.course;
    if !course.is_past || picture.cursor.within.is_some() {
        return Html::default();
    }
    let t = page.lang.time();
    let cursor = picture.cursor;
    let hint = if course.is_undone {
        t.past_undone
    } else {
        t.past_hint
    };
    html! {
        <div class="time-past" role="note">
            <p><b>{ fill_plain(t.past, &[&cursor.now, &cursor.end]) }</b>{ " " }<span class="time-hint">{ hint }</span></p>
            <Button
                kind={ButtonKind::Plain} label={t.to_present}
                onclick={page.on(|page, _: MouseEvent| page.driver.to_end())}
            />
        </div>
    }
}

/// What is waited for, how far it is, and a way to stop.
fn waiting(page: &Page, picture: &Picture) -> Html {
    let Some(run) = &picture.course.until else {
        return Html::default();
    };
    let t = page.lang.time();
    let what = until_words(&run.until, page.lang);
    let now = picture.cursor.now;
    let progress = run.progress(&picture.course.tally, now);
    let text = match progress {
        Some((done, all)) if matches!(run.until, Until::Acked(_)) => {
            fill_plain(t.until_running_of, &[&what, &run.steps, &now, &done, &all])
        }
        Some(_) | None => fill_plain(t.until_running, &[&what, &run.steps, &now]),
    };
    let bar = progress.map(|(done, all)| {
        html! { <progress max={all.max(1).to_string()} value={done.to_string()} aria-label={text.clone()} /> }
    });
    html! {
        <div class="time-past time-waiting">
            <p>{ &text }</p>
            { for bar }
            <Button
                kind={ButtonKind::Plain} label={t.until_cancel}
                onclick={page.on(|page, _: MouseEvent| page.driver.cancel_until())}
            />
        </div>
    }
}

/// How far a comparison of two branches is, and a way to stop it.
fn comparing(page: &Page, picture: &Picture) -> Html {
    let Some((done, all)) = picture.course.comparing else {
        return Html::default();
    };
    let s = page.lang.steps();
    let text = fill_plain(s.comparing, &[&done, &all]);
    html! {
        <div class="time-past time-waiting">
            <p>{ &text }</p>
            <progress max={all.max(1).to_string()} value={done.to_string()} aria-label={text.clone()} />
            <Button
                kind={ButtonKind::Plain} label={s.compare_cancel}
                onclick={page.on(|page, _: MouseEvent| page.driver.compare(None))}
            />
        </div>
    }
}

fn choice(id: String, label: impl Into<Text>) -> Choice {
    Choice {
        id: id.into(),
        label: label.into(),
        tone: Tone::Ink,
        disabled: None,
    }
}

fn until_menu(page: &Page, picture: &Shared<Picture>, t: &TimeTexts) -> Html {
    let mut choices = vec![
        choice("redelivered".into(), t.until_redelivered),
        choice("dead".into(), t.until_dead),
        choice("unroutable".into(), t.until_unroutable),
    ];
    for count in [1, 10, 100] {
        let words = until_words(&Until::Acked(count), page.lang);
        choices.push(choice(format!("acked {count}"), words));
    }
    for seconds in [10, 60] {
        choices.push(choice(format!("time {seconds}"), format!("+{seconds} s")));
    }
    let queues = picture.world.broker.queues.iter().take(OFFERED_QUEUES);
    for queue in queues {
        let words = until_words(&Until::Empty(queue.id.clone()), page.lang);
        choices.push(choice(format!("empty {}", queue.id), words));
    }
    choices.push(choice("more".into(), t.until_title));
    let onchoose = {
        let picture = picture.clone();
        page.on(move |page, id: Text| {
            let queues = picture.world.broker.queues.iter();
            let queues: Vec<QueueId> = queues.map(|queue| queue.id.clone()).collect();
            match chosen(&id, picture.cursor.now, &queues) {
                Some(until) => page.driver.start_until(until),
                None => open_tab(page),
            }
        })
    };
    html! { <Menu label={t.until} {choices} {onchoose} /> }
}

/// The condition that a choice of the menu stands for.
fn chosen(id: &str, now: SimTime, queues: &[QueueId]) -> Option<Until> {
    let (word, rest) = id.split_once(' ').unwrap_or((id, ""));
    match word {
        "redelivered" => Some(Until::Redelivered),
        "dead" => Some(Until::DeadLettered),
        "unroutable" => Some(Until::Unroutable),
        "acked" => Some(Until::Acked(rest.parse().ok()?)),
        "time" => Some(Until::Time(now + rest.parse::<u64>().ok()? * 1000)),
        "empty" => {
            let queue = queues.iter().find(|queue| queue.to_string() == rest)?;
            Some(Until::Empty(queue.clone()))
        }
        _ => None,
    }
}

fn branch_menu(page: &Page, picture: &Shared<Picture>, t: &TimeTexts) -> Html {
    let course = &picture.course;
    let mut choices: Vec<Choice> = course
        .branches
        .iter()
        .map(|branch| {
            let name = branch_name(branch.id, branch.name.as_deref(), page.lang);
            Choice {
                disabled: branch.is_current.then(|| t.branch_here.into()),
                ..choice(branch.id.0.to_string(), name)
            }
        })
        .collect();
    choices.push(choice("more".into(), t.branch_manage));
    let onchoose = page.on(|page, id: Text| match id.parse() {
        Ok(id) => page.driver.switch_branch(BranchId(id)),
        Err(_) => open_tab(page),
    });
    let current = course.current();
    let name = current.map(|branch| branch_name(branch.id, branch.name.as_deref(), page.lang));
    let label = format!("{}: {}", t.branch, name.unwrap_or_default());
    html! { <Menu {label} {choices} {onchoose} /> }
}

/// What the marks mean.
pub fn legend(page: &Page) -> Html {
    let t = page.lang.time();
    let entry = |kind: MarkKind| {
        let (shape, tone) = mark_look(kind);
        html! { <li><MarkView {shape} {tone} />{ mark_words(kind, page.lang) }</li> }
    };
    html! { <ul class="time-legend" aria-label={t.legend}>{ for MarkKind::ALL.into_iter().map(entry) }</ul> }
}
