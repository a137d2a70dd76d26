//! WebP: a RIFF file, of which the chunks stay that are pixels, colours or frames.
use std::io::Cursor as Seekable;

use image_webp::WebPDecoder;

use super::{
    Cleaned, PictureFault,
    cursor::Cursor,
    exif,
    reduce::{Reducer, Small},
};

/// Flags of VP8X: a profile, transparency, Exif, motion.
const PROFILE: u8 = 0x20;
const ALPHA: u8 = 0x10;
const EXIF: u8 = 0x08;
const MOTION: u8 = 0x02;

type Size = (u32, u32);

/// The file, as long as it says that it is, without metadata and chunks that nobody knows.
pub fn clean(bytes: &[u8]) -> Result<Cleaned, PictureFault> {
    let mut cursor = Cursor(bytes);
    cursor.expect(b"RIFF")?;
    let length = u32::from_le_bytes(cursor.array()?) as usize;
    let mut cursor = Cursor(cursor.take(length)?);
    cursor.expect(b"WEBP")?;
    let (first, body) = chunk(&mut cursor)?;
    let (chunks, size, orientation) = match &first {
        b"VP8X" => extended(body, cursor)?,
        b"VP8 " | b"VP8L" => (written(&first, body), pixels_size(&first, body)?, 1),
        _ => return Err(PictureFault::Broken),
    };
    let length = u32::try_from(chunks.len() + 4).map_err(PictureFault::broken)?;
    let bytes = [b"RIFF", &length.to_le_bytes()[..], b"WEBP", &chunks].concat();
    Ok(Cleaned { bytes, width: size.0, height: size.1, orientation })
}

/// The chunks of a file that says first what it holds.
fn extended(header: &[u8], mut cursor: Cursor<'_>) -> Result<(Vec<u8>, Size, u8), PictureFault> {
    let header: [u8; 10] = header.try_into().map_err(PictureFault::broken)?;
    let size = (triple(&header[4..]) + 1, triple(&header[7..]) + 1);
    let moves = header[0] & MOTION != 0;
    let (mut kept, mut orientation, mut profile, mut shown) = (Vec::new(), None, false, false);
    while !cursor.0.is_empty() {
        let (name, body) = chunk(&mut cursor)?;
        match &name {
            b"ICCP" if !profile && !shown => {
                profile = true;
                kept.extend(written(&name, body));
            }
            b"ANIM" if moves && body.len() == 6 => kept.extend(written(&name, body)),
            b"ANMF" if moves => {
                kept.extend(written(&name, &frame(body, size)?));
                shown = true;
            }
            b"ALPH" if !moves && !shown => kept.extend(written(&name, body)),
            b"VP8 " | b"VP8L" if !moves && !shown => {
                same(pixels_size(&name, body)?, size)?;
                kept.extend(written(&name, body));
                shown = true;
            }
            b"EXIF" if orientation.is_none() => {
                orientation = Some(exif::orientation(body.strip_prefix(b"Exif\0\0").unwrap_or(body)));
            }
            _ => {}
        }
    }
    if !shown {
        return Err(PictureFault::Broken);
    }
    let orientation = orientation.filter(|_| header[0] & EXIF != 0).unwrap_or(1);
    let mut flags = header[0] & (ALPHA | MOTION);
    flags |= if profile { PROFILE } else { 0 };
    if orientation != 1 {
        flags |= EXIF;
        kept.extend(written(b"EXIF", &exif::minimal(orientation)));
    }
    let header = [&[flags, 0, 0, 0], &header[4..]].concat();
    Ok(([written(b"VP8X", &header), kept].concat(), size, orientation))
}

/// One frame of several: its place and time, and its pixels.
fn frame(body: &[u8], canvas: Size) -> Result<Vec<u8>, PictureFault> {
    let mut cursor = Cursor(body);
    let place: [u8; 16] = cursor.array()?;
    let size = (triple(&place[6..]) + 1, triple(&place[9..]) + 1);
    let reach = (triple(&place) * 2 + size.0, triple(&place[3..]) * 2 + size.1);
    if reach.0 > canvas.0 || reach.1 > canvas.1 {
        return Err(PictureFault::Broken);
    }
    let mut kept = place.to_vec();
    while !cursor.0.is_empty() {
        let (name, body) = chunk(&mut cursor)?;
        match &name {
            b"ALPH" => kept.extend(written(&name, body)),
            b"VP8 " | b"VP8L" => {
                same(pixels_size(&name, body)?, size)?;
                kept.extend(written(&name, body));
                return Ok(kept);
            }
            _ => {}
        }
    }
    Err(PictureFault::Broken)
}

/// A decoder would make room for what the pixels say, whatever was judged before.
fn same(pixels: Size, said: Size) -> Result<(), PictureFault> {
    if pixels == said { Ok(()) } else { Err(PictureFault::Broken) }
}

/// The size that pixels have by their own beginning.
fn pixels_size(name: &[u8; 4], body: &[u8]) -> Result<Size, PictureFault> {
    let mut cursor = Cursor(body);
    if name == b"VP8L" {
        cursor.expect(&[0x2f])?;
        let bits = u32::from_le_bytes(cursor.array()?);
        return Ok(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1));
    }
    cursor.take(3)?;
    cursor.expect(&[0x9d, 0x01, 0x2a])?;
    let mut side = || cursor.array().map(|bytes| u32::from(u16::from_le_bytes(bytes) & 0x3fff));
    Ok((side()?, side()?))
}

fn chunk<'a>(cursor: &mut Cursor<'a>) -> Result<([u8; 4], &'a [u8]), PictureFault> {
    let name = cursor.array()?;
    let length = u32::from_le_bytes(cursor.array()?) as usize;
    let body = cursor.take(length)?;
    // Some leave out the byte that makes the last chunk even.
    cursor.take((length % 2).min(cursor.0.len()))?;
    Ok((name, body))
}

fn written(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = body.len() as u32;
    [name, &length.to_le_bytes()[..], body, &[0][..body.len() % 2]].concat()
}

fn triple(bytes: &[u8]) -> u32 {
    bytes.iter().take(3).rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Reads all pixels of the first frame.
pub fn pixels(cleaned: &Cleaned, thumbnail: Size) -> Result<Small, PictureFault> {
    let mut decoder = WebPDecoder::new(Seekable::new(&cleaned.bytes)).map_err(PictureFault::broken)?;
    same(decoder.dimensions(), (cleaned.width, cleaned.height))?;
    let mut pixels = vec![0; decoder.output_buffer_size().ok_or(PictureFault::Broken)?];
    if decoder.is_animated() {
        decoder.read_frame(&mut pixels).map_err(PictureFault::broken)?;
    } else {
        decoder.read_image(&mut pixels).map_err(PictureFault::broken)?;
    }
    let icc = decoder.icc_profile().map_err(PictureFault::broken)?;
    let samples = if decoder.has_alpha() { 4 } else { 3 };
    drop(decoder);
    let mut reducer = Reducer::new((cleaned.width, cleaned.height), thumbnail);
    for (y, row) in (0..).zip(pixels.chunks_exact(cleaned.width as usize * samples)) {
        let alpha = |pixel: &[u8]| pixel.get(3).copied().unwrap_or(255);
        reducer.row(y, row.chunks_exact(samples).map(|pixel| [pixel[0], pixel[1], pixel[2], alpha(pixel)]));
    }
    Ok(reducer.finish(icc))
}
