import { ResourceView } from '../../components/ResourceView';
import { Card, CardHeader } from '../../components/ui/Card';
import { Details } from '../../components/ui/Details';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { Table } from '../../components/ui/Table';
import { figuresService, type FigureFilter } from '../../services/figuresService';
import type { ReportStatistics } from '../../services/types';
import { plural } from '../../utils/format';
import { useResource } from '../../utils/hooks';
import { number } from './words';

function finding({ scored, average, median }: ReportStatistics): string {
  if (average === null) return 'No report has a score yet.';
  return `${plural(scored, 'report')} with a score: ${average.toFixed(1)} on average, half of them ${number(median, 1)} or less.`;
}

function Histogram({ bands }: { bands: ReportStatistics['distribution'] }) {
  const most = Math.max(1, ...bands.map(({ count }) => count));
  return (
    <div aria-hidden className="grid grid-cols-8 items-end gap-1 px-5 pb-4">
      {bands.map(({ from, to, count }) => (
        <div key={from} className="grid gap-1 text-center">
          <span className="flex h-32 flex-col justify-end border-b border-[var(--color-chart-grid)]">
            <span className="text-xs text-ink-2">{count}</span>
            <span
              className="block w-full bg-[var(--color-series-1)]"
              style={{ height: count === 0 ? 0 : `max(2px, calc(${count / most} * (100% - 1.25rem)))` }}
            />
          </span>
          <span className="text-2xs text-ink-3">
            {from.toFixed(1)}
            <span className="max-sm:hidden">–{to.toFixed(1)}</span>
          </span>
        </div>
      ))}
    </div>
  );
}

function Facts({ data }: { data: ReportStatistics }) {
  const rows: [string, string][] = [
    ['Mean', number(data.average)],
    ['Median', number(data.median)],
    ['Deviation', number(data.deviation)],
    ['Lowest', number(data.min, 1)],
    ['Highest', number(data.max, 1)],
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-5 gap-y-3 px-5 pb-5 sm:grid-cols-5">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt className="text-xs text-ink-3">{term}</dt>
          <dd className="text-lg font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Distribution({ filter }: { filter: FigureFilter }) {
  const resource = useResource(`scores ${JSON.stringify(filter)}`, (signal) => figuresService.scores(filter, signal));
  return (
    <Card aria-labelledby="scores" className="min-w-0">
      <CardHeader id="scores" title="Scores" />
      <ResourceView resource={resource} what="the scores" skeleton={<SkeletonRows rows={4} />}>
        {(data) => (
          <>
            <p className="px-5 pb-4 text-ink-2">{finding(data)}</p>
            {data.scored > 0 && (
              <>
                <Histogram bands={data.distribution} />
                <Facts data={data} />
                <Details summary="As tables">
                  <Table name="Scores" head={['From', 'To', 'Reports']}>
                    {data.distribution.map(({ from, to, count }) => (
                      <tr key={from}>
                        <th scope="row">{from.toFixed(1)}</th>
                        <td>{to.toFixed(1)}</td>
                        <td>{count}</td>
                      </tr>
                    ))}
                  </Table>
                  {data.by_competency.length > 0 && (
                    <div className="mt-4">
                      <Table name="Scores by competency" head={['Competency', 'Answers', 'Mean']}>
                        {data.by_competency.map(({ competency, count, average }) => (
                          <tr key={competency}>
                            <th scope="row">{competency}</th>
                            <td>{count}</td>
                            <td>{number(average)}</td>
                          </tr>
                        ))}
                      </Table>
                    </div>
                  )}
                </Details>
              </>
            )}
          </>
        )}
      </ResourceView>
    </Card>
  );
}
