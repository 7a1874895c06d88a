//! What an instance is told to do when it starts: a script or a cloud-init file, decoded.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::name::set;
use crate::value::{Known, Part, Reference, Unknown, Value};

/// The user data of what is launched.
#[derive(Clone, Debug)]
pub struct UserData {
    /// Empty where there is none.
    pub text: Known<String>,
    /// What is known of it, whole or not: [`HOLE`] stands for what is not.
    known: String,
    /// What stands in it, where it is not known whole.
    pub names: Vec<Reference>,
}

/// After how long a silence connections send keep-alives, by a setting of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepaliveSetting {
    /// It sets nothing.
    None,
    /// This many seconds.
    After(i64),
    /// It sets it, and the figure is not written out.
    Unknown,
}

/// What stands for a part of a script that is not known.
const HOLE: char = '\u{FFFC}';

/// Attributes that AWS fills with an id, a name or an address, and what `Ref` gives: no command is in them.
const HARMLESS: &[&str] = &[
    "address",
    "allocation_id",
    "arn",
    "availability_zone",
    "bucket",
    "cidr_block",
    "dns_name",
    "domain_name",
    "endpoint",
    "function_name",
    "hosted_zone_id",
    "id",
    "key_id",
    "latest_version",
    "name",
    "port",
    "private_dns",
    "private_ip",
    "public_dns",
    "public_ip",
    "ref",
    "repository_url",
    "url",
    "zone_id",
];

/// What runs containers, on a bridge of the host's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Docker,
    Nomad,
    Kubernetes,
}

/// What starts containers with a network of their own.
const STARTS: &[(&str, Engine)] = &[
    ("docker run", Engine::Docker),
    ("docker container run", Engine::Docker),
    ("docker compose up", Engine::Docker),
    ("docker-compose up", Engine::Docker),
    ("docker stack deploy", Engine::Docker),
    ("podman run", Engine::Docker),
    ("nomad agent", Engine::Nomad),
    ("start nomad", Engine::Nomad),
    ("enable --now nomad", Engine::Nomad),
    ("restart nomad", Engine::Nomad),
    ("kubeadm join", Engine::Kubernetes),
    ("kubeadm init", Engine::Kubernetes),
    ("start kubelet", Engine::Kubernetes),
    ("enable --now kubelet", Engine::Kubernetes),
    ("get.k3s.io", Engine::Kubernetes),
];

/// Containers in the network of their host are as far from the metadata as the host.
const IN_THE_HOSTS_NETWORK: &[&str] =
    &["--network host", "--network=host", "--net host", "--net=host", "network_mode: host", "network_mode: \"host\""];

/// The address of the instance metadata service.
const METADATA: &str = "169.254.169.254";

impl Default for UserData {
    fn default() -> Self {
        Self { text: Known::Default(String::new()), known: String::new(), names: Vec::new() }
    }
}

/// Whether what stands for this part is a word, and no command, no option and no second line.
fn is_harmless(unknown: &Unknown) -> bool {
    let is_word = |it: &Reference| {
        let last = it.attribute.rsplit('.').next().unwrap_or_default();
        let name = last.split('[').next().unwrap_or_default().to_ascii_lowercase();
        it.to.is_managed() && HARMLESS.contains(&name.as_str())
    };
    match unknown {
        Unknown::AfterApply(reference) => is_word(reference),
        Unknown::OneOf(references) => references.iter().all(is_word),
        // The region, the account and the names of stacks.
        Unknown::Input(name) => name.starts_with("AWS::"),
        Unknown::Computed | Unknown::Members(_) | Unknown::Opaque(_) | Unknown::MadeOf(_) | Unknown::Sensitive => false,
    }
}

/// The parts as one text, with holes.
fn with_holes(parts: &[Part]) -> String {
    let pieces = parts.iter().map(|part| match part {
        Part::Text(text) => Cow::Borrowed(text.as_str()),
        Part::Unknown(_) => Cow::Owned(HOLE.to_string()),
    });
    pieces.collect()
}

