//! A moment of a run: the world, and the numbers of what has happened so far.

use std::rc::Rc;

use crate::amqp::{self, Broker};
use crate::engine::tally::Tally;
use crate::engine::world::{World, WorldCommand, WorldEvent, WorldView};
use crate::machine::{Input, Machine, SimTime};

/// The world with its numbers, as one machine: whoever goes back in time has both as they were.
#[derive(Clone, Debug)]
pub struct Moment {
    world: World,
    tally: Rc<Tally>,
}

impl Moment {
    /// A fresh broker, nobody around it, nothing counted.
    pub fn new(config: amqp::Config) -> Moment {
        Moment {
            world: World::new(config),
            tally: Rc::default(),
        }
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world, to go on with it alone.
    pub fn into_world(self) -> World {
        self.world
    }

    /// The broker in it.
    pub fn broker(&self) -> &Broker {
        self.world.broker()
    }

    /// The picture of this moment.
    pub fn view(&self) -> WorldView {
        self.world.view()
    }

    /// The numbers up to this moment.
    pub fn tally(&self) -> &Rc<Tally> {
        &self.tally
    }
}

impl Machine for Moment {
    type Command = WorldCommand;
    type Event = WorldEvent;

    fn step(&mut self, input: &Input<WorldCommand>, out: &mut Vec<WorldEvent>) {
        let before = out.len();
        self.world.step(input, out);
        let events = out[before..].iter().filter_map(|event| match event {
            WorldEvent::Broker(event) => Some(event),
            WorldEvent::Program(_) => None,
        });
        let broker = self.world.broker();
        let gauge = |queue: &amqp::QueueId| broker.gauge(queue);
        Rc::make_mut(&mut self.tally).take(input.at, events, &gauge);
    }

    fn next_deadline(&self) -> Option<SimTime> {
        self.world.next_deadline()
    }

    fn tick() -> WorldCommand {
        World::tick()
    }

    fn is_tick(command: &WorldCommand) -> bool {
        World::is_tick(command)
    }

    fn weight(&self) -> usize {
        usize::try_from(self.broker().copies_held()).unwrap_or(usize::MAX) + self.tally.weight()
    }
}
