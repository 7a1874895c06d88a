#!/usr/bin/env python3
"""Writes src/schema/defaults.txt: what the AWS provider plans for arguments that are left out.

    pip install grpcio grpcio-tools msgpack
    python -m grpc_tools.protoc -I DIR --python_out=DIR --grpc_python_out=DIR DIR/tfplugin5.proto
    defaults.py DIR PROVIDER > src/schema/defaults.txt

DIR holds Terraform's tfplugin5.proto (of its sources) and what is made of it; PROVIDER is the provider's program,
version 5.100.0. It is asked over its own protocol to plan a resource of each type in which the required arguments
alone are written, all unknown: once bare, and once with one of every block. It needs neither network nor account.
"""
import json
import os
import subprocess
import sys
import time

import grpc
import msgpack

sys.path.insert(0, sys.argv[1])
import tfplugin5_pb2 as messages  # noqa: E402
import tfplugin5_pb2_grpc as services  # noqa: E402

REGION = "us-east-1"
UNKNOWN = msgpack.ExtType(0, b"\x00")
DEEPEST = 7
LIST, SET, MAP = 2, 3, 4
NOT_TOLD = {"tags", "tags_all", "timeouts"}
# Blocks nested a thousand fold.
TOO_LARGE = "quicksight"
# What these need besides to be planned at all; nothing is told of these arguments.
BESIDES = {
    "aws_alb_target_group": {"port": UNKNOWN, "protocol": UNKNOWN, "vpc_id": UNKNOWN},
    "aws_api_gateway_authorizer": {"authorizer_uri": "x"},
    "aws_dynamodb_table": {"billing_mode": "PAY_PER_REQUEST", "hash_key": "a", "attribute": [{"name": "a", "type": "S"}]},
    "aws_iot_authorizer": {"signing_disabled": True},
    "aws_iot_ca_certificate": {"certificate_mode": "SNI_ONLY"},
    "aws_kinesis_firehose_delivery_stream": {"destination": "extended_s3", "extended_s3_configuration": [{}]},
    "aws_kinesis_stream": {"shard_count": 2},
    "aws_lambda_function": {"handler": "h", "runtime": "python3.12", "filename": "f"},
    "aws_lb_target_group": {"port": UNKNOWN, "protocol": UNKNOWN, "vpc_id": UNKNOWN},
    "aws_lightsail_instance": {"availability_zone": REGION + "a"},
    "aws_vpc_ipam": {"operating_regions": [{"region_name": REGION}]},
    "aws_vpc_ipam_resource_discovery": {"operating_regions": [{"region_name": REGION}]},
    "aws_workspaces_directory": {"directory_id": "d-1"},
}


def packed(value):
    return messages.DynamicValue(msgpack=msgpack.packb(value))


class Provider:
    """The provider's program; it is started again where a question makes it stop."""

    def __init__(self, program):
        self.program = program
        self.start()

    def start(self):
        environment = {
            **os.environ,
            # Terraform's own word to its plugins, which says that they are not started by hand.
            "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
            "PLUGIN_PROTOCOL_VERSIONS": "5",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.process = subprocess.Popen(
            [self.program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        kind, address = self.process.stdout.readline().strip().split("|")[2:4]
        target = f"unix:{address}" if kind == "unix" else address
        channel = grpc.insecure_channel(target, options=[("grpc.max_receive_message_length", 512 << 20)])
        self.service = services.ProviderStub(channel)
        self.schema = self.service.GetSchema(messages.GetProviderSchema.Request())
        settings = written(self.schema.provider.block, 0)
        settings.update(
            region=REGION, access_key="testing", secret_key="testing", skip_credentials_validation=True,
            skip_requesting_account_id=True, skip_metadata_api_check="true", skip_region_validation=True,
        )
        self.service.Configure(messages.Configure.Request(terraform_version="1.11.4", config=packed(settings)))

    def plan(self, kind, block, value):
        """What is planned, or None where there is no plan."""
        for name, besides in BESIDES.get(kind, {}).items():
            if isinstance(besides, list):
                inner = next(it.block for it in block.block_types if it.type_name == name)
                besides = [{**written(inner, 0), **item} for item in besides]
            value = {**value, name: besides}
        request = messages.PlanResourceChange.Request(
            type_name=kind, prior_state=packed(None), proposed_new_state=packed(value), config=packed(value)
        )
        try:
            answer = self.service.PlanResourceChange(request, timeout=60)
        except grpc.RpcError as error:
            print(f"{kind}: {error.details()}", file=sys.stderr)
            time.sleep(0.3)
            self.process.kill()
            self.process.wait()
            self.start()
            return None
        errors = [it.summary for it in answer.diagnostics if it.severity == 1]
        if errors or not answer.planned_state.msgpack:
            print(f"{kind}: {errors}", file=sys.stderr)
            return None
        return msgpack.unpackb(answer.planned_state.msgpack, strict_map_key=False)


def written(block, depth):
    """A block with its required arguments, and one of every block in it, so deep."""
    value = {it.name: UNKNOWN if it.required else None for it in block.attributes}
    for it in block.block_types:
        inner = written(it.block, depth - 1) if depth > 0 or it.min_items else None
        count = 0 if inner is None else max(1, it.min_items)
        value[it.type_name] = [inner] * count if it.nesting in (LIST, SET) else {} if it.nesting == MAP else inner
    return value


def collect(block, value, found, skip=()):
    """The known values of the optional arguments in `value`; null for nothing."""
    for it in block.attributes:
        known = value.get(it.name, UNKNOWN)
        if not it.optional or it.name in skip or isinstance(known, msgpack.ExtType) or known == REGION:
            continue
        if known in (None, "", [], {}):
            found.setdefault(it.name, None)
        elif not isinstance(known, (list, dict)):
            found[it.name] = known
    for it in block.block_types:
        inner = value.get(it.type_name)
        inner = inner[0] if isinstance(inner, list) and inner else inner
        if isinstance(inner, dict) and it.type_name not in skip:
            collect(it.block, inner, found.setdefault(it.type_name, {}))


def told(found):
    parts = []
    for name, value in sorted(found.items()):
        if isinstance(value, dict):
            inner = told(value)
            parts += [f"{name}{{{inner}}}"] if inner else []
        else:
            parts.append(name if value is None else f"{name}={json.dumps(value)}")
    return " ".join(parts)


def main():
    provider = Provider(sys.argv[2])
    schemas = provider.schema.resource_schemas
    for kind in sorted(schemas):
        if TOO_LARGE in kind:
            continue
        block = schemas[kind].block
        bare = written(block, 0)
        plans = [provider.plan(kind, block, written(block, DEEPEST))]
        if plans[0] is None:
            full = written(block, DEEPEST)
            names = [it.type_name for it in block.block_types]
            plans = [provider.plan(kind, block, {**bare, name: full[name]}) for name in names]
        found = {}
        for plan in [*plans, provider.plan(kind, block, bare)]:
            if plan is not None:
                collect(block, plan, found, NOT_TOLD | set(BESIDES.get(kind, ())))
        text = told(found)
        if text:
            print(kind, text)
    provider.process.kill()


main()
