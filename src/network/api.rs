//! APIs of API Gateway, and how long they wait for what answers their requests.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    limits::{FUNCTION, HTTP_INTEGRATION, REST_INTEGRATION, WEBSOCKET_INTEGRATION},
    name::{Declared, blocks, resolve, set},
};
use crate::{
    graph::{ResourceGraph, ResourceId, Target},
    resource::Resource,
    schema::Noun,
    value::{Attr, Known, Value},
};

/// An API.
#[derive(Clone, Debug)]
pub struct Api {
    pub name: Declared,
    pub kind: ApiKind,
    pub endpoint: Known<EndpointType>,
    /// Nobody reaches it by the name that AWS gives it.
    pub is_default_endpoint_disabled: Known<bool>,
    /// It has a policy that says who may call it.
    pub has_policy: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKind {
    Rest,
    Http,
    WebSocket,
}

/// How clients reach an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointType {
    /// Through a distribution of `CloudFront` that API Gateway keeps.
    Edge,
    Regional,
    Private,
}

/// What answers the requests of an API.
#[derive(Clone, Debug)]
pub struct Integration {
    pub name: Declared,
    pub api: Option<ResourceId>,
    /// How long the API waits, in milliseconds.
    pub wait: Attr<i64>,
    /// The function that answers.
    pub function: Option<ResourceId>,
}

/// A function of Lambda.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: Declared,
    /// How long it may run, in seconds.
    pub timeout: Attr<i64>,
}

pub(super) fn read(graph: &ResourceGraph) -> FxHashMap<ResourceId, Api> {
    let mut apis = FxHashMap::default();
    let with_policy: Vec<ResourceId> = graph
        .managed("aws_api_gateway_rest_api_policy")
        .filter_map(|(_, it)| one(graph, it.set("rest_api_id")?, Noun::RestApi))
        .collect();
    for (id, resource) in graph.managed("aws_api_gateway_rest_api") {
        let api = Api {
            name: Declared::of(id, resource),
            kind: ApiKind::Rest,
            endpoint: endpoint(resource),
            is_default_endpoint_disabled: resource.attr("disable_execute_api_endpoint", false).known,
            has_policy: resource.set("policy").is_some() || with_policy.contains(&id),
        };
        apis.insert(id, api);
    }
    for (id, resource) in graph.managed("aws_apigatewayv2_api") {
        let is_socket = resource.set("protocol_type").and_then(Value::text) == Some("WEBSOCKET");
        let api = Api {
            name: Declared::of(id, resource),
            kind: if is_socket { ApiKind::WebSocket } else { ApiKind::Http },
            endpoint: Known::Default(EndpointType::Regional),
            is_default_endpoint_disabled: resource.attr("disable_execute_api_endpoint", false).known,
            has_policy: false,
        };
        apis.insert(id, api);
    }
    apis
}

/// Without a word a REST API is edge-optimised.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html>
fn endpoint(resource: &Resource) -> Known<EndpointType> {
    let block = match blocks(resource, "endpoint_configuration") {
        Ok(blocks) => blocks.first(),
        Err(unknown) => return Known::Unknown(unknown.clone()),
    };
    let Some(types) = block.and_then(|it| set(it, "types")) else { return Known::Default(EndpointType::Edge) };
    if let Some(unknown) = types.unknown() {
        return Known::Unknown(unknown.clone());
    }
    let Some(first) = types.items().first() else { return Known::Default(EndpointType::Edge) };
    first.read::<String>().known.map(|text| match text.as_str() {
        "REGIONAL" => EndpointType::Regional,
        "PRIVATE" => EndpointType::Private,
        _ => EndpointType::Edge,
    })
}

pub(super) fn functions(graph: &ResourceGraph) -> FxHashMap<ResourceId, Function> {
    let all = graph.managed("aws_lambda_function");
    all.map(|(id, it)| (id, Function { name: Declared::of(id, it), timeout: it.attr("timeout", FUNCTION) })).collect()
}

