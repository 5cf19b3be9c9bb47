import { beforeEach, describe, expect, it } from 'vitest';
import type { Capture } from './audio/capture';
import type { SoundContext } from './audio/context';
import type { MediaDevicesLike } from './audio/media';
import { classify } from './audio/media';
import { DeviceRig } from './rig';

class FakeTrack {
  enabled = true;
  readyState = 'live';
  stopped = false;
  onended: (() => void) | null = null;
  echo: boolean | undefined = undefined;
  readonly kind: 'audio' | 'video';
  readonly deviceId: string;
  constructor(kind: 'audio' | 'video') {
    this.kind = kind;
    this.deviceId = `${kind}-1`;
  }
  stop(): void {
    this.stopped = true;
  }
  sizes: unknown[] = [];
  getConstraints() {
    return { frameRate: 24 };
  }
  applyConstraints(wanted: MediaTrackConstraints) {
    this.sizes.push(wanted.height, wanted.frameRate);
    return Promise.reject(new DOMException('fixed', 'OverconstrainedError'));
  }
  getSettings() {
    return { deviceId: this.deviceId, echoCancellation: this.echo };
  }
}

class FakeStream {
  tracks: FakeTrack[];
  constructor(tracks: FakeTrack[]) {
    this.tracks = tracks;
  }
  getTracks = () => this.tracks;
  removeTrack = (track: FakeTrack) => {
    this.tracks = this.tracks.filter((t) => t !== track);
  };
  getAudioTracks = () => this.tracks.filter((t) => t.kind === 'audio');
  getVideoTracks = () => this.tracks.filter((t) => t.kind === 'video');
}

class FakeDevices {
  asked: MediaStreamConstraints[] = [];
  plan: (c: MediaStreamConstraints) => FakeStream | string = (c) =>
    new FakeStream([...(c.audio ? [new FakeTrack('audio')] : []), ...(c.video ? [new FakeTrack('video')] : [])]);
  listed: { kind: string; deviceId: string; label: string }[] = [];
  listeners = new Set<() => void>();
  streams: FakeStream[] = [];
  getUserMedia = (c: MediaStreamConstraints) => {
    this.asked.push(c);
    const got = this.plan(c);
    if (typeof got === 'string') return Promise.reject(new DOMException(got, got));
    this.streams.push(got);
    return Promise.resolve(got);
  };
  enumerateDevices = () => Promise.resolve(this.listed);
  addEventListener = (_: string, fn: () => void) => this.listeners.add(fn);
  removeEventListener = (_: string, fn: () => void) => this.listeners.delete(fn);
  changed(): void {
    for (const fn of this.listeners) fn();
  }
}

let devices: FakeDevices;
let connected: (FakeStream | null)[];
let running: ((on: boolean) => void)[];
let woken: number;
let captureFails: boolean;

function rig(): DeviceRig {
  return new DeviceRig({
    devices: devices as unknown as MediaDevicesLike,
    openSound: () =>
      ({
        ctx: {},
        wake: () => woken++,
        watch: (fn: (on: boolean) => void) => {
          running.push(fn);
          fn(true);
          return () => undefined;
        },
        close: () => undefined,
      }) as unknown as SoundContext,
    openCapture: (): Promise<Capture> =>
      captureFails
        ? Promise.reject(new Error('no worklet'))
        : Promise.resolve({
            connect: (s) => connected.push(s as unknown as FakeStream | null),
            close: () => undefined,
          }),
  });
}

const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

beforeEach(() => {
  devices = new FakeDevices();
  connected = [];
  running = [];
  woken = 0;
  captureFails = false;
});

describe('asking', () => {
  it('asks once for both', async () => {
    const state = await rig().open();
    expect(devices.asked).toHaveLength(1);
    expect(state).toMatchObject({ camera: 'on', microphone: 'on', cameraId: 'video-1', microphoneId: 'audio-1' });
    expect(connected).toHaveLength(1);
  });

  it('goes on with sound only when the camera is in use', async () => {
    devices.plan = (c) => (c.video ? 'NotReadableError' : new FakeStream([new FakeTrack('audio')]));
    const state = await rig().open();
    expect(state).toMatchObject({ camera: 'busy', microphone: 'on' });
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['SecurityError', 'insecure'],
    ['TypeError', 'failed'],
  ] as const)('%s is told as %s', async (name, problem) => {
    devices.plan = () => name;
    const state = await rig().open();
    expect(state).toMatchObject({ camera: problem, microphone: problem, stream: null, asking: false });
  });

  it('a page without https has no devices and says so', async () => {
    const r = new DeviceRig({ devices: null, openSound: () => null });
    expect(await r.open()).toMatchObject({ camera: 'insecure', microphone: 'insecure' });
  });

  it('after a refusal a second try can succeed', async () => {
    const r = rig();
    devices.plan = () => 'NotAllowedError';
    await r.open();
    devices.plan = new FakeDevices().plan;
    expect(await r.open()).toMatchObject({ microphone: 'on' });
  });

  it('a worklet that does not load is a microphone that does not work', async () => {
    captureFails = true;
    expect(await rig().open()).toMatchObject({ microphone: 'on', captureBroken: true });
  });

  it('the later of two questions counts', async () => {
    const r = rig();
    const [, second] = await Promise.all([r.open(), r.open({ camera: false })]);
    expect(second.camera).toBe('off');
    expect(r.state().camera).toBe('off');
  });
});

