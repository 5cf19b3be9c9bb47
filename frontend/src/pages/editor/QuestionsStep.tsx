import { Plus, WandSparkles } from 'lucide-react';
import { clsx } from 'clsx';
import { useState } from 'react';
import { SortableList } from '../../components/SortableList';
import { Button } from '../../components/ui/Button';
import { Card } from '../../components/ui/Card';
import { Dialog } from '../../components/ui/Dialog';
import { EmptyState } from '../../components/ui/EmptyState';
import { Select } from '../../components/ui/Input';
import { useToast, useToldTask } from '../../contexts/ToastContext';
import { interviewService } from '../../services/interviewService';
import type { Interview } from '../../services/types';
import { isApiError } from '../../utils/errorHandler';
import { plural } from '../../utils/format';
import { categoryLabel } from '../../utils/labels';
import { duplicateOf, minutesOf, newQuestion, QUESTIONS_MAX, type DraftQuestion } from './drafts';
import { Preview } from './Preview';
import { QuestionForm } from './QuestionForm';
import type { QuestionDrafts } from './useQuestionDrafts';

const minutes = ({ time_limit_s: seconds }: DraftQuestion): string =>
  seconds === 0 ? 'no limit' : `${Math.max(1, Math.round(seconds / 60))} min`;

/** A refusal that names a question (“questions[2].text”) is shown at that question. */
function refusedQuestion(drafts: QuestionDrafts): { index: number; message: string } | null {
  const error = drafts.save.kind === 'failed' ? drafts.save.error : null;
  if (!isApiError(error) || error.field === null) return null;
  const index = /^questions[.[](\d+)/.exec(error.field)?.[1];
  return index === undefined ? null : { index: Number(index), message: error.message };
}

interface ListProps {
  drafts: QuestionDrafts;
  selected: number;
  onSelect: (key: string) => void;
  onDraft: () => void;
  drafting: boolean;
}

function QuestionList({ drafts, selected, onSelect, onDraft, drafting }: ListProps) {
  const { questions, edit } = drafts;
  const full = questions.length >= QUESTIONS_MAX;
  const add = () => {
    const question = newQuestion();
    edit({ type: 'insert', at: questions.length, question });
    onSelect(question.key);
  };
  return (
    <Card className="overflow-hidden lg:sticky lg:top-24" aria-labelledby="list">
      <div className="flex items-baseline justify-between px-4 pt-3.5 pb-2">
        <h2 id="list" className="font-semibold">
          {plural(questions.length, 'question')}
        </h2>
        <span className="text-xs text-ink-3">about {plural(minutesOf(questions), 'minute')}</span>
      </div>
      <SortableList
        label="Questions, in the order in which they are asked"
        items={questions}
        keyOf={(question) => question.key}
        nameOf={(index) => `question ${index + 1}`}
        onMove={(from, to) => edit({ type: 'move', from, to })}
        className="max-h-[min(60dvh,40rem)] overflow-y-auto max-lg:hidden"
        rowClassName={(_, index) =>
          clsx(
            'flex items-start gap-1 border-t border-line py-2 pr-3 pl-1.5',
            index === selected ? 'bg-accent-soft' : 'hover:bg-hover',
          )
        }
      >
        {(question, index, grip) => (
          <>
            {grip}
            <button
              type="button"
              className="grid min-w-0 flex-1 grid-cols-[1.125rem_1fr] gap-x-1 text-left"
              aria-current={index === selected ? 'true' : undefined}
              onClick={() => onSelect(question.key)}
            >
              <span className={clsx('pt-px font-semibold', index === selected ? 'text-accent-ink' : 'text-ink-3')}>
                {index + 1}
              </span>
              <span className={clsx('line-clamp-2', index === selected && 'font-semibold')}>
                {question.text.trim() === '' ? 'New question' : question.text}
              </span>
              <span className={clsx('col-start-2 mt-0.5 text-xs', index === selected ? 'text-ink-2' : 'text-ink-3')}>
                {categoryLabel(question.category)}, {minutes(question)}
              </span>
            </button>
          </>
        )}
      </SortableList>
      {questions.length > 0 && (
        <div className="px-4 pb-3 lg:hidden">
          <Select
            label="Question"
            hideLabel
            value={questions[selected]?.key ?? ''}
            options={questions.map(({ key, text }, i) => ({
              value: key,
              label: `${i + 1}. ${text.trim() === '' ? 'New question' : text}`,
            }))}
            onChange={(event) => onSelect(event.target.value)}
          />
        </div>
      )}
      <div className="flex flex-wrap gap-1 border-t border-line p-2 lg:grid">
        {!full && (
          <Button variant="quiet" icon={Plus} className="!justify-start" onClick={add}>
            Add a question
          </Button>
        )}
        <Button
          variant="quiet"
          icon={WandSparkles}
          className="!justify-start"
          working={drafting && 'Drafting'}
          onClick={onDraft}
        >
          Draft from the role
        </Button>
      </div>
    </Card>
  );
}

/* Drafting again replaces the list, so it is asked first when there is something to lose. */
function useDrafting(interview: Interview, drafts: QuestionDrafts) {
  const { working: drafting, run } = useToldTask();
  const [asking, setAsking] = useState(false);
  const draft = () => {
    setAsking(false);
    void run(
      async () => drafts.replace(await interviewService.generateQuestions(interview.id)),
      'The questions are drafted. Read them, and change what does not fit.',
    );
  };
  return {
    asking,
    drafting,
    ask: () => (drafts.questions.length === 0 ? draft() : setAsking(true)),
    draft,
    cancel: () => setAsking(false),
  };
}

export function QuestionsStep({
  interview,
  drafts,
  interviewer,
}: {
  interview: Interview;
  drafts: QuestionDrafts;
  interviewer: string;
}) {
  const toast = useToast();
  const [selectedKey, setSelectedKey] = useState<string | null>(null);
  const drafting = useDrafting(interview, drafts);
  const { questions, edit } = drafts;
  const found = questions.findIndex((question) => question.key === selectedKey);
  const selected = found === -1 ? 0 : found;
  const question = questions[selected];
  const refused = refusedQuestion(drafts);

  const remove = (gone: DraftQuestion, at: number) => {
    edit({ type: 'remove', key: gone.key });
    setSelectedKey(questions[at + 1]?.key ?? questions[at - 1]?.key ?? null);
    toast.success(`Question ${at + 1} is deleted.`, {
      label: 'Undo',
      // it comes back as a new one: the server has forgotten its id by then
      run: () => edit({ type: 'insert', at, question: { ...gone, id: null } }),
    });
  };
  const duplicate = (original: DraftQuestion, at: number) => {
    const copy = duplicateOf(original);
    edit({ type: 'insert', at: at + 1, question: copy });
    setSelectedKey(copy.key);
  };
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[17.5rem_minmax(0,1fr)] 2xl:grid-cols-[18rem_minmax(0,1fr)_19rem]">
      <QuestionList
        drafts={drafts}
        selected={selected}
        onSelect={setSelectedKey}
        onDraft={drafting.ask}
        drafting={drafting.drafting}
      />
      {question === undefined ? (
        <Card>
          <EmptyState heading="h2" title="There is no question yet">
            Draft them from the role, or add your own.
          </EmptyState>
        </Card>
      ) : (
        <QuestionForm
          question={question}
          index={selected}
          count={questions.length}
          voice={interview.voice}
          interviewer={interviewer}
          error={refused?.index === selected ? refused.message : undefined}
          edit={edit}
          onDelete={() => remove(question, selected)}
          onDuplicate={() => duplicate(question, selected)}
        />
      )}
      <Preview interview={interview} interviewer={interviewer} questions={questions} text={question?.text ?? ''} />
      <Dialog
        open={drafting.asking}
        title="Draft the questions again?"
        onClose={drafting.cancel}
        actions={
          <>
            <Button onClick={drafting.cancel}>Keep them</Button>
            <Button variant="primary" onClick={drafting.draft}>
              Draft again
            </Button>
          </>
        }
      >
        <p className="text-ink-2">
          The {plural(questions.length, 'question')} here, with your changes, {questions.length === 1 ? 'is' : 'are'}{' '}
          replaced.
        </p>
      </Dialog>
    </div>
  );
}
