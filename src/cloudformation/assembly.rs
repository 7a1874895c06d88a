//! What the CDK writes beside its templates (`cdk.out`): which of them are stacks, where each goes, and which line of the
//! app made what.
//!
//! The form is the one of the CDK's `cloud-assembly-schema`:
//! <https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema>

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::path;
use crate::{
    files::Files,
    finding::{Finding, Label},
};

/// How the file is called that says what an assembly has.
pub const MANIFEST: &str = "manifest.json";

/// A stack as its assembly has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// How the CDK calls it: `Production/Network`.
    pub name: Option<String>,
    /// What AWS fills in where it is deployed, as far as the app says it: `AWS::Region`.
    pub pseudo: BTreeMap<String, String>,
    /// The lines of the app's own code that make its constructs, by `aws:cdk:path`: `/app/apps.js:112:15`.
    pub lines: BTreeMap<String, String>,
}

/// What the CDK says of the resources that it makes.
#[derive(Debug, Default)]
pub struct Constructs {
    /// The addresses of resources by their logical ids, where the address is the path of a construct.
    pub shown: BTreeMap<String, String>,
    /// The lines of the app's own code by address: `/app/apps.js:112:15`.
    pub lines: BTreeMap<String, String>,
}

/// Assemblies among the files of a folder: what lies in one is what its manifest names, and nothing else of it is a
/// template. What an app no longer makes stays in `cdk.out`, and so do the files of assets.
#[derive(Debug, Default)]
pub struct Assemblies {
    folders: Vec<String>,
    /// By the path of the template.
    stacks: BTreeMap<String, Stack>,
}

impl Assemblies {
    /// Reads the manifests among `paths`. One that lies in an assembly counts only if that one names its folder.
    pub fn among<'p>(files: &dyn Files, paths: impl IntoIterator<Item = &'p str>) -> Self {
        let mut manifests: Vec<&str> = paths.into_iter().filter(|it| name_of(it) == MANIFEST).collect();
        manifests.sort_by_key(|it| it.matches('/').count());
        let mut found = Self::default();
        let mut named = BTreeSet::new();
        for manifest in manifests {
            let folder = normal(folder_of(manifest));
            if found.has(manifest) && !named.contains(&folder) {
                continue;
            }
            let Some(artifacts) = artifacts(files, manifest) else { continue };
            for artifact in artifacts.values() {
                let properties = &artifact["properties"];
                match (artifact["type"].as_str(), properties["templateFile"].as_str()) {
                    (Some("aws:cloudformation:stack"), Some(file)) => {
                        found.stacks.insert(normal(&path::beside(manifest, file)), stack(files, manifest, artifact));
                    }
                    (Some("cdk:cloud-assembly"), _) => {
                        named
                            .extend(properties["directoryName"].as_str().map(|it| normal(&path::beside(manifest, it))));
                    }
                    _ => (),
                }
            }
            found.folders.push(folder);
        }
        found
    }

    /// The assembly that the template at `path` lies in.
    pub fn beside(files: &dyn Files, path: &str) -> Self {
        Self::among(files, [path::beside(path, MANIFEST).as_str()])
    }

    /// Whether an assembly says what the file at `path` is.
    pub fn has(&self, path: &str) -> bool {
        let path = normal(path);
        let is_below = |folder: &String| {
            folder.is_empty() || path.strip_prefix(folder.as_str()).is_some_and(|it| it.starts_with('/'))
        };
        self.folders.iter().any(is_below)
    }

    /// The stack whose template lies at `path`.
    pub fn stack(&self, path: &str) -> Option<&Stack> {
        self.stacks.get(&normal(path))
    }

    /// The templates that manifests name.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        self.stacks.keys().map(String::as_str)
    }
}

impl Constructs {
    /// The address of what a user calls `name`: a logical id is as good as a path.
    pub fn address<'a>(&'a self, name: &'a str) -> &'a str {
        self.shown.get(name).map_or(name, String::as_str)
    }

