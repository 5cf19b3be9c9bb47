import { Copy, LoaderCircle, Square, Trash2, Volume2 } from 'lucide-react';
import { Button } from '../../components/ui/Button';
import { Card } from '../../components/ui/Card';
import { Select, Textarea } from '../../components/ui/Input';
import type { QuestionCategory } from '../../services/types';
import { plural, spokenSeconds, wordCount } from '../../utils/format';
import { QUESTION_CATEGORIES } from '../../utils/labels';
import { QUESTIONS_MAX, type DraftAction, type DraftQuestion } from './drafts';
import { PointsEditor } from './PointsEditor';
import { useListen } from './useListen';

/* 0 is no limit. */
const LIMITS = [60, 90, 120, 180, 240, 300, 420, 600];

const limitOptions = (current: number) =>
  [...new Set([...LIMITS, current])]
    .sort((a, b) => a - b)
    .map((seconds) => ({
      value: String(seconds),
      label:
        seconds === 0
          ? 'No limit'
          : seconds % 60 === 0
            ? `${seconds / 60} min`
            : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
    }));

export interface QuestionFormProps {
  question: DraftQuestion;
  index: number;
  count: number;
  voice: string;
  interviewer: string;
  error?: string | undefined;
  edit: (action: DraftAction) => void;
  onDelete: () => void;
  onDuplicate: () => void;
}

function ListenButton({ text, voice }: { text: string; voice: string }) {
  const { state, toggle } = useListen();
  const icon = state === 'playing' ? Square : state === 'loading' ? LoaderCircle : Volume2;
  const words = { idle: 'Listen', loading: 'Preparing', playing: 'Stop' }[state];
  return (
    <Button size="sm" variant="quiet" icon={icon} onClick={() => toggle(text, voice)}>
      {words}
    </Button>
  );
}

export function QuestionForm(props: QuestionFormProps) {
  const { question, index, count, voice, interviewer, error, edit, onDelete, onDuplicate } = props;
  const change = (fields: Partial<Omit<DraftQuestion, 'key' | 'id'>>) =>
    edit({ type: 'edit', key: question.key, change: fields });
  const words = wordCount(question.text);
  return (
    <Card className="grid min-w-0 gap-6 p-5 lg:p-6" aria-labelledby="question">
      <div className="-mt-1 flex items-center justify-between gap-3">
        <h2 id="question" className="text-base font-semibold">
          Question {index + 1}
        </h2>
        <span className="flex gap-1">
          {count < QUESTIONS_MAX && (
            <Button size="sm" variant="quiet" icon={Copy} onClick={onDuplicate}>
              Duplicate
            </Button>
          )}
          <Button size="sm" variant="quiet" icon={Trash2} onClick={onDelete}>
            Delete
          </Button>
        </span>
      </div>
      <div>
        <Textarea
          label={`What ${interviewer} says`}
          rows={2}
          className="voice !px-4 !py-3 !text-xl !leading-8"
          value={question.text}
          error={
            error ?? (words === 0 ? 'Write what is asked. Nothing is saved until this question has words.' : undefined)
          }
          onChange={(event) => change({ text: event.target.value })}
        />
        {words > 0 && (
          <div className="mt-1.5 flex items-center justify-between gap-3">
            <p className="hint">
              {plural(words, 'word')}, about {plural(spokenSeconds(question.text), 'second')} when spoken.
            </p>
            <ListenButton key={question.key} text={question.text} voice={voice} />
          </div>
        )}
      </div>
      <div>
        <Textarea
          label="In other words"
          help={`What ${interviewer} says when a candidate asks for the question another way. Empty: the question again, plainly.`}
          rows={2}
          className="voice !px-4 !py-3 !text-lg !leading-7"
          maxLength={1000}
          value={question.rephrased}
          onChange={(event) => change({ rephrased: event.target.value })}
        />
        {question.rephrased.trim() !== '' && (
          <div className="mt-1.5 flex justify-end">
            <ListenButton key={question.key} text={question.rephrased} voice={voice} />
          </div>
        )}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label="Kind"
          options={QUESTION_CATEGORIES}
          value={question.category}
          onChange={(event) => change({ category: event.target.value as QuestionCategory })}
        />
        <Select
          label="Time to answer"
          options={limitOptions(question.time_limit_s)}
          value={String(question.time_limit_s)}
          onChange={(event) => change({ time_limit_s: Number(event.target.value) })}
        />
      </div>
      <PointsEditor points={question.points} onChange={(points) => change({ points })} />
    </Card>
  );
}
