//! Peering connections between two VPCs.

use super::{
    arena::Id,
    name::{Link, Name, Part},
    reader::Reader,
    vpc::Vpc,
};
use crate::{
    graph::ResourceId,
    resource::Resource,
    schema::Noun,
    value::{Truth, Value},
};

/// A peering connection.
#[derive(Clone, Debug)]
pub struct Peering {
    pub name: Name,
    pub requester: Link<Vpc>,
    pub accepter: Link<Vpc>,
    /// False where both sides are in the code and nothing there accepts it.
    pub is_accepted: Truth,
}

impl Part for Peering {
    const NOUNS: &'static [Noun] = &[Noun::Peering];

    fn bare(name: Name) -> Self {
        let outside = "the peering connection stands outside the code";
        Self { name, requester: Link::nothing(outside), accepter: Link::nothing(outside), is_accepted: Truth::Unknown }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_vpc_peering_connection") {
        let Some(peering) = reader.peerings.of_resource(id) else { continue };
        let requester = reader.vpcs.link(reader.graph, resource.set("vpc_id"));
        let accepter = reader.vpcs.link(reader.graph, resource.set("peer_vpc_id"));
        let is_accepted = is_accepted(reader, resource, &accepter);
        let peering = &mut reader.peerings.items[peering];
        peering.requester = requester;
        peering.accepter = accepter;
        peering.is_accepted = is_accepted;
    }
    read_accepters(reader);
}

/// Whether the connection itself says that it is accepted; one whose other side is not in the code may be.
fn is_accepted(reader: &Reader<'_>, resource: &Resource, accepter: &Link<Vpc>) -> Truth {
    let status = resource.set("accept_status").and_then(Value::text);
    if status == Some("active") {
        return Truth::True;
    }
    let automatic = resource.attr("auto_accept", false).known.is(|it| *it);
    let other_side_in_code = accepter
        .candidates()
        .is_some_and(|vpcs| vpcs.iter().all(|&vpc| reader.vpcs.items[vpc].name.in_code().is_some()));
    let by_hand = if other_side_in_code { Truth::False } else { Truth::Unknown };
    automatic.or(by_hand)
}

/// An accepter stands for its connection: routes may name either.
fn read_accepters(reader: &mut Reader<'_>) {
    let accepters: Vec<(ResourceId, &Resource)> = reader.graph.managed("aws_vpc_peering_connection_accepter").collect();
    let mut any = false;
    for (id, resource) in accepters {
        let automatic = resource.attr("auto_accept", false).known.is(|it| *it);
        let peering = reader.peerings.link(reader.graph, resource.set("vpc_peering_connection_id"));
        match reader.peerings.claim(&resource.address, peering) {
            Link::Known(peering) => {
                reader.peerings.stands_for(id, peering);
                let accepted = &mut reader.peerings.items[peering].is_accepted;
                *accepted = accepted.or(automatic);
            }
            Link::OneOf(peerings) => may_accept(reader, peerings),
            Link::Gone(_) => (),
            Link::Unknown(_) => any = true,
        }
    }
    if any {
        let peerings = reader.peerings.items.ids().collect();
        may_accept(reader, peerings);
    }
}

fn may_accept(reader: &mut Reader<'_>, peerings: Vec<Id<Peering>>) {
    for peering in peerings {
        let accepted = &mut reader.peerings.items[peering].is_accepted;
        *accepted = accepted.or(Truth::Unknown);
    }
}
