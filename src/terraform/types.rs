//! What types are called, and what they have in common.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, VecDeque},
    fmt,
};

use super::{
    convert::is_convertible,
    cty::{Field, Type},
};

/// The most different types that a common one is looked for.
const MOST: usize = 1_000;

/// Whether a conversion may fail: a string that should be a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    Safe,
    Unsafe,
}

/// The most general type that values of all these types can be converted to. `None`: there is none.
pub fn unify(types: &[Type]) -> Option<Type> {
    unify_with(types, Safety::Unsafe)
}

/// Likewise; [`Safety::Safe`]: by conversions alone that never fail.
pub fn unify_with(types: &[Type], safety: Safety) -> Option<Type> {
    let mut distinct: Vec<&Type> = Vec::new();
    for it in types {
        // Values of one list come in runs of one type.
        if !distinct.iter().rev().take(MOST).any(|known| *known == it) {
            distinct.push(it);
        }
    }
    match distinct.as_slice() {
        [] => None,
        [only] => Some((*only).clone()),
        _ => unify_distinct(&distinct, safety),
    }
}

fn unify_distinct(types: &[&Type], safety: Safety) -> Option<Type> {
    let count = |test: fn(&Type) -> bool| types.iter().filter(|it| test(it)).count();
    let maps = count(|it| matches!(it, Type::Map(_)));
    let lists = count(|it| matches!(it, Type::List(_)));
    let sets = count(|it| matches!(it, Type::Set(_)));
    let objects = count(|it| matches!(it, Type::Object(_)));
    let tuples = count(|it| matches!(it, Type::Tuple(_)));
    let unknown = count(|it| *it == Type::Dynamic);
    let all = types.len();
    let same_kind = [maps, lists, sets, objects, tuples].into_iter().any(|it| it != 0 && it + unknown == all);
    if same_kind && unknown != 0 {
        return Some(Type::Dynamic);
    }
    // What nobody knows may be a string, and then all are; so it stays open what the others become.
    let is_plain = |it: &Type| matches!(it, Type::Bool | Type::Number | Type::Dynamic);
    if unknown != 0 && types.iter().all(|it| is_plain(it)) {
        return Some(Type::Dynamic);
    }
    if maps == all || lists == all || sets == all {
        return unify_collections(types, safety);
    }
    if maps != 0 && maps + objects + unknown == all {
        let unified = unify_as(types, &|it| matches!(it, Type::Object(_)), &objects_as_map, safety);
        if matches!(unified, Some(Type::Map(_))) {
            return unified;
        }
    }
    if lists != 0 && lists + tuples + unknown == all {
        let unified = unify_as(types, &|it| matches!(it, Type::Tuple(_)), &tuples_as_list, safety);
        if matches!(unified, Some(Type::List(_))) {
            return unified;
        }
    }
    if objects == all {
        return unify_objects(types, safety);
    }
    if tuples == all {
        return unify_tuples(types, safety);
    }
    if (objects != 0 && tuples != 0) || MOST < all {
        return None;
    }
    let fits = |wanted: &Type| types.iter().all(|it| *it == wanted || is_convertible(it, wanted, safety));
    by_preference(types).into_iter().find(|wanted| fits(wanted)).cloned()
}

/// Those that are `chosen`, unified first to a collection; then all.
fn unify_as(
    types: &[&Type],
    chosen: &dyn Fn(&Type) -> bool,
    collection: &dyn Fn(&[&Type], Safety) -> Option<Type>,
    safety: Safety,
) -> Option<Type> {
    let structural: Vec<&Type> = types.iter().copied().filter(|it| chosen(it)).collect();
    let unified = collection(&structural, safety)?;
    let replaced: Vec<Type> = types.iter().map(|it| if chosen(it) { unified.clone() } else { (*it).clone() }).collect();
    unify_with(&replaced, safety)
}

fn unify_collections(types: &[&Type], safety: Safety) -> Option<Type> {
    let items: Vec<Type> = types.iter().filter_map(|it| it.item().cloned()).collect();
    let item = Box::new(unify_with(&items, safety)?);
    match types.first()? {
        Type::Map(_) => Some(Type::Map(item)),
        Type::List(_) => Some(Type::List(item)),
        Type::Set(_) => Some(Type::Set(item)),
        Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Tuple(_) | Type::Object(_) => None,
    }
}