describe('while it runs', () => {
  it('changing a device ends the old stream: one at a time', async () => {
    const r = rig();
    await r.open();
    await r.open({ microphoneId: 'other' });
    expect(devices.streams[0]?.tracks.every((t) => t.stopped)).toBe(true);
    expect(connected).toHaveLength(2);
  });

  it('an unplugged microphone is told, and comes back when it is plugged in', async () => {
    const r = rig();
    await r.open();
    const lost: string[] = [];
    r.onLost((kind) => lost.push(kind));
    devices.streams[0]?.getAudioTracks()[0]?.onended?.();
    expect(lost).toEqual(['microphone']);
    expect(r.state().microphone).toBe('missing');
    devices.changed();
    await settle();
    expect(r.state().microphone).toBe('missing'); /* nothing there yet */
    devices.listed = [{ kind: 'audioinput', deviceId: 'audio-1', label: 'Headset' }];
    devices.changed();
    await settle();
    expect(r.state().microphone).toBe('on');
    expect(devices.asked).toHaveLength(2);
  });

  it('another microphone is offered, and taken only when it is chosen', async () => {
    const r = rig();
    await r.open();
    devices.listed = [{ kind: 'audioinput', deviceId: 'built-in', label: 'Built-in' }];
    devices.streams[0]?.getAudioTracks()[0]?.onended?.();
    devices.changed();
    await settle();
    expect(r.state().microphone).toBe('missing');
    expect(r.state().devices.microphones.map((d) => d.label)).toEqual(['Built-in']);
    expect(devices.asked).toHaveLength(1);
    await r.open({ microphone: true, microphoneId: 'built-in' });
    expect(r.state().microphone).toBe('on');
    expect(devices.asked[1]).toMatchObject({ audio: { deviceId: { ideal: 'built-in' } } });
  });

  it('echo cancellation is a condition; where it cannot be met, that is known and the microphone is taken as it is', async () => {
    const r = rig();
    expect((await r.open()).echo).toBe('unknown'); /* the browser does not say */
    expect(devices.asked[0]).toMatchObject({ audio: { echoCancellation: { exact: true } } });
    devices.plan = (c) => {
      const { echoCancellation } = c.audio as MediaTrackConstraints;
      if (typeof echoCancellation === 'object') return 'OverconstrainedError';
      const track = new FakeTrack('audio');
      track.echo = false;
      return new FakeStream([track]);
    };
    expect(await r.open()).toMatchObject({ microphone: 'on', echo: 'kept' });
  });

  it('a stream that we ended ourselves is not lost', async () => {
    const r = rig();
    await r.open();
    const track = devices.streams[0]?.getAudioTracks()[0];
    r.close();
    track?.onended?.();
    expect(r.state().microphone).toBe('off');
    expect(track?.stopped).toBe(true);
  });

  it('mute holds over a change of device', async () => {
    const r = rig();
    await r.open();
    r.setMuted(true);
    expect(devices.streams[0]?.getAudioTracks()[0]?.enabled).toBe(false);
    await r.open({ microphoneId: 'other' });
    expect(devices.streams[1]?.getAudioTracks()[0]?.enabled).toBe(false);
  });

  it('sound that was interrupted is known', async () => {
    const r = rig();
    await r.open();
    running[0]?.(false);
    expect(r.state().running).toBe(false);
    r.wake();
    expect(woken).toBeGreaterThan(1);
  });
});

it('what is no exception of devices is a plain failure', () => {
  expect(classify('nonsense')).toBe('failed');
});

describe('the picture', () => {
  const lines = (c: MediaStreamConstraints | undefined) => (c?.video as MediaTrackConstraints | undefined)?.height;

  it('is asked for small, and grows with the connection on the stream that runs', async () => {
    const r = rig();
    const { stream } = await r.open();
    expect(lines(devices.asked[0])).toEqual({ ideal: 360 });
    const [video] = (stream as unknown as FakeStream).getVideoTracks();
    r.setUplink(5000);
    r.setUplink(6000);
    expect(video?.sizes).toEqual([{ ideal: 480 }, 24]);
    expect(r.picture).toEqual({ lines: 480, bits: 600_000 });
    await r.open({ cameraId: 'other' });
    expect(lines(devices.asked[1])).toEqual({ ideal: 480 });
    r.setUplink(400);
    expect(r.picture).toEqual({ lines: 360, bits: 240_000 });
    expect(r.state().camera).toBe('on');
  });

  it('is as wished when the connection was measured while the browser asked', async () => {
    const r = rig();
    const opening = r.open();
    r.setUplink(5000);
    const { stream } = await opening;
    expect((stream as unknown as FakeStream).getVideoTracks()[0]?.sizes).toEqual([{ ideal: 480 }, 24]);
  });
});

describe('sound only', () => {
  it('puts the camera out without asking again, and leaves the microphone alone', async () => {
    const r = rig();
    const { stream } = await r.open();
    const [video] = (stream as unknown as FakeStream).getVideoTracks();
    r.cameraOff();
    expect(video?.stopped).toBe(true);
    expect(devices.asked).toHaveLength(1);
    expect(r.state()).toMatchObject({ camera: 'off', microphone: 'on', stream });
    expect(stream?.getVideoTracks()).toHaveLength(0);
  });

  it('is taken back by asking for the camera', async () => {
    const r = rig();
    await r.open();
    r.cameraOff();
    expect(await r.open({ camera: true })).toMatchObject({ camera: 'on', microphone: 'on' });
  });
});
