#!/usr/bin/env python3
"""Expands each template of this folder with AWS's own translator and records the resources that came of it.

    pip install aws-sam-translator cfn-lint
    testdata/sam/record.py

`recorded.json` has, for each template, each resource's logical id with its type and properties. An id that ends in a
hash of the contents (a deployment, a version, a layer) stands with `*` for the hash. `tests/deployed.rs` reads it.
"""
import json, os, re, sys
from pathlib import Path

os.environ["AWS_DEFAULT_REGION"] = "us-east-1"

from cfnlint.decode import decode
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

HERE = Path(__file__).parent
HASHED = re.compile(r"(.*?)[0-9a-f]{10}$")
POLICIES = {"AWSLambdaBasicExecutionRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}


def expand(path):
    template, wrong = decode(str(path))
    if wrong:
        sys.exit(f"{path}: {wrong}")
    template = json.loads(json.dumps(template, default=str))
    defaults = {name: it.get("Default") for name, it in template.get("Parameters", {}).items()}
    expanded = Translator(POLICIES, Parser()).translate(sam_template=template, parameter_values=defaults)
    resources = {}
    for name, it in expanded["Resources"].items():
        hashed = HASHED.match(name)
        kept = {key: it[key] for key in ("Type", "Condition", "Properties") if key in it}
        resources[hashed[1] + "*" if hashed else name] = kept
    # What says nothing of a network, and is long.
    for it in resources.values():
        for key in ("AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "Body", "Code", "Tags", "PolicyDocument"):
            it.get("Properties", {}).pop(key, None)
    return dict(sorted(resources.items()))


def main():
    recorded = {path.name: expand(path) for path in sorted(HERE.glob("*.yaml"))}
    (HERE / "recorded.json").write_text(json.dumps(recorded, indent=1) + "\n")
    print(f"{len(recorded)} templates, {sum(map(len, recorded.values()))} resources")


if __name__ == "__main__":
    main()
