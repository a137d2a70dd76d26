//! How terms and the places of their messages are written down: terms in their order, each as far as it differs from the one
//! before it, places as their distances.

/// What is written there cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a part of the index is broken")]
pub struct Malformed;

pub(super) fn put_number(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

pub(super) fn number(from: &mut &[u8]) -> Result<u64, Malformed> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first().ok_or(Malformed)?;
        *from = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Malformed)
}

fn bytes<'a>(from: &mut &'a [u8]) -> Result<&'a [u8], Malformed> {
    let length = usize::try_from(number(from)?).map_err(|_| Malformed)?;
    let (bytes, rest) = from.split_at_checked(length).ok_or(Malformed)?;
    *from = rest;
    Ok(bytes)
}

/// Writes the places of a term's messages, which stand in their order from `base` on, behind those of the term `before`.
pub(super) fn put_term(before: &[u8], term: &[u8], base: i64, seqs: &[i64], into: &mut Vec<u8>) {
    let shared = before.iter().zip(term).take_while(|(one, other)| one == other).count();
    put_number(shared as u64, into);
    put_number((term.len() - shared) as u64, into);
    into.extend_from_slice(&term[shared..]);
    let mut places = Vec::with_capacity(seqs.len());
    let mut last = base;
    for seq in seqs {
        put_number((seq - last).unsigned_abs(), &mut places);
        last = *seq;
    }
    put_number(places.len() as u64, into);
    into.extend_from_slice(&places);
}

/// Reads one term after the other until `take` says that it is enough; it is given the term and its places as they are written.
pub(super) fn read(mut data: &[u8], mut take: impl FnMut(&[u8], &[u8]) -> bool) -> Result<(), Malformed> {
    let mut term = Vec::new();
    while !data.is_empty() {
        let shared = usize::try_from(number(&mut data)?).map_err(|_| Malformed)?;
        if shared > term.len() {
            return Err(Malformed);
        }
        term.truncate(shared);
        term.extend_from_slice(bytes(&mut data)?);
        if !take(&term, bytes(&mut data)?) {
            break;
        }
    }
    Ok(())
}

/// The places that `read` has found.
pub(super) fn places(base: i64, mut data: &[u8], into: &mut Vec<i64>) -> Result<(), Malformed> {
    let mut last = base;
    while !data.is_empty() {
        last = last.saturating_add_unsigned(number(&mut data)?);
        into.push(last);
    }
    Ok(())
}

/// The places of a term in a block of a segment that begins at `base`.
///
/// # Errors
/// If the block is broken.
pub fn find(data: &[u8], term: &[u8], base: i64) -> Result<Vec<i64>, Malformed> {
    let mut found = Vec::new();
    let mut outcome = Ok(());
    read(data, |known, written| {
        if known == term {
            outcome = places(base, written, &mut found);
        }
        known < term
    })?;
    outcome.map(|()| found)
}

/// Adds the places of all terms in a block that begin so, in no order.
///
/// # Errors
/// If the block is broken.
pub fn within(data: &[u8], beginning: &[u8], base: i64, into: &mut Vec<i64>) -> Result<(), Malformed> {
    let mut outcome = Ok(());
    read(data, |known, written| {
        if known.starts_with(beginning) {
            outcome = places(base, written, into);
        }
        outcome.is_ok() && (known < beginning || known.starts_with(beginning))
    })?;
    outcome
}
