//! How fast bodies are parsed and laid out. Layout is reported in lines per second.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gluepot_body::{Doc, Layout, LayoutOptions};

/// A runbook of about 5 KB, as technicians write them.
const SECTION: &str = r#"<h2>Before you start</h2><p>Tell the <strong>front desk</strong> and check <a href="/7/configurations/9021177">HPD-IMG01</a>;
see also <a href="https://example.com/guide">the guide</a>. The imaging server takes <em>ten minutes</em> to come back.</p>
<ol><li>Close ImgView on all stations</li><li>Log on with <code>.\svc-img</code><ul><li>not with your own account</li><li>nor over RDP</li></ul></li>
<li>Restart the service:</li></ol><pre><code class="language-powershell">Get-Service ImgView | Stop-Service -Force
Start-Sleep -Seconds 10
Start-Service ImgView</code></pre>
<table><thead><tr><th>Host</th><th>Address</th><th>What it is for</th></tr></thead><tbody><tr><td>HPD-IMG01</td><td>10.40.2.15</td>
<td>Imaging server with the archive of the last ten years on its second volume, backed up every night</td></tr>
<tr><td>HPD-FW01</td><td>10.40.2.1</td><td>Firewall</td></tr></tbody></table><blockquote><p>Call the vendor before you reboot.</p></blockquote>"#;

fn bodies(criterion: &mut Criterion) {
    let html = SECTION.repeat(40);
    let doc = Doc::from_html(&html);
    let markdown = doc.to_markdown();
    let options = LayoutOptions::default();
    let lines = Layout::new(&doc, &options).lines.len() as u64;

    let mut group = criterion.benchmark_group("body");
    group.throughput(Throughput::Bytes(html.len() as u64));
    group.bench_function("parse html", |b| b.iter(|| Doc::from_html(black_box(&html))));
    group.throughput(Throughput::Bytes(markdown.len() as u64));
    group.bench_function("parse markdown", |b| b.iter(|| Doc::from_markdown(black_box(&markdown))));
    group.throughput(Throughput::Elements(lines));
    group.bench_function("lay out, lines", |b| b.iter(|| Layout::new(black_box(&doc), &options)));
    group.bench_function("write markdown", |b| b.iter(|| black_box(&doc).to_markdown()));
    group.finish();
}

criterion_group!(benches, bodies);
criterion_main!(benches);
