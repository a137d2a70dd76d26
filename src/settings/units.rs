//! Durations, sizes and addresses as people write them.
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use serde::{
    Deserializer,
    de::{Error, Unexpected, Visitor},
};

/// Whole numbers of these alone, spelled like this. What the crates for it also take is not worth having in a bound: fractions that are
/// rounded, and `mb`, `M` or `K`, of which nobody knows whether they are powers of two.
const SIZES: [(&str, usize); 6] =
    [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("MB", 1_000_000), ("kB", 1_000), ("B", 1)];

/// Reads a text by a function, and says what was expected of it.
pub(super) struct Text<T> {
    pub expected: &'static str,
    pub read: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    /// A bare number is what a text without a unit says; which texts may go without is up to `read`.
    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        (self.read)(&number.to_string()).ok_or_else(|| E::invalid_type(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        (self.read)(&number.to_string()).ok_or_else(|| E::invalid_type(Unexpected::Signed(number), &self))
    }
}

/// A time can be added to any clock's without an overflow.
pub(super) const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// `"30s"`, `"15m"`, `"250ms"`, `"1h 30m"`.
pub(super) fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let read = |text: &str| humantime::parse_duration(text).ok().filter(|time| *time <= LONGEST);
    from.deserialize_any(Text { expected: "a duration such as \"30s\", at most 100 years", read })
}

/// `16384`, `"16KiB"`, `"1MiB"`: bytes.
pub(super) fn size<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    from.deserialize_any(Text { expected: "a size such as 16384 or \"1MiB\"", read: parse_size })
}

/// `"127.0.0.1:8080"`, `"[::1]:8080"`.
pub(super) fn address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    from.deserialize_any(Text { expected: "an address such as \"127.0.0.1:8080\"", read: |text| text.parse().ok() })
}

/// An address as the host of a URL.
pub fn url_host(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

fn parse_size(text: &str) -> Option<usize> {
    let unit = SIZES.iter().find(|(unit, _)| text.ends_with(unit));
    let (number, factor) = unit.map_or((text, 1), |(unit, factor)| (&text[..text.len() - unit.len()], *factor));
    number.trim().parse::<usize>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_number_of_bytes_or_has_a_unit() {
        assert_eq!(parse_size("16384"), Some(16_384));
        assert_eq!(parse_size("1MiB"), Some(1_048_576));
        assert_eq!(parse_size("128 KiB"), Some(131_072));
        for wrong in ["", "MiB", "-1", "1.5MiB", "1mb", "99999999999GiB"] {
            assert_eq!(parse_size(wrong), None, "{wrong:?}");
        }
    }
}
