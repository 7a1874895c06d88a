//! The words of a plan: references, ids, and what is filled into them.

use super::ZONES;

/// What an expression refers to, as `configuration` lists it.
#[derive(Clone)]
pub(super) struct References(pub(super) Vec<String>);

impl References {
    pub(super) fn of(names: &[&str]) -> Self {
        Self(names.iter().map(|&name| name.to_owned()).collect())
    }

    pub(super) fn json(&self) -> String {
        let names: Vec<_> = self.0.iter().map(|name| text(name)).collect();
        format!(r#"{{"references":[{}]}}"#, names.join(","))
    }
}

/// A comma, but not before the first.
#[derive(Default)]
pub(super) struct Comma {
    due: bool,
}

impl Comma {
    pub(super) fn next(&mut self) -> &'static str {
        if std::mem::replace(&mut self.due, true) { "," } else { "" }
    }
}

/// The expression of a value that follows from nothing, or from the instance's index alone.
pub(super) fn written(value: &str) -> String {
    let differs = ["{n}", "{zone}"].iter().any(|it| value.contains(it));
    if differs { References::of(&["count.index"]).json() } else { format!(r#"{{"constant_value":{value}}}"#) }
}

/// The id of the one resource that a site has in a slot.
pub(super) fn id(prefix: &str, site: usize, slot: usize) -> String {
    ids(prefix, site, slot).replace("{id}", "0000")
}

/// The ids of the several resources that a site has in a slot.
pub(super) fn ids(prefix: &str, site: usize, slot: usize) -> String {
    format!("{prefix}-0{site:08x}{slot:04x}{{id}}")
}

/// The ids of all zones.
pub(super) fn all(id: &str) -> String {
    let ids: Vec<_> = (0..ZONES).map(|zone| text(&fill(id, zone, &[]))).collect();
    format!("[{}]", ids.join(","))
}

pub(super) fn text(text: &str) -> String {
    format!("\"{text}\"")
}

pub(super) fn fill(template: &str, instance: usize, each: &[String]) -> String {
    let zone = instance % ZONES;
    let mut filled = template
        .replace("{n}", &instance.to_string())
        .replace("{id}", &format!("{instance:04x}"))
        .replace("{zone_id}", &format!("{zone:04x}"))
        .replace("{zone}", ["a", "b", "c"][zone]);
    if let Some(own) = each.get(instance) {
        filled = filled.replace("{each}", own);
    }
    filled
}
