//! What the user may have meant by a name that there is not.

/// Those of `names` that are near to `name`, nearest first.
pub(super) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let most = name.chars().count() / 3 + 1;
    let distances = names.into_iter().map(|it| (distance(name, it), it));
    let mut near: Vec<_> = distances.filter(|(distance, it)| *distance <= most || it.contains(name)).collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().map(|(_, it)| it).collect()
}

/// The one of `names` that `name` is, but for a slip of the finger.
pub(super) fn misspelt<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let most = name.chars().count() / 3;
    let distances = names.iter().map(|it| (distance(name, it), *it));
    distances.filter(|(distance, _)| *distance <= most).min().map(|(_, it)| it)
}

/// `; did you mean …?`, or nothing where no name is near.
pub(super) fn suggestion(near: &[&str]) -> String {
    let shown: Vec<_> = near.iter().take(3).map(|it| format!("`{it}`")).collect();
    if shown.is_empty() { String::new() } else { format!("; did you mean {}?", shown.join(" or ")) }
}

/// How many characters have to be added, taken away or changed to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(distance("ab", ""), 2);
    }

    #[test]
    fn near_names_come_nearest_first() {
        let names = ["nat_loop", "nat_without_internet", "blackhole_route"];
        assert_eq!(nearest("nat_lop", names), ["nat_loop"]);
        assert_eq!(nearest("nat", names), ["nat_loop", "nat_without_internet"]);
        assert_eq!(nearest("zzz", names), [""; 0]);
        assert_eq!(misspelt("rouets", &["check", "routes"]), Some("routes"));
        assert_eq!(misspelt("plan", &["explain"]), None);
        assert_eq!(suggestion(&["a", "b"]), "; did you mean `a` or `b`?");
        assert_eq!(suggestion(&[]), "");
    }
}
