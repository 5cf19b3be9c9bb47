import { Notches } from '../../components/Notches';
import { Button } from '../../components/ui/Button';
import { Card } from '../../components/ui/Card';
import { Notice } from '../../components/ui/Notice';
import type { Report, Session } from '../../services/types';
import { level, longDate } from '../../utils/format';
import { useDelayed } from '../../utils/hooks';

export interface SummaryProps {
  session: Session;
  working: boolean;
  /** Null for those who only read. */
  onWrite: (() => void) | null;
}

const SLOW_MS = 60_000;

function Ready({ report }: { report: Report }) {
  const scored = report.questions.filter((question) => question.score !== null).length;
  const { overall_score: overall } = report;
  return (
    <>
      <h2 id="summary" className="label">
        Suggested level
      </h2>
      <div className="mt-1 flex items-end gap-4">
        {overall === null ? (
          <span className="text-2xl font-bold">Not scored</span>
        ) : (
          <span className="text-4xl font-bold">{level(overall)}</span>
        )}
        <span className="flex flex-col gap-1.5 pb-1.5">
          {overall !== null && <span className="leading-none text-ink-3">on a scale of 5</span>}
          <Notches score={overall} label={overall === null ? 'Not scored' : `${level(overall)} of 5`} />
        </span>
      </div>
      <p className="mt-4 max-w-[58ch] text-base leading-6 text-ink-2">{report.summary}</p>
      <p className="mt-3 text-xs text-ink-3">
        {scored} of {report.questions.length} questions scored. Viva suggests; a person decides. Scorer{' '}
        {report.scorer_version}.
      </p>
    </>
  );
}

function Pending() {
  const slow = useDelayed(true, SLOW_MS);
  return (
    <Notice title="The report is being written">
      {slow
        ? 'It is taking longer than usual. You can leave this page; it will be here when you come back.'
        : 'It takes about a minute. The recording and the transcript are here already.'}
    </Notice>
  );
}

const TELLS: Record<Exclude<Session['status'], 'completed'>, (name: string) => { title: string; text: string }> = {
  registered: (name) => ({
    title: `${name} has not started yet`,
    text: 'The report follows about a minute after the end.',
  }),
  in_progress: (name) => ({
    title: `${name} is being interviewed`,
    text: 'Answers appear here as they are given. The report follows about a minute after the end.',
  }),
  withdrawn: (name) => ({ title: `${name} withdrew`, text: 'The recordings are erased, and there is no report.' }),
};

function Content({ session, working, onWrite }: SummaryProps) {
  if (session.status !== 'completed') {
    const { title, text } = TELLS[session.status](session.candidate.full_name);
    return <Notice title={title}>{text}</Notice>;
  }
  const { report } = session;
  if (report === null)
    return (
      <Notice
        title="There is no report yet"
        action={
          onWrite !== null && (
            <Button working={working && 'Asking'} onClick={onWrite}>
              Write the report
            </Button>
          )
        }
      >
        The recording and the transcript are complete.
      </Notice>
    );
  if (report.status === 'pending') return <Pending />;
  if (report.status === 'failed')
    return (
      <Notice
        tone="warn"
        title="The report could not be written"
        action={
          onWrite !== null && (
            <Button working={working && 'Asking'} onClick={onWrite}>
              Try again
            </Button>
          )
        }
      >
        The recording and the transcript are safe; you can judge by them.
      </Notice>
    );
  return <Ready report={report} />;
}

/** Why there is nothing to hear, when it was kept as long as an administrator wants it kept. */
function Expired({ session }: { session: Session }) {
  const at = session.recordings_erased_at;
  if (at === null || !session.answers.some((answer) => answer.mode === 'voice')) return null;
  return (
    <p className="mt-4 text-ink-2">
      The recordings were erased on {longDate(at)}: they had been kept as long as they may be. What was said stays here
      in writing.
    </p>
  );
}

export function Summary(props: SummaryProps) {
  return (
    <Card className="p-5 max-xl:order-1" aria-label="Summary">
      <Content {...props} />
      <Expired session={props.session} />
    </Card>
  );
}
