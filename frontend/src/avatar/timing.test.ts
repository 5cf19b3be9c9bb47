import { describe, expect, it } from 'vitest';
import fixture from './fixtures/espeak-en-us.json';
import { between, seeded, type Random } from './random';
import { beatAt, buildTrack, LOOK_AHEAD, poseAt, type SpeechTrack } from './timing';
import { MOUTH_REST, mouthOpening, type MouthPose, type PhonemeEvent } from './types';
import { CHANNELS } from './visemes';

const at = (track: SpeechTrack, t: number): MouthPose => poseAt(track, t, { ...MOUTH_REST });

/** Speech-like random sequences: every symbol comes up, sounds last 30 to 160 ms, words end in short gaps. */
function babble(random: Random, sounds: number): PhonemeEvent[] {
  const out: PhonemeEvent[] = [];
  let t = 0.1;
  for (let i = 0; i < sounds; i++) {
    const phoneme = fixture.symbols[Math.floor(random() * fixture.symbols.length)] ?? 'm';
    const end = t + between(random, 0.03, 0.16);
    out.push({ phoneme: random() < 0.2 ? `ˈ${phoneme}` : phoneme, start: t, end });
    t = end;
    if (random() < 0.15) {
      const gap = random() < 0.3 ? 0.35 : 0.04;
      out.push({ phoneme: ' ', start: t, end: t + gap });
      t += gap;
    }
  }
  return out;
}

const BILABIAL = /^ˈ?[pbm]$/u;
const LABIODENTAL = /^ˈ?[fv]$/u;

/** Poses of the frames around one sound, for a display whose frames fall at any phase. */
function framesAround(track: SpeechTrack, e: PhonemeEvent, fps: number, phase: number): MouthPose[] {
  const out: MouthPose[] = [];
  const first = Math.floor((e.start - 0.12) * fps);
  for (let f = first; f <= (e.end + 0.12) * fps; f++) out.push(at(track, (f + phase) / fps + LOOK_AHEAD));
  return out;
}

describe.each([30, 60])('at %i frames a second', (fps) => {
  it('every bilabial closes the lips for two frames or more', () => {
    let seen = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed);
      const events = babble(random, 60);
      const track = buildTrack(events);
      for (const e of events.filter((x) => BILABIAL.test(x.phoneme))) {
        const shut = framesAround(track, e, fps, random()).filter((p) => p.press >= 0.98 && mouthOpening(p) < 0.02);
        expect(shut.length, `${e.phoneme} of ${String(e.end - e.start)} s`).toBeGreaterThanOrEqual(2);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(80);
  });

  it('every f and v tucks the lower lip', () => {
    let seen = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed);
      const events = babble(random, 60);
      const track = buildTrack(events);
      for (const e of events.filter((x) => LABIODENTAL.test(x.phoneme))) {
        const tucked = framesAround(track, e, fps, random()).filter((p) => p.lower < -0.5 && p.press < 0.5);
        expect(tucked.length, `${e.phoneme} of ${String(e.end - e.start)} s`).toBeGreaterThanOrEqual(1);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(50);
  });
});

