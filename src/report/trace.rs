//! The way of packets from one end to another and back, for people and as the contract's JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    escape::visible,
    json::{self, Location},
    packets,
};
use crate::{
    finding::Label,
    reach::{
        Packets, Path, Side,
        named::{Traced, worst},
        path::{End, Fate, Hop, Step},
    },
    source::SourceMap,
};

/// What is to be shown.
#[derive(Debug)]
pub struct Trace<'a> {
    pub sources: &'a SourceMap,
    pub from: &'a str,
    pub to: &'a str,
    pub traced: &'a [Traced],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Text,
    Json,
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    verdict: &'static str,
    forward: Vec<HopRow<'a>>,
    #[serde(rename = "return")]
    back: Vec<HopRow<'a>>,
    explanations: Vec<Explanation<'a>>,
    /// Every way between every two ends.
    paths: Vec<PathRow<'a>>,
}

#[derive(Serialize)]
struct PathRow<'a> {
    from: &'a str,
    to: &'a str,
    verdict: &'static str,
    /// How the packets of this path fare.
    fate: &'static str,
    packets: Vec<PacketRow>,
    unknown: Option<&'a str>,
    forward: Vec<HopRow<'a>>,
    #[serde(rename = "return")]
    back: Vec<HopRow<'a>>,
}

#[derive(Serialize)]
struct HopRow<'a> {
    resource: &'a str,
    step: &'static str,
    packet: Option<PacketRow>,
    by: Option<&'a str>,
    message: &'a str,
    location: Option<Location<'a>>,
}

/// One value, or a list of several blocks or ranges.
#[derive(Serialize)]
struct PacketRow {
    source: OneOrMore,
    destination: OneOrMore,
    protocol: String,
    source_port: OneOrMore,
    destination_port: OneOrMore,
}

#[derive(Serialize)]
#[serde(untagged)]
enum OneOrMore {
    Number(u16),
    One(String),
    More(Vec<String>),
}

#[derive(Serialize)]
struct Explanation<'a> {
    code: &'static str,
    resource: &'a str,
    message: &'a str,
    location: Option<Location<'a>>,
}

impl Format {
    pub fn write(self, trace: &Trace<'_>, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text => write_text(trace, out),
            Self::Json => json::write_value(&document(trace), out),
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

fn step(step: Step) -> &'static str {
    match step {
        Step::Routed => "routed",
        Step::Translated => "translated",
        Step::Crossed => "crossed",
        Step::Filtered => "filtered",
        Step::Delivered => "delivered",
        Step::Dropped => "dropped",
    }
}

// JSON ----------------------------------------------------------------------------------------------------------------

fn document<'a>(trace: &Trace<'a>) -> Document<'a> {
    let verdict = worst(trace.traced);
    let worst = trace.traced.iter().find(|it| it.answer.verdict() == verdict);
    let telling = worst.and_then(|it| most_telling(it));
    let rows = |hops: &'a [Hop]| hops.iter().map(|hop| hop_row(trace.sources, hop)).collect();
    Document {
        schema_version: "1",
        verdict: verdict.word(),
        forward: telling.map(|path| rows(&path.hops)).unwrap_or_default(),
        back: telling.and_then(|path| path.back.as_ref()).map(|back| rows(&back.hops)).unwrap_or_default(),
        explanations: explanations(trace),
        paths: trace
            .traced
            .iter()
            .flat_map(|it| it.answer.paths.iter().map(move |path| path_row(trace, it, path)))
            .collect(),
    }
}

/// The path that shows why the verdict is what it is.
fn most_telling(traced: &Traced) -> Option<&Path> {
    use crate::reach::Verdict;
    let fate = match traced.answer.verdict() {
        Verdict::Reachable => Fate::Answered,
        Verdict::Unreachable => Fate::Blocked,
        Verdict::OneWay => Fate::OneWay,
        Verdict::Unknown => Fate::Unknown,
    };
    let paths = &traced.answer.paths;
    paths.iter().find(|path| path.fate() == fate).or_else(|| paths.iter().find(|path| path.doubt.is_some()))
}

fn path_row<'a>(trace: &Trace<'a>, traced: &'a Traced, path: &'a Path) -> PathRow<'a> {
    let rows = |hops: &'a [Hop]| hops.iter().map(|hop| hop_row(trace.sources, hop)).collect();
    PathRow {
        from: &traced.from,
        to: &traced.to,
        verdict: traced.answer.verdict().word(),
        fate: word(path.fate()),
        packets: path.packets.products().iter().map(|it| packet_row(&Packets::of(it.clone()))).collect(),
        unknown: path.why_unknown(),
        forward: rows(&path.hops),
        back: path.back.as_ref().map(|back| rows(&back.hops)).unwrap_or_default(),
    }
}

