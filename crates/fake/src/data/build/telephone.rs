//! Telephone numbers.

/// A number of a country, from the blocks kept free for stories where it has some.
pub(super) fn telephone(region: &str, country: &str, mobile: bool, rng: &mut fastrand::Rng) -> String {
    let last = rng.u8(..100);
    match (country, mobile) {
        ("United Kingdom", false) => match region {
            "Greater London" => format!("+44 20 7946 03{last:02}"),
            "Merseyside" => format!("+44 151 496 02{last:02}"),
            "Cornwall" => format!("+44 1632 9601{last:02}"),
            _ => format!("+44 113 496 01{last:02}"),
        },
        ("United Kingdom", true) => format!("+44 7700 9004{last:02}"),
        ("Ireland", false) => format!("+353 20 910 01{last:02}"),
        ("Ireland", true) => format!("+353 20 911 02{last:02}"),
        ("Germany", false) => match region {
            "Hamburg" => format!("+49 40 66969 1{last:02}"),
            _ => format!("+49 89 99998 1{last:02}"),
        },
        ("Germany", true) => format!("+49 171 39200 {last:02}"),
        ("Norway", false) => format!("+47 55 55 01 {last:02}"),
        ("Norway", true) => format!("+47 99 55 01 {last:02}"),
        ("Sweden", false) => format!("+46 40 628 04 {last:02}"),
        ("Sweden", true) => format!("+46 70 174 06 {last:02}"),
        ("Netherlands", false) => format!("+31 20 555 01{last:02}"),
        ("Netherlands", true) => format!("+31 6 5550 01{last:02}"),
        ("Japan", false) => format!("+81 6 5550 01{last:02}"),
        ("Japan", true) => format!("+81 90 5550 01{last:02}"),
        ("Australia", false) => match region {
            "Tasmania" | "Victoria" => format!("+61 3 5550 01{last:02}"),
            _ => format!("+61 2 5550 01{last:02}"),
        },
        ("Australia", true) => format!("+61 491 570 1{last:02}"),
        _ => {
            let area = match region {
                "Massachusetts" => 617,
                "Vermont" => 802,
                "Oregon" => 541,
                "Washington" => 360,
                "Nova Scotia" => 902,
                "Quebec" => 418,
                _ => 207,
            };
            format!("+1 {area} 555 01{last:02}")
        }
    }
}