describe('poseAt', () => {
  const word = buildTrack([
    { phoneme: 'm', start: 0.5, end: 0.6 },
    { phoneme: 'ˈɑː', start: 0.6, end: 0.85 },
    { phoneme: 'p', start: 0.85, end: 0.95 },
  ]);

  it('is at rest well before and well after', () => {
    for (const t of [-1, 0, 1.8, 60]) {
      const p = at(word, t);
      for (const c of CHANNELS) expect(Math.abs(p[c])).toBeLessThan(0.01);
      expect(p.press).toBe(0);
    }
  });

  it('reaches the shape of a long vowel', () => {
    expect(at(word, 0.72).jaw).toBeGreaterThan(0.7);
    expect(mouthOpening(at(word, 0.72))).toBeGreaterThan(0.6);
  });

  it('stays within the range of a full gesture', () => {
    const random = seeded(9);
    for (let n = 0; n < 20; n++) {
      const track = buildTrack(babble(random, 40));
      for (let t = -0.3; t < track.end + 0.5; t += 0.013) {
        const p = at(track, t);
        for (const c of CHANNELS) expect(Math.abs(p[c])).toBeLessThanOrEqual(1.16);
        expect(p.press).toBeGreaterThanOrEqual(0);
        expect(p.press).toBeLessThanOrEqual(1);
      }
    }
  });

  it('never jumps: no channel moves more than a frame could show as a cut', () => {
    const track = buildTrack(babble(seeded(4), 80));
    let before = at(track, -0.5);
    for (let t = -0.5; t < track.end + 0.8; t += 0.002) {
      const p = at(track, t);
      for (const c of CHANNELS) expect(Math.abs(p[c] - before[c])).toBeLessThan(0.16);
      before = p;
    }
  });

  it('opens 150 to 200 ms before the first sound', () => {
    for (const phoneme of ['ɑː', 'aɪ', 's', 'w', 'uː', 'iː', 'k']) {
      const track = buildTrack([{ phoneme, start: 1, end: 1.2 }]);
      const half = at(track, 1.05).jaw / 2;
      let t = 0.5;
      while (at(track, t).jaw < half) t += 0.001;
      expect(1 - t, phoneme).toBeGreaterThan(0.15);
      expect(1 - t, phoneme).toBeLessThan(0.2);
    }
  });

  it('opens for the breath of an h as well', () => {
    const track = buildTrack([{ phoneme: 'h', start: 1, end: 1.08 }, { phoneme: 'ɑː', start: 1.08, end: 1.3 }]); // prettier-ignore
    expect(mouthOpening(at(track, 0.87))).toBeGreaterThan(0.5);
    expect(mouthOpening(at(track, 0.7))).toBeLessThan(0.05);
  });

  it('closes in a pause and not in the gap between two words', () => {
    const speech = (gap: number): SpeechTrack =>
      buildTrack([
        { phoneme: 'ɑː', start: 0, end: 0.3 },
        { phoneme: ',', start: 0.3, end: 0.3 + gap },
        { phoneme: 'ɑː', start: 0.3 + gap, end: 0.6 + gap },
      ]);
    expect(mouthOpening(at(speech(0.6), 0.6))).toBeLessThan(0.15);
    expect(mouthOpening(at(speech(0.05), 0.325))).toBeGreaterThan(0.5);
    expect(speech(0.05).targets.map((x) => x.viseme)).toEqual(['aa', 'aa']);
  });

  it('uses the measured middle of a diphthong', () => {
    const early = buildTrack([{ phoneme: 'a', start: 0, end: 0.05 }, { phoneme: 'ɪ', start: 0.05, end: 0.4 }]); // prettier-ignore
    expect(early.targets.map((x) => [x.viseme, x.end])).toEqual([['aa', 0.05], ['I', 0.4]]); // prettier-ignore
    const assumed = buildTrack([{ phoneme: 'aɪ', start: 0, end: 0.4 }]);
    expect(assumed.targets[0]?.end).toBeCloseTo(0.24);
  });

  it('holds a closure about the sound itself: mouth and sound stay in step', () => {
    // ITU-R BT.1359: sound up to 45 ms early is unseen, 125 ms late; the product's own limit is -20..+90 ms
    const events = [0.4, 0.9, 1.5].flatMap((t) => [
      { phoneme: 'ɑː', start: t, end: t + 0.2 },
      { phoneme: 'p', start: t + 0.2, end: t + 0.3 },
    ]);
    const track = buildTrack(events);
    for (const e of events.filter((x) => x.phoneme === 'p')) {
      const shut: number[] = [];
      for (let heard = e.start - 0.2; heard < e.end + 0.2; heard += 0.001) {
        if (at(track, heard + LOOK_AHEAD).press > 0.5) shut.push(heard);
      }
      const middle = ((shut[0] ?? NaN) + (shut[shut.length - 1] ?? NaN)) / 2;
      const ahead = (e.start + e.end) / 2 - middle;
      expect(ahead).toBeGreaterThan(-0.02);
      expect(ahead).toBeLessThan(0.06);
    }
  });

  it('has nothing to say about silence', () => {
    expect(buildTrack([])).toMatchObject({ targets: [], start: 0, end: 0 });
    expect(at(buildTrack([]), 0)).toEqual(MOUTH_REST);
  });
});

describe('beatAt', () => {
  it('peaks on vowels with primary stress', () => {
    const track = buildTrack([
      { phoneme: 'ə', start: 0, end: 0.1 },
      { phoneme: 'b', start: 0.1, end: 0.2 },
      { phoneme: 'ˈaʊ', start: 0.2, end: 0.4 },
      { phoneme: 't', start: 0.4, end: 0.5 },
    ]);
    expect(beatAt(track, 0.3)).toBeCloseTo(1);
    expect(beatAt(track, 0)).toBeLessThan(0.1);
    expect(beatAt(track, 2)).toBe(0);
  });
});
