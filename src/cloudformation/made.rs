//! What SAM's macro makes beside what is written: roles, the APIs that events ask for, stages, addresses of functions.
//!
//! What no packet asks about (permissions, event source mappings, versions and aliases) is not made.
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>

use std::collections::BTreeMap;

use super::{
    evaluate::Evaluator,
    term::{Shape, Term},
};
use crate::{
    source::Span,
    syntax::yaml::{Key, Node},
    value::{Address, Reference, Unknown},
    vocabulary::REF,
};

/// The APIs that events of functions ask for without naming one.
const REST_API: &str = "ServerlessRestApi";
const HTTP_API: &str = "ServerlessHttpApi";

/// The stage that an implicit REST API has.
const REST_STAGE: &str = "Prod";

/// The stage of an HTTP API that names none.
const HTTP_STAGE: &str = "$default";

/// Events that start a state machine under a role of their own.
const STARTS_UNDER_A_ROLE: &[&str] = &["Api", "CloudWatchEvent", "EventBridgeRule", "Schedule", "ScheduleV2"];

impl Evaluator<'_> {
    /// The address of what the macro makes under `name`, where something in the stack asks for it.
    pub(super) fn made_for(&mut self, stack: usize, name: &str) -> Option<Address> {
        let causes: Vec<_> = match name.strip_suffix("Role").filter(|it| self.resource(stack, it).is_some()) {
            Some(owner) => vec![owner.to_owned()],
            None if [REST_API, HTTP_API].contains(&name) => {
                self.stacks[stack].resources.iter().map(|it| it.name.clone()).collect()
            }
            None => return None,
        };
        causes.into_iter().find_map(|cause| self.makes(stack, &cause, name))
    }

    /// Asked of the template alone: nothing is worked out for it.
    fn makes(&mut self, stack: usize, cause: &str, name: &str) -> Option<Address> {
        let node = self.resource(stack, cause)?.node;
        let kind = node.get("Type")?.text()?;
        let properties = node.get("Properties");
        let has_role = properties.and_then(|it| it.get("Role")).is_some();
        let asks = |(_, event): &(Key, Node)| {
            let names = |property| event.get("Properties").and_then(|it| it.get(property)).is_some();
            match event.get("Type").and_then(Node::text) {
                Some("Api") => name == REST_API && !names("RestApiId"),
                Some("HttpApi") => name == HTTP_API && !names("ApiId"),
                Some(_) | None => false,
            }
        };
        let events = properties.and_then(|it| it.get("Events"));
        let is_made = match kind {
            "AWS::Serverless::Function" | "AWS::Serverless::StateMachine" => {
                (name.ends_with("Role") && !has_role) || events.is_some_and(|it| it.entries().iter().any(asks))
            }
            _ => false,
        };
        (is_made && self.exists(stack, cause)).then(|| Address::new(&format!("{}{name}", self.stacks[stack].prefix)))
    }
}

/// A resource that nobody wrote.
pub(super) struct Made {
    pub(super) name: String,
    /// As somebody would have written it: what holds for all of its type holds for it too.
    pub(super) kind: &'static str,
    pub(super) properties: BTreeMap<String, Term>,
}

/// A resource for whose sake others are made.
pub(super) struct Cause<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) properties: &'a BTreeMap<String, Term>,
    /// How its stage is called, where that is written without a function: the macro sees no further.
    pub(super) stage: Option<&'a str>,
    /// What the addresses of its stack begin with.
    pub(super) prefix: &'a str,
    pub(super) at: Span,
}

