//! CloudFormation templates of any size, of VPCs of three zones and what runs in them; and what `cdk synth` leaves.

use std::{error::Error, fs, path::Path};

use serde_json::{Map, Value, json};

const ZONES: [&str; 3] = ["A", "B", "C"];

/// How many resources a site of a template has, and as many have the functions of a site.
const RESOURCES_IN_SITE: usize = 25;

/// How many resources CloudFormation takes in one template, and how many bytes.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
pub(crate) const MOST_RESOURCES: usize = 500;
const MOST_BYTES: usize = 1 << 20;

/// Writes one template in YAML with so many resources.
pub(crate) fn template(path: &Path, resources: usize) -> Result<(), Box<dyn Error>> {
    let template = document(resources.div_ceil(RESOURCES_IN_SITE), resources);
    Ok(fs::write(path, yaml_serde::to_string(&template)?)?)
}

/// Writes one template in YAML as large as CloudFormation takes: half of its resources are networks, half are functions
/// and what they need, whose code stands in the template and makes it up to its size.
pub(crate) fn at_the_limits(path: &Path) -> Result<(), Box<dyn Error>> {
    let sites = MOST_RESOURCES / RESOURCES_IN_SITE / 2;
    let with_code = |lines| {
        let all = (0..sites).flat_map(|number| site(number).into_iter().chain(functions(number, lines)));
        yaml_serde::to_string(&described(&all.collect()))
    };
    let (without, with) = (with_code(0)?.len(), with_code(1)?.len());
    let text = with_code((MOST_BYTES - without) / (with - without))?;
    Ok(fs::write(path, text)?)
}

/// Writes what the CDK synthesises of so many stacks, of so many resources each.
pub(crate) fn assembly(folder: &Path, stacks: usize, resources: usize) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mut artifacts = Map::new();
    for stack in 0..stacks {
        let name = format!("Stack{stack:03}");
        let file = format!("{name}.template.json");
        let template = document(resources.div_ceil(RESOURCES_IN_SITE), resources);
        fs::write(folder.join(&file), serde_json::to_vec_pretty(&template)?)?;
        let artifact = json!({"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": file}, "displayName": name});
        artifacts.insert(name, artifact);
    }
    let manifest = json!({"version": "36.0.0", "artifacts": artifacts});
    Ok(fs::write(folder.join("manifest.json"), serde_json::to_vec_pretty(&manifest)?)?)
}

fn document(sites: usize, resources: usize) -> Value {
    described(&(0..sites).flat_map(site).take(resources).collect())
}

fn described(resources: &Map<String, Value>) -> Value {
    json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
}

