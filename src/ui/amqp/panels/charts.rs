//! The Charts tab: what the queues, consumers and messages did over time, with the cursor of the timeline.
//!
//! Every number comes from the tally of the run, which is a fold over the event log.

use yew::prelude::*;

use crate::amqp::QueueId;
use crate::engine::{DEATH_REASONS, DROP_REASONS, QueueTally, Spread, Tally};
use crate::machine::SimTime;
use crate::ordered::sort_by_key;
use crate::ui::amqp::course::Course;
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::sentence::drop_reason;
use crate::ui::canvas::scene::Tone;
use crate::ui::shared::Shared;
use crate::ui::text::fill_plain;
use crate::ui::timeline::{Chart, Line, LineLook, Unit, scale_end};

#[derive(Properties, PartialEq)]
pub struct ChartsProps {
    pub picture: Shared<Picture>,
}

/// So many queues are drawn; the others are counted.
const DRAWN: usize = 12;

/// The moment that is read: where one points, or where the run is.
#[derive(Clone)]
struct Reading {
    at: SimTime,
    /// The piece the moment falls into; the values are those at its end.
    piece: usize,
    /// The numbers of that moment.
    tally: std::rc::Rc<Tally>,
    pointed_ms: Option<u64>,
    onpoint: Callback<Option<u64>>,
}

/// The charts.
#[component]
pub fn Charts(props: &ChartsProps) -> Html {
    let page = use_page();
    let t = page.lang.charts();
    let pointed = use_state(|| None::<u64>);
    let picture = &props.picture;
    let course = &picture.course;
    if picture.cursor.recorded == 0 || course.pieces.is_empty() {
        return html! { <p class="muted log-none">{ t.charts_none }</p> };
    }
    let onpoint = {
        let pointed = pointed.clone();
        Callback::from(move |at: Option<u64>| {
            if *pointed != at {
                pointed.set(at);
            }
        })
    };
    let reading = reading(picture, *pointed, onpoint);
    let queues = drawn_queues(course);
    let more = course.latest.queues().count().saturating_sub(queues.len());
    html! {
        <div class="charts">
            <p class="muted charts-help">
                <b>{ fill_plain(t.at_cursor, &[&reading.at]) }</b>{ " " }{ t.charts_help }{ " " }
                { fill_plain(t.coarse, &[&course.width_ms]) }
            </p>
            { for queues.iter().map(|queue| queue_card(&page, picture, &reading, queue)) }
            if more > 0 { <p class="muted">{ fill_plain(t.more_queues, &[&more]) }</p> }
            { consumers(&page, picture, &reading) }
            { latency(&page, &reading) }
            { counts(&page, &reading) }
        </div>
    }
}

fn reading(picture: &Picture, pointed: Option<u64>, onpoint: Callback<Option<u64>>) -> Reading {
    let course = &picture.course;
    let end = picture.cursor.end.as_ms();
    let pointed_ms = pointed.filter(|at| *at <= end);
    let at = pointed_ms.map_or(picture.cursor.now, SimTime);
    let piece = usize::try_from(at.as_ms() / course.width_ms.max(1)).unwrap_or(usize::MAX);
    let piece = piece.min(count(picture).saturating_sub(1));
    let tally = match pointed_ms {
        Some(_) => std::rc::Rc::clone(course.tally_of(piece)),
        None => std::rc::Rc::clone(&course.tally),
    };
    Reading {
        at,
        piece,
        tally,
        pointed_ms,
        onpoint,
    }
}

/// How many pieces the run has up to its end: where nothing happened for a while they are not kept.
fn count(picture: &Picture) -> usize {
    let course = &picture.course;
    let until_end = picture.cursor.end.as_ms() / course.width_ms.max(1);
    let until_end = usize::try_from(until_end).unwrap_or(usize::MAX);
    (until_end + 1).clamp(course.pieces.len(), 4_096)
}

/// The queues with the most messages, by name.
fn drawn_queues(course: &Course) -> Vec<QueueId> {
    let mut queues: Vec<(&QueueId, &QueueTally)> = course.latest.queues().collect();
    sort_by_key(&mut queues, |(_, it)| u64::MAX - it.entered);
    queues.truncate(DRAWN);
    let mut names: Vec<QueueId> = queues.into_iter().map(|(id, _)| id.clone()).collect();
    crate::ordered::sort(&mut names);
    names
}

/// One value a piece.
fn values(picture: &Picture, queue: &QueueId, value: impl Fn(&QueueTally) -> u64) -> Vec<u64> {
    let course = &picture.course;
    (0..count(picture))
        .map(|piece| course.tally_of(piece).queue(queue).map_or(0, &value))
        .collect()
}

/// How much a count grew in each piece, per second.
fn rates(counts: &[u64], width_ms: u64) -> Vec<f64> {
    let mut before = 0;
    let rate = |count: &u64| {
        // A queue that is deleted and declared again counts from the beginning.
        let grown = count.saturating_sub(std::mem::replace(&mut before, *count));
        grown as f64 * 1000.0 / width_ms.max(1) as f64
    };
    counts.iter().map(rate).collect()
}

