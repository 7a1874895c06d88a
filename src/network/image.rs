//! Machine images: what an instance is launched from, and what the image says of the metadata service.
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html>

use super::name::set;
use crate::{
    graph::ResourceGraph,
    outside::ImageSupport,
    resource::Resource,
    terraform::functions::glob::Pattern,
    value::{Unknown, Value},
};

/// How templates and launch templates name a stored parameter that holds an image's id.
const STORED: &[&str] = &["resolve:ssm:", "{{resolve:ssm:"];

/// What somebody says of the images that a pattern fits.
struct Family(Pattern, ImageSupport);

/// What is known of images, by their names.
pub(super) struct Images<'a> {
    graph: &'a ResourceGraph,
    families: Vec<Family>,
}

impl<'a> Images<'a> {
    pub(super) fn of(graph: &'a ResourceGraph) -> Self {
        let families = graph.outside().images.iter();
        let families = families.filter_map(|(text, support)| Some(Family(Pattern::read(text)?, *support)));
        Self { graph, families: families.collect() }
    }

    /// What the image says that a launch names; `None` where that is not known.
    pub(super) fn support(&self, launch: &Resource) -> Option<ImageSupport> {
        let value = launch.set("ami").or_else(|| launch.set("image_id"))?;
        let declared = self.declared(value);
        if let Some(image) = declared.filter(|it| matches!(it.kind.as_str(), "aws_ami" | "aws_ami_copy"))
            && let Some(support) = image.maybe::<String>("imds_support").and_then(|it| it.known.get().cloned())
            && !support.is_empty()
        {
            return Some(if support == "v2.0" { ImageSupport::V2 } else { ImageSupport::None });
        }
        let names = names(value, declared);
        let fits = |family: &&Family| names.iter().any(|name| family.0.fits(name));
        self.families.iter().find(fits).map(|Family(_, support)| *support)
    }

    /// The resource or data source whose image a value is.
    fn declared(&self, value: &Value) -> Option<&'a Resource> {
        if let Some(id) = value.text() {
            let is_it = |it: &&Resource| it.value("id").and_then(Value::text) == Some(id);
            return self.graph.data("aws_ami").map(|(_, it)| it).find(is_it);
        }
        match value.unknown()? {
            Unknown::AfterApply(reference) => self.graph.find(&reference.to).map(|id| self.graph.resource(id)),
            Unknown::Computed
            | Unknown::Members(_)
            | Unknown::OneOf(_)
            | Unknown::Input(_)
            | Unknown::Opaque(_)
            | Unknown::MadeOf(_)
            | Unknown::Sensitive => None,
        }
    }
}

/// By what names somebody may speak of it: its id, its name, the stored parameter that holds it.
fn names(value: &Value, declared: Option<&Resource>) -> Vec<String> {
    let mut names: Vec<String> = value.text().map(stored).into_iter().collect();
    let Some(declared) = declared else { return names };
    let said = declared.maybe::<String>("name").and_then(|it| it.known.get().cloned());
    names.extend(said);
    // Of a search, what it looks for: each name that it asks for has to be spoken of alike.
    for filter in declared.value("filter").into_iter().flat_map(Value::items) {
        let is_name = set(filter, "name").and_then(Value::text) == Some("name");
        let values = set(filter, "values").map(Value::items).unwrap_or_default();
        if let ([value], true) = (values, is_name) {
            names.extend(value.text().map(str::to_owned));
        }
    }
    names
}

/// A value as people name it: `/aws/service/…` for a stored parameter.
fn stored(text: &str) -> String {
    let name = STORED.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    name.trim_end_matches("}}").to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::{
        network::{Network, lodger::HopLimit, testing},
        outside::{Outside, Said, Tokens},
    };

    fn network(resources: &serde_json::Value, outside: Outside) -> Network {
        let mut graph = testing::graph(resources);
        graph.set_outside(&Arc::new(outside));
        Network::of(&graph)
    }

    fn images(pattern: &str, support: ImageSupport) -> Outside {
        Outside { images: vec![(pattern.to_owned(), support)], ..Outside::default() }
    }

    fn hops(network: &Network) -> HopLimit {
        network.workloads.hop_limit(&network.workloads.hosts[0])
    }

    #[test]
    fn an_image_is_known_by_its_id_its_name_or_its_parameter() {
        let search = json!({
            "aws_instance.a": {"ami": "${data.aws_ami.a.id}"},
            "data.aws_ami.a": {"filter": [{"name": "name", "values": ["al2023-ami-2023.*-x86_64"]}]},
        });
        assert_eq!(hops(&network(&search, images("al2023-ami-*", ImageSupport::V2))), HopLimit::OfImage(Some(2)));
        assert_eq!(hops(&network(&search, images("ubuntu-*", ImageSupport::V2))), HopLimit::OfImage(None));
        let literal = json!({"aws_instance.a": {"ami": "ami-0123456789abcdef0"}});
        let known = images("ami-0123456789abcdef0", ImageSupport::None);
        assert_eq!(hops(&network(&literal, known)), HopLimit::OfImage(Some(1)));
        let stored = json!({"aws_instance.a": {"ami": "resolve:ssm:/aws/service/ecs/al2023/recommended/image_id"}});
        let family = images("/aws/service/ecs/al2023/**", ImageSupport::V2);
        assert_eq!(hops(&network(&stored, family)), HopLimit::OfImage(Some(2)));
        let parameter = json!({
            "aws_instance.a": {"ami": "${data.aws_ssm_parameter.a.value}"},
            "data.aws_ssm_parameter.a": {"name": "/aws/service/ami-amazon-linux-latest/al2023-x"},
        });
        let family = images("/aws/service/ami-amazon-linux-latest/al2023-*", ImageSupport::V2);
        assert_eq!(hops(&network(&parameter, family)), HopLimit::OfImage(Some(2)));
    }

    #[test]
    fn what_the_image_itself_says_goes_first() {
        let told = json!({
            "aws_instance.a": {"ami": "ami-1"},
            "data.aws_ami.a": {"id": "ami-1", "name": "mine", "imds_support": "v2.0"},
        });
        assert_eq!(hops(&network(&told, images("mine", ImageSupport::None))), HopLimit::OfImage(Some(2)));
    }

    #[test]
    fn the_account_goes_before_the_image_and_the_launch_before_the_account() {
        let said = |value| Some(Said { value, by: "settings".to_owned(), at: None });
        let outside = Outside { metadata_hop_limit: said(3), ..images("ami-1", ImageSupport::V2) };
        let plain = json!({"aws_instance.a": {"ami": "ami-1"}});
        assert_eq!(hops(&network(&plain, outside.clone())), HopLimit::OfAccount(3));
        let written =
            json!({"aws_instance.a": {"ami": "ami-1", "metadata_options": [{"http_put_response_hop_limit": 1}]}});
        assert_eq!(hops(&network(&written, outside.clone())), HopLimit::Written(1));
        // The code's own word of the account goes before what is said from outside.
        let code = json!({
            "aws_instance.a": {"ami": "ami-1"},
            "aws_ec2_instance_metadata_defaults.a": {"http_put_response_hop_limit": 1},
        });
        assert_eq!(hops(&network(&code, outside)), HopLimit::OfAccount(1));
        let tokens = Outside {
            metadata_tokens: Some(Said { value: Tokens::Required, by: "settings".to_owned(), at: None }),
            ..Outside::default()
        };
        let tokens = network(&plain, tokens).workloads.metadata_defaults.tokens;
        assert_eq!(tokens.and_then(|it| it.get().cloned()).as_deref(), Some("required"));
    }
}
