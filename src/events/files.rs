//! Files: which ones a message is to bring along, and how a file is shown.
use serde::{Deserialize, Serialize, Serializer, ser::SerializeSeq};

use super::{PayloadBounds, payload::Text};
use crate::domain::{Code, File, FileId, Refusal};

/// A file that a message is to bring along.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attached<'a> {
    #[serde(borrow)]
    id: Text<'a>,
}

/// The files that a message is to bring along, each once. What is no id is nobody's file.
pub(super) fn attached(files: Option<&[Attached<'_>]>, bounds: &PayloadBounds) -> Result<Vec<Option<FileId>>, Refusal> {
    let files = files.unwrap_or_default();
    if files.len() > bounds.attachments {
        let most = bounds.attachments;
        return Err(Refusal::new(Code::TooLarge, format!("A message brings at most {most} files along")));
    }
    let mut once = Vec::with_capacity(files.len());
    for file in files {
        let id = file.id.parse().ok();
        if !once.contains(&id) {
            once.push(id);
        }
    }
    Ok(once)
}

/// A file as it is shown.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ShownFile<'a> {
    id: FileId,
    name: &'a str,
    r#type: &'a str,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blurhash: Option<&'a str>,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
}

impl<'a> From<&'a File> for ShownFile<'a> {
    fn from(file: &'a File) -> Self {
        let url = format!("/files/{}", file.id);
        Self {
            id: file.id,
            name: file.name.as_str(),
            r#type: &file.media_type,
            size: file.size,
            width: file.dimensions.map(|(width, _)| width),
            height: file.dimensions.map(|(_, height)| height),
            duration: file.duration.map(|duration| duration.as_secs_f64()),
            blurhash: file.blurhash.as_deref(),
            thumbnail_url: file.has_thumbnail.then(|| format!("{url}/thumbnail")),
            url,
        }
    }
}

/// The files that a message brings along.
#[derive(Debug)]
pub struct Attachments<'a>(pub &'a [File]);

impl Serialize for Attachments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for file in self.0 {
            list.serialize_element(&ShownFile::from(file))?;
        }
        list.end()
    }
}
