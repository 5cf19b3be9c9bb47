import { describe, expect, it } from 'vitest';
import fixture from './fixtures/espeak-en-us.json';
import { isMapped, tokenise } from './phonemes';
import { PHONEMES } from './visemes';

/** Sounds one after the other, 60 ms each. */
const spell = (...phonemes: string[]) =>
  phonemes.map((phoneme, i) => ({ phoneme, start: i * 0.06, end: (i + 1) * 0.06 }));
const symbols = (...phonemes: string[]): string[] => tokenise(spell(...phonemes)).map((t) => t.symbol);

describe('symbols of espeak-ng en-us', () => {
  it.each(fixture.symbols)('%s is mapped, whole and as single code points', (symbol) => {
    expect(isMapped(symbol)).toBe(true);
    const single = tokenise(spell(...Array.from(symbol)));
    expect(single.length).toBeGreaterThan(0);
    expect(single.filter((t) => !PHONEMES.has(t.symbol))).toEqual([]);
    expect(single[single.length - 1]?.end).toBeCloseTo(0.06 * Array.from(symbol).length);
  });

  it('is a broad list', () => {
    expect(fixture.symbols.length).toBeGreaterThan(60);
  });

  it('knows an unknown symbol when it meets one', () => {
    expect(isMapped('7')).toBe(false);
  });
});

describe('tokenise', () => {
  it('folds code points a voice times one by one', () => {
    expect(symbols('t', 'ʃ', 'ɑ', 'ː', 'n', '̩')).toEqual(['tʃ', 'ɑː', 'n̩']);
    const [tch, aa] = tokenise(spell('t', 'ʃ', 'ɑ', 'ː'));
    expect(tch).toMatchObject({ start: 0, end: 0.12 });
    expect(aa).toMatchObject({ start: 0.12, end: 0.24 });
  });

  it('keeps the measured time where the parts of a diphthong meet', () => {
    const [t] = tokenise(spell('a', 'ɪ'));
    expect(t).toMatchObject({ symbol: 'aɪ', start: 0, end: 0.12, cuts: [0.06] });
  });

  it('does not fold over a pause or a stress mark', () => {
    expect(symbols('t', ' ', 'ʃ')).toEqual(['t', '', 'ʃ']);
    expect(symbols('a', 'ˈ', 'ɪ')).toEqual(['a', 'ɪ']);
    expect(symbols('a', 'ˈɪ')).toEqual(['a', 'ɪ']);
  });

  it('leaves vowel and r apart when they are timed apart, and together when they are not', () => {
    expect(symbols('ɑ', 'ː', 'ɹ')).toEqual(['ɑː', 'ɹ']);
    expect(symbols('ɑːɹ')).toEqual(['ɑːɹ']);
  });

  it('gives stress to the next vowel, and the time of the mark to the sound it marks', () => {
    const tokens = tokenise(spell('ˈ', 'p', 'ɹ', 'ɑ', 'dʒ', 'ˌɛ'));
    expect(tokens.map((t) => [t.symbol, t.stress])).toEqual([['p', 0], ['ɹ', 0], ['ɑ', 2], ['dʒ', 0], ['ɛ', 1]]); // prettier-ignore
    expect(tokens[0]?.start).toBe(0);
  });

  it('reads the spellings of Kokoro', () => {
    expect(symbols('A', 'I', 'O', 'Q', 'W', 'Y', 'ʧ', 'ʤ', 'ᵊ')).toEqual('eɪ aɪ oʊ əʊ aʊ ɔɪ tʃ dʒ ə'.split(' '));
  });

  it('splits a run of sounds and shares its time', () => {
    const tokens = tokenise([{ phoneme: 'həlˈoʊ', start: 1, end: 2 }]);
    expect(tokens.map((t) => t.symbol)).toEqual(['h', 'əl', 'oʊ']);
    expect(tokens[2]?.stress).toBe(2);
    expect(tokens[2]?.end).toBeCloseTo(2);
  });

  it('merges punctuation and padding into one pause', () => {
    const tokens = tokenise(spell('^', '_', 'm', ',', ' ', '—', 'm', '$'));
    expect(tokens.map((t) => t.symbol)).toEqual(['', 'm', '', 'm', '']);
    expect(tokens[2]?.end).toBeCloseTo(0.36);
  });

  it('drops events whose times make no sense', () => {
    expect(tokenise([{ phoneme: 'm', start: 2, end: 1 }, { phoneme: 'm', start: NaN, end: 1 }])).toEqual([]); // prettier-ignore
  });
});
