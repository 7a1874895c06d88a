//! What is known already of load balancers' answers: several rules ask the same, and subnets that stand alike answer alike.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashSet;

use super::{RouteResolver, clients::Clients, reply::Replies};
use crate::network::{Family, Id, LoadBalancer, Network, NetworkAcl, RouteTable, Subnet, Vpc};

/// What is known already of answers: several ask the same.
#[derive(Debug)]
pub(super) struct Remembered {
    of_load_balancers: Vec<OnceLock<Option<Arc<Replies>>>>,
    /// Where they all go back the way that the clients came.
    returning: Mutex<FxHashSet<Stand>>,
}

/// All that decides how something in a subnet answers clients, where no gateway delivers to it by a table.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Stand {
    vpc: Id<Vpc>,
    acl: Id<NetworkAcl>,
    table: Id<RouteTable>,
    family: Family,
    clients: Clients,
}

impl Remembered {
    pub(super) fn new(network: &Network) -> Self {
        let of_load_balancers = network.load_balancers.ids().map(|_| OnceLock::new()).collect();
        Self { of_load_balancers, returning: Mutex::default() }
    }

    pub(super) fn returns(&self, stand: &Stand) -> bool {
        self.returning.lock().unwrap_or_else(PoisonError::into_inner).contains(stand)
    }

    pub(super) fn add_returning(&self, stand: Stand) {
        self.returning.lock().unwrap_or_else(PoisonError::into_inner).insert(stand);
    }
}

impl RouteResolver<'_> {
    /// How the nodes of a load balancer answer clients on the internet; `None` for one that has none there.
    pub fn replies(&self, id: Id<LoadBalancer>) -> Option<Arc<Replies>> {
        let cell = &self.replies.of_load_balancers[id.index()];
        cell.get_or_init(|| self.find_replies(&self.network.load_balancers[id]).map(Arc::new)).clone()
    }

    /// What decides for a subnet; `None` where that is more than a [`Stand`] says.
    pub(super) fn stand(&self, subnet: Id<Subnet>, family: Family, clients: &Clients) -> Option<Stand> {
        let table = self.table(subnet)?;
        let it = &self.network.subnets[subnet];
        let (vpc, acl) = (it.vpc.known()?, it.acl.known()?);
        let mut gateways = self.network.vpcs[vpc].internet_gateways.iter();
        let delivers = gateways.any(|id| self.network.internet_gateways[*id].edge_table.is_some());
        let is_plain = !delivers && !self.network.has_open_edge(vpc);
        is_plain.then(|| Stand { vpc, acl, table, family, clients: clients.clone() })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{network::testing::graph, reach::reply::Reply};

    /// How the nodes of load balancers answer, of which one admits everybody, the others those of one block each.
    fn replies(order: [&str; 3]) -> Vec<(String, Vec<Reply>)> {
        let admitting = |block: &str| {
            json!({"vpc_id": "${aws_vpc.main.id}",
            "ingress": [{"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": [block]}]})
        };
        let subnet = |block: &str| json!({"vpc_id": "${aws_vpc.main.id}", "cidr_block": block});
        let uses = |subnet: &str| {
            json!({"subnet_id": format!("${{aws_subnet.{subnet}.id}}"),
            "route_table_id": "${aws_route_table.main.id}"})
        };
        let front = |group: &str| {
            json!({"internal": false, "load_balancer_type": "application",
            "subnets": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
            "security_groups": [format!("${{aws_security_group.{group}.id}}")]})
        };
        let listener = |name: &str| {
            json!({"load_balancer_arn": format!("${{aws_lb.{name}.arn}}"), "port": 443,
            "protocol": "HTTPS"})
        };
        let graph = graph(&json!({
            "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
            "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
            "aws_vpn_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
            "aws_subnet.a": subnet("10.0.0.0/24"),
            "aws_subnet.b": subnet("10.0.1.0/24"),
            "aws_route_table.main": {"vpc_id": "${aws_vpc.main.id}", "route": [
                {"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"},
                {"cidr_block": "198.51.100.0/24", "gateway_id": "${aws_vpn_gateway.main.id}"}]},
            "aws_route_table_association.a": uses("a"),
            "aws_route_table_association.b": uses("b"),
            "aws_security_group.all": admitting("0.0.0.0/0"),
            "aws_security_group.some": admitting("203.0.113.0/24"),
            "aws_security_group.office": admitting("198.51.100.0/24"),
            "aws_lb.all": front("all"),
            "aws_lb.some": front("some"),
            "aws_lb.office": front("office"),
            "aws_lb_listener.all": listener("all"),
            "aws_lb_listener.some": listener("some"),
            "aws_lb_listener.office": listener("office"),
        }));
        let network = Network::of(&graph);
        let resolver = RouteResolver::new(&network);
        let of = |name: &str| {
            let mut all = network.load_balancers.iter();
            let id = all.find(|(_, it)| it.name.text() == format!("aws_lb.{name}")).unwrap().0;
            let nodes = &resolver.replies(id).unwrap().nodes;
            (name.to_owned(), nodes.iter().map(|node| node.reply.clone()).collect())
        };
        order.map(of).to_vec()
    }

    #[test]
    fn what_is_known_of_some_clients_says_nothing_of_others() {
        for order in [["some", "all", "office"], ["all", "some", "office"], ["office", "all", "some"]] {
            for (name, replies) in replies(order) {
                assert_eq!(replies.len(), 2);
                for reply in replies {
                    let is_right = match name.as_str() {
                        "some" => matches!(reply, Reply::Returns),
                        _ => matches!(reply, Reply::Partly(..)),
                    };
                    assert!(is_right, "{order:?}: {name} {reply:?}");
                }
            }
        }
    }
}
