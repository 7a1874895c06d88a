//! Terraform code of VPCs at a transit gateway, whose every subnet has instances; before a change, and after it.

use std::fmt::{self, Write as _};

/// How many instances each subnet has.
pub(crate) const INSTANCES: usize = 5;

const ZONES: [&str; 3] = ["a", "b", "c"];

/// How many VPCs, and how many subnets each has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hub {
    pub(crate) vpcs: usize,
    pub(crate) subnets: usize,
}

/// Which of two networks: the second leads one zone of one VPC to the NAT gateway of another zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Moment {
    Before,
    After,
}

impl Hub {
    /// How many resources that makes.
    pub(crate) fn resources(self) -> usize {
        let shared_by_vpc = 4 + 3 * ZONES.len() + INSTANCES;
        1 + self.vpcs * (shared_by_vpc + self.subnets * (2 + INSTANCES))
    }

    /// The whole of it, as one file.
    pub(crate) fn code(self, moment: Moment) -> Result<String, fmt::Error> {
        let mut code = String::from("resource \"aws_ec2_transit_gateway\" \"hub\" {}\n");
        for vpc in 0..self.vpcs {
            of_vpc(vpc, moment, &mut code)?;
            for subnet in 0..self.subnets {
                of_subnet(vpc, subnet, &mut code)?;
            }
        }
        Ok(code)
    }
}

fn of_vpc(vpc: usize, moment: Moment, code: &mut String) -> fmt::Result {
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
    Ok(())
}

fn of_subnet(vpc: usize, subnet: usize, code: &mut String) -> fmt::Result {
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
