import { Check, ChevronDown, CircleDashed, Minus, type LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Notches } from '../../components/Notches';
import { Badge, type BadgeTone } from '../../components/ui/Badge';
import type { Answer, Report, ReportPoint, ReportQuestion, ScoreOverride } from '../../services/types';
import { level } from '../../utils/format';
import { Anchors } from './Anchors';
import { Facts } from './Facts';
import { Judge } from './Judge';
import { LevelSet, Override } from './Override';
import { playable } from './playback';
import { Quote } from './Quote';
import { overrideOf, who } from './report';
import { Spoken } from './Spoken';
import { Structure } from './Structure';

const MET: Record<ReportPoint['met'], { tone: BadgeTone; icon: LucideIcon; word: string }> = {
  met: { tone: 'good', icon: Check, word: 'Met' },
  partial: { tone: 'accent', icon: CircleDashed, word: 'Partly' },
  missed: { tone: 'plain', icon: Minus, word: 'Not heard' },
};
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
  answer: Pick<Answer, 'id' | 'position' | 'question_text' | 'recordings'>;
  /** The report that is read; null while there is none. */
  whole: Report | null;
  /** Why no level can be set now; null when one can. */
  locked: string | null;
  /** Null where the report is only read. */
  onChanged: (() => void) | null;
  open: boolean;
  onToggle: (open: boolean) => void;
  onPlay: (ms: number) => void;
  /** What stands below the rest. */
  children?: ReactNode;
}

const questionOf = (whole: Report | null, answer: QuestionReportProps['answer']): ReportQuestion | null =>
  whole?.questions.find((question) => question.answer_id === answer.id) ?? null;

function Body({ answer, whole, locked, onPlay, onChanged, children }: Omit<QuestionReportProps, 'open' | 'onToggle'>) {
  const report = questionOf(whole, answer);
  if (report === null || whole === null)
    return <p className="text-ink-2">The level appears here when the report is written.</p>;
  const canPlay = playable(answer).length > 0;
  const play = canPlay ? onPlay : null;
  const override = overrideOf(whole, answer.id);
  return (
    <>
      {report.remarks !== undefined && report.remarks.length > 0 && (
        <ul className="grid max-w-[62ch] gap-1" aria-label="Remarks">
          {report.remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
      {report.score !== null && (
        <div>
          <h3 className="label mb-2">What this level means</h3>
          <Anchors score={report.score} text={report.level_text} scale={whole.content?.scale ?? null} />
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
      {report.judge !== undefined && report.judge !== null && <Judge judge={report.judge} onPlay={play} />}
      <Structure parts={report.structure ?? []} onPlay={play} />
      <Facts report={report} />
      {report.speech !== undefined && report.speech !== null && <Spoken speech={report.speech} />}
      {onChanged !== null && (
        <Override
          reportId={whole.id}
          answerId={answer.id}
          machine={report.score}
          override={override}
          locked={locked}
          onChanged={onChanged}
        />
      )}
      {onChanged === null && override !== null && (
        <div className="well p-4">
          <LevelSet override={override} />
        </div>
      )}
      {children}
    </>
  );
}

/** What stands under a closed question: who set its level, or why it has none. */
function noteOf(report: ReportQuestion | null, override: ScoreOverride | null): string | null {
  if (report === null) return null;
  if (override !== null) {
    const machine = report.score === null ? 'Viva gave none' : `Viva suggests ${level(report.score)}`;
    return `${who(override.author_name)} set ${override.level}; ${machine}: “${override.reason}”`;
  }
  return report.score === null ? (report.reason_not_scored ?? 'Not scored.') : null;
}

/** One question: closed it shows the level, open everything the level rests on. */
export function QuestionReport({ open, onToggle, ...body }: QuestionReportProps) {
  const { answer, whole } = body;
  const report = questionOf(whole, answer);
  const override = overrideOf(whole, answer.id);
  const score = override?.level ?? report?.score ?? null;
  const note = noteOf(report, override);
  return (
    <details className="border-t border-line" open={open} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary className="grid grid-cols-[1.5rem_minmax(0,1fr)_auto] items-center gap-3 px-5 py-3.5 hover:bg-hover">
        <span className="self-start pt-0.5 font-semibold text-ink-3">{answer.position}</span>
        <span className="min-w-0">
          <span className={clsx('voice block', open ? 'text-xl leading-7' : 'text-lg leading-6')}>
            {answer.question_text}
          </span>
          {open &&
            report?.follow_ups?.map((followUp) => (
              <span key={followUp} className="mt-1 block text-sm text-ink-2">
                Follow-up: {followUp}
              </span>
            ))}
          {note !== null && <span className="mt-0.5 line-clamp-2 text-xs text-ink-3">{note}</span>}
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
        <Body {...body} />
      </div>
    </details>
  );
}
