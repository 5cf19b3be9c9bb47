/* What a live interview is at any moment, as a pure function: state and event in, state and actions out. The actions are done
 * by session.ts; nothing here touches a socket, a clock or a device (each event carries its time). */

import type {
  AnswerEnded,
  AnswerStarted,
  ClientMessage,
  EndReason,
  Phase,
  ServerMessage,
  UtteranceCreated,
  UtterancePart,
} from './protocol';
import type { LinkEnd, LinkState } from './transport';

export interface HeardItem {
  id: string;
  text: string;
  final: boolean;
}

export interface OpenAnswer {
  id: string;
  position: number;
  /** Local time (ms) at which the answer's own clock stood at zero. */
  zeroAt: number;
  timeLimitS: number;
  /** How much time was left at `toldAt`, in ms; null: no limit. It runs unless there is time to think. */
  leftMs: number | null;
  toldAt: number;
  extensionsLeft: number;
  /** Local time until which there is time to think; null: the answer has begun. */
  thinkUntil: number | null;
  /** What was stored before this page knew of the answer (after a reload). */
  before: string;
  items: HeardItem[];
  speaking: boolean;
  /** "I'm done" or a typed answer is on its way: nothing more may be asked of the server. */
  closing: boolean;
}

export interface EndedAnswer {
  id: string;
  position: number;
  reason: EndReason;
  text: string;
}

export interface Spoken {
  utterance: UtteranceCreated;
  /** paused: somebody speaks; it goes on, or is cancelled. */
  state: 'waiting' | 'playing' | 'paused' | 'finished';
}

/** The question that is shown: also after a reload, when nobody says it again. */
export interface ShownQuestion {
  position: number;
  text: string;
  /** Which follow-up to it this is, from 1; else it is the question itself. */
  followUp?: number;
}

export type MicState = 'on' | 'muted' | 'lost' | 'none';

export interface LiveState {
  link: LinkState;
  end: LinkEnd | null;
  /** The server asked us in at least once since the page opened. */
  joined: boolean;
  phase: Phase | null;
  position: number;
  questionCount: number;
  avatar: string;
  avatarName: string;
  current: Spoken | null;
  question: ShownQuestion | null;
  /** The question before: its answer may be taken up again. */
  earlier: ShownQuestion | null;
  answer: OpenAnswer | null;
  last: EndedAnswer | null;
  mic: MicState;
  camera: boolean;
  allowPause: boolean;
  allowSkip: boolean;
  /** The interviewer speaks more slowly. */
  slower: boolean;
  /** Nothing is heard or recorded; it goes on by itself at this local time. */
  paused: { until: number } | null;
  /** What the server cannot do at the moment. */
  missing: { hearing: boolean; speech: boolean };
  /** Our place among those who wait until the server can take one more; null: none. */
  queue: { position: number; message: string } | null;
  /** Why live captions come late; '' when they do not. */
  captionsDelayed: string;
  error: { code: string; message: string; fatal: boolean } | null;
  completed: boolean;
  /** What was heard in practice, once it is over. */
  practised: string | null;
  /** The page reaches the server, the live connection does not: a proxy in between. */
  blocked: boolean;
}

export type LiveEvent =
  | { type: 'link'; state: LinkState; end: LinkEnd | null }
  | { type: 'blocked' }
  | { type: 'server'; message: ServerMessage; now: number }
  | { type: 'playback.started'; utteranceId: number; fromMs: number }
  | { type: 'playback.finished'; utteranceId: number }
  | { type: 'mic'; state: MicState }
  | { type: 'camera'; on: boolean }
  | { type: 'done' }
  | { type: 'text'; text: string }
  | { type: 'repeat' }
  /** Anything that is only passed on: other words, more time, a pause. */
  | { type: 'wish'; message: ClientMessage }
  | { type: 'skip' }
  | { type: 'restore'; question: ShownQuestion | null; before: { answerId: string; text: string } | null };

export type LiveAction =
  | { do: 'greet' }
  | { do: 'send'; message: ClientMessage }
  | { do: 'play'; utterance: UtteranceCreated }
  /** More of it is known. */
  | { do: 'grow'; utterance: UtteranceCreated }
  | { do: 'audio-complete'; utteranceId: number }
  | { do: 'stop'; utteranceId: number }
  | { do: 'pause'; utteranceId: number }
  | { do: 'resume'; utterance: UtteranceCreated }
  | { do: 'open-answer'; answer: OpenAnswer }
  | { do: 'close-answer'; answerId: string }
  /** Nothing of it is sent or recorded until it is opened again. */
  | { do: 'hold-answer' }
  | { do: 'remember'; question: ShownQuestion }
  | { do: 'completed' };

export interface Step {
  state: LiveState;
  actions: LiveAction[];
}

