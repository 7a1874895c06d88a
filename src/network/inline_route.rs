//! Routes that stand in their table.

use rustc_hash::FxHashSet;

use super::{
    arena::Id,
    name::{Declared, blocks, set},
    reader::Reader,
    route::{self, Route, Written},
    route_table::{DestinationKey, RouteTable},
    standalone_route::class_of,
};
use crate::{
    graph::{ResourceId, Target},
    resource::Resource,
    value::Value,
};

/// The `route` blocks of a table. A table that exists shows there what standalone routes put in, too, and even those
/// that this plan takes out.
pub(super) fn read(reader: &mut Reader<'_>, table: Id<RouteTable>, id: ResourceId, resource: &Resource) {
    let routes = match blocks(resource, "route") {
        Ok(routes) => routes,
        Err(why) => {
            reader.tables.items[table].others = Some(why.to_string());
            return;
        }
    };
    let table_id = resource.set("id").and_then(Value::text);
    let standalone: FxHashSet<_> = match table_id {
        Some(_) => {
            reader.tables.items[table].routes.iter().filter_map(|it| DestinationKey::of(&it.destination)).collect()
        }
        None => FxHashSet::default(),
    };
    for body in routes {
        if table_id.is_some_and(|table_id| is_taken_out(reader, table_id, body)) {
            continue;
        }
        if let Some(unknown) = body.unknown() {
            reader.tables.items[table].others = Some(unknown.to_string());
            continue;
        }
        let destination = route::destination(reader, body);
        if DestinationKey::of(&destination).is_some_and(|key| standalone.contains(&key)) {
            continue;
        }
        let target = route::target(reader, body);
        let written = Written::By(Declared::of(id, resource));
        let route = Route { class: class_of(&destination), destination, target, is_certain: true, written };
        reader.tables.items[table].routes.push(route);
    }
}

/// Whether this plan destroys the standalone route that a state shows as `body`: the id of an `aws_route` is made of its
/// table's id and a checksum of its destination.
fn is_taken_out(reader: &Reader<'_>, table_id: &str, body: &Value) -> bool {
    let keys = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"];
    let destination = keys.iter().find_map(|key| set(body, key)).and_then(Value::text);
    destination.is_some_and(|destination| {
        let id = format!("r-{table_id}{}", checksum(destination.as_bytes()));
        matches!(reader.graph.named(&id, &[]), Target::Gone(_))
    })
}

/// CRC-32 as in IEEE 802.3.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum: u32, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::checksum;

    #[test]
    fn the_checksum_is_that_of_route_ids() {
        assert_eq!(checksum(b"0.0.0.0/0"), 1_080_289_494);
        assert_eq!(checksum(b"::/0"), 2_750_132_062);
    }
}
