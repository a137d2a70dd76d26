//! Pictures made safe to pass on: what was said beside the pixels goes, the pixels stay as they are, and every one of them can
//! be read. `jpeg`, `png`, `gif` and `webp` each know how their format is put together, and leave reading pixels to a library.
mod cursor;
mod exif;
mod fault;
mod gif;
mod jpeg;
mod png;
mod reduce;
mod thumbnail;
mod webp;

pub use self::{
    fault::PictureFault,
    thumbnail::{Format as ThumbnailFormat, Thumbnail},
};
use super::Format;
use crate::panics;

/// What a picture may be.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Width times height.
    pub max_pixels: u64,
}

/// A picture that may be kept and shown to others.
#[derive(Debug)]
pub struct Picture {
    /// The file, without what says something of who made it, when or where.
    pub cleaned: Vec<u8>,
    /// As it is shown: upright.
    pub width: u32,
    /// As it is shown: upright.
    pub height: u32,
    /// Its first frame, small.
    pub thumbnail: Thumbnail,
    /// Its colours in a few characters, 4 by 3.
    pub blurhash: String,
}

/// A file without metadata, whose pixels nobody has read yet.
struct Cleaned {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
    /// By Exif: 1 is upright, up to 8.
    orientation: u8,
}

/// Cleans `bytes` and reads its pixels, which takes up to seconds: no work for a thread that others wait for.
///
/// # Errors
/// The bytes are no whole picture of `format`, or it has more pixels than `bounds` let it.
pub fn picture(format: Format, bytes: Vec<u8>, bounds: Bounds) -> Result<Picture, PictureFault> {
    panics::catch(|| read(format, bytes, bounds)).unwrap_or_else(|panic| {
        log::warn!("the decoder of a {format:?} picture panicked, so it is refused: {panic}");
        Err(PictureFault::Broken)
    })
}

fn read(format: Format, bytes: Vec<u8>, bounds: Bounds) -> Result<Picture, PictureFault> {
    let cleaned = match format {
        Format::Jpeg => jpeg::clean(&bytes),
        Format::Png => png::clean(&bytes),
        Format::Gif => gif::clean(&bytes, bounds),
        Format::Webp => webp::clean(&bytes),
    }?;
    drop(bytes);
    bounds.allow(cleaned.width, cleaned.height)?;
    let size = thumbnail::size(cleaned.width, cleaned.height);
    let small = match format {
        Format::Jpeg => jpeg::pixels(&cleaned, size),
        Format::Png => png::pixels(&cleaned, size),
        Format::Gif => gif::pixels(&cleaned, size),
        Format::Webp => webp::pixels(&cleaned, size),
    }?;
    let (thumbnail, blurhash) = thumbnail::of(small, size, cleaned.orientation)?;
    let turned = cleaned.orientation > 4;
    let (width, height) = if turned { (cleaned.height, cleaned.width) } else { (cleaned.width, cleaned.height) };
    Ok(Picture { cleaned: cleaned.bytes, width, height, thumbnail, blurhash })
}

impl Bounds {
    /// Judges by what a header says, before there is memory for a pixel.
    fn allow(self, width: u32, height: u32) -> Result<(), PictureFault> {
        match u64::from(width) * u64::from(height) {
            0 => Err(PictureFault::Broken),
            pixels if pixels > self.max_pixels => Err(PictureFault::TooLarge),
            _ => Ok(()),
        }
    }
}
