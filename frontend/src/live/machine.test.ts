import { describe, expect, it } from 'vitest';
import { heardText, initialState, step, timeLeft } from './machine';
import type { LiveAction, LiveEvent, LiveState } from './machine';
import type { ServerMessage, UtteranceCreated } from './protocol';

const server = (message: ServerMessage, now = 1000): LiveEvent => ({ type: 'server', message, now });

const utterance = (over: Partial<UtteranceCreated> = {}): UtteranceCreated => ({
  type: 'utterance.created',
  utteranceId: 1,
  kind: 'question',
  position: 1,
  text: 'Thank you. Why this role?',
  question: 'Why this role?',
  followUp: 0,
  sampleRate: 22050,
  samples: 22050,
  durationMs: 1000,
  phonemes: [],
  words: [],
  ...over,
});

const started = (over = {}): ServerMessage => ({
  type: 'answer.started',
  answerId: 'a1',
  position: 1,
  heardMs: 0,
  elapsedMs: 0,
  resumed: false,
  timeLimitS: 180,
  followUp: 0,
  ...over,
});

function run(events: LiveEvent[], from: LiveState = initialState()): { state: LiveState; actions: LiveAction[] } {
  let state = from;
  const actions: LiveAction[] = [];
  for (const event of events) {
    const next = step(state, event);
    state = next.state;
    actions.push(...next.actions);
  }
  return { state, actions };
}

const open: LiveEvent = { type: 'link', state: 'open', end: null };
const lost: LiveEvent = { type: 'link', state: 'waiting', end: null };
const delta = (itemId: string, transcript: string): ServerMessage => ({
  type: 'conversation.item.input_audio_transcription.delta',
  answerId: 'a1',
  itemId,
  transcript,
});
const final = (itemId: string, transcript: string): ServerMessage => ({
  type: 'conversation.item.input_audio_transcription.completed',
  answerId: 'a1',
  itemId,
  transcript,
  startMs: 0,
  endMs: 1,
});

describe('a turn', () => {
  it('greets on every connection', () => {
    expect(run([open, lost, open]).actions.filter((a) => a.do === 'greet')).toHaveLength(2);
  });

  it('plays a question, remembers it, reports the end of the sound', () => {
    const { state, actions } = run([
      open,
      server(utterance()),
      { type: 'playback.started', utteranceId: 1, fromMs: 0 },
      { type: 'playback.finished', utteranceId: 1 },
    ]);
    expect(actions.map((a) => a.do)).toEqual(['greet', 'remember', 'play', 'send', 'send']);
    expect(actions[4]).toEqual({ do: 'send', message: { type: 'playback.finished', utterance_id: 1 } });
    expect(state.question).toEqual({ position: 1, followUp: 0, text: 'Why this role?' });
    expect(state.current?.state).toBe('finished');
  });

  it('a follow-up reopens the microphone of an answer that was closing, and is the question now', () => {
    const before = run([open, server(utterance()), server(started()), { type: 'done' }]).state;
    expect(before.answer?.closing).toBe(true);
    const { state } = run([server(utterance({ utteranceId: 2, followUp: 1, question: 'And then?' }))], before);
    expect(state.answer?.closing).toBe(false);
    expect(state.question).toEqual({ position: 1, followUp: 1, text: 'And then?' });
    const answered = run([server(started({ followUp: 1, resumed: true }))], state).state;
    expect(answered.question?.text).toBe('And then?');
    /* the candidate went on as it began: it is taken back */
    const back = run([server(started({ resumed: true }))], state).state;
    expect(back.question?.text).toBe('Why this role?');
  });

  it('does not report an end twice', () => {
    const { actions } = run([
      open,
      server(utterance()),
      { type: 'playback.finished', utteranceId: 1 },
      { type: 'playback.finished', utteranceId: 1 },
    ]);
    expect(actions.filter((a) => a.do === 'send')).toHaveLength(1);
  });

  it('skips what is being said and tells the server', () => {
    const { state, actions } = run([open, server(utterance()), { type: 'skip' }]);
    expect(actions.slice(-2)).toEqual([
      { do: 'stop', utteranceId: 1 },
      { do: 'send', message: { type: 'playback.finished', utterance_id: 1 } },
    ]);
    expect(state.current?.state).toBe('finished');
    expect(run([{ type: 'skip' }], state).actions).toEqual([]);
  });

  it('places the answer’s own clock behind by what has passed', () => {
    const { state, actions } = run([open, server(started({ elapsedMs: 400 }), 5000)]);
    expect(state.answer?.zeroAt).toBe(4600);
    expect(state.phase).toBe('listening');
    expect(actions.at(-1)).toMatchObject({ do: 'open-answer', answer: { id: 'a1' } });
  });

  it('knows what the server cannot do, until it says hello again', () => {
    const missing = (engine: string): LiveEvent => server({ type: 'engine.unavailable', engine, message: '' });
    const { state } = run([open, missing('tts'), missing('vad')]);
    expect(state.missing).toEqual({ hearing: true, speech: true });
    const hello: ServerMessage = {
      type: 'session.created',
      sessionId: 's',
      status: '',
      position: 1,
      questionCount: 3,
      resumed: true,
      avatar: '',
      avatarName: '',
      allowPause: true,
      allowSkip: true,
      slower: false,
    };
    expect(run([server(hello)], state).state.missing).toEqual({ hearing: false, speech: false });
  });

  it('waits in the queue until the interview begins', () => {
    const busy = (position: number): LiveEvent =>
      server({ type: 'server.busy', position, retryAfterS: 10, message: 'Many interviews' });
    const { state } = run([open, busy(2), busy(1)]);
    expect(state.queue).toEqual({ position: 1, message: 'Many interviews' });
    expect(run([server({ type: 'state', state: 'greeting' })], state).state.queue).toBeNull();
  });

  it('knows why captions come late, and when they do not any more', () => {
    const captions = (degraded: boolean, message: string): LiveEvent =>
      server({ type: 'captions.degraded', degraded, message });
    const { state } = run([open, captions(true, 'Captions are delayed')]);
    expect(state.captionsDelayed).toBe('Captions are delayed');
    expect(run([captions(false, '')], state).state.captionsDelayed).toBe('');
  });

  it('a cancelled utterance is stopped at once', () => {
    const { state, actions } = run([
      open,
      server(utterance()),
      server({ type: 'utterance.cancelled', utteranceId: 1 }),
    ]);
    expect(actions.at(-1)).toEqual({ do: 'stop', utteranceId: 1 });
    expect(state.current?.state).toBe('finished');
  });
});

