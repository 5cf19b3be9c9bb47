import { RefreshCw, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { PageHeader } from '../components/PageHeader';
import { ResourceView } from '../components/ResourceView';
import { SessionStatusBadge } from '../components/StatusBadge';
import { Button } from '../components/ui/Button';
import { Card, CardHeader } from '../components/ui/Card';
import { Dialog } from '../components/ui/Dialog';
import { Skeleton, SkeletonRows } from '../components/ui/Skeleton';
import { useAuth } from '../contexts/AuthContext';
import { useToldTask } from '../contexts/ToastContext';
import { sessionService } from '../services/sessionService';
import type { Report, Session } from '../services/types';
import { longDate, plural } from '../utils/format';
import { useInterval, useResource, useTitle } from '../utils/hooks';
import { Findings } from './session/Findings';
import { History } from './session/History';
import { Integrity } from './session/Integrity';
import { LevelHistory } from './session/LevelHistory';
import { MadeWith } from './session/MadeWith';
import { Notes } from './session/Notes';
import { Pdf } from './session/Pdf';
import { playable } from './session/playback';
import { Player } from './session/Player';
import { QuestionReport } from './session/QuestionReport';
import { readable, type PlayAnswer } from './session/report';
import { ResumeCard } from './session/ResumeCard';
import { Share } from './session/Share';
import { SignOff } from './session/SignOff';
import { Speech } from './session/Speech';
import { Summary } from './session/Summary';
import { Transcript } from './session/Transcript';
import { usePlayback, type Start } from './session/usePlayback';

const POLL_MS = 3000;

/** Something about this session still changes by itself: the interview, a recording, or the report. */
function unsettled(session: Session | null): boolean {
  if (session === null) return false;
  if (session.status === 'in_progress' || session.report?.status === 'pending') return true;
  if (session.report?.status === 'ready' && session.report.next_reason !== 'none') return true;
  return session.answers.some((answer) => answer.recordings.some((one) => one.status === 'processing'));
}

function when(session: Session): string {
  const { started_at: start, completed_at: end } = session;
  if (start === null) return session.candidate.email;
  const minutes = end === null ? null : Math.max(1, Math.round((Date.parse(end) - Date.parse(start)) / 60_000));
  return [
    `Interviewed ${longDate(start)}`,
    minutes === null ? null : plural(minutes, 'minute'),
    session.candidate.email,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function EraseDialog({ session, open, onClose }: { session: Session; open: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const { working, run } = useToldTask();
  const erase = async () => {
    const said = `What ${session.candidate.full_name} said is erased.`;
    if (await run(() => sessionService.remove(session.id), said))
      await navigate(`/interviews/${session.interview_id}`, { replace: true });
    else onClose();
  };
  return (
    <Dialog
      open={open}
      title={`Erase ${session.candidate.full_name}’s interview?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="danger" icon={Trash2} working={working && 'Erasing'} onClick={() => void erase()}>
            Erase interview
          </Button>
        </>
      }
    >
      <p className="text-ink-2">Video, sound, transcript and report go for good.</p>
    </Dialog>
  );
}

/* Writing the report (again): the server answers with a pending one, and polling brings the rest. */
function useReportWriter(session: Session, reload: () => void) {
  const { working, run } = useToldTask();
  const write = async () => {
    if (await run(() => sessionService.regenerateReport(session.id))) reload();
  };
  return { working, write: () => void write() };
}

/** The moment that the address names, as a PDF's links do: ?answer=ID&ms=MS. Null: none, or of another session. */
function useStart(session: Session): Start | null {
  const [query] = useSearchParams();
  const answerId = query.get('answer');
  const ms = Number(query.get('ms') ?? 0);
  if (answerId === null || !session.answers.some(({ id }) => id === answerId)) return null;
  return { answerId, ms: Number.isFinite(ms) && ms > 0 ? ms : 0 };
}

/** Why no level can be set in what is read. */
function lockOf(standing: Report | null, earlier: Report | null): string | null {
  if (earlier !== null) return 'This is an earlier version. Levels are set on the current one.';
  return standing?.sign_off?.current === true
    ? 'The report is signed off. Levels can be changed when the sign-off is withdrawn.'
    : null;
}

function SessionScreen({ session, reload }: { session: Session; reload: () => void }) {
  const start = useStart(session);
  const playback = usePlayback(session.answers, reload, start);
  const { working, write } = useReportWriter(session, reload);
  const [openId, setOpenId] = useState<string | null>(start?.answerId ?? null);
  const [earlier, setEarlier] = useState<Report | null>(null);
  const [erasing, setErasing] = useState(false);
  const staff = useAuth().hasRole(['admin', 'recruiter']);
  const player = useRef<HTMLElement>(null);
  const standing = session.status === 'completed' ? readable(session.report) : null;
  const ready = earlier ?? standing;
  const locked = lockOf(standing, earlier);
  const linked = start !== null;
  useEffect(() => {
    if (linked) player.current?.scrollIntoView({ block: 'nearest' });
  }, [linked]);
  const reportOf = (answerId: string) => ready?.questions.find((question) => question.answer_id === answerId) ?? null;
  const shown = playback.answer === null ? [] : (reportOf(playback.answer.id)?.points ?? []);
  const scored = ready?.questions.filter((question) => question.score !== null).length;

  const toggle = (id: string, open: boolean) => {
    if (open) {
      setOpenId(id);
      playback.select(id);
    } else if (openId === id) setOpenId(null);
  };
  const play = (id: string, ms: number) => {
    playback.play(id, ms);
    // on small screens the player is above, out of sight; beside the report it is there already
    player.current?.scrollIntoView({ block: 'nearest' });
  };
  const playAnswer: PlayAnswer = (id) => {
    const answer = session.answers.find((one) => one.id === id);
    return answer === undefined || playable(answer).length === 0 ? null : (ms) => play(id, ms);
  };
  return (
    <>
      <PageHeader
        crumbs={[
          { to: `/interviews/${session.interview_id}`, label: session.interview_title },
          { label: 'Candidates' },
        ]}
        title={session.candidate.full_name}
        under={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1 [overflow-wrap:anywhere]">
            {(session.status !== 'completed' || session.partial) && (
              <SessionStatusBadge status={session.status} partial={session.partial} />
            )}
            {when(session)}
            {session.partial &&
              ` · Closed when its time was over: ${session.answered_count} of ${session.question_count} answered`}
          </span>
        }
        actions={
          <>
            {ready !== null && <Pdf key={ready.version} report={ready} name={session.candidate.full_name} />}
            {staff && (
              <>
                {standing !== null && <Share reportId={standing.id} />}
                {session.status !== 'in_progress' && (
                  <Button variant="quiet" icon={Trash2} onClick={() => setErasing(true)}>
                    Erase
                  </Button>
                )}
                {standing !== null && (
                  <Button icon={RefreshCw} working={working && 'Asking'} onClick={write}>
                    Write the report again
                  </Button>
                )}
                {standing !== null && earlier === null && <SignOff report={standing} onChanged={reload} />}
              </>
            )}
          </>
        }
      />
      <div className="grid items-start gap-5 [reading-flow:grid-order] xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="grid min-w-0 gap-5 max-xl:contents">
          <Summary
            session={session}
            earlier={earlier}
            working={working}
            onWrite={staff ? write : null}
            onShow={setEarlier}
          />
          {ready !== null && <Findings report={ready} play={playAnswer} />}
          <Card className="overflow-hidden max-xl:order-3" aria-labelledby="by-question">
            <CardHeader
              id="by-question"
              title="Question by question"
              aside={
                <span className="text-xs text-ink-3">
                  {scored === undefined
                    ? `${session.answered_count} of ${session.question_count} answered`
                    : `${scored} of ${session.question_count} scored`}
                </span>
              }
            />
            {session.answers.length === 0 && <p className="px-5 pb-5 text-ink-2">No question has been answered yet.</p>}
            {session.answers.map((answer) => (
              <QuestionReport
                key={answer.id}
                answer={answer}
                whole={ready}
                locked={locked}
                onChanged={reload}
                open={openId === answer.id}
                onToggle={(open) => toggle(answer.id, open)}
                onPlay={(ms) => play(answer.id, ms)}
              />
            ))}
          </Card>
          {ready !== null && (
            <>
              <LevelHistory report={ready} />
              <Speech report={ready} />
              <Integrity report={ready} answers={session.answers} play={playAnswer} />
            </>
          )}
          <Notes sessionId={session.id} />
          <ResumeCard candidateId={session.candidate.id} />
          <History candidateId={session.candidate.id} />
          {ready !== null && <MadeWith report={ready} />}
        </div>
        {playback.answer !== null && (
          <aside
            ref={player}
            className="card flex flex-col overflow-hidden max-xl:order-2 md:max-xl:grid md:max-xl:grid-cols-2 md:max-xl:grid-rows-[auto_1fr] xl:sticky xl:top-6 xl:max-h-[calc(100dvh-3rem)]"
            aria-label="Recording and transcript"
          >
            <Player playback={playback} name={session.candidate.full_name} points={shown} />
            <Transcript playback={playback} points={shown} interviewer="Interviewer" />
          </aside>
        )}
      </div>
      <EraseDialog session={session} open={erasing} onClose={() => setErasing(false)} />
    </>
  );
}

const skeleton = (
  <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_26rem]">
    <div className="grid gap-5">
      <div className="card p-5">
        <Skeleton className="h-32" />
      </div>
      <div className="card">
        <SkeletonRows rows={6} />
      </div>
    </div>
    <Skeleton className="h-96" />
  </div>
);

export default function SessionView() {
  const { id = '' } = useParams();
  const load = useCallback((signal: AbortSignal) => sessionService.get(id, signal), [id]);
  const resource = useResource(`session ${id}`, load);
  useTitle(resource.data?.candidate.full_name ?? 'Candidate');
  useInterval(resource.reload, POLL_MS, unsettled(resource.data));
  return (
    <div className="page !max-w-[96rem]">
      {resource.status !== 'ready' && <h1 className="sr-only">Candidate</h1>}
      <ResourceView resource={resource} what="the interview" skeleton={skeleton}>
        {(session) => <SessionScreen session={session} reload={resource.reload} />}
      </ResourceView>
    </div>
  );
}
