//! A build without a screen copies to no desktop: nobody sits there.

/// Stands where a handle to the desktop's clipboard would be.
#[derive(Debug, Default)]
pub(super) struct DesktopClipboard {}

const NONE: &str = "this build has no desktop clipboard";

#[expect(clippy::unused_self, reason = "as where there is a desktop")]
impl DesktopClipboard {
    pub(super) fn set(&self, _text: &str, _secret: bool) -> Result<bool, String> {
        Err(NONE.to_owned())
    }

    pub(super) fn clear_if_ours(&self) -> Result<bool, String> {
        Err(NONE.to_owned())
    }
}
