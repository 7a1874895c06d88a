//! Internet, egress-only, carrier and VPN gateways, and which VPC each is attached to.

use super::{
    arena::Id,
    name::{Link, Name, Part, Registry},
    reader::Reader,
    route_table::RouteTable,
    vpc::Vpc,
};
use crate::{
    graph::ResourceGraph,
    schema::Noun,
    value::{Address, Truth, Unknown},
};

/// Where a gateway is attached.
#[derive(Clone, Debug, PartialEq)]
pub enum Attachment {
    To(Link<Vpc>),
    /// To no VPC that the code shows.
    Nowhere,
    Unknown(Unknown),
}

/// An internet gateway.
#[derive(Clone, Debug)]
pub struct InternetGateway {
    pub name: Name,
    pub attachment: Attachment,
    /// The table by which it delivers what comes in, where it has one of its own.
    pub edge_table: Option<Link<RouteTable>>,
}

/// A gateway that lets IPv6 out and nothing in but answers.
#[derive(Clone, Debug)]
pub struct EgressOnlyGateway {
    pub name: Name,
    pub attachment: Attachment,
}

/// A virtual private gateway.
#[derive(Clone, Debug)]
pub struct VpnGateway {
    pub name: Name,
    pub attachment: Attachment,
    pub edge_table: Option<Link<RouteTable>>,
}

/// A gateway to a telecommunication carrier's network.
#[derive(Clone, Debug)]
pub struct CarrierGateway {
    pub name: Name,
    pub attachment: Attachment,
}

/// What has an attachment to a VPC.
pub(super) trait Attached: Part {
    fn attachment(&mut self) -> &mut Attachment;
}

macro_rules! gateways {
    ($($gateway:ident $noun:ident { $($field:ident),* };)*) => {$(
        impl Part for $gateway {
            const NOUNS: &'static [Noun] = &[Noun::$noun];

            fn bare(name: Name) -> Self {
                let attachment = Attachment::Unknown(Unknown::Opaque("the gateway stands outside the code".to_owned()));
                Self { name, attachment, $($field: None),* }
            }
        }

        impl Attached for $gateway {
            fn attachment(&mut self) -> &mut Attachment {
                &mut self.attachment
            }
        }
    )*};
}

gateways! {
    InternetGateway InternetGateway { edge_table };
    EgressOnlyGateway EgressOnlyGateway {};
    VpnGateway VpnGateway { edge_table };
    CarrierGateway CarrierGateway {};
}

pub(super) fn read(reader: &mut Reader<'_>) {
    let Reader { graph, vpcs, internet_gateways, egress_only_gateways, vpn_gateways, carrier_gateways, .. } = reader;
    read_attachments(graph, vpcs, internet_gateways, "aws_internet_gateway");
    read_attachments(graph, vpcs, egress_only_gateways, "aws_egress_only_internet_gateway");
    read_attachments(graph, vpcs, vpn_gateways, "aws_vpn_gateway");
    read_attachments(graph, vpcs, carrier_gateways, "aws_ec2_carrier_gateway");
    let internet = ("aws_internet_gateway_attachment", "internet_gateway_id");
    read_standalone_attachments(graph, vpcs, internet_gateways, internet);
    read_standalone_attachments(graph, vpcs, vpn_gateways, ("aws_vpn_gateway_attachment", "vpn_gateway_id"));
}

/// Tells each VPC which internet gateways it certainly has.
pub(super) fn tell_vpcs(reader: &mut Reader<'_>) {
    for (id, gateway) in &reader.internet_gateways.items {
        let Attachment::To(Link::Known(vpc)) = gateway.attachment else { continue };
        if reader.vpcs.counts_as(&Address::new(gateway.name.text()), vpc) {
            reader.vpcs.items[vpc].internet_gateways.push(id);
        } else {
            reader.vpcs.items[vpc].has_open_internet_gateway = true;
        }
    }
}

fn read_attachments<T: Attached>(
    graph: &ResourceGraph,
    vpcs: &mut Registry<Vpc>,
    gateways: &mut Registry<T>,
    kind: &str,
) {
    for (id, resource) in graph.managed(kind) {
        let Some(gateway) = gateways.of_resource(id) else { continue };
        let attachment = match resource.set("vpc_id") {
            Some(value) => Attachment::To(vpcs.link(graph, Some(value))),
            None => Attachment::Nowhere,
        };
        *gateways.items[gateway].attachment() = attachment;
    }
}

fn read_standalone_attachments<T: Attached>(
    graph: &ResourceGraph,
    vpcs: &mut Registry<Vpc>,
    gateways: &mut Registry<T>,
    (kind, attribute): (&str, &str),
) {
    let mut any = None;
    for (_, resource) in graph.managed(kind) {
        let vpc = vpcs.link(graph, resource.set("vpc_id"));
        let gateway = gateways.link(graph, resource.set(attribute));
        match gateways.claim(&resource.address, gateway) {
            Link::Known(gateway) => *gateways.items[gateway].attachment() = Attachment::To(vpc),
            Link::OneOf(ids) => leave_open(gateways, ids, &resource.address),
            Link::Gone(_) => (),
            Link::Unknown(_) => any = Some(&resource.address),
        }
    }
    if let Some(address) = any {
        let ids = gateways.items.ids().collect();
        leave_open(gateways, ids, address);
    }
}

/// An attachment of one of several gateways may be each one's; a gateway that is attached keeps its VPC.
fn leave_open<T: Attached>(gateways: &mut Registry<T>, ids: Vec<Id<T>>, by: &Address) {
    for id in ids {
        let attachment = gateways.items[id].attachment();
        if *attachment == Attachment::Nowhere {
            *attachment = Attachment::Unknown(Unknown::Opaque(format!("{by} may attach it")));
        }
    }
}

impl Attachment {
    /// The VPC that it is certainly attached to.
    pub fn vpc(&self) -> Option<Id<Vpc>> {
        match self {
            Self::To(link) => link.known(),
            Self::Nowhere | Self::Unknown(_) => None,
        }
    }

    /// Whether it is attached to a VPC of which `is_it` answers.
    pub(super) fn is_to(&self, is_it: impl FnOnce(&Link<Vpc>) -> Truth) -> Truth {
        match self {
            Self::To(link) => is_it(link),
            Self::Nowhere => Truth::False,
            Self::Unknown(_) => Truth::Unknown,
        }
    }
}
