//! CloudFormation templates of any size, of VPCs of three zones and what runs in them; and what `cdk synth` leaves.

use std::{error::Error, fs, path::Path};

use serde_json::{Map, Value, json};

const ZONES: [&str; 3] = ["A", "B", "C"];

/// How many resources a site of a template has.
const RESOURCES_IN_SITE: usize = 25;

/// Writes one template in YAML with so many resources. CloudFormation takes 500.
pub(crate) fn template(path: &Path, resources: usize) -> Result<(), Box<dyn Error>> {
    let template = document(resources.div_ceil(RESOURCES_IN_SITE), resources);
    Ok(fs::write(path, yaml_serde::to_string(&template)?)?)
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
    let all = (0..sites).flat_map(site).take(resources).collect::<Map<_, _>>();
    json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": all})
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
