//! Texts with places that are filled when they are used: `Order {n} of {pick:tea|coffee}`.
//!
//! A brace that begins no known place is just a brace, so that JSON needs no escaping; one that looks like a misspelt
//! place is refused.

use super::error::ScriptProblem;
use super::options::closest;
use crate::amqp::{Message, Properties, Value};
use crate::machine::{Rng, SimTime};

/// A text, in pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(Box<str>),
    Place(Place),
}

/// What is put in.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    /// `{n}`: how many messages the program has published, this one included.
    Number,
    /// `{time}`: milliseconds since the beginning of the run.
    Time,
    /// `{name}`: the program's name.
    Name,
    /// `{random:1..6}`: a whole number, both ends included.
    Random(i64, i64),
    /// `{pick:red|green|blue}`: one of them, each as likely.
    Pick(Box<[Box<str>]>),
    /// `{queue}`: the queue that the server named last.
    Queue,
    /// Of the message that is being handled; empty outside `on message`.
    Body,
    Key,
    Exchange,
    Id,
    CorrelationId,
    ReplyTo,
    Redelivered,
    /// `{header:colour}`
    Header(Box<str>),
}

/// Every place by its name, for errors and help.
pub const PLACES: [&str; 14] = [
    "n",
    "time",
    "name",
    "queue",
    "random",
    "pick",
    "body",
    "key",
    "exchange",
    "id",
    "correlation-id",
    "reply-to",
    "redelivered",
    "header",
];

/// The places that say more after a colon.
const TAKING: [&str; 3] = ["random", "pick", "header"];

/// What a template is filled from.
pub struct Filling<'a> {
    pub number: u64,
    pub now: SimTime,
    pub name: &'a str,
    pub queue: &'a str,
    /// The message that is being handled, with the properties it came with.
    pub message: Option<(&'a Message, &'a Properties, bool)>,
}

impl Template {
    /// Reads a text; the fault is without its place in the script.
    pub fn parse(text: &str) -> Result<Template, ScriptProblem> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, after) = rest.split_at(open);
            plain.push_str(before);
            let inside = after[1..].split('}').next().unwrap_or_default();
            let closed = after.len() > inside.len() + 1;
            match place(inside)? {
                Some(place) if closed => {
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain).into()));
                    }
                    parts.push(Part::Place(place));
                    rest = &after[inside.len() + 2..];
                }
                Some(_) | None => {
                    plain.push('{');
                    rest = &after[1..];
                }
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain.into()));
        }
        Ok(Template(parts))
    }

    /// Whether it is the same each time.
    pub fn is_plain(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Text(_)))
    }

    /// The text of this time.
    pub fn fill(&self, from: &Filling<'_>, rng: &mut Rng) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Place(place) => place.fill(from, rng, &mut text),
            }
        }
        text
    }
}

impl Place {
    fn fill(&self, from: &Filling<'_>, rng: &mut Rng, text: &mut String) {
        let of_message = |text: &mut String, what: fn(&Message, &Properties) -> String| {
            if let Some((message, properties, _)) = from.message {
                *text += &what(message, properties);
            }
        };
        match self {
            Place::Number => *text += &from.number.to_string(),
            Place::Time => *text += &from.now.as_ms().to_string(),
            Place::Name => *text += from.name,
            Place::Queue => *text += from.queue,
            Place::Random(least, most) => {
                let span = most.abs_diff(*least).saturating_add(1);
                let drawn = least.saturating_add_unsigned(rng.below(span));
                *text += &drawn.to_string();
            }
            Place::Pick(choices) => {
                let index = rng.below(choices.len() as u64) as usize;
                text.push_str(choices.get(index).map_or("", |choice| choice));
            }
            Place::Body => of_message(text, |message, _| {
                String::from_utf8_lossy(&message.body).into_owned()
            }),
            Place::Key => of_message(text, |message, _| {
                message.routing_key.to_text().into_owned()
            }),
            Place::Exchange => of_message(text, |message, _| message.exchange.to_string()),
            Place::Id => of_message(text, |_, p| of(p.message_id.as_ref())),
            Place::CorrelationId => of_message(text, |_, p| of(p.correlation_id.as_ref())),
            Place::ReplyTo => of_message(text, |_, p| of(p.reply_to.as_ref())),
            Place::Redelivered => {
                let again = from.message.is_some_and(|(_, _, redelivered)| redelivered);
                *text += if again { "true" } else { "false" };
            }
            Place::Header(name) => {
                let headers = from.message.and_then(|(_, p, _)| p.headers.as_ref());
                if let Some(value) = headers.and_then(|headers| headers.get(name)) {
                    *text += &header(value);
                }
            }
        }
    }
}

