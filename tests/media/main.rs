//! Pictures that tests make themselves, against what others must never get to see, and against what takes a server down.
mod bombs;
mod cleaning;
mod making;
mod memory;
mod thumbnails;

use greenroom::media::{Bounds, Format, Picture, PictureFault, picture};

/// All formats that are kept.
pub const FORMATS: [Format; 4] = [Format::Jpeg, Format::Png, Format::Gif, Format::Webp];

/// What a server lets in unless told otherwise.
pub const BOUNDS: Bounds = Bounds { max_pixels: 50_000_000 };

/// Cleans a picture as a server does unless told otherwise.
pub fn clean(format: Format, bytes: &[u8]) -> Result<Picture, PictureFault> {
    picture(format, bytes.to_vec(), BOUNDS)
}
