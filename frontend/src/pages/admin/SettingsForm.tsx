import { useState } from 'react';
import { useForm, type UseFormReturn } from 'react-hook-form';
import { Button } from '../../components/ui/Button';
import { Card, CardBody, CardHeader } from '../../components/ui/Card';
import { Dialog } from '../../components/ui/Dialog';
import { Checkbox, Input, Select, Textarea } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { useToast } from '../../contexts/ToastContext';
import { adminService, type VersionedSettings } from '../../services/adminService';
import type { InterviewOptions, Settings, SettingsUpdate } from '../../services/types';
import { applyFieldError, emailProblem, errorMessage, isApiError } from '../../utils/errorHandler';
import { plural } from '../../utils/format';

type Fields = Omit<Settings, 'support_email'> & { support_email: string };

const NAMES = [
  'organisation_name',
  'privacy_notice',
  'support_email',
  'recording_retention_days',
  'candidate_retention_days',
  'audit_retention_days',
  'default_avatar',
  'default_voice',
  'default_language',
  'default_time_limit_s',
  'ask_background',
  'small_group_min',
] as const satisfies readonly (keyof Fields)[];

const DAYS_MAX = 36_500;
const AUDIT_DAYS_MIN = 30;

function fieldsOf(settings: Settings): Fields {
  const { support_email, ...rest } = settings;
  return { ...rest, support_email: support_email ?? '' };
}

/** Only what was changed goes to the server. */
function changeOf(before: Fields, after: Fields): SettingsUpdate {
  const changed: Record<string, string | number | boolean | null> = {};
  for (const name of NAMES) if (before[name] !== after[name]) changed[name] = after[name];
  if (changed.support_email === '') changed.support_email = null;
  return changed;
}

/** What a shorter time would erase that the old one kept, in words; empty when it erases nothing. */
function erases(before: Fields, after: Fields): string[] {
  const shorter = (old: number, now: number) => now > 0 && (old === 0 || now < old);
  const words: string[] = [];
  if (shorter(before.recording_retention_days, after.recording_retention_days))
    words.push(
      `recordings of interviews that were finished more than ${plural(after.recording_retention_days, 'day')} ago`,
    );
  if (shorter(before.candidate_retention_days, after.candidate_retention_days))
    words.push(
      `everything of candidates whose interview last changed more than ${plural(after.candidate_retention_days, 'day')} ago`,
    );
  if (after.audit_retention_days < before.audit_retention_days)
    words.push(`entries of the audit log older than ${plural(after.audit_retention_days, 'day')}`);
  return words;
}

type Form = UseFormReturn<Fields>;

function days(form: Form, name: 'recording_retention_days' | 'candidate_retention_days' | 'audit_retention_days') {
  const min = name === 'audit_retention_days' ? AUDIT_DAYS_MIN : 0;
  return form.register(name, {
    valueAsNumber: true,
    validate: (value) =>
      (Number.isInteger(value) && value >= min && value <= DAYS_MAX) || `Enter a whole number from ${min} on.`,
  });
}

function CandidatesPage({ form }: { form: Form }) {
  const { errors } = form.formState;
  return (
    <Card aria-labelledby="page">
      <CardHeader id="page" title="What candidates see" />
      <CardBody className="grid gap-5 !pt-1">
        <Input
          label="Organisation"
          help="For interviews that name none. Candidates read it, and the interviewer says it."
          maxLength={120}
          error={errors.organisation_name?.message}
          {...form.register('organisation_name')}
        />
        <Textarea
          label="Privacy notice"
          help="Shown before candidates consent. Say who sees the recordings, how long you keep them, and whom to ask."
          className="min-h-36"
          maxLength={10_000}
          error={errors.privacy_notice?.message}
          {...form.register('privacy_notice')}
        />
        <Input
          label="Address for questions"
          type="email"
          help="Shown beside the consent. Empty: none."
          error={errors.support_email?.message}
          {...form.register('support_email', {
            validate: (value) => value.trim() === '' || (emailProblem(value) ?? true),
          })}
        />
      </CardBody>
    </Card>
  );
}

function Retention({ form }: { form: Form }) {
  const { errors } = form.formState;
  return (
    <Card aria-labelledby="retention">
      <CardHeader id="retention" title="How long things are kept" />
      <CardBody className="grid gap-5 !pt-1 md:grid-cols-3">
        <Input
          label="Recordings, days"
          type="number"
          min={0}
          help="After the interview was finished. 0: kept. Transcript and report stay."
          error={errors.recording_retention_days?.message}
          {...days(form, 'recording_retention_days')}
        />
        <Input
          label="Candidates, days"
          type="number"
          min={0}
          help="After their interview last changed. 0: kept. Everything of theirs goes."
          error={errors.candidate_retention_days?.message}
          {...days(form, 'candidate_retention_days')}
        />
        <Input
          label="Audit log, days"
          type="number"
          min={AUDIT_DAYS_MIN}
          help={`At least ${AUDIT_DAYS_MIN}.`}
          error={errors.audit_retention_days?.message}
          {...days(form, 'audit_retention_days')}
        />
      </CardBody>
    </Card>
  );
}