describe('words', () => {
  const listening = run([open, server(started())]).state;

  it('a guess is replaced, a final stays, order is kept', () => {
    const { state } = run(
      [
        server(delta('1', 'one')),
        server(delta('1', 'one two')),
        server(final('1', 'One two.')),
        server(delta('2', 'and')),
      ],
      listening,
    );
    expect(state.answer && heardText(state.answer)).toEqual({ settled: 'One two.', open: 'and' });
  });

  it('a late guess does not undo a final', () => {
    const { state } = run([server(final('1', 'One.')), server(delta('1', 'on'))], listening);
    expect(state.answer && heardText(state.answer)).toEqual({ settled: 'One.', open: '' });
  });

  it('words of another answer are not shown', () => {
    const { state } = run([server({ ...delta('1', 'ghost'), answerId: 'a0' } as ServerMessage)], listening);
    expect(state.answer?.items).toEqual([]);
  });

  it('after a reconnect the finals stay and the guesses go', () => {
    const said = run([server(final('1', 'One.')), server(delta('2', 'tw'))], listening).state;
    const { state } = run([lost, open, server(started({ resumed: true, elapsedMs: 9000 }), 10_000)], said);
    expect(state.answer && heardText(state.answer)).toEqual({ settled: 'One.', open: '' });
    expect(state.answer?.zeroAt).toBe(1000);
  });

  it('after a reload what the server had comes before what is heard now', () => {
    const { state } = run(
      [
        { type: 'restore', question: { position: 1, text: 'Why?' }, before: { answerId: 'a1', text: 'I said' } },
        server(delta('9', 'and')),
      ],
      listening,
    );
    expect(state.answer && heardText(state.answer)).toEqual({ settled: 'I said', open: 'and' });
    expect(state.question?.text).toBe('Why?');
  });

  it('a remembered question of another position is not shown', () => {
    const { state } = run([{ type: 'restore', question: { position: 4, text: 'Old?' }, before: null }], listening);
    expect(state.question).toBeNull();
  });
});

describe('the candidate', () => {
  const listening = run([open, server(started())]).state;

  it('is done once', () => {
    const { state, actions } = run([{ type: 'done' }, { type: 'done' }, { type: 'text', text: 'late' }], listening);
    expect(actions).toEqual([{ do: 'send', message: { type: 'answer.done', answer_id: 'a1' } }]);
    expect(state.answer?.closing).toBe(true);
  });

  it('may try again when the connection dropped before the server knew', () => {
    const closing = run([{ type: 'done' }], listening).state;
    const { state } = run([lost, open, server(started({ resumed: true }))], closing);
    expect(state.answer?.closing).toBe(false);
  });

  it('asks nothing of a server that is not there', () => {
    const away = run([lost], listening).state;
    expect(run([{ type: 'done' }, { type: 'repeat' }], away).actions).toEqual([]);
    expect(run([{ type: 'done' }], away).state.answer?.closing).toBe(false);
  });

  it('a changed microphone is told once', () => {
    const { actions } = run(
      [
        { type: 'mic', state: 'muted' },
        { type: 'mic', state: 'muted' },
      ],
      listening,
    );
    expect(actions).toEqual([{ do: 'send', message: { type: 'mic.state', microphone: true, muted: true } }]);
  });
});

