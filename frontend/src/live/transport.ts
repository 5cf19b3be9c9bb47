/* The WebSocket of a live interview: opens, keeps alive, and comes back by itself. It knows frames and close codes, nothing of
 * interviews. Everything it touches (socket, timers, network state) is handed in, so that tests need neither time nor network. */

import { Backoff } from './backoff';
import { PROTOCOL, parseMessage, parseSound } from './protocol';
import type { ClientMessage, ServerMessage, SoundFrame } from './protocol';

export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((ev: unknown) => void) | null;
  onmessage: ((ev: { data: unknown }) => void) | null;
  onclose: ((ev: { code: number; reason: string }) => void) | null;
  onerror: ((ev: unknown) => void) | null;
  send(data: string | ArrayBufferView<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export interface Timers {
  set(fn: () => void, ms: number): unknown;
  clear(handle: unknown): void;
  now(): number;
}

export interface Network {
  online(): boolean;
  /** Told also when the page wakes up: what was connected before may be long gone. */
  subscribe(fn: (online: boolean) => void): () => void;
}

export type LinkState = 'connecting' | 'open' | 'waiting' | 'offline' | 'closed';
/** Why the connection will not come back. */
export type LinkEnd = 'done' | 'token' | 'replaced' | 'over' | 'left';

export interface TransportEvents {
  state(state: LinkState, end: LinkEnd | null): void;
  message(message: ServerMessage): void;
  sound(frame: SoundFrame): void;
  /** A try failed before it opened: browsers do not say why, so the owner may ask over HTTP. */
  refused(tries: number): void;
}

export interface TransportOptions {
  url: string;
  token: string;
  events: TransportEvents;
  socket?: (url: string, protocols: string[]) => SocketLike;
  timers?: Timers;
  network?: Network;
  random?: () => number;
  pingMs?: number;
  pongMs?: number;
  openMs?: number;
  wakeMs?: number;
}

export const realTimers: Timers = {
  set: (fn, ms) => setTimeout(fn, ms),
  clear: (handle) => {
    clearTimeout(handle as ReturnType<typeof setTimeout>);
  },
  now: () => performance.now(),
};

export const browserNetwork: Network = {
  online: () => navigator.onLine,
  subscribe(fn) {
    const on = () => {
      fn(true);
    };
    const off = () => {
      fn(false);
    };
    const woken = () => {
      if (!document.hidden && navigator.onLine) fn(true);
    };
    addEventListener('online', on);
    addEventListener('offline', off);
    document.addEventListener('visibilitychange', woken);
    document.addEventListener('resume', woken);
    return () => {
      removeEventListener('online', on);
      removeEventListener('offline', off);
      document.removeEventListener('visibilitychange', woken);
      document.removeEventListener('resume', woken);
    };
  },
};

const OPEN = 1;
/* Above this many unsent bytes no more sound is given to the socket: what waits outside can still be sent by another one. */
const CONGESTED_BYTES = 128 * 1024;

const FINAL: Record<number, LinkEnd> = { 1000: 'done', 4409: 'replaced', 4410: 'over' };

export class Transport {
  private readonly options: Required<TransportOptions>;
  private readonly backoff: Backoff;
  private socket: SocketLike | null = null;
  private opened = false;
  private ended = false;
  private retry: unknown = null;
  private opening: unknown = null;
  private beat: unknown = null;
  private pongTimer: unknown = null;
  private unsubscribe: (() => void) | null = null;
  private refusals = 0;

  constructor(options: TransportOptions) {
    this.options = {
      socket: (url, protocols) => new WebSocket(url, protocols) as unknown as SocketLike,
      timers: realTimers,
      network: browserNetwork,
      random: Math.random,
      pingMs: 10_000,
      pongMs: 8_000,
      openMs: 10_000,
      wakeMs: 3_000,
      ...options,
    };
    this.backoff = new Backoff({ minMs: 500, maxMs: 15_000, random: this.options.random });
  }

  start(): void {
    if (this.unsubscribe || this.ended) return;
    this.unsubscribe = this.options.network.subscribe((online) => {
      this.networkChanged(online);
    });
    this.connect();
  }

  /** Leaves for good. */
  stop(): void {
    this.finish('left');
  }

  /** A new connection at once, in place of the one there is. */
  restart(): void {
    if (this.ended) return;
    const socket = this.socket;
    this.drop();
    socket?.close(4000, 'restart');
    this.connect();
  }

  get isOpen(): boolean {
    return this.opened && this.socket?.readyState === OPEN;
  }

  /** False when there is no open socket: the caller decides what must be said again after a reconnect. */
  send(message: ClientMessage): boolean {
    if (!this.isOpen || !this.socket) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** More sound can be sent just now. What cannot waits with whoever has it. */
  ready(): boolean {
    return this.isOpen && this.socket !== null && this.socket.bufferedAmount <= CONGESTED_BYTES;
  }

  sendFrame(frame: Uint8Array<ArrayBuffer>): boolean {
    if (!this.isOpen || !this.socket) return false;
    this.socket.send(frame);
    return true;
  }

  private connect(): void {
    const { timers, network, events } = this.options;
    timers.clear(this.retry);
    this.retry = null;
    if (!network.online()) {
      events.state('offline', null);
      return;
    }
    events.state('connecting', null);
    let socket: SocketLike;
    try {
      socket = this.options.socket(this.options.url, [PROTOCOL, `token.${this.options.token}`]);
    } catch {
      this.scheduleRetry();
      return;
    }
    this.socket = socket;
    this.opened = false;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.handleOpen(socket);
    };
    socket.onmessage = (ev) => {
      this.handleData(socket, ev.data);
    };
    socket.onclose = (ev) => {
      this.handleClose(socket, ev.code);
    };
    socket.onerror = null; /* a close always follows */
    /* Where packets vanish a handshake never fails: the browser would wait for minutes, and longer than the network is gone. */
    this.opening = this.options.timers.set(() => {
      if (socket !== this.socket) return;
      this.handleClose(socket, 1006);
      socket.close(4000, 'no answer');
    }, this.options.openMs);
  }

  private handleOpen(socket: SocketLike): void {
    if (socket !== this.socket) return;
    this.opened = true;
    this.options.timers.clear(this.opening);
    this.opening = null;
    this.refusals = 0;
    this.options.events.state('open', null);
    this.scheduleBeat();
  }

  private handleData(socket: SocketLike, data: unknown): void {
    if (socket !== this.socket) return;
    if (data instanceof ArrayBuffer) {
      const frame = parseSound(data);
      if (frame) this.options.events.sound(frame);
      return;
    }
    if (typeof data !== 'string') return;
    const message = parseMessage(data);
    if (!message) return;
    if (message.type === 'pong') {
      this.options.timers.clear(this.pongTimer);
      this.pongTimer = null;
      return;
    }
    if (message.type === 'session.created') this.backoff.reset(); /* open alone is not proof of a healthy server */
    this.options.events.message(message);
  }

  private handleClose(socket: SocketLike, code: number): void {
    if (socket !== this.socket) return;
    const wasOpen = this.opened;
    this.drop();
    const end = FINAL[code];
    if (end) {
      this.finish(end);
      return;
    }
    if (!wasOpen) {
      this.refusals += 1;
      this.options.events.refused(this.refusals);
    }
    if (!this.ended) this.scheduleRetry();
  }

  private scheduleRetry(): void {
    const { timers, network, events } = this.options;
    if (!network.online()) {
      events.state('offline', null);
      return;
    }
    events.state('waiting', null);
    this.retry = timers.set(() => {
      this.connect();
    }, this.backoff.next());
  }

  private networkChanged(online: boolean): void {
    if (this.ended) return;
    if (!online) {
      /* The socket may not notice for minutes. */
      const socket = this.socket;
      this.drop();
      socket?.close(4000, 'offline');
      this.options.timers.clear(this.retry);
      this.options.events.state('offline', null);
    } else if (!this.socket) {
      this.backoff.reset();
      this.connect();
    } else {
      this.ask(this.options.wakeMs);
    }
  }

  private scheduleBeat(): void {
    const { timers, pingMs, pongMs } = this.options;
    timers.clear(this.beat);
    this.beat = timers.set(() => {
      if (!this.isOpen) return;
      if (this.pongTimer === null) this.ask(pongMs);
      this.scheduleBeat();
    }, pingMs);
  }

  /* Is anybody there? */
  private ask(withinMs: number): void {
    const { timers } = this.options;
    if (!this.send({ type: 'ping', t: Math.round(timers.now()) })) return;
    timers.clear(this.pongTimer);
    this.pongTimer = timers.set(() => {
      this.pongTimer = null;
      this.stalled();
    }, withinMs);
  }

  /* No pong: the connection is half open. Closing would wait for the other side, so the socket is abandoned. */
  private stalled(): void {
    const socket = this.socket;
    if (!socket) return;
    this.drop();
    socket.close(4000, 'no pong');
    this.scheduleRetry();
  }

  private drop(): void {
    const { timers } = this.options;
    timers.clear(this.beat);
    timers.clear(this.pongTimer);
    timers.clear(this.opening);
    this.opening = null;
    this.beat = null;
    this.pongTimer = null;
    this.socket = null;
    this.opened = false;
  }

  private finish(end: LinkEnd): void {
    if (this.ended) return;
    this.ended = true;
    const socket = this.socket;
    this.drop();
    socket?.close(1000);
    this.options.timers.clear(this.retry);
    this.unsubscribe?.();
    this.options.events.state('closed', end);
  }
}
