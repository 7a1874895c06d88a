//! SAM: what its macro makes of `AWS::Serverless::…`, as far as a network is concerned.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>

use std::collections::BTreeMap;

use super::{
    evaluate::{Evaluator, Scope},
    term::{Shape, Term},
};
use crate::value::{Reference, Unknown};

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

/// What the macro reads of a function and does not hand on.
const OWN_PROPERTIES: &[&str] = &[
    "AutoPublishAlias",
    "Connectors",
    "DeploymentPreference",
    "Events",
    "FunctionUrlConfig",
    "Policies",
    "ProvisionedConcurrencyConfig",
];

const PERMISSION: &str = "AWS::Lambda::Permission";
const ROLE: &str = "AWS::IAM::Role";
const RULE: &str = "AWS::Events::Rule";

/// The APIs that the macro makes for events that name none.
const REST_API: &str = "ServerlessRestApi";
const HTTP_API: &str = "ServerlessHttpApi";

/// A resource that the macro adds: its name and type.
pub(super) type Added = (String, &'static str);

/// Whether nothing is left of a resource of this type but what is added.
pub(super) fn is_nothing(kind: &str) -> bool {
    kind == "AWS::Serverless::Connector"
}

impl Evaluator<'_> {
    /// A resource's type and properties as the macro leaves them, and what it adds beside it.
    pub(super) fn without_serverless(
        &mut self,
        stack: usize,
        (name, kind): (&str, &str),
        properties: BTreeMap<String, Term>,
    ) -> (String, BTreeMap<String, Term>, Vec<Added>) {
        let Some(word) = kind.strip_prefix(TYPES) else { return (kind.to_owned(), properties, Vec::new()) };
        let becomes = BECOMES.iter().find(|(it, _)| *it == word).map_or(kind, |(_, becomes)| becomes);
        let template = self.stacks[stack].template;
        let globals = template.root.get("Globals").and_then(|it| it.get(word));
        let mut properties = match globals.map(|node| self.value(&Scope::of(stack), node).shape) {
            Some(Shape::Map(globals)) => merged(globals, properties),
            Some(_) | None => properties,
        };
        let added = match word {
            "Function" => self.of_function(stack, name, &properties),
            "Api" => of_rest_api(name, &stage(&properties)),
            "HttpApi" => vec![(http_stage(name, &stage(&properties)), "AWS::ApiGatewayV2::Stage")],
            "StateMachine" => of_state_machine(name, &properties),
            "Connector" => vec![(format!("{name}Policy"), "AWS::IAM::ManagedPolicy")],
            _ => Vec::new(),
        };
        properties.retain(|property, _| !OWN_PROPERTIES.contains(&property.as_str()));
        if let Some((role, _)) = added.iter().find(|(it, kind)| *kind == ROLE && *it == format!("{name}Role")) {
            let address = self.stacks[stack].address(role);
            let at = self.resource(stack, name).map_or(template.root.span, |it| it.key.span);
            let role = Term::unknown(Unknown::after_apply(Reference::new(address, "Arn")), at);
            properties.insert("Role".to_owned(), role);
        }
        if word == "Api" {
            properties = with_endpoint(properties);
        }
        (becomes.to_owned(), properties, added)
    }

    fn of_function(&mut self, stack: usize, name: &str, properties: &BTreeMap<String, Term>) -> Vec<Added> {
        let is_set = |property: &str| properties.get(property).is_some_and(|it| it.shape != Shape::Nothing);
        let mut added = Vec::new();
        if !is_set("Role") {
            added.push((format!("{name}Role"), ROLE));
        }
        if let Some(alias) = properties.get("AutoPublishAlias").and_then(Term::known_text) {
            added.push((format!("{name}Version"), "AWS::Lambda::Version"));
            added.push((format!("{name}Alias{alias}"), "AWS::Lambda::Alias"));
        }
        let preference = properties.get("DeploymentPreference").map(|it| text_in(it, "Enabled"));
        if is_set("DeploymentPreference") && preference.flatten().as_deref() != Some("false") {
            added.push((format!("{name}DeploymentGroup"), "AWS::CodeDeploy::DeploymentGroup"));
            added.push(("ServerlessDeploymentApplication".to_owned(), "AWS::CodeDeploy::Application"));
            added.push(("CodeDeployServiceRole".to_owned(), ROLE));
        }
        if let Some(url) = properties.get("FunctionUrlConfig").map(|it| text_in(it, "AuthType")) {
            added.push((format!("{name}Url"), "AWS::Lambda::Url"));
            if url.as_deref() == Some("NONE") {
                added.push((format!("{name}UrlPublicPermissions"), PERMISSION));
                added.push((format!("{name}URLInvokeAllowPublicAccess"), PERMISSION));
            }
        }
        for (event, kind, settings) in events(properties) {
            added.extend(self.of_event(stack, &format!("{name}{event}"), &kind, settings));
        }
        added
    }

    /// What an event of a function makes.
    fn of_event(&mut self, stack: usize, name: &str, kind: &str, settings: Option<&Term>) -> Vec<Added> {
        let permission = || (format!("{name}Permission"), PERMISSION);
        let source = |kind| (name.to_owned(), kind);
        let setting = |property: &str| match settings.map(|it| &it.shape) {
            Some(Shape::Map(map)) => map.get(property),
            Some(_) | None => None,
        };
        match kind {
            "Api" => match setting("RestApiId") {
                None => {
                    let mut added = vec![(format!("{name}PermissionProd"), PERMISSION)];
                    added.push((REST_API.to_owned(), "AWS::ApiGateway::RestApi"));
                    added.extend(of_rest_api(REST_API, "Prod"));
                    added
                }
                Some(api) => {
                    let stage = self.stage_of(stack, api).unwrap_or_default();
                    vec![(format!("{name}Permission{stage}"), PERMISSION)]
                }
            },
            "HttpApi" if setting("ApiId").is_none() => vec![
                permission(),
                (HTTP_API.to_owned(), "AWS::ApiGatewayV2::Api"),
                (http_stage(HTTP_API, ""), "AWS::ApiGatewayV2::Stage"),
            ],
            "HttpApi" | "S3" | "IoTRule" | "AlexaSkill" | "Cognito" => vec![permission()],
            "Schedule" | "EventBridgeRule" | "CloudWatchEvent" => vec![source(RULE), permission()],
            "ScheduleV2" => vec![source("AWS::Scheduler::Schedule"), (format!("{name}Role"), ROLE)],
            "SNS" => vec![source("AWS::SNS::Subscription"), permission()],
            "CloudWatchLogs" => vec![source("AWS::Logs::SubscriptionFilter"), permission()],
            _ => vec![source("AWS::Lambda::EventSourceMapping")],
        }
    }

    /// The stage of the API that an event names.
    fn stage_of(&mut self, stack: usize, api: &Term) -> Option<String> {
        let Shape::Unknown(Unknown::AfterApply(reference)) = &api.shape else { return None };
        let name = self.stacks[stack].name_of(&reference.to)?;
        self.property(stack, &name, "StageName")?.known_text()
    }
}

