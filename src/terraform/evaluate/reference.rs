//! What the names of a module stand for: `var.…`, `local.…`, `module.…`, resources, `each`, `count`, `path`.

use super::{
    Evaluator, Noun,
    scope::{InstanceKey, ModuleId, Scope},
};
use crate::{
    source::Span,
    syntax::{Expression, ExpressionKind},
    terraform::{
        configuration::{BlockMode, ResourceName, Variable},
        constraint::Defaults,
        convert::convert,
        cty::{Data, Term, Type, Why},
        expand::Repeated,
        facts::complete,
        inputs::Given,
        trouble::Failure,
        unknown::opaque,
    },
    value::{Address, Reference},
};

/// The value of what is named, or why there is none.
type Found = Result<Term, Failure>;

impl<'a> Evaluator<'a> {
    /// What `expression` names, where it is a name of the module's and not an attribute of something.
    pub(super) fn reference(&mut self, expression: &'a Expression, scope: &Scope<'a>) -> Option<Found> {
        let ExpressionKind::Attribute { of, name } = &expression.kind else { return None };
        let head = head(expression, scope)?;
        if self.is_input {
            return Some(Err(input_names_nothing(expression.span)));
        }
        if self.is_template {
            return Some(Err(Failure::new(expression.span, "a template knows no names but its own variables")));
        }
        match head {
            Head::Plain(root) => self.plain(expression, root, name, scope),
            Head::Typed(mode, kind) => Some(self.resource(expression, scope.module, (mode, kind, name))),
            Head::Output(call, key) => {
                // Nothing is found where it is called otherwise than this says, or not installed.
                let module = self.called(scope.module, call, key.as_ref())?;
                let declared = self.modules[module].configuration.outputs.get_key_value(name.as_str());
                Some(match declared {
                    Some((name, _)) => Ok(self.output(module, name)),
                    None => Err(Failure::new(of.span, format!("the module `{call}` has no output `{name}`"))),
                })
            }
        }
    }

    fn plain(&mut self, expression: &'a Expression, root: &'a str, name: &'a str, scope: &Scope<'a>) -> Option<Found> {
        let fail = |message: String| Err(Failure::new(expression.span, message));
        Some(match root {
            "var" => match self.modules[scope.module].configuration.variables.get_key_value(name) {
                Some((name, variable)) => Ok(self.variable(scope.module, name, variable)),
                None => self.undeclared(
                    scope.module,
                    expression,
                    format!("no variable `{name}` is declared in this module"),
                ),
            },
            "local" => match self.modules[scope.module].configuration.locals.get_key_value(name) {
                Some((name, _)) => Ok(self.local(scope.module, name)),
                None => self.undeclared(
                    scope.module,
                    expression,
                    format!("no local value `{name}` is declared in this module"),
                ),
            },
            "module" => match self.modules[scope.module].configuration.calls.get_key_value(name) {
                Some((name, _)) => Ok(self.module_value(scope.module, name)),
                None => {
                    self.undeclared(scope.module, expression, format!("no module `{name}` is called in this module"))
                }
            },
            "each" => {
                let each = scope.repetition.as_ref().and_then(|it| it.each.as_ref());
                match (each, name) {
                    (Some((key, _)), "key") => Ok(key.clone()),
                    (Some((_, value)), "value") => Ok(value.clone()),
                    (Some(_), _) => fail("`each` has a `key` and a `value`".to_owned()),
                    (None, _) => fail("`each` stands only in a block with `for_each`".to_owned()),
                }
            }
            "count" => match (scope.repetition.as_ref().and_then(|it| it.index.as_ref()), name) {
                (Some(index), "index") => Ok(index.clone()),
                _ => fail("`count.index` stands only in a block with `count`".to_owned()),
            },
            "path" => match name {
                "module" => Ok(Term::text(&self.tree.nodes[self.modules[scope.module].node].path)),
                "root" => Ok(Term::text(".")),
                "cwd" => Ok(match self.files.absolute(&self.tree.folder) {
                    Some(folder) => Term::text(&folder),
                    None => opaque("the folder that Terraform is run in"),
                }),
                _ => fail("`path` has `module`, `root` and `cwd`".to_owned()),
            },
            "terraform" | "tofu" => match name {
                "workspace" | "env" => {
                    self.is_doubtful = true;
                    Ok(Term::text("default"))
                }
                _ => Ok(opaque(&format!("{root}.{name}"))),
            },
            "self" => Ok(opaque("`self`")),
            // Their names have one step more.
            "data" | "ephemeral" | "resource" => return None,
            kind => self.resource(expression, scope.module, (BlockMode::Managed, kind, name)),
        })
    }

