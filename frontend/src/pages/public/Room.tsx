/* The interview room: stage, self-view, turn, time, words, and the dock. It draws the live state and passes presses on. */

import { CloudCheck, CloudUpload } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type CSSProperties } from 'react';
import { Logo } from '../../components/Logo';
import { heardText } from '../../live/machine';
import type { LiveState } from '../../live/machine';
import type { UploadProgress } from '../../live/recording/uploader';
import type { DeviceRig } from '../../live/rig';
import type { LinkEnd } from '../../live/transport';
import { useLiveSession, useRig } from '../../live/useLiveSession';
import { publicInterviewService } from '../../services/publicInterviewService';
import type { PublicInterview } from '../../services/types';
import { safeApiCall } from '../../utils/errorHandler';
import { useDensity, useTitle } from '../../utils/hooks';
import type { Candidacy } from './candidacy';
import { RoleLine } from './Frame';
import { Heard } from './Heard';
import { Help } from './Help';
import { RoomDock } from './RoomDock';
import { RoomNotices } from './RoomNotices';
import { RoomOptions } from './RoomOptions';
import { useRoomSettings } from './roomSettings';
import type { RoomSettings } from './roomSettings';
import { RoomPause } from './RoomPause';
import { roomWords } from './roomState';
import { SelfView } from './SelfView';
import { Stage } from './Stage';
import type { Way } from './steps';
import { TimeLeft, useTicking } from './TimeLeft';
import { TypeAnswer } from './TypeAnswer';
import { useAttention } from './useAttention';
import { useWakeLock } from './useWakeLock';

/* More than this waiting to go up: the picture is left out until the next answers have caught up. */
const SLOW_BYTES = 4_000_000;

export type RoomEnd = 'completed' | 'paused' | 'withdrawn' | 'blocked' | Exclude<LinkEnd, 'done' | 'left'>;

export interface RoomProps {
  interview: PublicInterview;
  candidacy: Candidacy;
  rig: DeviceRig;
  way: Way;
  onEnd: (end: RoomEnd) => void;
}

function Progress({ position, count }: { position: number; count: number }) {
  const at = Math.min(Math.max(position, 1), count);
  return (
    <div className="flex w-full max-w-md items-center gap-3 justify-self-center">
      <span className="text-sm font-semibold whitespace-nowrap">
        <span className="hidden md:inline">Question </span>
        {at} of {count}
      </span>
      <div
        className="segs flex-1"
        role="progressbar"
        aria-label="Questions"
        aria-valuemin={0}
        aria-valuemax={count}
        aria-valuenow={at}
        aria-valuetext={`Question ${at} of ${count}`}
      >
        {Array.from({ length: count }, (_, i) => (
          <i key={i} className={i + 1 < at ? 'done' : i + 1 === at ? 'now' : ''} />
        ))}
      </div>
    </div>
  );
}

function SavedSign({ upload }: { upload: UploadProgress | null }) {
  const waiting = upload !== null && (upload.waiting || upload.refused) && upload.sent < upload.total;
  const Icon = waiting ? CloudUpload : CloudCheck;
  return (
    <span className="mr-3 hidden items-center gap-2 text-sm text-ink-2 xl:flex">
      <Icon aria-hidden className={waiting ? 'ic ic-sm' : 'ic ic-sm text-good'} />
      {waiting ? 'Kept here, sent later' : 'All answers saved'}
    </span>
  );
}

/* The page leaves the room when the session says so. */
function useRoomEnd(state: LiveState, onEnd: (end: RoomEnd) => void): void {
  const { completed, end, current } = state;
  const latest = useRef(onEnd);
  useEffect(() => {
    latest.current = onEnd;
  });
  const saying = current !== null && current.state !== 'finished';
  useEffect(() => {
    if (completed && !saying) latest.current('completed');
    else if (end !== null && end !== 'done' && end !== 'left') latest.current(end);
  }, [completed, saying, end]);
}