impl UserData {
    /// That of a launch template, a launch configuration or an instance.
    pub(super) fn of(body: &Value) -> Self {
        let Some(value) = set(body, "user_data").or_else(|| set(body, "user_data_base64")) else {
            return Self::default();
        };
        if let Some(unknown) = value.unknown() {
            return Self::of_unknown(unknown);
        }
        match value.text() {
            Some(text) if is_hash(text) => Self::nothing_of("a plan tells its hash alone"),
            Some(text) => Self::whole(decoded(text), Vec::new()),
            None => Self::nothing_of("user data that is no text"),
        }
    }

    /// That of which nothing is known, and why.
    pub(super) fn nothing_of(why: &str) -> Self {
        let text = Known::Unknown(Unknown::Opaque(why.to_owned()));
        Self { text, known: String::new(), names: Vec::new() }
    }

    fn whole(text: String, names: Vec<Reference>) -> Self {
        Self { text: Known::Written(text.clone()), known: text, names }
    }

    fn of_unknown(unknown: &Unknown) -> Self {
        let names: Vec<_> = unknown.references().into_iter().cloned().collect();
        let Unknown::MadeOf(made) = unknown else {
            return Self { text: Known::Unknown(unknown.clone()), known: String::new(), names };
        };
        let parts = &made.parts;
        let known = with_holes(parts);
        let is_whole = !parts.is_empty()
            && parts.iter().all(|part| match part {
                Part::Text(_) => true,
                Part::Unknown(unknown) => is_harmless(unknown),
            });
        if is_whole {
            return Self::whole(known, names);
        }
        Self { text: Known::Unknown(unknown.clone()), known, names }
    }

    /// Its lines, without comments.
    fn lines(&self) -> impl Iterator<Item = &str> {
        self.known.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.starts_with("//"))
    }

    /// What starts containers whose packets to the metadata service take one hop more than the host's.
    pub fn engine(&self) -> Option<Engine> {
        let is_host = |line: &str| IN_THE_HOSTS_NETWORK.iter().any(|it| line.contains(it));
        // A command that goes on in the next line, or a compose file, has its network elsewhere.
        let all_host = self.lines().any(is_host);
        let engine = self.lines().find_map(|line| STARTS.iter().find(|(start, _)| line.contains(start)).map(|it| it.1));
        match engine {
            // What is not known may be an option, or a compose file.
            Some(Engine::Docker) if all_host || self.text.get().is_none() => None,
            engine => engine,
        }
    }

    /// The ECS cluster that the instance joins.
    pub fn cluster(&self) -> Option<&str> {
        self.lines().find_map(|line| {
            let (_, after) = line.split_once("ECS_CLUSTER=")?;
            let end = after.find(|it: char| !it.is_ascii_alphanumeric() && it != '-' && it != '_');
            let name = after.trim_start_matches(['"', '\'']);
            Some(if after.len() == name.len() {
                &name[..end.unwrap_or(name.len())]
            } else {
                name.split(['"', '\'']).next()?
            })
        })
    }

    /// Whether it keeps bridged containers from the metadata service by a rule of the host's firewall.
    pub fn blocks_bridged_containers(&self) -> bool {
        self.lines().any(|line| {
            line.contains(METADATA) && (line.contains("DROP") || line.contains("REJECT") || line.contains("drop"))
        })
    }

    /// Whether the ECS agent keeps tasks with an interface of their own from it.
    pub fn blocks_tasks_with_interfaces(&self) -> bool {
        self.lines().any(|line| line.contains("ECS_AWSVPC_BLOCK_IMDS=true"))
    }

    /// After how many seconds of silence its connections send keep-alives, where it sets that.
    pub fn keepalive(&self) -> KeepaliveSetting {
        let settings = self.lines().filter_map(|line| {
            let (_, after) = line.split_once("tcp_keepalive_time")?;
            let digits = after.trim_start_matches([' ', '=', '"', '\'', ':']);
            let end = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
            Some(digits[..end].parse().map_or(KeepaliveSetting::Unknown, KeepaliveSetting::After))
        });
        // The last one holds.
        settings.last().unwrap_or(KeepaliveSetting::None)
    }
}

