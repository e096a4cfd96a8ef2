"""Decodes compressed series. The page ArchiveSchema of Descent's documentation describes the format byte by byte."""

import numpy as np

#: The encodings of the column `encoding`: plain little-endian numbers, and blocks of differences.
PLAIN, DIFFERENCES = 0, 1
_BLOCK = 32


def decoded(data, encoding, count):
    """The numbers of a series as an array of `<f8`; None where the bytes are no series of so many numbers."""
    if encoding == PLAIN:
        return np.frombuffer(data, "<f8") if len(data) == 8 * count else None
    return _from_differences(np.frombuffer(data, np.uint8), count) if encoding == DIFFERENCES else None


def _from_differences(code, count):
    if count < 2 or len(code) < 2 or code[0] > 8 or code[0] >= count or code[1] > 63:
        return None
    order, shift = int(code[0]), np.uint64(code[1])
    residuals = count - order
    blocks = -(-residuals // _BLOCK)
    first = 2 + 8 * order + blocks
    if len(code) < first:
        return None
    widths = code[first - blocks : first].astype(np.int64)
    lengths = np.full(blocks, _BLOCK)
    lengths[-1] = residuals - _BLOCK * (blocks - 1)
    ends = first + np.cumsum((widths * lengths + 7) // 8)
    if widths.max() > 64 or ends[-1] != len(code):
        return None
    starts = np.concatenate(([first], ends[:-1]))
    # The last block may be short: its missing numbers are read as zeros and left out.
    folded = _unpacked(np.concatenate((code, np.zeros(8 * _BLOCK, np.uint8))), starts, widths)[:residuals]
    numbers = (folded >> np.uint64(1)) ^ (np.uint64(0) - (folded & np.uint64(1)))
    seeds = code[2 : 2 + 8 * order].copy().view("<u8").astype(np.uint64)
    for seed in seeds[::-1]:
        numbers = np.cumsum(np.concatenate(([seed], numbers)), dtype=np.uint64)
    return (numbers << shift).astype("<u8").view("<f8")


def _unpacked(code, starts, widths):
    """The numbers of all blocks, those of one width at a time."""
    result = np.zeros((len(widths), _BLOCK), np.uint64)
    for width in np.unique(widths[widths > 0]):
        chosen = np.flatnonzero(widths == width)
        packed = code[starts[chosen, None] + np.arange(_BLOCK // 8 * width)]
        bits = np.unpackbits(packed, axis=1, bitorder="little").reshape(len(chosen), _BLOCK, width)
        words = np.zeros((len(chosen), _BLOCK, 64), np.uint8)
        words[:, :, :width] = bits
        result[chosen] = np.packbits(words, axis=2, bitorder="little").view("<u8")[:, :, 0]
    return result.ravel()
