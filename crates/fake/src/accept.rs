//! The loop that takes connections, for the API and for the web application.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// Takes connections until it is told to stop, and serves each in its own task.
pub(crate) async fn accept<F>(listener: std::net::TcpListener, stop: CancellationToken, serve: impl Fn(TcpStream) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "the embedded server cannot listen");
            return;
        }
    };
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file descriptors, most likely: others have to close first.
                    tracing::warn!(%error, "the embedded server could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                },
            },
        };
        tokio::spawn(serve(stream));
    }
}
