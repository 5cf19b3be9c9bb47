/* After the last word: waits until every recording is with the server, and only then lets the candidate go. */

import { Check } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Notice } from '../../components/ui/Notice';
import { openUploads } from '../../live/connect';
import type { UploadProgress, Uploader } from '../../live/recording/uploader';
import type { PublicInterview } from '../../services/types';
import { plural } from '../../utils/format';
import { reference } from './candidacy';
import type { Candidacy } from './candidacy';
import { Frame, Heading } from './Frame';
import type { AnsweredOf } from './steps';

const AboutYouForm = lazy(() => import('./AboutYouForm').catch(() => ({ default: () => null })));

export interface ReceiptProps {
  interview: PublicInterview;
  candidacy: Candidacy;
  /** The time for the interview was over before its last answer. */
  timeOver?: AnsweredOf | undefined;
}

function useLeftovers({ sessionId, token }: Candidacy) {
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const [idle, setIdle] = useState(false);
  const uploader = useRef<Uploader | null>(null);
  useEffect(() => {
    const left = new AbortController();
    let unsubscribe = () => undefined as unknown;
    void openUploads(sessionId, token).then(async (opened) => {
      if (left.signal.aborted) return;
      uploader.current = opened.uploader;
      unsubscribe = opened.uploader.subscribe(setProgress);
      setProgress(opened.uploader.snapshot());
      await opened.uploader.idle();
      setIdle(true);
    });
    return () => {
      left.abort();
      unsubscribe();
    };
  }, [sessionId, token]);
  return { progress, idle, wake: () => uploader.current?.wake() };
}

/* Leaving now would leave recordings behind on this device: the browser asks. */
function useLeaveGuard(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', guard);
    return () => removeEventListener('beforeunload', guard);
  }, [active]);
}

function Sending({ progress, onAgain }: { progress: UploadProgress | null; onAgain: () => void }) {
  const total = Math.max(1, progress?.total ?? 1);
  const sent = progress?.sent ?? 0;
  const percent = Math.round((100 * sent) / total);
  return (
    <section className="card grid gap-3 p-5" aria-label="Sending">
      <p className="font-semibold" role="status">
        {progress?.waiting ? 'Waiting for the connection' : 'Sending the last of your recording'}
      </p>
      <div
        className="h-1.5 overflow-hidden rounded-full bg-chart-track"
        role="progressbar"
        aria-label="Recording sent"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div className="h-full origin-left rounded-full bg-accent" style={{ transform: `scaleX(${percent / 100})` }} />
      </div>
      <p className="text-sm text-ink-2">
        {sent} of {total} parts are with the server. The rest is kept on this device and is not lost if the page closes:
        open the same link again, and it goes on.
      </p>
      {progress?.waiting && (
        <div>
          <Button onClick={onAgain}>Try now</Button>
        </div>
      )}
    </section>
  );
}

function Thanks({ people, id, timeOver }: { people: string; id: string; timeOver: AnsweredOf | undefined }) {
  const yours = (
    <>
      Your reference is <b className="font-semibold text-ink">{reference(id)}</b>. A person at {people} reads every
      answer.
    </>
  );
  if (!timeOver) return <Heading title="Done. Thank you for your time.">{yours}</Heading>;
  return (
    <Heading title="The time for this interview is over">
      It was closed with {timeOver.answered} of {plural(timeOver.questions, 'question')} answered. What you said is kept
      and reported as far as it goes; there is nothing more to do. If something kept you from finishing, answer the
      message that brought you this link. {yours}
    </Heading>
  );
}

export function Receipt({ interview, candidacy, timeOver }: ReceiptProps) {
  const { progress, idle, wake } = useLeftovers(candidacy);
  const refused = progress?.refused ?? false;
  const sending = !idle && !refused;
  useLeaveGuard(sending && (progress?.pendingBytes ?? 0) > 0);
  const people = interview.organisation === '' ? 'the organisation' : interview.organisation;
  const title = sending ? 'Keep this page open for a moment' : timeOver ? 'The time is over' : 'Done';
  return (
    <Frame title={title} interview={interview} narrow>
      {sending ? (
        <>
          <Heading title={title}>Your answers are saved. The recording is still on its way.</Heading>
          <Sending progress={progress} onAgain={wake} />
        </>
      ) : (
        <>
          <Thanks people={people} id={candidacy.sessionId} timeOver={timeOver} />
          {(refused || (progress?.damaged ?? 0) > 0) && (
            <div className="mb-6">
              <Notice tone="warn" title="Part of the recording did not arrive">
                The text of your answers is complete. Mention your reference if you are asked about the recording.
              </Notice>
            </div>
          )}
          <section className="card p-5 md:p-6" aria-labelledby="next">
            <h2 id="next" className="font-semibold">
              What happens next
            </h2>
            <ul className="mt-3 grid gap-2.5 text-ink-2">
              {[
                'Viva suggests a level for each answer, with the words it rests on.',
                `A person at ${people} reads every answer, may change each level, and decides.`,
                'You hear from them by the address you gave.',
                'You can close this page now. Camera and microphone are off.',
              ].map((line) => (
                <li key={line} className="flex gap-2.5">
                  <Check aria-hidden className="ic mt-0.5 text-good" />
                  {line}
                </li>
              ))}
            </ul>
          </section>
          <Suspense fallback={null}>
            <AboutYouForm candidacy={candidacy} people={people} />
          </Suspense>
        </>
      )}
    </Frame>
  );
}
