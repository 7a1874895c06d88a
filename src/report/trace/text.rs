//! The way of packets for people: hop by hop, at a glance.

use std::io::{self, Write};

use super::{
    super::{escape::visible, packets},
    Trace, document, word,
};
use crate::{
    finding::Label,
    reach::{
        Path, Reachability, Side,
        forwarding::{Onward, Outcome},
        path::Hop,
    },
    source::SourceMap,
};

pub(super) fn write(trace: &Trace<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut is_first = true;
    for world in trace.worlds {
        if let Some(when) = &world.when {
            writeln!(out, "{}where {}", if is_first { "" } else { "\n" }, visible(when))?;
            is_first = false;
        }
        for traced in world.what.iter().flatten() {
            if !std::mem::take(&mut is_first) {
                writeln!(out)?;
            }
            write_answer(trace, (&traced.from, &traced.to), &traced.answer, None, out)?;
            write_onward(trace, &traced.onward, out)?;
        }
        if world.what.is_none() {
            writeln!(out, "\none end is not made")?;
        }
    }
    let mut ways = trace.worlds.iter().filter_map(|it| it.what.as_ref()).flatten();
    if 1 < trace.worlds.len() || ways.any(|it| !it.onward.is_empty()) {
        let verdict = document::verdict(trace).word().replace('_', " ");
        writeln!(out, "\nall in all, {} -> {}: {verdict}", visible(trace.from), visible(trace.to))?;
        for told in document::by_world(trace) {
            writeln!(out, "  {}", visible(&told))?;
        }
    }
    Ok(())
}

/// What becomes of packets between two ends; and before that, what a load balancer decided.
fn write_answer(
    trace: &Trace<'_>,
    (from, to): (&str, &str),
    answer: &Reachability,
    decision: Option<&Hop>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let asked = &answer.asked;
    let ports = packets::numbers(&asked.numbers(Side::DestinationPort));
    let ports = if ports == ["0-65535"] { "any port".to_owned() } else { ports.join(", ") };
    let verdict = answer.verdict().word().replace('_', " ");
    let ends = format!("{} -> {}", visible(from), visible(to));
    writeln!(out, "{ends} ({} {ports}): {verdict}", packets::protocols(asked))?;
    if let Some(hop) = decision {
        writeln!(out, "  {}{}", visible(&hop.text), place(hop, trace.sources))?;
    }
    answer.paths.iter().try_for_each(|path| write_path(trace, answer, path, out))
}

fn write_onward(trace: &Trace<'_>, onward: &[Onward], out: &mut dyn Write) -> io::Result<()> {
    for next in onward {
        writeln!(out)?;
        match &next.outcome {
            Outcome::Asks { target, answer, onward } => {
                write_answer(trace, (&next.node, target), answer, Some(&next.hop), out)?;
                write_onward(trace, onward, out)?;
            }
            Outcome::Answers | Outcome::Stops(_) | Outcome::Unknown(_) => {
                writeln!(out, "{}: {}", visible(&next.node), next.verdict().word())?;
                let unknown = if matches!(next.outcome, Outcome::Unknown(_)) { "not known: " } else { "" };
                writeln!(out, "  {unknown}{}{}", visible(&next.hop.text), place(&next.hop, trace.sources))?;
                if let Outcome::Stops(code) = &next.outcome {
                    writeln!(out, "    {}", code.word())?;
                }
            }
        }
    }
    Ok(())
}

/// Where a hop was decided: `  main.tf:12`.
fn place(hop: &Hop, sources: &SourceMap) -> String {
    let of = |place: &Label| {
        let start = sources.place(place.span).start;
        format!("  {}:{}", visible(sources.path(place.span.source)), start.line)
    };
    hop.place.as_ref().map(of).unwrap_or_default()
}

fn write_path(trace: &Trace<'_>, answer: &Reachability, path: &Path, out: &mut dyn Write) -> io::Result<()> {
    let fate = word(path.fate()).replace('_', " ");
    let some = packets::of_asked(&path.packets, &answer.asked);
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
        let resource = visible(&hop.resource);
        let line = format!("    {word:5}  {resource:width$}  {}{}", visible(&hop.text), place(hop, sources));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
