/* Six seconds of the very sound that would be sent, played back: quality, echo and the right microphone in one go. */

import { CircleDot, Play, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/ui/Button';
import { replay } from '../../live/audio/replay';
import { UPLINK_RATE } from '../../live/protocol';
import type { DeviceRig } from '../../live/rig';

const SECONDS = 6;

type Stage = 'ready' | 'recording' | 'playing' | 'recorded';

function useReplay(rig: DeviceRig) {
  const [stage, setStage] = useState<Stage>('ready');
  const [left, setLeft] = useState(SECONDS);
  const sound = useRef<Int16Array[]>([]);

  useEffect(() => {
    if (stage !== 'recording') return;
    let samples = 0;
    sound.current = [];
    return rig.onFrame(({ pcm }) => {
      sound.current.push(pcm);
      samples += pcm.length;
      setLeft(Math.max(0, Math.ceil(SECONDS - samples / UPLINK_RATE)));
      if (samples >= SECONDS * UPLINK_RATE) setStage('playing');
    });
  }, [stage, rig]);

  useEffect(() => {
    const ctx = rig.sound?.ctx;
    if (stage !== 'playing' || !ctx) return;
    return replay(ctx, sound.current, () => setStage('recorded'));
  }, [stage, rig]);

  return {
    stage,
    left,
    record: () => {
      rig.wake();
      setLeft(SECONDS);
      setStage('recording');
    },
    play: () => setStage('playing'),
    stop: () => setStage('recorded'),
  };
}

export function Replay({ rig, available }: { rig: DeviceRig; available: boolean }) {
  const { stage, left, record, play, stop } = useReplay(rig);
  return (
    <div className="card grid items-center gap-4 p-4 md:grid-cols-[1fr_auto] md:p-5">
      <div>
        <h2 className="font-semibold">Hear yourself as we do</h2>
        <p className="mt-0.5 text-sm text-ink-2" role="status">
          {stage === 'recording'
            ? 'Recording for this check only. Say one sentence, for example:'
            : stage === 'playing'
              ? 'This is how we hear you. It is not kept.'
              : 'Say one sentence, for example:'}
        </p>
        <p className="voice mt-1 text-lg leading-7">“Today is Monday and I am ready to start.”</p>
      </div>
      {stage === 'recording' ? (
        <Button className="max-md:w-full" working={`Recording, ${left} s left`}>
          Recording
        </Button>
      ) : stage === 'playing' ? (
        <Button className="max-md:w-full" icon={Square} onClick={stop}>
          Stop
        </Button>
      ) : (
        <div className="flex gap-2 max-md:flex-col">
          {stage === 'recorded' && (
            <Button icon={Play} onClick={play}>
              Play again
            </Button>
          )}
          <Button icon={CircleDot} onClick={record} notYet={!available && 'Needs a working microphone.'}>
            Record {SECONDS} seconds
          </Button>
        </div>
      )}
    </div>
  );
}
