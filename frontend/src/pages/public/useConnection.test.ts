import { describe, expect, it } from 'vitest';
import { uplinkOf, verdictOf } from './useConnection';

describe('the connection', () => {
  it.each([
    [50, null, 'good'],
    [50, 5000, 'good'],
    [50, 999, 'slow'],
    [900, 5000, 'slow'],
    [50, 349, 'sound'],
  ] as const)('that answers in %i ms and sends %s kbit/s is %s', (ms, kbits, verdict) => {
    expect(verdictOf(ms, kbits)).toBe(verdict);
  });

  it('says how large the picture may be, once it is known', () => {
    expect(uplinkOf({ state: 'measuring' })).toBeNull();
    expect(uplinkOf({ state: 'none' })).toBeNull();
    expect(uplinkOf({ state: 'good', ms: 20, kbits: null })).toBeNull();
    expect(uplinkOf({ state: 'good', ms: 20, kbits: 4000 })).toBe(4000);
    expect(uplinkOf({ state: 'slow', ms: 900, kbits: 4000 })).toBe(999);
    expect(uplinkOf({ state: 'slow', ms: 20, kbits: 500 })).toBe(500);
  });
});
