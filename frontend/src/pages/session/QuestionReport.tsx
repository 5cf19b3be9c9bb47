import { Check, ChevronDown, CircleDashed, Minus, type LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import { Notches } from '../../components/Notches';
import { Badge, type BadgeTone } from '../../components/ui/Badge';
import type { Answer, ReportPoint, ReportQuestion } from '../../services/types';
import { level } from '../../utils/format';
import { playable } from './playback';
import { Quote } from './Quote';

const MET: Record<ReportPoint['met'], { tone: BadgeTone; icon: LucideIcon; word: string }> = {
  met: { tone: 'good', icon: Check, word: 'Met' },
  partial: { tone: 'accent', icon: CircleDashed, word: 'Partly' },
  missed: { tone: 'plain', icon: Minus, word: 'Not heard' },
};
const LEVELS = [1, 2, 3, 4, 5];

/** Five tiles, the chosen one filled with what that level means. */
function AnchoredScale({ score, text }: { score: number; text: string }) {
  const chosen = Math.round(score);
  return (
    <ol className="scale" aria-label="Level suggested">
      {LEVELS.map((n) => (
        <li key={n} className={clsx('anchor', n === chosen && 'on')} aria-current={n === chosen ? 'true' : undefined}>
          <b>{n}</b>
          {n === chosen && (
            <span>
              {text}
              <span className="sr-only"> (suggested level)</span>
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

interface PointRowProps {
  point: ReportPoint;
  canPlay: boolean;
  onPlay: (ms: number) => void;
}

function PointRow({ point, canPlay, onPlay }: PointRowProps) {
  const { tone, icon, word } = MET[point.met];
  return (
    <li className="grid gap-x-4 gap-y-1 border-t border-line py-3 first:border-t-0 md:grid-cols-[13rem_1fr]">
      <div>
        <span className="mb-1.5 block font-medium">{point.text}</span>
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
      </div>
      <div>
        {point.quote === null ? (
          <span className="text-ink-3">No words in the answer were found for this.</span>
        ) : (
          <Quote text={point.quote} about={point.text} ms={point.start_ms} onPlay={canPlay ? onPlay : null} />
        )}
      </div>
    </li>
  );
}

export interface QuestionReportProps {
  answer: Answer;
  /** Null while there is no report. */
  report: ReportQuestion | null;
  open: boolean;
  onToggle: (open: boolean) => void;
  onPlay: (ms: number) => void;
}

function Body({ answer, report, onPlay }: Omit<QuestionReportProps, 'open' | 'onToggle'>) {
  if (report === null) return <p className="text-ink-2">The level appears here when the report is written.</p>;
  const canPlay = playable(answer).length > 0;
  return (
    <>
      {report.score !== null && (
        <div>
          <h3 className="label mb-2">What this level means</h3>
          <AnchoredScale score={report.score} text={report.level_text} />
        </div>
      )}
      {report.explanation !== '' && (
        <div>
          <h3 className="label mb-1">Why</h3>
          <p className="max-w-[62ch] text-ink-2">{report.explanation}</p>
        </div>
      )}
      {report.points.length > 0 && (
        <div>
          <h3 className="label">What was heard</h3>
          <ul>
            {report.points.map((point) => (
              <PointRow key={point.text} point={point} canPlay={canPlay} onPlay={onPlay} />
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** One question: closed it shows the level, open everything the level rests on. */
export function QuestionReport({ answer, report, open, onToggle, onPlay }: QuestionReportProps) {
  const score = report?.score ?? null;
  const note = report === null ? null : report.score === null ? (report.reason_not_scored ?? 'Not scored.') : null;
  return (
    <details className="border-t border-line" open={open} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary className="grid grid-cols-[1.5rem_minmax(0,1fr)_auto] items-center gap-3 px-5 py-3.5 hover:bg-hover">
        <span className="self-start pt-0.5 font-semibold text-ink-3">{answer.position}</span>
        <span className="min-w-0">
          <span className={clsx('voice block', open ? 'text-xl leading-7' : 'text-lg leading-6')}>
            {answer.question_text}
          </span>
          {note !== null && <span className="mt-0.5 block text-xs text-ink-3">{note}</span>}
        </span>
        <span className="flex items-center gap-2.5">
          {report !== null && (
            <>
              <span className="max-sm:hidden">
                <Notches score={score} />
              </span>
              <b className="w-6 text-right font-semibold">{score === null ? '–' : level(score).replace(/\.0$/, '')}</b>
            </>
          )}
          <ChevronDown aria-hidden className={clsx('ic ic-sm text-ink-3', open && 'rotate-180')} />
        </span>
      </summary>
      <div className="grid gap-5 px-5 pt-1.5 pb-5 md:pl-14">
        <Body answer={answer} report={report} onPlay={onPlay} />
      </div>
    </details>
  );
}
