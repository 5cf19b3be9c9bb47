import { describe, expect, it } from 'vitest';
import { initialState } from '../../live/machine';
import type { LiveState } from '../../live/machine';
import type { UtteranceCreated } from '../../live/protocol';
import { forgetCandidacy, loadCandidacy, reference, saveCandidacy } from './candidacy';
import { cuesOf, litAt } from './captions';
import { deviceAdvice } from './deviceWords';
import { roomWords } from './roomState';

describe('captions', () => {
  const text = 'In 2024, what did you do?';
  const words = [
    { text: 'In', start: 0, end: 0.1 },
    { text: 'twenty', start: 0.2, end: 0.4 },
    { text: 'what', start: 0.6, end: 0.7 },
    { text: 'did', start: 0.8, end: 0.9 },
    { text: 'you', start: 1, end: 1.1 },
    { text: 'do?', start: 1.2, end: 1.4 },
  ];
  const cues = cuesOf(text, words);
  it('light up word by word, with their punctuation', () => {
    expect(litAt(cues, -0.1, text.length)).toBe(0);
    expect(text.slice(0, litAt(cues, 0.05, text.length))).toBe('In');
    expect(text.slice(0, litAt(cues, 0.65, text.length))).toBe('In 2024, what');
    expect(litAt(cues, 5, text.length)).toBe(text.length);
  });
  it('what is still to come is not lit with the last word that is known', () => {
    expect(text.slice(0, litAt(cuesOf(text, words.slice(0, 3)), 5, 0))).toBe('In 2024, what');
  });
  it('without times the whole text is lit', () => {
    expect(litAt(cuesOf(text, []), 0, text.length)).toBe(text.length);
  });
  it('the same word twice lights up in order', () => {
    const twice = cuesOf('no no', [
      { text: 'no', start: 0, end: 1 },
      { text: 'no', start: 1, end: 2 },
    ]);
    expect(twice.map((c) => c.lit)).toEqual([2, 5]);
  });
});

describe('the room’s words', () => {
  const utterance = (kind: UtteranceCreated['kind']): LiveState['current'] => ({
    state: 'playing',
    utterance: {
      type: 'utterance.created',
      utteranceId: 1,
      kind,
      position: 1,
      text: '',
      question: '',
      followUp: 0,
      sampleRate: 1,
      samples: 1,
      durationMs: 1,
      phonemes: [],
      words: [],
    },
  });
  const answer = {
    id: 'a',
    position: 1,
    zeroAt: 0,
    timeLimitS: 0,
    thinkUntil: null,
    before: '',
    items: [],
    speaking: false,
    closing: false,
  };
  const at = (over: Partial<LiveState>) => roomWords(initialState({ link: 'open', joined: true, ...over }), 'Daniel');
  it.each([
    [{ current: utterance('question') }, 'interviewer', 'Daniel is asking'],
    [{ current: utterance('greeting') }, 'interviewer', 'Daniel says hello'],
    [{ current: utterance('prompt'), answer }, 'interviewer', 'Still your turn'],
    [{ answer }, 'candidate', 'Your turn'],
    [{ answer: { ...answer, thinkUntil: 9000 } }, 'candidate', 'Time to think'],
    [{ answer, paused: { until: 9000 } }, 'candidate', 'Paused'],
    [{ answer: { ...answer, closing: true } }, 'interviewer', 'Thank you'],
    [{ queue: { position: 2, message: '' } }, 'interviewer', 'You are number 2 in the queue'],
    [{ link: 'waiting', answer }, 'candidate', 'One moment'],
    [{ link: 'connecting', joined: false }, 'interviewer', 'Daniel is coming'],
    [{ link: 'waiting', joined: false, blocked: true }, 'interviewer', 'Daniel cannot come yet'],
  ] as [Partial<LiveState>, string, string][])('%#: %s', (state, turn, heading) => {
    expect(at(state)).toMatchObject({ turn, heading });
  });
});

describe('devices', () => {
  it('every fault names the way out', () => {
    for (const state of ['denied', 'missing', 'busy', 'insecure', 'failed'] as const) {
      expect(deviceAdvice('camera', state)).toMatch(/sound only/);
      expect(deviceAdvice('microphone', state)).toMatch(/type your answers/);
    }
    expect(deviceAdvice('camera', 'on')).toBeNull();
  });
});

describe('candidacy', () => {
  it('is kept by link, and nonsense is nothing', () => {
    saveCandidacy('l', { sessionId: 's', token: 't', name: 'Sam' });
    expect(loadCandidacy('l')).toEqual({ sessionId: 's', token: 't', name: 'Sam' });
    expect(loadCandidacy('m')).toBeNull();
    forgetCandidacy('l');
    expect(loadCandidacy('l')).toBeNull();
    localStorage.setItem('viva.session.l', '{"sessionId":1}');
    expect(loadCandidacy('l')).toBeNull();
  });
  it('has a short reference', () => {
    expect(reference('0192f7aa-0000-7000-8000-0000004b7d21')).toBe('VV-4B7D21');
  });
});
