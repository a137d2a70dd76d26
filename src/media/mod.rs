//! What bytes are, and pictures made safe to pass on. Knows no route, no table and no folder: bytes in, bytes out. All of it is
//! work for a thread that may take its time.
mod kind;
mod picture;
mod sniff;

pub use self::{
    kind::{Format, MediaType},
    picture::{Bounds, Picture, PictureFault, Thumbnail, ThumbnailFormat, picture},
    sniff::Sniffer,
};
