import { createRef, type Ref } from 'react';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Avatar } from './Avatar';
import { AVATARS, avatarId, DEFAULT_AVATAR, isAvatarId } from './avatarCatalog';
import { CHARACTERS } from './characters';
import type { AvatarController } from './controller';

afterEach(cleanup);

describe('Avatar', () => {
  it('is an image with the label it is given', () => {
    const { rerender } = render(<Avatar character="amara" state="idle" label="Amara is speaking" className="figure" />);
    expect(screen.getByRole('img', { name: 'Amara is speaking' }).parentElement?.className).toBe('figure');
    rerender(<Avatar character="amara" state="listening" label="Amara is listening" className="figure" />);
    expect(screen.getByRole('img', { name: 'Amara is listening' })).toBeTruthy();
  });

  it('hands out its controller and takes it back', () => {
    const ref = createRef<AvatarController>();
    const { unmount } = render(<Avatar character="daniel" state="idle" label="Daniel" controllerRef={ref} />);
    expect(ref.current?.pose().press).toBe(0);
    unmount();
    expect(ref.current).toBeNull();
  });

  it('stays the same avatar when everything but the character changes', () => {
    const ref = createRef<AvatarController>();
    const show = (state: 'idle' | 'speaking', controllerRef: Ref<AvatarController>, character: 'daniel' | 'amara') => (
      <Avatar
        character={character}
        state={state}
        label={state}
        frozen={state === 'idle'}
        controllerRef={controllerRef}
      />
    );
    const { rerender, container } = render(show('idle', ref, 'daniel'));
    const first = ref.current;
    rerender(show('speaking', ref, 'daniel'));
    expect(ref.current).toBe(first);
    const seen: (AvatarController | null)[] = [];
    rerender(show('speaking', (c) => void seen.push(c), 'daniel'));
    expect(seen).toEqual([first]);
    rerender(show('speaking', ref, 'amara'));
    expect(ref.current).not.toBe(first);
    expect(container.querySelectorAll('[role="img"]')).toHaveLength(1);
  });
});

describe('catalogue', () => {
  it('has a drawing for every avatar the server offers, and a name for every drawing', () => {
    expect(AVATARS.map((a) => a.id).sort()).toEqual(['amara', 'daniel']);
    expect(Object.keys(CHARACTERS).sort()).toEqual(AVATARS.map((a) => a.id).sort());
    for (const a of AVATARS) expect(CHARACTERS[a.id].name).toBe(a.name);
  });

  it('falls back on the default for a name it does not know', () => {
    expect(avatarId('amara')).toBe('amara');
    expect(avatarId('mara')).toBe(DEFAULT_AVATAR);
    expect(avatarId(null)).toBe('daniel');
    expect(isAvatarId(7)).toBe(false);
  });
});
