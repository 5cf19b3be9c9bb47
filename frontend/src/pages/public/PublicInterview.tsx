/* The candidate's side of an interview, from the link to the receipt. No account; the session is known by a token kept on this
 * device. Which screen is shown follows from what the server says and from what the candidate has done since. */

import { lazy, Suspense, useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { LoadingSpinner } from '../../components/LoadingSpinner';
import type { PublicInterview as Interview } from '../../services/types';
import { useDensity } from '../../utils/hooks';
import { forgetCandidacy, saveCandidacy } from './candidacy';
import type { Candidacy } from './candidacy';
import { Consent } from './Consent';
import { Problem } from './Problem';
import type { RoomEnd } from './Room';
import { firstStep } from './steps';
import type { Step } from './steps';
import { useEntry } from './useEntry';
import { Welcome } from './Welcome';

const loadMeeting = () => import('./Meeting');
const Meeting = lazy(loadMeeting);

interface FlowProps {
  link: string;
  interview: Interview;
  first: Step;
  /** The owner's own walk through it: nobody registers, and nothing is kept on the device. */
  preview: Candidacy | null;
  onReload: () => void;
}

function Opening({ text }: { text: string }) {
  return (
    <main id="main">
      <LoadingSpinner text={text} fullScreen />
    </main>
  );
}

function Flow({ link, interview, first, preview, onReload }: FlowProps) {
  const [step, setStep] = useState<Step>(first);
  /* The rest is there when the first pages are read. A failure shows when it is needed, and is tried again then. */
  useEffect(() => {
    loadMeeting().catch(() => undefined);
  }, []);

  const forget = () => {
    if (preview === null) forgetCandidacy(link);
  };
  const leaveRoom = (candidacy: Candidacy, end: RoomEnd) => {
    switch (end) {
      case 'completed':
        setStep({ at: 'receipt', candidacy });
        break;
      case 'withdrawn':
        forget();
        setStep({ at: 'withdrawn' });
        break;
      case 'token':
        if (preview !== null) {
          onReload();
          break;
        }
        forget();
        setStep({ at: 'consent', notice: 'Enter the same e-mail again to go on where you left off.' });
        break;
      case 'replaced':
        setStep({ at: 'resume', candidacy, position: 1, reason: 'replaced' });
        break;
      case 'blocked':
        setStep({ at: 'written', candidacy });
        break;
      case 'paused':
      case 'over':
        onReload();
        break;
    }
  };

  switch (step.at) {
    case 'welcome':
      return (
        <Welcome
          interview={interview}
          preview={preview !== null}
          onNext={() =>
            setStep(preview === null ? { at: 'consent' } : { at: 'devices', candidacy: preview, before: true })
          }
        />
      );
    case 'consent':
      return (
        <Consent
          interview={interview}
          link={link}
          notice={step.notice}
          onCompleted={() => setStep({ at: 'completed' })}
          onRegistered={(session) => {
            const candidacy = {
              sessionId: session.session_id,
              token: session.session_token,
              name: session.candidate.full_name,
            };
            saveCandidacy(link, candidacy);
            if (session.status === 'registered') setStep({ at: 'devices', candidacy, before: true });
            else onReload();
          }}
        />
      );
    case 'completed':
      return <Problem trouble="completed" onRetry={onReload} />;
    case 'withdrawn':
      return <Problem trouble="withdrawn" onRetry={onReload} />;
    default:
      return (
        <Suspense fallback={<Opening text="One moment" />}>
          <Meeting
            interview={interview}
            link={link}
            step={step}
            onStep={setStep}
            onEnd={(end) => leaveRoom(step.candidacy, end)}
            onReload={onReload}
          />
        </Suspense>
      );
  }
}

export default function PublicInterview() {
  const { link = '' } = useParams();
  const { entry, again } = useEntry(link);
  useDensity('roomy');
  if (entry.at === 'loading') return <Opening text="Opening your interview" />;
  if (entry.at === 'trouble') return <Problem trouble={entry.trouble} error={entry.error} onRetry={again} />;
  const key = entry.at === 'known' ? entry.candidacy.sessionId : 'new';
  const preview = entry.at === 'known' && entry.preview ? entry.candidacy : null;
  return (
    <Flow
      key={key}
      link={link}
      interview={entry.interview}
      first={firstStep(entry)}
      preview={preview}
      onReload={again}
    />
  );
}