export function initialState(seed: Partial<LiveState> = {}): LiveState {
  return {
    link: 'connecting',
    end: null,
    joined: false,
    phase: null,
    position: 0,
    questionCount: 0,
    avatar: '',
    avatarName: '',
    current: null,
    question: null,
    earlier: null,
    answer: null,
    last: null,
    mic: 'none',
    camera: false,
    allowPause: false,
    allowSkip: false,
    slower: false,
    paused: null,
    missing: { hearing: false, speech: false },
    queue: null,
    captionsDelayed: '',
    error: null,
    completed: false,
    practised: null,
    blocked: false,
    ...seed,
  };
}

const sameQuestion = (a: ShownQuestion, b: { position: number; followUp?: number }) =>
  a.position === b.position && (a.followUp ?? 0) === (b.followUp ?? 0);

const stay = (state: LiveState): Step => ({ state, actions: [] });

/** The words heard so far, oldest first, what is still being guessed last. */
export function heardText(answer: OpenAnswer): { settled: string; open: string } {
  const settled = [answer.before, ...answer.items.filter((i) => i.final).map((i) => i.text)];
  const open = answer.items.filter((i) => !i.final).map((i) => i.text);
  const join = (parts: string[]) =>
    parts
      .map((p) => p.trim())
      .filter((p) => p !== '')
      .join(' ');
  return { settled: join(settled), open: join(open) };
}

export function step(state: LiveState, event: LiveEvent): Step {
  switch (event.type) {
    case 'link':
      return stepLink(state, event.state, event.end);
    case 'blocked':
      return stay({ ...state, blocked: true });
    case 'server':
      return stepServer(state, event.message, event.now);
    case 'playback.started':
      return stepPlayback(state, event.utteranceId, 'playing', event.fromMs);
    case 'playback.finished':
      return stepPlayback(state, event.utteranceId, 'finished', 0);
    case 'mic':
      return stepMic(state, event.state);
    case 'camera':
      return stay({ ...state, camera: event.on });
    case 'restore':
      return stay(restore(state, event.question, event.before));
    default:
      return stepCandidate(state, event);
  }
}

function stepLink(state: LiveState, link: LinkState, end: LinkEnd | null): Step {
  const next: LiveState = { ...state, link, end: end ?? state.end };
  if (link === 'open') return { state: { ...next, blocked: false }, actions: [{ do: 'greet' }] };
  if (link === 'connecting') return stay(next);
  /* The voice in the middle of a sentence cannot be continued by a new connection: the server says it again. */
  const actions: LiveAction[] = [];
  if (state.current && state.current.state !== 'finished') {
    actions.push({ do: 'stop', utteranceId: state.current.utterance.utteranceId });
    next.current = { ...state.current, state: 'finished' };
  }
  if (link === 'closed' && state.answer) {
    actions.push({ do: 'close-answer', answerId: state.answer.id });
    next.answer = null;
  }
  if (end === 'done' && !state.completed) {
    next.completed = true;
    actions.push({ do: 'completed' });
  }
  return { state: next, actions };
}

function stepServer(state: LiveState, m: ServerMessage, now: number): Step {
  switch (m.type) {
    case 'session.created':
      return stay({
        ...state,
        joined: true,
        error: null,
        queue: null,
        captionsDelayed: '',
        missing: { hearing: false, speech: false },
        position: m.position,
        questionCount: m.questionCount,
        avatar: m.avatar || state.avatar,
        avatarName: m.avatarName || state.avatarName,
        allowPause: m.allowPause,
        allowSkip: m.allowSkip,
        slower: m.slower,
        paused: null,
      });
    case 'state':
      return stay({ ...state, phase: m.state, queue: null });
    case 'server.busy':
      return stay({ ...state, queue: { position: m.position, message: m.message } });
    case 'captions.degraded':
      return stay({ ...state, captionsDelayed: m.degraded ? m.message : '' });
    case 'utterance.created':
      return startUtterance(state, m);
    case 'utterance.part':
      return growUtterance(state, m);
    case 'utterance.audio.done':
      return {
        state: ofUtterance(state, m.utteranceId, { whole: true }),
        actions: [{ do: 'audio-complete', utteranceId: m.utteranceId }],
      };
    case 'utterance.paused':
    case 'utterance.resumed':
      return pauseUtterance(state, m.utteranceId, m.type === 'utterance.paused');
    case 'utterance.cancelled':
      return cancelUtterance(state, m.utteranceId);
    case 'answer.started':
      return startAnswer(state, m, now);
    case 'answer.time':
      return stay(
        ofAnswer(state, m.answerId, {
          leftMs: m.leftMs,
          toldAt: now,
          extensionsLeft: m.extensionsLeft,
          thinkUntil: null,
        }),
      );
    case 'think.started':
      return stay(ofAnswer(state, m.answerId, { thinkUntil: now + m.ms }));
    case 'interview.paused':
      return { state: { ...state, paused: { until: now + m.leftMs } }, actions: [{ do: 'hold-answer' }] };
    case 'interview.resumed':
      return stay({ ...state, paused: null });
    case 'voice.rate':
      return stay({ ...state, slower: m.rate < 1 });
    case 'answer.ended':
      return endAnswer(state, m);
    case 'session.completed':
      return complete(state);
    case 'practice.ended':
      return stay({ ...state, practised: m.text });
    case 'engine.unavailable':
      return stay({ ...state, missing: { ...state.missing, [m.engine === 'tts' ? 'speech' : 'hearing']: true } });
    case 'error':
      return stay({ ...state, error: { code: m.code, message: m.message, fatal: m.fatal } });
    case 'pong':
      return stay(state);
    default:
      return stay(hear(state, m));
  }
}

