/**
 * The visible sounds: shapes, dominance and reach in time of the fifteen Oculus visemes, and the table that takes
 * an IPA symbol to them. Figures are design values after espeak-ng's English phonemes and the Azure and
 * OpenXR viseme descriptions.
 */

export type Viseme =
  | 'sil' | 'PP' | 'FF' | 'TH' | 'DD' | 'kk' | 'CH' | 'SS' | 'nn' | 'RR'
  | 'aa' | 'E' | 'I' | 'O' | 'U'; // prettier-ignore

/** The blended parameters, in the order of every seven-tuple below. */
export const CHANNELS = ['jaw', 'width', 'round', 'upper', 'lower', 'teeth', 'tongue'] as const;
export type Seven = readonly [number, number, number, number, number, number, number];

export interface VisemeSpec {
  /** Target of each channel. */
  readonly shape: Seven;
  /** How strongly the sound insists on each channel, 0..1. */
  readonly dominance: Seven;
  /** Seconds of anticipation before and carry after the sound, to 1/e. */
  readonly lead: number;
  readonly lag: number;
}

/** Jaw, lips and tongue insist separately; the five lip channels go together. */
function spec(shape: Seven, jaw: number, lip: number, tongue: number, leadMs: number, lagMs: number): VisemeSpec {
  return { shape, dominance: [jaw, lip, lip, lip, lip, lip, tongue], lead: leadMs / 1000, lag: lagMs / 1000 };
}

// prettier-ignore
export const VISEMES: Readonly<Record<Viseme, VisemeSpec>> = {
  //         jaw  width round upper lower teeth tongue   dominance     lead lag
  sil: spec([0,   0,    0,    0,    0,    0,    0],     .5,  .5,  .5,  100, 120),
  PP:  spec([0,   -.05, .05,  0,    0,    0,    0],     .9,  .35, .1,  60,  50),
  FF:  spec([.08, .1,   0,    .2,   -.7,  .85,  0],     .9,  1,   .1,  70,  50),
  TH:  spec([.16, .1,   0,    .15,  .15,  .55,  .8],    .6,  .3,  1,   60,  50),
  DD:  spec([.14, .15,  0,    .12,  .18,  .65,  .35],   .45, .15, .9,  50,  40),
  kk:  spec([.22, .08,  0,    .1,   .15,  .35,  .1],    .3,  .1,  .4,  50,  40),
  CH:  spec([.12, -.25, .55,  .35,  .3,   .85,  .05],   .8,  .8,  .4,  100, 70),
  SS:  spec([.06, .3,   0,    .18,  .25,  1,    .05],   .9,  .5,  .4,  60,  50),
  nn:  spec([.16, .12,  0,    .1,   .18,  .5,   .5],    .4,  .15, .9,  50,  40),
  RR:  spec([.16, -.25, .45,  .15,  .2,   .4,   .1],    .4,  .5,  .3,  90,  70),
  aa:  spec([.75, .05,  0,    .22,  .45,  .4,   .2],    1,   .7,  .5,  80,  70),
  E:   spec([.42, .32,  0,    .18,  .3,   .55,  .2],    .9,  .7,  .5,  80,  70),
  I:   spec([.22, .45,  0,    .15,  .2,   .65,  .2],    .9,  .75, .5,  80,  70),
  O:   spec([.44, -.35, .7,   .15,  .2,   .12,  .1],    .9,  .9,  .3,  110, 80),
  U:   spec([.14, -.6,  1,    .1,   .1,   0,    0],     .9,  1,   .3,  140, 90),
};

/** Longest reach of any viseme, in 1/e widths of three: what is further away cannot be seen. */
export const REACH_WIDTHS = 3;
export const MAX_LEAD = 0.14 * REACH_WIDTHS;
export const MAX_LAG = 0.12 * REACH_WIDTHS;

/** One part of a sound: which shape, how fully, for what share of its time. */
export interface Step {
  readonly viseme: Viseme;
  readonly gain: number;
  readonly share: number;
}

type Part = readonly [viseme: Viseme, gain?: number, share?: number];

const seq = (...parts: readonly Part[]): readonly Step[] =>
  parts.map(([viseme, gain = 1, share = 1]) => ({ viseme, gain, share }));
