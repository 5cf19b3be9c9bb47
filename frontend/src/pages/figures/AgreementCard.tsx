import { ResourceView } from '../../components/ResourceView';
import { Card, CardHeader } from '../../components/ui/Card';
import { Details } from '../../components/ui/Details';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { Table } from '../../components/ui/Table';
import { figuresService, type FigureFilter } from '../../services/figuresService';
import type { Agreement, LevelAgreement } from '../../services/types';
import { plural } from '../../utils/format';
import { useResource } from '../../utils/hooks';
import { number, percent, signed } from './words';

const FIGURES = ['Answers', 'The same', 'Within one', 'Kappa', 'Difference'] as const;

function Row({ name, of, between = false }: { name: string; of: Agreement; between?: boolean }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{of.n}</td>
      <td>{percent(of.exact)}</td>
      <td>{percent(of.within_one)}</td>
      <td>{number(of.kappa)}</td>
      <td>{between ? `${number(of.mean_apart)} apart` : signed(of.mean_difference)}</td>
    </tr>
  );
}

function rest({ without_machine, answers_by_several }: LevelAgreement): string {
  const parts = [];
  if (without_machine > 0) parts.push(`People set ${plural(without_machine, 'level')} where there was none.`);
  if (answers_by_several > 0) parts.push(`${plural(answers_by_several, 'answer')} had levels of two people or more.`);
  return parts.join(' ');
}

/** People’s levels beside the machine’s, and beside each other’s. */
export function AgreementCard({ filter }: { filter: FigureFilter }) {
  const resource = useResource(`agreement ${JSON.stringify(filter)}`, (signal) =>
    figuresService.agreement(filter, signal),
  );
  return (
    <Card aria-labelledby="agreement" className="min-w-0 overflow-hidden">
      <CardHeader id="agreement" title="People and the machine" />
      <ResourceView resource={resource} what="the agreement" skeleton={<SkeletonRows rows={4} />}>
        {(data) => (
          <>
            <p className="px-5 pb-3 text-ink-2">{data.statement}</p>
            {data.machine.n > 0 && (
              <>
                <Table name="Agreement" head={['Between', ...FIGURES]}>
                  <Row name="People and the machine" of={data.machine} />
                  {data.reviewers.n > 0 && <Row name="Two people (pairs)" of={data.reviewers} between />}
                </Table>
                {rest(data) !== '' && <p className="hint px-5 py-3">{rest(data)}</p>}
                <Details summary="By competency, and what the figures mean">
                  <Table name="Agreement by competency" head={['Competency', ...FIGURES]}>
                    {data.by_competency.map((one) => (
                      <Row key={one.name} name={one.name === '' ? 'Without a name' : one.name} of={one} />
                    ))}
                  </Table>
                  <p className="hint px-5 pt-3">
                    Within one: at most one level apart. Kappa, weighted, is 1 for perfect agreement and 0 for what
                    chance gives; levels that lie further apart weigh more. The difference is the person’s level less
                    the machine’s, on average.
                  </p>
                </Details>
              </>
            )}
          </>
        )}
      </ResourceView>
    </Card>
  );
}
