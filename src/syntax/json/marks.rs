//! The marks of a JSON text, sixty-four bytes at a time: which are brackets, and which stand in strings.
//!
//! After simdjson's first stage, in Langdale and Lemire, "Parsing Gigabytes of JSON per Second"
//! (<https://arxiv.org/abs/1902.08318>).

use wide::u8x16;

const BLOCK: usize = 64;
const LANES: usize = 16;
const EVEN: u64 = 0x5555_5555_5555_5555;

/// A bit for each byte of a block that is of some sort.
type Bits = u64;

/// What is known of the bytes before a block.
#[derive(Default)]
struct Before {
    /// The last of them escapes the first of the block.
    escapes: bool,
    /// All ones where the block begins inside of a string.
    is_string: Bits,
}

/// Where, behind the opening bracket before `start`, the place behind the bracket that closes it is. `None`: there is none.
///
/// Brackets are paired without regard to their kind, and what stands between them is not read.
pub(super) fn behind_closing(text: &[u8], start: usize) -> Option<usize> {
    let mut before = Before::default();
    let mut depth: usize = 1;
    let mut at = start;
    loop {
        let rest = text.get(at..)?;
        let mut padded = [0; BLOCK];
        let block = match rest.first_chunk() {
            Some(block) => block,
            None if rest.is_empty() => return None,
            None => {
                padded[..rest.len()].copy_from_slice(rest);
                &padded
            }
        };
        let (opening, closing) = before.brackets(block);
        // Within a block that has not as many closing brackets it cannot end.
        if depth <= closing.count_ones() as usize {
            let mut left = opening | closing;
            while left != 0 {
                let place = left.trailing_zeros();
                depth = if closing >> place & 1 == 1 { depth - 1 } else { depth + 1 };
                if depth == 0 {
                    return Some(at + place as usize + 1);
                }
                left &= left - 1;
            }
        } else {
            depth = depth + opening.count_ones() as usize - closing.count_ones() as usize;
        }
        at += BLOCK;
    }
}

/// How many bytes stand before the next quote, backslash or control character.
pub(super) fn plain_bytes(bytes: &[u8]) -> usize {
    let (quote, backslash, last_control) = (u8x16::splat(b'"'), u8x16::splat(b'\\'), u8x16::splat(b' ' - 1));
    let mut at = 0;
    while let Some(lanes) = bytes.get(at..).and_then(<[u8]>::first_chunk::<LANES>) {
        let lanes = u8x16::new(*lanes);
        let is_control = lanes.min(last_control).simd_eq(lanes);
        let found = (lanes.simd_eq(quote) | lanes.simd_eq(backslash) | is_control).to_bitmask();
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
        at += LANES;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|&byte| matches!(byte, b'"' | b'\\') || byte < b' ').unwrap_or(rest.len())
}

impl Before {
    /// The brackets of the next block that stand in no string: those that open, and those that close.
    fn brackets(&mut self, block: &[u8; BLOCK]) -> (Bits, Bits) {
        let [mut quotes, mut backslashes, mut opening, mut closing] = [0; 4];
        for (at, lanes) in block.as_chunks::<LANES>().0.iter().enumerate() {
            let lanes = u8x16::new(*lanes);
            let bits = |it: u8x16, byte| Bits::from(it.simd_eq(u8x16::splat(byte)).to_bitmask()) << (at * LANES);
            // `[` and `{`, and `]` and `}`, differ in this bit.
            let either = lanes | u8x16::splat(b'{' ^ b'[');
            quotes |= bits(lanes, b'"');
            backslashes |= bits(lanes, b'\\');
            opening |= bits(either, b'{');
            closing |= bits(either, b'}');
        }
        let in_string = prefix_parity(quotes & !self.escaped(backslashes)) ^ self.is_string;
        self.is_string = if in_string >> (BLOCK - 1) == 1 { Bits::MAX } else { 0 };
        (opening & !in_string, closing & !in_string)
    }

    /// The bytes that a backslash before them escapes.
    fn escaped(&mut self, backslashes: Bits) -> Bits {
        let first = Bits::from(self.escapes);
        if backslashes == 0 {
            self.escapes = false;
            return first;
        }
        // Of a run of backslashes every second one escapes what follows: where a run that begins at an odd place is carried
        // on by an addition, its end tells which.
        let backslashes = backslashes & !first;
        let follows = backslashes << 1 | first;
        let odd_starts = backslashes & !EVEN & !follows;
        let (even_sequences, overflows) = odd_starts.overflowing_add(backslashes);
        self.escapes = overflows;
        (EVEN ^ even_sequences << 1) & follows
    }
}

/// Of each bit, whether an odd number of bits is set up to it, itself included.
fn prefix_parity(mut bits: Bits) -> Bits {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, a byte after the other.
    fn plainly(text: &[u8], start: usize) -> Option<usize> {
        let (mut depth, mut is_string, mut is_escaped) = (1, false, false);
        for (at, &byte) in text.iter().enumerate().skip(start) {
            let was_escaped = std::mem::take(&mut is_escaped);
            match byte {
                b'\\' => is_escaped = !was_escaped,
                b'"' if !was_escaped => is_string = !is_string,
                b'{' | b'[' if !is_string => depth += 1,
                b'}' | b']' if !is_string => depth -= 1,
                _ => (),
            }
            if depth == 0 {
                return Some(at + 1);
            }
        }
        None
    }

    proptest! {
        #[test]
        fn brackets_are_paired_as_one_byte_after_the_other_tells(
            text in r#"[\[\]{}"\\a,]{0,300}"#,
            padding in 0_usize..70,
        ) {
            let text = format!("{}{text}", "x".repeat(padding));
            for start in 0..text.len().min(70) {
                prop_assert_eq!(behind_closing(text.as_bytes(), start), plainly(text.as_bytes(), start));
            }
        }

        #[test]
        fn a_string_is_plain_up_to_what_is_not(text in proptest::collection::vec(any::<u8>(), 0..80)) {
            let plain = text.iter().take_while(|&&byte| byte != b'"' && byte != b'\\' && b' ' <= byte).count();
            prop_assert_eq!(plain_bytes(&text), plain);
        }
    }

    #[test]
    fn a_text_that_ends_early_closes_nothing() {
        assert_eq!(behind_closing(b"", 0), None);
        assert_eq!(behind_closing(b"{", 5), None);
        assert_eq!(behind_closing(&[b'['; 1000], 0), None);
    }
}
