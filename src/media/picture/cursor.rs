//! Goes through the bytes of a file and never beyond their end.
use super::PictureFault;

/// What has not been read yet.
pub struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    /// The next `count` bytes. A file that has fewer is broken.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], PictureFault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(PictureFault::Broken)?;
        self.0 = rest;
        Ok(taken)
    }

    /// The same, of a number that is known beforehand.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], PictureFault> {
        let taken = self.take(N)?;
        taken.try_into().map_err(PictureFault::broken)
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, PictureFault> {
        self.array().map(|[byte]| byte)
    }

    /// Passes over `mark`, which must be next.
    pub fn expect(&mut self, mark: &[u8]) -> Result<(), PictureFault> {
        if self.take(mark.len())? == mark { Ok(()) } else { Err(PictureFault::Broken) }
    }
}
