/* Words that light up as they are spoken: where in the text each timed word ends. The voice's words may differ from the text
 * in spelling (numbers, signs); a word that is not found lights up with its neighbour. */

import type { Timed } from '../../live/protocol';

export interface CaptionCue {
  start: number;
  /** Length of the text that is lit from then on. */
  lit: number;
}

const bare = (word: string) => word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

export function cuesOf(text: string, words: readonly Timed[]): CaptionCue[] {
  const lower = text.toLowerCase();
  const cues: CaptionCue[] = [];
  let at = 0;
  for (const word of words) {
    const needle = bare(word.text);
    const found = needle === '' ? -1 : lower.indexOf(needle, at);
    if (found < 0) continue;
    at = found + needle.length;
    while (at < text.length && !/\s/.test(text[at] ?? ' ')) at++; /* its comma belongs to it */
    cues.push({ start: word.start, lit: at });
  }
  return cues;
}

/** How much of the text has been spoken at a moment of the utterance. whole: what is lit after its last word; 0 while more words
 * are to come. */
export function litAt(cues: readonly CaptionCue[], now: number, whole: number): number {
  const last = cues[cues.length - 1];
  if (!last) return whole;
  let lit = 0;
  for (const cue of cues) {
    if (cue.start > now) return lit;
    lit = cue.lit;
  }
  return last.lit === lit ? Math.max(whole, lit) : lit;
}
