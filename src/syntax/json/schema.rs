//! Which keys of Terraform's JSON are blocks, and what the strings of its arguments are taken for.
//!
//! Only what holds for every provider: blocks that a provider's schema names are objects among the arguments here.

use super::template::Reading;

/// A type of block.
pub(super) struct BlockType {
    pub(super) kind: &'static str,
    /// How many levels of names stand between the key and the content.
    pub(super) labels: usize,
    pub(super) content: &'static Content,
}

/// What stands in a block.
pub(super) struct Content {
    pub(super) blocks: &'static [BlockType],
    pub(super) arguments: &'static [(&'static str, Reading)],
    /// Of all other arguments.
    pub(super) otherwise: Reading,
    /// A key that is no block here is an error.
    pub(super) is_closed: bool,
}

/// A file.
pub(super) static FILE: Content = Content {
    blocks: &[
        block("resource", 2, &RESOURCE),
        block("data", 2, &RESOURCE),
        block("ephemeral", 2, &RESOURCE),
        block("action", 2, &RESOURCE),
        block("module", 1, &MODULE),
        block("variable", 1, &VARIABLE),
        block("output", 1, &OUTPUT),
        block("locals", 0, &PLAIN),
        block("provider", 1, &PROVIDER),
        block("terraform", 0, &TERRAFORM),
        block("moved", 0, &MOVED),
        block("import", 0, &IMPORT),
        block("removed", 0, &REMOVED),
        block("check", 1, &CHECK),
    ],
    arguments: &[],
    otherwise: Reading::Template,
    is_closed: true,
};

/// A file of values for variables.
pub(super) static VALUES: Content = Content { otherwise: Reading::Literal, ..NOTHING };

const NOTHING: Content = Content { blocks: &[], arguments: &[], otherwise: Reading::Template, is_closed: false };

static PLAIN: Content = NOTHING;

static RESOURCE: Content = Content {
    blocks: &[
        block("lifecycle", 0, &LIFECYCLE),
        block("provisioner", 1, &PROVISIONER),
        block("connection", 0, &PLAIN),
        block("dynamic", 1, &DYNAMIC),
    ],
    arguments: &[("provider", Reading::Expression), ("depends_on", Reading::Expression)],
    ..NOTHING
};

static LIFECYCLE: Content = Content {
    blocks: &[block("precondition", 0, &PLAIN), block("postcondition", 0, &PLAIN)],
    arguments: &[("ignore_changes", Reading::Expression), ("replace_triggered_by", Reading::Expression)],
    ..NOTHING
};

static PROVISIONER: Content = Content {
    blocks: &[block("connection", 0, &PLAIN)],
    arguments: &[("when", Reading::Expression), ("on_failure", Reading::Expression)],
    ..NOTHING
};

static DYNAMIC: Content =
    Content { blocks: &[block("content", 0, &GENERATED)], arguments: &[("iterator", Reading::Expression)], ..NOTHING };

static GENERATED: Content = Content { blocks: &[block("dynamic", 1, &DYNAMIC)], ..NOTHING };

static MODULE: Content = Content {
    arguments: &[
        ("source", Reading::Literal),
        ("version", Reading::Literal),
        ("providers", Reading::Expression),
        ("depends_on", Reading::Expression),
    ],
    ..NOTHING
};

static VARIABLE: Content = Content {
    blocks: &[block("validation", 0, &PLAIN)],
    arguments: &[("type", Reading::Expression)],
    otherwise: Reading::Literal,
    ..NOTHING
};

static OUTPUT: Content = Content {
    blocks: &[block("precondition", 0, &PLAIN)],
    arguments: &[("description", Reading::Literal), ("depends_on", Reading::Expression)],
    ..NOTHING
};

static PROVIDER: Content = Content {
    blocks: &[block("dynamic", 1, &DYNAMIC)],
    arguments: &[("alias", Reading::Literal), ("version", Reading::Literal)],
    ..NOTHING
};

static TERRAFORM: Content = Content {
    blocks: &[
        block("required_providers", 0, &VALUES),
        block("backend", 1, &VALUES),
        block("cloud", 0, &CLOUD),
        block("provider_meta", 1, &PLAIN),
    ],
    otherwise: Reading::Literal,
    ..NOTHING
};

static CLOUD: Content = Content { blocks: &[block("workspaces", 0, &VALUES)], otherwise: Reading::Literal, ..NOTHING };

static MOVED: Content = Content { arguments: &[("from", Reading::Expression), ("to", Reading::Expression)], ..NOTHING };

static IMPORT: Content =
    Content { arguments: &[("to", Reading::Expression), ("provider", Reading::Expression)], ..NOTHING };

static REMOVED: Content = Content {
    blocks: &[block("lifecycle", 0, &PLAIN), block("provisioner", 1, &PROVISIONER), block("connection", 0, &PLAIN)],
    arguments: &[("from", Reading::Expression)],
    ..NOTHING
};

static CHECK: Content = Content { blocks: &[block("data", 2, &RESOURCE), block("assert", 0, &PLAIN)], ..NOTHING };

const fn block(kind: &'static str, labels: usize, content: &'static Content) -> BlockType {
    BlockType { kind, labels, content }
}
