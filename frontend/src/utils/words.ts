/** Where the words of a transcript stand in its text, and when they were said. */

export interface TimedWord {
  at: number;
  end: number;
  startMs: number;
  endMs: number;
  /** How sure the recogniser was, 0 to 1. */
  sure: number;
}

/** `words` as the API has it: [word, start_ms, end_ms, probability] each. What does not fit the text is left out. */
export function timedWords(text: string, words: unknown): TimedWord[] {
  if (!Array.isArray(words)) return [];
  const found: TimedWord[] = [];
  let from = 0;
  for (const entry of words as unknown[]) {
    if (!Array.isArray(entry)) continue;
    const [word, startMs, endMs, sure] = entry as unknown[];
    if (typeof word !== 'string' || word === '' || typeof startMs !== 'number' || typeof endMs !== 'number') continue;
    const at = text.indexOf(word, from);
    if (at === -1) continue;
    from = at + word.length;
    found.push({ at, end: from, startMs, endMs, sure: typeof sure === 'number' ? sure : 1 });
  }
  return found;
}

export interface TextRun {
  text: string;
  word: TimedWord | null;
}

/** The characters from `from` to `to` of the text, cut where words begin and end. */
export function cutAtWords(text: string, from: number, to: number, words: readonly TimedWord[]): TextRun[] {
  const runs: TextRun[] = [];
  let at = from;
  const take = (end: number, word: TimedWord | null) => {
    if (end > at) runs.push({ text: text.slice(at, end), word });
    at = Math.max(at, end);
  };
  for (const word of words) {
    if (word.end <= from || word.at >= to) continue;
    take(Math.min(word.at, to), null);
    take(Math.min(word.end, to), word);
  }
  take(to, null);
  return runs;
}