/// Name, type and properties of each event.
fn events(properties: &BTreeMap<String, Term>) -> Vec<(&str, String, Option<&Term>)> {
    let Some(Shape::Map(events)) = properties.get("Events").map(|it| &it.shape) else { return Vec::new() };
    events
        .iter()
        .filter_map(|(name, event)| {
            let Shape::Map(map) = &event.shape else { return None };
            Some((name.as_str(), map.get("Type")?.known_text()?, map.get("Properties")))
        })
        .collect()
}

fn text_in(term: &Term, key: &str) -> Option<String> {
    if let Shape::Map(map) = &term.shape { map.get(key)?.known_text() } else { None }
}

fn stage(properties: &BTreeMap<String, Term>) -> String {
    properties.get("StageName").and_then(Term::known_text).unwrap_or_default()
}

fn of_rest_api(name: &str, stage: &str) -> Vec<Added> {
    vec![
        (format!("{name}Deployment"), "AWS::ApiGateway::Deployment"),
        (format!("{name}{stage}Stage"), "AWS::ApiGateway::Stage"),
    ]
}

fn http_stage(name: &str, stage: &str) -> String {
    if stage.is_empty() || stage == "$default" {
        format!("{name}ApiGatewayDefaultStage")
    } else {
        format!("{name}{stage}Stage")
    }
}

fn of_state_machine(name: &str, properties: &BTreeMap<String, Term>) -> Vec<Added> {
    let mut added = Vec::new();
    if !properties.contains_key("Role") {
        added.push((format!("{name}Role"), ROLE));
    }
    for (event, kind, _) in events(properties) {
        let kind = if kind == "ScheduleV2" { "AWS::Scheduler::Schedule" } else { RULE };
        added.push((format!("{name}{event}"), kind));
        added.push((format!("{name}{event}Role"), ROLE));
    }
    added
}

/// Where an API is reached: one word, or one type and the endpoints; CloudFormation has a list of types.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-endpointconfiguration.html>
fn with_endpoint(mut properties: BTreeMap<String, Term>) -> BTreeMap<String, Term> {
    let Some(Term { shape, origin }) = properties.remove("EndpointConfiguration") else { return properties };
    let listed = |it: Term| Term { origin: it.origin.clone(), shape: Shape::List(vec![it]) };
    let shape = match shape {
        Shape::Map(mut written) => {
            let types = written.remove("Type").map(|it| ("Types".to_owned(), listed(it)));
            let endpoints = written.remove("VPCEndpointIds").map(|it| ("VpcEndpointIds".to_owned(), it));
            written.extend([types, endpoints].into_iter().flatten());
            Shape::Map(written)
        }
        Shape::Nothing => return properties,
        word @ (Shape::Bool(_)
        | Shape::Number(_)
        | Shape::Text(_)
        | Shape::Parts(_)
        | Shape::List(_)
        | Shape::Unknown(_)) => {
            let types = listed(Term { shape: word, origin: origin.clone() });
            Shape::Map(BTreeMap::from([("Types".to_owned(), types)]))
        }
    };
    properties.insert("EndpointConfiguration".to_owned(), Term { shape, origin });
    properties
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
