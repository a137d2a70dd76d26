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
