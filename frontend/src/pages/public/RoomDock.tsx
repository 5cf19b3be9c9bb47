import { Check, Keyboard, Mic, MicOff, Pause, Play, RotateCcw } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import { Button } from '../../components/ui/Button';
import { RoomMore } from './RoomMore';
import type { RoomMoreProps } from './RoomMore';

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
  /** There is time to think before the answer. */
  thinking: boolean;
  /** The interview waits. */
  paused: boolean;
  last: boolean;
  more: RoomMoreProps;
  onMute: () => void;
  onRepeat: () => void;
  onType: () => void;
  onPause: () => void;
  onDone: () => void;
  onSkip: () => void;
  onReady: () => void;
  onGoOn: () => void;
}

/* The one step that leads on. */
function MainButton(p: RoomDockProps) {
  const size = 'md:!min-h-13 md:!px-4 lg:!px-6';
  if (p.paused)
    return (
      <Button
        variant="primary"
        icon={Play}
        className={size}
        notYet={!p.connected && 'When the connection is back.'}
        onClick={p.onGoOn}
      >
        Go on
      </Button>
    );
  if (p.answering && p.thinking && !p.typing)
    return (
      <Button variant="primary" icon={Check} className={size} onClick={p.onReady}>
        I’m ready
      </Button>
    );
  if ((p.answering || p.closing) && !p.typing)
    return (
      <Button
        variant="primary"
        icon={Check}
        className={size}
        working={p.closing && 'Saving your answer'}
        notYet={!p.connected && 'When the connection is back.'}
        onClick={p.onDone}
      >
        I’m done
        {!p.last && <span className="-ml-2 md:max-lg:hidden">, next question</span>}
      </Button>
    );
  if (p.canSkip && !p.answering)
    return (
      <Button icon={Check} className={size} onClick={p.onSkip}>
        Start my answer
      </Button>
    );
  return null;
}

export function RoomDock(p: RoomDockProps) {
  return (
    <footer className="dock bar">
      <div className="dock-row">
        <div className="grid flex-1 grid-cols-5 md:-ml-2 md:flex lg:gap-1" role="group" aria-label="Answer controls">
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
          <Control icon={Pause} text="Pause" short="Pause" unavailable={p.paused} onClick={p.onPause} />
          <RoomMore {...p.more} />
        </div>
        <MainButton {...p} />
      </div>
    </footer>
  );
}
