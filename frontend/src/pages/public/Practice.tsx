/* One question before the interview, through the very same turns, so that nobody meets them for the first time when it counts.
 * Nothing of it is kept: the server forgets it, and the sound lives in this page until it goes on. */

import { ArrowRight, Check, Play, RotateCcw, Square } from 'lucide-react';
import { useEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { Logo } from '../../components/Logo';
import { Button } from '../../components/ui/Button';
import { Notice } from '../../components/ui/Notice';
import { replay } from '../../live/audio/replay';
import { connectPractice } from '../../live/connect';
import type { DeviceRig } from '../../live/rig';
import { useLiveSession, useRig } from '../../live/useLiveSession';
import type { PublicInterview } from '../../services/types';
import { useDensity, useTitle } from '../../utils/hooks';
import type { Candidacy } from './candidacy';
import { Frame, Heading, RoleLine } from './Frame';
import { Heard } from './Heard';
import { Help } from './Help';
import { RoomOptions } from './RoomOptions';
import { useRoomSettings } from './roomSettings';
import { roomWords } from './roomState';
import { SelfView } from './SelfView';
import { Stage } from './Stage';
import { useWakeLock } from './useWakeLock';

export interface PracticeProps {
  interview: PublicInterview;
  candidacy: Candidacy;
  rig: DeviceRig;
  picture: boolean;
  /** On to the interview, with practice or without. */
  onReady: () => void;
}

interface Tried {
  text: string;
  sound: readonly Int16Array[];
}

function useReplay(rig: DeviceRig, sound: readonly Int16Array[]) {
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    const ctx = rig.sound?.ctx;
    if (playing && ctx) return replay(ctx, sound, () => setPlaying(false));
  }, [playing, rig, sound]);
  return { playing, play: () => setPlaying(true), stop: () => setPlaying(false) };
}

function Result(props: {
  interview: PublicInterview;
  rig: DeviceRig;
  tried: Tried;
  onAgain: () => void;
  onReady: () => void;
}) {
  const { interview, rig, tried, onAgain, onReady } = props;
  const { playing, play, stop } = useReplay(rig, tried.sound);
  return (
    <Frame
      title="Practice"
      step="Device check"
      interview={interview}
      narrow
      aside="Nothing of this practice was kept."
      action={
        <Button variant="primary" icon={ArrowRight} iconAfter onClick={onReady}>
          Start the interview
        </Button>
      }
    >
      <Heading title="That is how it goes">
        {interview.avatar_name} asks, listens, and goes on when you have finished. A pause to think does not end your
        answer.
      </Heading>
      <section className="card grid gap-4 p-4 md:p-6" aria-labelledby="practised">
        <h2 id="practised" className="label">
          What was heard
        </h2>
        <p className="voice text-lg leading-7">
          {tried.text === '' ? 'Nothing was heard. Check your microphone, then try once more.' : tried.text}
        </p>
        <div className="flex flex-wrap gap-2">
          {tried.sound.length > 0 &&
            (playing ? (
              <Button icon={Square} onClick={stop}>
                Stop
              </Button>
            ) : (
              <Button icon={Play} onClick={play}>
                Hear myself
              </Button>
            ))}
          <Button icon={RotateCcw} onClick={onAgain}>
            Try once more
          </Button>
        </div>
      </section>
    </Frame>
  );
}

interface ShellProps {
  interview: PublicInterview;
  options: ReactNode;
  dock: ReactNode;
  children: ReactNode;
}