function startUtterance(state: LiveState, utterance: UtteranceCreated): Step {
  const actions: LiveAction[] = [];
  const next: LiveState = { ...state, current: { utterance, state: 'waiting' } };
  if (utterance.kind === 'question') {
    const { position, followUp } = utterance;
    if (state.question && !sameQuestion(state.question, utterance)) next.earlier = state.question;
    next.question = { position, followUp, text: utterance.question || utterance.text };
    next.position = position;
    /* a follow-up: the answer goes on, and is heard over it */
    if (state.answer?.closing) next.answer = { ...state.answer, closing: false };
    actions.push({ do: 'remember', question: next.question });
  }
  actions.push({ do: 'play', utterance });
  return { state: next, actions };
}

function ofUtterance(state: LiveState, id: number, change: Partial<UtteranceCreated>): LiveState {
  const { current } = state;
  if (current?.utterance.utteranceId !== id) return state;
  return { ...state, current: { ...current, utterance: { ...current.utterance, ...change } } };
}

/* The avatar of one who waits is told when it goes on. */
function growUtterance(state: LiveState, m: UtterancePart): Step {
  const was = state.current?.utterance;
  if (was?.utteranceId !== m.utteranceId) return stay(state);
  const next = ofUtterance(state, m.utteranceId, {
    durationMs: was.durationMs + m.durationMs,
    phonemes: [...was.phonemes, ...m.phonemes],
    words: [...was.words, ...m.words],
  });
  const { current } = next;
  const heard = current?.state === 'waiting' || current?.state === 'playing';
  return { state: next, actions: heard ? [{ do: 'grow', utterance: current.utterance }] : [] };
}

/* What was not heard yet waits as well: its sound may still be on its way. */
function pauseUtterance(state: LiveState, utteranceId: number, pause: boolean): Step {
  const { current } = state;
  if (current?.utterance.utteranceId !== utteranceId || current.state === 'finished') return stay(state);
  if (pause === (current.state === 'paused')) return stay(state);
  const { utterance } = current;
  return {
    state: { ...state, current: { utterance, state: pause ? 'paused' : 'playing' } },
    actions: [pause ? { do: 'pause', utteranceId } : { do: 'resume', utterance }],
  };
}

function cancelUtterance(state: LiveState, utteranceId: number): Step {
  const current =
    state.current?.utterance.utteranceId === utteranceId
      ? ({ ...state.current, state: 'finished' } as Spoken)
      : state.current;
  return { state: { ...state, current }, actions: [{ do: 'stop', utteranceId }] };
}

function startAnswer(state: LiveState, m: AnswerStarted, now: number): Step {
  const same = state.answer?.id === m.answerId ? state.answer : null;
  /* its end was taken back: the candidate went on */
  const ended = state.last?.id === m.answerId ? state.last : null;
  const answer: OpenAnswer = {
    id: m.answerId,
    position: m.position,
    zeroAt: now - m.elapsedMs,
    timeLimitS: m.timeLimitS,
    leftMs: m.timeLimitS > 0 ? Math.max(0, m.timeLimitS * 1000 - m.elapsedMs) : null,
    toldAt: now,
    extensionsLeft: 0,
    thinkUntil: null,
    before: same?.before ?? ended?.text ?? '',
    /* a guess from the old connection will not be finished by the new one */
    items: same ? same.items.filter((i) => i.final) : [],
    speaking: false,
    closing: false,
  };
  const next: LiveState = { ...state, answer, position: m.position, phase: 'listening', paused: null };
  if (state.question && !sameQuestion(state.question, m))
    next.question = state.earlier && sameQuestion(state.earlier, m) ? state.earlier : null;
  if (ended) next.last = null;
  return { state: next, actions: [{ do: 'open-answer', answer }] };
}

function ofAnswer(state: LiveState, id: string, change: Partial<OpenAnswer>): LiveState {
  return state.answer?.id === id ? { ...state, answer: { ...state.answer, ...change } } : state;
}

