#!/usr/bin/env python3
"""Creates each template of this folder on moto, a mock of AWS, and records the route tables that came of it.

    pip install 'moto[ec2,cloudformation,s3]' cfn-lint
    testdata/deployed/record.py

`recorded.json` has, for each template (or folder of templates that belong together), each subnet with the table that it
follows and each of its routes, by logical ids. `tests/deployed.rs` compares every next hop with it. Nothing of the
program under test has a part in it: templates are read, and `Fn::ForEach` is expanded, by cfn-lint; intrinsics and
resources are moto's; `Fn::Cidr`, which moto does not know, is Python's own `ipaddress`.
"""
import ipaddress, json, logging, os, sys
from pathlib import Path

for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
    os.environ[key] = "testing"
os.environ["AWS_DEFAULT_REGION"] = REGION = "us-east-1"
logging.disable(logging.CRITICAL)

import boto3
import moto
import moto.cloudformation.parsing as parsing
from moto.ec2 import ec2_backends
from cfnlint.decode import decode
from cfnlint.template import Template
from cfnlint.template.transforms import Transform

HERE = Path(__file__).parent
SUFFIXES = (".yaml", ".json")
ROOT = "root"
TARGETS = (
    "NatGatewayId", "TransitGatewayId", "VpcPeeringConnectionId", "NetworkInterfaceId",
    "EgressOnlyInternetGatewayId", "GatewayId",
)


def cidr(of):
    block, count, bits = of if len(of) == 3 else (*of, 8)
    network = ipaddress.ip_network(block)
    pieces = network.subnets(new_prefix=network.max_prefixlen - int(bits))
    return [str(next(pieces)) for _ in range(int(count))]


def with_cidr(clean):
    def cleaned(value, resources):
        if isinstance(value, dict) and list(value) == ["Fn::Cidr"]:
            return cidr([cleaned(part, resources) for part in value["Fn::Cidr"]])
        if isinstance(value, dict) and list(value) == ["Fn::Select"]:
            index, items = (cleaned(part, resources) for part in value["Fn::Select"])
            return items[int(index)]
        if isinstance(value, dict) and list(value) == ["Fn::GetAZs"]:
            return clean({"Fn::GetAZs": cleaned(value["Fn::GetAZs"], resources)}, resources)
        if isinstance(value, dict) and list(value) == ["Fn::GetAtt"]:
            of = value["Fn::GetAtt"]
            name, attribute = of if isinstance(of, list) else of.split(".", 1)
            # moto does not say where a subnet is, nor what a nested stack gives.
            if attribute.startswith("Outputs."):
                return resources[name].output_map[attribute.split(".", 1)[1]].value
            if attribute == "AvailabilityZone":
                return resources[name].availability_zone
            return clean({"Fn::GetAtt": [name, attribute]}, resources)
        # moto looks a map's name up as it is written.
        if isinstance(value, dict) and list(value) == ["Fn::FindInMap"]:
            name, *path = (cleaned(part, resources) for part in value["Fn::FindInMap"])
            return clean({"Fn::FindInMap": [name, *map(str, path)]}, resources)
        return clean(value, resources)
    return cleaned


parsing.clean_json = with_cidr(parsing.clean_json)


def read(path):
    """The template, as cfn-lint reads and expands it, in the JSON that moto takes."""
    template, wrong = decode(str(path))
    if wrong:
        sys.exit(f"{path}: {wrong}")
    whole = Template(str(path), template, [REGION])
    # What else the transform allows is left as it is written: cfn-lint guesses at parameters.
    wrong = Transform().transform(whole) if "Fn::ForEach::" in path.read_text() else []
    if wrong:
        sys.exit(f"{path}: {wrong}")
    template = json.loads(json.dumps(whole.template, default=str))
    for section in ("Transform", "Rules", "Metadata"):
        template.pop(section, None)
    for resource in template["Resources"].values():
        # moto knows no attachment of a transit gateway; no next hop depends on it.
        if resource["Type"] == "AWS::EC2::Route" and resource.get("DependsOn") == "HubAttachment":
            del resource["DependsOn"]
    template["Resources"] = {
        name: it for name, it in template["Resources"].items() if it["Type"] != "AWS::EC2::TransitGatewayAttachment"
    }
    template["Conditions"] = words(template.get("Conditions", {}))
    for parameter in template.get("Parameters", {}).values():
        parameter["Default"] = words(parameter.get("Default"))
        if parameter["Type"] == "Number":
            parameter["Type"] = "String"
    return template


