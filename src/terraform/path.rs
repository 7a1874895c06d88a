//! Paths with `/`, put together and cut without asking the disk.

/// `path` as seen from `folder`, without steps that lead nowhere; `.` is the folder of the run.
pub(super) fn join(folder: &str, path: &str) -> String {
    if path.starts_with('/') { normal(path) } else { normal(&format!("{folder}/{path}")) }
}

/// `path` without steps that lead nowhere.
pub(super) fn normal(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    let is_absolute = path.starts_with('/');
    for step in path.split('/') {
        match step {
            "" | "." => (),
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            ".." if is_absolute => (),
            step => steps.push(step),
        }
    }
    match (is_absolute, steps.is_empty()) {
        (true, _) => format!("/{}", steps.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => steps.join("/"),
    }
}

/// Whether `path` is `folder` or lies below it. Both are normal.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    if folder == "." {
        return !path.starts_with('/') && path != ".." && !path.starts_with("../");
    }
    if folder == ".." || folder.ends_with("/..") {
        return is_within_climbing(path, folder);
    }
    path == folder || folder == "/" || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// As [`is_within`], of a folder above that of the run: `../..` holds `..`, `.` and whatever is below these.
fn is_within_climbing(path: &str, folder: &str) -> bool {
    let climbs = |path: &str| path.split('/').take_while(|it| *it == "..").count();
    !path.starts_with('/') && climbs(path) <= climbs(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_lead_nowhere_go() {
        assert_eq!(join(".", "./a//b/../c"), "a/c");
        assert_eq!(join("examples/simple", "../.."), ".");
        assert_eq!(join(".", "../.."), "../..");
        assert_eq!(join("a", "/b/../../c"), "/c");
    }

    #[test]
    fn what_lies_below_is_told_from_what_does_not() {
        assert!(is_within("a/b", "a") && is_within("a", ".") && is_within("/a", "/"));
        assert!(!is_within("ab", "a") && !is_within("../a", ".") && !is_within("/a", "."));
        assert!(is_within("../a", "..") && is_within("a", "../..") && !is_within("../../a", ".."));
    }
}
