import { useState } from 'react';
import { ResourceView } from '../../components/ResourceView';
import { Badge } from '../../components/ui/Badge';
import { Card, CardHeader } from '../../components/ui/Card';
import { Details } from '../../components/ui/Details';
import { Select } from '../../components/ui/Input';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { Table } from '../../components/ui/Table';
import { figuresService, type DriftPeriod, type FigureFilter } from '../../services/figuresService';
import type { DriftSeries, ScoreDrift } from '../../services/types';
import { utcDay } from '../../utils/format';
import { useResource } from '../../utils/hooks';
import { number, range } from './words';

const PERIODS = [
  { value: 'week', label: 'By week' },
  { value: 'month', label: 'By month' },
];
const COLOURS = ['var(--color-series-1)', 'var(--color-series-2)', 'var(--color-series-3)', 'var(--color-series-4)'];
const colour = (i: number) => COLOURS[i % COLOURS.length];
const LEVELS = [5, 4, 3, 2, 1];
const day = (iso: string): string => `${utcDay(iso.slice(0, 10))} ${iso.slice(0, 4)}`;
const y = (level: number): number => 100 - ((level - 1) / 4) * 100;

interface Placed {
  x: number;
  mean: number;
  low: number;
  high: number;
}

/* Along the time from the first period to the last; one period alone stands in the middle. */
function place(series: readonly DriftSeries[]): Placed[][] {
  const times = series.flatMap(({ points }) => points.map(({ from }) => Date.parse(from)));
  const first = Math.min(...times);
  const span = Math.max(...times) - first;
  return series.map(({ points }) =>
    points.map(({ from, mean, low, high }) => ({
      x: span === 0 ? 50 : 3 + (94 * (Date.parse(from) - first)) / span,
      mean: y(mean),
      low: y(Math.max(1, low ?? mean)),
      high: y(Math.min(5, high ?? mean)),
    })),
  );
}

/* Stretched to its box; strokes keep their width, and a line without length is a dot. */
function Lines({ series }: { series: readonly DriftSeries[] }) {
  const fixed = { vectorEffect: 'non-scaling-stroke' as const };
  return (
    <svg aria-hidden viewBox="0 0 100 100" preserveAspectRatio="none" className="block h-48 w-full overflow-visible">
      {LEVELS.map((level) => (
        <line key={level} x1="0" x2="100" y1={y(level)} y2={y(level)} stroke="var(--color-chart-grid)" {...fixed} />
      ))}
      {place(series).map((points, i) => (
        <g key={series[i]?.scorer_version} stroke={colour(i)} strokeLinecap="round" fill="none">
          <polyline points={points.map(({ x, mean }) => `${x},${mean}`).join(' ')} strokeWidth="1.5" {...fixed} />
          {points.map(({ x, mean, low, high }) => (
            <g key={x}>
              <line x1={x} x2={x} y1={low} y2={high} strokeWidth="2" opacity="0.45" {...fixed} />
              <line x1={x} x2={x} y1={mean} y2={mean} strokeWidth="8" {...fixed} />
            </g>
          ))}
        </g>
      ))}
    </svg>
  );
}

function Chart({ series }: { series: readonly DriftSeries[] }) {
  const points = series.flatMap((one) => one.points);
  const starts = points.map(({ from }) => from).sort();
  const [first, last] = [starts[0] ?? '', starts[starts.length - 1] ?? ''];
  return (
    <div className="px-5 pb-4">
      <div className="grid grid-cols-[1.25rem_1fr] gap-x-2">
        <span aria-hidden className="flex h-48 flex-col justify-between text-xs leading-none text-ink-3">
          {LEVELS.map((level) => (
            <span key={level} className="-my-1.5">
              {level}
            </span>
          ))}
        </span>
        <Lines series={series} />
        <span />
        <span aria-hidden className="mt-2 flex justify-between gap-3 text-xs text-ink-3">
          <span>{day(first)}</span>
          {first !== last && <span>{day(last)}</span>}
        </span>
      </div>
      <p className="hint mt-2">A dot is the mean of a period; the bar over it is its 95 % interval.</p>
    </div>
  );
}

function Versions({ drift }: { drift: ScoreDrift }) {
  return (
    <ul className="grid gap-3 px-5 pb-4">
      {drift.series.map((one, i) => (
        <li key={one.scorer_version} className="grid grid-cols-[0.75rem_1fr] gap-2">
          <span aria-hidden className="mt-1.5 h-2.5 w-2.5 rounded-full" style={{ background: colour(i) }} />
          <span>
            <span className="flex flex-wrap items-center gap-2">
              <span className="font-medium [overflow-wrap:anywhere]">{one.scorer_version}</span>
              {one.drifts && <Badge tone="warn">Drifts</Badge>}
            </span>
            <span className="block text-ink-2">{one.statement}</span>
            {drift.steps[i - 1] !== undefined && (
              <span className="block text-ink-2">After the one before: {drift.steps[i - 1]?.statement}</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Points({ drift }: { drift: ScoreDrift }) {
  return (
    <Table name="Scores over time" head={['From', 'Reports', 'Mean', '95 % interval']}>
      {drift.series.flatMap((one) =>
        one.points.map((point) => (
          <tr key={`${one.scorer_version} ${point.from}`}>
            <th scope="row">
              {day(point.from)}
              {drift.series.length > 1 && <span className="block text-xs text-ink-3">{one.scorer_version}</span>}
            </th>
            <td>{point.n}</td>
            <td>{number(point.mean)}</td>
            <td>{range(point.low, point.high)}</td>
          </tr>
        )),
      )}
    </Table>
  );
}

/** Whether scores move, each version of the scorer by itself. */
export function Drift({ filter }: { filter: FigureFilter }) {
  const [period, setPeriod] = useState<DriftPeriod>('month');
  const resource = useResource(`drift ${period} ${JSON.stringify(filter)}`, (signal) =>
    figuresService.drift(filter, period, signal),
  );
  return (
    <Card aria-labelledby="drift" className="min-w-0">
      <CardHeader
        id="drift"
        title="Scores over time"
        aside={
          <div className="w-36">
            <Select
              label="Shown"
              hideLabel
              options={PERIODS}
              value={period}
              onChange={({ target }) => setPeriod(target.value as DriftPeriod)}
            />
          </div>
        }
      />
      <ResourceView resource={resource} what="the scores over time" skeleton={<SkeletonRows rows={4} />}>
        {(drift) =>
          drift.n === 0 ? (
            <p className="px-5 pb-5 text-ink-2">{drift.statement}</p>
          ) : (
            <>
              <Chart series={drift.series} />
              <Versions drift={drift} />
              <Details summary="As a table">
                <Points drift={drift} />
              </Details>
            </>
          )
        }
      </ResourceView>
    </Card>
  );
}
