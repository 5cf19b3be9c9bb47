/* The candidate's side of an interview, from the link to the receipt. No account; the session is known by a token kept on this
 * device. Which screen is shown follows from what the server says and from what the candidate has done since. */

import { lazy, Suspense, useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { LoadingSpinner } from '../../components/LoadingSpinner';
import { DeviceRig } from '../../live/rig';
import type { PublicInterview as Interview } from '../../services/types';
import { useDensity } from '../../utils/hooks';
import { forgetCandidacy, saveCandidacy } from './candidacy';
import type { Candidacy } from './candidacy';
import { Consent } from './Consent';
import { DeviceCheck } from './DeviceCheck';
import { Problem } from './Problem';
import { answeredOf } from './roomState';
import type { AnsweredOf } from './roomState';
import { Receipt } from './Receipt';
import { Resume } from './Resume';
import { Room } from './Room';
import type { RoomEnd } from './Room';
import { useEntry } from './useEntry';
import type { Entry } from './useEntry';
import { Welcome } from './Welcome';
import { Written } from './Written';

const Practice = lazy(() => import('./Practice'));

type Way = 'video' | 'sound' | 'text';

type Step =
  | { at: 'welcome' }
  | { at: 'consent'; notice?: string }
  /* before: the interview has not begun yet */
  | { at: 'devices'; candidacy: Candidacy; before: boolean }
  | { at: 'resume'; candidacy: Candidacy; position: number; reason?: 'replaced' | 'paused' }
  | { at: 'practice'; candidacy: Candidacy; way: Way }
  | { at: 'room'; candidacy: Candidacy; way: Way }
  | { at: 'written'; candidacy: Candidacy }
  | { at: 'receipt'; candidacy: Candidacy; timeOver?: AnsweredOf | undefined }
  | { at: 'completed' }
  | { at: 'withdrawn' };

function firstStep(entry: Extract<Entry, { at: 'new' | 'known' }>): Step {
  if (entry.at === 'new') return { at: 'welcome' };
  const { candidacy, session } = entry;
  if (session.status === 'completed')
    return { at: 'receipt', candidacy, timeOver: session.partial ? answeredOf(session) : undefined };
  if (session.status === 'registered')
    return entry.preview ? { at: 'welcome' } : { at: 'devices', candidacy, before: true };
  return { at: 'resume', candidacy, position: session.current_position };
}

interface FlowProps {
  link: string;
  interview: Interview;
  first: Step;
  /** The owner's own walk through it: nobody registers, and nothing is kept on the device. */
  preview: Candidacy | null;
  onReload: () => void;
}

function useRigOfPage(): DeviceRig {
  const [rig] = useState(() => new DeviceRig());
  useEffect(() => () => rig.close(), [rig]);
  return rig;
}

function Flow({ link, interview, first, preview, onReload }: FlowProps) {
  const rig = useRigOfPage();
  const [step, setStep] = useState<Step>(first);

  const forget = () => {
    if (preview === null) forgetCandidacy(link);
  };
  const leaveRoom = (candidacy: Candidacy, end: RoomEnd) => {
    if (end !== 'replaced' && end !== 'token') rig.close();
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
        rig.close();
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
    case 'devices':
      return (
        <DeviceCheck
          interview={interview}
          link={link}
          candidacy={step.candidacy}
          rig={rig}
          practice={interview.practice && step.before}
          onReady={(way) =>
            setStep({
              at: interview.practice && step.before && way !== 'text' ? 'practice' : 'room',
              candidacy: step.candidacy,
              way,
            })
          }
        />
      );
    case 'practice':
      return (
        <Suspense fallback={<LoadingSpinner text="One moment" fullScreen />}>
          <Practice
            interview={interview}
            candidacy={step.candidacy}
            rig={rig}
            picture={step.way === 'video'}
            onReady={() => setStep({ at: 'room', candidacy: step.candidacy, way: step.way })}
          />
        </Suspense>
      );
    case 'resume':
      return (
        <Resume
          interview={interview}
          name={step.candidacy.name}
          position={step.position}
          count={interview.question_count}
          rig={rig}
          reason={step.reason}
          onReady={(way) => setStep({ at: 'room', candidacy: step.candidacy, way })}
          onCheck={() => setStep({ at: 'devices', candidacy: step.candidacy, before: false })}
        />
      );
    case 'room':
      return (
        <Room
          interview={interview}
          candidacy={step.candidacy}
          rig={rig}
          way={step.way}
          onEnd={(end) => leaveRoom(step.candidacy, end)}
        />
      );
    case 'written':
      return (
        <Written
          interview={interview}
          candidacy={step.candidacy}
          onEnd={(end) => leaveRoom(step.candidacy, end)}
          onLive={onReload}
        />
      );
    case 'receipt':
      return <Receipt interview={interview} candidacy={step.candidacy} timeOver={step.timeOver} />;
    case 'completed':
      return <Problem trouble="completed" onRetry={onReload} />;
    case 'withdrawn':
      return <Problem trouble="withdrawn" onRetry={onReload} />;
  }
}

export default function PublicInterview() {
  const { link = '' } = useParams();
  const { entry, again } = useEntry(link);
  useDensity('roomy');
  if (entry.at === 'loading')
    return (
      <main id="main">
        <LoadingSpinner text="Opening your interview" fullScreen />
      </main>
    );
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
