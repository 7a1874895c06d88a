//! A plan between two networks: what is the same thing before and after, and what lives on.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Gap, RouteResolver, reroute::Reroute};
use crate::{
    graph::ResourceGraph,
    network::{
        self, ElasticIp, Id, Link, Name, Network, NetworkInterface, NextHop, OwnerKind, RouteTable, Subnet, TableKind,
    },
    resource::Action,
    value::{Address, Truth, Value},
};

/// The network before a plan is applied, and the network after it.
#[derive(Debug)]
pub struct Transition<'a> {
    pub(super) before: Side<'a>,
    pub(super) after: Side<'a>,
    residents: OnceLock<FxHashMap<Id<Subnet>, Vec<Lasting<NetworkInterface>>>>,
    reroutes: OnceLock<Vec<Reroute>>,
    gaps: OnceLock<Vec<Gap>>,
}

/// One side of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    pub graph: &'a ResourceGraph,
    pub routes: &'a RouteResolver<'a>,
}

/// One thing, before and after.
#[derive(Debug)]
pub struct Lasting<T> {
    pub was: Id<T>,
    pub is: Id<T>,
}

impl<T> Clone for Lasting<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Lasting<T> {}

impl<T> PartialEq for Lasting<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.was, self.is) == (other.was, other.is)
    }
}

impl<'a> Transition<'a> {
    pub fn new(before: Side<'a>, after: Side<'a>) -> Self {
        Self { before, after, residents: OnceLock::new(), reroutes: OnceLock::new(), gaps: OnceLock::new() }
    }

    /// The network as it is.
    pub fn before(&self) -> &'a RouteResolver<'a> {
        self.before.routes
    }

    /// The network as it will be.
    pub fn after(&self) -> &'a RouteResolver<'a> {
        self.after.routes
    }

    /// Subnets that get other next hops, and what does it. Those to which nothing changes for the worse are not there.
    pub fn reroutes(&self) -> &[Reroute] {
        self.reroutes.get_or_init(|| super::reroute::reroutes(self))
    }

    /// Times without a way, between what is deleted and what is made for it.
    pub fn gaps(&self) -> &[Gap] {
        self.gaps.get_or_init(|| super::gap::gaps(self))
    }

    /// What the plan does with the resource of this address. To destroy what AWS made unasked is to forget it.
    pub fn action(&self, address: &Address) -> Option<Action> {
        let of = |graph: &ResourceGraph| {
            let resource = graph.resource(graph.find(address)?);
            let stays = resource.action == Some(Action::Delete) && network::outlives_its_resource(&resource.kind);
            if stays { Some(Action::Forget) } else { resource.action }
        };
        of(self.after.graph).or_else(|| of(self.before.graph))
    }

