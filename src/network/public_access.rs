//! VPC Block Public Access: an account's own word, over all gateways of a region, on what may come from the internet.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>

use super::{
    Network,
    arena::Id,
    name::{Declared, Link},
    reader::Reader,
    security::Direction,
    subnet::Subnet,
    vpc::Vpc,
};
use crate::{
    finding::Label,
    outside::{PublicAccessMode as Mode, Said},
    source::Span,
    value::{Known, Truth, Value},
};

/// What is blocked, and where not.
#[derive(Clone, Debug, Default)]
pub struct PublicAccess {
    /// `None`: nothing is said in the code.
    pub block: Option<Block>,
    pub exclusions: Vec<Exclusion>,
}

/// What is blocked.
#[derive(Clone, Debug)]
pub struct Block {
    pub mode: Known<Mode>,
    pub by: Speaker,
}

/// Who says what is blocked: a resource, or else whoever speaks for the account.
#[derive(Clone, Debug)]
pub enum Speaker {
    Resource(Declared),
    Outside { name: String, at: Option<Span> },
}

/// Where the block does not hold.
#[derive(Clone, Debug)]
pub struct Exclusion {
    pub of: Excluded,
    /// Whether it lets in, too; else it lets out alone, and that by gateways which let nothing in.
    pub lets_in: Known<bool>,
}

#[derive(Clone, Debug)]
pub enum Excluded {
    Vpc(Link<Vpc>),
    Subnet(Link<Subnet>),
}

pub(super) fn read(reader: &mut Reader<'_>) -> PublicAccess {
    let graph = reader.graph;
    let said = graph.outside().public_access.as_ref();
    let mut access = PublicAccess { block: said.map(Block::said), ..PublicAccess::default() };
    for (id, resource) in graph.managed("aws_vpc_block_public_access_options") {
        let mode = resource.attr("internet_gateway_block_mode", "off".to_owned()).known;
        let mode = mode.map(|text| Mode::of_word(&text).unwrap_or(Mode::Off));
        access.block = Some(Block { mode, by: Speaker::Resource(Declared::of(id, resource)) });
    }
    for (_, resource) in graph.managed("aws_vpc_block_public_access_exclusion") {
        let mode = resource.set("internet_gateway_exclusion_mode").map(Value::read::<String>);
        let lets_in = mode.map_or(Known::Default(false), |it| it.known.map(|text| text == "allow-bidirectional"));
        let of = match resource.set("subnet_id") {
            Some(value) => Excluded::Subnet(reader.subnets.link(graph, Some(value))),
            None => Excluded::Vpc(reader.vpcs.link(graph, resource.set("vpc_id"))),
        };
        access.exclusions.push(Exclusion { of, lets_in });
    }
    access
}

impl Block {
    fn said(said: &Said<Mode>) -> Self {
        Self { mode: Known::Written(said.value), by: Speaker::Outside { name: said.by.clone(), at: said.at } }
    }
}

impl Speaker {
    /// What messages call it.
    pub fn name(&self) -> &str {
        match self {
            Self::Resource(declared) => declared.address.as_str(),
            Self::Outside { name, .. } => name,
        }
    }

    /// That it blocks something, in words.
    pub fn blocks(&self) -> String {
        match self {
            Self::Resource(declared) => format!("`{}` blocks it", declared.address),
            Self::Outside { name, .. } => format!("VPC Block Public Access blocks it, as `{name}` says"),
        }
    }

    /// A label where it says so.
    pub fn label(&self, text: impl Into<String>) -> Option<Label> {
        match self {
            Self::Resource(declared) => Some(declared.label(text)),
            Self::Outside { at, .. } => at.map(|at| Label::new(at, text)),
        }
    }
}

impl Network {
    /// Whether what crosses the internet's border at a subnet is let pass: `is_gateway` of what a NAT gateway or an
    /// egress-only gateway lets out.
    pub fn lets_pass(&self, subnet: Id<Subnet>, direction: Direction, is_gateway: bool) -> Truth {
        let Some(block) = &self.public_access.block else { return Truth::True };
        let passes = block.mode.is(|mode| match mode {
            Mode::Off => true,
            Mode::Bidirectional => false,
            Mode::Ingress => direction == Direction::Out && is_gateway,
        });
        let excluded = self.public_access.exclusions.iter().map(|exclusion| {
            // What lets out alone does so by a NAT gateway or an egress-only gateway, not by a public address.
            let lets = match direction {
                Direction::Out if is_gateway => Truth::True,
                Direction::Out | Direction::In => exclusion.lets_in.is(|lets_in| *lets_in),
            };
            self.is_of(&exclusion.of, subnet).and(lets)
        });
        passes.or(Truth::any(excluded))
    }

    fn is_of(&self, excluded: &Excluded, subnet: Id<Subnet>) -> Truth {
        match excluded {
            Excluded::Vpc(vpc) => self.is_same_vpc(vpc, &self.subnets[subnet].vpc),
            Excluded::Subnet(link) => match link.candidates() {
                Some([one]) => Truth::from(*one == subnet),
                Some(several) if !several.contains(&subnet) => Truth::False,
                Some(_) | None => Truth::Unknown,
            },
        }
    }
}
