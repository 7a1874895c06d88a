//! A resource: its address, its type, and everything that the code says of it.

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
    pub kind: String,
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
