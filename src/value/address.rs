//! The names of resources.

use std::{fmt, sync::Arc};

/// The name of a resource, as its language writes it: `module.net.aws_subnet.zone["b"]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

impl Address {
    pub fn new(address: &str) -> Self {
        Self(Arc::from(address))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The type of the resource; of an output of a module, `module`.
    pub fn kind(&self) -> &str {
        let parts = self.parts();
        parts.len().checked_sub(2).map_or("", |at| parts[at])
    }

    /// Whether it is a resource, and no data source or other thing that is only read.
    pub fn is_managed(&self) -> bool {
        let before = self.parts().into_iter().rev().nth(2);
        self.kind() != "module" && !matches!(before, Some("data" | "ephemeral"))
    }

    /// The addresses of the modules that it stands in, the outermost first: `module.a["x"]`, `module.a["x"].module.b`.
    pub fn modules(&self) -> Vec<&str> {
        let mut modules = Vec::new();
        let mut end = 0;
        for pair in self.parts().chunks_exact(2).take_while(|pair| pair[0] == "module") {
            end += pair[0].len() + pair[1].len() + 1;
            modules.push(&self.0[..end]);
            end += 1;
        }
        modules
    }

    /// The address without the keys of instances.
    pub fn without_keys(&self) -> String {
        let names = self.parts().into_iter().map(|part| part.split('[').next().unwrap_or(part));
        names.collect::<Vec<_>>().join(".")
    }

    /// The resource and the modules on the way to it of which it is not known how many there are: the code evaluates one
    /// instance, marked `[*]`, which stands for none, one or many.
    pub fn uncounted(&self) -> Vec<&str> {
        if !self.0.contains("[*]") {
            return Vec::new();
        }
        let mut end = 0;
        let prefixes = self.parts().into_iter().map(|part| {
            end += part.len() + 1;
            (part, &self.0[..end - 1])
        });
        prefixes.filter(|(part, _)| part.ends_with("[*]")).map(|(_, prefix)| prefix).collect()
    }

    /// What the dots part that stand outside of keys.
    fn parts(&self) -> Vec<&str> {
        let mut parts = Vec::new();
        let (mut start, mut is_key, mut is_quoted, mut is_escaped) = (0, false, false, false);
        for (at, character) in self.0.char_indices() {
            match character {
                _ if is_escaped => is_escaped = false,
                '\\' if is_quoted => is_escaped = true,
                '"' if is_key => is_quoted = !is_quoted,
                '[' if !is_quoted => is_key = true,
                ']' if !is_quoted => is_key = false,
                '.' if !is_key => {
                    parts.push(&self.0[start..at]);
                    start = at + 1;
                }
                _ => (),
            }
        }
        parts.push(&self.0[start..]);
        parts
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
