import { Download } from 'lucide-react';
import { useState } from 'react';
import { ResourceView } from '../../components/ResourceView';
import { Badge } from '../../components/ui/Badge';
import { Button } from '../../components/ui/Button';
import { Card, CardHeader } from '../../components/ui/Card';
import { Input, Select } from '../../components/ui/Input';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { Table } from '../../components/ui/Table';
import { useToldTask } from '../../contexts/ToastContext';
import { figuresService, type ImpactQuery, type Period } from '../../services/figuresService';
import type { AdverseImpact, ImpactCategory, ImpactGroup, Interview } from '../../services/types';
import { useResource } from '../../utils/hooks';
import { number, percent, range } from './words';

const BASES = [
  { value: 'decision', label: 'Advanced when signed off' },
  { value: 'score', label: 'A score of at least' },
];
const HEAD = [
  'Group',
  'People',
  'Selected',
  'Rate',
  'Ratio',
  '95 % interval',
  'Mean score',
  'Above median',
  'Scoring ratio',
] as const;
const FOUR_FIFTHS = 0.8;

function Fared({ group }: { group: ImpactGroup }) {
  const low = group.impact_ratio !== null && group.impact_ratio < FOUR_FIFTHS;
  return (
    <>
      <td>{number(group.selected, 0)}</td>
      <td>{percent(group.selection_rate)}</td>
      <td>
        {number(group.impact_ratio)} {low && <Badge tone="warn">Below 0.80</Badge>}
      </td>
      <td>{range(group.ratio_low, group.ratio_high)}</td>
      <td>{number(group.mean_score, 1)}</td>
      <td>{percent(group.scoring_rate)}</td>
      <td>{number(group.scoring_ratio)}</td>
    </>
  );
}

function Group({ group }: { group: ImpactGroup }) {
  return (
    <tr>
      <th scope="row">
        {group.label}
        {group.remark !== '' && <span className="block max-w-64 text-xs text-ink-3">{group.remark}</span>}
      </th>
      <td>{number(group.n, 0)}</td>
      {group.withheld === 'no' ? (
        <Fared group={group} />
      ) : (
        <td colSpan={7} className="!text-left !whitespace-normal text-ink-3">
          Withheld: it would tell of single people
        </td>
      )}
    </tr>
  );
}

function Category({ category }: { category: ImpactCategory }) {
  const few = category.groups.filter(({ withheld }) => withheld === 'too_few');
  const shown = category.groups.filter(({ withheld }) => withheld !== 'too_few');
  return (
    <section className="border-t border-line" aria-label={category.label}>
      <h3 className="px-5 pt-4 font-semibold">{category.label}</h3>
      <p className="px-5 pb-2 text-ink-2">{category.statement}</p>
      {shown.some(({ value, n }) => value !== 'not_given' && n !== null) && (
        <Table name={category.label} head={HEAD}>
          {shown.map((group) => (
            <Group key={group.value} group={group} />
          ))}
        </Table>
      )}
      {few.length > 0 && (category.withheld_people ?? 0) > 0 && (
        <p className="hint px-5 py-3">
          Withheld, because they are few: {category.withheld_people} people of{' '}
          {few.map(({ label }) => label).join(', ')}.
        </p>
      )}
    </section>
  );
}

function Result({ id, query }: { id: string; query: ImpactQuery }) {
  const resource = useResource(`impact ${id} ${JSON.stringify(query)}`, (signal) =>
    figuresService.impact(id, query, signal),
  );
  return (
    <ResourceView resource={resource} what="the table" skeleton={<SkeletonRows rows={6} />}>
      {(data: AdverseImpact) => (
        <>
          <p className="px-5 pb-4 text-ink-2">
            {data.statement}
            {data.threshold_moved && data.threshold !== null && (
              <> The score is moved to {data.threshold.toFixed(1)}: too few people lie between it and yours.</>
            )}
          </p>
          {data.people > 0 &&
            data.categories.map((category) => <Category key={category.category} category={category} />)}
        </>
      )}
    </ResourceView>
  );
}

const Explained = () => (
  <div className="grid gap-2 px-5 pb-4 text-ink-2">
    <p>
      What candidates said of themselves of their own will, counted. The ratio is a group’s selection rate beside that
      of the group with the highest; below 0.80 (four fifths) it is usual to look for the reason. The scoring ratio is
      the same for the share that scores above everybody’s median.
    </p>
    <p>
      Groups of few people are withheld, and people are counted in whole batches, so that nobody can be picked out. Each
      look stands in the audit log. Candidates are asked only where an administrator has set it.
    </p>
  </div>
);

/** For the interview’s owner and administrators. Nothing is asked for before somebody wants to see it. */
export function Impact({ interview, period }: { interview: Interview; period: Period }) {
  const [basis, setBasis] = useState<ImpactQuery['basis']>('decision');
  const [threshold, setThreshold] = useState('3');
  const [shown, setShown] = useState<ImpactQuery | null>(null);
  const { working, run } = useToldTask();
  const wanted = Number(threshold);
  const bad = basis === 'score' && !(wanted >= 1 && wanted <= 5);
  const chosen: ImpactQuery = { ...period, basis, ...(basis === 'score' && { threshold: wanted }) };
  const save = () =>
    run(() => figuresService.exportImpact(interview.id, chosen, `${interview.title}, adverse impact.csv`));
  return (
    <Card aria-labelledby="impact" className="min-w-0 overflow-hidden">
      <CardHeader id="impact" title="Whether groups fare alike" />
      <Explained />
      <form
        className="flex flex-wrap items-end gap-3 px-5 pb-5"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!bad) setShown(chosen);
        }}
      >
        <div className="w-60 max-w-full">
          <Select
            label="Who counts as selected"
            options={BASES}
            value={basis}
            onChange={({ target }) => setBasis(target.value as ImpactQuery['basis'])}
          />
        </div>
        {basis === 'score' && (
          <div className="w-28">
            <Input
              label="Score"
              type="number"
              min={1}
              max={5}
              step={0.1}
              value={threshold}
              error={bad ? 'From 1 to 5.' : undefined}
              onChange={({ target }) => setThreshold(target.value)}
            />
          </div>
        )}
        <Button type="submit">Show the table</Button>
        <Button icon={Download} working={working && 'Exporting'} onClick={() => !bad && void save()}>
          Export as CSV
        </Button>
      </form>
      {shown !== null && <Result id={interview.id} query={shown} />}
    </Card>
  );
}
