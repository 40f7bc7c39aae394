//! x-consistent-hash: messages spread over queues by weight (semantics 22.1; rabbitmq_consistent_hash_exchange).
//!
//! To send every key to the very queue RabbitMQ would, this speaks Erlang: `phash2` for the key, and the jump
//! consistent hash drawn from its `exs1024` generator.

use crate::amqp::arena::Target;
use crate::amqp::exception::{Exception, erlang_binary};
use crate::amqp::ids::RoutingKey;
use crate::amqp::message::{Properties, Table, Value};
use crate::amqp::protocol::ReplyCode;

use super::Hit;

/// The number of buckets a binding gets: its key as a number of at least 1.
pub(super) fn weight(routing_key: &RoutingKey) -> Result<usize, Exception> {
    let refuse = |text: String| Err(Exception::channel(ReplyCode::PreconditionFailed, text));
    match routing_key
        .as_str()
        .and_then(|text| text.parse::<i64>().ok())
    {
        None => refuse(format!(
            "The binding key must be an integer: {}",
            erlang_binary(routing_key.as_bytes())
        )),
        Some(weight) if weight < 1 => refuse("The binding key must be greater than 0".to_string()),
        Some(weight) => Ok(usize::try_from(weight)
            .unwrap_or(MOST_BUCKETS)
            .min(MOST_BUCKETS)),
    }
}

/// No single binding takes more buckets than this; RabbitMQ has no limit but its memory.
const MOST_BUCKETS: usize = 100_000;

/// What is hashed.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    RoutingKey,
    Header(String),
    Property(String),
}

/// The buckets in the order of binding.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    source: Source,
    buckets: Vec<Hit>,
}

/// Whether the arguments of an exchange of this type are right.
pub(in crate::amqp) fn validate(arguments: &Table) -> Result<(), Exception> {
    let refuse = |text: String| Err(Exception::channel(ReplyCode::PreconditionFailed, text));
    match (arguments.get("hash-header"), arguments.get("hash-property")) {
        (Some(_), Some(_)) => {
            refuse("hash-header and hash-property are mutually exclusive".to_string())
        }
        (_, Some(property)) => match property.as_str() {
            Some("correlation_id" | "message_id" | "timestamp") => Ok(()),
            other => refuse(format!(
                "Unsupported property: {}",
                other.unwrap_or_default()
            )),
        },
        (_, None) => Ok(()),
    }
}

impl Ring {
    pub(super) fn new(arguments: &Table) -> Ring {
        let text = |name: &str| {
            arguments
                .get(name)
                .and_then(|value| value.as_str())
                .map(str::to_string)
        };
        let source = match (text("hash-header"), text("hash-property")) {
            (Some(header), _) => Source::Header(header),
            (None, Some(property)) => Source::Property(property),
            (None, None) => Source::RoutingKey,
        };
        Ring {
            source,
            buckets: Vec::new(),
        }
    }

    /// Appends as many buckets as the binding weighs; a destination that has some already gets no more.
    pub(super) fn add(&mut self, hit: Hit) {
        if self.buckets.iter().any(|other| other.target == hit.target) {
            return;
        }
        let weight = weight(&hit.binding.routing_key).unwrap_or(1);
        self.buckets.extend(std::iter::repeat_n(hit, weight));
    }

    /// Removes the destination's buckets; later ones shift down.
    pub(super) fn remove(&mut self, target: Target) {
        self.buckets.retain(|hit| hit.target != target);
    }

    pub(super) fn route(&self, keys: &[RoutingKey], properties: &Properties) -> Option<&Hit> {
        let hash = match &self.source {
            Source::RoutingKey => phash2_binary(keys.first()?.as_bytes()),
            Source::Header(name) => phash2_field(
                properties
                    .headers
                    .as_ref()
                    .and_then(|headers| headers.get(name)),
            ),
            Source::Property(name) => {
                property(name, properties).map_or(UNDEFINED, |text| phash2_binary(&text))
            }
        };
        self.buckets.get(jump(hash, self.buckets.len())?)
    }
}

