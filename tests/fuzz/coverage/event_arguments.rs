//! `decoders::event_arguments`, led by coverage.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    greenroom::examine("event_arguments", input, greenroom::decoders::event_arguments);
});
