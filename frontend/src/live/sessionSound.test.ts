import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fake, frame, inRoom, loud, reset, spoken, started } from '../test/liveSession';
import type { ServerMessage } from './protocol';

beforeEach(reset);

describe('sound up', () => {
  it('goes out while there is a connection, whoever speaks, numbered from 0 on each', async () => {
    const s = await inRoom();
    s.frame(frame()); /* of no answer yet */
    fake.link.events.message(started());
    s.frame(frame());
    s.frame(frame());
    fake.link.full = true;
    fake.link.events.state('waiting', null);
    s.frame(frame());
    fake.link.full = false;
    fake.link.events.state('open', null);
    s.frame(frame());
    expect(fake.link.frames).toHaveLength(3); /* where to begin is not known yet */
    fake.link.events.message(started({ resumed: true, heardMs: 20, elapsedMs: 80 }));
    s.frame(frame());
    const numbers = fake.link.frames.map((f) => new DataView(f.buffer).getUint32(1, true));
    expect(numbers).toEqual([0, 1, 2, 0, 1, 2, 3]); /* one frame again, two from the drop, and the new one */
    expect(fake.link.sent.filter((m) => m.type === 'input_audio_buffer.position')).toEqual([
      { type: 'input_audio_buffer.position', answer_id: 'a1', at_ms: 0 },
      { type: 'input_audio_buffer.position', answer_id: 'a1', at_ms: 20 },
    ]);
    expect(fake.link.frames[0]?.byteLength).toBe(645);
    s.done();
    s.frame(frame());
    expect(fake.link.frames).toHaveLength(7);
  });

  it('“I’m done” goes out after all that was said before it', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    fake.link.full = true;
    for (let i = 0; i < 12; i++) s.frame(frame());
    fake.link.full = false;
    s.done();
    expect(fake.link.types()).not.toContain('answer.done');
    s.frame(frame());
    expect(fake.link.types()).not.toContain('answer.done');
    s.frame(frame());
    expect(fake.link.frames).toHaveLength(12);
    expect(fake.link.types().at(-1)).toBe('answer.done');
  });

  it('“I’m done” goes out though no frame comes any more: the browser may hold the microphone', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    fake.link.full = true;
    for (let i = 0; i < 12; i++) s.frame(frame());
    s.done();
    for (const tick of fake.ticks) tick();
    expect(fake.link.types()).not.toContain('answer.done');
    fake.link.full = false;
    for (const tick of fake.ticks) tick();
    expect(fake.link.types()).not.toContain('answer.done'); /* eight frames at a time */
    for (const tick of fake.ticks) tick();
    expect(fake.link.frames).toHaveLength(12);
    expect(fake.link.types().at(-1)).toBe('answer.done');
    expect(fake.ticks.size).toBe(0);
  });

  it('“I’m done” waits for no microphone that is gone', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    fake.link.full = true;
    s.frame(frame());
    s.done();
    s.deviceLost('microphone');
    expect(fake.link.types()).toContain('answer.done');
  });

  it('a voice over the interviewer stops it; it goes on at the beginning of the clause', async () => {
    const words = [
      { text: 'Well,', start: 0, end: 0.2 },
      { text: 'why', start: 0.22, end: 0.4 },
      { text: 'Viva?', start: 0.42, end: 0.9 },
    ];
    const seen: (number | null)[] = [];
    const s = await inRoom();
    s.onVoice((u) => seen.push(u?.utteranceId ?? null));
    fake.link.events.message({ ...spoken(5), words });
    fake.link.events.message({ type: 'utterance.paused', utteranceId: 5 });
    expect(s.state().current?.state).toBe('paused');
    fake.link.events.message({ type: 'utterance.paused', utteranceId: 5 });
    fake.link.events.message({ type: 'utterance.resumed', utteranceId: 5 });
    expect(fake.voiceLog).toEqual(['begin 5', 'pause 5', 'resume 5 0.22']);
    expect(seen).toEqual([5, null, 5]);
    expect(s.state().current?.state).toBe('playing');
    fake.link.events.message({ type: 'utterance.paused', utteranceId: 4 });
    expect(s.state().current?.state).toBe('playing');
  });

  it('a clause that comes later belongs to what is said: to its mouth, and to where it goes on', async () => {
    const part = (text: string, start: number, end: number): ServerMessage => ({
      type: 'utterance.part',
      utteranceId: 5,
      durationMs: 400,
      phonemes: [{ text, start, end }],
      words: [{ text, start, end }],
    });
    const mouths: (string[] | null)[] = [];
    const s = await inRoom();
    s.onVoice((u) => mouths.push(u?.phonemes.map((p) => p.text) ?? null));
    fake.link.events.message({ ...spoken(5), words: [{ text: 'Well,', start: 0, end: 0.2 }] });
    fake.link.events.message(part('why', 0.3, 0.45));
    fake.link.events.message({ type: 'utterance.paused', utteranceId: 5 });
    fake.link.events.message(part('Viva?', 0.6, 0.9)); /* nobody moves a mouth that is silent */
    fake.link.events.message({ type: 'utterance.audio.done', utteranceId: 5 });
    fake.link.events.message({ type: 'utterance.resumed', utteranceId: 5 });
    expect(fake.voiceLog).toEqual(['begin 5', 'pause 5', 'complete 5', 'resume 5 0.3']);
    expect(mouths).toEqual([[], ['why'], null, ['why', 'Viva?']]);
    expect(s.state().current?.utterance).toMatchObject({ durationMs: 1800, whole: true });
    fake.link.events.message({ ...part('no', 0, 1), utteranceId: 4 } as ServerMessage);
    expect(s.state().current?.utterance.words.map((w) => w.text)).toEqual(['Well,', 'why', 'Viva?']);
  });

  it('an answer whose end is taken back is shown with its words and its question, and recorded on', async () => {
    const s = await inRoom();
    fake.link.events.message({ ...spoken(1), position: 1, question: 'The first?' });
    fake.link.events.message(started());
    fake.link.events.message({
      type: 'answer.ended',
      answerId: 'a1',
      position: 1,
      reason: 'endpoint',
      text: 'We moved it.',
    });
    fake.link.events.message({ ...spoken(2), position: 2, question: 'The second?' });
    expect(s.state().question?.text).toBe('The second?');
    fake.link.events.message({ type: 'utterance.paused', utteranceId: 2 });
    fake.link.events.message({ type: 'utterance.cancelled', utteranceId: 2 });
    fake.link.events.message(started({ resumed: true, elapsedMs: 9000 }));
    expect(s.state().question?.text).toBe('The first?');
    expect(s.state().answer?.before).toBe('We moved it.');
    expect(s.state().last).toBeNull();
    expect(fake.recordings.at(-1)).toMatchObject({ answerId: 'a1', zeroAt: fake.time - 9000 });
  });

  it('while a question is asked the recording of its answer runs already', async () => {
    const s = await inRoom();
    fake.link.events.message({ ...spoken(1), kind: 'greeting' });
    expect(fake.recordings).toEqual([]);
    fake.link.events.message(spoken(2));
    expect(fake.recordings).toEqual(['wait']);
    fake.link.events.message(started({ elapsedMs: 1800 }));
    expect(fake.recordings.at(-1)).toMatchObject({ answerId: 'a1', zeroAt: fake.time - 1800 });
    fake.link.events.message(spoken(3)); /* again: the recording goes on */
    fake.link.events.message({ type: 'answer.ended', answerId: 'a1', position: 1, reason: 'endpoint', text: '' });
    fake.link.events.message({ type: 'session.completed', sessionId: 's' });
    expect(fake.recordings.slice(2)).toEqual(['wait', 'stop']);
    expect(s.state().completed).toBe(true);
  });

  it('nothing runs ahead of a question while there is no connection', async () => {
    await inRoom();
    fake.link.events.message(spoken(2));
    fake.link.events.state('waiting', null);
    expect(fake.recordings).toEqual(['wait', 'stop']);
  });

  it('while muted silence goes out, so that its time is not missing from what follows', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    s.frame(loud());
    s.mute(true);
    s.frame(loud());
    s.mute(false);
    s.frame(loud());
    expect(fake.link.frames.map((f) => new DataView(f.buffer).getUint32(1, true))).toEqual([0, 1, 2]);
    expect(fake.link.frames.map((f) => f.subarray(5).some((byte) => byte !== 0))).toEqual([true, false, true]);
    expect(fake.link.sent.filter((m) => m.type === 'mic.state').slice(-2)).toEqual([
      { type: 'mic.state', microphone: true, muted: true },
      { type: 'mic.state', microphone: true, muted: false },
    ]);
  });

  it('while muted the encoder gets silence too', async () => {
    fake.codec = 'opus';
    const s = await inRoom();
    fake.link.events.message(started());
    s.mute(true);
    s.frame(loud());
    expect(fake.encoders[0]?.heard).toEqual([false]);
    s.mute(false);
    s.frame(loud());
    expect(fake.encoders[0]?.heard).toEqual([false, true]);
  });

  it('nothing goes out from a microphone that is lost', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    s.deviceLost('microphone');
    s.frame(loud());
    expect(fake.link.frames).toHaveLength(0);
  });

  it('a reconnect goes on with the recording that runs', async () => {
    await inRoom();
    fake.link.events.message(started());
    fake.link.events.state('waiting', null);
    fake.link.events.state('open', null);
    fake.link.events.message(started({ resumed: true, elapsedMs: 4000 }));
    expect(fake.recordings).toHaveLength(1);
  });

  it('the end of an answer follows the sound that is still in the encoder', async () => {
    fake.codec = 'opus';
    const s = await inRoom();
    fake.link.events.message(started());
    s.frame(loud());
    s.frame(loud());
    const ends = () => fake.link.sent.filter((m) => m.type === 'answer.done').length;
    s.done();
    fake.encoders[0]?.packet(Uint8Array.of(1));
    expect(ends()).toBe(0);
    fake.encoders[0]?.packet(Uint8Array.of(2));
    expect(fake.link.frames).toHaveLength(2);
    expect(ends()).toBe(1);
  });

  it('what is typed waits for no sound that cannot be sent any more', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    fake.link.full = true;
    s.frame(loud());
    s.deviceLost('microphone');
    fake.link.full = false;
    await s.type('In writing.');
    expect(fake.link.sent.filter((m) => m.type === 'answer.text')).toHaveLength(1);
  });

  it('between answers a skip waits for nothing, and one that waited does not reach the next question', async () => {
    const s = await inRoom();
    const skips = () => fake.link.sent.filter((m) => m.type === 'question.skip').length;
    const ended = (answerId: string, position: number): ServerMessage => ({
      type: 'answer.ended',
      answerId,
      position,
      reason: 'time_limit',
      text: '',
    });
    fake.link.events.message(started());
    fake.link.full = true;
    s.frame(loud());
    s.pass();
    expect(skips()).toBe(0);
    fake.link.events.message(ended('a1', 1));
    fake.link.full = false;
    s.frame(loud());
    fake.link.events.message(started({ answerId: 'a2', position: 2 }));
    s.frame(loud());
    expect(skips()).toBe(0);
    fake.link.full = true;
    s.frame(loud());
    fake.link.events.message(ended('a2', 2));
    s.pass();
    expect(skips()).toBe(1);
  });

  it('opus goes through the encoder; when it breaks, a new connection promises PCM', async () => {
    fake.codec = 'opus';
    const s = await inRoom();
    fake.link.events.message(started());
    s.frame(frame());
    fake.encoders[0]?.packet(Uint8Array.of(1, 2, 3));
    expect(fake.link.frames[0]?.[0]).toBe(2);
    fake.encoders[0]?.error();
    expect(fake.link.restarts).toBe(1);
    fake.link.events.state('open', null);
    expect(fake.link.sent.at(-1)).toMatchObject({ audio: { codec: 'pcm16' } });
  });
});

