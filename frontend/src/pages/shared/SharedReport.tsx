/* A report as it is read by a link, without an account: all that it says, and nothing to change. Where the link lets
   recordings be heard, a quote plays from its moment. */

import { Download } from 'lucide-react';
import { useMemo, useRef, useState, type CSSProperties } from 'react';
import { useParams } from 'react-router';
import { Logo } from '../../components/Logo';
import { LoadFailure } from '../../components/ResourceView';
import { Stamp } from '../../components/Stamp';
import { Card, CardHeader } from '../../components/ui/Card';
import { Notice } from '../../components/ui/Notice';
import { Loading, Skeleton, SkeletonRows } from '../../components/ui/Skeleton';
import { reportService } from '../../services/reportService';
import type { SharedAnswer, SharedReport as Shared } from '../../services/types';
import { isApiError } from '../../utils/errorHandler';
import { longDate, longTime, timecode } from '../../utils/format';
import { useResource, useTitle } from '../../utils/hooks';
import { Findings } from '../session/Findings';
import { Integrity } from '../session/Integrity';
import { MadeWith } from '../session/MadeWith';
import { playable, type Played } from '../session/playback';
import { Player } from '../session/Player';
import { QuestionReport } from '../session/QuestionReport';
import type { PlayAnswer } from '../session/report';
import { ReportHead } from '../session/ReportHead';
import { SignOffNote } from '../session/SignOff';
import { Speech } from '../session/Speech';
import { usePlayback } from '../session/usePlayback';
import '../../styles/recruiter.css';

type OnPlay = ((ms: number) => void) | null;

