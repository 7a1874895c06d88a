//! True, false, or not known.

/// Kleene's three values. No `bool` comes out but by saying which way unknown falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    False,
    Unknown,
    True,
}

impl Truth {
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// True in every world: unknown falls to no.
    pub fn certain(self) -> bool {
        self == Self::True
    }

    /// True in some world: unknown falls to yes.
    pub fn possible(self) -> bool {
        self != Self::False
    }

    /// True when all are; unknown when none is false and one is unknown.
    pub fn all(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().fold(Self::True, Self::and)
    }

    /// True when one is; unknown when none is true and one is unknown.
    pub fn any(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().fold(Self::False, Self::or)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

/// A fact becomes a truth; there is no way back but [`Truth::certain`] and [`Truth::possible`].
impl From<bool> for Truth {
    fn from(fact: bool) -> Self {
        if fact { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth;

    const ALL: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];

    #[test]
    fn truth_obeys_kleene() {
        for a in ALL {
            assert_eq!(!!a, a);
            assert_eq!(a.and(Truth::True), a);
            assert_eq!(a.or(Truth::False), a);
            for b in ALL {
                assert_eq!(a.and(b), b.and(a));
                assert_eq!(!(a.and(b)), (!a).or(!b));
                assert!(a.certain() <= a.possible());
                for c in ALL {
                    assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
                }
            }
        }
    }
}
