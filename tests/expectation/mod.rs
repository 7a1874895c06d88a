//! What an example's page says, as `expected.md` writes it down.
//!
//! Below the title: the page's address in angle brackets, quotations, and three sections. `## Verdicts` has a line a
//! question, `FROM -> TO tcp/443: reachable, by RESOURCE RESOURCE`, or `: unreachable, code CODE CODE`; `## Routes` the
//! tables that the guide prints, `SUBNET: DESTINATION -> TARGET`, a prefix list being `pl`; `## Findings` a line a finding, `severity rule
//! resource`, or `None.`, or a sentence that says why any are right. A fourth, `## Plan alone`,
//! says what a plan without its code does not tell: then it may leave questions open, and gives no other answer.

/// What a guide says of a network.
#[derive(Debug)]
pub(crate) struct Expectation {
    pub(crate) page: String,
    pub(crate) quotes: usize,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) routes: Vec<Route>,
    pub(crate) findings: Findings,
    /// Why the plan alone leaves questions open.
    pub(crate) open_in_plan: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Verdict {
    /// As it is written.
    pub(crate) line: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) protocol: Protocol,
    pub(crate) word: String,
    /// What it goes through, among other things.
    pub(crate) by: Vec<String>,
    /// Why it does not arrive, sorted: these and no others; without, whatever they are.
    pub(crate) codes: Vec<String>,
}

#[derive(Debug)]
pub(crate) enum Protocol {
    Tcp(u16),
    Udp(u16),
    Icmp,
}

/// A row of a table in force.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) subnet: String,
    pub(crate) destination: String,
    pub(crate) target: String,
}

/// Errors and warnings.
#[derive(Debug)]
pub(crate) enum Findings {
    These(Vec<String>),
    /// The guide calls the network wrong.
    Whatever,
}

const WRONG: &str = "The page calls this network wrong";

impl Expectation {
    pub(crate) fn read(path: &str, text: &str) -> Self {
        let page = text.lines().find_map(|line| line.strip_prefix('<')?.strip_suffix('>'));
        let findings = section(text, "Findings");
        let findings = match (findings, block(findings)) {
            (said, lines) if said.starts_with("None.") && lines.is_empty() => Findings::These(Vec::new()),
            (said, lines) if said.starts_with(WRONG) && lines.is_empty() => Findings::Whatever,
            (_, lines) if !lines.is_empty() => Findings::These(lines.iter().map(ToString::to_string).collect()),
            (said, _) => panic!("{path}: neither findings nor a word about them: {said}"),
        };
        let unread = |line: &str| -> ! { panic!("{path}: not understood: {line}") };
        Self {
            page: page.unwrap_or_else(|| panic!("{path} names no page")).to_owned(),
            quotes: text.lines().filter(|line| line.starts_with("> ")).count(),
            verdicts: block(section(text, "Verdicts"))
                .iter()
                .map(|line| Verdict::read(line).unwrap_or_else(|| unread(line)))
                .collect(),
            routes: block(section(text, "Routes"))
                .iter()
                .map(|line| Route::read(line).unwrap_or_else(|| unread(line)))
                .collect(),
            findings,
            open_in_plan: Some(section(text, "Plan alone")).filter(|why| !why.is_empty()).map(str::to_owned),
        }
    }
}

impl Verdict {
    fn read(line: &str) -> Option<Self> {
        let (question, answer) = line.rsplit_once(": ")?;
        let (ends, protocol) = question.rsplit_once(' ')?;
        let (from, to) = ends.split_once(" -> ")?;
        let mut parts = answer.split(", ");
        let word = parts.next()?;
        let is_word = ["reachable", "unreachable", "one_way", "unknown"].contains(&word);
        let (mut by, mut codes) = (Vec::new(), Vec::new());
        for part in parts {
            let (what, names) = part.split_once(' ')?;
            let names = names.split(' ').map(str::to_owned);
            match what {
                "by" => by.extend(names),
                "code" => codes.extend(names),
                _ => return None,
            }
        }
        codes.sort_unstable();
        let protocol = match protocol.split_once('/') {
            Some(("tcp", port)) => Protocol::Tcp(port.parse().ok()?),
            Some(("udp", port)) => Protocol::Udp(port.parse().ok()?),
            None if protocol == "icmp" => Protocol::Icmp,
            Some(_) | None => return None,
        };
        let (from, to, word) = (from.to_owned(), to.to_owned(), word.to_owned());
        is_word.then(|| Self { line: line.to_owned(), from, to, protocol, word, by, codes })
    }
}

impl Route {
    fn read(line: &str) -> Option<Self> {
        let (subnet, route) = line.split_once(": ")?;
        let (destination, target) = route.split_once(" -> ")?;
        Some(Self { subnet: subnet.to_owned(), destination: destination.to_owned(), target: target.to_owned() })
    }
}

/// What stands under a heading; nothing where the heading is not there.
fn section<'a>(text: &'a str, title: &str) -> &'a str {
    let heading = format!("\n## {title}\n");
    let Some((_, rest)) = text.split_once(&heading) else { return "" };
    rest.split("\n## ").next().unwrap_or(rest).trim()
}

/// The lines of a section's fenced block.
fn block(section: &str) -> Vec<&str> {
    let inside = section.split_once("```text\n").and_then(|(_, rest)| rest.split_once("\n```"));
    inside.map(|(lines, _)| lines.lines().collect()).unwrap_or_default()
}