/** What the answer has left at a local time; null: no limit. */
export function timeLeft(answer: OpenAnswer, now: number): number | null {
  if (answer.leftMs === null) return null;
  return answer.thinkUntil === null ? Math.max(0, answer.leftMs - (now - answer.toldAt)) : answer.leftMs;
}

function endAnswer(state: LiveState, m: AnswerEnded): Step {
  const actions: LiveAction[] = [{ do: 'close-answer', answerId: m.answerId }];
  const last: EndedAnswer = { id: m.answerId, position: m.position, reason: m.reason, text: m.text };
  const answer = state.answer?.id === m.answerId ? null : state.answer;
  return { state: { ...state, answer, last }, actions };
}

function complete(state: LiveState): Step {
  if (state.completed) return stay(state);
  const actions: LiveAction[] = state.answer ? [{ do: 'close-answer', answerId: state.answer.id }] : [];
  return {
    state: { ...state, answer: null, completed: true, phase: 'done' },
    actions: [...actions, { do: 'completed' }],
  };
}

type Heard = Extract<
  ServerMessage,
  {
    type:
      | 'input_audio_buffer.speech_started'
      | 'input_audio_buffer.speech_stopped'
      | 'conversation.item.input_audio_transcription.delta'
      | 'conversation.item.input_audio_transcription.completed';
  }
>;

function hear(state: LiveState, m: Heard): LiveState {
  const { answer } = state;
  if (answer?.id !== m.answerId) return state; /* late words of an answer that ended */
  if ('atMs' in m) return { ...state, answer: { ...answer, speaking: m.type === 'input_audio_buffer.speech_started' } };
  const final = m.type === 'conversation.item.input_audio_transcription.completed';
  const item: HeardItem = { id: m.itemId, text: m.transcript, final };
  const at = answer.items.findIndex((i) => i.id === m.itemId);
  if (at >= 0 && answer.items[at]?.final && !final) return state;
  const items = at < 0 ? [...answer.items, item] : answer.items.map((i, k) => (k === at ? item : i));
  return { ...state, answer: { ...answer, items } };
}

function stepPlayback(state: LiveState, utteranceId: number, to: 'playing' | 'finished', fromMs: number): Step {
  const { current } = state;
  const isCurrent = current?.utterance.utteranceId === utteranceId;
  if (isCurrent && current.state === 'finished') return stay(state);
  const held = isCurrent && current.state === 'paused' && to === 'playing'; /* it began as it was stopped */
  const next = isCurrent && !held ? { ...state, current: { ...current, state: to } } : state;
  const type = to === 'playing' ? 'playback.started' : 'playback.finished';
  const from = fromMs > 0 ? { from_ms: fromMs } : {};
  return { state: next, actions: [{ do: 'send', message: { type, utterance_id: utteranceId, ...from } }] };
}

function stepMic(state: LiveState, mic: MicState): Step {
  if (mic === state.mic) return stay(state);
  const message: ClientMessage = {
    type: 'mic.state',
    microphone: mic === 'on' || mic === 'muted',
    muted: mic === 'muted',
  };
  return { state: { ...state, mic }, actions: [{ do: 'send', message }] };
}

function restore(
  state: LiveState,
  question: ShownQuestion | null,
  before: { answerId: string; text: string } | null,
): LiveState {
  const next = { ...state };
  const position = state.answer?.position ?? state.position;
  if (!state.question && question && (position === 0 || question.position === position)) next.question = question;
  if (state.answer && before?.answerId === state.answer.id && state.answer.items.length === 0)
    next.answer = { ...state.answer, before: before.text };
  return next;
}

type CandidateEvent = Extract<LiveEvent, { type: 'done' | 'text' | 'repeat' | 'skip' | 'wish' }>;

function stepCandidate(state: LiveState, event: CandidateEvent): Step {
  const { answer, current } = state;
  if (event.type === 'skip') {
    if (!current || current.state === 'finished') return stay(state);
    const { utteranceId } = current.utterance;
    return {
      state: { ...state, current: { ...current, state: 'finished' } },
      actions: [
        { do: 'stop', utteranceId },
        { do: 'send', message: { type: 'playback.finished', utterance_id: utteranceId } },
      ],
    };
  }
  if (state.link !== 'open') return stay(state);
  if (event.type === 'wish') return { state, actions: [{ do: 'send', message: event.message }] };
  if (event.type === 'repeat') return { state, actions: [{ do: 'send', message: { type: 'question.repeat' } }] };
  if (!answer || answer.closing) return stay(state);
  const message: ClientMessage =
    event.type === 'done'
      ? { type: 'answer.done', answer_id: answer.id }
      : { type: 'answer.text', answer_id: answer.id, text: event.text };
  return { state: { ...state, answer: { ...answer, closing: true } }, actions: [{ do: 'send', message }] };
}
