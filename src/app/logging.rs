//! The log: to stderr, as talkative as `log.level` says, or as `RUST_LOG` says if it is set. Here alone is decided what a line may
//! look like, so whatever is logged is one line of characters that can be seen.
use std::{
    backtrace::{Backtrace, BacktraceStatus},
    borrow::Cow,
    env,
    fs::File,
    io::{self, IsTerminal, Write},
    os::fd::AsFd,
    thread::{self, Builder},
    time::{Duration, SystemTime},
};

use actix_rt::time::sleep;
use env_logger::{Target, WriteStyle};
use log::{LevelFilter, Log, Metadata, Record};

use super::{
    Failure,
    library_lines::{self, Throttled},
    log_queue::Queue,
};
use crate::{measure, panics};

const ENVIRONMENT: &str = "RUST_LOG";

/// Nothing is summed up more often than once a minute; this is how late it may be.
const BETWEEN_SUMS: Duration = Duration::from_secs(10);
/// How long a process that ends waits for its last lines to be read.
const PATIENCE: Duration = Duration::from_secs(1);
/// The same for a thread that panics, after which the process may be gone.
const PANIC_PATIENCE: Duration = Duration::from_millis(200);

/// Crates that know secrets or message bodies and might print them when asked to be talkative.
const DISCREET: [&str; 10] = [
    "actix_http",
    "actix_server",
    "actix_web",
    "h2",
    "lettre",
    "mio",
    "rustls",
    "sea_orm",
    "sea_orm_migration",
    "sqlx",
];

static QUEUE: Queue = Queue::new();

/// Starts the log, at `info` until the settings are read. Whatever is asked for, libraries say no more than their warnings.
///
/// # Errors
/// If there is a log already, or no thread for it.
pub fn start() -> Result<(), Failure> {
    let mut builder = env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("trace"));
    for library in DISCREET {
        builder.filter_module(library, LevelFilter::Warn);
    }
    builder.target(Target::Pipe(Box::new(Lines)));
    if io::stderr().is_terminal() && ["NO_COLOR", "RUST_LOG_STYLE"].iter().all(|name| env::var_os(name).is_none()) {
        builder.write_style(WriteStyle::Always);
    }
    let escaping = Escaping(builder.build());
    // Not by the handle of the standard library: its lock would be held for as long as a reader stalls.
    let stderr = File::from(io::stderr().as_fd().try_clone_to_owned()?);
    Builder::new().name("log".into()).spawn(move || QUEUE.write_to(stderr, dropped_line))?;
    log::set_max_level(escaping.0.filter());
    log::set_boxed_logger(Box::new(Throttled(escaping)))?;
    panics::tell_uncaught(|panic| {
        let thread = thread::current();
        let what = panic.payload_as_str().unwrap_or("a value that is no text");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        push(&line("ERROR", &format!("thread {:?} panicked at {place}: {what}", thread.name().unwrap_or("?"))));
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            trace.to_string().lines().for_each(|frame| push(&line("ERROR", frame)));
        }
        QUEUE.flush(PANIC_PATIENCE);
    });
    set_level(LevelFilter::Info);
    Ok(())
}

/// Tells, for as long as the server runs, how often what was told came again.
pub(super) async fn sum_up() {
    loop {
        sleep(BETWEEN_SUMS).await;
        measure::sum_up();
        library_lines::sum_up();
    }
}

/// Lines less important than `level` are dropped from now on. `RUST_LOG` can be finer than a level, so it stays as it is.
pub fn set_level(level: LevelFilter) {
    if env::var_os(ENVIRONMENT).is_none() {
        log::set_max_level(level);
    }
}

/// Says why a command failed, behind all that was logged before, and waits until it is written. No level drops it.
pub fn tell_failure(failure: &Failure) {
    push(&format!("greenroom: {}\n", visible(&failure.to_string())));
    QUEUE.flush(PATIENCE);
}

/// How many lines were dropped because whoever reads them was too slow.
pub(super) fn dropped() -> u64 {
    QUEUE.dropped()
}

/// Has the logger that formats see nothing but visible characters.
struct Escaping(env_logger::Logger);

impl Log for Escaping {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.0.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if self.0.matches(record) {
            let text = record.args().to_string();
            let mut seen = Record::builder();
            seen.metadata(record.metadata().clone()).module_path(record.module_path());
            seen.file(record.file()).line(record.line());
            self.0.log(&seen.args(format_args!("{}", visible(&text))).build());
        }
    }

    fn flush(&self) {
        QUEUE.flush(PATIENCE);
    }
}

/// Where the logger that formats writes its lines, each in one piece.
struct Lines;

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        QUEUE.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn push(line: &str) {
    QUEUE.push(line.as_bytes());
}

fn dropped_line(lines: u64) -> String {
    line("WARN ", &format!("{lines} lines of log were dropped here: whoever reads them was too slow"))
}

/// A line that does not come from a logger, as those of loggers look.
fn line(level: &str, text: &str) -> String {
    let now = humantime::format_rfc3339_seconds(SystemTime::now());
    format!("[{now} {level} {}] {}\n", module_path!(), visible(text))
}

/// A text without what ends a line, commands a terminal, turns the direction of writing or cannot be seen: that is written as its
/// number, as it is in Rust.
fn visible(text: &str) -> Cow<'_, str> {
    const QUOTES: [char; 3] = ['"', '\'', '\\'];
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len());
    for piece in text.split_inclusive(QUOTES) {
        let unquoted = piece.trim_end_matches(QUOTES);
        escaped.extend(unquoted.escape_debug());
        escaped.push_str(&piece[unquoted.len()..]);
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_seen_stays_as_it_is() {
        for text in ["", "plain", "it's \"so\" \\ so", "Ärger für José", "שלום", "日本語 😀", "ke\u{301}y"]
        {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn what_cannot_be_seen_or_moves_what_can_is_written_as_a_number() {
        let commands = (0..0x20).chain(0x7f..0xa0).chain([0xad, 0x61c, 0x180e]);
        let directions = (0x200b..0x2010).chain(0x2028..0x202f).chain(0x2060..0x2070);
        let rest = [0xfeff, 0xfff9, 0xfffb, 0x110bd, 0x1d173, 0xe0001, 0xe0020, 0xe007f, 0xe000, 0x10_ffff];
        for code in commands.chain(directions).chain(rest) {
            let c = char::from_u32(code).unwrap();
            for text in [format!("{c}"), format!("a'{c}b"), format!("\"a{c}\u{e9}")] {
                let seen = visible(&text);
                assert!(!seen.contains(c) && seen.contains('\\'), "{code:#x}: {seen:?}");
            }
        }
        assert_eq!(visible("a\u{202e}b\n[2026 INFO x] c"), "a\\u{202e}b\\n[2026 INFO x] c");
    }
}
