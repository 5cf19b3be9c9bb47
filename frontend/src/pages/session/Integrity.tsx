import { Stamp } from '../../components/Stamp';
import { Card, CardHeader } from '../../components/ui/Card';
import type { Answer, Report } from '../../services/types';
import type { PlayAnswer } from './report';

export interface IntegrityProps {
  report: Report;
  answers: readonly Pick<Answer, 'id' | 'position'>[];
  play: PlayAnswer;
}

/** What happened around the answers, to be judged by a person. */
export function Integrity({ report, answers, play }: IntegrityProps) {
  if (report.integrity.length === 0) return null;
  return (
    <Card className="overflow-hidden max-xl:order-3" aria-labelledby="around">
      <CardHeader id="around" title="What happened around the answers – never in a score" />
      <ul className="px-5 pb-3">
        {report.integrity.map(({ kind, at, position, offset_ms: ms, statement }) => {
          const answer = answers.find((one) => one.position === position);
          const heard = answer === undefined ? null : play(answer.id);
          return (
            <li key={`${kind} ${at} ${position}`} className="border-t border-line py-2 text-ink-2">
              {statement}{' '}
              {ms !== null && heard !== null && <Stamp ms={ms} about={statement} onPlay={() => heard(ms)} />}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
