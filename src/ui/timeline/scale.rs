//! The scale of a time axis: it ends at a round time with a little room, so that it does not move at every step.

/// Round distances, in milliseconds.
const ROUND: [u64; 14] = [
    1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
    3_600_000, 7_200_000, 21_600_000,
];

/// The distance between the labels of an axis that has to show `end_ms`.
pub fn label_step(end_ms: u64) -> u64 {
    let fits = |step: &&u64| end_ms / **step < 6;
    let largest = ROUND[ROUND.len() - 1];
    ROUND.iter().find(fits).copied().unwrap_or_else(|| {
        let times = (end_ms / 6).div_ceil(largest);
        largest * times.max(1)
    })
}

/// Where an axis ends that has to show `end_ms`: at the next label, and never at the very end.
pub fn scale_end(end_ms: u64) -> u64 {
    let step = label_step(end_ms).max(5_000) / 5;
    (end_ms / step + 1) * step
}

/// The labels of an axis, with their times.
pub fn labels(end_ms: u64) -> Vec<(u64, String)> {
    let step = label_step(end_ms);
    (0..=end_ms / step)
        .map(|n| n * step)
        .map(|at| (at, label(at)))
        .collect()
}

fn label(at_ms: u64) -> String {
    let seconds = at_ms / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_room_and_few_labels() {
        for end in [
            0,
            1,
            900,
            999,
            1_000,
            12_345,
            59_000,
            3_600_000,
            400_000_000,
        ] {
            let scale = scale_end(end);
            assert!(
                scale > end && scale <= end + end / 4 + 1_000,
                "{end}: {scale}"
            );
            assert!(
                (1..=9).contains(&labels(scale).len()),
                "{end}: {:?}",
                labels(scale)
            );
        }
        let texts: Vec<String> = labels(70_000).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["0 s", "15 s", "30 s", "45 s", "1:00"]);
    }
}
