//! Warnings of libraries. Strangers can cause some of them as often as they like, such as those about broken HTTP or TLS: each
//! is written at most once a minute.
use std::time::Instant;

use log::{Level, Log, Metadata, Record};

use crate::measure::Told;

/// Our own lines begin with this.
const OURS: &str = env!("CARGO_PKG_NAME");
const KIND: &str = "the same line";

/// What was written, by its place in the source.
static WRITTEN: Told = Told::new();

/// A log that writes a line of a library seldom.
pub(super) struct Throttled<L>(pub(super) L);

impl<L: Log> Log for Throttled<L> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.0.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        let repeats = record.level() <= Level::Warn && !record.target().starts_with(OURS);
        if !repeats || !self.enabled(record.metadata()) {
            return self.0.log(record);
        }
        let place = format!("{}:{}", record.target(), record.line().unwrap_or_default());
        if WRITTEN.count(record.level(), KIND, &place, Instant::now()).is_some() {
            self.0.log(record);
        }
    }

    fn flush(&self) {
        self.0.flush();
    }
}

/// Tells how often lines came again that were not written.
pub(super) fn sum_up() {
    WRITTEN.sum_up();
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Kept(Mutex<Vec<String>>);

    impl Log for Kept {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.level() <= Level::Warn
        }

        fn log(&self, record: &Record<'_>) {
            if self.enabled(record.metadata()) {
                self.0.lock().unwrap().push(format!("{} {}", record.target(), record.args()));
            }
        }

        fn flush(&self) {}
    }

    #[test]
    fn a_line_of_a_library_is_written_once_and_each_of_ours_every_time() {
        let throttled = Throttled(Kept::default());
        let say = |target: &str, line: u32, level: Level| {
            let args = format_args!("at {line}");
            throttled.log(&Record::builder().target(target).line(Some(line)).level(level).args(args).build());
        };
        for _ in 0..3 {
            say("tests_of_a_library", 1, Level::Error);
            say("tests_of_a_library::inside", 2, Level::Warn);
            say("greenroom::app", 3, Level::Error);
            say("tests_of_a_library", 4, Level::Info);
        }
        let written = throttled.0.0.into_inner().unwrap();
        let of = |target: &str| written.iter().filter(|line| line.starts_with(target)).count();
        assert_eq!((of("tests_of_a_library at 1"), of("tests_of_a_library::inside"), of("greenroom")), (1, 1, 3));
        assert_eq!(written.len(), 5);
    }
}
