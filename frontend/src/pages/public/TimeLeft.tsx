import { Clock } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/ui/Button';
import type { OpenAnswer } from '../../live/machine';

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
const CALLS = [60, 30, 10];
/* More time is offered from here on. */
const OFFER_S = 60;
/* From here on the clock stands out. */
const HURRY_S = 30;
/* An extension; a little of it may be over when it is seen. */
const ADDED_S = 100;

/* What a screen reader is told: the calls at 60, 30 and 10 seconds, never each second, and that there is more time. */
function useCalls(left: number | null, more: boolean): string {
  const [called, setCalled] = useState('');
  const before = useRef<number | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = left;
    if (left === null || last === null) {
      setCalled('');
      return;
    }
    if (left > last + ADDED_S) setCalled('2 minutes were added.');
    const call = CALLS.find((c) => last > c && left <= c);
    if (call === undefined) return;
    setCalled(
      `${call === 60 ? 'One minute' : `${call} seconds`} left.${more ? ' Add 2 minutes if you need them.' : ''}`,
    );
  }, [left, more]);
  return called;
}

/** The value, looked at four times a second while something runs. */
export function useTicking(running: boolean, look: () => number): number {
  const [value, setValue] = useState(look);
  const latest = useRef(look);
  useEffect(() => {
    latest.current = look;
  });
  useEffect(() => {
    if (!running) return;
    const tick = () => setValue(latest.current());
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [running]);
  return value;
}

export interface TimeLeftProps {
  answer: OpenAnswer | null;
  /** Milliseconds since it began; how many it has left, null: no limit; and until a local time. */
  elapsed: () => number;
  left: () => number | null;
  until: (at: number) => number;
  onExtend: () => void;
}

export function TimeLeft({ answer, elapsed, left, until, onExtend }: TimeLeftProps) {
  const thinkUntil = answer?.thinkUntil ?? null;
  const limited = answer !== null && answer.leftMs !== null;
  const ms = useTicking(answer !== null, () =>
    thinkUntil !== null ? until(thinkUntil) : limited ? (left() ?? 0) : elapsed(),
  );
  const seconds = limited || thinkUntil !== null ? Math.ceil(ms / 1000) : Math.floor(ms / 1000);
  const counting = limited && thinkUntil === null ? seconds : null;
  const more = (answer?.extensionsLeft ?? 0) > 0;
  const called = useCalls(counting, more);
  if (!answer) return null;
  const total = Math.max(answer.timeLimitS * 1000, answer.leftMs ?? 0);
  return (
    <section className="grid content-start gap-2 [grid-area:time]" aria-label="Time">
      <div className="flex items-center justify-between gap-3">
        <p className="text-sm">
          <b className={`text-lg font-semibold ${counting !== null && counting <= HURRY_S ? 'text-warn-ink' : ''}`}>
            {clock(seconds)}
          </b>{' '}
          <span className="text-ink-2">
            {thinkUntil !== null ? 'to think' : limited ? 'left' : 'so far, no limit'}
            {limited && thinkUntil === null && <span className="max-md:sr-only"> for this answer</span>}
          </span>
        </p>
        {counting !== null && counting <= OFFER_S && more && (
          <Button icon={Clock} onClick={onExtend}>
            2 more minutes
          </Button>
        )}
      </div>
      {counting !== null && (
        <div className="h-1.5 overflow-hidden rounded-full bg-chart-track" aria-hidden>
          <div
            className="h-full origin-left rounded-full bg-accent"
            style={{ width: '100%', transform: `scaleX(${Math.min(1, Math.max(0, 1 - ms / total))})` }}
          />
        </div>
      )}
      <span role="status" className="sr-only">
        {called}
      </span>
    </section>
  );
}
