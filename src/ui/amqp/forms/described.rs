//! What the forms of producers and consumers share: where something is wrong, in the words of a language.

use crate::actors::Form;
use crate::actors::schedule::{MAX_POINTS, MAX_RATE, Point};
use crate::actors::script::{Script, ScriptProblem, duration_ms};
use crate::ui::amqp::forms::{Problem, names, whole};
use crate::ui::text::{Lang, fill_plain, script};

/// A field of these forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Name,
    Queue,
    RoutingKey,
    Headers,
    Properties,
    Every,
    Rate,
    Burst,
    BurstEvery,
    BurstGap,
    Curve,
    Timeout,
    Times,
    RetryAfter,
    ReconnectAfter,
    Prefetch,
    Batch,
    Work,
    WorkMore,
    Fails,
    /// A text with places to be filled.
    Whole,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrongs {
    lang: Lang,
    all: Vec<(Spot, String)>,
    rows: Vec<(Spot, usize, String)>,
    /// Nothing is wrong yet, but something must be typed.
    pub missing: bool,
}

impl Wrongs {
    /// Nothing is wrong.
    pub fn new(lang: Lang) -> Wrongs {
        Wrongs {
            lang,
            all: Vec::new(),
            rows: Vec::new(),
            missing: false,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.rows.is_empty()
    }

    /// What is wrong in a field.
    pub fn tell(&self, spot: Spot) -> Option<&str> {
        let found = self.all.iter().find(|(at, _)| *at == spot);
        found.map(|(_, text)| text.as_str())
    }

    /// What is wrong in the rows of an editor.
    pub fn rows(&self, spot: Spot) -> Vec<crate::ui::components::RowError> {
        let rows = self.rows.iter().filter(|(at, _, _)| *at == spot);
        rows.map(|(_, row, text)| crate::ui::components::RowError {
            row: *row,
            text: text.clone().into(),
        })
        .collect()
    }

    fn push(&mut self, spot: Spot, text: String) {
        self.all.push((spot, text));
    }

    fn problem(&mut self, spot: Spot, problem: &Problem) {
        self.push(spot, problem.tell(self.lang.texts()));
    }

    fn script(&mut self, spot: Spot, problem: &ScriptProblem) {
        self.push(spot, script::problem(problem, self.lang));
    }

    /// A program may have any name that a short string can hold.
    pub fn name(&mut self, name: &str) {
        if name.is_empty() {
            self.missing = true;
            self.problem(Spot::Name, &Problem::NameMissing);
        }
        short(self, Spot::Name, name);
    }

    /// A whole number between two bounds.
    pub fn whole(&mut self, spot: Spot, text: &str, least: u64, most: u64) -> u64 {
        match whole(text, least, most) {
            Ok(number) => number,
            Err(problem) => {
                self.problem(spot, &problem);
                least
            }
        }
    }

    pub fn no_queue(&mut self) {
        self.problem(Spot::Queue, &Problem::NoQueue);
    }

    pub fn rate(&mut self, spot: Spot, text: &str) {
        let problem = ScriptProblem::NotARate {
            text: text.to_string(),
            most: MAX_RATE as u64,
        };
        self.script(spot, &problem);
    }

    pub fn percentage(&mut self, spot: Spot, text: &str) {
        let text = text.to_string();
        self.script(spot, &ScriptProblem::NotAPercentage { text });
    }

    pub fn batch_over_prefetch(&mut self, size: u64, prefetch: u16) {
        let p = self.lang.programs();
        self.push(Spot::Batch, fill_plain(p.wrong_batch, &[&size, &prefetch]));
    }

    /// A row that does not say what it must.
    pub fn row(&mut self, spot: Spot, row: usize, text: &str) {
        let p = self.lang.programs();
        let template = match spot {
            Spot::Properties => p.wrong_property,
            _ => p.wrong_header,
        };
        self.rows.push((spot, row, fill_plain(template, &[&text])));
    }

    /// The points of a curve: `0s=1 10s=50`.
    pub fn curve(&mut self, text: &str) -> Vec<Point> {
        let mut points: Vec<Point> = Vec::new();
        for word in text.split_whitespace() {
            let (at, rate) = word.split_once('=').unwrap_or((word, ""));
            let Some(at_ms) = duration_ms(at) else {
                let text = at.to_string();
                self.script(Spot::Curve, &ScriptProblem::NotATime { text });
                return points;
            };
            let per_second = rate.parse::<f64>().ok();
            let Some(per_second) = per_second.filter(|rate| (0.0..=MAX_RATE).contains(rate)) else {
                self.rate(Spot::Curve, rate);
                return points;
            };
            if points.last().is_some_and(|last| last.at_ms >= at_ms) {
                let text = at.to_string();
                self.script(Spot::Curve, &ScriptProblem::CurveBackwards { text });
                return points;
            }
            points.push(Point { at_ms, per_second });
        }
        if !(2..=MAX_POINTS).contains(&points.len()) {
            let said = self.lang.programs().wrong_curve;
            self.push(Spot::Curve, fill_plain(said, &[&MAX_POINTS]));
        }
        points
    }
}

/// Any short string, such as a routing key.
pub fn short(wrongs: &mut Wrongs, spot: Spot, text: &str) {
    if let Some(problem) = names::short_string(text) {
        wrongs.problem(spot, &problem);
    }
}

/// A time with its unit.
pub fn duration(wrongs: &mut Wrongs, spot: Spot, text: &str) -> u64 {
    let read = duration_ms(text.trim());
    match read.filter(|ms| *ms <= crate::actors::chance::MAX_DELAY_MS) {
        Some(ms) => ms,
        None => {
            let text = text.to_string();
            wrongs.script(spot, &ScriptProblem::NotATime { text });
            0
        }
    }
}

/// How many; nothing typed is without end.
pub fn count(wrongs: &mut Wrongs, spot: Spot, text: &str) -> Option<u32> {
    if text.trim().is_empty() {
        return None;
    }
    let number = wrongs.whole(spot, text, 1, 100_000);
    u32::try_from(number).ok()
}

/// What no field by itself shows: a text whose places are misspelt.
pub fn reads(wrongs: &mut Wrongs, form: &Form) {
    if wrongs.is_empty()
        && let Err(error) = Script::parse(&form.script())
    {
        wrongs.script(Spot::Whole, &error.problem);
    }
}
