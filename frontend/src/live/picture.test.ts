import { describe, expect, it } from 'vitest';
import { pictureFor, widthOf } from './picture';

describe('the picture', () => {
  it.each([
    [null, 360, 600_000],
    [8000, 480, 600_000],
    [1000, 480, 600_000],
    [999, 360, 599_000],
    [500, 360, 300_000],
    [350, 360, 210_000],
    [100, 360, 150_000],
  ])('for an upload of %s kbit/s has %i lines and at most %i bit/s', (kbits, lines, bits) => {
    expect(pictureFor(kbits)).toEqual({ lines, bits });
  });

  it('is as wide as cameras are', () => {
    expect([widthOf(480), widthOf(360)]).toEqual([854, 640]);
  });
});
