import { spokenTime, timecode } from '../utils/format';

/** A time stamp that plays from its moment. `about` says what is heard there. */
export function Stamp({ ms, about, onPlay }: { ms: number; about?: string; onPlay: () => void }) {
  return (
    <button
      type="button"
      className="stamp"
      aria-label={`Play from ${timecode(ms)}${about === undefined ? '' : `, ${about}`}`}
      title={`Play from ${spokenTime(ms)}`}
      onClick={onPlay}
    >
      <svg aria-hidden viewBox="0 0 12 12">
        <path d="M2.5 1.2v9.6L10.8 6z" />
      </svg>
      {timecode(ms)}
    </button>
  );
}
