//! The Frames tab: what clients and broker say to each other, frame by frame, of the last steps or of the one that is
//! chosen in the log.

use yew::prelude::*;

use crate::amqp::{ConnectionId, Value};
use crate::machine::SimTime;
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::follow::use_following;
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, ButtonKind, Choice, Select};
use crate::ui::shared::Shared;
use crate::ui::text::{FramesTexts, fill_plain};
use crate::wire::fields::{self, Shown};
use crate::wire::trace::{Direction, Frame};

/// How many steps are shown when none is chosen.
const LAST_STEPS: usize = 40;

/// How much of a body stands in its line, in characters.
const PREVIEW: usize = 60;

/// At most so many octets of a frame are shown in hex.
const HEX_OCTETS: usize = 1024;

/// Which frames are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Filter {
    connection: Option<ConnectionId>,
    channel: Option<u16>,
}

impl Filter {
    fn lets_through(self, frame: &Frame, channel: u16) -> bool {
        self.connection.is_none_or(|it| it == frame.connection)
            && self.channel.is_none_or(|it| it == channel)
    }
}

#[derive(Properties, PartialEq)]
pub struct FramesProps {
    pub picture: Shared<Picture>,
}

/// The frames of some steps.
#[component]
pub fn Frames(props: &FramesProps) -> Html {
    let page = use_page();
    let t = page.lang.frames();
    let filter = use_state(Filter::default);
    let scroller = use_following(props.picture.cursor.index, ());
    let picture = &props.picture;
    let end = picture.cursor.index;
    let chosen = picture.line.map(|line| line.step);
    let range = match chosen {
        Some(step) => step..step + 1,
        None => end.saturating_sub(LAST_STEPS)..end,
    };
    let of = match chosen {
        Some(step) => fill_plain(t.of_one_step, &[&(step + 1)]),
        None => fill_plain(t.of_last_steps, &[&range.len()]),
    };
    let steps = page.driver.frames(range);
    let mut count = 0;
    let list: Vec<Html> = steps
        .iter()
        .map(|(index, at, frames)| {
            let rows: Vec<Html> = frames
                .iter()
                .filter_map(|frame| {
                    let (channel, shown) = fields::show(&frame.octets)?;
                    filter
                        .lets_through(frame, channel)
                        .then(|| row(&page, picture, frame, channel, &shown))
                })
                .collect();
            count += rows.len();
            group(t, *index, *at, rows)
        })
        .collect();
    let onshow_all = page.on(|page, _: MouseEvent| page.driver.light(None));
    let none = if chosen.is_none() && *filter == Filter::default() {
        t.empty
    } else {
        t.none_match
    };
    html! {
        <section ref={scroller} class="frames" aria-label={t.title} tabindex="0">
            <header class="dock-tools">
                { filters(&page, picture, &steps, &filter) }
                <span class="muted frames-of">{ of }</span>
                if chosen.is_some() {
                    <Button kind={ButtonKind::Quiet} label={t.show_all} onclick={onshow_all} />
                }
                <span class="muted">{ fill_plain(t.count, &[&count]) }</span>
            </header>
            if count == 0 { <p class="muted log-none">{ none }</p> }
            { for list }
        </section>
    }
}

/// The frames of one step under its number; nothing for a step without any.
fn group(t: &FramesTexts, index: usize, at: SimTime, rows: Vec<Html>) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    let name = fill_plain(t.step, &[&(index + 1), &at]);
    html! {
        <div key={index} class="frames-step" role="group" aria-label={name.clone()}>
            <h3>{ name }</h3>
            <ol>{ for rows }</ol>
        </div>
    }
}

/// Connection and channel, of those that say something here.
fn filters(
    page: &Page,
    picture: &Picture,
    steps: &[(usize, SimTime, Vec<Frame>)],
    filter: &UseStateHandle<Filter>,
) -> Html {
    let t = page.lang.frames();
    let frames = || steps.iter().flat_map(|(_, _, frames)| frames);
    let mut connections: Vec<ConnectionId> = frames().map(|frame| frame.connection).collect();
    connections.extend(filter.connection);
    connections.sort_unstable();
    connections.dedup();
    let mut channels: Vec<u16> = frames()
        .filter(|frame| filter.connection.is_none_or(|it| it == frame.connection))
        .filter_map(|frame| Some(fields::show(&frame.octets)?.0))
        .collect();
    channels.extend(filter.channel);
    channels.sort_unstable();
    channels.dedup();
    let book = picture.book();
    let all = std::iter::once(Choice::new("", t.all_connections));
    let named = connections
        .iter()
        .map(|id| Choice::new(id.0.to_string(), book.connection_name(*id).to_string()));
    let onconnection = {
        let filter = filter.clone();
        Callback::from(move |value: AttrValue| {
            filter.set(Filter {
                connection: value.parse().ok().map(ConnectionId),
                channel: None,
            });
        })
    };
    let onchannel = {
        let filter = filter.clone();
        Callback::from(move |value: AttrValue| {
            filter.set(Filter {
                channel: value.parse().ok(),
                ..*filter
            });
        })
    };
    let any = std::iter::once(Choice::new("", t.all_channels));
    let numbered = channels
        .iter()
        .map(|number| Choice::new(number.to_string(), number.to_string()));
    let text = |id: Option<u32>| id.map_or(String::new(), |id| id.to_string());
    html! {
        <>
            <Select
                bare=true label={t.connection} choices={all.chain(named).collect::<Vec<_>>()}
                selected={text(filter.connection.map(|id| id.0))} onselect={onconnection}
            />
            <Select
                bare=true label={t.channel} choices={any.chain(numbered).collect::<Vec<_>>()}
                selected={text(filter.channel.map(u32::from))} onselect={onchannel}
            />
        </>
    }
}

