#!/usr/bin/env bash
# Remakes plan.json (or state.json) in each folder given, with the real terraform and its real AWS provider, offline.
#
#     TERRAFORM_AWS_PROVIDER=path/of/terraform-provider-aws_v5.100.0_x5 testdata/plan.sh testdata/scenarios/*/
#
# A folder holds `.tf` files and, where something is deployed already, a `terraform.tfstate`; a folder that holds a
# `state.json` gets what `terraform show -json` says of that state instead of a plan. Where there is a `before` with
# `.tf` files and no state yet, the state is what comes of applying those on moto, a mock of AWS (`pip install
# 'moto[server]'`; MOTO_SERVER names the program where it is not on PATH). Nothing is asked of AWS: the credentials are
# made up, and a state is taken as it stands. A plan that says the same as the recorded one, at another time or in
# another order, leaves that one alone.
#
# Exit status: 0 all made, 1 terraform refused a folder, 77 nothing tried because terraform or the provider is missing.
set -euo pipefail

skip() {
  echo "skipped: $1" >&2
  exit 77
}

command -v terraform >/dev/null || skip "terraform is not on PATH"
[ -n "${TERRAFORM_AWS_PROVIDER:-}" ] || skip "TERRAFORM_AWS_PROVIDER does not name the AWS provider's binary"
[ -x "$TERRAFORM_AWS_PROVIDER" ] || skip "TERRAFORM_AWS_PROVIDER names no program: $TERRAFORM_AWS_PROVIDER"

work=$(mktemp -d)
moto=
trap '[ -z "$moto" ] || kill "$moto"; rm -rf "$work"' EXIT
mkdir "$work/provider"
ln -s "$(realpath "$TERRAFORM_AWS_PROVIDER")" "$work/provider/terraform-provider-aws"
cat >"$work/terraform.rc" <<RC
provider_installation {
  dev_overrides { "hashicorp/aws" = "$work/provider" }
  direct {}
}
RC
unset "${!TF_@}" "${!AWS_@}"
export TF_CLI_CONFIG_FILE=$work/terraform.rc CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
export AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true

# Prints the JSON of the plan, or of the state, of the folder that it is called in.
show() {
  if [ -e state.json ]; then
    terraform show -json
    return
  fi
  terraform get -no-color >/dev/null
  terraform plan -input=false -refresh=false -no-color -out=plan.bin >plan.log
  terraform show -json plan.bin
}

# Writes the override that asks nothing of AWS into a folder.
override() {
  cat >"$1/offline_override.tf" <<'TF'
provider "aws" {
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}
TF
}

# Applies the code of `before`, of the folder given, on moto, and leaves the state in the folder.
deploy() {
  command -v "${MOTO_SERVER:-moto_server}" >/dev/null || skip "moto_server is not on PATH, nor named by MOTO_SERVER"
  if [ -z "$moto" ]; then
    port=$((20000 + RANDOM % 20000))
    "${MOTO_SERVER:-moto_server}" -p "$port" >"$work/moto.log" 2>&1 &
    moto=$!
  fi
  rm -rf "$work/before"
  cp -R "$1/before" "$work/before"
  override "$work/before"
  # moto takes a while to listen: its first answer is waited for.
  for _ in $(seq 60); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 1
  done
  (cd "$work/before" && AWS_ENDPOINT_URL=http://127.0.0.1:$port terraform apply -auto-approve -input=false -no-color) \
    >"$work/apply.log" 2>&1 || return 1
  cp "$work/before/terraform.tfstate" "$1/terraform.tfstate"
  # moto gives every instance a public address, whatever it is asked for.
  if grep -q 'associate_public_ip_address = false' "$1"/before/*.tf; then
    sed -i 's/"associate_public_ip_address": true/"associate_public_ip_address": false/' "$1/terraform.tfstate"
  fi
}

# Prints a plan without what differs from run to run.
lasting() {
  sed 's/"relevant_attributes":\[.*\],"timestamp"/"timestamp"/; s/"timestamp":"[^"]*"//' "$1"
}

failed=0
for folder in "${@%/}"; do
  if [ -d "$folder/before" ] && [ ! -s "$folder/terraform.tfstate" ] && ! deploy "$folder"; then
    echo "failed: $folder/before" >&2
    cat "$work/apply.log" >&2
    failed=1
    continue
  fi
  root=$work/root
  rm -rf "$root"
  cp -R "$folder" "$root"
  rm -rf "$root/plan.json" "$root/before"
  override "$root"
  target=plan.json
  if [ -e "$folder/state.json" ]; then target=state.json; fi
  if ! (cd "$root" && show) >"$work/new.json" 2>"$work/error.log"; then
    echo "failed: $folder" >&2
    cat "$work/error.log" >&2
    failed=1
    continue
  fi
  old=$folder/$target
  if [ -s "$old" ] && [ "$(lasting "$old")" = "$(lasting "$work/new.json")" ]; then
    echo "unchanged: $old"
  else
    cp "$work/new.json" "$old"
    echo "made: $old"
  fi
done
exit $failed
