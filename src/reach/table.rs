//! The tables in force, in plain words: what `routes` prints.

use crate::source::Span;

/// What something is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetName {
    /// A resource's address, `local`, or an id from outside the code.
    Named(String),
    /// Not known, and why.
    Unknown(String),
}

/// A subnet and the table that routes its packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubnetRoutes {
    pub subnet: String,
    pub span: Option<Span>,
    pub vpc: TargetName,
    pub cidr: Option<TargetName>,
    pub ipv6_cidr: Option<TargetName>,
    pub availability_zone: Option<TargetName>,
    pub route_table: Option<TargetName>,
    /// `explicit`, `main` or `unknown`.
    pub association: &'static str,
    pub routes: Vec<RouteRow>,
    pub next_hops: Vec<NextHopRow>,
}

/// One route of the table in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRow {
    pub destination: String,
    pub target: TargetName,
    pub kind: &'static str,
    pub written_by: Option<String>,
    /// `active`, `blackhole` or `unknown`.
    pub state: &'static str,
    pub span: Option<Span>,
}

/// A part of the address space and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHopRow {
    pub destinations: Vec<String>,
    /// `None`: no route.
    pub target: Option<TargetName>,
}
