import { lazy, Suspense } from 'react';
import { avatarId } from '../avatar/avatarCatalog';
import { Room } from './Room';

/* The drawings are a chunk of their own; the room stands there while they come. */
const Avatar = lazy(() => import('../avatar'));

/** An interviewer in the room, holding still: for previews. */
export function AvatarStill({ avatar, label }: { avatar: string; label: string }) {
  return (
    <>
      <Room />
      <Suspense fallback={null}>
        <Avatar character={avatarId(avatar)} state="idle" frozen label={label} className="figure still-figure" />
      </Suspense>
      <span className="desk" />
    </>
  );
}