    fn line_of(&self, finding: &Finding) -> Option<Label> {
        let resource = finding.resource.as_deref()?;
        let line = self.lines.get(resource)?;
        let text = format!("the app makes {resource} at {line}");
        Some(Label { span: finding.at.span, text, resource: Some(resource.to_owned()) })
    }

    /// Says which line of the app makes the resource that a finding is about.
    pub fn tell(&self, finding: &mut Finding) {
        let label = self.line_of(finding);
        finding.because.extend(label);
    }
}

/// The artifacts of the assembly that the file at `path` describes; `None` if it describes none.
fn artifacts(files: &dyn Files, path: &str) -> Option<serde_json::Map<String, Json>> {
    let bytes = files.read(path).ok()?;
    let Ok(Json::Object(mut manifest)) = serde_json::from_slice(&bytes) else { return None };
    let Some(Json::Object(artifacts)) = manifest.remove("artifacts") else { return None };
    let is_of_the_cdk =
        |it: &Json| matches!(it["type"].as_str(), Some("aws:cloudformation:stack" | "cdk:cloud-assembly"));
    artifacts.values().any(is_of_the_cdk).then_some(artifacts)
}

fn stack(files: &dyn Files, manifest: &str, artifact: &Json) -> Stack {
    let mut lines = lines(&artifact["metadata"]);
    // Newer versions keep it in a file of its own.
    if let Some(file) = artifact["additionalMetadataFile"].as_str() {
        let file = path::beside(manifest, file);
        if files.is_within(&file, folder_or_here(manifest))
            && let Ok(bytes) = files.read(&file)
            && let Ok(metadata) = serde_json::from_slice::<Json>(&bytes)
        {
            lines.extend(self::lines(&metadata));
        }
    }
    let name = artifact["displayName"].as_str().map(str::to_owned);
    let mut pseudo = environment(artifact["environment"].as_str().unwrap_or_default());
    let own = artifact["properties"]["stackName"].as_str();
    pseudo.extend(own.map(|it| ("AWS::StackName".to_owned(), it.to_owned())));
    Stack { name, pseudo, lines }
}

