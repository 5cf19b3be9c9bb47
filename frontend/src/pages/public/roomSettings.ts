/* How the candidate likes the room: kept on this device, and the same in practice and interview. */

import { useState } from 'react';
import { readItem, writeItem } from '../../utils/storage';

export const CAPTION_SIZES = ['small', 'medium', 'large'] as const;
export type CaptionSize = (typeof CAPTION_SIZES)[number];

export interface RoomSettings {
  captions: boolean;
  size: CaptionSize;
  /** The face holds still but for its mouth. */
  still: boolean;
  /** No camera is sent or recorded, and no face is moved. */
  soundOnly: boolean;
  /** How fast this connection sent when it was last measured, in kbit/s; null: not known. */
  uplink: number | null;
}

const KEY = 'viva.room';
const DEFAULTS: RoomSettings = { captions: true, size: 'medium', still: false, soundOnly: false, uplink: null };

export function loadSettings(): RoomSettings {
  try {
    const raw: unknown = JSON.parse(readItem(KEY) ?? 'null');
    if (typeof raw !== 'object' || raw === null) return DEFAULTS;
    const { captions, size, still, soundOnly, uplink } = raw as Record<string, unknown>;
    return {
      captions: captions !== false,
      size: CAPTION_SIZES.find((s) => s === size) ?? DEFAULTS.size,
      still: still === true,
      soundOnly: soundOnly === true,
      uplink: typeof uplink === 'number' ? uplink : null,
    };
  } catch {
    return DEFAULTS;
  }
}

export function saveSettings(change: Partial<RoomSettings>): RoomSettings {
  const next = { ...loadSettings(), ...change };
  writeItem(KEY, JSON.stringify(next));
  return next;
}

export function useRoomSettings(): [RoomSettings, (change: Partial<RoomSettings>) => void] {
  const [settings, set] = useState(loadSettings);
  return [settings, (change) => set(saveSettings(change))];
}