    fn resource(
        &mut self,
        expression: &Expression,
        module: ModuleId,
        (mode, kind, name): (BlockMode, &str, &str),
    ) -> Found {
        let wanted = ResourceName { mode, kind: kind.to_owned(), name: name.to_owned() };
        if let Some((name, _)) = self.modules[module].configuration.resources.get_key_value(&wanted) {
            return Ok(self.resource_value(module, name));
        }
        self.undeclared(module, expression, format!("no resource `{wanted}` is declared in this module"))
    }

    /// What no file declares that is read: an error, unless others may declare it.
    fn undeclared(&self, module: ModuleId, expression: &Expression, message: String) -> Found {
        if self.modules[module].configuration.is_partial {
            return Ok(opaque("a link to code is not followed"));
        }
        Err(Failure::new(expression.span, message))
    }

    pub(in crate::terraform) fn local(&mut self, module: ModuleId, name: &'a str) -> Term {
        self.remember(module, Noun::Local(name), |this| {
            let value = &this.modules[module].configuration.locals[name].value;
            this.value(value, &Scope::of(module))
        })
    }

    pub(in crate::terraform) fn output(&mut self, module: ModuleId, name: &'a str) -> Term {
        self.remember(module, Noun::Output(name), |this| {
            let output = &this.modules[module].configuration.outputs[name];
            let value = output.value.as_ref().map(|value| this.value(value, &Scope::of(module)));
            value.unwrap_or_else(|| opaque("an output without a value")).with_sensitivity(output.is_sensitive)
        })
    }

    /// A resource: one object, or a list or map of them.
    pub(in crate::terraform) fn resource_value(&mut self, module: ModuleId, name: &'a ResourceName) -> Term {
        self.remember(module, Noun::Resource(name), |this| {
            let instances = this.resource_instances(module, name);
            let expansion = this.resource_expansion(module, name);
            let terms = instances.iter().map(|it| (it.scope.repetition.clone(), complete(it.term(), &this.tree.facts)));
            let terms: Vec<_> = terms
                .map(|(repetition, term)| (repetition.map_or(InstanceKey::None, |it| it.key.clone()), term))
                .collect();
            let address = super::address_in(&this.modules[module].address, &name.to_string());
            this.repeated(&address, expansion.repeated, terms, expansion.key.as_ref())
        })
    }

    /// A module: an object of its outputs, or a list or map of such.
    fn module_value(&mut self, module: ModuleId, name: &'a str) -> Term {
        let Some(instances) = self.module_instances(module, name) else { return self.missing_module(module, name) };
        let expansion = self.call_expansion(module, name);
        let mut terms = Vec::new();
        for (&instance, repetition) in instances.iter().zip(&expansion.repetitions) {
            let outputs = self.modules[instance].configuration.outputs.keys();
            let outputs = outputs.map(|output| (output.clone(), self.output(instance, output))).collect();
            terms.push((repetition.key.clone(), Term::object(outputs)));
        }
        let address = super::address_in(&self.modules[module].address, &format!("module.{name}"));
        self.repeated(&address, expansion.repeated, terms, expansion.key.as_ref())
    }

    /// A module whose code is not there: each of its outputs is unknown, and itself.
    fn missing_module(&self, module: ModuleId, name: &str) -> Term {
        let address = super::address_in(&self.modules[module].address, &format!("module.{name}"));
        Term::unknown(Type::Dynamic, Why::Attribute(Reference::new(Address::new(&address), "")))
    }

