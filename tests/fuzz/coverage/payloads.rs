//! `decoders::payloads`, led by coverage.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    greenroom::examine("payloads", input, greenroom::decoders::payloads);
});