function Shell({ interview, options, dock, children }: ShellProps) {
  return (
    <div className="room-page" style={{ '--wrap': '92rem' } as CSSProperties}>
      <header className="bar relative z-20 flex h-14 items-center gap-3 border-b border-line bg-surface md:gap-6 lg:h-16">
        <Logo />
        <RoleLine interview={interview} />
        <span className="badge">Practice</span>
        <span className="ml-auto flex items-center gap-1">
          {options}
          <Help interview={interview} compact />
        </span>
      </header>
      <main
        id="main"
        className="mx-auto flex min-h-0 w-full max-w-[92rem] flex-1 flex-col px-[var(--gutter)] pt-3 pb-3 md:pt-5 md:pb-5"
      >
        {children}
      </main>
      <footer className="dock bar">
        <div className="flex flex-wrap items-center gap-2 md:gap-4">{dock}</div>
      </footer>
    </div>
  );
}

function Try({
  interview,
  candidacy,
  rig,
  picture,
  onReady,
  onTried,
}: PracticeProps & { onTried: (t: Tried) => void }) {
  const rigState = useRig(rig);
  const [settings, change] = useRoomSettings();
  const { sessionId, token } = candidacy;
  const { live, state } = useLiveSession(rig, sessionId, token, true, connectPractice);
  const session = live?.session ?? null;
  const latest = useRef({ onTried, onReady });
  useEffect(() => {
    latest.current = { onTried, onReady };
  });
  const { practised, error, end } = state;
  useEffect(() => {
    if (practised !== null) latest.current.onTried({ text: practised, sound: live?.sound?.() ?? [] });
    else if (error?.code === 'practice_over' || end !== null) latest.current.onReady();
  }, [practised, error, end, live]);
  const words = roomWords(state, state.avatarName || interview.avatar_name);
  const answering = state.answer !== null && !words.speaking;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Shell
      interview={interview}
      options={<RoomOptions settings={settings} onChange={change} />}
      dock={
        <>
          <Button
            variant="quiet"
            icon={RotateCcw}
            notYet={words.speaking && 'When the question is over.'}
            onClick={() => session?.repeat()}
          >
            Hear it again
          </Button>
          <Button variant="quiet" className="ml-auto" onClick={onReady}>
            Skip practice
          </Button>
          {answering && (
            <Button
              variant="primary"
              icon={Check}
              className="max-sm:w-full md:!min-h-13 md:!px-6"
              working={state.answer?.closing && 'One moment'}
              onClick={() => session?.done()}
            >
              I’m done
            </Button>
          )}
        </>
      }
    >
      <h1 ref={heading} tabIndex={-1} className="sr-only">
        Practice question
      </h1>
      <div className="pb-3">
        <Notice title="This is practice">
          Nothing of it is kept or assessed. It goes as the interview does: answer, pause, and stop when you are done.
        </Notice>
      </div>
      <div
        className="room min-h-0 flex-1"
        data-turn={words.turn}
        data-phase={state.phase ?? 'none'}
        data-link={state.link}
        data-captions={settings.size}
      >
        <Stage
          session={session}
          state={state}
          words={words}
          name={state.avatarName || interview.avatar_name}
          character={state.avatar || interview.avatar}
          organisation={interview.organisation}
          recording={false}
          settings={settings}
          onSettings={change}
        />
        <SelfView
          stream={rigState.stream}
          camera={rigState.camera === 'on' && picture && !settings.soundOnly}
          mic={state.mic}
          speaking={words.turn === 'candidate' && (state.answer?.speaking ?? false)}
        />
        <section className="grid content-start gap-0.5 [grid-area:turn]" aria-live="polite">
          <h2 className="text-lg font-bold md:text-xl">{words.heading}</h2>
          <p className="text-sm text-ink-2 md:text-base">{words.advice}</p>
        </section>
        <Heard state={state} />
      </div>
    </Shell>
  );
}

export default function Practice(props: PracticeProps) {
  const [tried, setTried] = useState<Tried | null>(null);
  useDensity('roomy');
  useTitle('Practice');
  useWakeLock();
  return tried === null ? (
    <Try {...props} onTried={setTried} />
  ) : (
    <Result
      interview={props.interview}
      rig={props.rig}
      tried={tried}
      onAgain={() => setTried(null)}
      onReady={props.onReady}
    />
  );
}
