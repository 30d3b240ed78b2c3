//! What is not written by hand: ids, serial numbers, addresses, dates and the values of passwords.
//!
//! Everything is a function of words (the organization's short name, the record's name), so that adding a record to
//! the assets changes no other record, and two builds are equal.

/// "Today" in the demo: nothing was changed later.
pub(super) const TODAY: &str = "2026-11-20";

/// The same words always give the same number.
pub(super) fn hash(words: &[&str]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for word in words {
        for byte in word.bytes().chain([0x1f]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    // FNV mixes its high bits badly; this is the finish of SplitMix64.
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// A separate generator for these words.
pub(super) fn rng(words: &[&str]) -> fastrand::Rng {
    fastrand::Rng::with_seed(hash(words))
}

/// One of the items, chosen by the generator.
pub(super) fn pick<'a, T>(rng: &mut fastrand::Rng, items: &'a [T]) -> Option<&'a T> {
    items.get(rng.usize(..items.len().max(1)))
}

/// A hardware address with a prefix of the manufacturer, or of the network card's.
pub(super) fn mac(rng: &mut fastrand::Rng, manufacturer: &str) -> String {
    let vendors: &[&str] = match manufacturer {
        "APC" => &["00:c0:b7", "28:29:86"],
        "Apple" => &["3c:22:fb", "a4:83:e7", "f0:18:98"],
        "Aruba" => &["20:4c:03", "9c:1c:12"],
        "Axis" => &["ac:cc:8e", "b8:a4:4f"],
        "Brother" => &["30:05:5c", "b4:22:00"],
        "Cisco" => &["00:1e:bd", "70:db:98"],
        "Deciso" => &["f4:90:ea"],
        "Dell" => &["a4:bb:6d", "d4:be:d9", "f8:b1:56"],
        "Eaton" => &["00:20:85"],
        "Fortinet" => &["90:6c:ac", "e8:1c:ba", "04:d5:90"],
        "HP" => &["f4:39:09", "d8:d3:85", "b4:b6:86"],
        "HPE" => &["94:40:c9", "98:f2:b3"],
        "Hikvision" => &["44:19:b6", "c0:56:e3"],
        "Kyocera" => &["00:17:c8"],
        "Lenovo" => &["8c:16:45", "98:fa:9b"],
        "Microsoft" => &["00:15:5d"],
        "Proxmox" => &["bc:24:11"],
        "QNAP" => &["24:5e:be"],
        "Siemens" => &["28:63:36"],
        "SonicWall" => &["18:b1:69"],
        "Synology" => &["00:11:32", "90:09:d0"],
        "Ubiquiti" => &["74:ac:b9", "24:5a:4c", "e0:63:da"],
        "VMware" => &["00:50:56"],
        "Yealink" => &["80:5e:c0"],
        "Zebra" => &["48:a4:93"],
        _ => &["00:1b:21", "3c:ec:ef"],
    };
    let vendor = pick(rng, vendors).copied().unwrap_or("02:00:00");
    format!("{vendor}:{:02x}:{:02x}:{:02x}", rng.u8(..), rng.u8(..), rng.u8(..))
}

/// A serial number in the manner of the manufacturer.
pub(super) fn serial(rng: &mut fastrand::Rng, manufacturer: &str, model: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
    let mut word = |length: usize| -> String {
        (0..length).map(|_| char::from(pick(rng, LETTERS).copied().unwrap_or(b'X'))).collect()
    };
    match (manufacturer, model.split(' ').next().unwrap_or_default()) {
        ("Dell", _) => word(7),
        ("HP", _) => format!("5CG{}", word(7)),
        ("HPE", _) => format!("CZ2D{}", word(6)),
        ("Fortinet", "FortiAP") => format!("FP231GTF{}", word(8)),
        ("Fortinet", "FortiSwitch") => format!("S124FNTF{}", word(8)),
        ("Fortinet", _) => {
            let size: String = model.chars().filter(char::is_ascii_digit).collect();
            format!("FGT{size}FTK{}", word(8))
        }
        ("Cisco", _) => format!("FCW{}", word(8)),
        ("Apple", _) => word(10),
        ("Lenovo", _) => format!("PF{}", word(6)),
        ("Synology", _) => format!("20C0SB{}", word(7)),
        ("APC", _) => format!("AS{}", word(10)),
        ("Axis", _) => format!("ACCC8E{}", word(6)),
        ("Kyocera", _) => format!("VCF{}", word(7)),
        ("Brother", _) => format!("E7{}", word(13)),
        ("QNAP", _) => format!("Q2{}", word(8)),
        _ => word(11),
    }
}

/// `YYYY-MM-DD`, `n` days after the first of January 2015.
pub(super) fn date(days: i64) -> String {
    let start = jiff::civil::date(2015, 1, 1);
    start.checked_add(jiff::Span::new().days(days)).unwrap_or(start).to_string()
}

/// Days from the first of January 2015 to a date, 0 if it is none.
pub(super) fn days(date: &str) -> i64 {
    let start = jiff::civil::date(2015, 1, 1);
    date.get(..10)
        .and_then(|day| day.parse::<jiff::civil::Date>().ok())
        .and_then(|day| day.since(start).ok())
        .map_or(0, |span| i64::from(span.get_days()))
}

/// A date-time of the API at working hours of that day.
pub(super) fn moment(rng: &mut fastrand::Rng, day: &str) -> String {
    format!("{day}T{:02}:{:02}:{:02}.000Z", rng.u8(6..18), rng.u8(..60), rng.u8(..60))
}

const WORDS: [&str; 64] = [
    "maple", "orbit", "thistle", "copper", "lantern", "harvest", "pebble", "willow", "anchor", "saddle", "cinder",
    "meadow", "quartz", "ribbon", "timber", "violet", "walnut", "falcon", "garden", "hollow", "island", "jigsaw",
    "kettle", "ladder", "marble", "needle", "oyster", "parcel", "quiver", "rocket", "silver", "tunnel", "umbrella",
    "velvet", "winter", "yonder", "zephyr", "barley", "candle", "dragon", "ember", "feather", "ginger", "hammer",
    "indigo", "jasper", "kernel", "lemon", "mirror", "nutmeg", "onyx", "pepper", "quilt", "raven", "saffron", "tulip",
    "upland", "valley", "wander", "yellow", "zigzag", "basalt", "clover", "drizzle",
];

/// The value of a password in one of the styles people use. Invented: no style reads anything but the words.
pub(super) fn password(rng: &mut fastrand::Rng, style: &str) -> String {
    const SAFE: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    const SYMBOLS: &[u8] = b"!#$%&()*+,-./:;<=>?@[]^_{|}~\"'`\\";
    const ALIKE: &[u8] = b"0O1lI|5S2Z8B";
    let mut from = |letters: &[u8], length: usize| -> String {
        (0..length).map(|_| char::from(pick(rng, letters).copied().unwrap_or(b'x'))).collect()
    };
    match style {
        "pin" => from(b"0123456789", 6),
        "hex" => from(b"0123456789abcdef", 32),
        "letters" => from(SAFE, 16),
        "alike" => from(ALIKE, 20),
        "symbols" => from(&[SAFE, SYMBOLS, SYMBOLS].concat(), 24),
        "long" => from(&[SAFE, SYMBOLS].concat(), 200),
        "recovery" => (0..8).map(|_| from(b"0123456789", 6)).collect::<Vec<_>>().join("-"),
        "product" => (0..5).map(|_| from(b"BCDFGHJKMPQRTVWXY2346789", 5)).collect::<Vec<_>>().join("-"),
        _ => {
            let mut word = || pick(rng, &WORDS).copied().unwrap_or("word").to_owned();
            let (first, second, last) = (word(), word(), word());
            let middle: String =
                second.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect();
            format!("{first}-{middle}-{}-{last}", rng.u8(10..99))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_give_the_same_values_and_others_do_not() {
        assert_eq!(hash(&["HPD", "x"]), hash(&["HPD", "x"]));
        assert_ne!(hash(&["HPD", "x"]), hash(&["HPDx"]));
        assert_eq!(password(&mut rng(&["a"]), "symbols"), password(&mut rng(&["a"]), "symbols"));
        assert_ne!(password(&mut rng(&["a"]), "symbols"), password(&mut rng(&["b"]), "symbols"));
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for day in ["2015-01-01", "2020-02-29", "2026-11-30", "2031-12-31"] {
            assert_eq!(date(days(day)), day);
        }
    }
}
