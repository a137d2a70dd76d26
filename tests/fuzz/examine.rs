//! What must hold of a decoder and one input, whoever thought of the input.
use std::panic::catch_unwind;

use bytestring::ByteString;
use greenroom::protocol::socketio::{Assembled, Outgoing, write};
use peak_alloc::PeakAlloc;
use serde::de::IgnoredAny;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// No decoder may take more than so many bytes for each of its input.
const PER_BYTE: usize = 8;

/// What a decoder may take for any input, the empty one included; the printing of the test harness counts too.
const AT_ONCE: usize = 4096;

/// Reads its input. A whole packet that it makes of it must be sound.
pub type Decoder = fn(&ByteString) -> Option<Assembled>;

/// Fails if `decode` takes too much memory, panics, or makes something unsound. Says how many bytes it took for each of the
/// input's.
pub fn examine(name: &str, input: &[u8], decode: Decoder) -> f64 {
    let input = ByteString::from(String::from_utf8_lossy(input).into_owned());
    let bound = PER_BYTE * input.len() + AT_ONCE;
    let (mut taken, assembled) = memory_of(&input, decode);
    if taken > bound {
        // The harness reports on another test just now, perhaps. A decoder takes the same each time.
        taken = (0..9).map(|_| memory_of(&input, decode).0).fold(taken, usize::min);
    }
    assert!(taken <= bound, "{name}: {taken} bytes for {} of {input:?}", input.len());
    assembled.into_iter().for_each(|assembled| read(&assembled));
    taken.saturating_sub(AT_ONCE) as f64 / input.len().max(1) as f64
}

/// Bytes that `decode` held at once beyond those that it found, and what it made.
fn memory_of(input: &ByteString, decode: Decoder) -> (usize, Option<Assembled>) {
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
