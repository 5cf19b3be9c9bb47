/* The one bridge from the framework-free interview to React. */

import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { connectLive } from './connect';
import type { Live, LiveOptions } from './connect';
import { initialState } from './machine';
import type { LiveState } from './machine';
import type { UploadProgress } from './recording/uploader';
import type { DeviceRig, RigState } from './rig';

export interface LiveHandle {
  live: Live | null;
  state: LiveState;
  upload: UploadProgress | null;
  problem: string | null;
}

const NOT_YET = initialState();
const nothing = () => () => undefined;

export function useRig(rig: DeviceRig): RigState {
  return useSyncExternalStore(
    (fn) => rig.subscribe(fn),
    () => rig.state(),
  );
}

/** Runs the interview while mounted. `sessionId` and `token` are fixed for its life. */
export function useLiveSession(
  rig: DeviceRig,
  sessionId: string,
  token: string,
  soundOnly: boolean,
  connect: (options: LiveOptions) => Promise<Live> = connectLive,
): LiveHandle {
  const [live, setLive] = useState<Live | null>(null);
  const [upload, setUpload] = useState<UploadProgress | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const rigState = useRig(rig);
  const video = useRef(!soundOnly);

  useEffect(() => {
    let made: Live | null = null;
    let unsubscribe = () => undefined as unknown;
    let gone = false;
    void connect({ sessionId, token, rig, onProblem: setProblem }).then((l) => {
      if (gone) {
        l.dispose();
        return;
      }
      made = l;
      setLive(l);
      unsubscribe = l.uploader?.subscribe(setUpload) ?? unsubscribe;
      const { stream, camera, microphone } = rig.state();
      void l.session.start({ stream, camera, microphone, video: video.current });
    });
    return () => {
      gone = true;
      unsubscribe();
      made?.dispose();
    };
  }, [rig, sessionId, token, connect]);

  /* A device that came or went while we run. */
  const { stream, camera, microphone } = rigState;
  useEffect(() => {
    video.current = !soundOnly;
    live?.session.setDevices({ stream, camera, microphone, video: !soundOnly });
  }, [live, stream, camera, microphone, soundOnly]);

  const state = useSyncExternalStore(
    live ? (fn) => live.session.subscribe(fn) : nothing,
    live ? () => live.session.state() : () => NOT_YET,
  );
  return { live, state, upload, problem };
}
