import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { initialState } from '../../live/machine';
import type { LiveState, OpenAnswer } from '../../live/machine';
import type { UtteranceCreated } from '../../live/protocol';
import type { RigState } from '../../live/rig';
import { publicInterviewService } from '../../services/publicInterviewService';
import type { PublicInterview, SessionState } from '../../services/types';
import { ApiError } from '../../utils/errorHandler';
import { forgetCandidacy, loadCandidacy, reference, saveCandidacy } from './candidacy';
import { cuesOf, litAt } from './captions';
import { Consent } from './Consent';
import { deviceAdvice } from './deviceWords';
import { RoomMore } from './RoomMore';
import type { RoomMoreProps } from './RoomMore';
import { RoomPause } from './RoomPause';
import { roomWords } from './roomState';
import { TimeLeft } from './TimeLeft';
import { TypeAnswer } from './TypeAnswer';
import { RoomNotices } from './RoomNotices';
import { Written } from './Written';

const INTERVIEW: PublicInterview = {
  title: 'Analyst',
  job_role: 'Analyst',
  organisation: 'Halden Water',
  interview_type: 'mixed',
  question_count: 3,
  minutes_estimate: 12,
  avatar: 'daniel',
  avatar_name: 'Daniel',
  language: 'en',
  engines_ready: true,
  practice: false,
  status: 'open',
  registration: 'open',
  privacy_notice: '',
  ai_notice: 'It runs on the organisation’s own server. A person decides.',
  support_email: null,
};

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

describe('consent', () => {
  const setUp = () => {
    const onRegistered = vi.fn();
    const onCompleted = vi.fn();
    render(<Consent interview={INTERVIEW} link="l" onRegistered={onRegistered} onCompleted={onCompleted} />);
    return {
      onRegistered,
      onCompleted,
      user: userEvent.setup(),
      go: () => screen.getByRole('button', { name: /device check/ }),
    };
  };
  it('shows what the organisation says of privacy, and whom to ask', () => {
    setUp();
    expect(screen.queryByText('Privacy notice')).not.toBeInTheDocument();
    expect(screen.queryByText(/Questions go to/)).not.toBeInTheDocument();
    const told = { ...INTERVIEW, privacy_notice: 'Kept 90 days.\nThen erased.', support_email: 'jobs@halden.example' };
    render(<Consent interview={told} link="l" onRegistered={vi.fn()} onCompleted={vi.fn()} />);
    expect(screen.getByRole('region', { name: 'Privacy notice' })).toHaveTextContent('Kept 90 days. Then erased.');
    expect(screen.getByRole('link', { name: 'jobs@halden.example' })).toHaveAttribute(
      'href',
      'mailto:jobs@halden.example',
    );
  });
  const fill = async (user: ReturnType<typeof userEvent.setup>) => {
    await user.click(screen.getByLabelText('Record my answers'));
    await user.click(screen.getByLabelText(/Let an AI ask/));
    await user.type(screen.getByLabelText('Your name'), '  Sam Okafor ');
    await user.type(screen.getByLabelText('E-mail'), 'sam@example.org');
  };

  it('asks for each thing that is missing, and goes to the first', async () => {
    const register = vi.spyOn(publicInterviewService, 'register');
    const { user, go } = setUp();
    await user.click(go());
    expect(screen.getAllByRole('alert')).toHaveLength(4);
    expect(screen.getByLabelText('Your name')).toHaveFocus();
    expect(register).not.toHaveBeenCalled();
  });

  it('neither tick stands for the other', async () => {
    const register = vi.spyOn(publicInterviewService, 'register');
    const { user, go } = setUp();
    await fill(user);
    await user.click(screen.getByLabelText(/Let an AI ask/));
    await user.click(go());
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    expect(register).not.toHaveBeenCalled();
  });

  it('registers with trimmed words', async () => {
    const register = vi.spyOn(publicInterviewService, 'register').mockResolvedValue({
      session_id: 's',
      session_token: 't',
      status: 'registered',
      candidate: { full_name: 'Sam' },
    });
    const { user, go, onRegistered } = setUp();
    await fill(user);
    await user.click(go());
    await waitFor(() => expect(onRegistered).toHaveBeenCalledOnce());
    expect(register.mock.calls[0]?.[1]).toEqual({
      full_name: 'Sam Okafor',
      email: 'sam@example.org',
      consent_recording: true,
      consent_ai: true,
    });
  });

  it('shows what the server refuses at its field', async () => {
    vi.spyOn(publicInterviewService, 'register').mockRejectedValue(
      new ApiError({ status: 422, code: 'field_invalid', message: 'That address does not exist.', field: 'email' }),
    );
    const { user, go } = setUp();
    await fill(user);
    await user.click(go());
    expect(await screen.findByText('That address does not exist.')).toBeInTheDocument();
    expect(screen.getByLabelText('E-mail')).toHaveFocus();
  });

  it('knows who is done already', async () => {
    vi.spyOn(publicInterviewService, 'register').mockRejectedValue(
      new ApiError({ status: 409, code: 'session_completed', message: 'done' }),
    );
    const { user, go, onCompleted } = setUp();
    await fill(user);
    await user.click(go());
    await waitFor(() => expect(onCompleted).toHaveBeenCalledOnce());
  });
});

