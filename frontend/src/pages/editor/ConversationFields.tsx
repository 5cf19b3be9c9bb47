/* How the conversation goes: how long is waited, and what candidates may do. */

import type { FieldErrors, UseFormRegister } from 'react-hook-form';
import { Checkbox, Select } from '../../components/ui/Input';
import type { RoleFields } from './RoleForm';

const PATIENCE = [
  { value: 'quick', label: 'Short: goes on soon' },
  { value: 'normal', label: 'Normal: lets people think' },
  { value: 'patient', label: 'Long: waits until they are surely done' },
];

const FOLLOW_UPS = [
  { value: '0', label: 'None' },
  { value: '1', label: 'One at most' },
  { value: '2', label: 'Two at most' },
];

const spoken = (seconds: number): string => {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? '1 day' : `${seconds / 86_400} days`;
  if (seconds % 3600 === 0) return seconds === 3600 ? '1 hour' : `${seconds / 3600} hours`;
  if (seconds % 60 === 0) return seconds === 60 ? '1 minute' : `${seconds / 60} minutes`;
  return `${seconds} seconds`;
};

/* The usual ones, and what stands there; 0 last or first, as it reads. */
const choices = (usual: number[], current: number, none: string) =>
  [...new Set([...usual, current])]
    .sort((a, b) => a - b)
    .map((seconds) => ({ value: String(seconds), label: seconds === 0 ? none : spoken(seconds) }));

export interface ConversationFieldsProps {
  register: UseFormRegister<RoleFields>;
  errors: FieldErrors<RoleFields>;
  start: RoleFields;
}

export function ConversationFields({ register, errors, start }: ConversationFieldsProps) {
  return (
    <fieldset className="grid gap-5 border-t border-line pt-5">
      <legend className="sr-only">How the conversation goes</legend>
      <h2 aria-hidden className="text-base font-semibold">
        How the conversation goes
      </h2>
      <div className="grid gap-5 sm:grid-cols-2 xl:grid-cols-4">
        <Select
          label="How long Viva waits in a pause"
          options={PATIENCE}
          error={errors.patience?.message}
          {...register('patience')}
        />
        <Select
          label="Time to think before an answer"
          options={choices([0, 10, 20, 30, 60, 120], start.think_time_s, 'None')}
          error={errors.think_time_s?.message}
          {...register('think_time_s', { valueAsNumber: true })}
        />
        <Select
          label="To be finished within"
          options={choices([0, 3600, 7200, 14_400, 28_800, 86_400, 259_200], start.time_to_finish_s, 'No limit')}
          help="Of its start. What is not finished then is closed and reported as it is."
          error={errors.time_to_finish_s?.message}
          {...register('time_to_finish_s', { valueAsNumber: true })}
        />
        <Select
          label="Follow-up questions"
          options={FOLLOW_UPS}
          help="After an answer that leaves out what a good one mentions, about that. Both are one answer."
          error={errors.follow_ups?.message}
          {...register('follow_ups', { valueAsNumber: true })}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-3">
        <Checkbox
          label="Candidates may pause"
          help="Nothing is heard or recorded meanwhile."
          {...register('allow_pause')}
        />
        <Checkbox
          label="Candidates may skip a question"
          help="It counts as not answered, and has no level."
          {...register('allow_skip')}
        />
        <Checkbox label="A practice question first" help="It is neither kept nor assessed." {...register('practice')} />
      </div>
    </fieldset>
  );
}
