//! What the wasm offers to Node.js: plain numbers, no glue.

use std::cell::RefCell;

use mq_playground::engine::Engine;
use mq_playground::scenario::{Scenario, catalog};

use crate::workload::{Events, NAMES, Ready};

thread_local! {
    static WORLDS: RefCell<Vec<Engine>> = const { RefCell::new(Vec::new()) };
    static READY: RefCell<Option<Ready>> = const { RefCell::new(None) };
}

/// Makes the workload ready that stands at `number` in the list of names.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(number: u32, size: u32, keep_events: u32) {
    let events = match keep_events {
        0 => Events::Dropped,
        _ => Events::Kept,
    };
    READY.with_borrow_mut(|ready| {
        // What was before is freed first, so that memory is never held twice.
        *ready = None;
        *ready = NAMES
            .get(number as usize)
            .map(|(_, workload)| Ready::new(*workload, size.into(), events));
    });
}

/// Runs what was made ready, and says how much was delivered.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u32 {
    READY.with_borrow_mut(|ready| ready.as_mut().map_or(0, |ready| ready.run() as u32))
}

/// Keeps so many worlds more of the work queue, as each playground on a page has one; says how many there are.
#[unsafe(no_mangle)]
pub extern "C" fn worlds(count: u32) -> u32 {
    let entry = catalog::find("work-queue").expect("it is built in");
    let scenario = Scenario::parse(entry.json()).expect("what is built in is sound");
    let world = || Engine::load(&scenario).expect("what is built in can be loaded");
    WORLDS.with_borrow_mut(|worlds| {
        worlds.extend((0..count).map(|_| world()));
        worlds.len() as u32
    })
}
