/* What a candidate may want of a question beside hearing it again: other words, a slower voice, the next one. */

import { Ellipsis, Gauge, MessageCircleQuestionMark, SkipForward } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Dialog } from '../../components/ui/Dialog';
import { useDismiss } from './useDismiss';

export interface RoomMoreProps {
  /** There is a question to ask for. */
  available: boolean;
  slower: boolean;
  allowSkip: boolean;
  /** Something was said to it already. */
  begun: boolean;
  onRephrase: () => void;
  onSlower: (slower: boolean) => void;
  onSkip: () => void;
}

function Item(props: { icon: LucideIcon; text: string; help: string; pressed?: boolean; onClick: () => void }) {
  const { icon: Icon, text, help, pressed, onClick } = props;
  return (
    <button type="button" className="more-item" aria-pressed={pressed} onClick={onClick}>
      <Icon aria-hidden className="ic ic-lg" />
      <span className="grid text-left">
        <span className="font-semibold">{text}</span>
        <span className="text-sm text-ink-2">{help}</span>
      </span>
    </button>
  );
}

function SkipDialog(props: { open: boolean; begun: boolean; onClose: () => void; onSkip: () => void }) {
  return (
    <Dialog
      open={props.open}
      title="Skip this question?"
      onClose={props.onClose}
      actions={
        <>
          <Button onClick={props.onClose}>Stay</Button>
          <Button variant="primary" onClick={props.onSkip}>
            Skip it
          </Button>
        </>
      }
    >
      <p className="text-ink-2">
        You cannot come back to it, and it counts as not answered.
        {props.begun && ' What you said to it is kept, but not assessed.'}
      </p>
    </Dialog>
  );
}

export function RoomMore({ available, slower, allowSkip, begun, onRephrase, onSlower, onSkip }: RoomMoreProps) {
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const panel = useId();
  const box = useDismiss(open, () => setOpen(false));
  const choose = (act: () => void) => {
    setOpen(false);
    box.current?.querySelector('button')?.focus();
    act();
  };
  const shown = open && available;
  return (
    <div ref={box} className="grid md:relative">
      <button
        type="button"
        className={available ? 'ctl' : 'ctl opacity-60'}
        aria-expanded={shown}
        aria-controls={shown ? panel : undefined}
        aria-disabled={!available || undefined}
        onClick={() => available && setOpen(!open)}
      >
        <Ellipsis aria-hidden className="ic ic-lg" />
        More
      </button>
      {shown && (
        <div id={panel} role="group" aria-label="More for this question" className="room-more">
          <Item
            icon={MessageCircleQuestionMark}
            text="In other words"
            help="The question is put another way."
            onClick={() => choose(onRephrase)}
          />
          <Item
            icon={Gauge}
            text="Slower voice"
            help={slower ? 'On, for the rest of the interview.' : 'For the rest of the interview.'}
            pressed={slower}
            onClick={() => choose(() => onSlower(!slower))}
          />
          {allowSkip && (
            <Item
              icon={SkipForward}
              text="Skip this question"
              help="You are asked before it is skipped."
              onClick={() => choose(() => setAsking(true))}
            />
          )}
        </div>
      )}
      <SkipDialog
        open={asking}
        begun={begun}
        onClose={() => setAsking(false)}
        onSkip={() => {
          setAsking(false);
          onSkip();
        }}
      />
    </div>
  );
}