fn property(name: &str, properties: &Properties) -> Option<Vec<u8>> {
    match name {
        "correlation_id" => properties
            .correlation_id
            .as_ref()
            .map(|text| text.as_bytes().to_vec()),
        "message_id" => properties
            .message_id
            .as_ref()
            .map(|text| text.as_bytes().to_vec()),
        _ => properties
            .timestamp
            .map(|seconds| seconds.to_string().into_bytes()),
    }
}

/// `erlang:phash2(undefined)` (computed with OTP 25).
const UNDEFINED: u32 = 45_914_356;

/// `erlang:phash2` of a binary.
fn phash2_binary(bytes: &[u8]) -> u32 {
    binary(bytes, 0) & PHASH2_MASK
}

/// Mixes a binary into a hash; an empty one only adds its kind.
fn binary(bytes: &[u8], hash: u32) -> u32 {
    let start = HASH_CONSTANT.wrapping_mul(13).wrapping_add(hash);
    if bytes.is_empty() {
        start
    } else {
        block_hash(bytes, start)
    }
}

/// `erlang:phash2` of the tuple `{Type, Value}` that RabbitMQ hashes for a header.
fn phash2_field(field: Option<&Value>) -> u32 {
    match field {
        None => UNDEFINED,
        Some(value) => jenkins::field(value) & PHASH2_MASK,
    }
}

const PHASH2_MASK: u32 = (1 << 27) - 1;
const HASH_CONSTANT: u32 = 0x9e37_79b9;

fn mix(a: &mut u32, b: &mut u32, c: &mut u32) {
    *a = a.wrapping_sub(*b).wrapping_sub(*c) ^ (*c >> 13);
    *b = b.wrapping_sub(*c).wrapping_sub(*a) ^ (*a << 8);
    *c = c.wrapping_sub(*a).wrapping_sub(*b) ^ (*b >> 13);
    *a = a.wrapping_sub(*b).wrapping_sub(*c) ^ (*c >> 12);
    *b = b.wrapping_sub(*c).wrapping_sub(*a) ^ (*a << 16);
    *c = c.wrapping_sub(*a).wrapping_sub(*b) ^ (*b >> 5);
    *a = a.wrapping_sub(*b).wrapping_sub(*c) ^ (*c >> 3);
    *b = b.wrapping_sub(*c).wrapping_sub(*a) ^ (*a << 10);
    *c = c.wrapping_sub(*a).wrapping_sub(*b) ^ (*b >> 15);
}

/// Bob Jenkins' hash as Erlang's runtime uses it on blocks of bytes.
fn block_hash(bytes: &[u8], initial: u32) -> u32 {
    let (mut a, mut b, mut c) = (HASH_CONSTANT, HASH_CONSTANT, initial);
    let word = |part: &[u8]| {
        part.iter()
            .rev()
            .fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte))
    };
    let mut blocks = bytes.chunks_exact(12);
    for block in &mut blocks {
        a = a.wrapping_add(word(&block[..4]));
        b = b.wrapping_add(word(&block[4..8]));
        c = c.wrapping_add(word(&block[8..]));
        mix(&mut a, &mut b, &mut c);
    }
    let rest = blocks.remainder();
    c = c.wrapping_add(bytes.len() as u32);
    a = a.wrapping_add(word(&rest[..rest.len().min(4)]));
    b = b.wrapping_add(word(rest.get(4..rest.len().min(8)).unwrap_or_default()));
    // The lowest byte of c holds the length, so the rest begins at its second byte.
    c = c.wrapping_add(word(rest.get(8..).unwrap_or_default()) << 8);
    mix(&mut a, &mut b, &mut c);
    c
}

/// The hash of an Erlang term other than a binary.
mod jenkins;

/// The bucket that the jump consistent hash draws among `buckets`.
fn jump(hash: u32, buckets: usize) -> Option<usize> {
    match buckets {
        0 => None,
        1 => Some(0),
        _ => {
            let mut generator = Exs1024::seeded(u64::from(hash));
            let (mut bucket, mut next) = (0, 0);
            while next < buckets {
                bucket = next;
                next = ((bucket as f64 + 1.0) / generator.uniform()) as usize;
            }
            Some(bucket)
        }
    }
}

