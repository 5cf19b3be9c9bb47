import { Stamp } from '../../components/Stamp';
import { timecode } from '../../utils/format';

export interface QuoteProps {
  text: string;
  /** What it is the evidence of, for the stamp's name. */
  about: string;
  /** Null: typed, or not known. */
  ms: number | null;
  /** Null when there is nothing to hear. */
  onPlay: ((ms: number) => void) | null;
}

/** Words out of the transcript, with the stamp that plays them, or when they were said where there is nothing to hear. */
export function Quote({ text, about, ms, onPlay }: QuoteProps) {
  return (
    <>
      <span className="voice text-lg leading-7">
        <span className="mark">“{text}”</span>
      </span>{' '}
      {ms !== null && (
        <span className="whitespace-nowrap">
          {onPlay === null ? (
            <span className="ml-0.5 text-xs text-ink-3">{timecode(ms)}</span>
          ) : (
            <Stamp ms={ms} about={about} onPlay={() => onPlay(ms)} />
          )}
        </span>
      )}
    </>
  );
}
