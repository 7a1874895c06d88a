//! The way of packets from one end to another and back, for people and as the contract's JSON.

mod document;
mod text;

use std::io::{self, Write};

use super::json;
use crate::{
    reach::{named::Traced, path::Fate},
    source::SourceMap,
    worlds::Told,
};

/// What is to be shown.
#[derive(Debug)]
pub struct Trace<'a> {
    pub sources: &'a SourceMap,
    pub from: &'a str,
    pub to: &'a str,
    /// The ways in each world, those that say the same once; `None` in worlds without both ends.
    pub worlds: &'a [Told<Option<Vec<Traced>>>],
}

/// What two worlds are held against each other by.
pub fn key(sources: &SourceMap, traced: Option<&[Traced]>) -> Option<String> {
    traced.map(|traced| document::key(sources, traced))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Text,
    Json,
}

impl Format {
    pub fn write(self, trace: &Trace<'_>, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text => text::write(trace, out),
            Self::Json => json::write_value(&document::of(trace), out),
        }
    }
}

/// How outputs write a fate.
fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Answered => "answered",
        Fate::OneWay => "one_way",
        Fate::Blocked => "blocked",
        Fate::Unknown => "unknown",
    }
}
