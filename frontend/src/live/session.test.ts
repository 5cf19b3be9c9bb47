import { beforeEach, describe, expect, it } from 'vitest';
import { ON, fake, fault, inRoom, loud, reset, session, started, state } from '../test/liveSession';

beforeEach(reset);

describe('starting', () => {
  it('says what it has and what it can', async () => {
    fake.codec = 'opus';
    await inRoom();
    expect(fake.link.sent.at(-1)).toEqual({
      type: 'session.start',
      audio: { codec: 'opus' },
      playback: ['pcm16'],
      microphone: true,
      camera: true,
      practice: false,
    });
  });

  it('without a microphone it says so, and nothing is recorded', async () => {
    await inRoom({ stream: null, camera: 'off', microphone: 'denied', video: false });
    expect(fake.link.sent.at(-1)).toMatchObject({ type: 'session.start', microphone: false });
    fake.link.events.message(started());
    expect(fake.recordings).toEqual(['stop']);
  });

  it('waits for the server before the first connection: the next segment must be known', async () => {
    fake.remote = fault(0);
    const s = session();
    const going = s.start(ON);
    for (let i = 0; i < 10; i++) await Promise.resolve();
    expect(fake.link.started).toBe(0);
    expect(s.state().link).toBe('waiting');
    fake.remote = state({
      answers: [
        {
          id: 'a1',
          position: 2,
          status: 'open',
          mode: 'voice',
          text: 'I said this.',
          question_text: 'Why?',
          follow_up: 0,
        },
      ],
      next_segment_of_open_answer: 3,
    });
    await going;
    expect(fake.link.started).toBe(1);
    fake.link.events.state('open', null);
    fake.link.events.message(started({ position: 2, resumed: true, elapsedMs: 8000 }));
    expect(fake.recordings[0]).toMatchObject({ answerId: 'a1', minSegment: 3, zeroAt: fake.time - 8000 });
    expect(s.state().answer?.before).toBe('I said this.');
    expect(s.state().question).toEqual({ position: 2, text: 'Why?', followUp: 0 });
    fake.link.events.message({ type: 'answer.ended', answerId: 'a1', position: 2, reason: 'endpoint', text: '' });
    fake.link.events.message(started({ answerId: 'a2', position: 3 }));
    expect(fake.recordings.at(-1)).toMatchObject({ answerId: 'a2', minSegment: 0 });
  });

  it.each([
    [401, 'token'],
    [410, 'over'],
  ] as const)('a refusal with %i ends here', async (status, end) => {
    fake.remote = fault(status);
    const s = session();
    await s.start(ON);
    expect(fake.link.started).toBe(0);
    expect(s.state().end).toBe(end);
  });

  it('a session that is over is completed without a connection', async () => {
    fake.remote = state({ status: 'completed' });
    const s = session();
    await s.start(ON);
    expect(s.state().completed).toBe(true);
    expect(fake.link.started).toBe(0);
  });
});

describe('the microphone', () => {
  it('lost in the middle of an answer: told, and what is left goes on in a new segment', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    s.deviceLost('microphone');
    expect(s.state().mic).toBe('lost');
    expect(fake.link.sent.at(-1)).toEqual({ type: 'mic.state', microphone: false, muted: false });
    expect(fake.recordings).toHaveLength(2);
    s.setDevices({ ...ON, stream: {} as MediaStream });
    expect(s.state().mic).toBe('on');
    expect(fake.recordings).toHaveLength(3);
  });

  it('muting mutes everything, and a reconnect says it again', async () => {
    const s = await inRoom();
    s.mute(true);
    expect(fake.muted).toEqual([true]);
    fake.link.events.state('waiting', null);
    fake.link.events.state('open', null);
    expect(fake.link.sent.slice(-2)).toMatchObject([
      { type: 'session.start', microphone: true },
      { type: 'mic.state', muted: true },
    ]);
    s.setDevices({ ...ON, camera: 'missing' });
    expect(s.state().mic).toBe('muted');
  });
});