    /// The instances of a block as one value.
    fn repeated(
        &mut self,
        address: &str,
        repeated: Repeated,
        mut terms: Vec<(InstanceKey, Term)>,
        key: Option<&Term>,
    ) -> Term {
        match repeated {
            Repeated::Once => terms.pop().map_or_else(|| opaque("a block that could not be read"), |(_, term)| term),
            Repeated::Counted => Term::tuple(terms.into_iter().map(|(_, term)| term).collect()),
            Repeated::Keyed => {
                let named = terms.into_iter().filter_map(|(key, term)| match key {
                    InstanceKey::Name(name) => Some((name, term)),
                    InstanceKey::None | InstanceKey::Index(_) | InstanceKey::Any => None,
                });
                Term::object(named.collect())
            }
            Repeated::Unknown => {
                let address = format!("{address}[*]");
                if let (Some((_, term)), Some(key)) = (terms.pop(), key) {
                    self.collectives.insert(address.clone(), (term, key.clone()));
                }
                Term::unknown(Type::Dynamic, Why::Attribute(Reference::new(Address::new(&address), "")))
            }
        }
    }

    /// The one instance of a module that a call with this key is.
    fn called(&mut self, module: ModuleId, call: &str, key: Option<&InstanceKey>) -> Option<ModuleId> {
        let (call, _) = self.modules[module].configuration.calls.get_key_value(call)?;
        let instances = self.module_instances(module, call)?;
        let expansion = self.call_expansion(module, call);
        let wanted = key.unwrap_or(&InstanceKey::None);
        let at = expansion.repetitions.iter().position(|it| it.key == *wanted)?;
        instances.get(at).copied()
    }

    // Variables ---------------------------------------------------------------------------------------------------

    pub(in crate::terraform) fn variable(&mut self, module: ModuleId, name: &'a str, variable: &'a Variable) -> Term {
        self.remember(module, Noun::Variable(name), |this| {
            let value = this.work_out_variable(module, name, variable);
            value.with_sensitivity(variable.is_sensitive)
        })
    }

    fn work_out_variable(&mut self, module: ModuleId, name: &'a str, variable: &'a Variable) -> Term {
        let given = match self.modules[module].call.clone() {
            Some(site) => {
                let argument = site.call.arguments.get(name);
                argument.map(|it| (self.value(&it.value, &site.scope), it.value.span))
            }
            None => self.given(name, variable),
        };
        let given = given.filter(|(term, _)| variable.is_nullable || !term.is_null());
        let default = variable.default.as_ref().filter(|_| given.is_none());
        let (term, span) = match (given, default) {
            (Some(given), _) => given,
            (None, Some(default)) => {
                self.is_doubtful |= module == 0 && self.tree.lacks_inputs;
                // A line with a secret is not shown.
                let span = if variable.is_sensitive { variable.header } else { default.span };
                (self.value(default, &Scope::of(module)), span)
            }
            (None, None) => return self.ungiven(module, name, variable),
        };
        let term = self.with_defaults(module, term, &variable.constraint.defaults);
        convert(&term, &variable.constraint.r#type).unwrap_or_else(|why| {
            self.tell(module, Failure::new(span, format!("the value of the variable `{name}` does not fit: {why}")));
            Term::unknown(
                variable.constraint.r#type.clone(),
                Why::Other(format!("a value of var.{name} that does not fit")),
            )
        })
    }

    /// What the root's variable is given from outside.
    fn given(&mut self, name: &str, variable: &'a Variable) -> Option<(Term, Span)> {
        let tree = self.tree;
        let scope = Scope::of(0);
        Some(match tree.given.get(name)? {
            Given::Expression(expression) => {
                // A line with a secret is not shown.
                let span = if variable.is_sensitive { variable.header } else { expression.span };
                (self.input(expression, &scope), span)
            }
            Given::Text { text, .. } if variable.is_literal => (Term::text(text), variable.header),
            Given::Text { expression: Some(expression), .. } => (self.input(expression, &scope), variable.header),
            Given::Text { expression: None, by, .. } => {
                let message =
                    format!("the value that `{by}` gives is no expression, which this variable's type asks for");
                self.tell(0, Failure::new(variable.header, message));
                (opaque("text that is no expression"), variable.header)
            }
        })
    }

    /// The value of an expression that is given from outside.
    fn input(&mut self, expression: &'a Expression, scope: &Scope<'a>) -> Term {
        let is_input = std::mem::replace(&mut self.is_input, true);
        let value = self.value(expression, scope);
        self.is_input = is_input;
        value
    }

    fn ungiven(&mut self, module: ModuleId, name: &str, variable: &Variable) -> Term {
        if let Some(site) = self.modules[module].call.clone() {
            let message = format!("the argument `{name}` is required, and missing");
            self.tell(site.scope.module, Failure::new(site.call.header, message));
        }
        let address = super::address_in(&self.modules[module].address, &format!("var.{name}"));
        Term::unknown(variable.constraint.r#type.clone(), Why::Input(address))
    }

    /// `term`, with what its type says of optional attributes that it leaves out.
    fn with_defaults(&mut self, module: ModuleId, term: Term, defaults: &'a Defaults) -> Term {
        if defaults.is_empty() {
            return term;
        }
        let is_sensitive = term.is_sensitive;
        let completed = match &term.data {
            Data::Object(entries) | Data::Map(_, entries) => {
                let mut entries = (**entries).clone();
                for (name, default) in &defaults.own {
                    if entries.get(name).is_none_or(Term::is_null) {
                        entries.insert(name.clone(), self.value(default, &Scope::of(module)));
                    }
                }
                for (name, value) in &mut entries {
                    if let Some(inner) = defaults.fields.get(name).or(defaults.each.as_deref()) {
                        *value = self.with_defaults(module, value.clone(), inner);
                    }
                }
                Term::object(entries)
            }
            Data::Tuple(items) | Data::List(_, items) | Data::Set(_, items) => {
                let completed = items.iter().enumerate().map(|(at, item)| {
                    match defaults.items.get(at).or(defaults.each.as_deref()) {
                        Some(inner) => self.with_defaults(module, item.clone(), inner),
                        None => item.clone(),
                    }
                });
                Term::tuple(completed.collect())
            }
            Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Resource(_) | Data::Unknown(_) => {
                return term;
            }
        };
        completed.with_sensitivity(is_sensitive)
    }
}

