//! A binary plan carries the code that it was made from: an archive with the configuration under `tfconfig/`.
//!
//! Its layout is Terraform's own (`internal/plans/planfile`, `configload/snapshot`): `tfconfig/modules.json` names each
//! module's key and folder, `tfconfig/m-KEY/` holds its files.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

use serde::Deserialize;
use zip::ZipArchive;

use crate::files::Memory;

/// The files of the configuration, in the folders they were planned in; the root module's folder is `.`.
///
/// The manifest of the modules stands where Terraform keeps it, in `.terraform/modules/modules.json`.
pub fn configuration(bytes: &[u8]) -> Result<Memory, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("is no binary plan: {error}"))?;
    let manifest = text(&mut archive, "tfconfig/modules.json", MOST_BYTES)
        .map_err(|_| "is a binary plan without the code it was made from".to_owned())?;
    let modules: Vec<Module> = serde_json::from_str(&manifest)
        .map_err(|error| format!("has a list of modules that cannot be read: {error}"))?;
    let folders: BTreeMap<&str, &str> = modules.iter().map(|it| (it.key.as_str(), it.folder.as_str())).collect();
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let mut files = Vec::new();
    let mut left = MOST_BYTES;
    for name in &names {
        let Some((key, inner)) = name.strip_prefix("tfconfig/m-").and_then(|it| it.split_once('/')) else { continue };
        let Some(folder) = folders.get(key) else { continue };
        let contents = text(&mut archive, name, left)?;
        left -= contents.len();
        files.push((format!("{folder}/{inner}"), contents));
    }
    files.push((".terraform/modules/modules.json".to_owned(), format!("{{\"Modules\":{manifest}}}")));
    Ok(Memory::of(files.iter().map(|(path, contents)| (path.as_str(), contents.as_str()))).carried())
}

/// More code than this is no code: an archive can unpack to anything.
const MOST_BYTES: usize = 64 << 20;

#[derive(Deserialize)]
struct Module {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    folder: String,
}

/// A file of the archive that may unpack to `most` bytes.
fn text(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str, most: usize) -> Result<String, String> {
    let unreadable = |error: &dyn std::fmt::Display| format!("has a file that cannot be read: {name}: {error}");
    let file = archive.by_name(name).map_err(|error| unreadable(&error))?;
    let mut text = String::new();
    file.take(most as u64 + 1).read_to_string(&mut text).map_err(|error| unreadable(&error))?;
    if most < text.len() { Err(format!("holds more than {} MiB of code", MOST_BYTES >> 20)) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Disk, Files as _};

    #[test]
    fn the_code_is_found_where_it_was_planned() {
        let bytes = Disk.read("testdata/wrong/binary.tfplan").unwrap();
        let files = configuration(&bytes).unwrap();
        let code = String::from_utf8(files.read("main.tf").unwrap()).unwrap();
        assert!(code.contains("terraform_data"), "{code}");
        assert_eq!(files.absolute("."), None, "nobody knows where it was planned");
        assert!(configuration(b"PK\x03\x04 and nothing more").is_err());
    }
}
