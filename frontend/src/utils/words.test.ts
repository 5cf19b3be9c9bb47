import { describe, expect, it } from 'vitest';
import { cutAtWords, timedWords } from './words';

const TEXT = 'I called them, then I fixed it.';
const WORDS = [
  ['I', 0, 90, 0.99],
  ['called', 120, 400, 0.3],
  ['them,', 410, 700, 1],
  ['then', 900, 1000, 1],
  ['I', 1010, 1100, 1],
];

describe('timedWords', () => {
  it('stand in the text one after the other', () => {
    const words = timedWords(TEXT, WORDS);
    expect(words.map(({ at, end }) => TEXT.slice(at, end))).toEqual(['I', 'called', 'them,', 'then', 'I']);
    expect(words[4]).toMatchObject({ at: 20, startMs: 1010, endMs: 1100 });
    expect(words[1]?.sure).toBe(0.3);
  });

  it('leave out what is no word of the text, and all that is no list', () => {
    expect(timedWords(TEXT, null)).toEqual([]);
    expect(timedWords(TEXT, { words: [] })).toEqual([]);
    expect(timedWords(TEXT, [['nothing', 0, 1, 1], 3, ['called', '0', 1, 1], ['fixed', 5, 6]])).toMatchObject([
      { at: 22, startMs: 5, sure: 1 },
    ]);
  });
});

describe('cutAtWords', () => {
  it('keeps every character, in order', () => {
    const words = timedWords(TEXT, WORDS);
    for (const [from, to] of [
      [0, TEXT.length],
      [4, 12],
      [15, 16],
      [0, 0],
    ] as const)
      expect(
        cutAtWords(TEXT, from, to, words)
          .map(({ text }) => text)
          .join(''),
      ).toBe(TEXT.slice(from, to));
  });

  it('gives each part of a word its word', () => {
    const words = timedWords(TEXT, WORDS);
    expect(cutAtWords(TEXT, 4, 10, words)).toEqual([
      { text: 'lled', word: words[1] },
      { text: ' ', word: null },
      { text: 't', word: words[2] },
    ]);
  });
});