describe('ends', () => {
  const listening = run([open, server(started())]).state;
  const endedMessage: ServerMessage = {
    type: 'answer.ended',
    answerId: 'a1',
    position: 1,
    reason: 'endpoint',
    text: 'All.',
  };

  it('an ended answer stops the recording and is shown as the last', () => {
    const { state, actions } = run([server(endedMessage)], listening);
    expect(actions).toEqual([{ do: 'close-answer', answerId: 'a1' }]);
    expect(state.answer).toBeNull();
    expect(state.last).toMatchObject({ position: 1, text: 'All.' });
  });

  it('completion is done once, whoever tells it', () => {
    const { actions, state } = run(
      [server({ type: 'session.completed', sessionId: 's' }), { type: 'link', state: 'closed', end: 'done' }],
      listening,
    );
    expect(actions.filter((a) => a.do === 'completed')).toHaveLength(1);
    expect(state.completed).toBe(true);
  });

  it('being replaced closes the answer here and does not complete', () => {
    const { state, actions } = run([{ type: 'link', state: 'closed', end: 'replaced' }], listening);
    expect(actions).toEqual([{ do: 'close-answer', answerId: 'a1' }]);
    expect(state).toMatchObject({ end: 'replaced', completed: false, answer: null });
  });

  it('a drop stops the voice but keeps the answer open', () => {
    const speaking = run([server(utterance({ utteranceId: 7, kind: 'prompt' }))], listening).state;
    const { state, actions } = run([lost], speaking);
    expect(actions).toEqual([{ do: 'stop', utteranceId: 7 }]);
    expect(state.answer?.id).toBe('a1');
  });

  it('practice ends with what was heard, and completes nothing', () => {
    const { state, actions } = run([server({ type: 'practice.ended', text: 'I like to bake.' })], listening);
    expect(state).toMatchObject({ practised: 'I like to bake.', completed: false });
    expect(actions).toEqual([]);
  });
});

describe('what a candidate may want', () => {
  const time = (leftMs: number | null, extensionsLeft = 2): ServerMessage => ({
    type: 'answer.time',
    answerId: 'a1',
    leftMs,
    extensionsLeft,
  });

  it('time left runs from when it was told, and not while there is time to think', () => {
    const begun = run([open, server(started(), 1000), server(time(180_000), 1000)]).state;
    expect(begun.answer && timeLeft(begun.answer, 11_000)).toBe(170_000);
    const thinking = run([server({ type: 'think.started', answerId: 'a1', ms: 20_000 }, 1000)], begun).state;
    expect(thinking.answer?.thinkUntil).toBe(21_000);
    expect(thinking.answer && timeLeft(thinking.answer, 11_000)).toBe(180_000);
    const ready = run([server(time(180_000), 11_000)], thinking).state;
    expect(ready.answer).toMatchObject({ thinkUntil: null, extensionsLeft: 2 });
    expect(ready.answer && timeLeft(ready.answer, 12_000)).toBe(179_000);
    const endless = run([server(time(null, 0), 12_000)], ready).state;
    expect(endless.answer && timeLeft(endless.answer, 99_000)).toBeNull();
  });

  it('of another answer it changes nothing', () => {
    const { state } = run([open, server({ ...time(5), answerId: 'a0' } as ServerMessage)]);
    expect(state.answer).toBeNull();
  });

  it('a pause holds the answer, which goes on with its words', () => {
    const paused = run([
      open,
      server(started(), 1000),
      server(final('i1', 'We moved it')),
      server({ type: 'interview.paused', leftMs: 60_000 }, 2000),
    ]);
    expect(paused.actions.at(-1)).toEqual({ do: 'hold-answer' });
    expect(paused.state.paused).toEqual({ until: 62_000 });
    const on = run([server({ type: 'interview.resumed' }), server(started({ resumed: true }), 9000)], paused.state);
    expect(on.state.paused).toBeNull();
    expect(on.state.answer && heardText(on.state.answer).settled).toBe('We moved it');
    expect(on.actions.at(-1)).toMatchObject({ do: 'open-answer' });
  });

  it('wishes are passed on while somebody hears them', () => {
    const wish: LiveEvent = { type: 'wish', message: { type: 'question.rephrase' } };
    expect(run([open, wish]).actions.at(-1)).toEqual({ do: 'send', message: { type: 'question.rephrase' } });
    expect(run([lost, wish]).actions).toEqual([]);
  });

  it('the voice is as slow as the server says', () => {
    expect(run([open, server({ type: 'voice.rate', rate: 0.8 })]).state.slower).toBe(true);
  });
});
