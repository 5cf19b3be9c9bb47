import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { interviewService } from '../../services/interviewService';
import type { Interview } from '../../services/types';
import { Autosave, type SaveState } from '../../utils/autosave';
import { draftsReducer, fromServer, toServer, unfinished, type DraftAction, type DraftQuestion } from './drafts';

export interface QuestionDrafts {
  questions: DraftQuestion[];
  save: SaveState;
  /** Index of the first question without words, or -1; nothing is saved while there is one. */
  unfinishedAt: number;
  edit: (action: DraftAction) => void;
  /** Takes a list that the server already has. */
  replace: (interview: Interview) => void;
  /** Saves at once; true when the server has everything. */
  flush: () => Promise<boolean>;
}

/** The editor's questions, saved by themselves a moment after each change. */
export function useQuestionDrafts(interview: Interview): QuestionDrafts {
  const [questions, dispatch] = useReducer(draftsReducer, interview.questions ?? [], fromServer);
  const [save, setSave] = useState<SaveState>({ kind: 'clean' });
  const [autosave] = useState(
    () =>
      new Autosave<DraftQuestion[]>(async (snapshot) => {
        const saved = await interviewService.saveQuestions(interview.id, toServer(snapshot));
        const ids = (saved.questions ?? []).map((question) => question.id);
        dispatch({ type: 'ids', keys: snapshot.map((question) => question.key), ids });
      }, setSave),
  );
  const newest = useRef(questions);
  const touched = useRef(false);
  const unfinishedAt = unfinished(questions);

  useEffect(() => {
    newest.current = questions;
    if (touched.current && unfinished(questions) === -1) autosave.change(questions);
    touched.current = false;
  }, [questions, autosave]);

  useEffect(() => {
    const guard = (event: BeforeUnloadEvent) => {
      if (autosave.dirty) event.preventDefault();
    };
    window.addEventListener('beforeunload', guard);
    return () => {
      window.removeEventListener('beforeunload', guard);
      void autosave.flush();
    };
  }, [autosave]);

  const edit = useCallback((action: DraftAction) => {
    touched.current = true;
    dispatch(action);
  }, []);
  const replace = useCallback(
    (next: Interview) => {
      autosave.discard();
      dispatch({ type: 'replace', questions: fromServer(next.questions ?? []) });
    },
    [autosave],
  );
  const flush = useCallback(async () => unfinished(newest.current) === -1 && (await autosave.flush()), [autosave]);
  return { questions, save, unfinishedAt, edit, replace, flush };
}