/// The 25 resources of a site.
fn site(number: usize) -> Vec<(String, Value)> {
    let id = |name: &str| format!("Site{number:03}{name}");
    let to = |name: &str| json!({"Ref": id(name)});
    let mut all = Vec::new();
    let mut add = |name: &str, kind: &str, properties: Value| {
        all.push((id(name), json!({"Type": format!("AWS::EC2::{kind}"), "Properties": properties})));
    };
    add("Vpc", "VPC", json!({"CidrBlock": format!("10.{number}.0.0/16"), "EnableDnsHostnames": true}));
    add("Gateway", "InternetGateway", json!({}));
    add("Attached", "VPCGatewayAttachment", json!({"VpcId": to("Vpc"), "InternetGatewayId": to("Gateway")}));
    add("Table", "RouteTable", json!({"VpcId": to("Vpc")}));
    let route = json!({"RouteTableId": to("Table"), "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": to("Gateway")});
    add("Route", "Route", route);
    for (at, zone) in ZONES.iter().enumerate() {
        let name = |name: &str| format!("{name}{zone}");
        let cidr =
            |from| json!({"Fn::Select": [from + at, {"Fn::Cidr": [{"Fn::GetAtt": [id("Vpc"), "CidrBlock"]}, 8, 8]}]});
        let zone = json!({"Fn::Select": [at, {"Fn::GetAZs": ""}]});
        let subnet = |from: usize, is_public: bool| json!({"VpcId": to("Vpc"), "CidrBlock": cidr(from), "AvailabilityZone": zone, "MapPublicIpOnLaunch": is_public});
        let association = |subnet: &str, table: &str| json!({"SubnetId": to(subnet), "RouteTableId": to(table)});
        add(&name("Public"), "Subnet", subnet(0, true));
        add(&name("PublicIs"), "SubnetRouteTableAssociation", association(&name("Public"), "Table"));
        add(&name("Private"), "Subnet", subnet(3, false));
        add(&name("PrivateTable"), "RouteTable", json!({"VpcId": to("Vpc")}));
        add(&name("PrivateIs"), "SubnetRouteTableAssociation", association(&name("Private"), &name("PrivateTable")));
        let instance = json!({"ImageId": "ami-0abcdef1234567890", "InstanceType": "m7i.large",
            "SubnetId": to(&name("Private")), "SecurityGroupIds": [to("Group")]});
        add(&name("Instance"), "Instance", instance);
    }
    let everybody = json!([{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}]);
    let group = json!({"GroupDescription": "clients", "VpcId": to("Vpc"), "SecurityGroupIngress": everybody});
    add("Group", "SecurityGroup", group);
    let volume = json!({"AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "Size": 200, "VolumeType": "gp3"});
    add("Volume", "Volume", volume);
    all
}

/// 25 resources that run code of so many lines: functions with their roles, logs, permissions and alarms.
fn functions(number: usize, lines: usize) -> Vec<(String, Value)> {
    let code = "    print(json.dumps(event['detail'], indent=2))\n".repeat(lines);
    let code = format!("import json\n\ndef handler(event, context):\n{code}    return {{'statusCode': 200}}\n");
    let mut all = Vec::new();
    for at in 0..RESOURCES_IN_SITE / 5 {
        let id = |name: &str| format!("Function{number:03}{at}{name}");
        let of = |name: &str, attribute: &str| json!({"Fn::GetAtt": [id(name), attribute]});
        let mut add = |name: &str, kind: &str, properties: Value| {
            all.push((id(name), json!({"Type": format!("AWS::{kind}"), "Properties": properties})));
        };
        let assumed =
            json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}});
        let allowed = json!([
            {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": of("Logs", "Arn")},
            {"Effect": "Allow", "Action": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"], "Resource": "*"},
        ]);
        let policy = |statements: &Value| json!({"Version": "2012-10-17", "Statement": statements});
        let role = json!({"AssumeRolePolicyDocument": policy(&json!([assumed])),
            "Policies": [{"PolicyName": "own", "PolicyDocument": policy(&allowed)}]});
        add("Role", "IAM::Role", role);
        let zone = ZONES[at % ZONES.len()];
        let network = json!({"SubnetIds": [{"Ref": format!("Site{number:03}Private{zone}")}],
            "SecurityGroupIds": [{"Ref": format!("Site{number:03}Group")}]});
        let function = json!({"Runtime": "python3.13", "Handler": "index.handler", "Role": of("Role", "Arn"),
            "Code": {"ZipFile": code}, "MemorySize": 256, "Timeout": 30, "VpcConfig": network,
            "Environment": {"Variables": {"REGION": {"Ref": "AWS::Region"}}}});
        add("Code", "Lambda::Function", function);
        let group = json!({"LogGroupName": {"Fn::Sub": format!("/app/${{AWS::StackName}}/{number}/{at}")}, "RetentionInDays": 90});
        add("Logs", "Logs::LogGroup", group);
        let permission = json!({"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": id("Code")},
            "Principal": "events.amazonaws.com", "SourceAccount": {"Ref": "AWS::AccountId"}});
        add("Permission", "Lambda::Permission", permission);
        let alarm = json!({"AlarmDescription": "it fails", "Namespace": "AWS/Lambda", "MetricName": "Errors",
            "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": id("Code")}}], "Statistic": "Sum", "Period": 60,
            "EvaluationPeriods": 3, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold"});
        add("Alarm", "CloudWatch::Alarm", alarm);
    }
    all
}