fn hop_row<'a>(sources: &'a SourceMap, hop: &'a Hop) -> HopRow<'a> {
    HopRow {
        resource: &hop.resource,
        step: step(hop.step),
        packet: (!hop.packets.is_empty()).then(|| packet_row(&hop.packets)),
        by: hop.by.as_deref(),
        message: &hop.text,
        location: hop.place.as_ref().map(|place| json::location(sources, place.span)),
    }
}

fn packet_row(packets: &Packets) -> PacketRow {
    let addresses = |side| one_or_more(packets::blocks(&packets.space(side)));
    let ports = |side| match packets.numbers(side).iter().collect::<Vec<_>>().as_slice() {
        [(first, last)] if first == last => OneOrMore::Number(u16::try_from(*first).unwrap_or(u16::MAX)),
        _ => one_or_more(packets::numbers(&packets.numbers(side))),
    };
    PacketRow {
        source: addresses(Side::Source),
        destination: addresses(Side::Destination),
        protocol: packets::protocols(packets),
        source_port: ports(Side::SourcePort),
        destination_port: ports(Side::DestinationPort),
    }
}

fn one_or_more(mut all: Vec<String>) -> OneOrMore {
    if all.len() == 1 { OneOrMore::One(all.swap_remove(0)) } else { OneOrMore::More(all) }
}

/// Why paths end badly, each reason at each place once.
fn explanations<'a>(trace: &Trace<'a>) -> Vec<Explanation<'a>> {
    let mut all: Vec<Explanation<'a>> = Vec::new();
    for path in trace.traced.iter().flat_map(|it| &it.answer.paths) {
        let Some(code) = path.code() else { continue };
        let last = path.back.as_ref().filter(|_| !matches!(path.end, End::Dropped(_) | End::Unknown(_)));
        let hops = last.map_or(&path.hops, |back| &back.hops);
        let Some(hop) = hops.last() else { continue };
        let message = path.why_unknown().unwrap_or(&hop.text);
        if all.iter().any(|it| it.code == code.word() && it.resource == hop.resource && it.message == message) {
            continue;
        }
        let location = hop.place.as_ref().map(|place: &Label| json::location(trace.sources, place.span));
        all.push(Explanation { code: code.word(), resource: &hop.resource, message, location });
    }
    all
}

// Text ----------------------------------------------------------------------------------------------------------------

fn write_text(trace: &Trace<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (at, traced) in trace.traced.iter().enumerate() {
        if at != 0 {
            writeln!(out)?;
        }
        let asked = &traced.answer.asked;
        let ports = packets::numbers(&asked.numbers(Side::DestinationPort));
        let ports = if ports == ["0-65535"] { "any port".to_owned() } else { ports.join(", ") };
        let verdict = traced.answer.verdict().word().replace('_', " ");
        let ends = format!("{} -> {}", visible(&traced.from), visible(&traced.to));
        writeln!(out, "{ends} ({} {ports}): {verdict}", packets::protocols(asked))?;
        for path in &traced.answer.paths {
            write_path(trace, traced, path, out)?;
        }
    }
    Ok(())
}

fn write_path(trace: &Trace<'_>, traced: &Traced, path: &Path, out: &mut dyn Write) -> io::Result<()> {
    let fate = word(path.fate()).replace('_', " ");
    let some = packets::of_asked(&path.packets, &traced.answer.asked);
    let perhaps = if path.doubt.is_some() { "perhaps " } else { "" };
    let some = if some.is_empty() { String::new() } else { format!(", {some}") };
    writeln!(out, "  {perhaps}{fate}{some}")?;
    write_hops("there", &path.hops, trace.sources, out)?;
    if let Some(back) = &path.back {
        write_hops("back", &back.hops, trace.sources, out)?;
    }
    if let Some(code) = path.code() {
        writeln!(out, "    {}", code.word())?;
    }
    if let Some(why) = path.why_unknown() {
        writeln!(out, "    not known: {}", visible(why))?;
    }
    Ok(())
}

fn write_hops(direction: &str, hops: &[Hop], sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let width = hops.iter().map(|hop| visible(&hop.resource).chars().count()).max().unwrap_or(0);
    for (at, hop) in hops.iter().enumerate() {
        let word = if at == 0 { direction } else { "" };
        let place = hop.place.as_ref().map(|place| {
            let start = sources.place(place.span).start;
            format!("  {}:{}", visible(sources.path(place.span.source)), start.line)
        });
        let resource = visible(&hop.resource);
        let line = format!("    {word:5}  {resource:width$}  {}{}", visible(&hop.text), place.unwrap_or_default());
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
