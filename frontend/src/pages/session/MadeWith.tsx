import { ChevronDown } from 'lucide-react';
import { Card } from '../../components/ui/Card';
import type { Report } from '../../services/types';
import { exactTime } from '../../utils/format';

/** Versions of all that produced the report, for those who have to account for it. */
export function MadeWith({ report }: { report: Report }) {
  const made = report.content?.made_with ?? null;
  if (made === null) return null;
  const rows = [
    ['Viva', made.application],
    ['Scorer', made.scorer],
    ['Embeddings', made.embeddings],
    ['Judge', made.judge === '' ? 'None was asked' : made.judge],
    ['Prompt of the judge', made.prompt],
    ['Speech to text', made.speech_to_text],
    ['Text to speech', made.text_to_speech],
    ['Version', String(report.version)],
    ['Made', report.made_at === null ? '' : exactTime(report.made_at)],
  ].filter(([, value]) => value !== '');
  return (
    <Card className="overflow-hidden max-xl:order-6" aria-label="Made with">
      <details className="group">
        <summary className="flex cursor-pointer items-center justify-between px-5 py-4 text-base font-semibold">
          Made with
          <ChevronDown aria-hidden className="ic text-ink-3 group-open:rotate-180" />
        </summary>
        <dl className="px-5 pb-3">
          {rows.map(([name, value]) => (
            <div key={name} className="grid gap-x-4 border-t border-line py-2 sm:grid-cols-[13rem_minmax(0,1fr)]">
              <dt className="text-ink-3">{name}</dt>
              <dd className="[overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Card>
  );
}