/// One frame: a line that opens.
fn row(page: &Page, picture: &Picture, frame: &Frame, channel: u16, shown: &Shown) -> Html {
    let t = page.lang.frames();
    let (arrow, way, class) = match frame.direction {
        Direction::ToBroker => ("→", t.to_broker, "frame-to-broker"),
        Direction::ToClient => ("←", t.to_client, "frame-to-client"),
    };
    let name = picture.book().connection_name(frame.connection).to_string();
    let (kind, words) = summary(t, frame, shown);
    html! {
        <li class={classes!("frame", class)}>
            <details>
                <summary>
                    <span class="frame-way" title={way}>
                        <span aria-hidden="true">{ arrow }</span><span class="visually-hidden">{ way }</span>
                    </span>
                    <code class="frame-peer">{ name }</code>
                    <span class="frame-channel" title={t.channel}>{ channel }</span>
                    <span class="frame-kind">{ kind }</span>
                    <code class="frame-words">{ words }</code>
                    <span class="muted frame-size">{ fill_plain(t.bytes, &[&frame.octets.len()]) }</span>
                </summary>
                { inside(t, frame, shown) }
            </details>
        </li>
    }
}

/// The type of a frame, and its line.
fn summary(t: &'static FramesTexts, frame: &Frame, shown: &Shown) -> (&'static str, String) {
    match shown {
        Shown::ProtocolHeader => (t.protocol_header, "AMQP 0 0 9 1".to_string()),
        Shown::Method {
            id,
            name,
            arguments,
        } => {
            let words = line(arguments);
            (
                t.method,
                format!("{name} ({}, {}) {words}", id.class, id.method),
            )
        }
        Shown::Header {
            body_size,
            properties,
            ..
        } => {
            let words = line(properties);
            (t.header, format!("{}={body_size} {words}", t.body_size))
        }
        Shown::Body => (t.body, format!("{:?}", preview(body(frame)))),
        Shown::Heartbeat => (t.heartbeat, String::new()),
    }
}

fn line(fields: &[(&str, Value)]) -> String {
    let words: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", fields::text(value)))
        .collect();
    words.join(" ")
}

fn body(frame: &Frame) -> &[u8] {
    frame
        .octets
        .get(7..frame.octets.len().saturating_sub(1))
        .unwrap_or_default()
}

fn preview(octets: &[u8]) -> String {
    let text = String::from_utf8_lossy(octets);
    let mut short: String = text.chars().take(PREVIEW).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Everything a frame says, and its octets.
fn inside(t: &FramesTexts, frame: &Frame, shown: &Shown) -> Html {
    let list = |fields: &[(&'static str, Value)], none: &'static str| {
        if fields.is_empty() {
            return html! { <p class="muted">{ none }</p> };
        }
        let rows = fields.iter().map(|(name, value)| {
            html! { <><dt>{ *name }</dt><dd><code>{ fields::text(value) }</code></dd></> }
        });
        html! { <dl class="facts">{ for rows }</dl> }
    };
    let says = match shown {
        Shown::ProtocolHeader => html! { <p>{ t.protocol_header_help }</p> },
        Shown::Method { arguments, .. } => list(arguments, t.no_arguments),
        Shown::Header { properties, .. } => list(properties, t.no_properties),
        Shown::Body => html! {
            <pre class="payload">{ String::from_utf8_lossy(body(frame)).into_owned() }</pre>
        },
        Shown::Heartbeat => Html::default(),
    };
    html! {
        <div class="frame-inside">
            { says }
            <details>
                <summary>{ t.show_octets }</summary>
                <pre class="frame-hex" aria-label={t.octets}>{ hex(&frame.octets) }</pre>
            </details>
        </div>
    }
}

/// Sixteen octets a line: where they stand, what they are, and the letters among them.
fn hex(octets: &[u8]) -> String {
    let shown = octets.get(..HEX_OCTETS).unwrap_or(octets);
    let mut text = String::new();
    for (row, part) in shown.chunks(16).enumerate() {
        text += &format!("{:04x} ", row * 16);
        for octet in part {
            text += &format!(" {octet:02x}");
        }
        text += &"   ".repeat(16 - part.len());
        text += "  ";
        let letter = |octet: &u8| match octet {
            0x20..=0x7E => char::from(*octet),
            _ => '·',
        };
        text.extend(part.iter().map(letter));
        text.push('\n');
    }
    if shown.len() < octets.len() {
        text += "…\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_stand_sixteen_in_a_line_with_their_letters() {
        let text = hex(b"AMQP\x00\x00\x09\x01 0123456789");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "0000  41 4d 51 50 00 00 09 01 20 30 31 32 33 34 35 36  AMQP···· 0123456"
        );
        assert_eq!(
            lines[1].trim_end(),
            format!("0010  37 38 39{}789", " ".repeat(41))
        );
        assert!(hex(&[0; 2000]).ends_with("…\n"));
    }

    #[test]
    fn a_long_body_is_cut_between_characters() {
        assert_eq!(preview("短".as_bytes()), "短");
        assert_eq!(preview("短".repeat(61).as_bytes()).chars().count(), 61);
    }
}
