//! How much memory reading a picture takes.
use std::sync::{Mutex, PoisonError};

use greenroom::media::Format;
use peak_alloc::PeakAlloc;

use crate::{
    FORMATS, clean,
    making::{drawn, file},
};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory is counted for the whole process.
static TURN: Mutex<()> = Mutex::new(());

/// What `work` makes, and how many bytes it held at once beyond those that were there.
pub fn taken<T>(work: impl Fn() -> T) -> (T, usize) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let measured = || {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        (work(), MEMORY.peak_usage().saturating_sub(before))
    };
    // Other tests run at the same time; the work takes the same each time.
    (0..3).map(|_| measured()).min_by_key(|(_, bytes)| *bytes).expect("it was measured")
}

/// Bytes for each pixel of a large picture, the file aside, at most.
fn most(format: Format) -> usize {
    match format {
        Format::Jpeg | Format::Png => 1,
        Format::Gif => 1,
        Format::Webp => 9,
    }
}

#[test]
fn a_large_picture_takes_no_more_memory_than_is_said() {
    // Writing a GIF takes too long where nothing is optimized.
    for format in FORMATS.into_iter().filter(|format| *format != Format::Gif) {
        let bytes = file(format, &drawn(2000, 1500));
        let (picture, memory) = taken(|| clean(format, &bytes).unwrap());
        println!("{format:?}: {} bytes of file, {memory} of memory", bytes.len());
        assert_eq!((picture.width, picture.height), (2000, 1500));
        let bound = 3_000_000 * most(format) + 2 * bytes.len() + 32_000_000;
        assert!(memory < bound, "{format:?} took {memory} bytes");
    }
}