describe('time left', () => {
  const answer = {
    id: 'a',
    position: 1,
    zeroAt: 0,
    timeLimitS: 120,
    leftMs: 120_000,
    toldAt: 0,
    extensionsLeft: 0,
    thinkUntil: null,
    before: '',
    items: [],
    speaking: false,
    closing: false,
  };
  const shown = (over: Partial<OpenAnswer>, left: () => number | null, onExtend = vi.fn()) =>
    render(
      <TimeLeft
        answer={{ ...answer, ...over }}
        elapsed={() => 5000}
        left={left}
        until={(at) => at}
        onExtend={onExtend}
      />,
    );

  it('is announced at 60, 30 and 10 seconds, never each second', () => {
    vi.useFakeTimers();
    let elapsed = 0;
    shown({}, () => Math.max(0, 120_000 - elapsed));
    const said: [number, string][] = [];
    for (elapsed = 0; elapsed <= 121_000; elapsed += 250) {
      act(() => void vi.advanceTimersByTime(250));
      const words = screen.getByRole('status').textContent;
      if (words !== said.at(-1)?.[1]) said.push([Math.ceil(120 - elapsed / 1000), words]);
    }
    vi.useRealTimers();
    expect(said).toEqual([
      [120, ''],
      [60, 'One minute left.'],
      [30, '30 seconds left.'],
      [10, '10 seconds left.'],
    ]);
  });

  it('says that time was added, and stands out from 30 seconds on', () => {
    vi.useFakeTimers();
    let now = 31_000;
    const view = shown({ extensionsLeft: 1 }, () => now);
    const clock = () => view.container.querySelector('b');
    const at = (ms: number) => {
      now = ms;
      act(() => void vi.advanceTimersByTime(250));
    };
    at(31_000);
    expect(clock()).not.toHaveClass('text-warn-ink');
    at(30_000);
    expect(clock()).toHaveClass('text-warn-ink');
    expect(screen.getByRole('status')).toHaveTextContent('30 seconds left.');
    at(149_500);
    expect(screen.getByRole('status')).toHaveTextContent('2 minutes were added.');
    expect(clock()).not.toHaveClass('text-warn-ink');
    at(148_000);
    expect(screen.getByRole('status')).toHaveTextContent('2 minutes were added.');
    vi.useRealTimers();
  });

  it('offers two minutes more from a minute before the end, while there are any', async () => {
    const extend = vi.fn();
    const long = shown({ extensionsLeft: 2 }, () => 61_000, extend);
    expect(screen.queryByRole('button')).toBeNull();
    long.unmount();
    const near = shown({ extensionsLeft: 2 }, () => 60_000, extend);
    await userEvent.setup().click(screen.getByRole('button', { name: '2 more minutes' }));
    expect(extend).toHaveBeenCalledOnce();
    near.unmount();
    shown({ extensionsLeft: 0 }, () => 30_000);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('counts the time to think without hurry: nothing is announced, nothing offered', () => {
    shown({ thinkUntil: 18_000, extensionsLeft: 2 }, () => 20_000);
    expect(screen.getByText('0:18')).toBeInTheDocument();
    expect(screen.getByText('to think')).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('only counts where there is no limit', () => {
    shown({ timeLimitS: 0, leftMs: null }, () => null);
    expect(screen.getByText('0:05')).toBeInTheDocument();
    expect(screen.getByText('so far, no limit')).toBeInTheDocument();
  });
});

describe('more for a question', () => {
  const more = (over: Partial<RoomMoreProps> = {}) => {
    const props = { onRephrase: vi.fn(), onSlower: vi.fn(), onSkip: vi.fn() };
    render(<RoomMore available slower={false} allowSkip begun={false} {...props} {...over} />);
    return props;
  };
  const open = async () => {
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'More' }));
    return user;
  };

  it('says it in other words, and gives the focus back', async () => {
    const { onRephrase } = more();
    const user = await open();
    await user.click(screen.getByRole('button', { name: /In other words/ }));
    expect(onRephrase).toHaveBeenCalledOnce();
    expect(screen.queryByRole('group')).toBeNull();
    expect(screen.getByRole('button', { name: 'More' })).toHaveFocus();
  });

  it('turns the slower voice off again', async () => {
    const { onSlower } = more({ slower: true });
    const user = await open();
    const slower = screen.getByRole('button', { name: /Slower voice/ });
    expect(slower).toHaveAttribute('aria-pressed', 'true');
    await user.click(slower);
    expect(onSlower).toHaveBeenCalledWith(false);
  });

  it('asks before it skips, and says what becomes of what was said', async () => {
    const { onSkip } = more({ begun: true });
    const user = await open();
    await user.click(screen.getByRole('button', { name: /Skip this question/ }));
    expect(screen.getByText(/kept, but not assessed/)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Stay' }));
    expect(onSkip).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(screen.getByRole('button', { name: /Skip this question/ }));
    await user.click(screen.getByRole('button', { name: 'Skip it' }));
    expect(onSkip).toHaveBeenCalledOnce();
  });

  it('offers no skipping where the interview does not', async () => {
    more({ allowSkip: false });
    await open();
    expect(screen.queryByRole('button', { name: /Skip/ })).toBeNull();
  });

  it('is closed by Escape, and shut while there is no question', async () => {
    more();
    const user = await open();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('group')).toBeNull();
    cleanup();
    more({ available: false });
    await open();
    expect(screen.queryByRole('group')).toBeNull();
  });
});

describe('a pause', () => {
  it('stays in the room or leaves it', async () => {
    const onPause = vi.fn();
    const onLeave = vi.fn();
    const props = { open: true, question: 2, onClose: vi.fn(), onPause, onLeave };
    const view = render(<RoomPause here {...props} />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Pause here' }));
    await user.click(screen.getByRole('button', { name: 'Stop for now' }));
    expect([onPause, onLeave].map((f) => f.mock.calls.length)).toEqual([1, 1]);
    view.rerender(<RoomPause here={false} {...props} />);
    expect(screen.queryByRole('button', { name: 'Pause here' })).toBeNull();
  });

  it('is what the room says', () => {
    const state = initialState({ joined: true, link: 'open', paused: { until: 0 } });
    expect(roomWords(state, 'Daniel', 29)).toMatchObject({
      heading: 'Paused',
      advice: 'Nothing is heard or recorded. Go on when you like; in 29 minutes it goes on by itself.',
    });
  });
});

describe('typing', () => {
  it('keeps the words on the device until the server has them', async () => {
    const user = userEvent.setup();
    const onSend = vi.fn().mockResolvedValueOnce(false).mockResolvedValueOnce(true);
    const view = render(<TypeAnswer answerId="a9" onSend={onSend} sending={false} focus={false} />);
    await user.type(screen.getByLabelText('Your answer in writing'), 'My answer');
    await user.click(screen.getByRole('button', { name: 'Send my answer' }));
    expect(await screen.findByText(/did not go out/)).toBeInTheDocument();
    view.unmount();
    render(<TypeAnswer answerId="a9" onSend={onSend} sending={false} focus={false} />);
    expect(screen.getByLabelText('Your answer in writing')).toHaveValue('My answer');
    await user.click(screen.getByRole('button', { name: 'Send my answer' }));
    await waitFor(() => expect(localStorage.getItem('viva.draft.a9')).toBeNull());
    expect(onSend).toHaveBeenCalledWith('My answer');
  });

  it('asks for words before it sends', async () => {
    const onSend = vi.fn();
    render(<TypeAnswer answerId="a" onSend={onSend} sending={false} focus={false} />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Send my answer' }));
    expect(screen.getByText('Write your answer first.')).toBeInTheDocument();
    expect(onSend).not.toHaveBeenCalled();
  });
});

describe('a network that blocks the live connection', () => {
  const RIG: RigState = {
    stream: null,
    camera: 'off',
    microphone: 'on',
    echo: 'unknown',
    devices: { cameras: [], microphones: [] },
    cameraId: '',
    microphoneId: '',
    asking: false,
    captureBroken: false,
    running: true,
  };

  const notices = (state: Partial<LiveState>) => {
    const onWrite = vi.fn();
    const view = render(
      <RoomNotices
        state={initialState(state)}
        rig={RIG}
        name="Daniel"
        slow={false}
        wantsMic
        problem={null}
        onWake={vi.fn()}
        onMicAgain={vi.fn()}
        onType={vi.fn()}
        onWrite={onWrite}
      />,
    );
    return { view, onWrite };
  };

  it('is told, with a way on in writing', async () => {
    const { onWrite } = notices({ link: 'waiting', blocked: true });
    await userEvent.setup().click(screen.getByRole('button', { name: 'Answer in writing' }));
    expect(onWrite).toHaveBeenCalledOnce();
  });

  it('gives way to the news that others are interviewed', () => {
    notices({ link: 'open', joined: true, queue: { position: 3, message: '' } });
    expect(screen.getByText('Many interviews are under way just now')).toBeInTheDocument();
    expect(screen.getByText(/number 3 in the queue.*starts by itself.*link stays valid/)).toBeInTheDocument();
  });

  it('is not told while only captions come late', () => {
    notices({ link: 'open', joined: true, captionsDelayed: 'Captions are delayed because the server is busy.' });
    expect(screen.getByText('Captions are delayed because the server is busy.')).toBeInTheDocument();
  });

  it('is not told while only the server is away', () => {
    notices({ link: 'waiting' });
    expect(screen.queryByRole('button', { name: 'Answer in writing' })).toBeNull();
  });
});

describe('the interview in writing', () => {
  const CANDIDACY = { sessionId: 's', token: 't', name: 'Ada Example' };
  const at = (position: number, over: Partial<SessionState> = {}): SessionState => ({
    session_id: 's',
    status: 'in_progress',
    interview: INTERVIEW,
    current_position: position,
    question_count: 2,
    answers: [
      {
        id: `a${position}`,
        position,
        question_text: `What is ${position}?`,
        status: 'open',
        mode: 'text',
        text: '',
        follow_up: 0,
      },
    ],
    next_segment_of_open_answer: 0,
    partial: false,
    ...over,
  });
  const fault = (status: number) => new ApiError({ status, code: 'x', message: 'Refused.' });
  const show = () => {
    const onEnd = vi.fn();
    render(<Written interview={INTERVIEW} candidacy={CANDIDACY} onEnd={onEnd} onLive={vi.fn()} />);
    return onEnd;
  };
  const answer = async (text: string) => {
    const user = userEvent.setup();
    await user.type(screen.getByLabelText('Your answer in writing'), text);
    await user.click(screen.getByRole('button', { name: 'Send my answer' }));
  };

  it('asks one question after the other, to the end', async () => {
    const start = vi.spyOn(publicInterviewService, 'start').mockResolvedValue(at(1));
    const text = vi
      .spyOn(publicInterviewService, 'answerText')
      .mockResolvedValueOnce(at(2))
      .mockResolvedValueOnce(at(2, { status: 'completed', answers: [] }));
    const onEnd = show();
    expect(await screen.findByText('What is 1?')).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Question 1 of 2' })).toBeInTheDocument();
    await answer('One.');
    expect(await screen.findByText('What is 2?')).toBeInTheDocument();
    expect(screen.getByLabelText('Your answer in writing')).toHaveValue('');
    await answer('Two.');
    await waitFor(() => expect(onEnd).toHaveBeenCalledWith('completed'));
    expect(onEnd).toHaveBeenCalledOnce();
    expect(start).toHaveBeenCalledOnce();
    expect(text.mock.calls.map((c) => c.slice(2))).toEqual([
      ['a1', 'One.', 0],
      ['a2', 'Two.', 0],
    ]);
  });

  it('a follow-up is said to be one, and answered for itself', async () => {
    const [open] = at(1).answers;
    const asked = at(1, { answers: open ? [{ ...open, question_text: 'And then?', text: 'One.', follow_up: 1 }] : [] });
    vi.spyOn(publicInterviewService, 'start').mockResolvedValue(at(1));
    const text = vi
      .spyOn(publicInterviewService, 'answerText')
      .mockResolvedValueOnce(asked)
      .mockResolvedValueOnce(at(2));
    show();
    await screen.findByText('What is 1?');
    await answer('One.');
    expect(await screen.findByText('And then?')).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Question 1 of 2, a short follow-up' })).toBeInTheDocument();
    expect(screen.getByLabelText('Your answer in writing')).toHaveValue('');
    await answer('More.');
    expect(await screen.findByText('What is 2?')).toBeInTheDocument();
    expect(text.mock.calls.map((c) => c.slice(2))).toEqual([
      ['a1', 'One.', 0],
      ['a1', 'More.', 1],
    ]);
  });

  it('waits in the queue, and begins by itself', async () => {
    const busy = new ApiError({ status: 503, code: 'server_busy', message: 'You are number 2.', retryAfterS: 0.01 });
    const start = vi.spyOn(publicInterviewService, 'start').mockRejectedValueOnce(busy).mockResolvedValueOnce(at(1));
    show();
    expect(await screen.findByText('What is 1?')).toBeInTheDocument();
    expect(start).toHaveBeenCalledTimes(2);
  });

  it('goes on where the server stands when the reply to an answer was lost', async () => {
    vi.spyOn(publicInterviewService, 'start').mockResolvedValueOnce(at(1)).mockResolvedValueOnce(at(2));
    vi.spyOn(publicInterviewService, 'answerText').mockRejectedValueOnce(fault(0)).mockRejectedValueOnce(fault(409));
    show();
    await screen.findByText('What is 1?');
    await answer('One.');
    expect(await screen.findByText(/did not go out/)).toBeInTheDocument();
    expect(screen.getByLabelText('Your answer in writing')).toHaveValue('One.');
    await userEvent.setup().click(screen.getByRole('button', { name: 'Send my answer' }));
    expect(await screen.findByText('What is 2?')).toBeInTheDocument();
  });

  it('what was said before is shown, and a fault can be tried again', async () => {
    const [open] = at(1).answers;
    vi.spyOn(publicInterviewService, 'start')
      .mockRejectedValueOnce(fault(503))
      .mockResolvedValueOnce(at(1, { answers: open ? [{ ...open, text: 'I said this.' }] : [] }));
    show();
    await userEvent.setup().click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('I said this.')).toBeInTheDocument();
  });

  it('an interview that was closed meanwhile is over', async () => {
    vi.spyOn(publicInterviewService, 'start').mockResolvedValue(at(1, { status: 'completed', partial: true }));
    const onEnd = show();
    await waitFor(() => expect(onEnd).toHaveBeenCalledWith('over'));
  });

  it.each([
    [401, 'token'],
    [410, 'over'],
  ] as const)('a refusal with %i ends it', async (status, end) => {
    vi.spyOn(publicInterviewService, 'start').mockRejectedValue(fault(status));
    const onEnd = show();
    await waitFor(() => expect(onEnd).toHaveBeenCalledWith(end));
  });
});