function useTyping(state: LiveState, hasMic: boolean, mute: (muted: boolean) => void) {
  const [wanted, setWanted] = useState(false);
  const answerId = state.answer?.id ?? null;
  const mutedForTyping = useRef(false);
  /* Muted while writing, so that the silence is not taken for the end of the answer. */
  const setTyping = useCallback(
    (on: boolean) => {
      setWanted(on);
      if (on === mutedForTyping.current) return;
      mutedForTyping.current = on;
      mute(on);
    },
    [mute],
  );
  useEffect(() => {
    if (answerId === null && mutedForTyping.current) setTyping(false);
  }, [answerId, setTyping]);
  return { typing: answerId !== null && (wanted || !hasMic), wanted, setTyping };
}

/* The settings of the room, and whether the candidate's picture is part of it. */
function useRoomChoices(rig: DeviceRig, way: RoomProps['way']) {
  const [settings, set] = useRoomSettings();
  const [camera, setCamera] = useState(way === 'video');
  const { soundOnly } = settings;
  useEffect(() => {
    if (soundOnly) rig.cameraOff();
  }, [rig, soundOnly]);
  const change = (wish: Partial<RoomSettings>) => {
    set(wish);
    if (wish.soundOnly !== false || way === 'text') return;
    setCamera(true);
    void rig.open({ camera: true });
  };
  return { settings, picture: camera && !soundOnly, change };
}

