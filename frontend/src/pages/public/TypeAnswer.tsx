import { useId, useRef, useState, useEffect } from 'react';
import { Button } from '../../components/ui/Button';
import { Textarea } from '../../components/ui/Input';
import { readItem, writeItem } from '../../utils/storage';

export interface TypeAnswerProps {
  answerId: string;
  /** False: it did not go out; it stays in the box. */
  onSend: (text: string) => Promise<boolean>;
  /** Back to speaking; absent when there is no microphone. */
  onBack?: (() => void) | undefined;
  sending: boolean;
  focus: boolean;
  onPaste?: ((characters: number) => void) | undefined;
}

const MAX = 8000;
const draftKey = (answerId: string) => `viva.draft.${answerId}`;

/** A typed answer. What is typed is kept on this device until the server has it. */
export function TypeAnswer({ answerId, onSend, onBack, sending, focus, onPaste }: TypeAnswerProps) {
  const [text, setText] = useState(() => readItem(draftKey(answerId)) ?? '');
  const [problem, setProblem] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const formId = useId();
  useEffect(() => {
    if (!focus) return;
    box.current?.focus();
    /* with its button, above the dock */
    box.current?.form?.scrollIntoView({ block: 'nearest' });
  }, [focus]);
  const change = (value: string) => {
    setText(value);
    setProblem('');
    writeItem(draftKey(answerId), value);
  };
  const send = async () => {
    if (text.trim() === '') {
      setProblem('Write your answer first.');
      box.current?.focus();
      return;
    }
    if (await onSend(text.trim())) writeItem(draftKey(answerId), null);
    else setProblem('It did not go out: there is no connection. Your text is kept here; send it again in a moment.');
  };
  return (
    <section
      className="card grid content-start gap-3 px-4 py-3.5 [grid-area:heard] md:px-5 md:py-4"
      aria-label="Type instead"
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!sending) void send();
        }}
      >
        <Textarea
          ref={box}
          label="Your answer in writing"
          rows={4}
          maxLength={MAX}
          value={text}
          onChange={(e) => change(e.target.value)}
          onPaste={(e) => onPaste?.(e.clipboardData.getData('text/plain').length)}
          error={problem === '' ? undefined : problem}
          help={
            onBack
              ? 'You are muted while you write. It is added to what you said.'
              : 'It is kept on this device until it is sent.'
          }
        />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" working={sending && 'Sending'}>
            Send my answer
          </Button>
          {onBack && <Button onClick={onBack}>Speak again</Button>}
        </div>
      </form>
    </section>
  );
}
