import { Controller, useForm, type Control } from 'react-hook-form';
import { Button } from '../../components/ui/Button';
import { Card, CardBody, CardFooter } from '../../components/ui/Card';
import { Input, Select, Textarea } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import type { Interview, InterviewInput, InterviewOptions, Option } from '../../services/types';
import { applyFieldError } from '../../utils/errorHandler';
import { useTask } from '../../utils/hooks';
import { ConversationFields } from './ConversationFields';

export type RoleFields = Required<InterviewInput>;

const FIELDS = [
  'title',
  'job_role',
  'job_description',
  'organisation',
  'interview_type',
  'difficulty',
  'focus_areas',
  'question_count',
  'avatar',
  'voice',
  'language',
  'expires_at',
  'max_sessions',
  'patience',
  'think_time_s',
  'allow_pause',
  'allow_skip',
  'practice',
  'time_to_finish_s',
  'follow_ups',
] as const satisfies readonly (keyof RoleFields)[];

const COUNT = { min: 1, max: 20, usual: 6 };
const PLACES_MAX = 100_000;
const TIME_TO_FINISH_S = 4 * 3600;

/** What the form starts from: the interview, or for a new one what an administrator set. */
export function startingFields(interview: Interview | null, options: InterviewOptions): RoleFields {
  return {
    title: interview?.title ?? '',
    job_role: interview?.job_role ?? '',
    job_description: interview?.job_description ?? '',
    organisation: interview?.organisation ?? '',
    interview_type: interview?.interview_type ?? preferred(options.interview_types, 'mixed'),
    difficulty: interview?.difficulty ?? preferred(options.difficulties, 'mid'),
    focus_areas: interview?.focus_areas ?? [],
    question_count: interview?.question_count ?? COUNT.usual,
    avatar: interview?.avatar ?? options.default_avatar,
    voice: interview?.voice ?? options.default_voice,
    language: interview?.language ?? options.default_language,
    expires_at: localTime(interview?.expires_at ?? null),
    max_sessions: interview?.max_sessions ?? 0,
    patience: interview?.patience ?? 'normal',
    think_time_s: interview?.think_time_s ?? 0,
    allow_pause: interview?.allow_pause ?? true,
    allow_skip: interview?.allow_skip ?? true,
    practice: interview?.practice ?? true,
    time_to_finish_s: interview?.time_to_finish_s ?? TIME_TO_FINISH_S,
    follow_ups: interview?.follow_ups ?? 1,
  };
}

/* The field shows the reader's own clock to the minute; the server keeps UTC. A time that was not touched goes back as it
 * came, seconds and all. */
