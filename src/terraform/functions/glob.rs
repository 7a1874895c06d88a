//! Patterns of paths, as `fileset` takes them: `*`, `?`, `**`, `[a-z]`, `{a,b}`.

/// The most patterns that the alternatives of one make.
const MOST: usize = 1_000;

/// A pattern: any of these, each a way of steps.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(Vec<Vec<Step>>);

#[derive(Clone, Debug)]
enum Step {
    /// `**`: any number of folders.
    Any,
    Name(Vec<Part>),
}

#[derive(Clone, Debug)]
enum Part {
    Character(char),
    /// `?`.
    One,
    /// `*`.
    Many,
    Class {
        ranges: Vec<(char, char)>,
        is_negated: bool,
    },
}

impl Pattern {
    /// `None`: it is no pattern.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let plain = alternatives(text)?;
        let steps = |it: &String| it.split('/').filter(|it| *it != ".").map(step).collect::<Option<Vec<_>>>();
        Some(Self(plain.iter().map(steps).collect::<Option<_>>()?))
    }

    pub(crate) fn fits(&self, path: &str) -> bool {
        let names: Vec<&str> = path.split('/').collect();
        self.0.iter().any(|steps| steps_fit(steps, &names))
    }
}

/// Without braces: each way to choose among them.
fn alternatives(text: &str) -> Option<Vec<String>> {
    let mut open = vec![text.to_owned()];
    let mut done = Vec::new();
    while let Some(text) = open.pop() {
        if MOST < open.len() + done.len() {
            return None;
        }
        // The innermost braces first: they hold no others.
        let Some(end) = text.find('}') else {
            done.push(text);
            continue;
        };
        let start = text[..end].rfind('{')?;
        for choice in text[start + 1..end].split(',') {
            open.push([&text[..start], choice, &text[end + 1..]].concat());
        }
    }
    Some(done)
}

fn step(text: &str) -> Option<Step> {
    if text == "**" {
        return Some(Step::Any);
    }
    let mut parts = Vec::new();
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        parts.push(match it {
            '?' => Part::One,
            '*' => Part::Many,
            '\\' => Part::Character(rest.next()?),
            '[' => {
                let inside: String = rest.by_ref().take_while(|it| *it != ']').collect();
                class(&inside)?
            }
            it => Part::Character(it),
        });
    }
    Some(Step::Name(parts))
}

fn class(inside: &str) -> Option<Part> {
    let stripped = inside.strip_prefix(['^', '!']);
    let characters: Vec<char> = stripped.unwrap_or(inside).chars().collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(&low) = characters.get(at) {
        if let (Some('-'), Some(&high)) = (characters.get(at + 1), characters.get(at + 2)) {
            ranges.push((low, high));
            at += 3;
        } else {
            ranges.push((low, low));
            at += 1;
        }
    }
    if ranges.is_empty() { None } else { Some(Part::Class { ranges, is_negated: stripped.is_some() }) }
}

/// Which steps can be reached after each name: no guess is ever taken back, so no pattern takes long.
fn steps_fit(steps: &[Step], names: &[&str]) -> bool {
    let mut reached = vec![false; steps.len() + 1];
    reached[0] = true;
    pass_over(steps, &mut reached);
    for name in names {
        let mut next = vec![false; steps.len() + 1];
        for (at, step) in steps.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match step {
                Step::Any => next[at] = true,
                Step::Name(parts) if name_fits(parts, name) => next[at + 1] = true,
                Step::Name(_) => (),
            }
        }
        pass_over(steps, &mut next);
        reached = next;
    }
    reached[steps.len()]
}

/// `**` may stand for no folder at all.
fn pass_over(steps: &[Step], reached: &mut [bool]) {
    for (at, step) in steps.iter().enumerate() {
        if reached[at] && matches!(step, Step::Any) {
            reached[at + 1] = true;
        }
    }
}

fn name_fits(parts: &[Part], name: &str) -> bool {
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    skip_stars(parts, &mut reached);
    for it in name.chars() {
        let mut next = vec![false; parts.len() + 1];
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match part {
                Part::Many => next[at] = true,
                Part::One => next[at + 1] = true,
                Part::Character(wanted) => next[at + 1] |= *wanted == it,
                Part::Class { ranges, is_negated } => {
                    let is_in = ranges.iter().any(|(low, high)| (*low..=*high).contains(&it));
                    next[at + 1] |= is_in != *is_negated;
                }
            }
        }
        skip_stars(parts, &mut next);
        reached = next;
    }
    reached[parts.len()]
}

fn skip_stars(parts: &[Part], reached: &mut [bool]) {
    for (at, part) in parts.iter().enumerate() {
        if reached[at] && matches!(part, Part::Many) {
            reached[at + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_fit_paths() {
        let fits = |pattern: &str, path: &str| Pattern::read(pattern).unwrap().fits(path);
        assert!(fits("*.tf", "main.tf") && !fits("*.tf", "net/main.tf"));
        assert!(fits("**/*.tf", "main.tf") && fits("**/*.tf", "a/b/main.tf") && fits("**", "a/b"));
        assert!(fits("{a,b}/[x-z]?.json", "b/y1.json") && !fits("[!a]", "a"));
    }
}
