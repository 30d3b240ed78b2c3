//! Browsing, reading and finding, as seen on the screen.

mod app;

use app::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_start_shows_the_organizations() {
    let program = Setup::default().size(140, 40).start().await;
    program.sees("1 Organizations").sees("Harbour & Pine Dental");
}