fn floats(values: &[u64]) -> Vec<f64> {
    values.iter().map(|value| *value as f64).collect()
}

fn queue_card(page: &Page, picture: &Picture, reading: &Reading, id: &QueueId) -> Html {
    let t = page.lang.charts();
    let course = &picture.course;
    let at_cursor = reading.tally.queue(id).cloned().unwrap_or_default();
    let ready = values(picture, id, |it| it.gauge.ready);
    let unacked = values(picture, id, |it| it.gauge.unacked);
    let peaks = course.pieces.iter().take(reading.piece + 1);
    let peak = peaks.filter_map(|piece| piece.peaks.get(id).map(|peak| peak.ready));
    let peak = peak.max().unwrap_or(0).max(at_cursor.gauge.ready);
    let name = id.to_string();
    let summary = fill_plain(
        t.summary,
        &[
            &name,
            &reading.at,
            &at_cursor.gauge.ready,
            &at_cursor.gauge.unacked,
            &peak,
        ],
    );
    let lines = vec![
        line(
            t.ready,
            Tone::Accent,
            LineLook::Area,
            floats(&ready),
            at_cursor.gauge.ready as f64,
        ),
        line(
            t.unacked,
            Tone::Warning,
            LineLook::Solid,
            floats(&unacked),
            at_cursor.gauge.unacked as f64,
        ),
    ];
    let title = fill_plain(t.queue, &[&name]);
    html! {
        <section key={name} class="chart-card" aria-label={title.clone()}>
            <h3>{ title }<small class="muted">{ fill_plain(t.peak, &[&peak]) }</small></h3>
            { chart(page, picture, reading, summary.into(), lines, Unit::Count) }
            { rate_chart(page, picture, reading, id) }
            { age_chart(page, picture, reading, id) }
        </section>
    }
}

fn line(name: &str, tone: Tone, look: LineLook, values: Vec<f64>, at_cursor: f64) -> Line {
    Line {
        name: name.into(),
        tone,
        look,
        values,
        at_cursor,
    }
}

fn rate_chart(page: &Page, picture: &Picture, reading: &Reading, id: &QueueId) -> Html {
    let t = page.lang.charts();
    let course = &picture.course;
    let rate = |count: fn(&QueueTally) -> u64| rates(&values(picture, id, count), course.width_ms);
    let (entered, left) = (rate(|it| it.entered), rate(|it| it.left));
    let here = |values: &[f64]| values.get(reading.piece).copied().unwrap_or(0.0);
    let (now_in, now_out) = (here(&entered), here(&left));
    let summary = format!(
        "{}: {} {}, {} {}",
        t.rates,
        t.rate_in,
        Unit::PerSecond.show(now_in),
        t.rate_out,
        Unit::PerSecond.show(now_out)
    );
    let lines = vec![
        line(t.rate_in, Tone::Success, LineLook::Solid, entered, now_in),
        line(t.rate_out, Tone::Muted, LineLook::Dashed, left, now_out),
    ];
    chart(
        page,
        picture,
        reading,
        summary.into(),
        lines,
        Unit::PerSecond,
    )
}

fn age_chart(page: &Page, picture: &Picture, reading: &Reading, id: &QueueId) -> Html {
    let t = page.lang.charts();
    let course = &picture.course;
    let age = |tally: &Tally, at: SimTime| {
        let oldest = tally.queue(id).and_then(|it| it.gauge.oldest);
        oldest.map_or(0, |oldest| at.since(oldest)) as f64
    };
    let last = count(picture) - 1;
    let ages = (0..=last).map(|piece| {
        let end = match piece == last {
            true => picture.cursor.end,
            false => SimTime((piece as u64 + 1) * course.width_ms),
        };
        age(course.tally_of(piece), end)
    });
    let now = age(&reading.tally, reading.at);
    let summary = format!("{}: {}", t.oldest, Unit::Milliseconds.show(now));
    let lines = vec![line(
        t.oldest,
        Tone::Ink,
        LineLook::Solid,
        ages.collect(),
        now,
    )];
    chart(
        page,
        picture,
        reading,
        summary.into(),
        lines,
        Unit::Milliseconds,
    )
}

fn chart(
    page: &Page,
    picture: &Picture,
    reading: &Reading,
    summary: AttrValue,
    lines: Vec<Line>,
    unit: Unit,
) -> Html {
    let cursor = picture.cursor;
    let onseek = page.on(|page, to| page.driver.seek_time(to));
    html! {
        <Chart
            {summary} {lines} {unit} width_ms={picture.course.width_ms}
            end_ms={scale_end(cursor.end.as_ms().max(cursor.now.as_ms()))} now_ms={cursor.now.as_ms()}
            pointed_ms={reading.pointed_ms} onpoint={reading.onpoint.clone()} {onseek}
        />
    }
}

