import type { AvatarController, AvatarOptions } from '../avatar';
import type { AvatarOption, Page } from './types';
import { get } from './api';

/*
 * The interviewer on the screen. What the server offers comes from the API; the drawings are a chunk of their own that
 * is fetched when somebody is about to see a face.
 */
export const avatarService = {
  list: (signal?: AbortSignal) => get<Page<AvatarOption>>('/ai/avatars', { signal }),

  /** Fetches the drawings, so that they are there when the interview begins. Safe to call again. */
  load: () => import('../avatar'),

  /** Puts an avatar into `host`; the controller speaks, looks, nods, and is destroyed by its owner. */
  async create(host: HTMLElement, options: AvatarOptions): Promise<AvatarController> {
    const { createAvatar } = await avatarService.load();
    return createAvatar(host, options);
  },
};
