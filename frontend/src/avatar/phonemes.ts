/**
 * From a voice's phoneme stream to tokens of the viseme table. Voices differ: Piper times every code point on its
 * own (stress marks and length marks too), Kokoro writes diphthongs as capitals, espeak-ng writes whole
 * symbols. All three come out the same.
 */
import { isVowel, PHONEMES } from './visemes';
import type { PhonemeEvent } from './types';

export interface Token {
  /** Folded symbol, or '' for a pause. */
  symbol: string;
  start: number;
  end: number;
  /** Measured times where the parts of a folded symbol meet (a|ɪ): better than assumed shares. */
  cuts: number[];
  /** 0 none, 1 secondary, 2 primary. Only vowels carry it. */
  stress: 0 | 1 | 2;
}

const PRIMARY = 'ˈ';
const SECONDARY = 'ˌ';

/** Kokoro's spellings, and lookalikes. */
const ALIASES: Readonly<Record<string, string>> = {
  A: 'eɪ', I: 'aɪ', O: 'oʊ', Q: 'əʊ', W: 'aʊ', Y: 'ɔɪ', T: 'ɾ',
  ʧ: 'tʃ', ʤ: 'dʒ', ʦ: 'ts', ʣ: 'dz', ᵊ: 'ə', ɫ: 'l', g: 'ɡ', ε: 'ɛ', '͡': '',
}; // prettier-ignore

/** Separately timed code points that make one symbol. Vowel + ɹ stays two: the voice's own times are better. */
const FOLDS: ReadonlySet<string> = new Set(['tʃ', 'dʒ', 'aɪ', 'aʊ', 'eɪ', 'oʊ', 'ɔɪ', 'əʊ']);
/** Length, palatalisation, aspiration, combining tilde, syllabic mark: belong to what stands before them. */
const MARK = /^(?:[ːˑʲʰʷʼ]|\p{M})+$/u;
const PAUSE = /^(?:[\s.,;:!?…—–\-"'“”‘’()[\]|^$_/]*|sil|sp|spn|pau|#)$/u;
/** Sounds count as touching when the gap between them is at most this (rounding of the times). */
const TOUCH = 0.012;
const LONGEST_SYMBOL = Math.max(...Array.from(PHONEMES.keys(), (s) => s.length));

/** Longest symbol of the table at the head of the text; an unknown code point stands alone. */
function headSymbol(text: string): string {
  for (let n = Math.min(LONGEST_SYMBOL, text.length); n > 0; n--) {
    const s = text.slice(0, n);
    if (PHONEMES.has(s)) return s;
  }
  return String.fromCodePoint(text.codePointAt(0) ?? 0);
}

/** Cuts one event's text into symbols and stress marks. */
function symbolsOf(phoneme: string): string[] {
  let rest = '';
  for (const c of phoneme.normalize('NFD')) rest += ALIASES[c] ?? c;
  const out: string[] = [];
  while (rest.length > 0) {
    const s = headSymbol(rest);
    const previous = out[out.length - 1];
    // a doubled length mark, or a mark the table has no entry with, changes nothing that can be seen
    if (!(MARK.test(s) && previous !== undefined)) out.push(s);
    rest = rest.slice(s.length);
  }
  return out;
}

class Tokeniser {
  readonly tokens: Token[] = [];
  private pending: 0 | 1 | 2 = 0;
  /** Where an untimed or separately timed stress mark began: its time belongs to the sound it marks. */
  private markStart: number | null = null;

  /** PAUSE and stress marks first, then sounds. */
  event(e: PhonemeEvent): void {
    if (!(e.end >= e.start)) return; // also drops NaN
    if (PAUSE.test(e.phoneme)) {
      this.pause(e.start, e.end);
      return;
    }
    const symbols = symbolsOf(e.phoneme);
    const sounds = symbols.filter((s) => s !== PRIMARY && s !== SECONDARY).length;
    const step = sounds > 0 ? (e.end - e.start) / sounds : 0;
    let t = e.start;
    for (const s of symbols) {
      if (s === PRIMARY || s === SECONDARY) {
        this.pending = s === PRIMARY ? 2 : 1;
        if (sounds === 0) this.markStart ??= e.start;
        continue;
      }
      this.sound(s, t, t + step);
      t += step;
    }
  }

  private pause(start: number, end: number): void {
    this.markStart = null;
    const last = this.tokens[this.tokens.length - 1];
    if (last?.symbol === '' && start - last.end <= TOUCH) last.end = end;
    else this.tokens.push({ symbol: '', start, end, cuts: [], stress: 0 });
  }

  private sound(symbol: string, start: number, end: number): void {
    const last = this.tokens[this.tokens.length - 1];
    const touches = last !== undefined && last.symbol !== '' && start - last.end <= TOUCH;
    if (MARK.test(symbol)) {
      if (touches) this.mark(last, symbol, end);
      return;
    }
    if (touches && this.pending === 0 && last.cuts.length === 0 && FOLDS.has(last.symbol + symbol)) {
      last.symbol += symbol;
      if (isVowel(symbol)) last.cuts.push(start);
      last.end = end;
      return;
    }
    const stress = isVowel(symbol) ? this.pending : 0;
    if (isVowel(symbol)) this.pending = 0;
    this.tokens.push({ symbol, start: this.markStart ?? start, end, cuts: [], stress });
    this.markStart = null;
  }

  /** A length mark lengthens; it changes the symbol only where the table tells the two apart. */
  private mark(last: Token, symbol: string, end: number): void {
    if (PHONEMES.has(last.symbol + symbol)) last.symbol += symbol;
    last.end = end;
  }
}

/** Events in time order to tokens in time order. Pauses are merged; times are kept. */
export function tokenise(events: readonly PhonemeEvent[]): Token[] {
  const t = new Tokeniser();
  for (const e of events) t.event(e);
  return t.tokens;
}

/** True when every sound in the phoneme text has an entry in the viseme table. */
export function isMapped(phoneme: string): boolean {
  return tokenise([{ phoneme, start: 0, end: 1 }]).every((t) => t.symbol === '' || PHONEMES.has(t.symbol));
}
