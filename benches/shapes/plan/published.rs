//! What modules of the public registry have beside what a call of them makes: inputs with their descriptions, outputs, and
//! resources of which the call makes none.
//!
//! The figures are means over the plans of 128 examples of public modules, for each resource that such a plan makes:
//! 2 blocks of 5 arguments with 2 references each, 7 inputs and 3 outputs of 190 bytes. Half of such a plan and more is
//! its `configuration`.

use std::io::{self, Write};

use super::{
    Modules,
    block::{Block, configuration},
    words::{Comma, References, text},
};

/// Which inputs, outputs and resources a module has more for each resource that it makes.
const INPUTS: usize = 6;
const OUTPUTS: usize = 3;
const RESOURCES: usize = 2;

/// What such modules can make, and this call does not.
const KINDS: [&str; 6] = [
    "aws_network_acl_rule",
    "aws_vpn_gateway_route_propagation",
    "aws_db_subnet_group",
    "aws_security_group_rule",
    "aws_iam_role_policy_attachment",
    "aws_route_table_association",
];

impl Modules {
    /// For how many resources a module has more, of those that it makes.
    pub(super) fn more(self, blocks: &[Block]) -> usize {
        match self {
            Self::Own => 0,
            Self::Published => blocks.iter().map(|it| it.instances().len()).sum(),
        }
    }
}

/// Adds to the resources of a module that makes so many.
pub(super) fn resources(made: usize, comma: &mut Comma, out: &mut dyn Write) -> io::Result<()> {
    let unused = (0..RESOURCES * made).map(|at| {
        let switch = References(vec!["local.is_used".to_owned(), format!("var.input_{at:03}")]);
        let mut block = Block::chosen(KINDS[at % KINDS.len()], format!("unused_{at:03}"), &switch);
        for name in ["cidr_block", "description", "name", "subnet_id", "vpc_id"] {
            let input = format!("var.input_{:03}", at % (INPUTS * made));
            block.given(name, "null", &References(vec![input, "count.index".to_owned()]));
        }
        block
    });
    configuration(&unused.collect::<Vec<_>>(), comma, out)
}

/// Adds to the inputs of a module that has some.
pub(super) fn variables(made: usize, out: &mut dyn Write) -> io::Result<()> {
    for at in 0..INPUTS * made {
        let default = ["null", "false", "{}", "[]", "true"][at % 5];
        write!(out, r#","input_{at:03}":{{"default":{default},"description":{DESCRIPTION}}}"#)?;
    }
    Ok(())
}

/// Adds to the outputs of a module that has some.
pub(super) fn outputs(made: usize, out: &mut dyn Write) -> io::Result<()> {
    for at in 0..OUTPUTS * made {
        let unused = at % (RESOURCES * made);
        let block = format!("{}.unused_{unused:03}", KINDS[unused % KINDS.len()]);
        let value = References(vec![format!("{block}[0].id"), format!("{block}[0]"), block]).json();
        let name = text(&format!("output_{at:03}"));
        write!(out, r#",{name}:{{"expression":{value},"description":{DESCRIPTION}}}"#)?;
    }
    Ok(())
}

/// As long as most are.
const DESCRIPTION: &str = concat!(
    r#""Determines what is made for the subnets of one kind where there is more than one availability zone, "#,
    r#"and how that is named""#
);
