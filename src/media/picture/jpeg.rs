//! JPEG: segments, of which those that are needed to read the pixels stay, and pixels between them.
use std::io::Read;

use jpeg_decoder::{Decoder, PixelFormat};
use memchr::memchr;

use super::{
    Cleaned, PictureFault,
    cursor::Cursor,
    exif,
    reduce::{Reducer, Rgba, Small},
};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const EXIF: &[u8] = b"Exif\0\0";
const PROFILE: &[u8] = b"ICC_PROFILE\0";

/// More bits that are one than the longest code has with its value, and the end.
const ONES: &[u8] = &[
    0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff,
    END,
];

/// The file from its beginning to its end, without what stands behind that and without metadata.
pub fn clean(bytes: &[u8]) -> Result<Cleaned, PictureFault> {
    let mut cursor = Cursor(bytes);
    cursor.expect(&[0xff, START])?;
    let mut kept = Kept::default();
    loop {
        match marker(&mut cursor)? {
            END if kept.scans => break,
            // These stand alone.
            0x01 | 0xd0..=START => {}
            END => return Err(PictureFault::Broken),
            name => {
                let length = usize::from(u16::from_be_bytes(cursor.array()?));
                kept.segment(name, cursor.take(length.checked_sub(2).ok_or(PictureFault::Broken)?)?)?;
                if name == SCAN {
                    let pixels = cursor.take(scan_length(cursor.0)?)?;
                    kept.rest.extend_from_slice(pixels);
                }
            }
        }
    }
    kept.finish()
}

/// The name of the next segment. Nothing is read into bytes that stand between two.
fn marker(cursor: &mut Cursor<'_>) -> Result<u8, PictureFault> {
    let start = memchr(0xff, cursor.0).ok_or(PictureFault::Broken)?;
    cursor.take(start)?;
    loop {
        match cursor.byte()? {
            0xff => {}
            0 => return marker(cursor),
            name => return Ok(name),
        }
    }
}

/// How many bytes of pixels there are before the next segment.
fn scan_length(bytes: &[u8]) -> Result<usize, PictureFault> {
    let mut at = 0;
    loop {
        at += memchr(0xff, &bytes[at..]).ok_or(PictureFault::Broken)?;
        match bytes.get(at + 1).ok_or(PictureFault::Broken)? {
            0 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Ok(at),
        }
    }
}

/// What the cleaned file will be made of.
#[derive(Default)]
struct Kept {
    size: Option<(u32, u32)>,
    orientation: Option<u8>,
    jfif: Option<[u8; 14]>,
    rest: Vec<u8>,
    scans: bool,
}

impl Kept {
    fn segment(&mut self, name: u8, body: &[u8]) -> Result<(), PictureFault> {
        match name {
            // JFIF, without the thumbnail that it may hold.
            0xe0 if body.starts_with(b"JFIF\0") && body.len() >= 12 && self.jfif.is_none() => {
                let mut jfif = [0; 14];
                jfif[..12].copy_from_slice(&body[..12]);
                self.jfif = Some(jfif);
            }
            0xe1 if body.starts_with(EXIF) && self.orientation.is_none() => {
                self.orientation = Some(exif::orientation(&body[EXIF.len()..]));
            }
            0xe2 if body.starts_with(PROFILE) => self.keep(name, body)?,
            // Adobe's, which says how colours are written.
            0xee if body.starts_with(b"Adobe") && body.len() >= 12 => self.keep(name, &body[..12])?,
            // Frames. 0xc4, 0xc8 and 0xcc are tables, an extension, and tables.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let [_, high, low, wide, narrow, ..] = *body else { return Err(PictureFault::Broken) };
                let size = (u16::from_be_bytes([wide, narrow]).into(), u16::from_be_bytes([high, low]).into());
                if self.size.replace(size).is_some() {
                    return Err(PictureFault::Broken);
                }
                self.keep(name, body)?;
            }
            0xc4 | 0xcc | 0xdb | 0xdd => self.keep(name, body)?,
            SCAN => {
                self.scans = true;
                self.keep(name, body)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn keep(&mut self, name: u8, body: &[u8]) -> Result<(), PictureFault> {
        write(&mut self.rest, name, body)
    }

    fn finish(self) -> Result<Cleaned, PictureFault> {
        let (width, height) = self.size.ok_or(PictureFault::Broken)?;
        let orientation = self.orientation.unwrap_or(1);
        let mut bytes = Vec::with_capacity(self.rest.len() + 64);
        bytes.extend([0xff, START]);
        if let Some(jfif) = self.jfif {
            write(&mut bytes, 0xe0, &jfif)?;
        }
        if orientation != 1 {
            write(&mut bytes, 0xe1, &[EXIF, &exif::minimal(orientation)].concat())?;
        }
        bytes.extend(self.rest);
        bytes.extend([0xff, END]);
        Ok(Cleaned { bytes, width, height, orientation })
    }
}

fn write(to: &mut Vec<u8>, name: u8, body: &[u8]) -> Result<(), PictureFault> {
    let length = u16::try_from(body.len() + 2).map_err(PictureFault::broken)?;
    to.extend([0xff, name]);
    to.extend(length.to_be_bytes());
    to.extend(body);
    Ok(())
}

/// Reads all pixels, at an eighth of the size if that is enough.
pub fn pixels(cleaned: &Cleaned, thumbnail: (u32, u32)) -> Result<Small, PictureFault> {
    // What decoders lack at the end of a scan they take for zeros, which are colours. Ones are no code of any table, so pixels
    // that end early are found out; where all are there, nobody reads these.
    let body = cleaned.bytes.strip_suffix(&[0xff, END]).unwrap_or(&cleaned.bytes);
    let body = &body[..body.iter().rposition(|byte| *byte != 0xff).map_or(0, |last| last + 1)];
    let mut decoder = Decoder::new(body.chain(ONES));
    decoder.read_info().map_err(PictureFault::broken)?;
    let side = |length: u32| u16::try_from(length).map_err(PictureFault::broken);
    let (width, height) = decoder.scale(side(thumbnail.0)?, side(thumbnail.1)?).map_err(PictureFault::broken)?;
    let pixels = decoder.decode().map_err(PictureFault::broken)?;
    let format = decoder.info().ok_or(PictureFault::Broken)?.pixel_format;
    let icc = decoder.icc_profile();
    drop(decoder);
    let size = (u32::from(width), u32::from(height));
    let mut reducer = Reducer::new(size, (thumbnail.0.min(size.0), thumbnail.1.min(size.1)));
    let bytes = usize::from(width) * format.pixel_bytes();
    for (y, row) in (0..).zip(pixels.chunks_exact(bytes)) {
        reducer.row(y, row.chunks_exact(format.pixel_bytes()).map(|pixel| rgba(format, pixel)));
    }
    Ok(reducer.finish(icc))
}

/// A pixel of a print is inverted, as Adobe's are.
fn rgba(format: PixelFormat, pixel: &[u8]) -> Rgba {
    let ink = |at: usize| {
        let (colour, black) = (u16::from(255 - pixel[at]), u16::from(255 - pixel[3]));
        (colour * black / 255) as u8
    };
    match format {
        PixelFormat::L8 => [pixel[0], pixel[0], pixel[0], 255],
        PixelFormat::L16 => [pixel[1], pixel[1], pixel[1], 255],
        PixelFormat::RGB24 => [pixel[0], pixel[1], pixel[2], 255],
        PixelFormat::CMYK32 => [ink(0), ink(1), ink(2), 255],
    }
}
