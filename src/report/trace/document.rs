//! The way of packets as the contract's JSON.

use std::borrow::Cow;

use serde::Serialize;

use super::{
    super::{
        json::{self, Location},
        packets,
    },
    Trace, word,
};
use crate::{
    finding::Label,
    reach::{
        Code, Packets, Path, Reachability, Side, Verdict,
        forwarding::{Onward, Outcome},
        named::{Traced, worst},
        path::{End, Fate, Hop, Step},
    },
    source::SourceMap,
};

#[derive(Serialize)]
pub(super) struct Document<'a> {
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
    to: Option<&'a str>,
    /// The conditions under which it is so, where they decide.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
    /// Behind a load balancer: who forwards, and to which group.
    #[serde(skip_serializing_if = "Option::is_none")]
    listener: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_group: Option<&'a str>,
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
    message: Cow<'a, str>,
    location: Option<Location<'a>>,
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

pub(super) fn of<'a>(trace: &Trace<'a>) -> Document<'a> {
    let verdict = verdict(trace);
    let all = || trace.worlds.iter().filter_map(|it| Some((it.what.as_ref()?, it.when.as_deref())));
    let traced = || all().flat_map(|(traced, _)| traced);
    let worst = traced().find(|it| it.verdict() == verdict).or_else(|| traced().next());
    let (forward, back) = worst.map(telling_hops).unwrap_or_default();
    let rows = |hops: Vec<&'a Hop>| hops.into_iter().map(|hop| hop_row(trace.sources, hop)).collect();
    let mut paths = Vec::new();
    for (traced, when) in all() {
        let from = paths.len();
        for traced in traced {
            paths.extend(path_rows(trace.sources, (&traced.from, Some(&traced.to)), &traced.answer));
            onward_rows(trace.sources, &traced.onward, &mut paths);
        }
        paths[from..].iter_mut().for_each(|row| row.when = when);
    }
    Document {
        schema_version: "1",
        verdict: verdict.word(),
        forward: rows(forward),
        back: rows(back),
        explanations: explanations(trace),
        paths,
    }
}

/// The verdict that every world has.
pub(super) fn verdict(trace: &Trace<'_>) -> Verdict {
    let mut all = trace.worlds.iter().map(|it| it.what.as_deref().map(worst));
    match all.next() {
        Some(Some(first)) if all.all(|it| it == Some(first)) => first,
        Some(_) | None => Verdict::Unknown,
    }
}

/// What differs from world to world: `reachable where HasNat is true`.
pub(super) fn by_world(trace: &Trace<'_>) -> Vec<String> {
    if verdict(trace) != Verdict::Unknown {
        return Vec::new();
    }
    let told = trace.worlds.iter().filter_map(|it| {
        let verdict = it.what.as_deref().map(|it| worst(it).word().replace('_', " "));
        let verdict = verdict.unwrap_or_else(|| "one end is not made".to_owned());
        it.when.as_deref().map(|when| format!("{verdict} where {when}"))
    });
    told.collect()
}

/// Everything that there is to say of a world, as a text.
pub(super) fn key(sources: &SourceMap, traced: &[Traced]) -> String {
    let mut paths = Vec::new();
    for traced in traced {
        paths.extend(path_rows(sources, (&traced.from, Some(&traced.to)), &traced.answer));
        onward_rows(sources, &traced.onward, &mut paths);
    }
    let mut text = Vec::new();
    // What cannot be written is like nothing else.
    match json::write_value(&paths, &mut text) {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) => error.to_string(),
    }
}

/// The hops there and back that show why the verdict is what it is: through a load balancer to its target.
fn telling_hops(traced: &Traced) -> (Vec<&Hop>, Vec<&Hop>) {
    let verdict = traced.verdict();
    let (mut forward, mut back) = hops_of(most_telling(&traced.answer));
    let mut onward = &traced.onward;
    while let Some(next) = onward.iter().find(|it| it.verdict() == verdict).or_else(|| onward.first()) {
        forward.push(&next.hop);
        let Outcome::Asks { answer, onward: further, .. } = &next.outcome else { break };
        let (there, mut from_there) = hops_of(most_telling(answer));
        forward.extend(there);
        from_there.append(&mut back);
        back = from_there;
        onward = further;
    }
    (forward, back)
}

fn hops_of(path: Option<&Path>) -> (Vec<&Hop>, Vec<&Hop>) {
    let forward = path.into_iter().flat_map(|path| &path.hops).collect();
    (forward, path.and_then(|path| path.back.as_ref()).into_iter().flat_map(|back| &back.hops).collect())
}

