//! Who goes when, by a clock that the test moves.

use super::*;
use crate::quota::{BREAKER, LONGEST, QUIET};

fn pacer(per_second: u32, per_window: u32) -> Arc<Pacer> {
    Arc::new(Pacer::new(Pace { per_second, per_window, window: Duration::from_secs(300), at_once: 100 }, None))
}

async fn take(pacer: &Arc<Pacer>, urgency: &Urgency) -> Permit {
    pacer.acquire(urgency, &CancellationToken::new()).await.expect("nobody cancels")
}

#[tokio::test(start_paused = true)]
async fn first_requests_are_not_delayed_and_no_second_holds_more_than_eight() {
    let pacer = pacer(8, 3_000);
    let start = Instant::now();
    let mut times = Vec::new();
    for _ in 0..40 {
        drop(take(&pacer, &Urgency::interactive()).await);
        times.push(start.elapsed());
    }
    assert!(times[7] < Duration::from_millis(5), "the first eight go at once: {:?}", times[7]);
    for (early, late) in times.iter().zip(&times[8..]) {
        assert!(*late >= *early + SECOND, "nine requests within a second: {early:?} to {late:?}");
    }
    assert!(times[39] < Duration::from_millis(4_100), "the pace is kept up: {:?}", times[39]);
}

#[tokio::test(start_paused = true)]
async fn no_five_minutes_hold_more_than_the_window() {
    let pacer = pacer(1_000, 60);
    let start = Instant::now();
    let mut times = Vec::new();
    for _ in 0..150 {
        drop(take(&pacer, &Urgency::interactive()).await);
        times.push(start.elapsed());
    }
    for (early, late) in times.iter().zip(&times[60..]) {
        assert!(*late >= *early + Duration::from_secs(300));
    }
}

#[tokio::test(start_paused = true)]
async fn interactive_goes_before_background_and_a_raised_one_before_the_rest() {
    let pacer = pacer(1, 3_000);
    drop(take(&pacer, &Urgency::interactive()).await);
    let order = Arc::new(Mutex::new(Vec::new()));
    let raised = Urgency::background();
    let mut tasks = Vec::new();
    for (name, urgency) in
        [("background", Urgency::background()), ("raised", raised.clone()), ("interactive", Urgency::interactive())]
    {
        let (waiting, list) = (Arc::clone(&pacer), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            let permit = take(&waiting, &urgency).await;
            list.lock().expect("no panic").push(name);
            drop(permit);
        }));
        while pacer.quota().waiting < tasks.len() {
            tokio::task::yield_now().await;
        }
    }
    raised.raise();
    for task in tasks {
        task.await.expect("no panic");
    }
    assert_eq!(*order.lock().expect("no panic"), ["raised", "interactive", "background"]);
}

#[tokio::test(start_paused = true)]
async fn background_leaves_a_place_for_whoever_presses_a_key() {
    let pacer = Arc::new(Pacer::new(Pace { per_second: 8, at_once: 3, ..Pace::default() }, None));
    let background = Urgency::background();
    let held = [take(&pacer, &Urgency::background()).await, take(&pacer, &Urgency::background()).await];
    let third = tokio::time::timeout(Duration::from_secs(5), take(&pacer, &background)).await;
    assert!(third.is_err(), "two of three is their share");
    drop(take(&pacer, &Urgency::interactive()).await);
    drop(held);
}

#[tokio::test(start_paused = true)]
async fn cancelled_waiter_leaves_the_queue() {
    let pacer = pacer(1, 3_000);
    drop(take(&pacer, &Urgency::interactive()).await);
    let cancel = CancellationToken::new();
    let (waiting, token) = (Arc::clone(&pacer), cancel.clone());
    let task = tokio::spawn(async move { waiting.acquire(&Urgency::interactive(), &token).await.err() });
    while pacer.quota().waiting == 0 {
        tokio::task::yield_now().await;
    }
    cancel.cancel();
    assert_eq!(task.await.expect("no panic"), Some(NoPermit::Cancelled));
    assert_eq!(pacer.quota().waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_for_five_seconds_after_a_429_without_header() {
    let pacer = pacer(8, 3_000);
    drop(take(&pacer, &Urgency::interactive()).await);
    pacer.refused(None).await;
    let start = Instant::now();
    drop(take(&pacer, &Urgency::interactive()).await);
    assert!(start.elapsed() >= QUIET);
    assert!(start.elapsed() <= QUIET * 2);
}

#[tokio::test(start_paused = true)]
async fn long_pause_is_told_instead_of_waited_for() {
    let pacer = pacer(8, 3_000);
    pacer.refused(Some(Duration::from_secs(999_999))).await;
    let refused = pacer.acquire(&Urgency::interactive(), &CancellationToken::new()).await.err();
    let Some(NoPermit::Paused(pause)) = refused else { panic!("{refused:?}") };
    assert!(pause > BACKGROUND_PATIENCE && pause <= LONGEST + QUIET);
}

#[tokio::test(start_paused = true)]
async fn after_five_refusals_one_request_at_a_time_asks() {
    let pacer = pacer(8, 3_000);
    for _ in 0..BREAKER {
        pacer.refused(Some(Duration::ZERO)).await;
        tokio::time::advance(LONGEST + QUIET).await;
    }
    let probe = take(&pacer, &Urgency::interactive()).await;
    let interactive = Urgency::interactive();
    assert!(tokio::time::timeout(Duration::from_secs(30), take(&pacer, &interactive)).await.is_err());
    pacer.succeeded().await;
    let second = take(&pacer, &Urgency::interactive()).await;
    drop((probe, second));
}

#[tokio::test(start_paused = true)]
async fn a_429_means_others_use_the_quota_and_our_share_shrinks_and_grows_again() {
    let pacer = pacer(1_000, 3_000);
    for _ in 0..1_000 {
        drop(take(&pacer, &Urgency::interactive()).await);
    }
    pacer.refused(None).await;
    assert_eq!(pacer.quota().of, 750);
    tokio::time::advance(Duration::from_secs(600)).await;
    assert_eq!(pacer.quota().of, 3_000);
}
