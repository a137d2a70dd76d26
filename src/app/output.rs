//! What a command says on stdout. Whoever reads it may have gone away, or the disk may be full: then the command has failed.
use std::{
    fmt::Display,
    io::{self, Write},
};

use super::Failure;

/// Writes a line and sees to it that it is written.
///
/// # Errors
/// If it was not.
pub fn print(line: impl Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(|error| format!("stdout cannot be written to: {error}").into())
}
