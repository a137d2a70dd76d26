//! `decoders::packets`, led by coverage.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    greenroom::examine("packets", input, greenroom::decoders::packets);
});
