//! The bytes of files: what they are, pictures made safe to pass on, and where all of them are kept. Knows no route and no table.
//! What reads bytes is work for a thread that may take its time; `decoders` has such threads.
mod bytes;
mod decoders;
mod kind;
mod picture;
mod place;
mod sniff;
mod stats;

pub use self::{
    bytes::{ByteStore, BytesFault, Kept, Part},
    decoders::{Busy, Decoders},
    kind::{Format, MediaType},
    picture::{Bounds, Picture, PictureFault, Thumbnail, ThumbnailFormat, picture},
    place::place,
    sniff::Sniffer,
    stats::Stats,
};
