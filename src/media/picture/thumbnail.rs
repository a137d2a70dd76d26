//! The small upright picture, and its colours in a few characters.
use fast_image_resize::{PixelType, Resizer, images::Image};
use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, RgbaImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    metadata::Orientation,
};

use super::{PictureFault, reduce::Small};

/// It is not wider, and not higher.
const SIDE: u32 = 480;

/// Where what is left out cannot be seen.
const QUALITY: u8 = 82;

/// The colours of a blurhash are told from a picture of this side.
const BLURRED: u32 = 32;

/// A profile of more bytes would be most of the thumbnail.
const LONGEST_PROFILE: usize = 16 * 1024;

/// A small picture, as a file.
#[derive(Debug)]
pub struct Thumbnail {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is.
    pub format: Format,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// What a thumbnail can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// If all is opaque.
    Jpeg,
    /// If something is not.
    Png,
}

impl Format {
    /// Its name as in Content-Type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// The largest size within the bounds that has the form of the picture and does not enlarge it.
pub fn size(width: u32, height: u32) -> (u32, u32) {
    let longer = u64::from(width.max(height));
    let side = |length: u32| match longer > u64::from(SIDE) {
        true => ((u64::from(length) * u64::from(SIDE) + longer / 2) / longer).max(1) as u32,
        false => length,
    };
    (side(width), side(height))
}

/// The thumbnail of `small`, which is to have `size` and then to be turned, and its blurhash.
pub fn of(small: Small, size: (u32, u32), orientation: u8) -> Result<(Thumbnail, String), PictureFault> {
    let Small { width, height, rgba, opaque, icc } = small;
    let rgba = resized((width, height), rgba, size)?;
    let mut upright = DynamicImage::ImageRgba8(RgbaImage::from_raw(size.0, size.1, rgba).ok_or(PictureFault::Broken)?);
    upright.apply_orientation(Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms));
    let upright = upright.into_rgba8();
    let blurhash = blurred(&upright)?;
    Ok((written(upright, opaque, icc.filter(|icc| fits(icc)))?, blurhash))
}

/// A profile for the colours that a thumbnail has, which are not those of prints nor greys.
fn fits(icc: &[u8]) -> bool {
    icc.len() <= LONGEST_PROFILE && icc.get(16..20) == Some(b"RGB ")
}

fn resized(from: (u32, u32), rgba: Vec<u8>, to: (u32, u32)) -> Result<Vec<u8>, PictureFault> {
    if from == to {
        return Ok(rgba);
    }
    let from = Image::from_vec_u8(from.0, from.1, rgba, PixelType::U8x4).map_err(PictureFault::broken)?;
    let mut small = Image::new(to.0, to.1, PixelType::U8x4);
    Resizer::new().resize(&from, &mut small, None).map_err(PictureFault::broken)?;
    Ok(small.into_vec())
}

fn written(picture: RgbaImage, opaque: bool, icc: Option<Vec<u8>>) -> Result<Thumbnail, PictureFault> {
    let (width, height) = picture.dimensions();
    let mut bytes = Vec::new();
    let format = if opaque {
        let rgb = DynamicImage::ImageRgba8(picture).into_rgb8();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        write(encoder, &rgb, (width, height), ExtendedColorType::Rgb8, icc)?;
        Format::Jpeg
    } else {
        write(PngEncoder::new(&mut bytes), &picture, (width, height), ExtendedColorType::Rgba8, icc)?;
        Format::Png
    };
    Ok(Thumbnail { bytes, format, width, height })
}

fn write(
    mut encoder: impl ImageEncoder,
    pixels: &[u8],
    (width, height): (u32, u32),
    colours: ExtendedColorType,
    icc: Option<Vec<u8>>,
) -> Result<(), PictureFault> {
    if let Some(icc) = icc {
        encoder.set_icc_profile(icc).map_err(PictureFault::broken)?;
    }
    encoder.write_image(pixels, width, height, colours).map_err(PictureFault::broken)
}

/// On white, as most pages are, where the picture lets it through.
fn blurred(picture: &RgbaImage) -> Result<String, PictureFault> {
    let (width, height) = picture.dimensions();
    let (to_width, to_height) = (width.min(BLURRED), height.min(BLURRED));
    let mut rgba = resized((width, height), picture.as_raw().clone(), (to_width, to_height))?;
    for [red, green, blue, alpha] in rgba.as_chunks_mut::<4>().0 {
        for colour in [red, green, blue] {
            *colour = ((u32::from(*colour) * u32::from(*alpha) + 255 * (255 - u32::from(*alpha))) / 255) as u8;
        }
        *alpha = 255;
    }
    blurhash::encode(4, 3, to_width, to_height, &rgba).map_err(PictureFault::broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_keeps_the_form_and_is_never_larger() {
        assert_eq!(size(100, 50), (100, 50));
        assert_eq!(size(480, 481), (479, 480));
        assert_eq!(size(4000, 3000), (480, 360));
        assert_eq!(size(50_000_000, 1), (480, 1));
        assert_eq!(size(u32::MAX, u32::MAX), (480, 480));
    }
}
