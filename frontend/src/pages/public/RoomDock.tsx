import { Check, Keyboard, Mic, MicOff, Pause, RotateCcw } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import { Button } from '../../components/ui/Button';

interface ControlProps {
  icon: LucideIcon;
  text: string;
  short: string;
  onClick: () => void;
  pressed?: boolean;
  unavailable?: boolean;
}

function Control({ icon: Icon, text, short, onClick, pressed, unavailable = false }: ControlProps) {
  return (
    <button
      type="button"
      className={clsx('ctl', unavailable && 'opacity-60')}
      aria-pressed={pressed}
      aria-disabled={unavailable || undefined}
      onClick={() => {
        if (!unavailable) onClick();
      }}
    >
      <Icon aria-hidden className="ic ic-lg" />
      <span className="md:hidden">{short}</span>
      <span className="hidden md:inline">{text}</span>
    </button>
  );
}

export interface RoomDockProps {
  hasMic: boolean;
  muted: boolean;
  typing: boolean;
  canRepeat: boolean;
  /** It is the candidate's turn. */
  answering: boolean;
  closing: boolean;
  connected: boolean;
  canSkip: boolean;
  last: boolean;
  onMute: () => void;
  onRepeat: () => void;
  onType: () => void;
  onPause: () => void;
  onDone: () => void;
  onSkip: () => void;
}

export function RoomDock(p: RoomDockProps) {
  return (
    <footer className="dock bar">
      <div className="flex flex-col-reverse gap-1.5 md:flex-row md:items-center md:gap-2">
        <div className="grid flex-1 grid-cols-4 md:-ml-3.5 md:flex lg:gap-1" role="group" aria-label="Answer controls">
          <Control
            icon={p.muted ? MicOff : Mic}
            text={p.muted ? 'Unmute' : 'Mute'}
            short={p.muted ? 'Unmute' : 'Mute'}
            unavailable={!p.hasMic || p.typing}
            onClick={p.onMute}
          />
          <Control
            icon={RotateCcw}
            text="Hear it again"
            short="Again"
            unavailable={!p.canRepeat}
            onClick={p.onRepeat}
          />
          <Control
            icon={Keyboard}
            text="Type instead"
            short="Type"
            pressed={p.typing}
            unavailable={!p.answering || !p.hasMic}
            onClick={p.onType}
          />
          <Control icon={Pause} text="Pause" short="Pause" onClick={p.onPause} />
        </div>
        {p.answering || p.closing ? (
          !p.typing && (
            <Button
              variant="primary"
              icon={Check}
              className="md:!min-h-13 md:!px-6"
              working={p.closing && 'Saving your answer'}
              notYet={!p.connected && 'When the connection is back.'}
              onClick={p.onDone}
            >
              I’m done
              {!p.last && <span className="-ml-2 md:max-lg:hidden">, next question</span>}
            </Button>
          )
        ) : p.canSkip ? (
          <Button icon={Check} className="md:!min-h-13 md:!px-6" onClick={p.onSkip}>
            Start my answer
          </Button>
        ) : null}
      </div>
    </footer>
  );
}
