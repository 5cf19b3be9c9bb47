/* Back by the same link: one press brings camera, microphone and the same question. */

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Notice } from '../../components/ui/Notice';
import type { DeviceRig } from '../../live/rig';
import type { PublicInterview } from '../../services/types';
import { deviceAdvice } from './deviceWords';
import { Frame, Heading } from './Frame';
import type { Way } from './steps';

export interface ResumeProps {
  interview: PublicInterview;
  name: string;
  position: number;
  count: number;
  rig: DeviceRig;
  /** Why the candidate stands here, when it was not a reload. */
  reason?: 'replaced' | 'paused' | undefined;
  onReady: (way: Way) => void;
  onCheck: () => void;
}

export function Resume({ interview, name, position, count, rig, reason, onReady, onCheck }: ResumeProps) {
  const [asking, setAsking] = useState(false);
  const [advice, setAdvice] = useState<string | null>(null);
  const at = Math.min(Math.max(1, position), count);
  const go = async (camera: boolean) => {
    setAsking(true);
    setAdvice(null);
    const { microphone, camera: cameraState, captureBroken } = await rig.open({ camera, microphone: true });
    setAsking(false);
    if (microphone !== 'on' || captureBroken) {
      setAdvice(deviceAdvice('microphone', captureBroken ? 'failed' : microphone));
      return;
    }
    onReady(cameraState === 'on' ? 'video' : 'sound');
  };
  const title =
    reason === 'replaced' ? 'The interview goes on somewhere else' : `You are at question ${at}, where you left off`;
  const first = name.split(/\s+/)[0] ?? '';
  return (
    <Frame
      title={title}
      step="Interview"
      interview={interview}
      narrow
      aside={
        <>
          <button type="button" className="link" onClick={onCheck}>
            Check the devices first
          </button>{' '}
          or{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              rig.wake();
              onReady('text');
            }}
          >
            type your answers
          </button>
        </>
      }
      action={
        <Button
          variant="primary"
          icon={ArrowRight}
          iconAfter
          working={asking && 'Starting'}
          onClick={() => void go(true)}
        >
          {reason === 'replaced' ? 'Go on here' : `Go on with question ${at}`}
        </Button>
      }
    >
      <Heading title={title}>
        {reason === 'replaced'
          ? 'It was opened in another tab or on another device, and goes on in one place at a time. Everything you said is saved. Go on here, and the other one stops.'
          : `${first === '' ? 'Welcome back' : `Welcome back, ${first}`}. Everything you said is saved. ${interview.avatar_name} goes on with you from here.`}
      </Heading>
      {advice !== null && (
        <Notice
          tone="warn"
          title="We cannot hear you yet"
          action={
            <Button size="sm" onClick={() => void go(false)}>
              Try with sound only
            </Button>
          }
        >
          {advice}
        </Notice>
      )}
    </Frame>
  );
}
