import { humanise } from './format';

/* Words for the server's values where it gives none, or where ours are shorter. */
export const QUESTION_CATEGORIES = [
  { value: 'warmup', label: 'Opening' },
  { value: 'behavioral', label: 'Behaviour' },
  { value: 'technical', label: 'Technical' },
  { value: 'situational', label: 'Situation' },
  { value: 'closing', label: 'Closing' },
] as const;

export const categoryLabel = (category: string): string =>
  QUESTION_CATEGORIES.find((one) => one.value === category)?.label ?? humanise(category);
