import { useCallback, useEffect, useRef, useState } from 'react';
import { useToast } from '../../contexts/ToastContext';
import { aiService } from '../../services/aiService';
import { errorMessage, isCancelled } from '../../utils/errorHandler';

export type ListenState = 'idle' | 'loading' | 'playing';

/** Says a sentence with the server's voice. A second press stops it; leaving does too. */
export function useListen(): { state: ListenState; toggle: (text: string, voice: string) => void } {
  const toast = useToast();
  const [state, setState] = useState<ListenState>('idle');
  const stop = useRef<(() => void) | null>(null);

  useEffect(() => () => stop.current?.(), []);

  const toggle = useCallback(
    (text: string, voice: string) => {
      if (stop.current !== null) {
        stop.current();
        return;
      }
      const controller = new AbortController();
      const audio = new Audio();
      const finish = () => {
        controller.abort();
        audio.pause();
        if (audio.src !== '') URL.revokeObjectURL(audio.src);
        stop.current = null;
        setState('idle');
      };
      stop.current = finish;
      audio.onended = finish;
      setState('loading');
      aiService
        .speak(text, voice === '' ? {} : { voice }, controller.signal)
        .then(async (sound) => {
          if (controller.signal.aborted) return;
          audio.src = URL.createObjectURL(sound);
          await audio.play();
          setState('playing');
        })
        .catch((error: unknown) => {
          if (controller.signal.aborted || isCancelled(error)) return;
          finish();
          toast.error(error instanceof DOMException ? 'The browser could not play the sound.' : errorMessage(error));
        });
    },
    [toast],
  );
  return { state, toggle };
}