/// `aws://123456789012/eu-central-1`. What is not known says `unknown-account`, `unknown-region`.
fn environment(text: &str) -> BTreeMap<String, String> {
    let Some((account, region)) = text.strip_prefix("aws://").and_then(|it| it.split_once('/')) else {
        return BTreeMap::new();
    };
    let known = [("AWS::AccountId", account), ("AWS::Region", region)].into_iter();
    let known = known.filter(|(_, value)| !value.is_empty() && !value.starts_with("unknown-"));
    known.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Where each construct is made.
fn lines(metadata: &Json) -> BTreeMap<String, String> {
    let Some(constructs) = metadata.as_object() else { return BTreeMap::new() };
    let line = |entries: &Json| {
        let frames = |entry: &Json| match entry["type"].as_str() {
            Some("aws:cdk:creationStack") => first_own(&entry["data"]),
            Some("aws:cdk:logicalId") => first_own(&entry["trace"]),
            _ => None,
        };
        entries.as_array()?.iter().find_map(frames)
    };
    let found =
        constructs.iter().filter_map(|(name, entries)| Some((name.strip_prefix('/')?.to_owned(), line(entries)?)));
    found.collect()
}

/// The place of the first of these calls that stands in the app's own code: `/app/apps.js:112:15`.
fn first_own(calls: &Json) -> Option<String> {
    calls.as_array()?.iter().filter_map(Json::as_str).find_map(|call| {
        let call = call.trim().trim_start_matches("at ");
        let place = call.strip_suffix(')').and_then(|it| Some(it.rsplit_once('(')?.1)).unwrap_or(call);
        let place = place.strip_prefix("file://").unwrap_or(place);
        let mut parts = place.rsplitn(3, ':');
        let is_number = |it: Option<&str>| it.is_some_and(|it| it.parse::<u32>().is_ok());
        let has_place = is_number(parts.next()) && is_number(parts.next());
        let file = parts.next()?;
        // What other languages run the CDK in, and what Node itself runs.
        let is_foreign =
            file.contains("node_modules/") || file.starts_with("node:") || file.ends_with("lib/program.js");
        (has_place && !is_foreign).then(|| place.to_owned())
    })
}

/// `path` as all others are written here: `./a//b` is `a/b`.
fn normal(path: &str) -> String {
    path::beside("", path)
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn folder_or_here(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    const OUTER: &str = r#"{"version": "36.0.0", "artifacts": {
        "Tree": {"type": "cdk:tree"},
        "Net": {"type": "aws:cloudformation:stack", "environment": "aws://123456789012/unknown-region",
            "properties": {"templateFile": "Net.template.json", "stackName": "prod-net"}, "displayName": "Prod/Net",
            "metadata": {"/Net/Vpc/Resource": [{"type": "aws:cdk:logicalId", "data": "Vpc1", "trace": [
                "new CfnVPC (/app/node_modules/aws-cdk-lib/aws-ec2/lib/vpc.js:1:2)",
                "new NetStack (/app/lib/net.ts:12:5)"]}]}},
        "assembly-Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}}}}"#;
    const INNER: &str = r#"{"version": "36.0.0", "artifacts": {"Late": {"type": "aws:cloudformation:stack",
        "environment": "aws://unknown-account/eu-west-1", "properties": {"templateFile": "Late.template.json"},
        "additionalMetadataFile": "Late.metadata.json"}}}"#;
    const METADATA: &str = r#"{"/Late/Vpc": [{"type": "aws:cdk:creationStack", "data": [
        "...new Vpc2 in aws-cdk-lib...", "run (/app/app.js:3:1)", "...node internals..."]}]}"#;

    fn assemblies(files: &[(&str, &str)]) -> Assemblies {
        Assemblies::among(&Memory::of(files.iter().copied()), files.iter().map(|(path, _)| *path))
    }

    #[test]
    fn a_manifest_names_the_stacks_where_they_go_and_what_made_them() {
        let found = assemblies(&[
            ("cdk.out/manifest.json", OUTER),
            ("cdk.out/assembly-Stage/manifest.json", INNER),
            ("cdk.out/assembly-Stage/Late.metadata.json", METADATA),
            ("cdk.out/assembly-Old/manifest.json", INNER),
        ]);
        let templates: Vec<_> = found.templates().collect();
        assert_eq!(templates, ["cdk.out/Net.template.json", "cdk.out/assembly-Stage/Late.template.json"]);
        let net = found.stack(templates[0]).unwrap();
        assert_eq!(net.name.as_deref(), Some("Prod/Net"));
        assert_eq!(net.pseudo["AWS::AccountId"], "123456789012");
        assert_eq!(net.pseudo["AWS::StackName"], "prod-net");
        assert!(!net.pseudo.contains_key("AWS::Region"));
        assert_eq!(net.lines["Net/Vpc/Resource"], "/app/lib/net.ts:12:5");
        let late = found.stack(templates[1]).unwrap();
        assert_eq!(late.pseudo["AWS::Region"], "eu-west-1");
        assert_eq!(late.lines["Late/Vpc"], "/app/app.js:3:1");
        assert!(found.has("cdk.out/asset.1/template.yaml") && !found.has("other/template.yaml"));
    }

    #[test]
    fn other_manifests_are_none() {
        for text in ["", "[]", "{\"artifacts\": []}", "{\"artifacts\": {\"A\": {\"type\": 1}}}", "{\"name\": \"app\"}"]
        {
            assert!(!assemblies(&[("a/manifest.json", text)]).has("a/template.yaml"), "{text}");
        }
    }
}
