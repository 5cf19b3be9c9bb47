/* The candidate's devices, from the device check to the end of the interview: one stream, one AudioContext, one microphone
 * line. Framework-free; a page reads state() and subscribes. */

import { openCapture } from './audio/capture';
import type { Capture, CapturedFrame } from './audio/capture';
import { openSound } from './audio/context';
import type { SoundContext } from './audio/context';
import { MediaSession } from './audio/media';
import type { DeviceList, DeviceState, EchoState, MediaDevicesLike, MediaWish } from './audio/media';
import { pictureFor } from './picture';
import type { Picture } from './picture';

export interface RigState {
  asking: boolean;
  stream: MediaStream | null;
  camera: DeviceState;
  microphone: DeviceState;
  echo: EchoState;
  devices: DeviceList;
  cameraId: string;
  microphoneId: string;
  /** Sound is allowed to play; false means "Tap to continue". */
  running: boolean;
  /** The browser has a microphone but cannot bring its sound to us. */
  captureBroken: boolean;
}

export interface RigPorts {
  devices?: MediaDevicesLike | null;
  openSound?: () => SoundContext | null;
  openCapture?: (ctx: AudioContext, onFrame: (frame: CapturedFrame) => void) => Promise<Capture>;
}

const settingsId = (stream: MediaStream | null, kind: 'audio' | 'video'): string => {
  const tracks = kind === 'audio' ? stream?.getAudioTracks() : stream?.getVideoTracks();
  return tracks?.[0]?.getSettings().deviceId ?? '';
};

export class DeviceRig {
  private readonly media: MediaSession;
  private readonly ports: RigPorts;
  private soundContext: SoundContext | null = null;
  private capture: Capture | null = null;
  private unwatch: () => void = () => undefined;
  private pictureNow = pictureFor(null);
  private wish: MediaWish = { camera: true, microphone: true, lines: this.pictureNow.lines };
  private turn = 0;
  private muted = false;
  private current: RigState = {
    asking: false,
    stream: null,
    camera: 'off',
    microphone: 'off',
    echo: 'unknown',
    devices: { cameras: [], microphones: [] },
    cameraId: '',
    microphoneId: '',
    running: false,
    captureBroken: false,
  };
  private readonly listeners = new Set<() => void>();
  private readonly frameListeners = new Set<(frame: CapturedFrame) => void>();
  private readonly lossListeners = new Set<(kind: 'camera' | 'microphone') => void>();

  constructor(ports: RigPorts = {}) {
    this.ports = ports;
    const events = {
      lost: (kind: 'camera' | 'microphone') => this.lost(kind),
      devices: () => void this.devicesChanged(),
    };
    this.media = 'devices' in ports ? new MediaSession(events, ports.devices) : new MediaSession(events);
  }

  state(): RigState {
    return this.current;
  }

  subscribe(fn: () => void): () => void {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  onFrame(fn: (frame: CapturedFrame) => void): () => void {
    this.frameListeners.add(fn);
    return () => this.frameListeners.delete(fn);
  }

  onLost(fn: (kind: 'camera' | 'microphone') => void): () => void {
    this.lossListeners.add(fn);
    return () => this.lossListeners.delete(fn);
  }

  get sound(): SoundContext | null {
    return this.soundContext;
  }

  /** Opens what is wished and what can be had. Call it from a gesture: the sound context begins in it. */
  async open(wish: Partial<MediaWish> = {}): Promise<RigState> {
    const turn = ++this.turn;
    this.wish = { ...this.wish, ...wish };
    this.openContext();
    this.set({ asking: true });
    const { lines } = this.wish;
    const got = await this.media.acquire(this.wish);
    if (turn !== this.turn) return this.current; /* asked again meanwhile: the later answer counts */
    if (lines !== this.wish.lines) this.media.resize(this.wish.lines);
    if (this.muted) this.media.setMuted(true);
    const devices = await this.media.list();
    if (turn !== this.turn) return this.current;
    await this.connect(got.stream);
    this.set({
      ...got,
      devices,
      asking: false,
      cameraId: settingsId(got.stream, 'video'),
      microphoneId: settingsId(got.stream, 'audio'),
    });
    return this.current;
  }

  /** From a gesture: sound that the browser held back begins. */
  wake(): void {
    this.openContext();
    this.soundContext?.wake();
  }

  /** What is recorded of the picture. */
  get picture(): Picture {
    return this.pictureNow;
  }

  /** How fast this connection sends, in kbit/s; null: not known. The picture becomes as large as it carries. */
  setUplink(kbits: number | null): void {
    this.pictureNow = pictureFor(kbits);
    const { lines } = this.pictureNow;
    if (lines === this.wish.lines) return;
    this.wish = { ...this.wish, lines };
    this.media.resize(lines);
  }

  /** Sound only from here on; `open({ camera: true })` takes it back. */
  cameraOff(): void {
    this.wish = { ...this.wish, camera: false };
    this.media.dropCamera();
    if (this.current.camera !== 'off') this.set({ camera: 'off', cameraId: '' });
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.media.setMuted(muted);
  }

  /** Lights out. The rig can be opened again. */
  close(): void {
    this.turn += 1;
    this.capture?.close();
    this.capture = null;
    this.media.dispose();
    this.unwatch();
    this.soundContext?.close();
    this.soundContext = null;
    this.set({ stream: null, camera: 'off', microphone: 'off', asking: false, running: false });
  }

  private openContext(): void {
    if (this.soundContext) {
      this.soundContext.wake();
      return;
    }
    this.soundContext = (this.ports.openSound ?? openSound)();
    this.soundContext?.wake();
    this.unwatch = this.soundContext?.watch((running) => this.set({ running })) ?? (() => undefined);
  }

  private async connect(stream: MediaStream | null): Promise<void> {
    if (!this.soundContext) return;
    const hasSound = (stream?.getAudioTracks().length ?? 0) > 0;
    if (!this.capture && hasSound) {
      try {
        this.capture = await (this.ports.openCapture ?? openCapture)(this.soundContext.ctx, (frame) => {
          for (const fn of this.frameListeners) fn(frame);
        });
        this.set({ captureBroken: false });
      } catch {
        this.set({ captureBroken: true });
      }
    }
    this.capture?.connect(stream);
  }

  private lost(kind: 'camera' | 'microphone'): void {
    this.set({ [kind]: 'missing' });
    void this.media.list().then((devices) => this.set({ devices })); /* what else there is to go on with */
    for (const fn of this.lossListeners) fn(kind);
  }

  /* Plugged in again: what was lost comes back without being asked for. Another device is the candidate's to choose. */
  private async devicesChanged(): Promise<void> {
    const devices = await this.media.list();
    this.set({ devices });
    const { microphone, camera, asking, microphoneId, cameraId } = this.current;
    const back = (state: DeviceState, list: MediaDeviceInfo[], id: string) =>
      state === 'missing' && list.some((d) => id === '' || d.deviceId === id);
    const canHelp =
      back(microphone, devices.microphones, microphoneId) ||
      (this.wish.camera && back(camera, devices.cameras, cameraId));
    if (canHelp && !asking && this.soundContext) await this.open();
  }

  private set(change: Partial<RigState>): void {
    this.current = { ...this.current, ...change };
    for (const fn of this.listeners) fn();
  }
}
