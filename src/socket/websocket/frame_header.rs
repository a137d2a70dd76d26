//! The header of a WebSocket frame (RFC 6455, section 5.2): only as much as tells how long the payload is.

/// Longest header: two bytes, eight of length, four of mask.
const LONGEST: usize = 14;

/// A header that may come in pieces.
#[derive(Debug, Default)]
pub struct FrameHeader {
    bytes: [u8; LONGEST],
    len: usize,
}

impl FrameHeader {
    /// Takes header bytes from the front of `input`. How many, and the length of the payload once the header is whole;
    /// the next call then begins a new header.
    pub fn read(&mut self, input: &[u8]) -> (usize, Option<u64>) {
        let mut taken = 0;
        while taken < input.len() {
            self.bytes[self.len] = input[taken];
            self.len += 1;
            taken += 1;
            if self.is_whole() {
                let length = self.payload();
                self.len = 0;
                return (taken, Some(length));
            }
        }
        (taken, None)
    }

    fn is_whole(&self) -> bool {
        self.len >= 2 && self.len == 2 + self.length_bytes() + self.mask_bytes()
    }

    fn length_bytes(&self) -> usize {
        match self.bytes[1] & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        }
    }

    /// An unmasked frame is refused by the decoder; here it must only not confuse.
    fn mask_bytes(&self) -> usize {
        if self.bytes[1] & 0x80 == 0 { 0 } else { 4 }
    }

    fn payload(&self) -> u64 {
        match self.length_bytes() {
            0 => u64::from(self.bytes[1] & 0x7f),
            extended => self.bytes[2..2 + extended].iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(length: u64, masked: bool) -> Vec<u8> {
        let mask = if masked { 0x80 } else { 0 };
        let mut bytes = match length {
            0..126 => vec![0x81, mask | length as u8],
            126..65_536 => [&[0x81, mask | 126][..], &(length as u16).to_be_bytes()].concat(),
            _ => [&[0x81, mask | 127][..], &length.to_be_bytes()].concat(),
        };
        bytes.extend(if masked { &[1, 2, 3, 4][..] } else { &[] });
        bytes
    }

    proptest! {
        #[test]
        fn a_header_may_come_in_any_pieces(length in prop_oneof![0..200u64, any::<u64>()], masked: bool, cut in 0..14usize) {
            let whole = header(length, masked);
            let (first, rest) = whole.split_at(cut.min(whole.len() - 1));
            let mut reader = FrameHeader::default();
            prop_assert_eq!(reader.read(first), (first.len(), None));
            let with_payload = [rest, b"payload"].concat();
            prop_assert_eq!(reader.read(&with_payload), (rest.len(), Some(length)));
        }

        #[test]
        fn nothing_in_a_header_is_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = FrameHeader::default();
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let (taken, _) = reader.read(rest);
                prop_assert!(taken > 0);
                rest = &rest[taken..];
            }
        }
    }
}
