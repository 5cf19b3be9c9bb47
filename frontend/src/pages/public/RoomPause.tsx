/* A break: in the room, where the interview waits, or away from it, by the same link. */

import { Button } from '../../components/ui/Button';
import { Dialog } from '../../components/ui/Dialog';

export interface RoomPauseProps {
  open: boolean;
  question: number;
  /** The interview may wait here, and can do so just now. */
  here: boolean;
  onClose: () => void;
  onPause: () => void;
  onLeave: () => void;
}

export function RoomPause({ open, question, here, onClose, onPause, onLeave }: RoomPauseProps) {
  return (
    <Dialog
      open={open}
      title={here ? 'Take a break?' : 'Stop for now?'}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Stay</Button>
          <Button variant={here ? 'secondary' : 'primary'} onClick={onLeave}>
            Stop for now
          </Button>
          {here && (
            <Button variant="primary" onClick={onPause}>
              Pause here
            </Button>
          )}
        </>
      }
    >
      {here && (
        <p className="text-ink-2">
          Pause here: nothing is heard or recorded, and no time runs, until you go on. The question is asked again then.
        </p>
      )}
      <p className="text-ink-2">
        {here ? 'Stop for now: come' : 'Come'} back by the same link. You go on at question {question}, with everything
        you said. Camera and microphone are switched off.
      </p>
    </Dialog>
  );
}
