//! VPCs and their blocks of addresses.

use ipnet::IpNet;

use super::{
    Family,
    acl::NetworkAcl,
    arena::Id,
    defaults,
    gateway::InternetGateway,
    name::{Declared, Link, Name, Part},
    reader::Reader,
    route_table::RouteTable,
    security::SecurityGroup,
};
use crate::{
    resource::Resource,
    schema::Noun,
    value::{Known, Unknown, Value},
};

/// A VPC.
#[derive(Clone, Debug)]
pub struct Vpc {
    pub name: Name,
    /// All its blocks, the primary one first. One of unknown addresses is among them as an unknown.
    pub blocks: Vec<VpcBlock>,
    /// AWS made it with the account: it has a default subnet in every zone and an internet gateway.
    pub is_default: bool,
    /// The table that AWS made with it; none is known of a VPC outside the code.
    pub default_table: Option<Id<RouteTable>>,
    /// The table of every subnet without one of its own.
    pub main_table: Link<RouteTable>,
    /// The resource that chose the main table.
    pub main_table_by: Option<Declared>,
    /// The group of every interface that is given none.
    pub default_group: Option<Id<SecurityGroup>>,
    /// The list of every subnet without one of its own.
    pub default_acl: Option<Id<NetworkAcl>>,
    /// Internet gateways that are certainly attached.
    pub internet_gateways: Vec<Id<InternetGateway>>,
    /// Others may be attached.
    pub has_open_internet_gateway: bool,
}

/// One block of a VPC's addresses; each has its own local route.
#[derive(Clone, Debug)]
pub struct VpcBlock {
    pub family: Family,
    pub block: Known<IpNet>,
    /// False where an unknown decides whether this VPC has it.
    pub is_certain: bool,
}

impl Part for Vpc {
    const NOUNS: &'static [Noun] = &[Noun::Vpc];

    fn bare(name: Name) -> Self {
        let unknown = |family| VpcBlock::unknown(family, "the VPC stands outside the code");
        let blocks = match &name {
            Name::Declared(_) => Vec::new(),
            Name::Implied(_) | Name::Outside(_) | Name::Read(_) => vec![unknown(Family::V4), unknown(Family::V6)],
        };
        Self {
            name,
            blocks,
            is_default: false,
            default_table: None,
            main_table: Link::nothing("the VPC stands outside the code"),
            main_table_by: None,
            default_group: None,
            default_acl: None,
            internet_gateways: Vec::new(),
            has_open_internet_gateway: false,
        }
    }
}

impl Vpc {
    /// The first block of a family.
    pub fn block(&self, family: Family) -> Option<&VpcBlock> {
        self.blocks.iter().find(|block| block.family == family)
    }

    /// The blocks that are certain and known.
    pub fn known_blocks(&self) -> impl Iterator<Item = IpNet> + '_ {
        self.blocks.iter().filter(|block| block.is_certain).filter_map(|block| block.block.get().copied())
    }
}

impl VpcBlock {
    fn of(family: Family, value: &Value) -> Self {
        Self { family, block: value.read().known, is_certain: true }
    }

    fn unknown(family: Family, why: &str) -> Self {
        Self { family, block: Known::Unknown(Unknown::Opaque(why.to_owned())), is_certain: true }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_vpc").chain(reader.graph.managed("aws_default_vpc")) {
        let Some(vpc) = reader.vpcs.of_resource(id) else { continue };
        let is_default = resource.kind == "aws_default_vpc";
        let blocks = own_blocks(resource, is_default);
        let vpc = &mut reader.vpcs.items[vpc];
        vpc.is_default = is_default;
        vpc.blocks = blocks;
    }
    read_more_blocks(reader, "aws_vpc_ipv4_cidr_block_association", "cidr_block", Family::V4);
    read_more_blocks(reader, "aws_vpc_ipv6_cidr_block_association", "ipv6_cidr_block", Family::V6);
}

fn own_blocks(resource: &Resource, is_default: bool) -> Vec<VpcBlock> {
    let primary = match resource.set("cidr_block") {
        Some(value) => VpcBlock::of(Family::V4, value),
        None if is_default => {
            VpcBlock { family: Family::V4, block: Known::Default(defaults::default_vpc_block()), is_certain: true }
        }
        None => VpcBlock::unknown(Family::V4, "the address manager chooses the block"),
    };
    std::iter::once(primary).chain(ipv6_block(resource)).collect()
}

fn ipv6_block(resource: &Resource) -> Option<VpcBlock> {
    if let Some(value) = resource.set("ipv6_cidr_block") {
        return Some(VpcBlock::of(Family::V6, value));
    }
    let asked = resource.attr("assign_generated_ipv6_cidr_block", false).known.is(|asked| *asked);
    let chosen = asked.possible() || resource.set("ipv6_ipam_pool_id").is_some();
    chosen.then(|| VpcBlock {
        is_certain: asked.certain() || resource.set("ipv6_ipam_pool_id").is_some(),
        ..VpcBlock::unknown(Family::V6, "AWS chooses the block")
    })
}

fn read_more_blocks(reader: &mut Reader<'_>, kind: &str, attribute: &str, family: Family) {
    let mut anywhere = None;
    for (_, resource) in reader.graph.managed(kind) {
        let block = match resource.set(attribute) {
            Some(value) => VpcBlock::of(family, value),
            None => VpcBlock::unknown(family, "AWS chooses the block"),
        };
        let vpc = reader.vpcs.link(reader.graph, resource.set("vpc_id"));
        match reader.vpcs.claim(&resource.address, vpc) {
            Link::Known(vpc) => add_block(&mut reader.vpcs.items[vpc], block),
            Link::OneOf(vpcs) => {
                for vpc in vpcs {
                    add_block(&mut reader.vpcs.items[vpc], VpcBlock { is_certain: false, ..block.clone() });
                }
            }
            Link::Gone(_) => (),
            Link::Unknown(_) => anywhere = Some(&resource.address),
        }
    }
    if let Some(address) = anywhere {
        let why = format!("{address} may belong to it");
        for vpc in reader.vpcs.items.ids() {
            let block = VpcBlock { is_certain: false, ..VpcBlock::unknown(family, &why) };
            add_block(&mut reader.vpcs.items[vpc], block);
        }
    }
}

/// What a refreshed state shows of a VPC includes its further blocks: none is taken in twice.
fn add_block(vpc: &mut Vpc, block: VpcBlock) {
    let known = block.block.get();
    let again = known.is_some() && vpc.blocks.iter().any(|it| it.block.get() == known && it.is_certain);
    if !again {
        vpc.blocks.push(block);
    }
}
