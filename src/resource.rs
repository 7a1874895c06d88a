//! A resource: its address, its type, and everything that the code says of it.

use compact_str::CompactString;

use crate::{
    source::Span,
    value::{Address, Attr, FromValue, Known, Origin, Value},
};

/// One instance of a resource.
#[derive(Clone, Debug)]
pub struct Resource {
    pub address: Address,
    pub mode: Mode,
    /// As its language names it: `aws_lb`. Only `network/` decides what it means.
    pub kind: CompactString,
    /// The provider's region, where the code says it.
    pub region: Option<String>,
    /// What the plan does with it; `None` where there is no plan.
    pub action: Option<Action>,
    /// The whole of it.
    pub span: Span,
    /// Its attributes: always a map.
    pub body: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    Managed,
    /// Read, not made: a data source.
    Data,
}

/// What a plan does with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    NoOp,
    Create,
    Read,
    Update,
    /// Deleted, then created.
    Replace,
    /// Created, then the old one deleted.
    ReplaceCreatingFirst,
    Delete,
    /// Left alone, but no longer managed.
    Forget,
}

impl Action {
    /// Whether anything is made, changed or taken away.
    pub fn touches(self) -> bool {
        match self {
            Self::Create | Self::Update | Self::Replace | Self::ReplaceCreatingFirst | Self::Delete | Self::Forget => {
                true
            }
            Self::NoOp | Self::Read => false,
        }
    }

    /// Whether there is one after that was not there before.
    pub fn makes(self) -> bool {
        self == Self::Create || self.replaces()
    }

    /// Whether there is another one after than before, of the same address.
    pub fn replaces(self) -> bool {
        match self {
            Self::Replace | Self::ReplaceCreatingFirst => true,
            Self::NoOp | Self::Create | Self::Read | Self::Update | Self::Delete | Self::Forget => false,
        }
    }
}

impl Resource {
    /// The attribute as it stands; `None` where the code does not name it.
    pub fn value(&self, attribute: &str) -> Option<&Value> {
        self.body.get(attribute)
    }

    /// The attribute where the code sets it: not null, not empty, not left to the provider.
    pub fn set(&self, attribute: &str) -> Option<&Value> {
        self.value(attribute).filter(|value| !value.is_unset())
    }

    /// The attribute, or what holds where the code does not set it.
    pub fn attr<T: FromValue>(&self, attribute: &str, default: T) -> Attr<T> {
        match self.set(attribute) {
            Some(value) => value.read(),
            None => Attr { known: Known::Default(default), origin: Origin::at(self.span) },
        }
    }

    /// The attribute, where the code sets it.
    pub fn maybe<T: FromValue>(&self, attribute: &str) -> Option<Attr<T>> {
        self.set(attribute).map(Value::read)
    }
}
