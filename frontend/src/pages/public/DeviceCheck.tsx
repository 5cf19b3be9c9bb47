/* Can we see and hear you? Nothing is recorded for the interview here; every fault has a way round it. */

import { ArrowRight, Camera, Check, CornerDownRight, Mic, Sun, TriangleAlert, Volume2, Wifi } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from '../../components/ui/Button';
import { Select } from '../../components/ui/Input';
import type { Level } from '../../live/audio/level';
import type { MediaWish } from '../../live/audio/media';
import type { DeviceRig, RigState } from '../../live/rig';
import { useRig } from '../../live/useLiveSession';
import type { PublicInterview } from '../../services/types';
import type { Candidacy } from './candidacy';
import { CameraView } from './CameraView';
import { deviceAdvice, deviceBadge } from './deviceWords';
import { Frame, Heading } from './Frame';
import { Meter, verdictWords } from './Meter';
import { loadSettings, saveSettings } from './roomSettings';
import { Replay } from './Replay';
import { SpeakerCheck } from './Speaker';
import type { Heard } from './Speaker';
import type { Way } from './steps';
import { uplinkOf, useConnection } from './useConnection';
import type { Connection } from './useConnection';
import { useLevel } from './useLevel';

type Tone = 'good' | 'warn' | 'plain';

function StateBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = tone === 'good' ? Check : tone === 'warn' ? TriangleAlert : null;
  return (
    <span className={clsx('badge', tone === 'good' && 'b-good', tone === 'warn' && 'b-warn')}>
      {Icon && <Icon aria-hidden className="ic" />}
      {children}
    </span>
  );
}

interface RowProps {
  icon: LucideIcon;
  title: string;
  badge: ReactNode;
  children?: ReactNode;
}

function Row({ icon: Icon, title, badge, children }: RowProps) {
  return (
    <li className="grid grid-cols-[2.5rem_1fr] gap-x-4 border-b border-line py-5 last:border-0">
      <span className="grid h-10 w-10 place-items-center rounded-md bg-chip text-ink-2">
        <Icon aria-hidden className="ic ic-lg" />
      </span>
      <div className="min-w-0">
        <div className="flex min-h-10 items-center justify-between gap-3">
          <h3 className="font-semibold">{title}</h3>
          {badge}
        </div>
        {children}
      </div>
    </li>
  );
}

function Advice({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="mt-3 flex gap-2 text-sm text-warn-ink">
      <CornerDownRight aria-hidden className="ic ic-sm mt-0.5" />
      <span>{children}</span>
    </p>
  );
}

const choices = (devices: MediaDeviceInfo[], word: string) =>
  devices.map((d, i) => ({ value: d.deviceId, label: d.label || `${word} ${i + 1}` }));

interface DeviceRowProps {
  state: RigState;
  open: (wish: Partial<MediaWish>) => void;
}

function CameraRow({ state, open }: DeviceRowProps) {
  const { camera, asking, devices, cameraId } = state;
  const badge = deviceBadge(camera, asking);
  const advice = deviceAdvice('camera', camera);
  return (
    <Row icon={Camera} title="Camera" badge={<StateBadge tone={badge.tone}>{badge.text}</StateBadge>}>
      {devices.cameras.length > 0 && camera !== 'off' && (
        <Select
          label="Camera"
          hideLabel
          className="mt-2"
          options={choices(devices.cameras, 'Camera')}
          value={cameraId}
          onChange={(e) => open({ camera: true, cameraId: e.target.value })}
        />
      )}
      {advice !== null && !asking && <Advice>{advice}</Advice>}
      {camera !== 'on' && !asking && (
        <Button
          size="sm"
          className="mt-3"
          onClick={() => {
            saveSettings({ soundOnly: false });
            open({ camera: true });
          }}
        >
          {camera === 'off' ? 'Turn the camera on' : 'Try the camera again'}
        </Button>
      )}
    </Row>
  );
}