/// The path that shows why the verdict is what it is.
fn most_telling(answer: &Reachability) -> Option<&Path> {
    let fate = match answer.verdict() {
        Verdict::Reachable => Fate::Answered,
        Verdict::Unreachable => Fate::Blocked,
        Verdict::OneWay => Fate::OneWay,
        Verdict::Unknown => Fate::Unknown,
    };
    let paths = &answer.paths;
    paths.iter().find(|path| path.fate() == fate).or_else(|| paths.iter().find(|path| path.doubt.is_some()))
}

fn path_rows<'a>(
    sources: &'a SourceMap,
    (from, to): (&'a str, Option<&'a String>),
    answer: &'a Reachability,
) -> Vec<PathRow<'a>> {
    let rows = |hops: &'a [Hop]| hops.iter().map(|hop| hop_row(sources, hop)).collect();
    let row = |path: &'a Path| PathRow {
        from,
        to: to.map(String::as_str),
        when: None,
        listener: None,
        target_group: None,
        verdict: answer.verdict().word(),
        fate: word(path.fate()),
        packets: path.packets.products().iter().map(|it| packet_row(&Packets::of(it.clone()))).collect(),
        unknown: path.why_unknown(),
        forward: rows(&path.hops),
        back: path.back.as_ref().map(|back| rows(&back.hops)).unwrap_or_default(),
    };
    answer.paths.iter().map(row).collect()
}

/// What lies behind a load balancer's node, each way after what leads to it.
fn onward_rows<'a>(sources: &'a SourceMap, onward: &'a [Onward], rows: &mut Vec<PathRow<'a>>) {
    for next in onward {
        let decision = || hop_row(sources, &next.hop);
        let (listener, target_group) = (next.listener.as_deref(), next.group.as_deref());
        match &next.outcome {
            Outcome::Asks { target, answer, onward } => {
                for mut row in path_rows(sources, (&next.node, Some(target)), answer) {
                    row.forward.insert(0, decision());
                    rows.push(PathRow { listener, target_group, ..row });
                }
                onward_rows(sources, onward, rows);
            }
            Outcome::Answers | Outcome::Stops(_) | Outcome::Unknown(_) => rows.push(PathRow {
                from: &next.node,
                to: None,
                when: None,
                listener,
                target_group,
                verdict: next.verdict().word(),
                fate: fate_of(&next.outcome),
                packets: Vec::new(),
                unknown: why_unknown(&next.outcome),
                forward: vec![decision()],
                back: Vec::new(),
            }),
        }
    }
}

fn fate_of(outcome: &Outcome) -> &'static str {
    word(match outcome {
        Outcome::Asks { .. } | Outcome::Answers => Fate::Answered,
        Outcome::Stops(_) => Fate::Blocked,
        Outcome::Unknown(_) => Fate::Unknown,
    })
}

fn why_unknown(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Unknown(why) => Some(why),
        Outcome::Asks { .. } | Outcome::Answers | Outcome::Stops(_) => None,
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
    let mut add = |code: Code, hop: &'a Hop, message: &'a str| {
        let is_known =
            |it: &Explanation<'_>| it.code == code.word() && it.resource == hop.resource && it.message == message;
        if !all.iter().any(is_known) {
            let location = hop.place.as_ref().map(|place: &Label| json::location(trace.sources, place.span));
            let message = Cow::Borrowed(message);
            all.push(Explanation { code: code.word(), resource: &hop.resource, message, location });
        }
    };
    for traced in trace.worlds.iter().filter_map(|it| it.what.as_ref()).flatten() {
        explain_paths(&traced.answer, &mut add);
        explain_onward(&traced.onward, &mut add);
    }
    all.extend(by_world(trace).into_iter().map(|told| Explanation {
        code: "CONDITIONS_DECIDE",
        resource: trace.to,
        message: Cow::Owned(told),
        location: None,
    }));
    all
}

fn explain_paths<'a>(answer: &'a Reachability, add: &mut dyn FnMut(Code, &'a Hop, &'a str)) {
    for path in &answer.paths {
        let Some(code) = path.code() else { continue };
        let last = path.back.as_ref().filter(|_| !matches!(path.end, End::Dropped(_) | End::Unknown(_)));
        let hops = last.map_or(&path.hops, |back| &back.hops);
        let Some(hop) = hops.last() else { continue };
        add(code, hop, path.why_unknown().unwrap_or(&hop.text));
    }
}

fn explain_onward<'a>(onward: &'a [Onward], add: &mut dyn FnMut(Code, &'a Hop, &'a str)) {
    for next in onward {
        match &next.outcome {
            Outcome::Asks { answer, onward, .. } => {
                explain_paths(answer, add);
                explain_onward(onward, add);
            }
            Outcome::Answers => (),
            Outcome::Stops(code) => add(*code, &next.hop, &next.hop.text),
            Outcome::Unknown(why) => add(Code::UnknownBeforeApply, &next.hop, why),
        }
    }
}
