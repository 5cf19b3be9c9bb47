import { Captions, CaptionsOff, Snowflake } from 'lucide-react';
import { clsx } from 'clsx';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { avatarId } from '../../avatar/avatarCatalog';
import type { AvatarController } from '../../avatar';
import { VBars } from '../../components/VBars';
import type { LiveState } from '../../live/machine';
import type { UtteranceCreated } from '../../live/protocol';
import type { LiveSession } from '../../live/session';
import { readItem, writeItem } from '../../utils/storage';
import { CaptionPlate } from './CaptionPlate';
import type { RoomWords } from './roomState';
import { Scene } from './Scene';

const Avatar = lazy(() => import('../../avatar'));
const CAPTIONS_KEY = 'viva.captions';
/* Set by tests that watch the mouth from outside. */
const PROBE_KEY = 'viva.probe';

/** Joins the voice to the mouth: the same clock that plays the sound moves the lips. */
function useLips(session: LiveSession | null) {
  const avatar = useRef<AvatarController | null>(null);
  const speaking = useRef<UtteranceCreated | null>(null);
  const speak = useCallback(() => {
    const utterance = speaking.current;
    if (!utterance || !session) {
      avatar.current?.stopSpeaking();
      return;
    }
    const phonemes = utterance.phonemes.map(({ text, start, end }) => ({ phoneme: text, start, end }));
    avatar.current?.speak({ phonemes, now: () => session.voiceNow() });
  }, [session]);
  useEffect(
    () =>
      session?.onVoice((utterance) => {
        speaking.current = utterance;
        speak();
      }),
    [session, speak],
  );
  /* The avatar loads lazily and may come in the middle of a sentence. */
  const ref = useCallback(
    (controller: AvatarController | null) => {
      avatar.current = controller;
      if (speaking.current) speak();
    },
    [speak],
  );
  return { ref, avatar };
}

export interface StageProps {
  session: LiveSession | null;
  state: LiveState;
  words: RoomWords;
  name: string;
  character: string;
  organisation: string;
  recording: boolean;
}

export function Stage({ session, state, words, name, character, organisation, recording }: StageProps) {
  const [captions, setCaptions] = useState(() => readItem(CAPTIONS_KEY) !== 'off');
  const [frozen, setFrozen] = useState(false);
  const probe = useMemo(() => readItem(PROBE_KEY) !== null, []);
  const { ref, avatar } = useLips(session);
  const voiceNow = useCallback(() => session?.voiceNow() ?? 0, [session]);
  const candidateSpeaks = state.answer?.speaking ?? false;
  useEffect(() => avatar.current?.setCandidateVoice(candidateSpeaks), [avatar, candidateSpeaks]);
  const toggleCaptions = () => {
    writeItem(CAPTIONS_KEY, captions ? 'off' : 'on');
    setCaptions(!captions);
  };
  const CaptionIcon = captions ? Captions : CaptionsOff;
  const captionName = captions ? 'Captions on' : 'Captions off';
  const label = `${name}, the AI interviewer, ${words.doing}`;
  return (
    <section className="stage on-dark" aria-label="Interviewer">
      <div className="scene">
        <Scene />
        <Suspense fallback={<div className="figure absolute inset-x-0" role="img" aria-label={label} />}>
          <Avatar
            character={avatarId(character)}
            state={words.avatar}
            frozen={frozen}
            label={label}
            controllerRef={ref}
            className="figure absolute w-full"
            probe={probe}
          />
        </Suspense>
        <span className="desk" />
        <div className="absolute inset-x-3 top-3 flex items-start justify-between gap-2 md:inset-x-4 md:top-4">
          <span className="tag">
            <span className={clsx('flex items-center', words.speaking ? 'text-plate-mark' : 'text-on-plate-2')}>
              <VBars speaking={words.speaking} />
            </span>
            <span>
              {name} <span className="font-normal text-on-plate-2">{words.doing}</span>
            </span>
          </span>
          <span className="flex gap-2">
            {recording && (
              <span className="tag">
                <span className="dot" style={{ background: 'var(--color-signal-400)' }} />
                <span className="hidden sm:inline">Recording</span>
                <span className="sm:hidden">Rec</span>
              </span>
            )}
            <button
              type="button"
              className="tag tag-btn !px-2"
              aria-pressed={captions}
              aria-label={captionName}
              title={captionName}
              onClick={toggleCaptions}
            >
              <CaptionIcon aria-hidden className="ic ic-lg" />
            </button>
            <button
              type="button"
              className="tag tag-btn !px-2 max-md:!hidden"
              aria-pressed={frozen}
              aria-label="Hold the picture still"
              title="Hold the picture still"
              onClick={() => setFrozen(!frozen)}
            >
              <Snowflake aria-hidden className="ic ic-lg" />
            </button>
          </span>
        </div>
      </div>
      <CaptionPlate state={state} name={name} organisation={organisation} shown={captions} now={voiceNow} />
    </section>
  );
}
