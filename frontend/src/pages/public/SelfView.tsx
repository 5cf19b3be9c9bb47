import { Mic, MicOff } from 'lucide-react';
import { clsx } from 'clsx';
import { VBars } from '../../components/VBars';
import type { MicState } from '../../live/machine';
import { CameraView } from './CameraView';

export interface SelfViewProps {
  stream: MediaStream | null;
  camera: boolean;
  mic: MicState;
  /** It is the candidate's turn and a voice is heard. */
  speaking: boolean;
}

export function SelfView({ stream, camera, mic, speaking }: SelfViewProps) {
  const Icon = mic === 'on' ? Mic : MicOff;
  return (
    <div className="self">
      <CameraView stream={stream} on={camera} off={<span className="max-md:sr-only">No picture</span>} />
      <span className="you">
        <Icon aria-hidden className="ic !h-3.5 !w-3.5" />
        <span className={clsx('-mx-0.5 flex scale-75 items-center', speaking ? 'text-plate-mark' : 'text-on-plate-2')}>
          <VBars speaking={speaking} />
        </span>
        <span>
          You
          {mic === 'muted' && <span className="max-md:sr-only">, muted</span>}
        </span>
      </span>
    </div>
  );
}
