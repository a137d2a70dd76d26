//! How often something may happen, as people write it.
use std::{str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer};

use super::units::{LONGEST, Text};

/// `count` in every `per` on average, `burst` of them at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: u32,
    /// In which time.
    pub per: Duration,
    /// How many at once after a pause.
    pub burst: u32,
}

impl Rate {
    /// One, and then a pause.
    pub fn once_per(per: Duration) -> Self {
        Self { count: 1, per, burst: 1 }
    }
}

impl FromStr for Rate {
    type Err = ();

    /// `5 per 15m`, or `200 per 1s, burst 400`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (rate, burst) = match text.split_once(", burst ") {
            Some((rate, burst)) => (rate, Some(burst)),
            None => (text, None),
        };
        let (count, per) = rate.split_once(" per ").ok_or(())?;
        let number = |text: &str| text.trim().parse::<u32>().ok().filter(|number| *number > 0).ok_or(());
        let per = humantime::parse_duration(per.trim()).map_err(|_| ())?;
        let count = number(count)?;
        let burst = burst.map_or(Ok(count), number)?;
        let until_idle = (per / count).checked_mul(burst).filter(|time| *time <= LONGEST);
        if per.is_zero() || until_idle.is_none() { Err(()) } else { Ok(Self { count, per, burst }) }
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "a rate such as \"5 per 15m\" or \"200 per 1s, burst 400\"";
        from.deserialize_any(Text { expected, read: |text| text.parse().ok() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_a_span_and_perhaps_a_burst() {
        let quarter = Duration::from_secs(15 * 60);
        assert_eq!("5 per 15m".parse(), Ok(Rate { count: 5, per: quarter, burst: 5 }));
        let second = Duration::from_secs(1);
        assert_eq!("200 per 1s, burst 400".parse(), Ok(Rate { count: 200, per: second, burst: 400 }));
        for wrong in ["", "5", "5 per", "0 per 1s", "5 per 0s", "-1 per 1s", "5 per 1s, burst 0", "many per 1s"] {
            assert_eq!(wrong.parse::<Rate>(), Err(()), "{wrong:?}");
        }
    }
}
