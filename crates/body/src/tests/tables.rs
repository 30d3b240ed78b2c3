//! Tables whose cells span rows and columns, as a grid and as records.

use super::html_at;

const SITES: &str = "<table><tr><th>Site</th><th>VLAN</th><th>Net</th></tr><tr><td rowspan=\"2\">Quay</td><td>10</td>\
                     <td>10.1.10.0/24</td></tr><tr><td>20</td><td>10.1.20.0/24_guests_only</td></tr></table>";

#[test]
fn a_record_keeps_its_columns_below_a_cell_that_reaches_down() {
    assert_eq!(
        html_at(26, SITES),
        [
            "Site: Quay",
            "VLAN: 10",
            "Net: 10.1.10.0/24",
            "",
            "Site: Quay",
            "VLAN: 20",
            "Net:",
            "  10.1.20.0/24_guests_only"
        ]
    );
    assert_eq!(
        html_at(60, SITES),
        [
            "Site │ VLAN │ Net",
            "═════╪══════╪═════════════════════════",
            "Quay │ 10   │ 10.1.10.0/24",
            "     │ 20   │ 10.1.20.0/24_guests_only"
        ]
    );
}

#[test]
fn cells_that_reach_down_may_follow_each_other() {
    let rows = "<table><tr><th>Site</th><th>Port</th><th>Description of the line</th></tr>\
                <tr><td rowspan=2>Quay</td><td>1</td><td>uplink_to_the_provider</td></tr><tr><td>2</td><td>spare</td></tr>\
                <tr><td rowspan=2>Mill</td><td>1</td><td>uplink</td></tr><tr><td>2</td><td>printer</td></tr></table>";
    let lines = html_at(24, rows);
    let sites: Vec<_> = lines.iter().filter(|line| line.starts_with("Site: ")).collect();
    assert_eq!(sites, ["Site: Quay", "Site: Quay", "Site: Mill", "Site: Mill"]);
    let ports: Vec<_> = lines.iter().filter(|line| line.starts_with("Port: ")).collect();
    assert_eq!(ports, ["Port: 1", "Port: 2", "Port: 1", "Port: 2"]);
    assert_eq!(html_at(60, rows)[4..], ["Mill │ 1    │ uplink", "     │ 2    │ printer"]);
}

#[test]
fn two_rows_of_heads_name_group_and_column() {
    let circuits = "<table><thead><tr><th rowspan=\"2\">Site</th><th colspan=\"2\">Primary circuit</th></tr><tr>\
                    <th>Provider</th><th>Number</th></tr></thead><tbody><tr><td>Quay</td><td>Tidal Networks</td>\
                    <td>CIRCUIT-0001-ABCDEFGH</td></tr></tbody></table>";
    assert_eq!(
        html_at(26, circuits),
        ["Site: Quay", "Primary circuit", "  Provider: Tidal Networks", "  Number:", "    CIRCUIT-0001-ABCDEFGH"]
    );
    assert_eq!(
        html_at(60, circuits),
        [
            "Site │ Primary circuit",
            "     │ Provider       │ Number",
            "═════╪════════════════╪══════════════════════",
            "Quay │ Tidal Networks │ CIRCUIT-0001-ABCDEFGH"
        ]
    );
}

#[test]
fn two_groups_with_the_same_columns_are_told_apart() {
    // Without a <thead>, as most editors write it.
    let circuits = "<table><tr><th rowspan=2>Site</th><th colspan=2>Primary</th><th colspan=2>Backup</th></tr><tr>\
                    <th>Provider</th><th>Number</th><th>Provider</th><th>Number</th></tr><tr><td>Quay</td><td>Tidal</td>\
                    <td>CIRCUIT-0001</td><td>Moor</td><td>CIRCUIT-0002</td></tr></table>";
    assert_eq!(
        html_at(24, circuits),
        [
            "Site: Quay",
            "Primary",
            "  Provider: Tidal",
            "  Number: CIRCUIT-0001",
            "Backup",
            "  Provider: Moor",
            "  Number: CIRCUIT-0002"
        ]
    );
}

