import type { ReactNode } from 'react';
import { Button } from '../../components/ui/Button';
import { errorMessage } from '../../utils/errorHandler';
import { Frame, Heading } from './Frame';
import type { Trouble } from './useEntry';

interface Words {
  title: string;
  text: ReactNode;
  retry?: boolean;
}

function words(trouble: Trouble | 'completed', error: unknown): Words {
  switch (trouble) {
    case 'unknown':
      return {
        title: 'We do not know this link',
        text: 'Part of it may be missing. Open it from the message again, or copy the whole address into the browser.',
      };
    case 'closed':
      return {
        title: 'This interview is closed',
        text: 'It takes no more answers. Answer the message that brought you this link, and ask for a new one.',
      };
    case 'preview_over':
      return {
        title: 'This preview is over',
        text: 'Begin another one from the page of the interview.',
      };
    case 'withdrawn':
      return {
        title: 'You withdrew from this interview',
        text: 'Your recordings are erased. If that was a mistake, answer the message that brought you this link.',
      };
    case 'completed':
      return {
        title: 'You have done this interview',
        text: 'Your answers are with the people who invited you. There is nothing more to do here.',
      };
    case 'unreachable':
      return {
        title: 'The interview cannot be opened right now',
        text: `${errorMessage(error)} What you said before is safe.`,
        retry: true,
      };
  }
}

export interface ProblemProps {
  trouble: Trouble | 'completed';
  error?: unknown;
  onRetry: () => void;
}

export function Problem({ trouble, error, onRetry }: ProblemProps) {
  const { title, text, retry } = words(trouble, error);
  return (
    <Frame title={title} narrow>
      <Heading title={title}>{text}</Heading>
      {retry && (
        <Button variant="primary" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Frame>
  );
}
