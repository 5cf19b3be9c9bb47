/* Camera and microphone of one interview. One getUserMedia for the whole session (on Safari a second one can end the first
 * stream's tracks), so changing a device replaces the stream as a whole. Failures come back as words of ours, not as
 * exceptions: each has its own message and its own way out in the page. */

import { widthOf } from '../picture';
import type { Picture } from '../picture';

export type DeviceProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'failed' | 'off';
export type DeviceState = 'on' | DeviceProblem;

export interface MediaWish {
  camera: boolean;
  microphone: boolean;
  lines: Picture['lines'];
  cameraId?: string;
  microphoneId?: string;
}

/** Whether the browser takes the loudspeaker's sound out of the microphone's; unknown where it does not say. */
export type EchoState = 'cancelled' | 'kept' | 'unknown';

export interface MediaResult {
  stream: MediaStream | null;
  camera: DeviceState;
  microphone: DeviceState;
  echo: EchoState;
}

export interface DeviceList {
  cameras: MediaDeviceInfo[];
  microphones: MediaDeviceInfo[];
}

export type MediaDevicesLike = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

export interface MediaEvents {
  /** A track ended by itself: unplugged, revoked, or taken by another programme. */
  lost(kind: 'camera' | 'microphone'): void;
  /** Something was plugged in or out. */
  devices(): void;
}

export function classify(error: unknown): DeviceProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      return 'denied';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'busy';
    case 'SecurityError':
      return 'insecure';
    default:
      return 'failed';
  }
}

const sizeOf = (lines: Picture['lines']) => ({ width: { ideal: widthOf(lines) }, height: { ideal: lines } });

/* Without echo cancellation the interviewer's own voice comes back as the candidate's: it is a condition, and where a
 * microphone cannot meet it, that is said. */
function constraints(wish: MediaWish, echo: ConstrainBoolean): MediaStreamConstraints {
  const audio: MediaTrackConstraints = {
    echoCancellation: echo,
    noiseSuppression: true,
    autoGainControl: true,
    channelCount: { ideal: 1 },
  };
  if (wish.microphoneId) audio.deviceId = { ideal: wish.microphoneId };
  const video: MediaTrackConstraints = {
    ...sizeOf(wish.lines),
    frameRate: { ideal: 24, max: 30 },
    facingMode: 'user',
  };
  if (wish.cameraId) {
    delete video.facingMode;
    video.deviceId = { ideal: wish.cameraId };
  }
  return { audio: wish.microphone ? audio : false, video: wish.camera ? video : false };
}

/** Browsers hand out no devices at all on a page that is neither https nor localhost. */
function browserDevices(): MediaDevicesLike | null {
  return typeof navigator !== 'undefined' && 'mediaDevices' in navigator ? navigator.mediaDevices : null;
}

const nothing = (camera: DeviceState, microphone: DeviceState): MediaResult => ({
  stream: null,
  camera,
  microphone,
  echo: 'unknown',
});

function echoOf(stream: MediaStream): EchoState {
  const cancels = stream.getAudioTracks()[0]?.getSettings().echoCancellation as unknown;
  if (cancels === undefined) return 'unknown';
  return cancels === false ? 'kept' : 'cancelled'; /* newer browsers name the kind: "all", "remote-only" */
}

export class MediaSession {
  private readonly devicesApi: MediaDevicesLike | null;
  private readonly events: MediaEvents;
  private current: MediaStream | null = null;
  private readonly onDeviceChange = () => this.events.devices();

  constructor(events: MediaEvents, devices: MediaDevicesLike | null = browserDevices()) {
    this.events = events;
    this.devicesApi = devices;
  }

  get stream(): MediaStream | null {
    return this.current;
  }

  /** Asks for what is wished and settles for what there is: without the camera, or with nothing at all. */
  async acquire(wish: MediaWish): Promise<MediaResult> {
    this.release();
    const off = (wanted: boolean, problem: DeviceProblem): DeviceState => (wanted ? problem : 'off');
    this.devicesApi?.addEventListener('devicechange', this.onDeviceChange);
    if (!this.devicesApi) return nothing(off(wish.camera, 'insecure'), off(wish.microphone, 'insecure'));
    if (!wish.camera && !wish.microphone) return nothing('off', 'off');
    const both = await this.ask(wish);
    if (both.stream) return this.keep(both.stream, wish, 'missing');
    if (!wish.camera || !wish.microphone)
      return nothing(off(wish.camera, both.problem), off(wish.microphone, both.problem));
    const sound = await this.ask({ ...wish, camera: false });
    if (sound.stream) return this.keep(sound.stream, wish, both.problem);
    return nothing(both.problem, sound.problem);
  }

  /** Muted means muted everywhere: what is heard live and what is recorded. */
  setMuted(muted: boolean): void {
    for (const track of this.current?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /** The camera's light goes out; the microphone runs on, without another question to the browser. */
  dropCamera(): void {
    for (const track of this.current?.getVideoTracks() ?? []) {
      track.onended = null;
      track.stop();
      this.current?.removeTrack(track);
    }
  }

  /** Another size of the picture that there is. A camera that cannot keeps its own. */
  resize(lines: Picture['lines']): void {
    for (const track of this.current?.getVideoTracks() ?? [])
      track.applyConstraints({ ...track.getConstraints(), ...sizeOf(lines) }).catch(() => undefined);
  }

  async list(): Promise<DeviceList> {
    const all = (await this.devicesApi?.enumerateDevices().catch(() => [])) ?? [];
    const real = all.filter((d) => d.deviceId !== '');
    return {
      cameras: real.filter((d) => d.kind === 'videoinput'),
      microphones: real.filter((d) => d.kind === 'audioinput'),
    };
  }

  /** Gives the devices back; the lights go out. */
  release(): void {
    for (const track of this.current?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.current = null;
  }

  dispose(): void {
    this.release();
    this.devicesApi?.removeEventListener('devicechange', this.onDeviceChange);
  }

  private async ask(
    wish: MediaWish,
  ): Promise<{ stream: MediaStream; problem: 'failed' } | { stream: null; problem: DeviceProblem }> {
    try {
      const stream = await this.getUserMedia(wish);
      return stream ? { stream, problem: 'failed' } : { stream: null, problem: 'insecure' };
    } catch (error) {
      return { stream: null, problem: classify(error) };
    }
  }

  private async getUserMedia(wish: MediaWish): Promise<MediaStream | undefined> {
    try {
      return await this.devicesApi?.getUserMedia(constraints(wish, { exact: true }));
    } catch (error) {
      if ((error as { name?: unknown }).name !== 'OverconstrainedError' || !wish.microphone) throw error;
      return await this.devicesApi?.getUserMedia(constraints(wish, true));
    }
  }

  private keep(stream: MediaStream, wish: MediaWish, cameraProblem: DeviceProblem): MediaResult {
    this.current = stream;
    for (const track of stream.getTracks())
      track.onended = () => {
        if (this.current === stream) this.events.lost(track.kind === 'video' ? 'camera' : 'microphone');
      };
    const camera = stream.getVideoTracks().length > 0 ? 'on' : wish.camera ? cameraProblem : 'off';
    const microphone = stream.getAudioTracks().length > 0 ? 'on' : wish.microphone ? 'missing' : 'off';
    return { stream, camera, microphone, echo: echoOf(stream) };
  }
}