#[test]
fn a_cell_over_two_columns_widens_both_and_breaks_nothing() {
    let hosts = "<table><tr><th>Host</th><th>IPv4</th><th>IPv6</th><th>Note</th></tr><tr><td>dc1</td>\
                 <td colspan=\"2\">not assigned yet</td><td>spare_unit_in_store_room</td></tr></table>";
    assert_eq!(
        html_at(80, hosts),
        [
            "Host │ IPv4    │ IPv6   │ Note",
            "═════╪═════════╪════════╪═════════════════════════",
            "dc1  │ not assigned yet │ spare_unit_in_store_room"
        ]
    );
    assert_eq!(
        html_at(26, hosts),
        ["Host: dc1", "IPv4, IPv6: not assigned", "  yet", "Note:", "  spare_unit_in_store_room"]
    );
}

#[test]
fn a_grid_is_drawn_whenever_every_word_fits() {
    let table = "<table><tr><th>A</th><th>B</th><th>Remark</th></tr><tr><td>x</td><td>y</td>\
                 <td>a good many short words that have to go on in the next lines of the cell</td></tr></table>";
    let lines = html_at(20, table);
    assert!(lines[0].starts_with("A  │ B  │ Remark"), "{lines:#?}");
    // Nine columns of one letter each have room where nine of two letters have not.
    let marks = format!("<table><tr>{}</tr><tr>{}</tr></table>", "<th>a</th>".repeat(9), "<td>x</td>".repeat(9));
    assert_eq!(html_at(33, &marks)[2], "x │ x │ x │ x │ x │ x │ x │ x │ x");
}

#[test]
fn the_foot_is_read_last_wherever_it_was_written() {
    for foot_first in [
        "<table><thead><tr><th>Item</th><th>Qty</th></tr></thead><tfoot><tr><td>Total</td><td>7</td></tr></tfoot>\
         <tbody><tr><td>Switch</td><td>7</td></tr></tbody></table>",
        "<table><tfoot><tr><td>Total</td><td>7</td></tr></tfoot><thead><tr><th>Item</th><th>Qty</th></tr></thead>\
         <tbody><tr><td>Switch</td><td>7</td></tr></tbody></table>",
    ] {
        assert_eq!(html_at(40, foot_first), ["Item   │ Qty", "═══════╪════", "Switch │ 7", "Total  │ 7"]);
        let lines = html_at(10, foot_first);
        assert!(lines.last().is_some_and(|line| line.ends_with('7')), "{lines:?}");
    }
}

#[test]
fn spans_that_overlap_or_run_over_the_edge_lose_no_cell() {
    for (name, table) in [
        (
            "over the edge",
            "<table><tr><td>one</td><td colspan=9>two</td></tr><tr><td>three</td><td>four</td></tr></table>",
        ),
        (
            "down over the edge",
            "<table><tr><td rowspan=99>one</td><td>two</td></tr><tr><td>three</td><td>four</td></tr></table>",
        ),
        (
            "into each other",
            "<table><tr><td>one</td><td rowspan=3>two</td></tr><tr><td colspan=3>three</td><td>four</td></tr></table>",
        ),
        (
            "as many as there are",
            "<table><tr><td colspan=1000 rowspan=0>one</td></tr><tr><td>two</td></tr><tr><td>three</td><td>four</td></tr></table>",
        ),
        (
            "a row of nothing",
            "<table><tr><td rowspan=2>one</td><td rowspan=2>two</td></tr><tr></tr><tr><td>three</td><td>four</td></tr></table>",
        ),
        (
            "no number",
            "<table><tr><td colspan=x rowspan=-2>one</td><td colspan=0>two</td></tr><tr><td>three</td><td>four</td></tr></table>",
        ),
    ] {
        for width in [10, 12, 16, 24, 80] {
            let lines = html_at(width, table).join("\n");
            for word in ["one", "two", "three", "four"] {
                assert!(lines.contains(word), "{name}, {width}: {word} in\n{lines}");
            }
        }
    }
}