function localTime(iso: string | null): string {
  if (iso === null) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function serverTime(local: string | null, before: string | null): string | null {
  if (local === null || local === '') return null;
  return local === localTime(before) ? before : new Date(local).toISOString();
}

/* The options list exactly the values that the API takes, so what comes out of them is of the field's type. */
const preferred = <T extends string>(options: readonly Option[], wish: T): T =>
  (options.find((option) => option.value === wish) ?? options[0])?.value as T;

function FocusAreas({ control, options }: { control: Control<RoleFields>; options: readonly Option[] }) {
  return (
    <Controller
      control={control}
      name="focus_areas"
      render={({ field, fieldState }) => (
        <fieldset>
          <legend className="field-label">What it looks at</legend>
          <div className="flex flex-wrap gap-2">
            {options.map(({ value, label }) => (
              <label key={value} className="tile !min-h-8 !rounded-sm !px-2.5 text-xs">
                <input
                  type="checkbox"
                  checked={field.value.some((one) => one === value)}
                  onChange={({ target }) =>
                    field.onChange(
                      target.checked ? [...field.value, value] : field.value.filter((one) => one !== value),
                    )
                  }
                />
                {label}
              </label>
            ))}
          </div>
          <p className={fieldState.error === undefined ? 'hint mt-1.5' : 'field-note text-danger-ink'}>
            {fieldState.error?.message ?? 'Questions are drafted from these. Three or four is a good number.'}
          </p>
        </fieldset>
      )}
    />
  );
}

/* A time that stands there already may pass. */
const isToCome = (local: string | null, before: string | null): boolean =>
  local === null || local === '' || local === localTime(before) || new Date(local).getTime() > Date.now();

interface RoleFormProps {
  interview: Interview | null;
  options: InterviewOptions;
  /** Sends the fields to the server; throws what the server refused. */
  onSubmit: (fields: RoleFields) => Promise<void>;
}

export function RoleForm({ interview, options, onSubmit }: RoleFormProps) {
  const start = startingFields(interview, options);
  const { register, control, handleSubmit, formState, setError, setValue } = useForm<RoleFields>({
    defaultValues: start,
  });
  const { errors, isSubmitting } = formState;
  const { problem, run } = useTask((error) => applyFieldError(error, FIELDS, setError));

  const submit = handleSubmit(async (fields) => {
    await run(() => onSubmit({ ...fields, expires_at: serverTime(fields.expires_at, interview?.expires_at ?? null) }));
  });
  const chooseAvatar = (value: string) => {
    const voice = options.avatars.find((avatar) => avatar.value === value)?.voice;
    if (voice !== undefined) setValue('voice', voice as RoleFields['voice']);
  };
  const needed = (message: string) => (value: string) => value.trim() !== '' || message;
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Card>
        <CardBody className="grid gap-5">
          {problem !== null && <Notice tone="danger" title={problem} />}
          <div className="grid gap-5 md:grid-cols-2">
            <Input
              label="Name of the interview"
              help="Candidates see this name."
              error={errors.title?.message}
              {...register('title', { validate: needed('Give it a name.') })}
            />
            <Input
              label="Role"
              help="As in “Operations analyst”."
              error={errors.job_role?.message}
              {...register('job_role', { validate: needed('Say which role it is for.') })}
            />
          </div>
          <Input
            label="Organisation"
            help="Candidates see who asks them."
            error={errors.organisation?.message}
            {...register('organisation')}
          />
          <Textarea
            label="About the role"
            rows={4}
            className="min-h-24"
            help="What the person will do, and what matters. Paste the advertisement if you have one."
            error={errors.job_description?.message}
            {...register('job_description')}
          />
          <div className="grid gap-5 sm:grid-cols-3">
            <Select
              label="Kind"
              options={options.interview_types}
              error={errors.interview_type?.message}
              {...register('interview_type')}
            />
            <Select
              label="Level"
              options={options.difficulties}
              error={errors.difficulty?.message}
              {...register('difficulty')}
            />
            <Input
              label="Questions"
              type="number"
              inputMode="numeric"
              min={COUNT.min}
              max={COUNT.max}
              error={errors.question_count?.message}
              {...register('question_count', {
                valueAsNumber: true,
                validate: (n) =>
                  (Number.isInteger(n) && n >= COUNT.min && n <= COUNT.max) || `Choose ${COUNT.min} to ${COUNT.max}.`,
              })}
            />
          </div>
          <FocusAreas control={control} options={options.focus_areas} />
          <div className="grid gap-5 sm:grid-cols-3">
            <Select
              label="Interviewer"
              options={options.avatars}
              error={errors.avatar?.message}
              {...register('avatar', {
                onChange: ({ target }: { target: HTMLSelectElement }) => chooseAvatar(target.value),
              })}
            />
            <Select label="Voice" options={options.voices} error={errors.voice?.message} {...register('voice')} />
            <Select
              label="Language"
              options={options.languages}
              error={errors.language?.message}
              {...register('language')}
            />
          </div>
          <div className="grid gap-5 sm:grid-cols-2">
            <Input
              label="Candidates can register until"
              type="datetime-local"
              help="Empty: until you close it. Who has registered can still finish."
              error={errors.expires_at?.message}
              {...register('expires_at', {
                validate: (value) => isToCome(value, interview?.expires_at ?? null) || 'Choose a time to come.',
              })}
            />
            <Input
              label="Places"
              type="number"
              inputMode="numeric"
              min={0}
              max={PLACES_MAX}
              help="How many candidates may register; 0: no limit."
              error={errors.max_sessions?.message}
              {...register('max_sessions', {
                valueAsNumber: true,
                validate: (n) =>
                  (Number.isInteger(n) && n >= 0 && n <= PLACES_MAX) ||
                  `Choose 0 to ${PLACES_MAX.toLocaleString('en')}.`,
              })}
            />
          </div>
          <ConversationFields register={register} errors={errors} start={start} />
        </CardBody>
        <CardFooter className="justify-end">
          <Button
            type="submit"
            variant="primary"
            working={isSubmitting && (interview === null ? 'Drafting' : 'Saving')}
          >
            {interview === null ? 'Draft the questions' : 'Save and go on'}
          </Button>
        </CardFooter>
      </Card>
    </form>
  );
}
