//! Tells what an upload is while it comes in: from its beginning, and for text from every byte of it.
mod iso;
mod magic;
mod mp3;
mod webm;

use std::str;

use super::MediaType;

/// So much of the beginning is looked at.
const HEAD: usize = 64 * 1024;

/// Fed with the chunks of one upload; holds its first 64 KiB and no more.
#[derive(Debug, Default)]
pub struct Sniffer {
    head: Vec<u8>,
    text: Text,
}

impl Sniffer {
    /// The next bytes.
    pub fn feed(&mut self, chunk: &[u8]) {
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(&chunk[..chunk.len().min(room)]);
        self.text.feed(chunk);
    }

    /// What all of them together are.
    pub fn finish(self) -> MediaType {
        let marked = magic::of(&self.head);
        marked.unwrap_or(if self.text.whole() { MediaType::Text } else { MediaType::Other })
    }
}

/// Whether bytes are UTF-8 without NUL, so far.
#[derive(Debug, Default)]
struct Text {
    broken: bool,
    /// The beginning of a character whose end has not come.
    begun: Vec<u8>,
}

impl Text {
    fn feed(&mut self, chunk: &[u8]) {
        let mut rest = chunk;
        // A character has at most four bytes, so this ends after three rounds.
        while !self.begun.is_empty() && !self.broken {
            let Some((byte, after)) = rest.split_first() else { return };
            rest = after;
            let mut begun = std::mem::take(&mut self.begun);
            begun.push(*byte);
            self.check(&begun);
        }
        self.check(rest);
    }

    fn check(&mut self, bytes: &[u8]) {
        self.broken = self.broken || memchr::memchr(0, bytes).is_some();
        if self.broken {
            return;
        }
        if let Err(fault) = str::from_utf8(bytes) {
            match fault.error_len() {
                None => self.begun = bytes[fault.valid_up_to()..].to_vec(),
                Some(_) => self.broken = true,
            }
        }
    }

    fn whole(&self) -> bool {
        !self.broken && self.begun.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::media::Format;

    fn sniff(bytes: &[u8]) -> MediaType {
        let mut sniffer = Sniffer::default();
        sniffer.feed(bytes);
        sniffer.finish()
    }

    #[test]
    fn bytes_say_what_they_are() {
        let cases: &[(&[u8], MediaType)] = &[
            (b"\xff\xd8\xff\xe0", MediaType::Picture(Format::Jpeg)),
            (b"\x89PNG\r\n\x1a\n", MediaType::Picture(Format::Png)),
            (b"GIF89a", MediaType::Picture(Format::Gif)),
            (b"RIFF\x04\0\0\0WEBP", MediaType::Picture(Format::Webp)),
            (b"RIFF\x04\0\0\0WAVEfmt ", MediaType::Wav),
            (b"OggS\0\x02", MediaType::Ogg),
            (b"%PDF-1.7", MediaType::Pdf),
            (b"PK\x03\x04", MediaType::Zip),
            (b"<svg onload=alert(1)>", MediaType::Text),
            (b"BM is how this text begins", MediaType::Text),
            (b"BM\0", MediaType::Other),
            (b"\xff\xfe", MediaType::Other),
            (b"half a character \xc3", MediaType::Other),
            (b"II*\0\x08\0\0\0", MediaType::UnsupportedPicture),
            (b"MM\0*\0\0\0\x08", MediaType::UnsupportedPicture),
            (
                b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0",
                MediaType::UnsupportedPicture,
            ),
        ];
        for (bytes, kind) in cases {
            assert_eq!(sniff(bytes), *kind, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn text_is_judged_to_its_last_byte_and_little_of_it_is_kept() {
        let mut sniffer = Sniffer::default();
        for _ in 0..100 {
            sniffer.feed(&[b'a'; 4096]);
        }
        assert_eq!(sniffer.head.len(), HEAD);
        sniffer.feed(b"\0");
        assert_eq!(sniffer.finish(), MediaType::Other);
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_bytes_are_cut(text in "\\PC{0,40}", tail in prop::collection::vec(any::<u8>(), 0..4), size in 1usize..5) {
            let bytes = [text.as_bytes(), &tail].concat();
            let mut sniffer = Sniffer::default();
            bytes.chunks(size).for_each(|chunk| sniffer.feed(chunk));
            prop_assert_eq!(sniffer.finish(), sniff(&bytes));
            let text = str::from_utf8(&bytes).is_ok_and(|text| !text.contains('\0'));
            prop_assert!(!text || magic::of(&bytes).is_some() || sniff(&bytes) == MediaType::Text);
        }
    }
}