/** What was said, with its times. */
function Words({ answer, onPlay }: { answer: SharedAnswer; onPlay: OnPlay }) {
  if (answer.text.trim() === '') return null;
  return (
    <details>
      <summary className="link w-fit cursor-pointer py-1">Transcript{answer.mode === 'text' && ', typed'}</summary>
      {answer.said.length === 0 ? (
        <p className="voice mt-1 max-w-[62ch] text-lg leading-7 whitespace-pre-wrap [overflow-wrap:anywhere]">
          {answer.text}
        </p>
      ) : (
        <ul className="mt-1 grid gap-1.5">
          {answer.said.map((one) => (
            <li key={one.id} className="grid grid-cols-[auto_1fr] items-start gap-2">
              {onPlay === null ? (
                <span className="w-10 pt-1 text-xs text-ink-3">{timecode(one.start_ms)}</span>
              ) : (
                <Stamp ms={one.start_ms} about={one.text} onPlay={() => onPlay(one.start_ms)} />
              )}
              <span className="voice max-w-[62ch] text-lg leading-7 [overflow-wrap:anywhere]">{one.text}</span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

interface QuestionsProps {
  shared: Shared;
  played: readonly Played[];
  play: PlayAnswer;
}

function Questions({ shared, played, play }: QuestionsProps) {
  const { report, answers } = shared;
  const [openId, setOpenId] = useState<string | null>(null);
  const scored = report.questions.filter((question) => question.score !== null).length;
  return (
    <Card className="overflow-hidden" aria-labelledby="by-question">
      <CardHeader
        id="by-question"
        title="Question by question"
        aside={
          <span className="text-xs text-ink-3">
            {scored} of {report.questions.length} scored
          </span>
        }
      />
      {report.questions.map((question) => {
        const { answer_id: id, position, question_text } = question;
        const words = answers.find((one) => one.answer_id === id);
        const recordings = played.find((one) => one.id === id)?.recordings ?? [];
        const onPlay = play(id);
        return (
          <QuestionReport
            key={id}
            answer={{ id, position, question_text, recordings }}
            whole={report}
            locked={null}
            onChanged={null}
            open={openId === id}
            onToggle={(open) => setOpenId((now) => (open ? id : now === id ? null : now))}
            onPlay={(ms) => onPlay?.(ms)}
          >
            {words !== undefined && <Words answer={words} onPlay={onPlay} />}
          </QuestionReport>
        );
      })}
    </Card>
  );
}

/** The answers that can be heard, each with the number of its question. */
const playedOf = ({ report, answers }: Shared): Played[] =>
  answers.map(({ answer_id: id, mode, duration_ms, recordings, said }) => ({
    id,
    mode,
    duration_ms,
    recordings,
    utterances: said,
    position: report.questions.find((question) => question.answer_id === id)?.position ?? 0,
  }));

function Screen({ shared, token, reload }: { shared: Shared; token: string; reload: () => void }) {
  const { report, interviewed_at: at } = shared;
  const played = useMemo(() => playedOf(shared), [shared]);
  const playback = usePlayback(played, reload);
  const player = useRef<HTMLElement>(null);
  const heard = played.some((one) => playable(one).length > 0);
  const points = report.questions.find((question) => question.answer_id === playback.answer?.id)?.points ?? [];
  const play: PlayAnswer = (id) => {
    const answer = played.find((one) => one.id === id);
    if (answer === undefined || playable(answer).length === 0) return null;
    return (ms) => {
      playback.play(id, ms);
      player.current?.scrollIntoView({ block: 'nearest' });
    };
  };
  return (
    <>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-4">
        <div className="min-w-0">
          <p className="label">Interview report</p>
          <h1 className="mt-0.5 text-2xl font-bold [overflow-wrap:anywhere]">{shared.candidate_name}</h1>
          <p className="mt-1 text-ink-2 [overflow-wrap:anywhere]">
            {shared.interview_title}
            {at !== null && `, interviewed ${longDate(at)}`}
          </p>
        </div>
        <a className="btn btn-secondary max-md:w-full" href={reportService.sharedPdfUrl(token)} download="report.pdf">
          <Download aria-hidden className="ic" />
          PDF
        </a>
      </div>
      <div className="grid gap-5">
        <Card className="p-5" aria-label="Summary">
          <div className="grid gap-3 not-last:mb-5 empty:hidden">
            <SignOffNote report={report} />
          </div>
          <ReportHead report={report} />
        </Card>
        {heard && (
          <section ref={player} className="card overflow-hidden md:max-w-[30rem]" aria-label="Recording">
            <Player playback={playback} name={shared.candidate_name} points={points} />
          </section>
        )}
        <Findings report={report} play={play} />
        <Questions shared={shared} played={played} play={play} />
        <Speech report={report} />
        <Integrity report={report} answers={played} play={play} />
        <MadeWith report={report} />
      </div>
    </>
  );
}

const skeleton = (
  <div className="grid gap-5">
    <div className="card p-5">
      <Skeleton className="h-32" />
    </div>
    <div className="card">
      <SkeletonRows rows={6} />
    </div>
  </div>
);

export default function SharedReport() {
  const { token = '' } = useParams();
  const resource = useResource(`shared ${token}`, (signal) => reportService.shared(token, signal));
  useTitle(resource.data === null ? 'Interview report' : `Interview report, ${resource.data.candidate_name}`);
  const gone = isApiError(resource.error) && resource.error.status === 404;
  return (
    <>
      <header
        className="bar flex min-h-14 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line bg-surface py-2"
        style={{ '--wrap': '64rem' } as CSSProperties}
      >
        <Logo />
        {resource.data !== null && (
          <span className="text-xs text-ink-2">Read only, until {longTime(resource.data.expires_at)}</span>
        )}
      </header>
      <main id="main" className="page !max-w-[64rem]">
        {resource.status !== 'ready' && <h1 className="sr-only">Interview report</h1>}
        {resource.status === 'loading' && <Loading what="the report">{skeleton}</Loading>}
        {gone && (
          <Notice tone="warn" title="This link does not work, or not any more">
            Ask whoever gave it to you for a new one.
          </Notice>
        )}
        {resource.status === 'error' && !gone && (
          <LoadFailure error={resource.error} what="the report" onRetry={resource.reload} />
        )}
        {resource.status === 'ready' && <Screen shared={resource.data} token={token} reload={resource.reload} />}
      </main>
    </>
  );
}
