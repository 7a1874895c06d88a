//! A plan and what it does not say about who refers to whom, joined: values and places from the plan, references from
//! whoever knows them best. That is the plan's own configuration, which lists references and neither expressions nor
//! locals; where the code lies at hand, it can answer the same [`References`](crate::plan::References) exactly.

use crate::{
    graph::ResourceGraph,
    plan::{Error, Plan, Wanted, references::Inferred},
};

/// The resources of a plan as they will be, or of a state as they are; those that are `wanted`.
pub fn after(plan: &Plan<'_>, wanted: Wanted) -> Result<ResourceGraph, Error> {
    let resources = plan.after(wanted, &Inferred::new(plan))?;
    Ok(ResourceGraph::new(resources, plan.gone(wanted)?))
}

/// The resources of a plan as they are before it is applied; those that are `wanted`.
pub fn before(plan: &Plan<'_>, wanted: Wanted) -> Result<ResourceGraph, Error> {
    Ok(ResourceGraph::new(plan.before(wanted)?, Vec::new()))
}
