import { CircleQuestionMark } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Dialog } from '../../components/ui/Dialog';
import type { PublicInterview } from '../../services/types';

export interface HelpProps {
  interview: PublicInterview | null;
  /** Given while a session runs: erases it. */
  onWithdraw?: (() => Promise<boolean>) | undefined;
  /** On a narrow screen the sign alone. */
  compact?: boolean;
}

function Answers({ organisation }: { organisation: string }) {
  const people = organisation === '' ? 'the people who sent you this link' : organisation;
  return (
    <dl className="grid gap-3 text-ink-2 [&_dt]:font-semibold [&_dt]:text-ink">
      <div>
        <dt>Sound or picture does not work</dt>
        <dd>Choose another device in the device check, go on with sound only, or type your answers.</dd>
      </div>
      <div>
        <dt>The page closed, or the connection dropped</dt>
        <dd>Open the same link again. You go on at the same question, with everything that was said.</dd>
      </div>
      <div>
        <dt>Talk to a person instead</dt>
        <dd>Answer the message that brought you this link, and ask {people} for it.</dd>
      </div>
    </dl>
  );
}

export function Help({ interview, onWithdraw, compact = false }: HelpProps) {
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState(false);
  const close = () => {
    setOpen(false);
    setAsking(false);
    setFailed(false);
  };
  const withdraw = async () => {
    setWorking(true);
    const done = (await onWithdraw?.()) ?? false;
    setWorking(false);
    setFailed(!done);
  };
  return (
    <>
      <Button variant="quiet" className="!min-h-11" icon={CircleQuestionMark} onClick={() => setOpen(true)}>
        <span className={compact ? 'max-md:sr-only' : undefined}>Help</span>
      </Button>
      <Dialog
        open={open && !asking}
        title="What do you need?"
        onClose={close}
        actions={<Button onClick={close}>Close</Button>}
      >
        <Answers organisation={interview?.organisation ?? ''} />
        {onWithdraw && (
          <p className="mt-3 border-t border-line pt-3 text-ink-2">
            You can stop for good.{' '}
            <button type="button" className="link" onClick={() => setAsking(true)}>
              Withdraw and erase my recordings
            </button>
          </p>
        )}
      </Dialog>
      <Dialog
        open={open && asking}
        title="Withdraw from this interview?"
        onClose={close}
        actions={
          <>
            <Button onClick={close}>Stay</Button>
            <Button variant="danger" working={working && 'Withdrawing'} onClick={() => void withdraw()}>
              Withdraw and erase
            </Button>
          </>
        }
      >
        <p className="text-ink-2">
          Your recordings are erased from the server, and the interview ends. This cannot be undone.
        </p>
        {failed && (
          <p role="alert" className="text-danger-ink">
            The server did not confirm it. Check your connection, then try again.
          </p>
        )}
      </Dialog>
    </>
  );
}
