//! Sets of addresses in words: in the fewest.

use super::Space;
use crate::network::Family;

/// More blocks than this are counted, not listed.
const MOST: usize = 6;

impl Space {
    /// Its blocks, or those that it lacks.
    pub fn in_words(&self) -> String {
        let of = |family| {
            let mine = self.of_family(family);
            (!mine.is_empty()).then(|| of_family(&mine, family))
        };
        Family::ALL.into_iter().filter_map(of).collect::<Vec<_>>().join(", ")
    }
}

fn of_family(space: &Space, family: Family) -> String {
    let everything = if family == Family::V4 { "0.0.0.0/0" } else { "::/0" };
    let wholes = [(Space::everything(family), everything), (Space::internet(family), "the internet")];
    let own = blocks(space);
    let mut shortest = (own.len(), some(&own));
    for (whole, name) in wholes {
        let lacks = blocks(&whole.difference(space));
        if space.difference(&whole).is_empty() && lacks.len() < shortest.0 {
            let but = if lacks.is_empty() { String::new() } else { format!(" but {}", some(&lacks)) };
            shortest = (lacks.len(), format!("{name}{but}"));
        }
    }
    shortest.1
}

fn blocks(space: &Space) -> Vec<String> {
    space.blocks().iter().map(ToString::to_string).collect()
}

/// The first of some blocks or ports, and how many more there are.
pub fn some(all: &[String]) -> String {
    let shown: Vec<_> = all.iter().take(MOST).map(String::as_str).collect();
    match all.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
