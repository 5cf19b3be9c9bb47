import { Highlighter, Pause, Play, RotateCcw, type LucideIcon } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { ReportPoint } from '../../services/types';
import { spokenTime, timecode } from '../../utils/format';
import { lengthOf, silence, type Played } from './playback';
import type { Playback } from './usePlayback';

const RATES = [1, 1.25, 1.5, 2];
const BACK_MS = 5000;

export interface PlayerProps {
  playback: Playback<Played>;
  name: string;
  /** Quotes of the answer that is shown, for the yellow ticks. */
  points: readonly ReportPoint[];
}

function Control({
  icon: Icon,
  name,
  main = false,
  onClick,
}: {
  icon: LucideIcon;
  name: string;
  main?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      className={`grid h-9 w-9 place-items-center rounded-md ${main ? 'bg-on-plate text-plate' : 'hover:bg-plate-line'}`}
      aria-label={name}
      title={name}
      onClick={onClick}
    >
      <Icon aria-hidden className="ic" />
    </button>
  );
}

function Controls({
  playback,
  lengthMs,
  quotes,
}: {
  playback: Playback<Played>;
  lengthMs: number;
  quotes: readonly number[];
}) {
  const { positionMs, playing, rate, seek, toggle, setRate, answer, play } = playback;
  const nextRate = RATES[(RATES.indexOf(rate) + 1) % RATES.length] ?? 1;
  // a little ahead of the position, so that a second press goes on to the one after
  const nextQuote = quotes.find((ms) => ms > positionMs + 200) ?? quotes[0];
  const percent = lengthMs === 0 ? 0 : Math.min(100, (positionMs / lengthMs) * 100);
  return (
    <div className="bg-plate px-4 pt-3 pb-3 text-on-plate">
      <div className="seek" style={{ '--at': `${percent}%` } as CSSProperties}>
        <span className="line" />
        {quotes.map((ms) => (
          <span key={ms} className="quote" style={{ left: `${(ms / Math.max(1, lengthMs)) * 100}%` }} />
        ))}
        <input
          type="range"
          min={0}
          max={lengthMs}
          step={100}
          value={Math.min(positionMs, lengthMs)}
          aria-label="Recording position"
          aria-valuetext={`${spokenTime(positionMs)} of ${spokenTime(lengthMs)}`}
          onChange={(event) => seek(Number(event.target.value))}
        />
      </div>
      <div className="mt-1 flex items-center gap-1">
        <Control main icon={playing ? Pause : Play} name={playing ? 'Pause' : 'Play'} onClick={toggle} />
        <Control icon={RotateCcw} name="Back 5 seconds" onClick={() => seek(positionMs - BACK_MS)} />
        {nextQuote !== undefined && answer !== null && (
          <Control icon={Highlighter} name="Next quote" onClick={() => play(answer.id, nextQuote)} />
        )}
        <span className="ml-1 text-sm">
          {timecode(positionMs)} <span className="text-on-plate-2">/ {timecode(lengthMs)}</span>
        </span>
        <button
          type="button"
          className="ml-auto h-9 rounded-md px-2.5 text-sm font-semibold hover:bg-plate-line"
          aria-label={`Speed ${rate}, change to ${nextRate}`}
          onClick={() => setRate(nextRate)}
        >
          {rate}×
        </button>
      </div>
    </div>
  );
}

/** The recording of the answer that is shown. Captions are the transcript beside it. */
export function Player({ playback, name, points }: PlayerProps) {
  const { video, answer, recording, events, failed } = playback;
  if (answer === null) return null;
  const why = failed ? 'The browser could not play this recording.' : silence(answer);
  const quotes = points.flatMap((point) => point.start_ms ?? []).sort((a, b) => a - b);
  return (
    <div className="on-dark relative md:max-xl:row-span-2 md:max-xl:bg-plate">
      <div className="grid aspect-[16/10] place-items-center overflow-hidden bg-plate">
        {recording !== null && !failed ? (
          // the transcript beside the player is the text of what is said; there is no caption file
          // eslint-disable-next-line jsx-a11y/media-has-caption
          <video
            ref={video}
            className="h-full w-full object-contain"
            src={recording.media_url}
            preload="metadata"
            playsInline
            aria-label={`Recording of ${name}, question ${answer.position}`}
            {...events}
          />
        ) : (
          <p className="px-6 text-center text-on-plate-2">{why}</p>
        )}
      </div>
      {recording !== null && !failed && <Controls playback={playback} lengthMs={lengthOf(answer)} quotes={quotes} />}
    </div>
  );
}
