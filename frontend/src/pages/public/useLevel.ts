/* The microphone's level for the page: fifty measurements a second become at most one drawing a frame. */

import { useEffect, useState } from 'react';
import { LevelMeter } from '../../live/audio/level';
import type { Level } from '../../live/audio/level';
import type { DeviceRig } from '../../live/rig';

export function useLevel(rig: DeviceRig, active: boolean): Level | null {
  const [level, setLevel] = useState<Level | null>(null);
  useEffect(() => {
    if (!active) return;
    const meter = new LevelMeter();
    let latest: Level | null = null;
    let request = 0;
    const draw = () => {
      request = 0;
      setLevel(latest);
    };
    const stop = rig.onFrame(({ rms, peak }) => {
      latest = meter.push(rms, peak, performance.now());
      if (request === 0) request = requestAnimationFrame(draw);
    });
    return () => {
      stop();
      cancelAnimationFrame(request);
      setLevel(null);
    };
  }, [rig, active]);
  return active ? level : null;
}
