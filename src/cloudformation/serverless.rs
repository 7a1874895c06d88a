//! SAM: what its macro makes of `AWS::Serverless::…`, as far as a network is concerned.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>

use std::collections::BTreeMap;

use super::{
    evaluate::{Evaluator, Scope},
    term::{Shape, Term},
};

/// How the types begin that the macro knows.
const TYPES: &str = "AWS::Serverless::";

/// The macro.
pub(super) const MACRO: &str = "AWS::Serverless-2016-10-31";

/// What becomes of each type.
const BECOMES: &[(&str, &str)] = &[
    ("Function", "AWS::Lambda::Function"),
    ("Api", "AWS::ApiGateway::RestApi"),
    ("HttpApi", "AWS::ApiGatewayV2::Api"),
    ("SimpleTable", "AWS::DynamoDB::Table"),
    ("LayerVersion", "AWS::Lambda::LayerVersion"),
    ("StateMachine", "AWS::StepFunctions::StateMachine"),
    ("Application", "AWS::CloudFormation::Stack"),
    ("GraphQLApi", "AWS::AppSync::GraphQLApi"),
];

impl Evaluator<'_> {
    /// A resource's type and properties as the macro leaves them.
    pub(super) fn without_serverless(
        &mut self,
        stack: usize,
        kind: &str,
        properties: BTreeMap<String, Term>,
    ) -> (String, BTreeMap<String, Term>) {
        let Some(name) = kind.strip_prefix(TYPES) else { return (kind.to_owned(), properties) };
        let becomes = BECOMES.iter().find(|(it, _)| *it == name).map_or(kind, |(_, becomes)| becomes);
        let template = self.stacks[stack].template;
        let globals = template.root.get("Globals").and_then(|it| it.get(name));
        let properties = match globals.map(|node| self.value(&Scope::of(stack), node).shape) {
            Some(Shape::Map(globals)) => merged(globals, properties),
            Some(_) | None => properties,
        };
        (becomes.to_owned(), properties)
    }
}

/// What holds for all, and what one says: maps are merged, lists put together, and anything else is what the one says.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html>
fn merged(globals: BTreeMap<String, Term>, own: BTreeMap<String, Term>) -> BTreeMap<String, Term> {
    let mut all = globals;
    for (name, value) in own {
        let value = match (all.remove(&name), value) {
            (Some(Term { shape: Shape::Map(globals), .. }), Term { shape: Shape::Map(own), origin }) => {
                Term { shape: Shape::Map(merged(globals, own)), origin }
            }
            (Some(Term { shape: Shape::List(mut items), .. }), Term { shape: Shape::List(own), origin }) => {
                items.extend(own);
                Term { shape: Shape::List(items), origin }
            }
            (Some(_) | None, value) => value,
        };
        all.insert(name, value);
    }
    all
}
