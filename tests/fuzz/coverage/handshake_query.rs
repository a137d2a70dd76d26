//! `decoders::handshake_query`, led by coverage.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    greenroom::examine("handshake_query", input, greenroom::decoders::handshake_query);
});
