//! Characters that cannot be seen, shown: those that turn the direction of writing or take no room could make one name
//! look like another.

/// `text` with every such character as its number between marks: `a⟨202E⟩b`.
pub fn visible(text: &str) -> String {
    if !text.chars().any(is_hidden) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            shown.push_str(&format!("⟨{:04X}⟩", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Controls, marks of direction, and what has no width.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_the_writing_is_shown_and_all_else_left_alone() {
        let check = |text: &str, expected: &str| assert_eq!(visible(text), expected);
        check("orders.订单", "orders.订单");
        check("a\u{202e}b", "a⟨202E⟩b");
        check("\u{200b}orders\u{feff}", "⟨200B⟩orders⟨FEFF⟩");
        check("a\tb", "a⟨0009⟩b");
        check("naïve é עברית", "naïve é עברית");
    }
}
