//! The WebSocket transport, from the request that asks for one to the last byte.
//!
//! ```text
//! request ─▶ hook ─101─▶ pump, a task of its own:
//!     socket ─▶ inbound ─▶ feeder ─frame─▶ session
//!     socket ◀────────────── pump ◀─────── outbound ◀─ session
//! ```

mod feeder;
mod frame_header;
mod hook;
mod inbound;
mod io;
mod pump;

pub use self::hook::upgrade;
