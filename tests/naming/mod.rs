//! How a template names what the code has at an address.

/// The noun first, a stack for a module.
pub(crate) fn logical_id(address: &str) -> String {
    let words: Vec<_> = address.split('.').filter(|it| *it != "module").collect();
    let (modules, resource) = words.split_at(words.len().saturating_sub(2));
    let id: String = resource.iter().map(|it| capitalised(it.strip_prefix("aws_").unwrap_or(it))).collect();
    modules.iter().map(|it| format!("{}/", capitalised(it))).chain([id]).collect()
}

fn capitalised(name: &str) -> String {
    let name = if name == "lb" { "load_balancer" } else { name };
    let words = name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect()
}