def words(value):
    """CloudFormation compares words: `1` is `"1"`, `true` is `"true"`. moto tells them apart."""
    if isinstance(value, dict):
        return {key: words(it) for key, it in value.items()}
    if isinstance(value, list):
        return [words(it) for it in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None else str(value)


def values(template):
    """The defaults, given as values: moto takes no default list apart, and does not trim one."""
    return [
        {"ParameterKey": name, "ParameterValue": ",".join(map(str.strip, it["Default"].split(",")))}
        for name, it in template.get("Parameters", {}).items()
        if it["Default"] is not None
    ]


def is_template(path):
    return path.suffix in SUFFIXES and path.name != "recorded.json"


def templates():
    """(name, the templates to create in this order, those that others nest)"""
    for path in sorted(HERE.iterdir()):
        if path.is_dir():
            members = sorted(filter(is_template, path.iterdir()))
            roots = [it for it in members if it.stem == ROOT]
            yield path.name, roots or members, [it for it in members if roots and it.stem != ROOT]
        elif is_template(path):
            yield path.name, [path], []


def create(paths, nested):
    s3, stacks = boto3.client("s3"), boto3.client("cloudformation")
    s3.create_bucket(Bucket="nested")
    for path in nested:
        s3.put_object(Bucket="nested", Key=path.name, Body=json.dumps(read(path)))
    for number, path in enumerate(paths):
        template = read(path)
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::CloudFormation::Stack":
                name = Path(resource["Properties"]["TemplateURL"]).name
                resource["Properties"]["TemplateURL"] = f"https://nested.s3.amazonaws.com/{name}"
        stacks.create_stack(StackName=f"stack-{number}", TemplateBody=json.dumps(template), Parameters=values(template))


    # moto keeps an association that a template makes, and does not act on it.
    ec2 = boto3.client("ec2")
    for link in ec2_backends[moto.core.DEFAULT_ACCOUNT_ID][REGION].subnet_associations.values():
        ec2.associate_route_table(RouteTableId=link.route_table_id, SubnetId=link.subnet_id)


# What has the id of another resource in moto.
LINKS = ("AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::VPCGatewayAttachment")


def names(stacks):
    """The logical id of each physical one; a nested stack's own are `Stack/Id`."""
    found, prefixes = {}, {}
    every = stacks.describe_stacks()["Stacks"]
    for stack in every:
        for it in stacks.describe_stack_resources(StackName=stack["StackId"])["StackResources"]:
            if it.get("ResourceType") == "AWS::CloudFormation::Stack":
                prefixes[it["PhysicalResourceId"]] = it["LogicalResourceId"] + "/"
    for stack in every:
        prefix = prefixes.get(stack["StackName"], "")
        for it in stacks.describe_stack_resources(StackName=stack["StackId"])["StackResources"]:
            if it.get("ResourceType") not in LINKS:
                found[it.get("PhysicalResourceId")] = prefix + it.get("LogicalResourceId", "?")
    return found


def subnets():
    ec2, named = boto3.client("ec2"), names(boto3.client("cloudformation"))
    tables = ec2.describe_route_tables()["RouteTables"]
    follows = {link.get("SubnetId"): table for table in tables for link in table["Associations"]}
    mains = {table["VpcId"]: table for table in tables for link in table["Associations"] if link["Main"]}
    result = {}
    for subnet in ec2.describe_subnets()["Subnets"]:
        if subnet["SubnetId"] not in named:
            continue  # of the default VPC
        table = follows.get(subnet["SubnetId"]) or mains[subnet["VpcId"]]
        routes = {}
        for route in table["Routes"]:
            target = next(route[key] for key in TARGETS if route.get(key))
            routes[route["DestinationCidrBlock"]] = named.get(target, target)
        result[named[subnet["SubnetId"]]] = {
            "cidr": subnet["CidrBlock"],
            "availability_zone": subnet["AvailabilityZone"],
            "table": named.get(table["RouteTableId"], "main"),
            "routes": dict(sorted(routes.items())),
        }
    return dict(sorted(result.items()))


def main():
    recorded = {}
    for name, paths, nested in templates():
        with moto.mock_aws():
            try:
                create(paths, nested)
            except Exception as wrong:
                sys.exit(f"{name}: {wrong!r}")
            recorded[name] = subnets()
    (HERE / "recorded.json").write_text(json.dumps(recorded, indent=1) + "\n")
    print(f"{len(recorded)} templates, {sum(map(len, recorded.values()))} subnets")


if __name__ == "__main__":
    main()
