//! `erlang:phash2` of the tuples that RabbitMQ hashes for a header: `{longstr, <<"42">>}`, `{signedint, 42}`.

use crate::amqp::message::Value;

use super::{HASH_CONSTANT, block_hash, mix};

/// The hash of `{Type, Value}`.
pub(super) fn field(value: &Value) -> u32 {
    let mut hash = two(2, 0, HASH_CONSTANT.wrapping_mul(9));
    hash = atom(value.type_name(), hash);
    match value {
        Value::LongString(bytes) | Value::Bytes(bytes) => {
            block_hash(bytes, HASH_CONSTANT.wrapping_mul(13).wrapping_add(hash))
        }
        other => integer(other.as_integer().unwrap_or_default(), hash),
    }
}

/// Mixes two words into `hash`.
fn two(first: u32, second: u32, hash: u32) -> u32 {
    let (mut a, mut b, mut c) = (
        HASH_CONSTANT.wrapping_add(first),
        HASH_CONSTANT.wrapping_add(second),
        hash,
    );
    mix(&mut a, &mut b, &mut c);
    c
}

fn atom(name: &str, hash: u32) -> u32 {
    let value = name.bytes().fold(0u32, |sum, byte| {
        let sum = (sum << 4).wrapping_add(u32::from(byte));
        let high = sum & 0xf000_0000;
        (sum ^ (high >> 24)) ^ high
    });
    if hash == 0 {
        value
    } else {
        two(value, 0, hash)
    }
}

fn integer(number: i64, hash: u32) -> u32 {
    let size = number.unsigned_abs();
    let constant = HASH_CONSTANT.wrapping_mul(if number < 0 { 10 } else { 11 });
    let _ = hash;
    two(
        size as u32,
        (size >> 32) as u32,
        constant.wrapping_add(hash),
    )
}