describe('a pause', () => {
  it('sends and records nothing until it is over, then goes on in a new segment', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    s.pause();
    expect(fake.link.types().at(-1)).toBe('interview.pause');
    fake.link.events.message({ type: 'interview.paused', leftMs: 60_000 });
    s.frame(loud());
    s.setDevices({ ...ON, stream: {} as MediaStream });
    expect(fake.link.frames).toHaveLength(0);
    expect(fake.recordings.at(-1)).toBe('stop');
    s.goOn();
    expect(fake.link.types().at(-1)).toBe('interview.resume');
    fake.link.events.message({ type: 'interview.resumed' });
    fake.time = 61_000;
    fake.link.events.message(started({ resumed: true, elapsedMs: 60_000 }));
    s.frame(loud());
    expect(fake.link.frames).toHaveLength(1);
    expect(fake.link.sent.at(-1)).toEqual({ type: 'input_audio_buffer.position', answer_id: 'a1', at_ms: 59_980 });
    expect(fake.recordings.at(-1)).toMatchObject({ answerId: 'a1' });
  });

  it('time left and a wish go by the answer that is open', async () => {
    const s = await inRoom();
    expect(s.timeLeft()).toBeNull();
    s.extend();
    expect(fake.link.types()).not.toContain('answer.extend');
    fake.link.events.message(started({ timeLimitS: 120 }));
    fake.time += 20_000;
    expect(s.timeLeft()).toBe(100_000);
    s.extend();
    expect(fake.link.sent.at(-1)).toEqual({ type: 'answer.extend', answer_id: 'a1' });
  });
});

describe('typing', () => {
  it('goes over the connection when there is one', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    expect(await s.type('Written.')).toBe(true);
    expect(fake.link.sent.at(-1)).toEqual({ type: 'answer.text', answer_id: 'a1', text: 'Written.' });
  });

  it('goes over HTTP when there is none, and says when that fails too', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    fake.link.events.state('waiting', null);
    fake.remote = fault(0);
    expect(await s.type('Written.')).toBe(false);
    expect(s.state().answer).not.toBeNull();
    fake.remote = state();
    expect(await s.type('Written.')).toBe(true);
    expect(fake.texts).toEqual(['Written.', 'Written.']);
    expect(s.state().last).toMatchObject({ text: 'Written.', reason: 'text' });
    expect(fake.recordings.at(-1)).toBe('wait');
  });
});

describe('the end', () => {
  it('completes once: recording stopped, connection left', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    fake.link.events.message({ type: 'session.completed', sessionId: 's' });
    fake.link.events.state('closed', 'done');
    expect(s.state().completed).toBe(true);
    expect(fake.link.stopped).toBe(1);
    expect(fake.recordings.at(-1)).toBe('stop');
  });

  it('another tab took over: recording stops here', async () => {
    const s = await inRoom();
    fake.link.events.message(started());
    fake.link.events.state('closed', 'replaced');
    expect(s.state()).toMatchObject({ end: 'replaced', completed: false });
    expect(fake.recordings.at(-1)).toBe('stop');
  });

  it('a socket that never opens although HTTP answers is blocked, until it opens', async () => {
    const settle = async () => {
      for (let i = 0; i < 5; i++) await Promise.resolve();
    };
    const s = session();
    await s.start(ON);
    fake.link.events.refused(2);
    await settle();
    expect(s.state().blocked).toBe(false);
    fake.remote = fault(0);
    fake.link.events.refused(4);
    await settle();
    expect(s.state().blocked).toBe(false); /* nothing gets through: not a proxy's doing */
    fake.remote = state();
    fake.link.events.refused(6);
    await settle();
    expect(s.state().blocked).toBe(true);
    fake.link.events.state('open', null);
    expect(s.state().blocked).toBe(false);
  });

  it('a socket that never opens is explained over HTTP', async () => {
    const s = await inRoom();
    fake.link.events.state('waiting', null);
    fake.remote = fault(401);
    fake.link.events.refused(2);
    for (let i = 0; i < 5; i++) await Promise.resolve();
    expect(s.state().end).toBe('token');
  });
});
