import { CircleAlert } from 'lucide-react';
import { clsx } from 'clsx';
import { useId, useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Textarea } from '../../components/ui/Input';
import { reportService } from '../../services/reportService';
import type { ScoreOverride } from '../../services/types';
import { isApiError } from '../../utils/errorHandler';
import { level, relativeDayInline } from '../../utils/format';
import { useTask } from '../../utils/hooks';
import { who } from './report';

const LEVELS = [1, 2, 3, 4, 5];
const REASON_MIN = 3;
const REASON_MAX = 2000;

export interface OverrideProps {
  reportId: string;
  answerId: string;
  /** The machine's; null when it gave none. */
  machine: number | null;
  /** The one that stands; null: nobody set one. */
  override: ScoreOverride | null;
  /** Why no level can be set now, as a sentence; null when one can. */
  locked: string | null;
  /** The report is another one now. */
  onChanged: () => void;
}

/* Where what was refused stands. */
function placeOf(error: unknown): 'level' | 'reason' | null {
  const field = isApiError(error) ? error.field : null;
  return field === 'level' || field === 'reason' ? field : null;
}

function Alert({ id, children }: { id?: string; children: string }) {
  return (
    <p id={id} className="field-note text-danger-ink" role="alert">
      <CircleAlert aria-hidden className="ic mt-0.5 !h-3.5 !w-3.5" />
      {children}
    </p>
  );
}

interface PickProps {
  machine: number | null;
  chosen: number | null;
  error: string | null;
  onChoose: (level: number) => void;
}

function Pick({ machine, chosen, error, onChoose }: PickProps) {
  const id = useId();
  const suggested = machine === null ? null : Math.round(machine);
  return (
    <fieldset aria-describedby={error === null ? undefined : `${id}-note`}>
      <legend className="font-semibold">Your level</legend>
      <p className="hint mb-2">
        {machine === null
          ? 'Viva gave none. Listen, and set one yourself.'
          : `Viva suggests ${level(machine)}, underlined at ${suggested}. Both stay on record.`}
      </p>
      <span className="flex gap-1">
        {LEVELS.map((n) => (
          <label
            key={n}
            className={clsx(
              'grid h-10 w-10 cursor-pointer place-items-center rounded-sm border border-line-strong bg-surface font-semibold hover:bg-hover',
              'has-checked:border-transparent has-checked:bg-accent has-checked:text-on-accent',
              'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
              n === suggested && 'shadow-[inset_0_-4px_0_var(--color-accent)]',
            )}
          >
            <input
              type="radio"
              className="sr-only"
              name={`${id}-level`}
              value={n}
              checked={n === chosen}
              onChange={() => onChoose(n)}
            />
            {n}
          </label>
        ))}
      </span>
      {error !== null && <Alert id={`${id}-note`}>{error}</Alert>}
    </fieldset>
  );
}

function Form({ reportId, answerId, machine, override, onChanged }: OverrideProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [reason, setReason] = useState('');
  const { working, error, problem, run } = useTask();
  const place = placeOf(error);
  const notYet =
    chosen === null
      ? 'Choose a level to save.'
      : reason.trim().length < REASON_MIN
        ? 'Give a reason to save.'
        : undefined;
  const save = async () => {
    if (chosen === null) return;
    if (await run(() => reportService.setLevel(reportId, answerId, chosen, reason.trim()))) {
      onChanged();
      setChosen(null);
      setReason('');
    }
  };
  return (
    <form
      className="grid gap-3"
      aria-label={override === null ? 'Set a level' : 'Set another level'}
      onSubmit={(event) => {
        event.preventDefault();
        if (notYet === undefined && !working) void save();
      }}
    >
      <Pick machine={machine} chosen={chosen} error={place === 'level' ? problem : null} onChoose={setChosen} />
      <Textarea
        label="Why"
        rows={2}
        required
        maxLength={REASON_MAX}
        placeholder="Point to what was said, for example the call at 07:36"
        value={reason}
        error={place === 'reason' ? (problem ?? undefined) : undefined}
        onChange={({ target }) => setReason(target.value)}
      />
      {problem !== null && place === null && <Alert>{problem}</Alert>}
      <span className="flex flex-wrap gap-2">
        <Button type="submit" working={working && 'Saving'} notYet={notYet}>
          Save level
        </Button>
      </span>
    </form>
  );
}

/** Who set it, over what, and why. */
export function LevelSet({ override }: { override: ScoreOverride }) {
  return (
    <>
      <p>
        <b className="font-semibold">
          {who(override.author_name)} set {override.level}
        </b>{' '}
        {override.machine_score === null
          ? 'where Viva gave none'
          : `where Viva suggested ${level(override.machine_score)}`}
        , {relativeDayInline(override.created_at)}.
      </p>
      <p className="max-w-[62ch] whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]">{override.reason}</p>
    </>
  );
}

function Standing({ reportId, answerId, override, locked, onChanged }: OverrideProps & { override: ScoreOverride }) {
  const { working, problem, run } = useTask();
  const takeBack = async () => {
    if (await run(() => reportService.takeBackLevel(reportId, answerId))) onChanged();
  };
  return (
    <div>
      <LevelSet override={override} />
      {problem !== null && <Alert>{problem}</Alert>}
      {locked === null && (
        <span className="mt-2 flex">
          <Button size="sm" working={working && 'Taking back'} onClick={() => void takeBack()}>
            Take the level back
          </Button>
        </span>
      )}
    </div>
  );
}

/** A person's level beside the machine's, with its reason; neither replaces the other. */
export function Override(props: OverrideProps) {
  return (
    <div className="well grid gap-4 p-4">
      {props.override !== null && <Standing {...props} override={props.override} />}
      {props.locked === null ? <Form {...props} /> : <p className="text-ink-2">{props.locked}</p>}
    </div>
  );
}
