import { LOUD_ABOVE, QUIET_BELOW } from '../../live/audio/level';
import type { Level } from '../../live/audio/level';

const BARS = Array.from({ length: 28 }, (_, i) => i);

const WORDS = { silent: 'No sound', quiet: 'Very quiet', good: 'Good', loud: 'Too loud' } as const;

export const verdictWords = (level: Level | null) => (level ? WORDS[level.verdict] : 'Waiting');

/* Each bar has the colour of its own place: quiet, good, too loud. */
function barClass(i: number): string {
  if (i < QUIET_BELOW * BARS.length) return 'q';
  return i < LOUD_ABOVE * BARS.length ? 'g' : 'l';
}

export function Meter({ level }: { level: Level | null }) {
  const lit = Math.round((level?.value ?? 0) * BARS.length);
  /* One colour while it is only quiet, as a warning; all good once the voice reaches the middle. */
  const tone = lit > LOUD_ABOVE * BARS.length ? null : lit >= QUIET_BELOW * BARS.length ? 'g' : 'q';
  return (
    <>
      <div
        className="meter"
        role="meter"
        aria-label="Microphone level"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((level?.value ?? 0) * 100)}
        aria-valuetext={verdictWords(level)}
      >
        {BARS.map((i) => (
          <i key={i} className={i < lit ? (tone ?? barClass(i)) : ''} />
        ))}
      </div>
      <div className="hint mt-1 grid grid-cols-[8fr_11fr_9fr] whitespace-nowrap">
        <span>Quiet</span>
        <span>Good</span>
        <span className="text-right">Too loud</span>
      </div>
    </>
  );
}