fn unify_objects(types: &[&Type], safety: Safety) -> Option<Type> {
    let all: Vec<_> = types.iter().filter_map(|it| it.fields()).collect();
    let first = all.first()?;
    if all.iter().any(|it| !it.keys().eq(first.keys())) {
        return objects_as_map(types, safety);
    }
    let mut fields = BTreeMap::new();
    for name in first.keys() {
        let across: Vec<Type> = all.iter().filter_map(|it| it.get(name)).map(|it| it.r#type.clone()).collect();
        let field = Field { r#type: unify_with(&across, safety)?, is_optional: false };
        fields.insert(name.clone(), field);
    }
    let unified = Type::Object(fields);
    if types.iter().all(|it| **it == unified || is_convertible(it, &unified, safety)) {
        return Some(unified);
    }
    objects_as_map(types, safety)
}

fn objects_as_map(types: &[&Type], safety: Safety) -> Option<Type> {
    let fields = types.iter().filter_map(|it| it.fields()).flat_map(BTreeMap::values);
    let items: Vec<Type> = fields.map(|it| it.r#type.clone()).collect();
    let unified = Type::Map(Box::new(unify_with(&items, safety)?));
    types.iter().all(|it| is_convertible(it, &unified, safety)).then_some(unified)
}

fn unify_tuples(types: &[&Type], safety: Safety) -> Option<Type> {
    let all: Vec<&[Type]> = types.iter().filter_map(|it| it.items()).collect();
    let length = all.first()?.len();
    if all.iter().any(|it| it.len() != length) {
        return tuples_as_list(types, safety);
    }
    let mut items = Vec::with_capacity(length);
    for at in 0..length {
        let across: Vec<Type> = all.iter().filter_map(|it| it.get(at)).cloned().collect();
        items.push(unify_with(&across, safety)?);
    }
    let unified = Type::Tuple(items);
    if types.iter().all(|it| **it == unified || is_convertible(it, &unified, safety)) {
        return Some(unified);
    }
    tuples_as_list(types, safety)
}

fn tuples_as_list(types: &[&Type], safety: Safety) -> Option<Type> {
    let items: Vec<Type> = types.iter().filter_map(|it| it.items()).flatten().cloned().collect();
    let unified = Type::List(Box::new(unify_with(&items, safety)?));
    types.iter().all(|it| is_convertible(it, &unified, safety)).then_some(unified)
}

/// The most general first, as far as that can be told; otherwise in their own order.
fn by_preference<'a>(types: &[&'a Type]) -> Vec<&'a Type> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    let mut above = vec![0_usize; types.len()];
    for left in 0..types.len() {
        for right in left + 1..types.len() {
            match generality(types[left], types[right]) {
                Ordering::Less => {
                    below[left].push(right);
                    above[right] += 1;
                }
                Ordering::Greater => {
                    below[right].push(left);
                    above[left] += 1;
                }
                Ordering::Equal => (),
            }
        }
    }
    let mut open: VecDeque<usize> = (0..types.len()).filter(|at| above[*at] == 0).collect();
    let mut order = Vec::with_capacity(types.len());
    while let Some(at) = open.pop_front() {
        order.push(types[at]);
        for &next in &below[at] {
            above[next] -= 1;
            if above[next] == 0 {
                open.push_back(next);
            }
        }
    }
    order
}

