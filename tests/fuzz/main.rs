//! Seeded mutation of good and bad input, for every decoder that a stranger reaches. Each input must come to an end
//! without a panic and without much more memory than it has bytes itself.
//!
//! `FUZZ_SECONDS` says how long each decoder is fuzzed (1 by default), `FUZZ_SEED` which way is gone. An input that fails
//! is printed, and belongs among the tests of `tests/protocol/`.

mod decoders;
mod mutate;

use std::{
    panic::catch_unwind,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytestring::ByteString;
use greenroom::protocol::socketio::{Assembled, Outgoing, write};
use peak_alloc::PeakAlloc;
use serde::de::IgnoredAny;

use self::mutate::Mutator;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory is counted for the whole process, so one decoder at a time.
static TURN: Mutex<()> = Mutex::new(());

/// No decoder may take more than so many bytes for each of its input.
const PER_BYTE: usize = 8;

/// What a decoder may take for any input, the empty one included; the printing of the test harness counts too.
const AT_ONCE: usize = 4096;

/// Fuzzes `decode` from `corpus`. If it makes a whole packet of its input, that must be sound.
fn fuzz(name: &str, corpus: &[&[u8]], decode: fn(&ByteString) -> Option<Assembled>) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let time = Duration::from_secs(number("FUZZ_SECONDS").unwrap_or(1));
    let mut mutator = Mutator::new(corpus, number("FUZZ_SEED").unwrap_or(1));
    let (start, mut inputs, mut most) = (Instant::now(), 0u64, 0.0f64);
    while inputs % 256 != 0 || start.elapsed() < time {
        let input = ByteString::from(String::from_utf8_lossy(mutator.next()).into_owned());
        let bound = PER_BYTE * input.len() + AT_ONCE;
        let (mut taken, assembled) = memory_of(&input, decode);
        if taken > bound {
            // The harness reports on another test just now, perhaps. A decoder takes the same each time.
            taken = (0..9).map(|_| memory_of(&input, decode).0).fold(taken, usize::min);
        }
        assert!(taken <= bound, "{name}: {taken} bytes for {} of {input:?}", input.len());
        assembled.into_iter().for_each(|assembled| read(&assembled));
        most = most.max(taken.saturating_sub(AT_ONCE) as f64 / input.len().max(1) as f64);
        inputs += 1;
    }
    println!("{name}: {inputs} inputs in {:.0?}, at most {most:.2} bytes for each", start.elapsed());
}

/// Bytes that `decode` held at once beyond those that it found, and what it made.
fn memory_of(input: &ByteString, decode: fn(&ByteString) -> Option<Assembled>) -> (usize, Option<Assembled>) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    match catch_unwind(|| decode(input)) {
        Ok(assembled) => (MEMORY.peak_usage().saturating_sub(before), assembled),
        Err(_) => panic!("a decoder panicked on {input:?}"),
    }
}

/// Looks at all that a handler can look at, and says it back.
fn read(assembled: &Assembled) {
    let (Assembled::Event { event, .. } | Assembled::Ack { answer: event, .. }) = assembled else { return };
    let args: Vec<&str> = event.raw_args().collect();
    for (n, arg) in args.iter().enumerate() {
        assert!(serde_json::from_str::<IgnoredAny>(arg).is_ok(), "{arg:?} of {event:?} is no JSON");
        assert!(n > 10 || event.arg(n) == Some(arg));
    }
    let array = format!("[{}]", args.join(","));
    write(Outgoing::Event(event.ack), "/", &array, event.attachments()).expect("every placeholder names an attachment");
}
