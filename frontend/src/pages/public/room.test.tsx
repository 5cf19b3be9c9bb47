import { act, cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { initialState } from '../../live/machine';
import type { LiveState, OpenAnswer } from '../../live/machine';
import type { RigState } from '../../live/rig';
import { RoomMore } from './RoomMore';
import type { RoomMoreProps } from './RoomMore';
import { RoomNotices } from './RoomNotices';
import { RoomPause } from './RoomPause';
import { roomWords } from './roomState';
import { TimeLeft } from './TimeLeft';

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
    const status = screen.getByRole('status');
    for (elapsed = 0; elapsed <= 121_000; elapsed += 250) {
      act(() => void vi.advanceTimersByTime(250));
      const words = status.textContent;
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
