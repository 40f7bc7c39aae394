//! Comparing branches in slices: the same as at once, with progress, and one can stop it.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::engine::{BranchId, Engine};
use mq_playground::machine::SimTime;

use crate::time::{busy, publish};

/// A busy run that goes two ways from 4 s on.
fn two_ways() -> Engine {
    let mut engine = busy();
    engine.seek_time(SimTime(4_000));
    engine.submit_you(publish("work", "another way"));
    engine.play();
    for _ in 0..60 {
        engine.advance(100.0);
    }
    engine.pause();
    engine
}

const BOTH: (BranchId, BranchId) = (BranchId(1), BranchId(2));

#[test]
fn slices_lead_to_the_same_comparison_as_one_go() {
    let mut engine = two_ways();
    let at_once = engine.compare(BOTH.0, BOTH.1).expect("both are there");
    assert!(at_once.different > 0 && at_once.alike > 0);
    assert!(engine.start_compare(BOTH.0, BOTH.1));
    let (mut slices, mut read) = (0, 0);
    let in_slices = loop {
        let (done, all) = engine.comparing().expect("it is under way");
        assert!(done >= read && done <= all);
        read = done;
        slices += 1;
        if let Some(comparison) = engine.compare_on(16) {
            break comparison;
        }
    };
    assert!(slices > 20, "{slices}");
    assert_eq!(in_slices, at_once);
    assert_eq!(engine.comparing(), None);
}

#[test]
fn what_happens_meanwhile_is_not_in_it() {
    let mut engine = two_ways();
    let before = engine.compare(BOTH.0, BOTH.1);
    engine.start_compare(BOTH.0, BOTH.1);
    assert_eq!(engine.compare_on(10), None);
    engine.submit_you(publish("work", "later"));
    engine.step_one();
    engine.switch_branch(BranchId(1));
    engine.delete_branch(BranchId(2));
    let mut after = None;
    while engine.comparing().is_some() {
        after = engine.compare_on(100);
    }
    assert_eq!(after, before);
}

#[test]
fn one_can_stop_comparing_and_compare_nothing() {
    let mut engine = two_ways();
    assert!(!engine.start_compare(BranchId(1), BranchId(9)));
    assert_eq!(engine.compare_on(10), None);
    engine.start_compare(BOTH.0, BOTH.1);
    engine.compare_on(10);
    engine.cancel_compare();
    assert_eq!((engine.comparing(), engine.compare_on(10)), (None, None));
}
