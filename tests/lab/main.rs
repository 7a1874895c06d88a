//! Real packets are the judge: small networks, those of chance and the recorded scenarios, are built as Linux network
//! namespaces, real flows are tried between all pairs, and what became of them is held against what the program says of
//! the code. And many more networks of chance are walked through packet by packet, which needs nothing of the machine.
//!
//! The namespaces need root, `iproute2`, `nftables` and `python3`; where these are missing, no packet is sent, and the
//! reason is said.

#![expect(clippy::format_push_string, reason = "code and scripts are put together from pieces")]
#![expect(clippy::format_collect, reason = "code and scripts are put together from pieces")]
#![expect(clippy::print_stderr, reason = "a skipped test says why")]

mod attempts;
mod code;
mod devices;
mod filters;
mod flows;
mod generate;
mod joined;
mod kinds;
mod namespaces;
mod network;
mod scenario;
mod stories;
mod walk;

use std::{
    panic::resume_unwind,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use iac_check::reach::Verdict;

use attempts::{Attempt, Tally};
use flows::{Flow, Outcome};
use namespaces::Namespaces;
use network::Lab;
use walk::Fate;

/// How many networks of chance are walked through.
const WALKED: u64 = 180;

/// How many of them are built.
const TRIED: u64 = 54;

/// How many recorded scenarios are built, at least.
const FEWEST_SCENARIOS: usize = 30;

/// How many with a load balancer, to be asked through it.
const BALANCED: u64 = 16;

/// How many at once.
const WORKERS: usize = 6;

#[test]
fn what_becomes_of_a_packet_is_what_the_program_says_of_its_set() {
    let (first, count) = seeds(0, WALKED);
    let tally = all_of(first, count, 2, |seed| {
        let lab = generate::lab(seed);
        let attempts = attempts::all(&lab);
        let fates: Vec<_> = attempts.iter().map(|it| walk::fate(&lab, it.sender(), it.packet)).collect();
        let verdicts = attempts::verdicts(&lab, &attempts);
        tally(&lab, attempts.iter().zip(fates).zip(verdicts))
    });
    eprintln!("walked: {}", tally.text());
    tally.assert_agreed();
    tally.assert_mixed();
}

#[test]
fn what_becomes_of_real_packets_is_what_the_program_says() {
    let Some(()) = ready() else { return };
    let (first, count) = seeds(0, TRIED);
    // Most of the time is spent waiting for answers that never come: several networks wait at once.
    let tally = all_of(first, count, WORKERS, |seed| {
        let lab = generate::lab(seed);
        held(&lab, seed, |attempts| attempts::verdicts(&lab, attempts))
    });
    eprintln!("generated: {}", tally.text());
    tally.assert_agreed();
    tally.assert_mixed();
}

#[test]
fn what_becomes_of_real_packets_in_the_scenarios_is_what_the_program_says() {
    let Some(()) = ready() else { return };
    let names = scenario::plans();
    let count = u64::try_from(names.len()).expect("there are few");
    let tally = all_of(0, count, WORKERS, |at| {
        let name = &names[usize::try_from(at).expect("there are few")];
        let network = scenario::network(name);
        match scenario::lab(name, &network) {
            Ok((lab, hosts)) => held(&lab, 500 + at, |attempts| attempts::said(&network, &hosts, attempts)),
            Err(why) => {
                eprintln!("{name} is not built: {why}");
                Tally::default()
            }
        }
    });
    eprintln!("scenarios: {} of {}; {}", tally.networks, names.len(), tally.text());
    tally.assert_agreed();
    assert!(FEWEST_SCENARIOS <= tally.networks, "most scenarios are built: {}", tally.text());
    assert!(0 < tally.answered && 0 < tally.lost + tally.one_way, "there is something to tell apart");
}

#[test]
fn clients_of_a_load_balancer_are_answered_where_the_program_says_so() {
    let Some(()) = ready() else { return };
    let tally = all_of(0, BALANCED, WORKERS, |at| {
        let lab = generate::lab(generate::balanced(at));
        through(&lab, 700 + at)
    });
    eprintln!("through load balancers: {}", tally.text());
    tally.assert_agreed();
    assert!(tally.told() / 4 < tally.answered && tally.told() / 4 < tally.lost, "{}", tally.text());
}

/// Asks targets by the nodes of load balancers.
fn through(lab: &Lab, number: u64) -> Tally {
    let pairs = attempts::through(lab);
    let attempts: Vec<Attempt> = pairs.iter().flatten().copied().collect();
    let verdicts = attempts::verdicts(lab, &attempts);
    let fates: Vec<_> = attempts.iter().map(|it| walk::fate(lab, it.sender(), it.packet)).collect();
    let flow = |[asked, onward]: &[Attempt; 2]| Flow {
        from: asked.from.namespace(),
        packet: asked.packet,
        onward: Some(onward.packet),
    };
    let outcomes = outcomes(lab, number, &pairs.iter().map(flow).collect::<Vec<_>>());
    let mut tally = Tally { networks: 1, ..Tally::default() };
    for (at, outcome) in outcomes.iter().enumerate() {
        let both = 2 * at..2 * at + 2;
        if fates[both.clone()].contains(&Fate::Open) {
            tally.open += 1;
            continue;
        }
        *(if outcome.answered { &mut tally.answered } else { &mut tally.lost }) += 1;
        let is_walked = fates[both.clone()].iter().all(|fate| *fate == Fate::Answered);
        let is_said = verdicts[both.clone()].iter().all(|verdict| *verdict == Verdict::Reachable);
        let text = format!("{}: {}: {outcome:?}, by {:?}", lab.name, attempts[2 * at].text(), &verdicts[both.clone()]);
        if verdicts[both].contains(&Verdict::Unknown) {
            tally.unknown.push(text);
        } else if is_walked != outcome.answered || is_said != outcome.answered {
            tally.wrong.push(text);
        }
    }
    tally
}

/// Tries every flow of which it is told what becomes of it, and holds each against its verdict and against the walk.
fn held(lab: &Lab, number: u64, verdicts: impl FnOnce(&[Attempt]) -> Vec<Verdict>) -> Tally {
    let attempts = attempts::all(lab);
    let verdicts = verdicts(&attempts);
    let walked: Vec<_> = attempts.iter().map(|it| walk::fate(lab, it.sender(), it.packet)).collect();
    let tried: Vec<_> = (0..attempts.len()).filter(|at| walked[*at] != Fate::Open).collect();
    let flow = |at: &usize| {
        let Attempt { from, packet, .. } = attempts[*at];
        Flow { from: from.namespace(), packet, onward: None }
    };
    let outcomes = outcomes(lab, number, &tried.iter().map(flow).collect::<Vec<_>>());
    let mut fates = walked.clone();
    let mut wrong = Vec::new();
    for (at, outcome) in tried.into_iter().zip(outcomes) {
        let is_lost = outcome.arrived == Some(false) || (outcome.arrived.is_none() && walked[at] == Fate::Lost);
        fates[at] = match outcome.answered {
            true => Fate::Answered,
            false if is_lost => Fate::Lost,
            false => Fate::OneWay,
        };
        if fates[at] != walked[at] {
            let text = attempts[at].text();
            wrong.push(format!("{}: {text}: {outcome:?}, but the walk says {:?}", lab.name, walked[at]));
        }
    }
    let mut tally = tally(lab, attempts.iter().zip(fates).zip(verdicts));
    tally.wrong.extend(wrong);
    tally
}

/// What becomes of flows, by real packets.
fn outcomes(lab: &Lab, number: u64, flows: &[Flow]) -> Vec<Outcome> {
    let namespaces = Namespaces::of(lab, &prefix(number));
    let namespaces = namespaces.unwrap_or_else(|why| panic!("{}: {why}", lab.name));
    let servers: Vec<_> = (0..lab.hosts.len()).map(|host| format!("h{host}")).chain(["net".to_owned()]).collect();
    flows::outcomes(&namespaces, &servers, lab.ports(), flows)
}

/// What the names of a network's namespaces begin with: no other process has them.
fn prefix(number: u64) -> String {
    format!("ic{}x{number}", std::process::id())
}

/// Whether the machine can do it. Asked once: the tests run beside each other.
fn ready() -> Option<()> {
    static READY: OnceLock<bool> = OnceLock::new();
    READY.get_or_init(|| is_ready().is_some()).then_some(())
}

fn is_ready() -> Option<()> {
    let name = prefix(0) + "probe";
    let probe = format!(
        "set -e\nfor it in ip nft python3; do command -v $it > /dev/null || {{ echo $it is not installed >&2; exit 1; }}; done\n\
         ip netns add {name}; trap 'ip netns del {name}' EXIT; ip netns exec {name} nft list ruleset\n"
    );
    match namespaces::run_script(&probe) {
        Ok(()) => Some(()),
        Err(why) => {
            eprintln!("skipped, no packet was sent: {}", why.trim());
            None
        }
    }
}

/// So many networks, or those that somebody asks for: `LAB_SEEDS=1000+500`.
#[expect(clippy::disallowed_methods, reason = "a test reads what to try from its environment")]
fn seeds(first: u64, count: u64) -> (u64, u64) {
    let asked = std::env::var("LAB_SEEDS").ok();
    let asked = asked.as_deref().and_then(|text| text.split_once('+'));
    let number = |text: &str| text.parse().expect("LAB_SEEDS is FIRST+COUNT");
    asked.map_or((first, count), |(first, count)| (number(first), number(count)))
}

/// The sum of what `of` says of each number, by several threads.
fn all_of(first: u64, count: u64, workers: usize, of: impl Fn(u64) -> Tally + Sync) -> Tally {
    let next = AtomicU64::new(first);
    let work = || {
        let mut sum = Tally::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if first + count <= number {
                return sum;
            }
            sum.add(of(number));
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut sum = Tally::default();
        for worker in workers {
            sum.add(worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        sum
    })
}

/// Counts what became of each question, and what the program says of it.
fn tally<'a>(lab: &Lab, all: impl Iterator<Item = ((&'a Attempt, Fate), Verdict)>) -> Tally {
    let mut tally = Tally { networks: 1, ..Tally::default() };
    for ((attempt, fate), verdict) in all {
        let count = match fate {
            Fate::Answered => &mut tally.answered,
            Fate::OneWay => &mut tally.one_way,
            Fate::Lost => &mut tally.lost,
            Fate::Open => &mut tally.open,
        };
        *count += 1;
        let expected = match fate {
            Fate::Answered => Verdict::Reachable,
            Fate::OneWay => Verdict::OneWay,
            Fate::Lost => Verdict::Unreachable,
            Fate::Open => Verdict::Unknown,
        };
        let line = || format!("{}: {}: {fate:?}, but the program says {verdict:?}", lab.name, attempt.text());
        match verdict {
            _ if verdict == expected => (),
            Verdict::Unknown => tally.unknown.push(line()),
            Verdict::Reachable | Verdict::Unreachable | Verdict::OneWay => tally.wrong.push(line()),
        }
    }
    tally
}
