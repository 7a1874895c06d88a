//! Paths of templates that templates name.

/// `name` as it is meant in the file at `path`, without `.` and `..` where they can be taken out.
pub(super) fn beside(path: &str, name: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let joined = if name.starts_with('/') || folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let mut steps: Vec<&str> = Vec::new();
    for step in joined.split('/') {
        match (step, steps.last()) {
            (".", _) | ("", Some(_)) => (),
            ("..", Some(&last)) if last != ".." && !last.is_empty() => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn a_name_is_meant_from_the_folder_of_its_file() {
        assert_eq!(beside("main.yaml", "./net.yaml"), "net.yaml");
        assert_eq!(beside("a/main.yaml", "../b//net.yaml"), "b/net.yaml");
        assert_eq!(beside("/a/main.yaml", "net.yaml"), "/a/net.yaml");
        assert_eq!(beside("../main.yaml", "../net.yaml"), "../../net.yaml");
    }
}
