//! How long the engine takes to answer for a whole network: 20 VPCs at a transit gateway, 2,000 subnets, 10,000
//! instances.
//!
//! ```sh
//! cargo bench --bench reach                       # the table
//! cargo bench --bench reach -- --write FOLDER     # the network before and after, to try by hand
//! ```
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own")]

use std::{env, error::Error, fmt::Write as _, fs, path::Path, time::Instant};

use iac_check::{
    files::Memory,
    network::Network,
    project::{self, Project, Request},
    reach::{RouteResolver, change},
    rules::RULES,
    source::SourceMap,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

const VPCS: usize = 20;
const SUBNETS: usize = 100;
const INSTANCES: usize = 5;
const ZONES: [&str; 3] = ["a", "b", "c"];

/// Which of two networks: the second leads one zone of one VPC to the NAT gateway of another zone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    Before,
    After,
}

fn main() -> Outcome<()> {
    // cargo adds `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    match arguments.as_slice() {
        [write, folder] if write == "--write" => {
            for (name, moment) in [("before", Moment::Before), ("after", Moment::After)] {
                let folder = Path::new(folder).join(name);
                fs::create_dir_all(&folder)?;
                fs::write(folder.join("main.tf"), code(moment)?)?;
            }
            Ok(())
        }
        _ => table(),
    }
}

fn table() -> Outcome<()> {
    let start = Instant::now();
    let mut sources = SourceMap::default();
    let (before, after) = (load(&mut sources, Moment::Before)?, load(&mut sources, Moment::After)?);
    println!("| {:<34} | {:>8} |", "of 2,000 subnets, 10,000 instances", "ms");
    println!("| {:-<34} | {:->8} |", "", ":");
    let tell = |what: &str, start: Instant| println!("| {what:<34} | {:>8} |", start.elapsed().as_millis());
    tell("reading both networks' code", start);
    let start = Instant::now();
    let (old, new) = (Network::of(&before.graph), Network::of(&after.graph));
    tell("both networks", start);
    let start = Instant::now();
    let egress = RouteResolver::new(&new).egress();
    tell("the egress of each interface", start);
    let start = Instant::now();
    let changes = change::changes(&RouteResolver::new(&old), &RouteResolver::new(&new));
    tell("what changes between all pairs", start);
    let start = Instant::now();
    let verdicts = iac_check::check(&after, &RULES.iter().collect::<Vec<_>>());
    tell("every rule", start);
    println!(
        "\n{} interfaces; {} next hops, {} ways and {} addresses change, {} pairs skipped; {} findings",
        egress.len(),
        changes.next_hops.len(),
        changes.ways.len(),
        changes.addresses.len(),
        changes.skipped,
        verdicts.findings.len()
    );
    Ok(())
}

fn load(sources: &mut SourceMap, moment: Moment) -> Outcome<Project> {
    let text = code(moment)?;
    let files = Memory::of([("main.tf", text.as_str())]);
    let mut projects =
        project::load(&files, sources, &[".".to_owned()], &Request::default()).map_err(|error| format!("{error:?}"))?;
    Ok(projects.remove(0))
}

fn code(moment: Moment) -> Outcome<String> {
    let mut code = String::from("resource \"aws_ec2_transit_gateway\" \"hub\" {}\n");
    for vpc in 0..VPCS {
        of_vpc(vpc, moment, &mut code)?;
    }
    Ok(code)
}

fn of_vpc(vpc: usize, moment: Moment, code: &mut String) -> Outcome<()> {
    writeln!(
        code,
        "resource \"aws_vpc\" \"v{vpc}\" {{ cidr_block = \"10.{vpc}.0.0/16\" }}
resource \"aws_internet_gateway\" \"v{vpc}\" {{ vpc_id = aws_vpc.v{vpc}.id }}
resource \"aws_ec2_transit_gateway_vpc_attachment\" \"v{vpc}\" {{
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.v{vpc}.id
  subnet_ids         = [aws_subnet.v{vpc}_s0.id, aws_subnet.v{vpc}_s1.id, aws_subnet.v{vpc}_s2.id]
}}
resource \"aws_route_table\" \"v{vpc}_public\" {{
  vpc_id = aws_vpc.v{vpc}.id
  route {{
    cidr_block = \"0.0.0.0/0\"
    gateway_id = aws_internet_gateway.v{vpc}.id
  }}
}}"
    )?;
    for (at, zone) in ZONES.iter().enumerate() {
        let is_changed = moment == Moment::After && vpc == 0 && at == 1;
        let nat = if is_changed { ZONES[0] } else { zone };
        writeln!(
            code,
            "resource \"aws_eip\" \"v{vpc}_{zone}\" {{}}
resource \"aws_nat_gateway\" \"v{vpc}_{zone}\" {{
  subnet_id     = aws_subnet.v{vpc}_s{at}.id
  allocation_id = aws_eip.v{vpc}_{zone}.id
}}
resource \"aws_route_table\" \"v{vpc}_{zone}\" {{
  vpc_id = aws_vpc.v{vpc}.id
  route {{
    cidr_block     = \"0.0.0.0/0\"
    nat_gateway_id = aws_nat_gateway.v{vpc}_{nat}.id
  }}
  route {{
    cidr_block         = \"10.0.0.0/8\"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }}
}}"
        )?;
    }
    for group in 0..INSTANCES {
        let port = 8000 + group;
        writeln!(
            code,
            "resource \"aws_security_group\" \"v{vpc}_g{group}\" {{
  vpc_id = aws_vpc.v{vpc}.id
  ingress {{
    from_port   = {port}
    to_port     = {port}
    protocol    = \"tcp\"
    cidr_blocks = [\"10.0.0.0/8\"]
  }}
  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = \"-1\"
    cidr_blocks = [\"0.0.0.0/0\"]
  }}
}}"
        )?;
    }
    for subnet in 0..SUBNETS {
        of_subnet(vpc, subnet, code)?;
    }
    Ok(())
}

fn of_subnet(vpc: usize, subnet: usize, code: &mut String) -> Outcome<()> {
    let zone = ZONES[subnet % ZONES.len()];
    // The first of each zone is public, and has the NAT gateway.
    let table = if subnet < ZONES.len() { "public" } else { zone };
    writeln!(
        code,
        "resource \"aws_subnet\" \"v{vpc}_s{subnet}\" {{
  vpc_id            = aws_vpc.v{vpc}.id
  cidr_block        = \"10.{vpc}.{subnet}.0/24\"
  availability_zone = \"eu-central-1{zone}\"
}}
resource \"aws_route_table_association\" \"v{vpc}_s{subnet}\" {{
  subnet_id      = aws_subnet.v{vpc}_s{subnet}.id
  route_table_id = aws_route_table.v{vpc}_{table}.id
}}"
    )?;
    for instance in 0..INSTANCES {
        writeln!(
            code,
            "resource \"aws_instance\" \"v{vpc}_s{subnet}_i{instance}\" {{
  ami                    = \"ami-12345678\"
  instance_type          = \"m7g.large\"
  subnet_id              = aws_subnet.v{vpc}_s{subnet}.id
  vpc_security_group_ids = [aws_security_group.v{vpc}_g{instance}.id]
}}"
        )?;
    }
    Ok(())
}
