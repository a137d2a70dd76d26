//! `decoders::attachments`, led by coverage.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    greenroom::examine("attachments", input, greenroom::decoders::attachments);
});