/** Two parts, 60/40 unless noted. */
const glide = (a: Viseme, ga: number, b: Viseme, gb: number, first = 0.6): readonly Step[] =>
  seq([a, ga, first], [b, gb, 1 - first]);

const NONE: readonly Step[] = [];

/** IPA symbol (stress removed, split code points folded) to its steps. An empty list: spoken, but without a shape of its own. */
// prettier-ignore
const TABLE: readonly (readonly [symbols: string, steps: readonly Step[]])[] = [
  ['p b m', seq(['PP'])],
  ['f v', seq(['FF'])],
  ['θ', seq(['TH'])], ['ð', seq(['TH', .9])],
  ['t d', seq(['DD'])], ['ɾ', seq(['DD', .6])], ['ts dz', seq(['SS'])],
  ['n n̩ l l̩ ɫ ɬ ɲ ʎ', seq(['nn'])], ['m̩', seq(['PP'])],
  ['k ɡ q', seq(['kk'])], ['ŋ', seq(['kk', .8])], ['x ɣ χ', seq(['kk', .9])],
  ['tʃ dʒ', seq(['CH'])], ['ʃ ʒ', seq(['CH', .95])], ['ɕ ʑ', seq(['CH', .8])],
  ['s z', seq(['SS'])],
  ['h ɦ ʔ ʕ', NONE],
  ['ɹ r ɻ ʁ', seq(['RR'])], ['ɜː ɜ ɝ', seq(['RR', .9])], ['ɚ', seq(['RR', .75])],
  ['w ʍ', seq(['U', .95])], ['j', seq(['I', .8])], ['ç ʝ', seq(['I', .6])],
  ['ɑː ɑ ɒ', seq(['aa'])], ['a aː ɑ̃', seq(['aa', .9])], ['æ', seq(['aa', .75])], ['ʌ', seq(['aa', .65])], ['ɐ', seq(['aa', .45])],
  ['ɛ ɛː', seq(['E'])], ['e eː ɛ̃', seq(['E', .85])], ['ə', seq(['E', .55])], ['ɘ', seq(['E', .4])],
  ['iː', seq(['I'])], ['i', seq(['I', .9])], ['ɪ', seq(['I', .8])], ['ᵻ ɨ', seq(['I', .65])],
  ['ɔ ɔː oː ɔ̃', seq(['O'])], ['o õ', seq(['O', .9])], ['ø œ', seq(['O', .7])],
  ['uː', seq(['U'])], ['u ʉ y', seq(['U', .9])], ['ʊ', seq(['U', .6])],
  ['eɪ', glide('E', .85, 'I', .9)], ['aɪ', glide('aa', .9, 'I', .8)], ['ɔɪ', glide('O', 1, 'I', .8)],
  ['aʊ', glide('aa', .9, 'U', .65)], ['oʊ', glide('O', .9, 'U', .75)], ['əʊ', glide('O', .8, 'U', .75)],
  ['iə', glide('I', .9, 'E', .55)], ['əl', glide('E', .5, 'nn', 1, .4)],
  ['aɪə', seq(['aa', .9, .5], ['I', .7, .25], ['E', .5, .25])],
  ['aɪɚ', seq(['aa', .9, .45], ['I', .7, .25], ['RR', .75, .3])],
  ['aɪʊɹ', seq(['aa', .9, .45], ['U', .6, .25], ['RR', 1, .3])],
  ['ɪɹ', glide('I', .8, 'RR', 1)], ['ɛɹ', glide('E', 1, 'RR', 1)], ['ʊɹ', glide('U', .6, 'RR', 1)],
  ['ɔːɹ oːɹ', glide('O', 1, 'RR', 1)], ['ɑːɹ', glide('aa', 1, 'RR', 1)],
  ['ɪɚ', glide('I', .8, 'RR', .75, .5)], ['ʊɚ', glide('U', .6, 'RR', .75, .5)],
];

export const PHONEMES: ReadonlyMap<string, readonly Step[]> = new Map(
  TABLE.flatMap(([symbols, steps]) => symbols.split(' ').map((s) => [s.normalize('NFD'), steps] as const)),
);

const VOWEL = /[aeiouyæøœɐɑɒɔəɘɚɛɜɝɨɪʉʊʌᵻ]/u;
/** Stress lands on the next symbol that has a vowel in it. */
export const isVowel = (symbol: string): boolean => VOWEL.test(symbol);
