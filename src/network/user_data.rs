//! What an instance is told to do when it starts: a script or a cloud-init file, decoded.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::name::set;
use crate::value::{Known, Reference, Unknown, Value};

/// The user data of what is launched.
#[derive(Clone, Debug)]
pub struct UserData {
    /// Empty where there is none.
    pub text: Known<String>,
    /// What stands in it, where it is not known whole.
    pub names: Vec<Reference>,
}

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
        Self { text: Known::Default(String::new()), names: Vec::new() }
    }
}

impl UserData {
    /// That of a launch template, a launch configuration or an instance.
    pub(super) fn of(body: &Value) -> Self {
        let Some(value) = set(body, "user_data").or_else(|| set(body, "user_data_base64")) else {
            return Self::default();
        };
        if let Some(unknown) = value.unknown() {
            let names = unknown.references().into_iter().cloned().collect();
            return Self { text: Known::Unknown(unknown.clone()), names };
        }
        let text = match value.text() {
            Some(text) if is_hash(text) => Known::Unknown(Unknown::Opaque("a plan tells its hash alone".to_owned())),
            Some(text) => Known::Written(decoded(text)),
            None => Known::Unknown(Unknown::Opaque("user data that is no text".to_owned())),
        };
        Self { text, names: Vec::new() }
    }

    /// Its lines, without comments.
    fn lines(&self) -> impl Iterator<Item = &str> {
        let text = self.text.get().map_or("", String::as_str);
        text.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.starts_with("//"))
    }

    /// What starts containers whose packets to the metadata service take one hop more than the host's.
    pub fn engine(&self) -> Option<Engine> {
        let is_host = |line: &str| IN_THE_HOSTS_NETWORK.iter().any(|it| line.contains(it));
        // A command that goes on in the next line, or a compose file, has its network elsewhere.
        let all_host = self.lines().any(is_host);
        let engine = self.lines().find_map(|line| STARTS.iter().find(|(start, _)| line.contains(start)).map(|it| it.1));
        match engine {
            Some(Engine::Docker) if all_host => None,
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
    pub fn keepalive(&self) -> Option<i64> {
        self.lines().find_map(|line| {
            let (_, after) = line.split_once("tcp_keepalive_time")?;
            let digits = after.trim_start_matches([' ', '=', '"', '\'']);
            let end = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
            digits[..end].parse().ok()
        })
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

    fn of(text: &str) -> UserData {
        UserData { text: Known::Written(decoded(text)), names: Vec::new() }
    }

    #[test]
    fn scripts_tell_what_they_start() {
        assert_eq!(of("#!/bin/bash\nsudo docker run -d app").engine(), Some(Engine::Docker));
        assert_eq!(of("docker run --network host app").engine(), None);
        assert_eq!(of("# docker run app\nyum install -y docker").engine(), None);
        assert_eq!(of(&STANDARD.encode("systemctl start nomad")).engine(), Some(Engine::Nomad));
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
        assert_eq!(of("sysctl -w net.ipv4.tcp_keepalive_time=120").keepalive(), Some(120));
        assert_eq!(of("net.ipv4.tcp_keepalive_time = 200").keepalive(), Some(200));
    }
}