const LEVEL_ADVICE: Record<Level['verdict'], string | null> = {
  good: null,
  quiet:
    'Move the microphone closer, or choose another one. If you have a headset, check that its own mute switch is off.',
  silent: 'No sound comes from this microphone. Check its own switch, or choose another one.',
  loud: 'Move the microphone a little away, or turn its level down.',
};

function MicrophoneRow({ state, open, level }: DeviceRowProps & { level: Level | null }) {
  const { microphone, asking, devices, microphoneId, captureBroken, echo } = state;
  const on = microphone === 'on' && !captureBroken;
  const badge = deviceBadge(captureBroken ? 'failed' : microphone, asking);
  const levelAdvice = on && level ? LEVEL_ADVICE[level.verdict] : null;
  const advice = on ? levelAdvice : deviceAdvice('microphone', captureBroken ? 'failed' : microphone);
  return (
    <Row
      icon={Mic}
      title="Microphone"
      badge={
        on && level ? (
          <StateBadge tone={levelAdvice === null ? 'good' : 'warn'}>
            {levelAdvice === null ? 'Working' : verdictWords(level)}
          </StateBadge>
        ) : (
          <StateBadge tone={badge.tone}>{badge.text}</StateBadge>
        )
      }
    >
      {devices.microphones.length > 0 && (
        <Select
          label="Microphone"
          hideLabel
          className="mt-2"
          options={choices(devices.microphones, 'Microphone')}
          value={microphoneId}
          onChange={(e) => open({ microphoneId: e.target.value })}
        />
      )}
      {on && (
        <div className="mt-4">
          <Meter level={level} />
        </div>
      )}
      {advice !== null && !asking && <Advice>{advice}</Advice>}
      {on && echo === 'kept' && (
        <Advice>
          This browser does not take the loudspeaker’s sound out of your microphone’s. Use headphones, so that our voice
          is not taken for yours.
        </Advice>
      )}
      {!on && !asking && (
        <Button size="sm" className="mt-3" onClick={() => open({ microphone: true })}>
          Try the microphone again
        </Button>
      )}
    </Row>
  );
}

const speed = (kbits: number) => (kbits < 1000 ? `${kbits} kbit/s` : `${(kbits / 1000).toFixed(1)} Mbit/s`);

function ConnectionRow({ connection }: { connection: Connection }) {
  const words = {
    measuring: { tone: 'plain', badge: 'Measuring', text: 'Asking the server.' },
    good: {
      tone: 'good',
      badge: 'Good',
      text: 'If it drops, nothing is lost: what you say is kept here and sent later.',
    },
    slow: {
      tone: 'warn',
      badge: 'Slow',
      text: 'We record a small picture. If it gets worse, we go on with sound only; nothing is lost.',
    },
    sound: {
      tone: 'warn',
      badge: 'Sound only',
      text: 'That is too slow for a picture: we go on with sound only, which is fine.',
    },
    none: { tone: 'warn', badge: 'None', text: 'The server does not answer. Check your connection.' },
  } as const;
  const { tone, badge, text } = words[connection.state];
  return (
    <Row icon={Wifi} title="Connection" badge={<StateBadge tone={tone}>{badge}</StateBadge>}>
      <p className="mt-1 text-sm text-ink-2">
        {'ms' in connection && <>The server answers in {connection.ms} ms</>}
        {'ms' in connection && (connection.kbits === null ? '. ' : `; you can send ${speed(connection.kbits)}. `)}
        {text}
      </p>
    </Row>
  );
}

const DARK_BELOW = 45;

function Preview({ state }: { state: RigState }) {
  const [mean, setMean] = useState<number | null>(null);
  const on = state.camera === 'on';
  const dark = mean !== null && mean < DARK_BELOW;
  return (
    <div className="self !rounded-lg max-md:aspect-[4/3] md:max-lg:aspect-[16/9] lg:min-h-72 lg:!rounded-stage">
      <CameraView
        stream={state.stream}
        on={on}
        onBrightness={setMean}
        off={
          state.asking
            ? 'Your browser asks for camera and microphone. Choose Allow.'
            : 'There is no picture. That is fine.'
        }
      />
      {on && mean !== null && (
        <span className="you !bottom-3 !left-3 !px-2.5 !py-1 !text-sm">
          {dark ? <Sun aria-hidden className="ic ic-sm" /> : <Check aria-hidden className="ic ic-sm" />}
          {dark ? 'Dark: turn on a light in front of you' : 'The picture is bright enough'}
        </span>
      )}
    </div>
  );
}

