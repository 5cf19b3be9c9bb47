import { Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/ui/Button';
import { ECHO_NOTES, ECHO_PLAYED, EchoProbe } from '../../live/audio/echo';
import type { EchoResult } from '../../live/audio/echo';
import type { DeviceRig } from '../../live/rig';

export type Heard = 'unknown' | 'played' | 'yes' | 'no';

/* Two soft notes, half a second: long enough to look for the volume. */
function playTone(ctx: AudioContext): void {
  const at = ctx.currentTime + 0.05;
  ECHO_NOTES.forEach((frequency, i) => {
    const oscillator = ctx.createOscillator();
    const gain = ctx.createGain();
    const start = at + i * 0.35;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(ECHO_PLAYED, start + 0.03);
    gain.gain.setValueAtTime(ECHO_PLAYED, start + 0.25);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
    oscillator.connect(gain).connect(ctx.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.65);
  });
}

const ECHO_MS = 1600; /* the tone, and its way through device and room */

/** Listens while the tone plays: how much of it comes back through the microphone. */
function useEcho(rig: DeviceRig) {
  const [echo, setEcho] = useState<EchoResult | null>(null);
  const probe = useRef<EchoProbe | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    const off = rig.onFrame(({ pcm }) => {
      probe.current ??= new EchoProbe();
      probe.current.push(pcm);
    });
    return () => {
      off();
      clearTimeout(timer.current);
    };
  }, [rig]);
  const listen = () => {
    const now = probe.current;
    now?.play();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setEcho(now?.result() ?? null);
      probe.current = null;
    }, ECHO_MS);
  };
  return { echo, listen };
}

function EchoLine({ echo }: { echo: EchoResult | null }) {
  if (echo === null) return null;
  return echo.loud ? (
    <p role="status" className="mt-3 text-sm text-warn-ink">
      Your microphone hears the loudspeaker ({echo.db} dB). Use headphones, or turn the volume down, then play the tone
      again.
    </p>
  ) : (
    <p role="status" className="mt-3 text-sm text-ink-2">
      {echo.db === null
        ? 'Your microphone does not hear the loudspeaker.'
        : `Your microphone hardly hears the loudspeaker (${echo.db} dB).`}
    </p>
  );
}

export function SpeakerCheck({ rig, heard, onHeard }: { rig: DeviceRig; heard: Heard; onHeard: (h: Heard) => void }) {
  const [failed, setFailed] = useState(false);
  const { echo, listen } = useEcho(rig);
  const play = () => {
    rig.wake();
    const ctx = rig.sound?.ctx;
    setFailed(!ctx);
    if (!ctx) return;
    playTone(ctx);
    listen();
    onHeard('played');
  };
  const waiting = heard === 'unknown' ? true : undefined;
  const answer = (h: Heard) => () => {
    if (!waiting) onHeard(h);
  };
  return (
    <>
      <p className="mt-1 text-sm text-ink-2">Play a short tone. Did you hear it?</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button icon={Play} size="sm" onClick={play}>
          Play the tone
        </Button>
        <span className="flex gap-2">
          {(['yes', 'no'] as const).map((word) => (
            <button
              key={word}
              type="button"
              className="btn btn-secondary btn-sm"
              aria-disabled={waiting}
              aria-pressed={heard === word}
              onClick={answer(word)}
            >
              {word === 'yes' ? 'Yes' : 'No'}
            </button>
          ))}
        </span>
      </div>
      <EchoLine echo={echo} />
      {heard === 'no' && (
        <p className="mt-3 text-sm text-warn-ink">
          Turn the volume up, or choose another output in your system’s sound settings, then play the tone again. The
          captions show every word in any case.
        </p>
      )}
      {failed && (
        <p className="mt-3 text-sm text-warn-ink">This browser plays no sound here. The captions show every word.</p>
      )}
    </>
  );
}
