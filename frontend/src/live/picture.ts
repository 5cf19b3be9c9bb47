/* How large the candidate's picture is, and how many bits it may take: as much as the connection carries beside the
 * conversation. Under 1000 kbit/s it is small; under 350 there is none (pages/public/useConnection.ts). */

export interface Picture {
  lines: 480 | 360;
  /** A second. */
  bits: number;
}

const FULL_KBITS = 1000;
const BITS = 600_000;
const BITS_MIN = 150_000;
const SHARE = 0.6; /* the rest: both voices, and catching up */

/** kbits: upload speed as measured; null: not known. */
export function pictureFor(kbits: number | null): Picture {
  if (kbits === null) return { lines: 360, bits: BITS };
  if (kbits >= FULL_KBITS) return { lines: 480, bits: BITS };
  return { lines: 360, bits: Math.min(BITS, Math.max(BITS_MIN, Math.round(kbits * SHARE) * 1000)) };
}

export const widthOf = (lines: Picture['lines']): number => (lines === 480 ? 854 : 640);
