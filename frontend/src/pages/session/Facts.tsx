import type { ReportQuestion } from '../../services/types';
import { percent } from '../../utils/format';

/** Figures of an answer for those who want to know more; they stand beside the level, not in it. */
export function Facts({ report }: { report: ReportQuestion }) {
  const shares: [string, number | null | undefined][] = [
    ['Clear evidence', report.confidence],
    ['About the question', report.relevance],
    ['Particulars given', report.specificity],
    ['Correct, by the reference points', report.correctness],
    ['Understood by the recogniser', report.transcript_quality],
  ];
  const known = shares.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  if (known.length === 0) return null;
  return (
    <div>
      <h3 className="label mb-1">Beside the level, not in it</h3>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {known.map(([name, share]) => (
          <div key={name} className="flex gap-2">
            <dt className="text-ink-3">{name}</dt>
            <dd className="font-medium">{percent(share)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
