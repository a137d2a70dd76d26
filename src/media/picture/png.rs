//! PNG: chunks, of which those stay that are pixels, or that say what their colours are or how they move.
use std::io::Cursor as Seekable;

use png::{ColorType, Decoder, Transformations};

use super::{
    Cleaned, PictureFault,
    cursor::Cursor,
    exif,
    reduce::{Reducer, Rgba, Small},
};

const MARK: &[u8] = b"\x89PNG\r\n\x1a\n";

/// First column and row, and steps to the next, of the seven passes of an interlaced picture.
const PASSES: [[u32; 4]; 7] =
    [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

/// The file up to its end, without metadata and chunks that nobody knows.
pub fn clean(bytes: &[u8]) -> Result<Cleaned, PictureFault> {
    let mut cursor = Cursor(bytes);
    cursor.expect(MARK)?;
    let (name, header) = chunk(&mut cursor)?;
    let header: &[u8; 13] =
        header.filter(|_| &name == b"IHDR").and_then(|body| body.try_into().ok()).ok_or(PictureFault::Broken)?;
    let [a, b, c, d, e, f, g, h, ..] = *header;
    let (width, height) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    let mut rest = Vec::with_capacity(bytes.len());
    let mut orientation = None;
    loop {
        let (name, body) = chunk(&mut cursor)?;
        match (&name, body) {
            (b"IHDR", _) => return Err(PictureFault::Broken),
            (b"IEND", _) => break,
            (b"eXIf", Some(body)) => orientation = orientation.or(Some(exif::orientation(body))),
            (b"iCCP", Some(body)) => rest.extend(written(name, &unnamed(body))),
            (_, Some(body)) if stays(&name, body.len()) => rest.extend(written(name, body)),
            // Capital letters begin the names of chunks without which the picture cannot be read.
            (_, None) if name[0].is_ascii_uppercase() => return Err(PictureFault::Broken),
            _ => {}
        }
    }
    let orientation = orientation.unwrap_or(1);
    let mut whole = [MARK, &written(*b"IHDR", header)].concat();
    whole.reserve_exact(rest.len() + 64);
    if orientation != 1 {
        whole.extend(written(*b"eXIf", &exif::minimal(orientation)));
    }
    whole.extend(rest);
    whole.extend(written(*b"IEND", &[]));
    Ok(Cleaned { bytes: whole, width, height, orientation })
}

/// The next chunk, with what it holds if its sum is right.
fn chunk<'a>(cursor: &mut Cursor<'a>) -> Result<([u8; 4], Option<&'a [u8]>), PictureFault> {
    let length = u32::from_be_bytes(cursor.array()?) as usize;
    let name = cursor.array()?;
    let body = cursor.take(length)?;
    let sum = u32::from_be_bytes(cursor.array()?);
    Ok((name, Some(body).filter(|body| sum_of(name, body) == sum)))
}

fn sum_of(name: [u8; 4], body: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&name);
    sum.update(body);
    sum.finalize()
}

fn written(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let length = body.len() as u32;
    [&length.to_be_bytes(), &name[..], body, &sum_of(name, body).to_be_bytes()].concat()
}

/// Whether a chunk stays: by its name, and by a length that leaves no room for anything else.
fn stays(name: &[u8; 4], length: usize) -> bool {
    match name {
        b"IDAT" => true,
        b"fdAT" => length >= 4,
        b"PLTE" => length <= 768,
        b"tRNS" => length <= 256,
        b"acTL" => length == 8,
        b"fcTL" => length == 26,
        b"gAMA" => length == 4,
        b"cHRM" => length == 32,
        b"sRGB" => length == 1,
        b"sBIT" | b"cICP" => length <= 4,
        b"bKGD" => length <= 6,
        b"mDCV" => length == 24,
        b"cLLI" => length == 8,
        _ => false,
    }
}

/// A colour profile under a name that says nothing.
fn unnamed(body: &[u8]) -> Vec<u8> {
    let end = memchr::memchr(0, body).unwrap_or(body.len());
    [b"ICC", &body[end..]].concat()
}

/// Reads all pixels of the picture that is shown where nothing moves, row by row.
pub fn pixels(cleaned: &Cleaned, thumbnail: (u32, u32)) -> Result<Small, PictureFault> {
    let mut decoder = Decoder::new(Seekable::new(&cleaned.bytes));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(PictureFault::broken)?;
    let (colours, _) = reader.output_color_type();
    let (width, height) = (cleaned.width, cleaned.height);
    let mut reducer = Reducer::new((width, height), thumbnail);
    let passes: &[[u32; 4]] = if reader.info().interlaced { &PASSES } else { &[[0, 0, 1, 1]] };
    for [left, top, across, down] in passes.iter().filter(|[left, top, ..]| *left < width && *top < height) {
        for y in (*top..height).step_by(*down as usize) {
            let row = reader.next_row().map_err(PictureFault::broken)?.ok_or(PictureFault::Broken)?;
            let columns = (*left..width).step_by(*across as usize);
            let pixels = row.data().chunks_exact(colours.samples());
            columns.zip(pixels).for_each(|(x, pixel)| reducer.add(x, y, rgba(colours, pixel)));
        }
    }
    let icc = reader.info().icc_profile.as_ref().map(|icc| icc.to_vec());
    Ok(reducer.finish(icc))
}

fn rgba(colours: ColorType, pixel: &[u8]) -> Rgba {
    match (colours, pixel) {
        (ColorType::GrayscaleAlpha, [grey, alpha]) => [*grey, *grey, *grey, *alpha],
        (ColorType::Rgb, [red, green, blue]) => [*red, *green, *blue, 255],
        (ColorType::Rgba, [red, green, blue, alpha]) => [*red, *green, *blue, *alpha],
        (_, pixel) => [pixel[0], pixel[0], pixel[0], 255],
    }
}