export function Room({ interview, candidacy, rig, way, onEnd }: RoomProps) {
  const rigState = useRig(rig);
  const [slow, setSlow] = useState(false);
  const [pausing, setPausing] = useState(false);
  const { settings, picture, change } = useRoomChoices(rig, way);
  const soundOnly = !picture || slow;
  const { live, state, upload, problem } = useLiveSession(rig, candidacy.sessionId, candidacy.token, soundOnly);
  const session = live?.session ?? null;
  const mute = useCallback((muted: boolean) => session?.mute(muted), [session]);
  const elapsed = useCallback(() => session?.elapsed() ?? 0, [session]);
  const left = useCallback(() => session?.timeLeft() ?? null, [session]);
  const until = useCallback((at: number) => session?.until(at) ?? 0, [session]);
  const hasMic = (state.mic === 'on' || state.mic === 'muted') && !state.missing.hearing;
  const { typing, wanted, setTyping } = useTyping(state, hasMic, mute);
  useDensity('roomy');
  useWakeLock();
  const pasted = useAttention(candidacy);
  useRoomEnd(state, onEnd);
  if (upload !== null && upload.pendingBytes > SLOW_BYTES && !slow && way === 'video') setSlow(true);

  const name = state.avatarName || interview.avatar_name;
  const count = state.questionCount || interview.question_count;
  const position = Math.max(1, state.position);
  const title = `Question ${Math.min(position, count)} of ${count}`;
  useTitle(title);
  const pauseLeft = useTicking(state.paused !== null, () => (state.paused ? until(state.paused.until) : 0));
  const words = roomWords(state, name, Math.ceil(pauseLeft / 60_000));
  const paused = state.paused !== null;
  const answering = state.answer !== null && !state.answer.closing && !words.speaking && !paused;
  const closing = state.answer?.closing ?? false;
  const asking = words.speaking && state.current?.utterance.kind === 'question';
  const heardWords = state.answer ? heardText(state.answer) : null;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  const withdraw = async () => {
    const done = await safeApiCall(() => publicInterviewService.withdraw(candidacy.sessionId, candidacy.token));
    if (done.ok) onEnd('withdrawn');
    return done.ok;
  };

  return (
    <div className="room-page" style={{ '--wrap': '92rem' } as CSSProperties}>
      <header className="bar relative z-20 grid h-14 grid-cols-[auto_1fr_auto] items-center gap-3 border-b border-line bg-surface md:gap-8 lg:h-16 lg:grid-cols-[minmax(0,1fr)_minmax(10rem,22rem)_auto]">
        <span className="flex min-w-0 items-center gap-4">
          <span className="hidden md:flex">
            <Logo />
          </span>
          <span className="md:hidden">
            <Logo word={false} />
          </span>
          <RoleLine interview={interview} />
        </span>
        <Progress position={position} count={count} />
        <span className="flex items-center gap-1">
          <SavedSign upload={upload} />
          <RoomOptions settings={settings} onChange={change} />
          <Help interview={interview} onWithdraw={withdraw} compact />
        </span>
      </header>
      <main
        id="main"
        className="mx-auto flex min-h-0 w-full max-w-[92rem] flex-1 flex-col px-[var(--gutter)] pt-3 pb-3 md:pt-5 md:pb-5"
      >
        <h1 ref={heading} tabIndex={-1} className="sr-only">
          {title}
        </h1>
        <RoomNotices
          state={state}
          rig={rigState}
          name={name}
          slow={slow}
          wantsMic={way !== 'text'}
          problem={problem}
          onWake={() => rig.wake()}
          onMicAgain={(id) => void rig.open({ microphone: true, ...(id === undefined ? {} : { microphoneId: id }) })}
          onType={() => setTyping(true)}
          onWrite={() => onEnd('blocked')}
        />
        <div
          className="room min-h-0 flex-1"
          data-turn={paused ? 'none' : words.turn}
          data-phase={state.phase ?? 'none'}
          data-link={state.link}
          data-captions={settings.size}
          data-typing={typing || undefined}
        >
          <Stage
            session={session}
            state={state}
            words={words}
            name={name}
            character={state.avatar || interview.avatar}
            organisation={interview.organisation}
            recording={rigState.stream !== null && state.answer !== null && !paused}
            settings={settings}
            onSettings={change}
          />
          <SelfView
            stream={rigState.stream}
            camera={rigState.camera === 'on' && picture}
            mic={state.mic}
            speaking={words.turn === 'candidate' && state.mic === 'on' && (state.answer?.speaking ?? false)}
          />
          <section className="grid content-start gap-0.5 [grid-area:turn]" aria-live="polite">
            <h2 className="text-lg font-bold md:text-xl">{words.heading}</h2>
            <p className="text-sm text-ink-2 md:text-base">{words.advice}</p>
          </section>
          {typing && state.answer ? (
            <TypeAnswer
              key={`${state.answer.id} ${state.question?.followUp ?? 0}`}
              answerId={state.answer.id}
              sending={closing}
              focus={wanted}
              onPaste={pasted}
              onSend={(text) => session?.type(text) ?? Promise.resolve(false)}
              onBack={hasMic ? () => setTyping(false) : undefined}
            />
          ) : (
            <Heard state={state} />
          )}
          <TimeLeft
            answer={words.speaking || paused ? null : state.answer}
            elapsed={elapsed}
            left={left}
            until={until}
            onExtend={() => session?.extend()}
          />
        </div>
      </main>
      <RoomDock
        hasMic={hasMic}
        muted={state.mic === 'muted'}
        typing={typing}
        canRepeat={state.link === 'open' && !words.speaking && !paused && !state.queue && state.phase !== 'done'}
        answering={answering}
        closing={closing}
        connected={state.link === 'open'}
        canSkip={asking}
        thinking={state.answer?.thinkUntil != null}
        paused={paused}
        last={position >= count}
        onMute={() => mute(state.mic !== 'muted')}
        onRepeat={() => session?.repeat()}
        onType={() => setTyping(!wanted)}
        onPause={() => setPausing(true)}
        onDone={() => session?.done()}
        onSkip={() => session?.skip()}
        onReady={() => session?.ready()}
        onGoOn={() => session?.goOn()}
        more={{
          available: state.link === 'open' && (asking || answering),
          slower: state.slower,
          allowSkip: state.allowSkip,
          begun: heardWords !== null && heardWords.settled + heardWords.open !== '',
          onRephrase: () => session?.rephrase(),
          onSlower: (slower) => session?.speakSlower(slower),
          onSkip: () => session?.pass(),
        }}
      />
      <RoomPause
        open={pausing}
        question={Math.min(position, count)}
        here={state.allowPause && state.link === 'open' && !closing && (asking || answering)}
        onClose={() => setPausing(false)}
        onPause={() => {
          setPausing(false);
          session?.pause();
        }}
        onLeave={() => onEnd('paused')}
      />
    </div>
  );
}
