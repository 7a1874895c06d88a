//! What stands at the edge: distributions, APIs, and the web ACLs before them.

use super::data::{
    Noun, Rule,
    To::{Blocks, Here, Is},
    noun,
};

const ORIGIN: &[Rule] = &[
    ("OriginCustomHeaders", Blocks("custom_header", &[])),
    ("CustomOriginConfig", Blocks("custom_origin_config", &[("OriginSSLProtocols", Is("origin_ssl_protocols"))])),
    ("VpcOriginConfig", Blocks("vpc_origin_config", &[])),
];

const DISTRIBUTION: &[Rule] = &[("Origins", Blocks("origin", ORIGIN)), ("WebACLId", Is("web_acl_id"))];

/// What a method hands on: the keys of its parameters and templates are the user's own.
const INTEGRATION: &[Rule] = &[
    ("TimeoutInMillis", Is("timeout_milliseconds")),
    ("RequestParameters", Is("request_parameters")),
    ("RequestTemplates", Is("request_templates")),
];

pub(super) const NOUNS: &[Noun] = &[
    noun("AWS::WAFv2::WebACL", "aws_wafv2_web_acl", "id"),
    Noun {
        rules: &[("WebACLArn", Is("web_acl_arn"))],
        ..noun("AWS::WAFv2::WebACLAssociation", "aws_wafv2_web_acl_association", "id")
    },
    Noun {
        rules: &[("DistributionConfig", Here(DISTRIBUTION))],
        ..noun("AWS::CloudFront::Distribution", "aws_cloudfront_distribution", "id")
    },
    noun("AWS::CloudFront::VpcOrigin", "aws_cloudfront_vpc_origin", "id"),
    Noun {
        rules: &[("EndpointConfiguration", Blocks("endpoint_configuration", &[]))],
        ..noun("AWS::ApiGateway::RestApi", "aws_api_gateway_rest_api", "id")
    },
    Noun {
        // What a method declares that its requests may carry is nothing of its integration's.
        rules: &[("RequestParameters", Is("method_request_parameters")), ("Integration", Here(INTEGRATION))],
        when: &["Integration"],
        ..noun("AWS::ApiGateway::Method", "aws_api_gateway_integration", "id")
    },
    noun("AWS::ApiGateway::Stage", "aws_api_gateway_stage", "stage_name"),
    noun("AWS::ApiGateway::Deployment", "aws_api_gateway_deployment", "id"),
    noun("AWS::ApiGateway::VpcLink", "aws_api_gateway_vpc_link", "id"),
    noun("AWS::ApiGatewayV2::Api", "aws_apigatewayv2_api", "id"),
    Noun { rules: INTEGRATION, ..noun("AWS::ApiGatewayV2::Integration", "aws_apigatewayv2_integration", "id") },
    noun("AWS::ApiGatewayV2::Route", "aws_apigatewayv2_route", "id"),
    noun("AWS::ApiGatewayV2::RouteResponse", "aws_apigatewayv2_route_response", "id"),
    noun("AWS::ApiGatewayV2::Stage", "aws_apigatewayv2_stage", "name"),
    noun("AWS::ApiGatewayV2::VpcLink", "aws_apigatewayv2_vpc_link", "id"),
];