#[test]
fn a_row_that_cells_reach_into_counts_even_when_it_has_no_cell_of_its_own() {
    let table = "<table><tr><th>Rack</th><th>Device</th></tr><tr><td rowspan=2>R1</td><td rowspan=2>UPS</td></tr><tr></tr>\
                 <tr><td>R2</td><td>Switch</td></tr></table>";
    assert_eq!(html_at(40, table)[2..], ["R1   │ UPS", "R2   │ Switch"]);
    assert_eq!(html_at(10, table).last().map(String::as_str), Some("  Switch"));
}

#[test]
fn no_cell_reaches_out_of_its_part_of_the_table() {
    let table = "<table><thead><tr><th rowspan=5>Name</th><th>Port</th></tr></thead><tbody><tr><td rowspan=0>sw1</td>\
                 <td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr></tbody><tbody><tr><td>sw2</td><td>1</td></tr></tbody></table>";
    assert_eq!(html_at(40, table), ["Name │ Port", "═════╪═════", "sw1  │ 1", "     │ 2", "     │ 3", "sw2  │ 1"]);
}

#[test]
fn lines_between_rows_leave_out_a_cell_that_reaches_over_them() {
    let table = "<table><tr><td rowspan=2>Quay</td><td>the first of the two lines</td></tr><tr><td>the second</td></tr></table>";
    assert_eq!(
        html_at(20, table),
        ["Quay │ the first of", "     │ the two lines", "     ├──────────────", "     │ the second"]
    );
}

#[test]
fn head_cells_at_the_start_of_rows_label_them() {
    let table = "<table><tr><th>Hostname</th><td>HPD-DC01.northbeam.example</td></tr><tr><th>Serial</th>\
                 <td>5CG1234567890ABCDEFGHIJ</td></tr></table>";
    assert_eq!(
        html_at(28, table),
        ["Hostname:", "  HPD-DC01.northbeam.example", "Serial:", "  5CG1234567890ABCDEFGHIJ"]
    );
    assert_eq!(html_at(60, table)[0], "Hostname │ HPD-DC01.northbeam.example");
}

#[test]
fn a_title_over_all_columns_is_no_value_of_them() {
    let table = "<table><tr><th>Room</th><th>Access point</th></tr><tr><td colspan=2>Second floor of the annexe</td></tr>\
                 <tr><td>2.14</td><td>HPD-AP02-annexe-corridor</td></tr></table>";
    assert_eq!(
        html_at(24, table),
        ["Second floor of the", "annexe", "", "Room: 2.14", "Access point:", "HPD-AP02-annexe-corridor"]
    );
}

#[test]
fn a_column_without_values_still_shows_its_name_once() {
    let table = "<table><tr><th>Device</th><th>Owner</th><th>Warranty_until</th></tr><tr><td>HPD-SW01-basement</td><td></td>\
                 </tr><tr><td>HPD-SW02-basement</td><td></td><td></td></tr></table>";
    assert_eq!(
        html_at(20, table),
        ["Device:", "  HPD-SW01-basement", "Owner:", "Warranty_until:", "", "Device:", "  HPD-SW02-basement"]
    );
}

#[test]
fn a_head_that_is_more_than_a_label_is_shown() {
    let table = "<table><tr><th>Device <img src=x.png alt=legend></th><th>Where</th></tr><tr><td>HPD-SW01-basement-rack</td>\
                 <td>cellar_of_the_annexe</td></tr></table>";
    let lines = html_at(20, table).join("\n");
    for word in ["Device", "legend", "Where", "HPD-SW01"] {
        assert!(lines.contains(word), "{word} in\n{lines}");
    }
}
