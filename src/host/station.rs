//! The broker of the native program, with the programs of a scenario if there are any, and the log of its events.

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use crate::amqp::command::Peer;
use crate::amqp::{Broker, Command, Compatibility, Config, Event, Exception, UserName};
use crate::engine::{World, WorldCommand, WorldEvent, setup};
use crate::host::log;
use crate::machine::{Input, Machine, Origin, SimTime};
use crate::scenario::Scenario;
use crate::wire::Node;

/// Without programs the broker stands alone, which is quicker.
enum Model {
    Broker(Box<Broker>),
    World(Box<World>),
}

/// Where the clients' commands are carried out.
pub struct Station {
    compatibility: Compatibility,
    model: Model,
    /// Where events are printed.
    log: Option<BufWriter<io::Stdout>>,
    /// Kept between steps for its memory.
    heard: Vec<WorldEvent>,
}

impl Station {
    /// A fresh broker.
    pub fn new(compatibility: Compatibility) -> Station {
        let config = Config {
            compatibility,
            epoch: unix_seconds(),
            ..Config::default()
        };
        Station {
            compatibility,
            model: Model::Broker(Box::new(Broker::new(config))),
            log: None,
            heard: Vec::new(),
        }
    }

    /// A broker set up by a scenario file.
    pub fn load(path: &Path, compatibility: Option<Compatibility>) -> Result<Station, String> {
        let wrong = |what: String| format!("{}: {what}", path.display());
        let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let scenario = Scenario::parse(&text).map_err(|error| wrong(error.to_string()))?;
        let config = Config {
            compatibility: compatibility.unwrap_or(scenario.compatibility),
            seed: scenario.seed,
            epoch: unix_seconds(),
            ..Config::default()
        };
        let mut world = World::new(config);
        for step in setup::steps(&scenario).map_err(|error| wrong(error.to_string()))? {
            let (at, origin, command) = (SimTime::ZERO, Origin::Scenario, step.command);
            let mut events = Vec::new();
            world.step(
                &Input {
                    at,
                    origin,
                    command,
                },
                &mut events,
            );
            setup::check(&step.path, &events).map_err(|error| wrong(error.to_string()))?;
        }
        Ok(Station {
            compatibility: config.compatibility,
            model: Model::World(Box::new(world)),
            log: None,
            heard: Vec::new(),
        })
    }

    /// Prints every event from now on.
    pub fn print_events(&mut self) {
        self.log = Some(BufWriter::new(io::stdout()));
    }

    /// Which version it behaves as.
    pub fn compatibility(&self) -> Compatibility {
        self.compatibility
    }

    /// When something falls due by itself.
    pub fn next_deadline(&self) -> Option<SimTime> {
        match &self.model {
            Model::Broker(broker) => broker.next_deadline(),
            Model::World(world) => world.next_deadline(),
        }
    }

    /// Lets what is due happen.
    pub fn tick(&mut self, now: SimTime, out: &mut Vec<Event>) {
        match &mut self.model {
            Model::Broker(broker) => {
                let (origin, command) = (Origin::Clock, Command::Tick);
                broker.step(
                    &Input {
                        at: now,
                        origin,
                        command,
                    },
                    out,
                );
                self.print(now, out);
            }
            Model::World(world) => {
                // A tick of the world does one due thing, at its own time. A program that is always due has to
                // give way to clients all the same.
                const MOST_AT_ONCE: u32 = 1_000;
                for _ in 0..MOST_AT_ONCE {
                    if world.next_deadline().is_none_or(|due| due > now) {
                        break;
                    }
                    let (origin, command) = (Origin::Clock, WorldCommand::Tick);
                    world.step(
                        &Input {
                            at: now,
                            origin,
                            command,
                        },
                        &mut self.heard,
                    );
                }
                self.keep_broker_events(now, out);
            }
        }
    }

    /// Writes out what was printed so far.
    pub fn flush(&mut self) {
        if let Some(log) = &mut self.log {
            // The reader of the log may have gone; serving goes on.
            let _ = log.flush();
        }
    }

    fn keep_broker_events(&mut self, now: SimTime, out: &mut Vec<Event>) {
        let first = out.len();
        for event in std::mem::take(&mut self.heard) {
            match event {
                WorldEvent::Broker(event) => out.push(event),
                WorldEvent::Program(_) => {}
            }
        }
        self.print(now, &out[first..]);
    }

    /// Prints events, if they are printed at all.
    pub(super) fn print(&mut self, now: SimTime, events: &[Event]) {
        if let Some(out) = &mut self.log {
            for event in events {
                let _ = writeln!(out, "{}", log::json(now, event));
            }
        }
    }
}

impl Node for Station {
    fn authenticate(&self, user: &UserName, password: &str, peer: Peer) -> Result<(), Exception> {
        match &self.model {
            Model::Broker(broker) => broker.authenticate(user, password, peer),
            Model::World(world) => world.broker().authenticate(user, password, peer),
        }
    }

    fn submit(&mut self, input: &Input<Command>, out: &mut Vec<Event>) {
        match &mut self.model {
            Model::Broker(broker) => {
                let first = out.len();
                broker.step(input, out);
                if self.log.is_some() {
                    self.print(input.at, &out[first..]);
                }
            }
            Model::World(world) => {
                let command = WorldCommand::Broker(input.command.clone());
                let input = Input {
                    at: input.at,
                    origin: input.origin,
                    command,
                };
                world.step(&input, &mut self.heard);
                self.keep_broker_events(input.at, out);
            }
        }
    }
}

/// The `time` of x-death is the real one here; everything else counts from the start.
#[expect(
    clippy::disallowed_methods,
    reason = "the host is where time comes from"
)]
fn unix_seconds() -> u64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |it| it.as_secs())
}
