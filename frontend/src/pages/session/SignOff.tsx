import { BadgeCheck, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Dialog } from '../../components/ui/Dialog';
import { Select } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { useToldTask } from '../../contexts/ToastContext';
import { reportService } from '../../services/reportService';
import type { Report } from '../../services/types';
import { longDate } from '../../utils/format';
import { who } from './report';

type Outcome = NonNullable<Report['sign_off']>['outcome'];

const OUTCOMES: { value: Outcome; label: string }[] = [
  { value: 'none', label: 'Not said' },
  { value: 'advance', label: 'Goes on' },
  { value: 'decline', label: 'Does not go on' },
];
const outcomeOf = (value: string): Outcome => OUTCOMES.find((one) => one.value === value)?.value ?? 'none';

/** What the page says about a sign-off, if there is one. */
export function SignOffNote({ report }: { report: Report }) {
  const { sign_off: sign } = report;
  if (sign === null) return null;
  const outcome = sign.outcome === 'none' ? '' : ` ${OUTCOMES.find((one) => one.value === sign.outcome)?.label}.`;
  return (
    <Notice tone={sign.current ? 'good' : 'warn'} title={sign.statement}>
      {who(sign.author_name)}, {longDate(sign.created_at)}.{outcome}
    </Notice>
  );
}

export interface SignOffProps {
  /** The version that stands. */
  report: Report;
  onChanged: () => void;
}

/** A person stands behind what the report says now, or no longer does. */
export function SignOff({ report, onChanged }: SignOffProps) {
  const { working, run } = useToldTask();
  const [asking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>('none');
  const signed = report.sign_off?.current === true;
  const act = async () => {
    if (signed) await run(() => reportService.withdrawSignOff(report.id), 'The sign-off is withdrawn.');
    else
      await run(
        () => reportService.signOff(report.id, report.version, outcome),
        `Version ${report.version} is signed off.`,
      );
    setAsking(false);
    onChanged();
  };
  const verb = signed ? 'Withdraw the sign-off' : 'Sign off';
  return (
    <>
      <Button variant={signed ? 'quiet' : 'primary'} icon={signed ? Undo2 : BadgeCheck} onClick={() => setAsking(true)}>
        {verb}
      </Button>
      <Dialog
        open={asking}
        title={signed ? 'Withdraw the sign-off?' : `Sign off version ${report.version}?`}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Not now</Button>
            <Button variant="primary" working={working && 'Storing'} onClick={() => void act()}>
              {verb}
            </Button>
          </>
        }
      >
        {signed ? (
          <p className="text-ink-2">Levels can be changed again. That it was signed stays on record.</p>
        ) : (
          <>
            <p className="text-ink-2">
              You stand behind the levels as they are now, people’s included. They cannot be changed until the sign-off
              is withdrawn.
            </p>
            <Select
              label="What follows for the candidate"
              options={OUTCOMES}
              value={outcome}
              onChange={({ target }) => setOutcome(outcomeOf(target.value))}
            />
          </>
        )}
      </Dialog>
    </>
  );
}
