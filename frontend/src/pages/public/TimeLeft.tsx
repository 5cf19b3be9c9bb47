import { useEffect, useRef, useState } from 'react';
import type { OpenAnswer } from '../../live/machine';

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
const CALLS = [60, 30, 10];

/* What a screen reader is told: the calls at 60, 30 and 10 seconds, never each second. */
function useCalls(left: number | null): string {
  const [called, setCalled] = useState('');
  const before = useRef<number | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = left;
    if (left === null || last === null) {
      setCalled('');
      return;
    }
    const call = CALLS.find((c) => last > c && left <= c);
    if (call !== undefined) setCalled(call === 60 ? 'One minute left.' : `${call} seconds left.`);
  }, [left]);
  return called;
}

export interface TimeLeftProps {
  answer: OpenAnswer | null;
  elapsed: () => number;
}

export function TimeLeft({ answer, elapsed }: TimeLeftProps) {
  const [seconds, setSeconds] = useState(0);
  const id = answer?.id;
  useEffect(() => {
    if (id === undefined) return;
    const look = () => setSeconds(Math.floor(elapsed() / 1000));
    look();
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [id, elapsed]);
  const limit = answer && answer.timeLimitS > 0 ? answer.timeLimitS : null;
  const left = limit === null ? null : Math.max(0, limit - seconds);
  const called = useCalls(left);
  if (!answer) return null;
  return (
    <section className="grid content-start gap-2 [grid-area:time]" aria-label="Time">
      <p className="text-sm">
        <b className="text-lg font-semibold">{clock(left ?? seconds)}</b>{' '}
        <span className="text-ink-2">{left === null ? 'so far, no limit' : 'left for this answer'}</span>
      </p>
      {limit !== null && (
        <div className="h-1.5 overflow-hidden rounded-full bg-chart-track" aria-hidden>
          <div
            className="h-full origin-left rounded-full bg-accent"
            style={{ width: '100%', transform: `scaleX(${Math.min(1, seconds / limit)})` }}
          />
        </div>
      )}
      <span role="status" className="sr-only">
        {called}
      </span>
    </section>
  );
}
