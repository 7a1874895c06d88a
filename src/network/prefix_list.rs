//! Prefix lists: blocks under one name.

use ipnet::IpNet;

use super::{
    arena::Id,
    name::{Link, Name, Part, blocks, set},
    reader::Reader,
};
use crate::{
    resource::Resource,
    schema::Noun,
    value::{Unknown, Value},
};

/// A prefix list.
#[derive(Clone, Debug)]
pub struct PrefixList {
    pub name: Name,
    pub blocks: Vec<IpNet>,
    /// Other blocks may be in it, and this is why.
    pub others: Option<String>,
    /// AWS keeps it: the public addresses of one of its services.
    pub is_aws_service: bool,
}

impl Part for PrefixList {
    const NOUNS: &'static [Noun] = &[Noun::PrefixList];

    fn bare(name: Name) -> Self {
        Self {
            name,
            blocks: Vec::new(),
            others: Some("the prefix list stands outside the code".to_owned()),
            is_aws_service: false,
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for (id, resource) in graph.managed("aws_ec2_managed_prefix_list") {
        let Some(list) = reader.prefix_lists.of_resource(id) else { continue };
        reader.prefix_lists.items[list].others = None;
        read_entries(&mut reader.prefix_lists.items[list], resource, "entry");
    }
    read_standalone_entries(reader);
    for (_, resource) in graph.data("aws_ec2_managed_prefix_list") {
        read_data(reader, resource, "entries");
    }
    for (_, resource) in graph.data("aws_prefix_list") {
        read_data(reader, resource, "cidr_blocks");
    }
    // A gateway endpoint's list is named after it.
    for (id, resource) in graph.managed("aws_vpc_endpoint") {
        let name = match resource.set("prefix_list_id").and_then(Value::text) {
            Some(text) => text.to_owned(),
            None => format!("{}.prefix_list_id", resource.address),
        };
        let list = reader.prefix_lists.implied(&name);
        reader.prefix_lists.items[list].is_aws_service = true;
        reader.prefix_lists.stands_for(id, list);
    }
}

fn read_entries(list: &mut PrefixList, resource: &Resource, attribute: &str) {
    match blocks(resource, attribute) {
        Err(unknown) => list.others = Some(unknown.to_string()),
        Ok(entries) => {
            for entry in entries {
                let block = if entry.text().is_some() { Some(entry) } else { set(entry, "cidr") };
                add(list, block);
            }
        }
    }
}

fn add(list: &mut PrefixList, block: Option<&Value>) {
    let Some(block) = block else { return };
    match block.read::<IpNet>().known.get() {
        Some(known) if !list.blocks.contains(known) => list.blocks.push(*known),
        Some(_) => (),
        None => list.others = Some(block.unknown().map_or_else(|| "not a block".to_owned(), Unknown::to_string)),
    }
}

fn read_standalone_entries(reader: &mut Reader<'_>) {
    let mut any = None;
    for (_, resource) in reader.graph.managed("aws_ec2_managed_prefix_list_entry") {
        let list = reader.prefix_lists.link(reader.graph, resource.set("prefix_list_id"));
        match reader.prefix_lists.claim(&resource.address, list) {
            Link::Known(list) => add(&mut reader.prefix_lists.items[list], resource.set("cidr")),
            Link::OneOf(lists) => may_hold(reader, lists, resource),
            Link::Gone(_) => (),
            Link::Unknown(_) => any = Some(resource),
        }
    }
    if let Some(resource) = any {
        let lists = reader.prefix_lists.items.ids().collect();
        may_hold(reader, lists, resource);
    }
}

fn may_hold(reader: &mut Reader<'_>, lists: Vec<Id<PrefixList>>, entry: &Resource) {
    for list in lists {
        reader.prefix_lists.items[list].others = Some(format!("{} may be in it", entry.address));
    }
}

fn read_data(reader: &mut Reader<'_>, resource: &Resource, attribute: &str) {
    let list = reader.prefix_lists.read(resource);
    let name = resource.set("name").and_then(Value::text);
    let list = &mut reader.prefix_lists.items[list];
    list.is_aws_service = name.is_some_and(|name| name.starts_with("com.amazonaws."));
    if resource.set(attribute).is_some() {
        list.others = None;
        read_entries(list, resource, attribute);
    }
}
