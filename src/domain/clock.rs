//! Points in time as the wire and the database know them.
use std::{
    cell::Cell,
    time::{Duration, SystemTime},
};

use serde::{Serialize, Serializer};
use time::{
    OffsetDateTime,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};

const ISO: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");

/// Milliseconds since 1970, UTC. Times order nothing: `Seq` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The present moment.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self(since.as_millis() as i64)
    }

    /// The moment `span` after this one.
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.as_millis() as i64))
    }

    /// The moment `span` before this one.
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span.as_millis() as i64))
    }

    /// How long after `earlier` this is; zero if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0).max(0) as u64)
    }

    /// A time as RFC 3339 writes it, in a year of four digits in UTC too: others cannot be written again.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_utc()?;
        let millis = i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).ok()?;
        (0..=9_999).contains(&at.year()).then_some(Self(millis))
    }

    /// ISO 8601 in UTC with milliseconds.
    fn iso(self) -> Iso {
        let second = self.0.div_euclid(1000);
        let millis = self.0.rem_euclid(1000);
        let at = LAST.get().filter(|(last, _)| *last == second).map_or_else(|| to_the_second(second), |(_, at)| at);
        LAST.set(Some((second, at)));
        let mut iso = *b"0000-00-00T00:00:00.000Z";
        iso[..at.len()].copy_from_slice(&at);
        for (digit, value) in iso[at.len() + 1..].iter_mut().zip([millis / 100, millis / 10 % 10, millis % 10]) {
            *digit = b'0' + value as u8;
        }
        iso
    }
}

type Iso = [u8; "2026-01-31T09:30:00.000Z".len()];

fn text(iso: &Iso) -> &str {
    str::from_utf8(iso).expect("digits and dashes are text")
}

type Second = [u8; "2026-01-31T09:30:00".len()];

thread_local! {
    /// Most times that a busy server writes lie in the same second as the one before.
    static LAST: Cell<Option<(i64, Second)>> = const { Cell::new(None) };
}

fn to_the_second(second: i64) -> Second {
    let text = OffsetDateTime::from_unix_timestamp(second).ok().and_then(|at| at.format(ISO).ok());
    text.and_then(|text| text.as_bytes().try_into().ok()).unwrap_or(*b"1970-01-01T00:00:00")
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text(&self.iso()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_was_written() {
        for (text, millis) in [
            ("2026-01-31T09:30:00.007Z", Some(1_769_851_800_007)),
            ("2026-01-31T10:30:00+01:00", Some(1_769_851_800_000)),
            ("2026-01-31", None),
            ("2026-13-01T00:00:00Z", None),
            ("", None),
        ] {
            assert_eq!(Timestamp::parse(text), millis.map(Timestamp), "{text}");
        }
    }

    #[test]
    fn every_time_that_is_taken_can_be_written() {
        let taken = |text: &str| Timestamp::parse(text).map(|at| self::text(&at.iso()).to_owned());
        for first_or_last in ["0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"] {
            assert_eq!(taken(first_or_last).as_deref(), Some(first_or_last));
        }
        for beyond in ["0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
            assert_eq!(taken(beyond), None, "{beyond}");
        }
        let (first, last) = (-62_167_219_200_000_i64, 253_402_300_799_999_i64);
        for at in (first..=last).step_by(31_556_952_017) {
            assert_eq!(Timestamp::parse(text(&Timestamp(at).iso())), Some(Timestamp(at)));
        }
    }

    #[test]
    fn a_time_is_written_with_milliseconds_and_z() {
        assert_eq!(text(&Timestamp(1_769_851_800_007).iso()), "2026-01-31T09:30:00.007Z");
        assert_eq!(text(&Timestamp(1_769_851_800_999).iso()), "2026-01-31T09:30:00.999Z");
        assert_eq!(text(&Timestamp(1_769_851_801_000).iso()), "2026-01-31T09:30:01.000Z");
        assert_eq!(text(&Timestamp(-1).iso()), "1969-12-31T23:59:59.999Z");
    }
}
