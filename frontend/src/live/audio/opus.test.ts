import { describe, expect, it } from 'vitest';
import { opusWorks, packetFrameMs } from './opus';

describe('Opus packets', () => {
  it.each([
    [1 << 3, 20] /* SILK, narrow band, 20 ms */,
    [9 << 3, 20] /* SILK, wide band */,
    [13 << 3, 20] /* hybrid */,
    [31 << 3, 20] /* CELT, full band */,
    [0 << 3, 10],
    [11 << 3, 60],
    [28 << 3, 2.5],
  ])('TOC %i is one frame of %f ms', (toc, ms) => {
    expect(packetFrameMs(Uint8Array.of(toc, 0))).toBe(ms);
  });

  it('a packet of several frames, or of nothing, is not ours', () => {
    expect(packetFrameMs(Uint8Array.of((9 << 3) | 1))).toBe(0);
    expect(packetFrameMs(Uint8Array.of((9 << 3) | 3))).toBe(0);
    expect(packetFrameMs(new Uint8Array())).toBe(0);
  });

  it('a browser without WebCodecs sends PCM', async () => {
    await expect(opusWorks()).resolves.toBe(false);
  });
});