/// A value from outside is a constant. What stands in its place is not told: it may be a secret without its quotes.
pub(super) fn input_names_nothing(span: Span) -> Failure {
    Failure::new(span, "a value given from outside names nothing and calls no function; text stands in quotes")
}

/// A name that stands alone, and is none of a `for` or a `dynamic` block.
pub(super) fn bare_name(expression: &Expression, name: &str) -> Found {
    let message = format!("`{name}` by itself is no value; a name is given after it, as in `{name}.example`");
    Err(Failure::new(expression.span, message))
}

/// What a name starts with.
pub(in crate::terraform) enum Head<'a> {
    /// `var.name`, `aws_vpc.name`: the first word.
    Plain(&'a str),
    /// `data.aws_vpc.name`.
    Typed(BlockMode, &'a str),
    /// `module.name.output`, `module.name["key"].output`.
    Output(&'a str, Option<InstanceKey>),
}

/// What the name `expression` starts with, where it is one.
pub(in crate::terraform) fn head<'a>(expression: &'a Expression, scope: &Scope<'a>) -> Option<Head<'a>> {
    let root = |expression: &'a Expression| {
        let ExpressionKind::Variable(root) = &expression.kind else { return None };
        scope.binding(root).is_none().then_some(root.as_str())
    };
    let called = |expression: &'a Expression| {
        let ExpressionKind::Attribute { of, name } = &expression.kind else { return None };
        (root(of)? == "module").then_some(name.as_str())
    };
    let ExpressionKind::Attribute { of, .. } = &expression.kind else { return None };
    if let Some(root) = root(of) {
        return Some(Head::Plain(root));
    }
    if let Some(call) = called(of) {
        return Some(Head::Output(call, None));
    }
    if let ExpressionKind::Index { of, key } = &of.kind {
        return Some(Head::Output(called(of)?, Some(literal_key(key)?)));
    }
    let ExpressionKind::Attribute { of, name } = &of.kind else { return None };
    match root(of)? {
        "data" => Some(Head::Typed(BlockMode::Data, name)),
        "ephemeral" => Some(Head::Typed(BlockMode::Ephemeral, name)),
        "resource" => Some(Head::Typed(BlockMode::Managed, name)),
        _ => None,
    }
}

/// The key that `expression` writes out.
pub(in crate::terraform) fn literal_key(expression: &Expression) -> Option<InstanceKey> {
    if let ExpressionKind::Number(text) = &expression.kind {
        return text.parse().ok().map(InstanceKey::Index);
    }
    let ExpressionKind::Text(name) = &expression.kind else { return None };
    Some(InstanceKey::Name(name.clone()))
}
