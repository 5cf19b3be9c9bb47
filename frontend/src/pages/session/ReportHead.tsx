import { Notches } from '../../components/Notches';
import { Notice } from '../../components/ui/Notice';
import type { Report } from '../../services/types';
import { level } from '../../utils/format';
import { Competencies } from './Competencies';
import { Radar } from './Radar';

function Overall({ id, title, score, people }: { id?: string; title: string; score: number | null; people?: boolean }) {
  const figure = people === true ? 'text-2xl' : score === null ? 'text-2xl' : 'text-4xl';
  return (
    <div>
      <h2 id={id} className="label">
        {title}
      </h2>
      <div className="mt-1 flex items-end gap-4">
        <span className={`${figure} font-bold`}>{score === null ? 'Not scored' : level(score)}</span>
        <span className="flex flex-col gap-1.5 pb-1.5">
          {score !== null && people !== true && <span className="leading-none text-ink-3">on a scale of 5</span>}
          <Notches score={score} label={score === null ? 'Not scored' : `${level(score)} of 5`} />
        </span>
      </div>
    </div>
  );
}

/** The whole in one look: the machine's level, people's beside it, what it rests on, and the competencies. */
export function ReportHead({ report }: { report: Report }) {
  const { overall_score: overall, content, human, comparison } = report;
  const scored = report.questions.filter((question) => question.score !== null).length;
  const competencies = content?.competencies ?? [];
  return (
    <>
      {content?.partial === true && (
        <div className="mb-5">
          <Notice tone="warn" title={`Partial: ${content.answered} of ${content.asked} questions answered`}>
            The interview ended before its last question. Everything here rests on what was answered.
          </Notice>
        </div>
      )}
      <div className={competencies.length >= 3 ? 'grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]' : undefined}>
        <div>
          <div className="flex flex-wrap items-end gap-x-8 gap-y-3">
            <Overall id="summary" title="Suggested level" score={overall} />
            {human !== null && <Overall title="With people’s levels" score={human.overall_score} people />}
          </div>
          <p className="mt-4 max-w-[58ch] text-base leading-6 text-ink-2">{report.summary}</p>
          {comparison !== null && <p className="mt-3 max-w-[58ch] text-ink-2">{comparison.statement}</p>}
          <p className="mt-3 text-xs text-ink-3">
            {scored} of {report.questions.length} questions scored. Viva suggests; a person decides. Scorer{' '}
            {report.scorer_version}.
          </p>
        </div>
        <div className="-my-2 max-sm:hidden lg:-mr-3">
          <Radar competencies={competencies} />
        </div>
      </div>
      <Competencies
        competencies={competencies}
        human={human?.competencies ?? null}
        weightsSet={content?.weights_set ?? false}
      />
    </>
  );
}