describe('sound down', () => {
  it('plays, reports, and tells the avatar when it is over', async () => {
    const s = await inRoom();
    const told: (number | null)[] = [];
    s.onVoice((u) => told.push(u?.utteranceId ?? null));
    fake.link.events.message({
      type: 'utterance.created',
      utteranceId: 5,
      kind: 'greeting',
      position: 0,
      text: 'Hi',
      question: '',
      followUp: 0,
      sampleRate: 22050,
      samples: 10,
      durationMs: 1,
      phonemes: [],
      words: [],
    });
    fake.link.events.sound({ utteranceId: 5, pcm: new Int16Array(10) });
    fake.link.events.message({ type: 'utterance.audio.done', utteranceId: 5 });
    fake.voice?.started(5);
    fake.voice?.finished(5);
    expect(fake.voiceLog).toEqual(['begin 5', 'push 5 10', 'complete 5']);
    expect(fake.link.types().slice(-2)).toEqual(['playback.started', 'playback.finished']);
    expect(told).toEqual([5, null]);
  });
});

describe('words without sound', () => {
  it('stand there as long as they take to read, and no longer than the candidate wants', async () => {
    vi.useFakeTimers();
    const s = await inRoom();
    const silent = (utteranceId: number): ServerMessage => ({
      type: 'utterance.created',
      utteranceId,
      kind: 'question',
      position: 1,
      text: 'Why?',
      question: 'Why?',
      followUp: 0,
      sampleRate: 0,
      samples: 0,
      durationMs: 2000,
      phonemes: [],
      words: [],
    });
    fake.link.events.message(silent(1));
    fake.link.events.message({ type: 'utterance.audio.done', utteranceId: 1 });
    expect(s.state().current?.state).toBe('playing');
    vi.advanceTimersByTime(1900);
    expect(fake.link.types().at(-1)).toBe('playback.started');
    vi.advanceTimersByTime(200);
    expect(fake.link.sent.at(-1)).toEqual({ type: 'playback.finished', utterance_id: 1 });
    fake.link.events.message(silent(2));
    s.skip();
    expect(fake.link.sent.filter((m) => m.type === 'playback.finished')).toHaveLength(2);
    vi.useRealTimers();
    expect(fake.voiceLog.filter((l) => l.startsWith('begin'))).toEqual([]);
  });
});
