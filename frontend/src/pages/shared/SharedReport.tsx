/* A report as it is read by a link, without an account: all that it says, and nothing to change or to hear. */

import { Download } from 'lucide-react';
import { useState, type CSSProperties } from 'react';
import { useParams } from 'react-router';
import { Logo } from '../../components/Logo';
import { LoadFailure } from '../../components/ResourceView';
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
import { QuestionReport } from '../session/QuestionReport';
import { ReportHead } from '../session/ReportHead';
import { SignOffNote } from '../session/SignOff';
import { Speech } from '../session/Speech';
import '../../styles/recruiter.css';

const nothingToPlay = () => null;

/** What was said, with its times. */
function Words({ answer }: { answer: SharedAnswer }) {
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
            <li key={one.id} className="grid grid-cols-[3rem_1fr] gap-2">
              <span className="pt-1 text-xs text-ink-3">{timecode(one.start_ms)}</span>
              <span className="voice max-w-[62ch] text-lg leading-7 [overflow-wrap:anywhere]">{one.text}</span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function Questions({ shared }: { shared: Shared }) {
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
        return (
          <QuestionReport
            key={id}
            answer={{ id, position, question_text, recordings: [] }}
            whole={report}
            locked={null}
            onChanged={null}
            open={openId === id}
            onToggle={(open) => setOpenId((now) => (open ? id : now === id ? null : now))}
            onPlay={nothingToPlay}
          >
            {words !== undefined && <Words answer={words} />}
          </QuestionReport>
        );
      })}
    </Card>
  );
}

function Screen({ shared, token }: { shared: Shared; token: string }) {
  const { report, interviewed_at: at } = shared;
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
        <Findings report={report} play={nothingToPlay} />
        <Questions shared={shared} />
        <Speech report={report} />
        <Integrity report={report} answers={[]} play={nothingToPlay} />
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
        {resource.status === 'ready' && <Screen shared={resource.data} token={token} />}
      </main>
    </>
  );
}
