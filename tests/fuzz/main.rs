//! Seeded mutation of good and bad input, for every decoder that a stranger reaches. Each input must come to an end
//! without a panic and without much more memory than it has bytes itself.
//!
//! `FUZZ_SECONDS` says how long each decoder is fuzzed (1 by default), `FUZZ_SEED` which way is gone. An input that fails
//! is printed, and belongs among the tests of `tests/protocol/`. `coverage/` does the same by hand and for longer, led by
//! which lines an input reaches.

mod decoders;
mod examine;
mod mutate;
mod seeds;

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use self::{
    examine::{Decoder, examine},
    mutate::Mutator,
};

/// Memory is counted for the whole process, so one decoder at a time.
static TURN: Mutex<()> = Mutex::new(());

/// Fuzzes `decode` from `corpus`.
fn fuzz(name: &str, corpus: &[&[u8]], decode: Decoder) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let time = Duration::from_secs(number("FUZZ_SECONDS").unwrap_or(1));
    let mut mutator = Mutator::new(corpus, number("FUZZ_SEED").unwrap_or(1));
    let start = Instant::now();
    let mut inputs = 0u64;
    let mut most = 0.0f64;
    while !inputs.is_multiple_of(256) || start.elapsed() < time {
        most = most.max(examine(name, mutator.next(), decode));
        inputs += 1;
    }
    println!("{name}: {inputs} inputs in {:.0?}, at most {most:.2} bytes for each", start.elapsed());
}