impl Cause<'_> {
    /// What is made because of it.
    pub(super) fn made(&self) -> Vec<Made> {
        match self.kind {
            "AWS::Serverless::Function" => self.of_function(),
            "AWS::Serverless::StateMachine" => {
                let starts = |it: &str| STARTS_UNDER_A_ROLE.contains(&it);
                let mut made: Vec<_> = self.own_role().into_iter().collect();
                made.extend(self.roles_of_events(starts));
                made.extend(self.implicit_apis());
                made
            }
            "AWS::Serverless::Api" => self.stage("AWS::ApiGateway::Stage", "RestApiId", None),
            "AWS::Serverless::HttpApi" => self.stage("AWS::ApiGatewayV2::Stage", "ApiId", Some(HTTP_STAGE)),
            _ => Vec::new(),
        }
    }

    /// The role that it takes where none is written.
    pub(super) fn role(&self) -> Option<Term> {
        let takes_one = ["AWS::Serverless::Function", "AWS::Serverless::StateMachine"].contains(&self.kind);
        (takes_one && !self.has("Role")).then(|| self.reference(&format!("{}Role", self.name), "Arn"))
    }

    fn of_function(&self) -> Vec<Made> {
        let mut made: Vec<_> = self.own_role().into_iter().collect();
        if self.has("FunctionUrlConfig") {
            let properties = [("TargetFunctionArn".to_owned(), self.reference(self.name, "Arn"))];
            made.push(Made {
                name: format!("{}Url", self.name),
                kind: "AWS::Lambda::Url",
                properties: properties.into(),
            });
        }
        let is_off = |it: &BTreeMap<String, Term>| {
            it.get("Enabled").and_then(Term::known_text).is_some_and(|it| it.eq_ignore_ascii_case("false"))
        };
        if let Some(Shape::Map(preference)) = self.shape("DeploymentPreference")
            && !preference.contains_key("Role")
            && !is_off(preference)
        {
            made.push(role("CodeDeployServiceRole".to_owned()));
        }
        made.extend(self.roles_of_events(|it| it == "ScheduleV2"));
        made.extend(self.implicit_apis());
        made
    }

    fn own_role(&self) -> Option<Made> {
        self.role().map(|_| role(format!("{}Role", self.name)))
    }

    fn roles_of_events(&self, takes_one: impl Fn(&str) -> bool) -> Vec<Made> {
        let events = self.events().into_iter();
        let events = events.filter(|(_, kind, properties)| takes_one(kind) && !is_written(properties.get("Role")));
        let events = events.filter(|(_, _, properties)| !is_written(properties.get("RoleArn")));
        events.map(|(event, ..)| role(format!("{}{event}Role", self.name))).collect()
    }

    /// The APIs of events that name none, each with its stage.
    fn implicit_apis(&self) -> Vec<Made> {
        let events = self.events();
        let asks = |wanted: &str, names: &str| {
            events.iter().any(|(_, kind, properties)| *kind == wanted && !is_written(properties.get(names)))
        };
        let mut made = Vec::new();
        if asks("Api", "RestApiId") {
            let api = Made { name: REST_API.to_owned(), kind: "AWS::Serverless::Api", properties: BTreeMap::new() };
            let stage = self.stage_of(REST_API, REST_STAGE, ("AWS::ApiGateway::Stage", "RestApiId"));
            made.extend([api, stage]);
        }
        if asks("HttpApi", "ApiId") {
            let api = Made { name: HTTP_API.to_owned(), kind: "AWS::Serverless::HttpApi", properties: BTreeMap::new() };
            let stage = self.stage_of(HTTP_API, HTTP_STAGE, ("AWS::ApiGatewayV2::Stage", "ApiId"));
            made.extend([api, stage]);
        }
        made
    }

    /// Each event's name, type and properties.
    fn events(&self) -> Vec<(&str, &str, &BTreeMap<String, Term>)> {
        let Some(Shape::Map(events)) = self.shape("Events") else { return Vec::new() };
        let mut found = Vec::new();
        for (name, event) in events {
            let Shape::Map(event) = &event.shape else { continue };
            let Some(Shape::Text(kind)) = event.get("Type").map(|it| &it.shape) else { continue };
            let properties = match event.get("Properties").map(|it| &it.shape) {
                Some(Shape::Map(properties)) => properties,
                Some(_) | None => &EMPTY,
            };
            found.push((name.as_str(), kind.as_str(), properties));
        }
        found
    }

    fn stage(&self, kind: &'static str, attribute: &'static str, default: Option<&str>) -> Vec<Made> {
        let is_written = self.has("StageName");
        let stage = self.stage.or(if is_written { None } else { default });
        let mut made = self.stage_of(self.name, stage.unwrap_or_default(), (kind, attribute));
        if let Some(written) = self.properties.get("StageName") {
            made.properties.insert("StageName".to_owned(), written.clone());
        }
        vec![made]
    }

    fn stage_of(&self, api: &str, stage: &str, (kind, attribute): (&'static str, &str)) -> Made {
        let name = match stage {
            HTTP_STAGE => format!("{api}ApiGatewayDefaultStage"),
            // The macro takes no other name into an id.
            stage if stage.chars().all(char::is_alphanumeric) => format!("{api}{stage}Stage"),
            _ => format!("{api}Stage"),
        };
        let mut properties = BTreeMap::from([(attribute.to_owned(), self.reference(api, REF))]);
        if !stage.is_empty() {
            properties.insert("StageName".to_owned(), Term::text(stage, self.at));
        }
        Made { name, kind, properties }
    }

    fn reference(&self, name: &str, attribute: &str) -> Term {
        let address = Address::new(&format!("{}{name}", self.prefix));
        Term::unknown(Unknown::AfterApply(Reference::new(address, attribute)), self.at)
    }

    fn has(&self, property: &str) -> bool {
        is_written(self.properties.get(property))
    }

    fn shape(&self, property: &str) -> Option<&Shape> {
        self.properties.get(property).map(|it| &it.shape)
    }
}

static EMPTY: BTreeMap<String, Term> = BTreeMap::new();

fn is_written(term: Option<&Term>) -> bool {
    term.is_some_and(|it| it.shape != Shape::Nothing)
}

fn role(name: String) -> Made {
    Made { name, kind: "AWS::IAM::Role", properties: BTreeMap::new() }
}
