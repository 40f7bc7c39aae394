//! base64url without padding (RFC 4648, section 5).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Appends `bytes` to `text`.
pub fn encode(bytes: &[u8], text: &mut String) {
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..=chunk.len() {
            let six = (bits >> (18 - 6 * place)) & 63;
            text.push(char::from(ALPHABET[six as usize]));
        }
    }
}

/// The bytes; none if `text` is no base64url.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    for chunk in text.as_bytes().chunks(4) {
        // One character alone carries six bits: no byte.
        if chunk.len() == 1 {
            return None;
        }
        let mut bits = 0;
        for place in 0..4 {
            let six = match chunk.get(place) {
                Some(character) => six_bits(*character)?,
                None => 0,
            };
            bits = bits << 6 | six;
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    Some(bytes)
}

fn six_bits(character: u8) -> Option<u32> {
    Some(u32::from(match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'-' | b'+' => 62,
        b'_' | b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_comes_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        for length in 0..=bytes.len() {
            let mut text = String::new();
            encode(&bytes[..length], &mut text);
            assert_eq!(decode(&text).as_deref(), Some(&bytes[..length]));
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        assert_eq!(decode("a"), None);
        assert_eq!(decode("a*bc"), None);
        assert_eq!(decode("ab=="), None);
    }
}
