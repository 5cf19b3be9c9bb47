import type { AvatarId } from '../avatarCatalog';
import type { Character } from '../rig/character';
import { amara } from './amara';
import { daniel } from './daniel';

export const CHARACTERS: Readonly<Record<AvatarId, Character>> = { daniel, amara };
