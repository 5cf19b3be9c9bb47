import { useEffect, useRef, type ReactElement, type Ref } from 'react';
import type { AvatarId } from './avatarCatalog';
import { createAvatar, type AvatarController } from './controller';
import type { AvatarState } from './types';

export interface AvatarProps {
  readonly character: AvatarId;
  readonly state: AvatarState;
  readonly frozen?: boolean;
  /** Accessible name, for example "Daniel, the AI interviewer, is speaking". */
  readonly label: string;
  /** Receives the controller for speak() and stopSpeaking(); null after unmount. */
  readonly controllerRef?: Ref<AvatarController>;
  readonly className?: string;
  /** See AvatarOptions.probe. */
  readonly probe?: boolean;
}

function assign(ref: Ref<AvatarController> | undefined, value: AvatarController | null): void {
  if (typeof ref === 'function') ref(value);
  else if (ref) ref.current = value;
}

/** The interviewer. The box is the caller's: give the class a height; the figure stands at its bottom. */
export function Avatar(props: AvatarProps): ReactElement {
  const { character, state, frozen = false, label, controllerRef, className, probe = false } = props;
  const box = useRef<HTMLDivElement>(null);
  const controller = useRef<AvatarController | null>(null);
  const firstLabel = useRef(label);

  useEffect(() => {
    if (!box.current) return;
    const made = createAvatar(box.current, { character, label: firstLabel.current, probe });
    controller.current = made;
    return () => {
      controller.current = null;
      made.destroy();
    };
  }, [character, probe]);

  // These follow the effect above, and run again when it made a new one. A new ref must not make a new avatar.
  useEffect(() => {
    assign(controllerRef, controller.current);
    return () => assign(controllerRef, null);
  }, [controllerRef, character, probe]);
  useEffect(() => controller.current?.setState(state), [state, character, probe]);
  useEffect(() => controller.current?.setFrozen(frozen), [frozen, character, probe]);
  useEffect(() => controller.current?.setLabel(label), [label, character, probe]);

  return <div ref={box} className={className} />;
}
