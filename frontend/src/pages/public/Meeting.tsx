/* From the device check to the receipt: all that needs camera, microphone or the conversation. A chunk of its own, fetched while
 * the candidate reads what this is about. */

import { lazy, Suspense, useEffect, useState } from 'react';
import { LoadingSpinner } from '../../components/LoadingSpinner';
import { DeviceRig } from '../../live/rig';
import type { PublicInterview } from '../../services/types';
import { DeviceCheck } from './DeviceCheck';
import { Receipt } from './Receipt';
import { Resume } from './Resume';
import { Room } from './Room';
import type { RoomEnd } from './Room';
import { loadSettings } from './roomSettings';
import type { MeetingStep } from './steps';
import { Written } from './Written';

const Practice = lazy(() => import('./Practice'));

export interface MeetingProps {
  interview: PublicInterview;
  link: string;
  step: MeetingStep;
  onStep: (step: MeetingStep) => void;
  onEnd: (end: RoomEnd) => void;
  onReload: () => void;
}

/* The devices are given back with the last screen that uses them. */
function useRigOfPage(): DeviceRig {
  const [rig] = useState(() => {
    const made = new DeviceRig();
    made.setUplink(loadSettings().uplink);
    return made;
  });
  useEffect(() => () => rig.close(), [rig]);
  return rig;
}

function Screen({ interview, link, step, onStep, onEnd, onReload, rig }: MeetingProps & { rig: DeviceRig }) {
  const { candidacy } = step;
  switch (step.at) {
    case 'devices': {
      const practice = interview.practice && step.before;
      return (
        <DeviceCheck
          interview={interview}
          link={link}
          candidacy={candidacy}
          rig={rig}
          practice={practice}
          onReady={(way) => onStep({ at: practice && way !== 'text' ? 'practice' : 'room', candidacy, way })}
        />
      );
    }
    case 'practice':
      return (
        <Practice
          interview={interview}
          candidacy={candidacy}
          rig={rig}
          picture={step.way === 'video'}
          onReady={() => onStep({ at: 'room', candidacy, way: step.way })}
        />
      );
    case 'resume':
      return (
        <Resume
          interview={interview}
          name={candidacy.name}
          position={step.position}
          count={interview.question_count}
          rig={rig}
          reason={step.reason}
          onReady={(way) => onStep({ at: 'room', candidacy, way })}
          onCheck={() => onStep({ at: 'devices', candidacy, before: false })}
        />
      );
    case 'room':
      return (
        <Room
          interview={interview}
          candidacy={candidacy}
          rig={rig}
          way={step.way}
          onEnd={(end) => {
            rig.close();
            onEnd(end);
          }}
        />
      );
    case 'written':
      return <Written interview={interview} candidacy={candidacy} onEnd={onEnd} onLive={onReload} />;
    case 'receipt':
      return <Receipt interview={interview} candidacy={candidacy} timeOver={step.timeOver} />;
  }
}

export default function Meeting(props: MeetingProps) {
  const rig = useRigOfPage();
  return (
    <Suspense fallback={<LoadingSpinner text="One moment" fullScreen />}>
      <Screen {...props} rig={rig} />
    </Suspense>
  );
}
