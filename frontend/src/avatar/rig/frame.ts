/**
 * Framing to the page's avatar contract: a box of 600 x 632 on transparent ground, the middle of the head at
 * (300, 210), shoulders leaving at the bottom.
 */
import type { Box } from './draw';

export const FRAME = { width: 600, height: 632 } as const;
const HEAD_IN_FRAME = [300, 210] as const;
/** The middle of a character's head (hair to chin) on its 800 x 800 sheet. */
const HEAD_ON_SHEET = [407, 316] as const;
/** Frame units for one unit of the sheet: a head is 338 to 350 high, and its hair starts 36 under the edge. */
const SCALE = 0.78;

/** The part of the sheet that is shown. Bodies reach past its lower edge. */
export const VIEW: Box = [
  HEAD_ON_SHEET[0] - HEAD_IN_FRAME[0] / SCALE,
  HEAD_ON_SHEET[1] - HEAD_IN_FRAME[1] / SCALE,
  FRAME.width / SCALE,
  FRAME.height / SCALE,
];
