import { Captions, CaptionsOff } from 'lucide-react';
import { clsx } from 'clsx';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef } from 'react';
import { avatarId } from '../../avatar/avatarCatalog';
import type { AvatarController } from '../../avatar';
import { VBars } from '../../components/VBars';
import type { LiveState } from '../../live/machine';
import type { UtteranceCreated } from '../../live/protocol';
import type { LiveSession } from '../../live/session';
import { readItem } from '../../utils/storage';
import { CaptionPlate } from './CaptionPlate';
import type { RoomSettings } from './roomSettings';
import type { RoomWords } from './roomState';
import { Scene } from './Scene';

const Avatar = lazy(() => import('../../avatar'));
/* Set by tests that watch the mouth from outside. */
const PROBE_KEY = 'viva.probe';

/** Joins the voice to the mouth: the same clock that plays the sound moves the lips. Without `moving` the mouth rests. */
function useLips(session: LiveSession | null, moving: boolean) {
  const avatar = useRef<AvatarController | null>(null);
  const speaking = useRef<UtteranceCreated | null>(null);
  const speak = useCallback(() => {
    const utterance = speaking.current;
    if (!utterance || !session || !moving) {
      avatar.current?.stopSpeaking();
      return;
    }
    const phonemes = utterance.phonemes.map(({ text, start, end }) => ({ phoneme: text, start, end }));
    avatar.current?.speak({ phonemes, now: session.voiceNow });
  }, [session, moving]);
  useEffect(speak, [speak]);
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
  settings: RoomSettings;
  onSettings: (change: Partial<RoomSettings>) => void;
}

export function Stage(props: StageProps) {
  const { session, state, words, name, character, organisation, recording, settings, onSettings } = props;
  const { captions, soundOnly } = settings;
  const probe = useMemo(() => readItem(PROBE_KEY) !== null, []);
  const { ref, avatar } = useLips(session, !soundOnly);
  const voiceNow = useCallback(() => session?.voiceNow() ?? 0, [session]);
  const candidateSpeaks = state.answer?.speaking ?? false;
  useEffect(() => avatar.current?.setCandidateVoice(candidateSpeaks), [avatar, candidateSpeaks]);
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
            frozen={settings.still || soundOnly}
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
              onClick={() => onSettings({ captions: !captions })}
            >
              <CaptionIcon aria-hidden className="ic ic-lg" />
            </button>
          </span>
        </div>
      </div>
      <CaptionPlate state={state} name={name} organisation={organisation} shown={captions} now={voiceNow} />
    </section>
  );
}
