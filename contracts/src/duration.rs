//! Durations as contracts write them: a number with `ms`, `s`, `m` or `h`.

/// The nanoseconds of `"2s"`, `"1.5s"` or `"100ms"`.
pub(crate) fn parse(text: &str) -> Option<i128> {
    let digits = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(digits);
    let unit: i128 = match unit {
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    let (negative, number) = number
        .strip_prefix('-')
        .map_or((false, number), |rest| (true, rest));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let scale = 10i128.pow(u32::try_from(fraction.len()).ok()?);
    let part = fraction.parse::<i128>().ok()?.checked_mul(unit)?;
    let nanos = whole
        .parse::<i128>()
        .ok()?
        .checked_mul(unit)?
        .checked_add(part / scale)?;
    Some(if negative { -nanos } else { nanos })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn durations() {
        for (text, nanos) in [
            ("2s", Some(2_000_000_000)),
            ("1.5s", Some(1_500_000_000)),
            ("100ms", Some(100_000_000)),
            ("2m", Some(120_000_000_000)),
            ("1h", Some(3_600_000_000_000)),
            ("-1s", Some(-1_000_000_000)),
            ("0s", Some(0)),
            ("s", None),
            ("2", None),
            ("2 s", None),
            ("2sec", None),
            ("1.s", None),
            (".5s", None),
            ("99999999999999999999999999999999999999h", None),
        ] {
            assert_eq!(parse(text), nanos, "{text}");
        }
    }
}
