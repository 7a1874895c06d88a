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
    ("WebSocketApi", "AWS::ApiGatewayV2::Api"),
    ("CapacityProvider", "AWS::Lambda::CapacityProvider"),
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
        (becomes.to_owned(), if name == "Api" { with_endpoint(properties) } else { properties })
    }
}

/// Where an API is reached: one word, or one type and the endpoints; CloudFormation has a list of types.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-endpointconfiguration.html>
fn with_endpoint(mut properties: BTreeMap<String, Term>) -> BTreeMap<String, Term> {
    let Some(Term { shape, origin }) = properties.remove("EndpointConfiguration") else { return properties };
    let shape = match shape {
        Shape::Map(mut written) => {
            let kind = written.remove("Type").map(|it| ("Types", listed(it)));
            let endpoints = written.remove("VPCEndpointIds").map(|it| ("VpcEndpointIds", it));
            let renamed = [kind, endpoints].into_iter().flatten();
            written.extend(renamed.map(|(name, term)| (name.to_owned(), term)));
            Shape::Map(written)
        }
        Shape::Nothing => return properties,
        kind @ (Shape::Bool(_)
        | Shape::Number(_)
        | Shape::Text(_)
        | Shape::Parts(_)
        | Shape::List(_)
        | Shape::Unknown(_)) => {
            let kind = Term { shape: kind, origin: origin.clone() };
            Shape::Map(BTreeMap::from([("Types".to_owned(), listed(kind))]))
        }
    };
    properties.insert("EndpointConfiguration".to_owned(), Term { shape, origin });
    properties
}

fn listed(term: Term) -> Term {
    Term { origin: term.origin.clone(), shape: Shape::List(vec![term]) }
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
