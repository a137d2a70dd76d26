//! The log as the tests of this program see it: lines are kept, and one that a test has poisoned panics whoever writes it.
use std::sync::{Mutex, Once};

use log::{LevelFilter, Log, Metadata, Record};

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
static START: Once = Once::new();

struct Kept;

impl Log for Kept {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.target().starts_with("greenroom")
    }

    fn log(&self, record: &Record) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = record.args().to_string();
        // Whoever is refused, and not the code, which is another one after the panic.
        let refused = line.strip_prefix("refused poison").and_then(|rest| rest.rsplit_once(": "));
        let refused = refused.map(|(who, _)| format!("refused poison{who}"));
        let mut lines = LINES.lock().unwrap();
        let poisoned = refused.is_some_and(|refused| !lines.iter().any(|line| line.starts_with(&refused)));
        lines.push(line);
        drop(lines);
        assert!(!poisoned, "the log is poisoned");
    }

    fn flush(&self) {}
}

/// From now on lines are kept, whichever test they come from. A refusal that names an event with `poison` in it panics, once.
pub fn keep() {
    START.call_once(|| {
        log::set_logger(&Kept).unwrap();
        log::set_max_level(LevelFilter::Debug);
    });
}

/// The lines so far that hold `part`.
pub fn lines(part: &str) -> Vec<String> {
    LINES.lock().unwrap().iter().filter(|line| line.contains(part)).cloned().collect()
}