function Fairness({ form }: { form: Form }) {
  const { errors } = form.formState;
  return (
    <Card aria-labelledby="fairness">
      <CardHeader id="fairness" title="Whether groups fare alike" />
      <CardBody className="grid gap-5 !pt-1">
        <Checkbox
          label="Ask candidates about themselves, after the interview"
          help="Gender, age, ethnic group, disability. Voluntary; they can take it back. Nobody reads one person’s, nothing that scores reads any: only figures over many."
          {...form.register('ask_background')}
        />
        <Input
          label="Smallest group that is shown"
          type="number"
          min={5}
          max={1000}
          help="Figures of groups with fewer people are withheld. At least 5."
          error={errors.small_group_min?.message}
          {...form.register('small_group_min', {
            valueAsNumber: true,
            validate: (value) =>
              (Number.isInteger(value) && value >= 5 && value <= 1000) || 'Enter a whole number from 5 to 1000.',
          })}
        />
      </CardBody>
    </Card>
  );
}

function NewInterviews({ form, options }: { form: Form; options: InterviewOptions }) {
  const { errors } = form.formState;
  return (
    <Card aria-labelledby="defaults">
      <CardHeader id="defaults" title="New interviews begin with" />
      <CardBody className="grid gap-5 !pt-1 md:grid-cols-2">
        <Select label="Interviewer" options={options.avatars} {...form.register('default_avatar')} />
        <Select label="Voice" options={options.voices} {...form.register('default_voice')} />
        <Select label="Language" options={options.languages} {...form.register('default_language')} />
        <Input
          label="Time for each drafted question, seconds"
          type="number"
          min={0}
          max={3600}
          help="0: what the question bank suggests."
          error={errors.default_time_limit_s?.message}
          {...form.register('default_time_limit_s', {
            valueAsNumber: true,
            validate: (value) =>
              (Number.isInteger(value) && value >= 0 && value <= 3600) || 'Enter a whole number from 0 to 3600.',
          })}
        />
      </CardBody>
    </Card>
  );
}

export interface SettingsFormProps {
  current: VersionedSettings;
  options: InterviewOptions;
  onSaved: (saved: VersionedSettings) => void;
  onReload: () => void;
}

type Problem = { kind: 'stale' } | { kind: 'other'; message: string };

function useSaving({ current, onSaved }: SettingsFormProps, form: Form) {
  const toast = useToast();
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async (after: Fields) => {
    setProblem(null);
    try {
      const saved = await adminService.changeSettings(changeOf(fieldsOf(current.settings), after), current.version);
      toast.success('The settings are saved. They act now.');
      onSaved(saved);
    } catch (error) {
      if (isApiError(error) && error.status === 412) setProblem({ kind: 'stale' });
      else if (!applyFieldError(error, NAMES, form.setError))
        setProblem({ kind: 'other', message: errorMessage(error) });
    }
  };
  return { problem, save, forget: () => setProblem(null) };
}

function Problems({ problem, onReload }: { problem: Problem | null; onReload: () => void }) {
  if (problem === null) return null;
  if (problem.kind === 'other') return <Notice tone="danger" title={problem.message} />;
  return (
    <Notice
      tone="warn"
      title="Somebody else changed the settings meanwhile"
      action={<Button onClick={onReload}>Show theirs</Button>}
    >
      Nothing of yours was saved. Look at theirs, then make your change again.
    </Notice>
  );
}

export function SettingsForm(props: SettingsFormProps) {
  const { current, options, onReload } = props;
  const before = fieldsOf(current.settings);
  const form = useForm<Fields>({ values: before });
  const { problem, save, forget } = useSaving(props, form);
  const [asked, setAsked] = useState<Fields | null>(null);
  const { isSubmitting, isDirty } = form.formState;
  const lost = asked === null ? [] : erases(before, asked);

  const submit = form.handleSubmit((after) => {
    if (erases(before, after).length > 0) setAsked(after);
    else return save(after);
  });
  return (
    <form className="grid max-w-3xl gap-5" noValidate onSubmit={(event) => void submit(event)}>
      <CandidatesPage form={form} />
      <Retention form={form} />
      <Fairness form={form} />
      <NewInterviews form={form} options={options} />
      <Problems
        problem={problem}
        onReload={() => {
          forget();
          onReload();
        }}
      />
      <div className="flex flex-wrap gap-3">
        <Button
          type="submit"
          variant="primary"
          working={isSubmitting && 'Saving'}
          notYet={!isDirty && 'Nothing is changed yet.'}
        >
          Save the settings
        </Button>
      </div>
      <Dialog
        open={asked !== null}
        title="Erase what is older?"
        onClose={() => setAsked(null)}
        actions={
          <>
            <Button onClick={() => setAsked(null)}>Keep it</Button>
            <Button
              variant="danger"
              onClick={() => {
                setAsked(null);
                if (asked !== null) void save(asked);
              }}
            >
              Save and erase
            </Button>
          </>
        }
      >
        <p className="text-ink-2">Within the hour these are erased, for good:</p>
        <ul className="list-disc pl-5 text-ink-2">
          {lost.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
      </Dialog>
    </form>
  );
}
