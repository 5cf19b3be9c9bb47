/** The avatars the server offers. Kept apart from the drawings: pages that only name one need not load them. */

export const AVATAR_IDS = ['daniel', 'amara'] as const;
export type AvatarId = (typeof AVATAR_IDS)[number];

export interface AvatarInfo {
  readonly id: AvatarId;
  readonly name: string;
  /** For the recruiter's choice, and for those who cannot see the picture. */
  readonly description: string;
}

export const AVATARS: readonly AvatarInfo[] = [
  { id: 'daniel', name: 'Daniel', description: 'A man in his thirties with glasses and a short beard' },
  { id: 'amara', name: 'Amara', description: 'A woman in her forties with curly hair and a blazer' },
];

export const DEFAULT_AVATAR: AvatarId = 'daniel';

export const isAvatarId = (value: unknown): value is AvatarId => AVATAR_IDS.some((id) => id === value);

/** The avatar for what the server names; an unknown one (a newer server) becomes the default. */
export const avatarId = (value: string | null | undefined): AvatarId => (isAvatarId(value) ? value : DEFAULT_AVATAR);