/// Of an instance's user data the provider keeps the SHA-1 in plans and states.
fn is_hash(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// Launch templates hold user data in base64; what is not, stands there as it is.
fn decoded(text: &str) -> String {
    let bare: String = text.chars().filter(|it| !it.is_ascii_whitespace()).collect();
    let decoded = STANDARD.decode(bare).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.unwrap_or_else(|| text.to_owned())
}

impl Engine {
    /// How a message names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Nomad => "nomad",
            Self::Kubernetes => "kubernetes",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::MadeOf;

    fn of(text: &str) -> UserData {
        UserData::whole(decoded(text), Vec::new())
    }

    #[test]
    fn scripts_tell_what_they_start() {
        assert_eq!(of("#!/bin/bash\nsudo docker run -d app").engine(), Some(Engine::Docker));
        assert_eq!(of("docker run --network host app").engine(), None);
        assert_eq!(of("# docker run app\nyum install -y docker").engine(), None);
        assert_eq!(of(&STANDARD.encode("systemctl start nomad")).engine(), Some(Engine::Nomad));
    }

    fn made_of(parts: &[Part]) -> UserData {
        let made = MadeOf { of: Vec::new(), shown: String::new(), parts: parts.to_vec() };
        UserData::of_unknown(&Unknown::made_of(made))
    }

    fn text(text: &str) -> Part {
        Part::Text(text.to_owned())
    }

    #[test]
    fn a_name_in_a_script_hides_nothing_of_it() {
        let name = Unknown::after_apply(Reference::new(crate::value::Address::new("aws_s3_bucket.a"), "id"));
        let script = made_of(&[text("docker run -e BUCKET="), Part::Unknown(name), text(" app")]);
        assert_eq!((script.text.get().is_some(), script.engine()), (true, Some(Engine::Docker)));
        let region = Unknown::Input("AWS::Region".to_owned());
        let script = made_of(&[text("echo ECS_CLUSTER=main >> x\nset "), Part::Unknown(region)]);
        assert_eq!((script.text.get().is_some(), script.cluster()), (true, Some("main")));
    }

    #[test]
    fn whatever_may_stand_in_a_script_leaves_what_is_written() {
        let anything = || Part::Unknown(Unknown::Input("var.more".to_owned()));
        let script = made_of(&[text("docker run app\necho ECS_CLUSTER=main >> x\n"), anything()]);
        assert!(script.text.get().is_none());
        // It may be `--network host` as well.
        assert_eq!((script.engine(), script.cluster()), (None, Some("main")));
        let rendered = Reference::new(crate::value::Address::new("data.template_file.a"), "rendered");
        let script = made_of(&[text("#!/bin/bash\n"), Part::Unknown(Unknown::after_apply(rendered))]);
        assert!(script.text.get().is_none());
        let script = made_of(&[text("sysctl -w net.ipv4.tcp_keepalive_time="), anything()]);
        assert_eq!(script.keepalive(), KeepaliveSetting::Unknown);
    }

    #[test]
    fn a_hash_tells_nothing() {
        assert!(is_hash("9cf05b5b8ad4f0a8b6d3f9d0ad0f8d3a6a0b1c2d"));
        assert!(!is_hash("#!/bin/bash"));
    }

    #[test]
    fn scripts_tell_the_cluster_that_they_join() {
        assert_eq!(of("echo ECS_CLUSTER=main >> /etc/ecs/ecs.config").cluster(), Some("main"));
        assert_eq!(of("echo \"ECS_CLUSTER=main\" >> /etc/ecs/ecs.config").cluster(), Some("main"));
        assert_eq!(of("ECS_CLUSTER='a b'").cluster(), Some("a b"));
        assert_eq!(of("echo hello").cluster(), None);
    }

    #[test]
    fn scripts_tell_what_they_block_and_set() {
        assert!(of("iptables -I DOCKER-USER -d 169.254.169.254/32 -j DROP").blocks_bridged_containers());
        assert!(!of("curl http://169.254.169.254/latest/meta-data").blocks_bridged_containers());
        assert!(of("echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config").blocks_tasks_with_interfaces());
        assert_eq!(of("sysctl -w net.ipv4.tcp_keepalive_time=120").keepalive(), KeepaliveSetting::After(120));
        assert_eq!(of("net.ipv4.tcp_keepalive_time = 200").keepalive(), KeepaliveSetting::After(200));
    }
}
