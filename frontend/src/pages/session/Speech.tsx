import { Card, CardHeader } from '../../components/ui/Card';
import type { Report } from '../../services/types';
import { measureRows } from './speech';
import { SpokenList } from './Spoken';

/** Pace, pauses and the like over the whole interview, each explained. */
export function Speech({ report }: { report: Report }) {
  const measures = report.content?.speech ?? [];
  if (measures.length === 0) return null;
  return (
    <Card className="overflow-hidden max-xl:order-3" aria-labelledby="spoken">
      <CardHeader id="spoken" title="How it was spoken – never in a score" />
      <div className="px-5 pb-3">
        <SpokenList rows={measureRows(measures)} />
      </div>
    </Card>
  );
}
