import { Card, CardHeader } from '../../components/ui/Card';
import { reportService } from '../../services/reportService';
import type { Report, ScoreOverride } from '../../services/types';
import { exactTime, level } from '../../utils/format';
import { useResource } from '../../utils/hooks';
import { who } from './report';

const machine = (score: number | null): string => (score === null ? 'none by Viva' : `${level(score)} by Viva`);

/** What stood before: a person's level, or the machine's. `older`: what was set before it, the newest first. */
function before(one: ScoreOverride, older: readonly ScoreOverride[]): string {
  const last = older.find(({ answer_id }) => answer_id === one.answer_id);
  return last === undefined || last.level === null
    ? machine(one.machine_score)
    : `${last.level} by ${who(last.author_name)}`;
}

/** Every level that a person set or took back, with its reason: the newest first. Nothing while nobody did. */
export function LevelHistory({ report }: { report: Report }) {
  /* what stands changes with each entry; reading an earlier version changes nothing */
  const standing = report.human?.overrides.map(({ id }) => id).join() ?? '';
  const resource = useResource(`levels ${report.id} ${standing}`, (signal) =>
    reportService.overrides(report.id, signal),
  );
  const items = resource.data?.items ?? [];
  if (items.length === 0) return null;
  const positionOf = (id: string) => report.questions.find(({ answer_id }) => answer_id === id)?.position;
  return (
    <Card className="overflow-hidden max-xl:order-3" aria-labelledby="levels-set">
      <CardHeader
        id="levels-set"
        title="Levels that people set"
        aside={<span className="text-xs text-ink-3">Kept beside Viva’s</span>}
      />
      <ol className="px-5 pb-3">
        {items.map((one, i) => {
          const position = positionOf(one.answer_id);
          return (
            <li key={one.id} className="border-t border-line py-3">
              <p className="font-medium">
                {position !== undefined && `Question ${position}: `}
                {one.level === null
                  ? `taken back, ${machine(one.machine_score)} stands again`
                  : `from ${before(one, items.slice(i + 1))} to ${one.level}`}
              </p>
              {one.reason !== '' && (
                <p className="max-w-[62ch] whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]">{one.reason}</p>
              )}
              <p className="text-xs text-ink-3">
                {who(one.author_name)}, {exactTime(one.created_at)}, version {one.version}
              </p>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
