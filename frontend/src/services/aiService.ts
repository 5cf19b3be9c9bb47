import { get, post, requestRaw } from './api';
import type { Engines, Page, Transcription, Voice } from './types';

/* Speech, as the server's own engines do it. */
export const aiService = {
  voices: (signal?: AbortSignal) => get<Page<Voice>>('/ai/voices', { signal }),
  health: (signal?: AbortSignal) => get<Engines>('/ai/health', { signal }),

  transcribe(sound: Blob) {
    const form = new FormData();
    form.append('file', sound, 'sound');
    return post<Transcription>('/ai/transcribe', form, { timeout: 120_000 });
  },

  /** A sentence as sound (WAV). */
  async speak(text: string, options: { voice?: string; speed?: number } = {}, signal?: AbortSignal): Promise<Blob> {
    const reply = await requestRaw<Blob>({
      method: 'POST',
      url: '/ai/tts',
      data: { text, ...options },
      responseType: 'blob',
      timeout: 60_000,
      signal,
    });
    return reply.data;
  },
};
