//! The names of a message's files, as they stand in its column.
use serde::Deserialize;

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "Name", alias = "name", default)]
    name: String,
}

/// The names, one for each file.
pub(super) fn names(column: Option<&str>) -> Vec<String> {
    let files: Vec<Named> = column.and_then(|column| serde_json::from_str(column).ok()).unwrap_or_default();
    files.into_iter().map(|file| file.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_name_and_no_column_has_none() {
        assert_eq!(names(Some(r#"[{"Id":"x","Name":"a.txt","Size":3},{"Name":"b"}]"#)), ["a.txt", "b"]);
        assert!(names(None).is_empty());
    }
}
