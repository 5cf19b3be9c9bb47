/**
 * What pages may use. Importing this loads the drawings: pages load it lazily (import('../avatar')), and take names
 * and types from './avatarCatalog' and './types'.
 */
export { Avatar, Avatar as default, type AvatarProps } from './Avatar';
export { AVATARS, avatarId, DEFAULT_AVATAR, isAvatarId, type AvatarId, type AvatarInfo } from './avatarCatalog';
export { createSpeechClock, type AudioClockSource } from './clock';
export { createAvatar, type AvatarController, type AvatarOptions, type Speech } from './controller';
export { mouthOpening, type AvatarState, type PhonemeEvent, type Pose } from './types';
