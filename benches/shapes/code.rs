//! Terraform code of any size, whose networks are those that people build: each module a VPC of three zones, and what runs
//! in it.

use std::{fmt::Write as _, fs, io, path::Path};

use super::block_of;

/// How many resources a module makes.
pub(crate) const RESOURCES_IN_MODULE: usize = 50;

/// Writes a root module that calls so many modules, each a folder of its own.
pub(crate) fn modules(folder: &Path, modules: usize) -> io::Result<()> {
    let mut root = PROVIDER.to_owned();
    for number in 0..modules {
        let name = format!("site_{number:04}");
        write!(root, "module \"{name}\" {{\n  source = \"./{name}\"\n  cidr   = \"{}\"\n}}\n\n", block_of(number))
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
            format!("{PROVIDER}variable \"cidr\" {{\n  type    = string\n  default = \"{}\"\n}}\n\n", block_of(number));
        site(&folder.join(format!("team_{:02}/root_{number:04}", number % 10)), &variable)?;
    }
    Ok(())
}

fn site(folder: &Path, head: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("main.tf"), format!("{head}{SITE}"))
}

const PROVIDER: &str = "provider \"aws\" {\n  region = \"us-east-1\"\n}\n\n";

/// The 50 resources of a site, 37 of them a network.
const SITE: &str = include_str!("site.tf");
