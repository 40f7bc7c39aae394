//! Terms as Erlang's `~p` writes them, for RabbitMQ's own reply texts (semantics 2.18). Long ones are not wrapped.

/// A binary: `<<"text">>` where every octet can be printed, else `<<1,2,206>>`.
pub fn binary(octets: &[u8]) -> String {
    if octets.is_empty() {
        return "<<>>".to_string();
    }
    if octets.iter().all(|&octet| is_printable(octet)) {
        let text: String = octets.iter().map(|&octet| escaped(octet)).collect();
        return format!("<<\"{text}\">>");
    }
    self::octets(octets)
}

/// A binary as `~w` writes it: always as numbers.
pub fn octets(octets: &[u8]) -> String {
    let numbers: Vec<String> = octets.iter().map(u8::to_string).collect();
    format!("<<{}>>", numbers.join(","))
}

fn is_printable(octet: u8) -> bool {
    matches!(octet, 8..=13 | 27 | 32..=126 | 160..=255)
}

fn escaped(octet: u8) -> String {
    match octet {
        8 => "\\b".to_string(),
        9 => "\\t".to_string(),
        10 => "\\n".to_string(),
        11 => "\\v".to_string(),
        12 => "\\f".to_string(),
        13 => "\\r".to_string(),
        27 => "\\e".to_string(),
        b'"' => "\\\"".to_string(),
        b'\\' => "\\\\".to_string(),
        other => char::from(other).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::binary;

    /// Semantics 2.18.
    #[test]
    fn a_binary_is_text_only_when_all_of_it_can_be_printed() {
        assert_eq!(binary(b""), "<<>>");
        assert_eq!(binary(b"abc"), "<<\"abc\">>");
        assert_eq!(binary(b"a\"b"), "<<\"a\\\"b\">>");
        assert_eq!(binary(&[1, 2, 206]), "<<1,2,206>>");
    }
}