/// Less: the left one is more general. Whether a conversion exists is another question.
fn generality(left: &Type, right: &Type) -> Ordering {
    match (left, right) {
        (Type::Dynamic, Type::Dynamic) => Ordering::Equal,
        // A set comes last.
        (Type::Text, Type::Bool | Type::Number)
        | (_, Type::Dynamic)
        | (Type::List(_), Type::Tuple(_))
        | (Type::Tuple(_) | Type::List(_), Type::Set(_))
        | (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Bool | Type::Number, Type::Text)
        | (Type::Dynamic, _)
        | (Type::Tuple(_), Type::List(_))
        | (Type::Set(_), Type::Tuple(_) | Type::List(_))
        | (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::List(left), Type::List(right))
        | (Type::Set(left), Type::Set(right))
        | (Type::Map(left), Type::Map(right)) => generality(left, right),
        (Type::Object(left), Type::Object(right)) if left.keys().eq(right.keys()) => {
            agreed(left.values().zip(right.values()).map(|(left, right)| (&left.r#type, &right.r#type)))
        }
        (Type::Tuple(left), Type::Tuple(right)) if left.len() == right.len() => agreed(left.iter().zip(right)),
        (
            Type::Bool
            | Type::Number
            | Type::Text
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_),
            _,
        ) => Ordering::Equal,
    }
}

/// What the pairs say, where none says otherwise.
fn agreed<'a>(pairs: impl Iterator<Item = (&'a Type, &'a Type)>) -> Ordering {
    let mut agreed = Ordering::Equal;
    for (left, right) in pairs {
        match (agreed, generality(left, right)) {
            (_, Ordering::Equal) => (),
            (Ordering::Equal, it) => agreed = it,
            (Ordering::Less, Ordering::Greater) | (Ordering::Greater, Ordering::Less) => return Ordering::Equal,
            (Ordering::Less | Ordering::Greater, _) => (),
        }
    }
    agreed
}

impl Type {
    pub fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    pub fn set(of: Self) -> Self {
        Self::Set(Box::new(of))
    }

    pub fn map(of: Self) -> Self {
        Self::Map(Box::new(of))
    }

    pub fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::Text)
    }

    /// The type of the items of a list, set or map.
    pub fn item(&self) -> Option<&Self> {
        match self {
            Self::List(of) | Self::Set(of) | Self::Map(of) => Some(of),
            Self::Dynamic | Self::Bool | Self::Number | Self::Text | Self::Tuple(_) | Self::Object(_) => None,
        }
    }

    /// The types of the items of a tuple.
    pub fn items(&self) -> Option<&[Self]> {
        match self {
            Self::Tuple(items) => Some(items),
            Self::Dynamic
            | Self::Bool
            | Self::Number
            | Self::Text
            | Self::List(_)
            | Self::Set(_)
            | Self::Map(_)
            | Self::Object(_) => None,
        }
    }

    /// The attributes of an object.
    pub fn fields(&self) -> Option<&BTreeMap<String, Field>> {
        match self {
            Self::Object(fields) => Some(fields),
            Self::Dynamic
            | Self::Bool
            | Self::Number
            | Self::Text
            | Self::List(_)
            | Self::Set(_)
            | Self::Map(_)
            | Self::Tuple(_) => None,
        }
    }

    /// Whether `any` stands in it.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::Bool | Self::Number | Self::Text => false,
            Self::List(of) | Self::Set(of) | Self::Map(of) => of.has_dynamic(),
            Self::Tuple(items) => items.iter().any(Self::has_dynamic),
            Self::Object(fields) => fields.values().any(|it| it.r#type.has_dynamic()),
        }
    }

    /// The type of a value of this type: every attribute is there.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        match self {
            Self::Dynamic | Self::Bool | Self::Number | Self::Text => self.clone(),
            Self::List(of) => Self::list(of.without_optional()),
            Self::Set(of) => Self::set(of.without_optional()),
            Self::Map(of) => Self::map(of.without_optional()),
            Self::Tuple(items) => Self::Tuple(items.iter().map(Self::without_optional).collect()),
            Self::Object(fields) => {
                let field = |it: &Field| Field { r#type: it.r#type.without_optional(), is_optional: false };
                Self::Object(fields.iter().map(|(name, it)| (name.clone(), field(it))).collect())
            }
        }
    }

    /// What Terraform's messages call it: `list of string`.
    pub fn friendly_name(&self) -> String {
        match self {
            Self::Dynamic => "dynamic".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Text => "string".to_owned(),
            Self::List(of) => format!("list of {}", of.friendly_name()),
            Self::Set(of) => format!("set of {}", of.friendly_name()),
            Self::Map(of) => format!("map of {}", of.friendly_name()),
            Self::Tuple(_) => "tuple".to_owned(),
            Self::Object(_) => "object".to_owned(),
        }
    }

    /// What Terraform's messages call it where it is asked for: `list of any single type`.
    pub fn friendly_name_for_constraint(&self) -> String {
        let item = |of: &Self| match of {
            Self::Dynamic => "any single type".to_owned(),
            Self::Bool
            | Self::Number
            | Self::Text
            | Self::List(_)
            | Self::Set(_)
            | Self::Map(_)
            | Self::Tuple(_)
            | Self::Object(_) => of.friendly_name_for_constraint(),
        };
        match self {
            Self::Dynamic => "any type".to_owned(),
            Self::Bool | Self::Number | Self::Text | Self::Tuple(_) | Self::Object(_) => self.friendly_name(),
            Self::List(of) => format!("list of {}", item(of)),
            Self::Set(of) => format!("set of {}", item(of)),
            Self::Map(of) => format!("map of {}", item(of)),
        }
    }
}

/// As `type =` writes it.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dynamic => f.write_str("any"),
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::Text => f.write_str("string"),
            Self::List(of) => write!(f, "list({of})"),
            Self::Set(of) => write!(f, "set({of})"),
            Self::Map(of) => write!(f, "map({of})"),
            Self::Tuple(items) => {
                let items: Vec<_> = items.iter().map(Self::to_string).collect();
                write!(f, "tuple([{}])", items.join(", "))
            }
            Self::Object(fields) => {
                let field = |(name, it): (&String, &Field)| {
                    let (open, close) = if it.is_optional { ("optional(", ")") } else { ("", "") };
                    format!("{name}={open}{}{close}", it.r#type)
                };
                let fields: Vec<_> = fields.iter().map(field).collect();
                write!(f, "object({{{}}})", fields.join(", "))
            }
        }
    }
}