fn of<T: ToString>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

/// A header as text, plainly.
fn header(value: &Value) -> String {
    match value {
        Value::LongString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => crate::amqp::transcript::value(other),
    }
}

/// The place that stands between two braces; none where they are just braces.
fn place(inside: &str) -> Result<Option<Place>, ScriptProblem> {
    let (name, argument) = match inside.split_once(':') {
        Some((name, argument)) => (name, Some(argument)),
        None => (inside, None),
    };
    let looks_like_one =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if !looks_like_one {
        return Ok(None);
    }
    let wrong = || ScriptProblem::BadPlace {
        place: format!("{{{inside}}}"),
        near: None,
    };
    Ok(Some(match (name, argument) {
        ("n", None) => Place::Number,
        ("time", None) => Place::Time,
        ("name", None) => Place::Name,
        ("queue", None) => Place::Queue,
        ("body", None) => Place::Body,
        ("key", None) => Place::Key,
        ("exchange", None) => Place::Exchange,
        ("id", None) => Place::Id,
        ("correlation-id", None) => Place::CorrelationId,
        ("reply-to", None) => Place::ReplyTo,
        ("redelivered", None) => Place::Redelivered,
        ("random", argument) => {
            let range = argument.and_then(|text| text.split_once(".."));
            let numbers = range.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
            let (a, b): (i64, i64) = numbers.ok_or_else(wrong)?;
            Place::Random(a.min(b), a.max(b))
        }
        ("pick", Some(choices)) if !choices.is_empty() => {
            Place::Pick(choices.split('|').map(Box::from).collect())
        }
        ("header", Some(name)) if !name.is_empty() => Place::Header(name.into()),
        ("pick" | "header", _) => return Err(wrong()),
        // Nothing that is far from every place is meant to be one.
        (name, argument) => match near(name, argument) {
            Some(near) if name.len() > 2 => {
                return Err(ScriptProblem::BadPlace {
                    place: format!("{{{inside}}}"),
                    near: Some(near),
                });
            }
            Some(_) | None => return Ok(None),
        },
    }))
}

/// The place that `name` was probably meant to be.
fn near(name: &str, argument: Option<&str>) -> Option<&'static str> {
    match argument {
        Some(_) => closest(name, &TAKING),
        None => closest(name, &PLACES),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let template = Template::parse(text).expect("the template is sound");
        let from = Filling {
            number: 7,
            now: SimTime(1_500),
            name: "shop",
            queue: "q",
            message: None,
        };
        template.fill(&from, &mut Rng::new(1))
    }

    #[test]
    fn places_are_filled_and_other_braces_are_braces() {
        assert_eq!(
            filled("Order {n} by {name} at {time}"),
            "Order 7 by shop at 1500"
        );
        assert_eq!(
            filled(r#"{"id":{n},"x":{"y":1}}"#),
            r#"{"id":7,"x":{"y":1}}"#
        );
        assert_eq!(filled("{foo} {} {n"), "{foo} {} {n");
        assert_eq!(filled("[{body}{header:x}]"), "[]");
    }

    #[test]
    fn chance_is_drawn_within_its_bounds() {
        let template = Template::parse("{random:-1..1} {pick:a|b}").expect("it is sound");
        let from = Filling {
            number: 1,
            now: SimTime(0),
            name: "",
            queue: "",
            message: None,
        };
        let mut rng = Rng::new(2);
        let mut seen: Vec<String> = (0..200).map(|_| template.fill(&from, &mut rng)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, ["-1 a", "-1 b", "0 a", "0 b", "1 a", "1 b"]);
    }

    #[test]
    fn a_misspelt_place_is_refused() {
        for wrong in [
            "{random:6}",
            "{pick:}",
            "{radnom}",
            "{header}",
            "{bodi}",
            "{radnom:1..6}",
        ] {
            assert!(Template::parse(wrong).is_err(), "{wrong}");
        }
    }
}
