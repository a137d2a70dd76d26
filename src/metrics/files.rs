//! Files: how many come, are read and go, and what waits to be looked at.
use std::fmt;

use prometheus_client::{
    collector::Collector, encoding::DescriptorEncoder, metrics::gauge::ConstGauge, registry::Unit,
};

use super::page::{Page, counter};
use crate::media::{ByteStore, Decoders};

/// What is watched of files.
pub struct Files {
    /// Their bytes.
    pub bytes: ByteStore,
    /// Who reads pictures.
    pub decoders: Decoders,
}

impl Collector for Files {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        let stats = self.bytes.stats();
        page.one("file_uploads", None, "Files that were uploaded.", counter(stats.uploads.get()))?;
        page.one(
            "file_uploaded",
            Some(Unit::Bytes),
            "Bytes of files that were uploaded, without their small pictures.",
            counter(stats.uploaded_bytes.get()),
        )?;
        page.one("file_downloads", None, "Answers with bytes of files.", counter(stats.downloads.get()))?;
        page.one("files_removed", None, "Files whose bytes were removed.", counter(stats.removed.get()))?;
        page.one("file_failures", None, FAILURES, counter(stats.failures.get()))?;
        let waiting = u32::try_from(self.decoders.waiting()).unwrap_or(u32::MAX);
        page.one("pictures_waiting", None, "Uploaded pictures that wait to be read.", ConstGauge::new(waiting))
    }
}

const FAILURES: &str = "Times that the folder or the service with the bytes of files did not do what it was asked.";

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Files")
    }
}
