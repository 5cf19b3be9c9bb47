import { Stamp } from '../../components/Stamp';

export interface QuoteProps {
  text: string;
  /** What it is the evidence of, for the stamp's name. */
  about: string;
  /** Null: typed, or not known. */
  ms: number | null;
  /** Null when there is nothing to hear. */
  onPlay: ((ms: number) => void) | null;
}

/** Words out of the transcript, with the stamp that plays them. */
export function Quote({ text, about, ms, onPlay }: QuoteProps) {
  return (
    <>
      <span className="voice text-lg leading-7">
        <span className="mark">“{text}”</span>
      </span>{' '}
      {ms !== null && onPlay !== null && (
        <span className="whitespace-nowrap">
          <Stamp ms={ms} about={about} onPlay={() => onPlay(ms)} />
        </span>
      )}
    </>
  );
}
