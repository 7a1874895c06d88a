#!/usr/bin/env bash
# Synthesises the apps of apps.js with the real CDK and keeps what a reader of assemblies needs: manifests and templates.
#
#     npm install --prefix SOMEWHERE aws-cdk-lib@2.276.0 constructs@10.8.1
#     NODE_PATH=SOMEWHERE/node_modules testdata/cdk/synth.sh
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node apps.js "$work"
for assembly in "$work"/*/; do
  name=$(basename "$assembly")
  rm -rf "$name"
  (cd "$assembly" && find . \( -name manifest.json -o -name '*.template.json' -o -name '*.metadata.json' \) -print0) |
    while IFS= read -r -d '' file; do
      mkdir -p "$name/$(dirname "$file")"
      node keep.js "$assembly/$file" "$PWD" "$work" >"$name/$file"
    done
done