export interface DeviceCheckProps {
  interview: PublicInterview;
  link: string;
  candidacy: Candidacy;
  rig: DeviceRig;
  /** A practice question comes next. */
  practice: boolean;
  /** How the candidate goes on. */
  onReady: (way: Way) => void;
}

export function DeviceCheck({ interview, link, candidacy, rig, practice, onReady }: DeviceCheckProps) {
  const state = useRig(rig);
  const [heard, setHeard] = useState<Heard>('unknown');
  const connection = useConnection(link, candidacy);
  const uplink = uplinkOf(connection);
  useEffect(() => {
    if (uplink === null) return;
    saveSettings({ uplink });
    rig.setUplink(uplink);
  }, [rig, uplink]);
  const micOn = state.microphone === 'on' && !state.captureBroken;
  const level = useLevel(rig, micOn);
  const asked = useRef(false);
  const open = (wish: Partial<MediaWish>) => void rig.open(wish);
  useEffect(() => {
    if (asked.current || rig.state().stream) return;
    asked.current = true;
    void rig.open(loadSettings().soundOnly ? { camera: false } : {});
  }, [rig]);
  const go = (way: Way) => {
    rig.wake();
    onReady(way);
  };
  const goSoundOnly = () => {
    rig.cameraOff();
    go('sound');
  };
  return (
    <Frame
      title="Device check"
      step="Device check"
      interview={interview}
      aside={
        micOn ? (
          state.camera === 'on' && (
            <>
              No camera today?{' '}
              <button type="button" className="link" onClick={goSoundOnly}>
                Go on with sound only
              </button>{' '}
              or{' '}
              <button type="button" className="link" onClick={() => go('text')}>
                type your answers
              </button>
            </>
          )
        ) : (
          <>You can do the whole interview in writing.</>
        )
      }
      action={
        <Button
          variant="primary"
          icon={ArrowRight}
          iconAfter
          notYet={state.asking && 'Waiting for your browser.'}
          onClick={() => {
            if (!micOn) go('text');
            else if (connection.state === 'sound') goSoundOnly();
            else go(state.camera === 'on' ? 'video' : 'sound');
          }}
        >
          {!micOn && !state.asking ? 'Type my answers' : practice ? 'Go on to practice' : 'Start the interview'}
        </Button>
      }
    >
      <Heading title="Can we see and hear you?">
        Nothing is recorded for the interview yet. This takes about a minute, and you can come back to it later by the
        same link.
      </Heading>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1.12fr)_minmax(0,1fr)] lg:gap-10">
        <section className="grid gap-4 lg:grid-rows-[1fr_auto]" aria-label="Preview">
          <Preview state={state} />
          <Replay rig={rig} available={micOn && state.running} />
        </section>
        <section aria-label="Checks" className="card px-4 md:px-6">
          <ol>
            <CameraRow state={state} open={open} />
            <MicrophoneRow state={state} open={open} level={level} />
            <Row
              icon={Volume2}
              title="Speaker"
              badge={
                <StateBadge tone={heard === 'yes' ? 'good' : heard === 'no' ? 'warn' : 'plain'}>
                  {heard === 'yes' ? 'Working' : heard === 'no' ? 'Not heard' : 'Waiting for you'}
                </StateBadge>
              }
            >
              <SpeakerCheck rig={rig} heard={heard} onHeard={setHeard} />
            </Row>
            <ConnectionRow connection={connection} />
          </ol>
        </section>
      </div>
      {!state.running && state.stream !== null && (
        <p className="mt-4 text-sm text-warn-ink">
          The browser waits for a tap before it measures sound.{' '}
          <button type="button" className="link" onClick={() => rig.wake()}>
            Start the meter
          </button>
        </p>
      )}
    </Frame>
  );
}
