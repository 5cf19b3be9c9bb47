import { Card, CardHeader } from '../../components/ui/Card';
import type { Report } from '../../services/types';

/** Pace, pauses and the like, each explained. */
export function Speech({ report }: { report: Report }) {
  const measures = report.content?.speech ?? [];
  if (measures.length === 0) return null;
  return (
    <Card className="overflow-hidden max-xl:order-3" aria-labelledby="spoken">
      <CardHeader id="spoken" title="How it was spoken – never in a score" />
      <ul className="px-5 pb-3">
        {measures.map(({ measure, explanation }) => (
          <li key={measure} className="border-t border-line py-2 text-ink-2">
            {explanation}
          </li>
        ))}
      </ul>
    </Card>
  );
}
