"""Sound in numbers: formats, frames, resampling, end-pointing, WAV files. No devices."""
