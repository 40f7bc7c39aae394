//! The run: timeline, programs and playback; `submit` in, `advance` out.