fn consumers(page: &Page, picture: &Picture, reading: &Reading) -> Html {
    let t = page.lang.charts();
    let book = picture.book();
    let row = |(id, it): (&crate::amqp::ConsumerId, &crate::engine::ConsumerTally)| {
        let name = book.connection_name(id.channel.connection);
        let percent = it.utilisation(reading.at);
        let share = percent.map_or_else(|| "–".to_string(), |percent| format!("{percent} %"));
        html! {
            <tr key={format!("{:?}", id)}>
                <th scope="row">{ &*name }{ " " }<code title={id.tag.to_string()}>{ id.tag.to_string() }</code></th>
                <td>{ it.queue.to_string() }</td>
                <td>
                    <meter min="0" max="100" value={percent.unwrap_or(0).to_string()} aria-label={t.utilisation} />
                    { " " }{ share }
                </td>
                <td>{ it.delivered }</td>
                <td>{ it.acked }</td>
                <td>{ it.unacked }</td>
            </tr>
        }
    };
    if reading.tally.consumers().next().is_none() {
        return Html::default();
    }
    html! {
        <section class="chart-card chart-wide" aria-label={t.consumers}>
            <h3>{ t.consumers }</h3>
            <div class="table-scroll" tabindex="0" role="group" aria-label={t.consumers}>
            <table class="table">
                <thead><tr>
                    <th scope="col">{ t.consumers }</th><th scope="col">{ page.t().queue_title }</th><th scope="col">{ t.utilisation }</th>
                    <th scope="col">{ t.count_delivered }</th><th scope="col">{ t.count_acked }</th><th scope="col">{ t.unacked }</th>
                </tr></thead>
                <tbody>{ for reading.tally.consumers().map(row) }</tbody>
            </table>
            </div>
            <p class="muted">{ t.utilisation_help }</p>
        </section>
    }
}

fn latency(page: &Page, reading: &Reading) -> Html {
    let t = page.lang.charts();
    let cell = |spread: &Spread, percent: u64| {
        let value = spread.percentile(percent);
        value.map_or_else(|| "–".to_string(), |ms| SimTime(ms).to_string())
    };
    let (first, acked) = (reading.tally.to_delivery(), reading.tally.to_ack());
    let row = |name: &'static str, percent: u64| {
        html! {
            <tr><th scope="row">{ name }</th><td>{ cell(first, percent) }</td><td>{ cell(acked, percent) }</td></tr>
        }
    };
    html! {
        <section class="chart-card" aria-label={t.latency}>
            <h3>{ t.latency }</h3>
            <div class="table-scroll" tabindex="0" role="group" aria-label={t.latency}>
            <table class="table">
                <thead><tr>
                    <td /><th scope="col">{ t.latency_delivery }</th><th scope="col">{ t.latency_ack }</th>
                </tr></thead>
                <tbody>
                    <tr><th scope="row">{ "n" }</th><td>{ first.count() }</td><td>{ acked.count() }</td></tr>
                    { row(t.latency_p50, 50) }
                    { row(t.latency_p95, 95) }
                    { row(t.latency_p99, 99) }
                    { row(t.latency_max, 100) }
                </tbody>
            </table>
            </div>
            <p class="muted">{ t.latency_help }</p>
        </section>
    }
}

fn counts(page: &Page, reading: &Reading) -> Html {
    let t = page.lang.charts();
    let counts = &reading.tally.counts;
    let mut rows: Vec<(String, u64)> = [
        (t.count_published, counts.published),
        (t.count_confirmed, counts.confirmed),
        (t.count_nacked, counts.nacked),
        (t.count_returned, counts.returned),
        (t.count_unroutable, counts.unroutable),
        (t.count_refused, counts.refused),
        (t.count_delivered, counts.delivered),
        (t.count_redelivered, counts.redelivered),
        (t.count_acked, counts.acked),
        (t.count_automatic, counts.automatic),
        (t.count_discarded, counts.discarded),
        (t.count_requeued, counts.requeued),
        (t.count_republished, counts.republished),
    ]
    .into_iter()
    .map(|(name, count)| (name.to_string(), count))
    .collect();
    for (reason, count) in DEATH_REASONS.iter().zip(counts.dead_lettered) {
        rows.push((fill_plain(t.count_dead, &[&reason.as_str()]), count));
    }
    for (reason, count) in DROP_REASONS.iter().zip(counts.dropped) {
        let why = drop_reason(page.log(), *reason);
        rows.push((fill_plain(t.count_dropped, &[&why]), count));
    }
    rows.push((t.count_errors.to_string(), counts.errors));
    let row = |(name, count): &(String, u64)| {
        html! { <div class={classes!((*count == 0).then_some("muted"))}><dt>{ name }</dt><dd>{ *count }</dd></div> }
    };
    html! {
        <section class="chart-card" aria-label={t.counts}>
            <h3>{ t.counts }</h3>
            <dl class="counts">{ for rows.iter().map(row) }</dl>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_what_a_count_grew_in_a_second() {
        assert_eq!(rates(&[1, 3, 3, 0, 2], 500), [2.0, 4.0, 0.0, 0.0, 4.0]);
    }
}
