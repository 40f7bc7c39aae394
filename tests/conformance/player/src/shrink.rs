//! The shortest program that still shows a difference.

use serde_json::{Value, json};

/// Leaves out steps, then arguments, as long as `at` still finds a difference (and says at which step) and `plays` are
/// left. `steps` must show one.
pub fn shrink(
    mut steps: Vec<Value>,
    mut plays: usize,
    mut at: impl FnMut(&[Value]) -> Option<usize>,
) -> Vec<Value> {
    let mut size = steps.len().div_ceil(2);
    while size > 0 && plays > 0 {
        let mut from = 0;
        let mut shorter = false;
        while from < steps.len() && plays > 0 {
            let mut fewer = steps.clone();
            fewer.drain(from..(from + size).min(steps.len()));
            plays -= 1;
            match at(&fewer) {
                Some(last) => {
                    fewer.truncate(last + 1);
                    steps = fewer;
                    shorter = true;
                }
                None => from += size,
            }
        }
        size = match size {
            // A step may be superfluous only after a later one has gone.
            1 if shorter => 1,
            _ => size / 2,
        };
    }
    simplify(steps, plays, at)
}

fn simplify(
    mut steps: Vec<Value>,
    mut plays: usize,
    mut at: impl FnMut(&[Value]) -> Option<usize>,
) -> Vec<Value> {
    for index in 0..steps.len() {
        for simpler in simpler_steps(&steps[index]) {
            if plays == 0 {
                return steps;
            }
            let mut candidate = steps.clone();
            // What an earlier attempt took away stays away.
            let Some(step) = simpler(&candidate[index]) else {
                continue;
            };
            candidate[index] = step;
            plays -= 1;
            if at(&candidate) == Some(steps.len() - 1) {
                steps = candidate;
            }
        }
    }
    steps
}

type Simpler = Box<dyn Fn(&Value) -> Option<Value>>;

/// Ways to make a step simpler: a flag off, an argument or a property away.
fn simpler_steps(step: &Value) -> Vec<Simpler> {
    let mut ways: Vec<Simpler> = Vec::new();
    let Some(args) = step["args"].as_object() else {
        return ways;
    };
    for (name, value) in args {
        let name = name.clone();
        match value {
            Value::Bool(true) => ways.push(Box::new(move |step| {
                let mut step = step.clone();
                step["args"][&name] = json!(false);
                Some(step)
            })),
            Value::Object(table) => {
                for key in table.keys() {
                    let (name, key) = (name.clone(), key.clone());
                    ways.push(Box::new(move |step| {
                        let mut step = step.clone();
                        step["args"][&name].as_object_mut()?.remove(&key)?;
                        Some(step)
                    }));
                }
            }
            Value::Null
            | Value::Bool(false)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => {}
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_steps_that_together_make_the_difference_are_found() {
        let steps: Vec<Value> = (0..40)
            .map(|n| json!({"op": n, "args": {"durable": true, "arguments": {"a": n, "b": n}}}))
            .collect();
        let find = |op: u64, steps: &[Value]| steps.iter().position(|step| step["op"] == op);
        let short = shrink(steps, 1000, |steps| {
            let (one, other) = (find(7, steps)?, find(31, steps)?);
            let shows = steps[one]["args"]["arguments"]["b"] == 7;
            shows.then_some(one.max(other))
        });
        let expected = [
            json!({"op": 7, "args": {"durable": false, "arguments": {"b": 7}}}),
            json!({"op": 31, "args": {"durable": false, "arguments": {}}}),
        ];
        assert_eq!(short, expected);
    }

    #[test]
    fn without_plays_left_it_stays_as_it_is() {
        let steps = vec![json!({"op": 1}), json!({"op": 2})];
        assert_eq!(shrink(steps.clone(), 0, |_| Some(0)), steps);
    }
}