pub(super) fn integrations(graph: &ResourceGraph, apis: &FxHashMap<ResourceId, Api>) -> Vec<Integration> {
    let rest = graph.managed("aws_api_gateway_integration").filter(|(_, it)| waits(it)).map(|(id, it)| Integration {
        name: Declared::of(id, it),
        api: it.set("rest_api_id").and_then(|it| one(graph, it, Noun::RestApi)),
        wait: it.attr("timeout_milliseconds", REST_INTEGRATION),
        function: it.set("uri").and_then(|it| function(graph, it)),
    });
    let awaited = awaited(graph);
    let others = graph.managed("aws_apigatewayv2_integration").filter(|(_, it)| waits(it)).filter_map(|(id, it)| {
        let api = it.set("api_id").and_then(|it| one(graph, it, Noun::HttpApi));
        let is_socket = api.and_then(|it| apis.get(&it)).is_some_and(|it| it.kind == ApiKind::WebSocket);
        let integration = Integration {
            name: Declared::of(id, it),
            api,
            wait: it.attr("timeout_milliseconds", if is_socket { WEBSOCKET_INTEGRATION } else { HTTP_INTEGRATION }),
            function: it.set("integration_uri").and_then(|it| function(graph, it)),
        };
        (!is_socket || awaited.contains(&id)).then_some(integration)
    });
    rest.chain(others).collect()
}

/// The integrations of WebSocket APIs whose answer somebody waits for: a connection is made when that of `$connect` has
/// answered, and a route with a response hands the answer on. The others are told of a message, and answer by a call of
/// their own where they do.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html>
fn awaited(graph: &ResourceGraph) -> FxHashSet<ResourceId> {
    let responses =
        graph.managed("aws_apigatewayv2_route_response").filter_map(|(_, it)| it.set("route_id")?.unknown());
    let with_response: FxHashSet<_> =
        responses.flat_map(|it| it.references()).filter_map(|it| graph.find(&it.to)).collect();
    let routes = graph.managed("aws_apigatewayv2_route").filter(|(id, route)| {
        let is_connect = route.set("route_key").and_then(Value::text) == Some("$connect");
        is_connect || route.set("route_response_selection_expression").is_some() || with_response.contains(id)
    });
    let targets = routes.filter_map(|(_, route)| route.set("target")?.unknown());
    targets.flat_map(|it| it.references()).filter_map(|it| graph.find(&it.to)).collect()
}

/// Whether the caller waits for the whole answer: not where the function is only told of an event, nor where it streams.
fn waits(integration: &Resource) -> bool {
    let is_event = |value: &Value| {
        value.entries().any(|(name, value)| {
            name.to_ascii_lowercase().contains("invocation-type")
                && value.text().is_none_or(|it| it.to_ascii_lowercase().contains("event"))
        })
    };
    let uri = integration.set("uri").or_else(|| integration.set("integration_uri"));
    let streams = uri.is_some_and(|it| {
        let names = it.unknown().map(|it| it.references().iter().any(|it| it.attribute.contains("streaming")));
        names.unwrap_or(false) || it.text().is_some_and(|it| it.contains("response-streaming"))
    });
    let parameters = ["request_parameters", "request_templates"];
    let streams = streams || integration.set("response_transfer_mode").and_then(Value::text) == Some("STREAM");
    let is_told = integration.set("integration_subtype").is_some();
    !streams && !is_told && !parameters.iter().filter_map(|it| integration.set(it)).any(is_event)
}

/// The function that a name, or an address made of it, leads to.
fn function(graph: &ResourceGraph, uri: &Value) -> Option<ResourceId> {
    let of = |id: ResourceId| -> Option<ResourceId> {
        match graph.resource(id).kind.as_str() {
            "aws_lambda_function" => Some(id),
            "aws_lambda_alias" => one(graph, graph.resource(id).set("function_name")?, Noun::LambdaFunction),
            _ => None,
        }
    };
    match uri.unknown() {
        Some(unknown) => {
            let mut found = unknown.references().into_iter().filter_map(|it| of(graph.find(&it.to)?));
            let first = found.next()?;
            found.all(|it| it == first).then_some(first)
        }
        None => one(graph, uri, Noun::LambdaFunction).and_then(of),
    }
}

fn one(graph: &ResourceGraph, value: &Value, noun: Noun) -> Option<ResourceId> {
    match resolve(graph, value, &[noun]) {
        Target::Resource(id, _) => Some(id),
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
    }
}
