//! Bodies: HTML blocks, HTML strings and Markdown as one document model, and its renderer.
