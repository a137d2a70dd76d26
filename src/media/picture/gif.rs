//! GIF: frames, what stands in front of each, and how often they repeat; comments and all else go.
use gif::{ColorOutput, DecodeOptions, MemoryLimit};

use super::{
    Bounds, Cleaned, PictureFault,
    cursor::Cursor,
    reduce::{Reducer, Small},
};

const FRAME: u8 = b',';
const EXTENSION: u8 = b'!';
const END: u8 = b';';

/// An extension that says when a frame is shown, and one that others have defined.
const CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

/// The file up to its end, without metadata.
pub fn clean(bytes: &[u8], bounds: Bounds) -> Result<Cleaned, PictureFault> {
    let mut cursor = Cursor(bytes);
    let mut kept = cursor.take(6)?.to_vec();
    let screen: [u8; 7] = cursor.array()?;
    kept.reserve_exact(bytes.len());
    kept.extend(screen);
    kept.extend(cursor.take(table(screen[4]))?);
    let [wide, width, high, height, ..] = screen;
    let (width, height) = (u16::from_le_bytes([wide, width]), u16::from_le_bytes([high, height]));
    let (mut frames, mut control, mut repeats) = (0, None, false);
    loop {
        match cursor.byte()? {
            FRAME => {
                kept.extend(control.take().into_iter().flatten());
                frame(&mut cursor, &mut kept, bounds)?;
                frames += 1;
            }
            EXTENSION => match cursor.byte()? {
                CONTROL => control = controlled(&mut cursor)?,
                // Text that is drawn in place of a frame goes, and takes with it what stands in front.
                0x01 => {
                    control = None;
                    blocks(&mut cursor, |_| {})?;
                }
                APPLICATION => {
                    if let Some(looped) = looped(&mut cursor)?.filter(|_| !repeats) {
                        repeats = true;
                        kept.extend(looped);
                    }
                }
                _ => blocks(&mut cursor, |_| {})?,
            },
            END => break,
            _ => return Err(PictureFault::Broken),
        }
    }
    kept.push(END);
    let cleaned = Cleaned { bytes: kept, width: width.into(), height: height.into(), orientation: 1 };
    if frames == 0 { Err(PictureFault::Broken) } else { Ok(cleaned) }
}

/// The bytes of a colour table, by the flags that tell of it.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// One frame, as it is.
fn frame(cursor: &mut Cursor<'_>, kept: &mut Vec<u8>, bounds: Bounds) -> Result<(), PictureFault> {
    let place: [u8; 9] = cursor.array()?;
    let [_, _, _, _, wide, width, high, height, flags] = place;
    bounds.allow(u16::from_le_bytes([wide, width]).into(), u16::from_le_bytes([high, height]).into())?;
    kept.push(FRAME);
    kept.extend(place);
    kept.extend(cursor.take(table(flags))?);
    kept.push(cursor.byte()?);
    blocks(cursor, |block| {
        kept.push(block.len() as u8);
        kept.extend(block);
    })?;
    kept.push(0);
    Ok(())
}

/// When the next frame is shown, and whether it lets anything through.
fn controlled(cursor: &mut Cursor<'_>) -> Result<Option<Vec<u8>>, PictureFault> {
    let mut first = None;
    blocks(cursor, |block| {
        first.get_or_insert(block);
    })?;
    let control = first.filter(|block| block.len() == 4);
    Ok(control.map(|control| [&[EXTENSION, CONTROL, 4], control, &[0]].concat()))
}

/// How often frames repeat, if the extension says that.
fn looped(cursor: &mut Cursor<'_>) -> Result<Option<Vec<u8>>, PictureFault> {
    let mut found = Vec::new();
    blocks(cursor, |block| {
        if found.len() < 2 {
            found.push(block);
        }
    })?;
    Ok(match found[..] {
        [name @ (b"NETSCAPE2.0" | b"ANIMEXTS1.0"), [1, low, high]] => {
            Some([&[EXTENSION, APPLICATION, 11], name, &[3, 1, *low, *high, 0]].concat())
        }
        _ => None,
    })
}

/// Blocks up to the empty one that ends them.
fn blocks<'a>(cursor: &mut Cursor<'a>, mut each: impl FnMut(&'a [u8])) -> Result<(), PictureFault> {
    loop {
        match cursor.byte()? {
            0 => return Ok(()),
            length => each(cursor.take(length.into())?),
        }
    }
}

/// Reads all pixels of the first frame. Where it does not reach, the picture is transparent.
pub fn pixels(cleaned: &Cleaned, thumbnail: (u32, u32)) -> Result<Small, PictureFault> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.set_memory_limit(MemoryLimit::Unlimited);
    let mut decoder = options.read_info(cleaned.bytes.as_slice()).map_err(PictureFault::broken)?;
    let frame = decoder.next_frame_info().map_err(PictureFault::broken)?.ok_or(PictureFault::Broken)?;
    let (left, top, width, height) = (frame.left, frame.top, frame.width, frame.height);
    let interlaced = frame.interlaced;
    let mut reducer = Reducer::new((cleaned.width, cleaned.height), thumbnail);
    let mut row = vec![0; usize::from(width) * 4];
    let covers = left == 0 && top == 0 && u32::from(width) >= cleaned.width && u32::from(height) >= cleaned.height;
    for y in rows(height, interlaced) {
        if !decoder.fill_buffer(&mut row).map_err(PictureFault::broken)? {
            return Err(PictureFault::Broken);
        }
        for (x, pixel) in (0..).zip(row.as_chunks().0) {
            reducer.add(u32::from(left) + x, u32::from(top) + u32::from(y), *pixel);
        }
    }
    let mut small = reducer.finish(None);
    small.opaque &= covers;
    Ok(small)
}

/// The rows of a frame in the order in which they are written.
fn rows(height: u16, interlaced: bool) -> impl Iterator<Item = u16> {
    let passes: &[(u16, usize)] = if interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
    passes.iter().flat_map(move |(first, step)| (*first..height).step_by(*step))
}
