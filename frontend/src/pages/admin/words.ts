/* Words for what the server names by a word of its own. */

const KINDS: Record<string, string> = {
  remux: 'Make recordings playable',
  report: 'Write reports',
  judge: 'Have a language model read the answers',
  erase: 'Erase recordings',
  erase_resume: 'Erase resumes',
};

export const jobWords = (kind: string): string => KINDS[kind] ?? kind;
