//! `erlang:phash2` of the tuples that RabbitMQ hashes for a header: `{longstr, <<"42">>}`, `{signedint, 42}`.

use crate::amqp::message::Value;

use super::{HASH_CONSTANT, binary, mix};

/// The hash of `{Type, Value}`.
pub(super) fn field(value: &Value) -> u32 {
    let tuple_of_two = stir(0, 2, 0, 9);
    let kind = stir(tuple_of_two, atom(value.type_name()), 0, 3);
    match value {
        Value::LongString(bytes) | Value::Bytes(bytes) => binary(bytes, kind),
        Value::Bool(flag) => stir(kind, atom(if *flag { "true" } else { "false" }), 0, 3),
        other => integer(other.as_integer().unwrap_or_default(), kind),
    }
}

/// Mixes two words into a hash; every kind of term adds a constant of its own.
fn stir(mut hash: u32, first: u32, second: u32, kind: u32) -> u32 {
    let constant = HASH_CONSTANT.wrapping_mul(kind);
    let (mut a, mut b) = (constant.wrapping_add(first), constant.wrapping_add(second));
    mix(&mut a, &mut b, &mut hash);
    hash
}

fn atom(name: &str) -> u32 {
    name.bytes().fold(0u32, |sum, byte| {
        let sum = (sum << 4).wrapping_add(u32::from(byte));
        let high = sum & 0xf000_0000;
        (sum ^ (high >> 24)) ^ high
    })
}

/// Small integers are mixed as they are, negative ones twice; larger ones as two words.
fn integer(number: i64, hash: u32) -> u32 {
    const SMALL: i64 = 1 << 27;
    if (-SMALL..SMALL).contains(&number) {
        let hash = if number < 0 {
            stir(hash, number.unsigned_abs() as u32, 0, 1)
        } else {
            hash
        };
        return stir(hash, number as u32, 0, 1);
    }
    let size = number.unsigned_abs();
    stir(
        hash,
        size as u32,
        (size >> 32) as u32,
        if number < 0 { 10 } else { 11 },
    )
}
