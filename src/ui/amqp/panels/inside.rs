//! Going event by event: the choice of how far a step goes, and the sign that one is inside a command.

use yew::prelude::*;

use crate::engine::WorldEvent;
use crate::ui::amqp::course::StepSize;
use crate::ui::amqp::log_lines::{LogFilter, kind};
use crate::ui::amqp::page::{Page, words};
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::sentence::Teller;
use crate::ui::components::{Button, ButtonKind, Choice, Select};
use crate::ui::text::fill_plain;

/// Of a command with more events than this no dots are drawn.
const DOTS: usize = 40;

/// How far apart the dots are, in pixels.
const PITCH: usize = 12;

/// The choice of how far one step goes.
pub fn step_choice(page: &Page, picture: &Picture) -> Html {
    let s = page.lang.steps();
    let choices = vec![
        Choice::new("command", s.by_command),
        Choice::new("event", s.by_event),
    ];
    let selected = picture.course.step_size.name();
    let onselect = page.on(|page, value: AttrValue| {
        page.driver.set_step_size(StepSize::parse(&value));
    });
    html! { <span title={s.size_help}><Select bare=true label={s.size} {choices} {selected} {onselect} /></span> }
}

/// The sign that one is inside a command: how much of it has happened, and what is next.
pub fn inside(page: &Page, picture: &Picture) -> Html {
    let (Some(within), Some(step)) = (picture.cursor.within, &picture.course.around) else {
        return Html::default();
    };
    let s = page.lang.steps();
    let said = fill_plain(s.inside, &[&step.at, &within.done, &within.of]);
    let book = picture.book();
    let teller = Teller::new(&book, page.lang);
    let next = step.events.get(within.done);
    html! {
        <div class="time-past time-inside" role="note">
            <p>
                <b>{ said }</b>{ " " }{ dots(within.done, within.of) }{ " " }
                if let Some(next) = next { <span class="time-next">{ s.next }{ " " }{ words(&teller.tell(next)) }</span> }
            </p>
            <Button
                kind={ButtonKind::Plain} label={s.finish}
                onclick={page.on(|page, _: MouseEvent| { page.driver.forward(StepSize::Command); })}
            />
        </div>
    }
}

/// One dot an event; those that have happened are full.
fn dots(done: usize, of: usize) -> Html {
    if of > DOTS {
        return Html::default();
    }
    let dot = |place: usize| {
        let class = if place < done {
            "event-dot event-done"
        } else {
            "event-dot"
        };
        html! { <circle {class} cx={(place * PITCH + PITCH / 2).to_string()} cy="6" r="3.5" /> }
    };
    html! {
        <svg class="event-dots" width={(of * PITCH).to_string()} height="12" aria-hidden="true">
            { for (0..of).map(dot) }
        </svg>
    }
}

/// The lines of the log that are still to come of the command one is inside of.
pub fn coming(page: &Page, picture: &Picture, filter: LogFilter) -> Html {
    let (Some(within), Some(step)) = (picture.cursor.within, &picture.course.around) else {
        return Html::default();
    };
    let book = picture.book();
    let teller = Teller::new(&book, page.lang);
    let template = page.lang.steps().coming;
    let line = |event: &WorldEvent| {
        let text = teller.tell(event).to_string();
        html! { <li class="log-coming muted">{ fill_plain(template, &[&text]) }</li> }
    };
    let left = step.events.iter().skip(within.done);
    html! { <>{ for left.filter(|event| filter.shows(kind(event))).map(line) }</> }
}