/// Erlang's `exs1024` generator (xorshift1024*).
struct Exs1024 {
    ahead: Vec<u64>,
    behind: Vec<u64>,
}

impl Exs1024 {
    /// `rand:seed_s(exs1024, {Seed, Seed, Seed})`
    fn seeded(seed: u64) -> Exs1024 {
        const MASK: u64 = (1 << 21) - 1;
        let part = |prime: u64| (((seed & MASK) + 1) * prime) & MASK;
        let mut state =
            (part(2_097_131) << 43) | (part(2_097_133) << 22) | (part(2_097_143) << 1) | 1;
        let mut words = Vec::with_capacity(16);
        for _ in 0..16 {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            words.push(state.wrapping_mul(2_685_821_657_736_338_717));
        }
        // Erlang builds this list by prepending; popping from the end of ours reads it in the same order.
        Exs1024 {
            ahead: words,
            behind: Vec::new(),
        }
    }

    fn next(&mut self) -> u64 {
        if self.ahead.len() == 1 {
            self.ahead.splice(0..0, self.behind.drain(..));
        }
        let (s0, s1) = (self.ahead.pop().unwrap_or(1), self.ahead.pop().unwrap_or(1));
        let s1 = s1 ^ (s1 << 31);
        let s1 = s1 ^ (s1 >> 11);
        let next = (s0 ^ (s0 >> 30)) ^ s1;
        self.ahead.push(next);
        self.behind.insert(0, s0);
        next.wrapping_mul(1_181_783_497_276_652_981)
    }

    /// A number in `0.0..1.0`.
    fn uniform(&mut self) -> f64 {
        self.next() as f64 / 18_446_744_073_709_551_616.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hash_and_fall_as_erlang_computes_them() {
        // Vectors computed with OTP 25 (semantics 22.1): hash, then the bucket of 2, 5, 10 and 100.
        for (key, hash, buckets) in [
            ("", 13_708_901, [0, 0, 9, 45]),
            ("a", 112_802_447, [1, 1, 6, 47]),
            ("1", 59_054_609, [1, 2, 8, 76]),
            ("hello", 47_480_723, [1, 3, 9, 43]),
            ("routing.key.1", 131_643_808, [0, 0, 9, 67]),
            ("0123456789abcdef", 121_146_389, [1, 2, 2, 61]),
            ("123456789012345678901234567890", 25_820_590, [0, 3, 7, 90]),
        ] {
            assert_eq!(phash2_binary(key.as_bytes()), hash, "{key:?}");
            let fell = [2, 5, 10, 100].map(|count| jump(hash, count));
            assert_eq!(fell, buckets.map(Some), "{key:?}");
        }
        assert_eq!(
            [2, 5, 10, 100].map(|count| jump(UNDEFINED, count)),
            [1, 1, 1, 39].map(Some)
        );
    }

    #[test]
    fn headers_hash_with_their_type() {
        assert_eq!(phash2_field(Some(&Value::from("42"))), 128_626_258);
        assert_eq!(phash2_field(Some(&Value::I32(42))), 20_266_392);
        assert_eq!(phash2_field(Some(&Value::I64(42))), 125_087_646);
        // Computed with OTP 25.
        assert_eq!(phash2_field(Some(&Value::I32(-7))), 44_902_276);
        assert_eq!(phash2_field(Some(&Value::I32(200_000_000))), 14_774_475);
        assert_eq!(phash2_field(Some(&Value::I32(-200_000_000))), 25_412_691);
        assert_eq!(phash2_field(Some(&Value::Bool(true))), 32_030_443);
    }

    #[test]
    fn the_generator_is_erlangs() {
        let mut generator = Exs1024::seeded(1);
        assert_eq!(
            format!("{:.17}", generator.uniform()),
            "0.35999833001572473"
        );
        assert_eq!(
            format!("{:.17}", generator.uniform()),
            "0.92158854120571698"
        );
    }
}
