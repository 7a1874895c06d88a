//! The engine's answers about a whole network: 20 VPCs at a transit gateway, 2,000 subnets, 10,000 instances.

use divan::{Bencher, counter::ItemsCount};
use iac_check::{
    files::Memory,
    network::Network,
    project::{self, Project, Request},
    reach::{RouteResolver, change},
    rules::RULES,
    source::SourceMap,
};

use crate::shapes::hub::{Hub, INSTANCES, Moment};

const HUB: Hub = Hub { vpcs: 20, subnets: 100 };
const SUBNETS: usize = HUB.vpcs * HUB.subnets;

#[divan::bench]
fn network(bencher: Bencher<'_, '_>) {
    let project = load(Moment::After);
    bencher.counter(ItemsCount::new(HUB.resources())).bench_local(|| Network::of(&project.graph));
}

#[divan::bench]
fn routes_of_each_subnet(bencher: Bencher<'_, '_>) {
    let project = load(Moment::After);
    let network = Network::of(&project.graph);
    bencher.counter(ItemsCount::new(SUBNETS)).bench_local(|| RouteResolver::new(&network).subnet_routes());
}

#[divan::bench]
fn egress_of_each_interface(bencher: Bencher<'_, '_>) {
    let project = load(Moment::After);
    let network = Network::of(&project.graph);
    bencher.counter(ItemsCount::new(SUBNETS * INSTANCES)).bench_local(|| RouteResolver::new(&network).egress());
}

#[divan::bench]
fn changes_between_all_pairs(bencher: Bencher<'_, '_>) {
    let (before, after) = (load(Moment::Before), load(Moment::After));
    let (before, after) = (Network::of(&before.graph), Network::of(&after.graph));
    bencher
        .counter(ItemsCount::new(SUBNETS * INSTANCES))
        .bench_local(|| change::changes(&RouteResolver::new(&before), &RouteResolver::new(&after)));
}

#[divan::bench]
fn every_rule(bencher: Bencher<'_, '_>) {
    let project = load(Moment::After);
    let rules: Vec<_> = RULES.iter().collect();
    bencher.counter(ItemsCount::new(HUB.resources())).bench_local(|| iac_check::check(&project, &rules));
}

fn load(moment: Moment) -> Project {
    let text = HUB.code(moment).expect("writing to a String does not fail");
    let files = Memory::of([("main.tf", text.as_str())]);
    let mut sources = SourceMap::default();
    let projects = project::load(&files, &mut sources, &[".".to_owned()], &Request::default());
    projects.map_err(|error| error.to_string()).expect("the code is well-formed").remove(0)
}
