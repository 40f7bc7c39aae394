//! Names: how long they may be, and which belong to the broker.

use crate::ui::amqp::forms::Problem;

/// AMQP's short strings hold at most 255 bytes; a Chinese character is three of them.
pub const MAX_BYTES: usize = 255;

/// A name that has to be there.
pub fn required(name: &str) -> Option<Problem> {
    if name.is_empty() {
        return Some(Problem::NameMissing);
    }
    optional(name)
}

/// A name that may be empty.
pub fn optional(name: &str) -> Option<Problem> {
    short_string(name).or_else(|| name.starts_with("amq.").then_some(Problem::Reserved))
}

/// Any short string, such as a routing key.
pub fn short_string(text: &str) -> Option<Problem> {
    let bytes = text.len();
    (bytes > MAX_BYTES).then_some(Problem::TooLong { bytes })
}

/// `base-1`, or the first number after it that is not `taken`.
pub fn free(base: &str, taken: impl Fn(&str) -> bool) -> String {
    (1u32..)
        .map(|number| format!("{base}-{number}"))
        .find(|name| !taken(name))
        .expect("names do not run out before numbers do")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_not_characters() {
        assert_eq!(short_string(&"a".repeat(255)), None);
        assert_eq!(
            short_string(&"a".repeat(256)),
            Some(Problem::TooLong { bytes: 256 })
        );
        assert_eq!(short_string(&"队".repeat(85)), None);
        assert_eq!(
            short_string(&"队".repeat(86)),
            Some(Problem::TooLong { bytes: 258 })
        );
    }

    #[test]
    fn the_brokers_own_names_are_a_warning_only() {
        let problem = required("amq.mine");
        assert_eq!(problem, Some(Problem::Reserved));
        assert!(problem.is_some_and(|problem| problem.is_warning()));
        assert_eq!(required("amqp"), None);
        assert_eq!(required(""), Some(Problem::NameMissing));
        assert_eq!(optional(""), None);
    }

    #[test]
    fn a_free_name_is_not_taken() {
        assert_eq!(free("producer", |name| name == "producer-1"), "producer-2");
    }
}
