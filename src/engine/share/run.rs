//! The inputs of a run, as few as will do: what people did, and how many times the clock struck in between. When it
//! struck follows from the run itself.

use serde_json::{Value as Json, json};

use super::ShareError;
use crate::actors::ProgramId;
use crate::engine::moment::Moment;
use crate::engine::world::WorldCommand;
use crate::engine::{Engine, commands};
use crate::machine::{Input, Machine, Origin, SimTime};
use crate::scenario::ScenarioError;
use crate::scenario::node::Node;

/// The most steps a link may ask for.
const MAX_STEPS: u64 = 200_000;

/// The furthest moment: what a number of JavaScript holds exactly.
const MAX_TIME: u64 = (1 << 53) - 1;

/// A run after the set-up of its scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    marks: Vec<Mark>,
    /// How often the clock strikes after the last of them.
    ticks: u64,
    /// Where the clock stands.
    now: SimTime,
    /// Inside the last step: how many of its events have happened.
    within: Option<usize>,
}

/// Something that came from outside.
#[derive(Clone, Debug, PartialEq)]
struct Mark {
    /// How often the clock strikes before it.
    ticks: u64,
    input: Input<WorldCommand>,
}

/// When the clock strikes next in `moment`, if the last step was at `last`.
fn next_tick(moment: &Moment, last: SimTime) -> Option<SimTime> {
    Some(moment.next_deadline()?.max(last))
}

/// The run of `engine` up to where it stands.
pub fn of(engine: &Engine) -> Result<Run, ShareError> {
    let timeline = engine.timeline();
    let setup = engine.first_index();
    let mut moment = timeline.state_at(setup);
    let mut last = timeline.time_at(setup);
    let mut run = Run {
        marks: Vec::new(),
        ticks: 0,
        now: engine.cursor().now,
        within: engine.within().map(|within| within.done),
    };
    let steps = engine.index() + usize::from(run.within.is_some());
    let mut scratch = Vec::new();
    for input in timeline.inputs().iter().take(steps).skip(setup) {
        let is_tick = input.command == WorldCommand::Tick;
        if is_tick && next_tick(&moment, last) == Some(input.at) {
            run.ticks += 1;
        } else {
            if !is_tick && commands::write(&input.command).is_none() {
                let reason = "a real client took part in it".to_string();
                return Err(ShareError::Run { reason });
            }
            let ticks = std::mem::take(&mut run.ticks);
            let input = input.clone();
            run.marks.push(Mark { ticks, input });
        }
        moment.step(&input, &mut scratch);
        scratch.clear();
        last = input.at;
    }
    Ok(run)
}

/// Plays `run` in `engine`, which stands at the beginning of the same scenario.
pub fn play(engine: &mut Engine, run: &Run) -> Result<(), ShareError> {
    let mut left = MAX_STEPS;
    for mark in &run.marks {
        tick(engine, mark.ticks, &mut left)?;
        if mark.input.at < engine.last_time() {
            let reason = "its steps are not in the order of their time".to_string();
            return Err(ShareError::Run { reason });
        }
        engine.again(mark.input.clone());
    }
    tick(engine, run.ticks, &mut left)?;
    engine.stand_at(run.now);
    if let Some(done) = run.within {
        engine.seek_event(engine.index().saturating_sub(1), done);
    }
    Ok(())
}

fn tick(engine: &mut Engine, times: u64, left: &mut u64) -> Result<(), ShareError> {
    *left = left.checked_sub(times + 1).ok_or_else(|| ShareError::Run {
        reason: format!("it has more than {MAX_STEPS} steps"),
    })?;
    for _ in 0..times {
        let at = next_tick(engine.present(), engine.last_time());
        let at = at.ok_or_else(|| ShareError::Run {
            reason: "it waits for something that never falls due".to_string(),
        })?;
        engine.again(Input {
            at,
            origin: Origin::Clock,
            command: WorldCommand::Tick,
        });
    }
    Ok(())
}

impl Run {
    /// As JSON: `{ "m": [[ticks, at, command, by a script?] …], "t": ticks, "n": now, "e": events of the last step }`.
    pub fn to_json(&self) -> Result<Json, ShareError> {
        let mut marks = Vec::new();
        for Mark { ticks, input } in &self.marks {
            let command = commands::write(&input.command).unwrap_or_default();
            let mut mark = vec![json!(ticks), json!(input.at.as_ms()), command];
            if input.origin == Origin::Api {
                mark.push(json!(1));
            }
            marks.push(Json::Array(mark));
        }
        let mut run = json!({ "m": marks, "t": self.ticks, "n": self.now.as_ms() });
        if let Some(done) = self.within {
            run["e"] = json!(done);
        }
        Ok(run)
    }

    /// Reads what [`Run::to_json`] writes.
    pub fn from_json(node: &Node<'_>) -> Result<Run, ScenarioError> {
        let object = node.object(&["m", "t", "n", "e"])?;
        let mark = |node: &Node<'_>| {
            let items = node.items()?;
            let [ticks, at, command, rest @ ..] = items.as_slice() else {
                return Err(node.wrong("a step [ticks, at, command]"));
            };
            // Programs are named by their numbers in a link.
            let no_names = |_: &str| None::<ProgramId>;
            let (origin, command) = match command.value() {
                Json::Null => (Origin::Clock, WorldCommand::Tick),
                value if rest.is_empty() => (Origin::User, commands::read(value, &no_names)?),
                value => (Origin::Api, commands::read(value, &no_names)?),
            };
            Ok(Mark {
                ticks: ticks.number(MAX_STEPS)?,
                input: Input {
                    at: SimTime(at.number(MAX_TIME)?),
                    origin,
                    command,
                },
            })
        };
        let within = object.get("e").map(|node| node.number(MAX_STEPS));
        let within = within
            .transpose()?
            .and_then(|done| usize::try_from(done).ok());
        Ok(Run {
            marks: object
                .items("m")?
                .iter()
                .map(mark)
                .collect::<Result<_, _>>()?,
            ticks: object.need("t")?.number(MAX_STEPS)?,
            now: SimTime(object.need("n")?.number(MAX_TIME)?),
            within,
        })
    }
}
