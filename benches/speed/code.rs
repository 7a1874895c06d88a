//! Terraform code of any size, whose networks are those that people build: each module a VPC of three zones, and what runs
//! in it.

use std::{fmt::Write as _, fs, io, path::Path};

/// How many resources a module makes.
pub(crate) const RESOURCES_IN_MODULE: usize = 50;

/// Writes a root module that calls so many modules, each a folder of its own.
pub(crate) fn modules(folder: &Path, modules: usize) -> io::Result<()> {
    let mut root = PROVIDER.to_owned();
    for number in 0..modules {
        let name = format!("site_{number:04}");
        write!(root, "module \"{name}\" {{\n  source = \"./{name}\"\n  cidr   = \"{}\"\n}}\n\n", block(number))
            .expect("writing to a String does not fail");
        site(&folder.join(name), "variable \"cidr\" {\n  type = string\n}\n\n")?;
    }
    fs::create_dir_all(folder)?;
    fs::write(folder.join("main.tf"), root)
}

/// Writes so many root modules, each in a folder of its own, as one repository has them.
pub(crate) fn roots(folder: &Path, roots: usize) -> io::Result<()> {
    for number in 0..roots {
        let variable =
            format!("{PROVIDER}variable \"cidr\" {{\n  type    = string\n  default = \"{}\"\n}}\n\n", block(number));
        site(&folder.join(format!("team_{:02}/root_{number:04}", number % 10)), &variable)?;
    }
    Ok(())
}

/// Writes one VPC with so many subnets, and so many instances in them.
pub(crate) fn crowd(folder: &Path, subnets: usize, instances: usize) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let text = format!(
        r#"{PROVIDER}
resource "aws_vpc" "this" {{
  cidr_block = "10.0.0.0/12"
}}

resource "aws_internet_gateway" "this" {{
  vpc_id = aws_vpc.this.id
}}

resource "aws_route_table" "this" {{
  vpc_id = aws_vpc.this.id

  route {{
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }}
}}

resource "aws_subnet" "each" {{
  count                   = {subnets}
  vpc_id                  = aws_vpc.this.id
  cidr_block              = cidrsubnet(aws_vpc.this.cidr_block, 12, count.index)
  availability_zone       = "us-east-1${{["a", "b", "c"][count.index % 3]}}"
  map_public_ip_on_launch = true
}}

resource "aws_route_table_association" "each" {{
  count          = {subnets}
  subnet_id      = aws_subnet.each[count.index].id
  route_table_id = aws_route_table.this.id
}}

resource "aws_security_group" "this" {{
  vpc_id = aws_vpc.this.id

  ingress {{
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }}

  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}

resource "aws_instance" "each" {{
  count                  = {instances}
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "m7i.large"
  subnet_id              = aws_subnet.each[count.index % {subnets}].id
  vpc_security_group_ids = [aws_security_group.this.id]

  metadata_options {{
    http_tokens = "required"
  }}
}}
"#
    );
    fs::write(folder.join("main.tf"), text)
}

fn site(folder: &Path, head: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("main.tf"), format!("{head}{SITE}"))
}

/// A site's own block of addresses.
fn block(site: usize) -> String {
    format!("10.{}.{}.0/18", site / 4 % 256, site % 4 * 64)
}

const PROVIDER: &str = "provider \"aws\" {\n  region = \"us-east-1\"\n}\n\n";

/// The 50 resources of a site, 37 of them a network.
const SITE: &str = include_str!("site.tf");
