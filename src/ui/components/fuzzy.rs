//! How well a few typed letters fit a name: each word's letters in their order, best together and at beginnings.

/// How well `typed` fits `text`; nothing when it does not. Both in lower case.
pub fn fit(typed: &str, text: &str) -> Option<i32> {
    let letters: Vec<char> = text.chars().collect();
    typed.split_whitespace().try_fold(0, |sum, word| {
        let word: Vec<char> = word.chars().collect();
        Some(sum + fit_word(&word, &letters)?)
    })
}

/// The best fit of one word, wherever it begins.
fn fit_word(word: &[char], text: &[char]) -> Option<i32> {
    let first = *word.first()?;
    (0..text.len())
        .filter(|&start| text[start] == first)
        .filter_map(|start| fit_from(word, text, start))
        .max()
}

fn fit_from(word: &[char], text: &[char], start: usize) -> Option<i32> {
    let mut score = 0;
    let mut at = start;
    let mut before = None;
    for letter in word {
        let place = at + text[at..].iter().position(|other| other == letter)?;
        score += 1;
        if begins_a_word(text, place) {
            score += 6;
        }
        match before {
            Some(before) if place == before + 1 => score += 5,
            // A gap costs, but not more than the letter is worth.
            Some(before) => score -= ((place - before) as i32 / 4).min(3),
            None => {}
        }
        before = Some(place);
        at = place + 1;
    }
    // The shorter of two names that fit alike is more likely meant.
    Some(score * 8 - (text.len() as i32 / 16))
}

fn begins_a_word(text: &[char], place: usize) -> bool {
    let Some(before) = place.checked_sub(1).and_then(|before| text.get(before)) else {
        return true;
    };
    // In Chinese every letter is a word.
    !before.is_alphanumeric() || !text[place].is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best<'a>(typed: &str, texts: &[&'a str]) -> Vec<&'a str> {
        let mut found: Vec<(i32, &str)> = texts
            .iter()
            .filter_map(|text| Some((fit(typed, text)?, *text)))
            .collect();
        found.sort_by_key(|(score, _)| -score);
        found.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn beginnings_and_letters_together_come_first() {
        let texts = [
            "purge queue audit",
            "add a new queue",
            "go to queue work",
            "dark theme",
        ];
        assert_eq!(best("aq", &texts).first(), Some(&"add a new queue"));
        assert_eq!(best("queue", &texts).len(), 3);
        assert_eq!(best("pq", &texts), ["purge queue audit"]);
        assert_eq!(best("work queue", &texts), ["go to queue work"]);
    }

    #[test]
    fn letters_that_are_not_there_fit_nothing() {
        assert_eq!(fit("xyz", "dark theme"), None);
        assert_eq!(fit("", "dark theme"), Some(0));
    }

    #[test]
    fn chinese_is_found_letter_by_letter() {
        let texts = ["新增队列 add a new queue", "新增交换机 add a new exchange"];
        assert_eq!(best("队列", &texts), [texts[0]]);
        assert_eq!(best("新交", &texts), [texts[1]]);
    }
}