    /// The attributes of which a change makes the plan replace the resource of this address.
    pub fn forced(&self, address: &Address) -> &'a [String] {
        self.after.graph.forced(address)
    }

    /// Whether what has this name is there before and after, and is not made anew.
    pub fn lasts(&self, name: &Name) -> bool {
        let Some(declared) = name.in_code() else { return false };
        let (before, after) = (self.before.graph.find(&declared.address), self.after.graph.find(&declared.address));
        before.is_some() && after.is_some() && !self.action(&declared.address).is_some_and(Action::replaces)
    }

    /// Whether what has this name is destroyed and made again, in whichever order.
    pub fn is_replaced(&self, name: &Name) -> bool {
        name.in_code().and_then(|it| self.action(&it.address)).is_some_and(Action::replaces)
    }

    /// The subnets that live on.
    pub fn subnets(&self) -> impl Iterator<Item = Lasting<Subnet>> {
        let before = by_name(self.before().network().subnets.iter().map(|(id, it)| (&it.name, id)));
        let after = self.after().network().subnets.iter();
        after.filter(|(_, it)| self.lasts(&it.name)).filter_map(move |(is, it)| {
            let was = *before.get(it.name.text())?;
            Some(Lasting { was, is })
        })
    }

    /// The interfaces in a subnet whose owners live on there. Endpoints do not count: who is in the VPC reaches them by
    /// its local route.
    pub fn residents(&self, subnet: Id<Subnet>) -> &[Lasting<NetworkInterface>] {
        let all = self.residents.get_or_init(|| self.all_residents());
        all.get(&subnet).map_or(&[], Vec::as_slice)
    }

    fn all_residents(&self) -> FxHashMap<Id<Subnet>, Vec<Lasting<NetworkInterface>>> {
        let (before, after) = (self.before().network(), self.after().network());
        let mut was: FxHashMap<(&str, &str), Id<NetworkInterface>> = FxHashMap::default();
        for (name, subnet, id) in homes(before) {
            was.insert((name.text(), before.subnets[subnet].name.text()), id);
        }
        let mut all: FxHashMap<Id<Subnet>, Vec<Lasting<NetworkInterface>>> = FxHashMap::default();
        for (name, subnet, is) in homes(after).filter(|(name, ..)| self.lasts(name)) {
            if let Some(&was) = was.get(&(name.text(), after.subnets[subnet].name.text())) {
                all.entry(subnet).or_default().push(Lasting { was, is });
            }
        }
        all
    }

    /// Whether two next hops are the same: the one before, the other after. What is replaced under its own address takes
    /// the same place.
    pub fn is_same_hop(&self, was: Option<&NextHop>, is: Option<&NextHop>) -> Truth {
        let is_unknown = |hop: &NextHop| matches!(hop, NextHop::Unknown(_));
        let (was, is) = match (was, is) {
            (None, None) => return Truth::True,
            (None, Some(hop)) | (Some(hop), None) if is_unknown(hop) => return Truth::Unknown,
            (None, Some(_)) | (Some(_), None) => return Truth::False,
            (Some(was), Some(is)) => (was, is),
        };
        if let NextHop::OneOf(hops) = was {
            return alike(hops.iter().map(|it| self.is_same_hop(Some(it), Some(is))));
        }
        if let NextHop::OneOf(hops) = is {
            return alike(hops.iter().map(|it| self.is_same_hop(Some(was), Some(it))));
        }
        // A route that is left behind is no new way: its target is gone.
        if let NextHop::Gone(address) = is {
            return Truth::from(self.before().network().name_of(was) == Some(address.as_str()));
        }
        if was.kind() == is.kind() || may_be_one(was, is) {
            return self.is_same_thing(was, is);
        }
        if is_unknown(was) || is_unknown(is) { Truth::Unknown } else { Truth::False }
    }

    fn is_same_thing(&self, was: &NextHop, is: &NextHop) -> Truth {
        let (before, after) = (self.before().network(), self.after().network());
        match (before.name_behind(was), after.name_behind(is)) {
            (Some(was), Some(is)) => self.is_same_name(was, is),
            (None, None) if was.kind() != "unknown" => Truth::from(before.name_of(was) == after.name_of(is)),
            (Some(_) | None, _) => Truth::Unknown,
        }
    }

    /// Whether two names, the one before and the other after, name the same thing.
    pub fn is_same_name(&self, was: &Name, is: &Name) -> Truth {
        if was.text() == is.text() {
            return Truth::True;
        }
        match (was, is) {
            (Name::Declared(_), Name::Declared(_)) => Truth::False,
            (Name::Declared(declared), Name::Outside(id)) => {
                // What the plan forgets is there all the same, under its id.
                let resource = self.before.graph.resource(declared.resource);
                resource.set("id").and_then(Value::text).map_or(Truth::Unknown, |it| Truth::from(it == id))
            }
            (Name::Outside(id), Name::Declared(declared)) => {
                let resource = self.after.graph.resource(declared.resource);
                match (resource.action, resource.set("id").and_then(Value::text)) {
                    (Some(Action::Create), _) => Truth::False,
                    (_, Some(it)) => Truth::from(it == id),
                    (_, None) => Truth::Unknown,
                }
            }
            (Name::Outside(was), Name::Outside(is)) if is_id(was) && is_id(is) => Truth::False,
            (Name::Declared(_) | Name::Outside(_) | Name::Implied(_) | Name::Read(_), _) => Truth::Unknown,
        }
    }

    /// Whether two tables are the same one. A VPC has one default table, whoever manages it.
    pub fn is_same_table(&self, was: Id<RouteTable>, is: Id<RouteTable>) -> Truth {
        let (before, after) = (self.before().network(), self.after().network());
        let (was, is) = (&before.tables[was], &after.tables[is]);
        let vpcs = (was.vpc.known().map(|it| &before.vpcs[it].name), is.vpc.known().map(|it| &after.vpcs[it].name));
        match vpcs {
            (Some(one), Some(other)) if was.kind == TableKind::Default && is.kind == TableKind::Default => {
                self.is_same_name(one, other)
            }
            _ if was.kind == TableKind::Default || is.kind == TableKind::Default => {
                Truth::from(was.name.text() == is.name.text())
            }
            _ => self.is_same_name(&was.name, &is.name),
        }
    }

    /// Whether two fixed addresses, the one before and the other after, are the same address.
    pub fn is_same_address(&self, was: &Link<ElasticIp>, is: &Link<ElasticIp>) -> Truth {
        let (Some(was), Some(is)) = (was.known(), is.known()) else { return Truth::Unknown };
        let (was, is) = (&self.before().network().elastic_ips[was], &self.after().network().elastic_ips[is]);
        match (&was.public_address, &is.public_address) {
            (Some(one), Some(other)) => Truth::from(one == other),
            (Some(_) | None, _) if self.is_replaced(&is.name) => Truth::False,
            (Some(_) | None, _) => self.is_same_name(&was.name, &is.name),
        }
    }
}

/// The interfaces that are there for certain, with their owners and their subnets.
fn homes(network: &Network) -> impl Iterator<Item = (&Name, Id<Subnet>, Id<NetworkInterface>)> {
    let owners = network.owners.iter().filter(|(_, owner)| owner.kind != OwnerKind::Endpoint);
    owners.flat_map(|(_, owner)| owner.interfaces.iter().map(move |id| (&owner.name, *id))).filter_map(|(name, id)| {
        let it = &network.interfaces[id];
        Some((name, it.subnet.known().filter(|_| it.is_certain)?, id))
    })
}

fn by_name<'n, T>(all: impl Iterator<Item = (&'n Name, Id<T>)>) -> FxHashMap<&'n str, Id<T>> {
    all.filter(|(name, _)| name.in_code().is_some()).map(|(name, id)| (name.text(), id)).collect()
}

/// An instance, and the interface that it brings along.
fn may_be_one(was: &NextHop, is: &NextHop) -> bool {
    let is_machine = |hop: &NextHop| matches!(hop, NextHop::Interface(_) | NextHop::Instance(_));
    is_machine(was) && is_machine(is)
}

/// Whether this is an id that AWS gave: `nat-0123`.
fn is_id(text: &str) -> bool {
    !text.contains('.')
}

/// One of several: the same where all are, another where none is.
fn alike(all: impl Iterator<Item = Truth>) -> Truth {
    let all: Vec<_> = all.collect();
    match all.first() {
        Some(first) if all.iter().all(|it| it == first) => *first,
        Some(_) | None => Truth::Unknown,
    }
}
