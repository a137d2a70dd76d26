//! Mail as files, for trying the server out without a mail server.
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    domain::{MessageId, Timestamp},
    settings::private_folder,
};

/// Writes one `.eml`, aside first and then renamed, so that whoever watches the folder never reads half a mail.
/// Returns the file's path. It holds links that log people in, so only the owner may read it.
pub(super) fn drop_into(folder: &Path, mail: &[u8]) -> io::Result<PathBuf> {
    let (aside, name) = write_aside(folder, mail)?;
    let path = folder.join(format!("{name}.eml"));
    fs::rename(&aside, &path)?;
    Ok(path)
}

/// Takes as long as `drop_into` and leaves nothing.
pub(super) fn pretend(folder: &Path, mail: &[u8]) -> io::Result<()> {
    let (aside, _) = write_aside(folder, mail)?;
    fs::remove_file(aside)
}

fn write_aside(folder: &Path, mail: &[u8]) -> io::Result<(PathBuf, String)> {
    private_folder(folder)?;
    let name = format!("{}-{}", Timestamp::now().0, MessageId::new());
    let aside = folder.join(format!(".{name}.tmp"));
    let mut file = private(&aside)?;
    file.write_all(mail)?;
    file.sync_all()?;
    Ok((aside, name))
}

fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
