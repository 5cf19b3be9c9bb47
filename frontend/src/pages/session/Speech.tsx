import { Card, CardHeader } from '../../components/ui/Card';
import type { Report } from '../../services/types';
import { measureName, measureValue } from './speech';

/** Pace, pauses and the like over the whole interview, each explained. */
export function Speech({ report }: { report: Report }) {
  const measures = report.content?.speech ?? [];
  if (measures.length === 0) return null;
  return (
    <Card className="overflow-hidden max-xl:order-3" aria-labelledby="spoken">
      <CardHeader id="spoken" title="How it was spoken – never in a score" />
      <dl className="px-5 pb-3">
        {measures.map((one) => (
          <div key={one.measure} className="grid gap-x-4 border-t border-line py-2 md:grid-cols-[13rem_1fr]">
            <dt className="text-ink-2">{measureName(one)}</dt>
            <dd>
              <span className="font-semibold">{measureValue(one)}</span>
              <span className="hint block">{one.explanation}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
