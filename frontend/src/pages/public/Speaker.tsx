import { Play } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/ui/Button';
import type { DeviceRig } from '../../live/rig';

export type Heard = 'unknown' | 'played' | 'yes' | 'no';

/* Two soft notes, half a second: long enough to look for the volume. */
function playTone(ctx: AudioContext): void {
  const at = ctx.currentTime + 0.05;
  [523.25, 659.25].forEach((frequency, i) => {
    const oscillator = ctx.createOscillator();
    const gain = ctx.createGain();
    const start = at + i * 0.35;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.25, start + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
    oscillator.connect(gain).connect(ctx.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.65);
  });
}

export function SpeakerCheck({ rig, heard, onHeard }: { rig: DeviceRig; heard: Heard; onHeard: (h: Heard) => void }) {
  const [failed, setFailed] = useState(false);
  const play = () => {
    rig.wake();
    const ctx = rig.sound?.ctx;
    setFailed(!ctx);
    if (!ctx) return;
    playTone(ctx);
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
