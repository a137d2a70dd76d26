//! The log as the tests of this program see it.
use std::sync::{Mutex, Once};

use log::{Level, LevelFilter, Log, Metadata, Record};

static LINES: Mutex<Vec<(Level, String)>> = Mutex::new(Vec::new());
static START: Once = Once::new();

struct Kept;

impl Log for Kept {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.target().starts_with("greenroom")
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            LINES.lock().unwrap().push((record.level(), record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

/// From now on lines are kept, whichever test they come from.
pub fn keep() {
    START.call_once(|| {
        log::set_logger(&Kept).unwrap();
        log::set_max_level(LevelFilter::Debug);
    });
}

/// The lines so far that hold `part`, with their levels.
pub fn told(part: &str) -> Vec<(Level, String)> {
    LINES.lock().unwrap().iter().filter(|(_, line)| line.contains(part)).cloned().collect()
}

/// Those of errors.
pub fn errors(part: &str) -> Vec<String> {
    told(part).into_iter().filter(|(level, _)| *level == Level::Error).map(|(_, line)| line).collect()
}
