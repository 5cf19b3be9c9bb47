import { Card } from '../../components/ui/Card';
import type { Report, ReportFinding } from '../../services/types';
import { Quote } from './Quote';
import type { PlayAnswer } from './report';

interface ListProps {
  title: string;
  none: string;
  findings: readonly ReportFinding[];
  play: PlayAnswer;
}

function List({ title, none, findings, play }: ListProps) {
  return (
    <div>
      <h2 className="text-base font-semibold">{title}</h2>
      {findings.length === 0 && <p className="mt-1 text-ink-3">{none}</p>}
      <ul>
        {findings.map((finding) => (
          <li key={`${finding.answer_id} ${finding.text}`} className="border-t border-line py-3 first:border-t-0">
            <span className="block font-medium">
              {finding.text} <span className="font-normal text-ink-3">Question {finding.position}</span>
            </span>
            {finding.quote !== null && (
              <Quote text={finding.quote} about={finding.text} ms={finding.start_ms} onPlay={play(finding.answer_id)} />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What was good, what was not heard, and what to ask about it. Nothing for reports that have no such lists. */
export function Findings({ report, play }: { report: Report; play: PlayAnswer }) {
  const { content } = report;
  if (content === null) return null;
  return (
    <Card className="grid gap-5 p-5 max-xl:order-1" aria-label="Strengths and gaps">
      <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
        <List title="Strengths" none="No point was clearly made." findings={content.strengths} play={play} />
        <List title="Gaps" none="No point was missed." findings={content.gaps} play={play} />
      </div>
      {content.ask_next.length > 0 && (
        <div className="well p-4">
          <h2 className="font-semibold">What to ask next</h2>
          <ul className="mt-1 grid gap-2">
            {content.ask_next.map(({ position, question, about }) => (
              <li key={`${position} ${question}`}>
                <span className="voice text-lg leading-7">{question}</span>
                <span className="hint block">
                  Question {position}: {about}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}
