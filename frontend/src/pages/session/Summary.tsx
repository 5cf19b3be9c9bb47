import { Button } from '../../components/ui/Button';
import { Card } from '../../components/ui/Card';
import { Notice } from '../../components/ui/Notice';
import type { Report, Session } from '../../services/types';
import { longDate } from '../../utils/format';
import { useDelayed } from '../../utils/hooks';
import { readable } from './report';
import { ReportHead } from './ReportHead';
import { SignOffNote } from './SignOff';
import { Versions } from './Versions';

export interface SummaryProps {
  session: Session;
  /** The version that is read, when it is not the one that stands. */
  earlier: Report | null;
  onShow: (earlier: Report | null) => void;
  working: boolean;
  /** Null for those who only read. */
  onWrite: (() => void) | null;
}

const SLOW_MS = 60_000;

const COMING = {
  none: 'It takes about a minute.',
  completed: 'A language model reads the answers too.',
  rubric_changed: 'Questions or weights were changed.',
  requested: 'Somebody asked for it.',
} as const;

function Pending({ report, kept }: { report: Report; kept: boolean }) {
  const slow = useDelayed(true, SLOW_MS);
  if (kept)
    return (
      <Notice title="A new version is being written">
        {COMING[report.next_reason]} What you read here stays until it is there.
      </Notice>
    );
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

/** What is going on with the report; null when it is simply there. */
function News({ session, working, onWrite }: Omit<SummaryProps, 'earlier' | 'onShow'>) {
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
  const kept = readable(report) !== null;
  if (report.status === 'pending' || (report.status === 'ready' && report.next_reason !== 'none'))
    return <Pending report={report} kept={kept} />;
  if (report.status === 'ready') return null;
  return (
    <Notice
      tone="warn"
      title={kept ? 'The new version could not be written' : 'The report could not be written'}
      action={
        onWrite !== null && (
          <Button working={working && 'Asking'} onClick={onWrite}>
            Try again
          </Button>
        )
      }
    >
      {kept
        ? 'What you read here is the version before it.'
        : 'The recording and the transcript are safe; you can judge by them.'}
    </Notice>
  );
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
  const { session, earlier, onShow } = props;
  const standing = session.status === 'completed' ? readable(session.report) : null;
  const report = earlier ?? standing;
  return (
    <Card className="p-5 max-xl:order-1" aria-label="Summary">
      <div className="grid gap-3 not-last:mb-5 empty:hidden">
        <News {...props} />
        {standing !== null && <SignOffNote report={standing} />}
        {standing !== null && standing.latest_version > 1 && (
          <Versions report={standing} earlier={earlier} onShow={onShow} />
        )}
      </div>
      {report !== null && <ReportHead report={report} />}
      <Expired session={session} />
    </Card>
  );
}
