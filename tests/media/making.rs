//! Pictures in every format, and pieces that can be put into them.
use std::io::Cursor;

use greenroom::media::Format;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// What must be in nothing that is kept.
pub const NEEDLE: &[u8] = b"48.8584N 2.2945E";

pub fn image_format(format: Format) -> ImageFormat {
    match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::Gif => ImageFormat::Gif,
        Format::Webp => ImageFormat::WebP,
    }
}

/// A picture in which every corner has a colour of its own.
pub fn drawn(width: u32, height: u32) -> DynamicImage {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, ((x * 7 + y * 13) % 256) as u8])
    });
    DynamicImage::ImageRgb8(picture)
}

pub fn file(format: Format, picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image_format(format)).unwrap();
    bytes.into_inner()
}

/// A small picture in `format`.
pub fn sample(format: Format) -> Vec<u8> {
    file(format, &drawn(24, 16))
}

pub fn decoded(format: Format, bytes: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(bytes, image_format(format)).unwrap()
}

pub fn contains(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece)
}

/// An Exif with an orientation, and with the needle as its description.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02\x01\x0e\0\x02\0\0\0\x10\0\0\0\x26\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0]);
    tiff.extend(NEEDLE);
    tiff
}

/// A segment of a JPEG.
pub fn segment(name: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, name][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat()
}

/// A chunk of a PNG.
pub fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let sum = crc32fast::hash(&[name, body].concat());
    [&(body.len() as u32).to_be_bytes(), &name[..], body, &sum.to_be_bytes()].concat()
}

/// A chunk of a WebP.
pub fn riff(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [name, &(body.len() as u32).to_le_bytes()[..], body, &[0][..body.len() % 2]].concat()
}

/// A WebP of `chunks`.
pub fn webp(chunks: &[u8]) -> Vec<u8> {
    riff(b"RIFF", &[b"WEBP", chunks].concat())
}

/// `bytes` with `piece` in it.
pub fn inserted(bytes: &[u8], at: usize, piece: &[u8]) -> Vec<u8> {
    [&bytes[..at], piece, &bytes[at..]].concat()
}

/// A small picture in `format` with an Exif of `orientation`, and with the needle wherever there is a place for such.
pub fn talkative(format: Format, orientation: u8) -> Vec<u8> {
    let plain = sample(format);
    let exif = exif(orientation);
    let said = [b"Comment\0", NEEDLE].concat();
    let mut bytes = match format {
        Format::Jpeg => {
            let pieces = [
                segment(0xe1, &[b"Exif\0\0", &exif[..]].concat()),
                segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", NEEDLE].concat()),
                segment(0xe2, &[b"MPF\0", NEEDLE].concat()),
                segment(0xed, &[b"Photoshop 3.0\0", NEEDLE].concat()),
                segment(0xee, &[&b"Adobe\0\x64\0\0\0\0\x01"[..], NEEDLE].concat()),
                segment(0xfe, NEEDLE),
                NEEDLE.to_vec(),
            ];
            inserted(&plain, 2, &pieces.concat())
        }
        Format::Png => {
            let pieces = [
                chunk(b"eXIf", &exif),
                chunk(b"tEXt", &said),
                chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", NEEDLE].concat()),
                chunk(b"gAMA", NEEDLE),
                chunk(b"prVt", NEEDLE),
            ];
            inserted(&plain, 33, &pieces.concat())
        }
        Format::Gif => {
            let block = [&[NEEDLE.len() as u8][..], NEEDLE, &[0]].concat();
            let pieces = [
                [b"!\xfe", &block[..]].concat(),
                [b"!\xff\x0bXMP DataXMP", &block[..]].concat(),
                [b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0", &block[..]].concat(),
                [b"!\x01", &block[..]].concat(),
                [b"!\x77", &block[..]].concat(),
            ];
            // Behind the picture's table of colours.
            let table = if plain[10] & 0x80 == 0 { 0 } else { 3 << ((plain[10] & 7) + 1) };
            inserted(&plain, 13 + table, &pieces.concat())
        }
        Format::Webp => {
            let header = [&[0x0c, 0, 0, 0][..], &[23, 0, 0, 15, 0, 0]].concat();
            let chunks = [
                riff(b"VP8X", &header),
                riff(b"WHAT", NEEDLE),
                plain[12..].to_vec(),
                riff(b"EXIF", &exif),
                riff(b"XMP ", NEEDLE),
            ];
            webp(&chunks.concat())
        }
    };
    bytes.extend(b"PK\x03\x04<html>");
    bytes.extend(NEEDLE);
    bytes
}
