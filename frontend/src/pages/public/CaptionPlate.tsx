import { useEffect, useMemo, useState } from 'react';
import type { LiveState } from '../../live/machine';
import { cuesOf, litAt } from './captions';

export interface CaptionPlateProps {
  state: LiveState;
  name: string;
  organisation: string;
  shown: boolean;
  /** Seconds into the utterance as heard. */
  now: () => number;
}

function useLit(state: LiveState, now: () => number): number | null {
  const { current } = state;
  const utterance = current?.utterance ?? null;
  const speaking = current !== null && current.state !== 'finished';
  const cues = useMemo(() => (utterance ? cuesOf(utterance.text, utterance.words) : []), [utterance]);
  const [lit, setLit] = useState(0);
  const length = utterance?.whole ? utterance.text.length : 0;
  const started = current?.state === 'playing' || current?.state === 'paused';
  useEffect(() => {
    if (!speaking) return;
    let request = 0;
    const look = () => {
      setLit(started ? litAt(cues, now(), length) : 0);
      request = requestAnimationFrame(look);
    };
    request = requestAnimationFrame(look);
    return () => cancelAnimationFrame(request);
  }, [speaking, started, cues, length, now]);
  return speaking ? lit : null;
}

/* From here on smaller letters, so that all of it can be read beside the picture. */
const LONG = 220;

/* What stands where there are no words to show. */
function hint({ answer, queue }: LiveState): string {
  if (answer !== null) return 'Choose “Hear it again” to have the question asked once more.';
  return queue === null ? '' : 'The first question comes when it is your turn.';
}

/** What the interviewer says, under the picture, never over the face. Words not yet spoken are dimmer. */
export function CaptionPlate({ state, name, organisation, shown, now }: CaptionPlateProps) {
  const lit = useLit(state, now);
  const { current, question } = state;
  const text = lit !== null ? (current?.utterance.text ?? '') : (question?.text ?? current?.utterance.text ?? '');
  const upTo = lit ?? text.length;
  const asked = lit === null && question !== null;
  const people = organisation === '' ? 'People' : `People at ${organisation}`;
  return (
    <div className="plate">
      <p className="mb-1.5 flex justify-between gap-4 text-sm text-on-plate-2">
        <span className="flex-none">
          {name}
          <span className="md:hidden">, an AI{asked && ','}</span>
          {asked && (question.followUp ? ' asked as a short follow-up' : ' asked')}
        </span>
        <span className="max-md:hidden">
          {name} is an AI. {people} decide.
        </span>
      </p>
      {shown ? (
        <p className="plate-text" data-long={text.length > LONG || undefined}>
          {text === '' ? (
            <span className="text-on-plate-2">{hint(state)}</span>
          ) : (
            <>
              {text.slice(0, upTo)}
              {upTo < text.length && <span className="text-on-plate-2">{text.slice(upTo)}</span>}
            </>
          )}
        </p>
      ) : (
        <p className="text-sm text-on-plate-2">Captions are off.</p>
      )}
      {/* Nobody says these words aloud: a screen reader may. */}
      <span role="status" className="sr-only">
        {current !== null && current.utterance.samples === 0 ? current.utterance.text : ''}
      </span>
    </div>
  );
}
