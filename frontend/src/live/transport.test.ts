import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerMessage } from './protocol';
import { Transport } from './transport';
import type { LinkEnd, LinkState, SocketLike, Timers } from './transport';

class FakeSocket implements SocketLike {
  binaryType = '';
  readyState = 0;
  bufferedAmount = 0;
  onopen: ((ev: unknown) => void) | null = null;
  onmessage: ((ev: { data: unknown }) => void) | null = null;
  onclose: ((ev: { code: number; reason: string }) => void) | null = null;
  onerror: ((ev: unknown) => void) | null = null;
  sent: unknown[] = [];
  closedWith: number | null = null;
  readonly url: string;
  readonly protocols: string[];
  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }
  send(data: string | ArrayBufferView<ArrayBuffer>): void {
    this.sent.push(typeof data === 'string' ? (JSON.parse(data) as unknown) : data);
  }
  close(code?: number): void {
    this.closedWith = code ?? 1005;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.({});
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  drop(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code, reason: '' });
  }
}

class FakeTimers implements Timers {
  time = 0;
  private next = 1;
  private readonly due = new Map<number, { at: number; fn: () => void }>();
  set(fn: () => void, ms: number): unknown {
    this.due.set(this.next, { at: this.time + ms, fn });
    return this.next++;
  }
  clear(handle: unknown): void {
    this.due.delete(handle as number);
  }
  now(): number {
    return this.time;
  }
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const first = [...this.due.entries()].filter(([, d]) => d.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!first) break;
      this.due.delete(first[0]);
      this.time = first[1].at;
      first[1].fn();
    }
    this.time = end;
  }
  waits(): number[] {
    return [...this.due.values()].map((d) => d.at - this.time);
  }
}

const CREATED = { type: 'session.created', session_id: 's', position: 0, question_count: 3 };

let sockets: FakeSocket[];
let timers: FakeTimers;
let online: boolean;
let tellNetwork: (online: boolean) => void;
let states: [LinkState, LinkEnd | null][];
let messages: ServerMessage[];
let refused: number[];

function make(): Transport {
  return new Transport({
    url: 'ws://host/live',
    token: 'tok',
    socket: (url, protocols) => {
      const s = new FakeSocket(url, protocols);
      sockets.push(s);
      return s;
    },
    timers,
    network: {
      online: () => online,
      subscribe: (fn) => {
        tellNetwork = (on) => {
          online = on;
          fn(on);
        };
        return () => undefined;
      },
    },
    random: () => 1,
    events: {
      state: (s, end) => states.push([s, end]),
      message: (m) => messages.push(m),
      sound: () => undefined,
      refused: (n) => refused.push(n),
    },
  });
}

const last = (): FakeSocket => {
  const s = sockets[sockets.length - 1];
  if (!s) throw new Error('no socket');
  return s;
};

/* The next try, when its time has come. */
const again = () => timers.advance(Math.max(...timers.waits()));

beforeEach(() => {
  sockets = [];
  timers = new FakeTimers();
  online = true;
  states = [];
  messages = [];
  refused = [];
});

describe('connecting', () => {
  it('offers the protocol and the token', () => {
    make().start();
    expect(last().protocols).toEqual(['viva.v1', 'token.tok']);
    expect(last().binaryType).toBe('arraybuffer');
  });

  it('says false for what could not be sent', () => {
    const t = make();
    t.start();
    expect(t.send({ type: 'question.repeat' })).toBe(false);
    last().open();
    expect(t.send({ type: 'question.repeat' })).toBe(true);
    expect(t.ready()).toBe(true);
    last().bufferedAmount = 1_000_000;
    expect(t.ready()).toBe(false);
  });

  it('survives a socket that throws', () => {
    const t = new Transport({
      url: 'ws://x',
      token: 't',
      timers,
      network: { online: () => true, subscribe: () => () => undefined },
      socket: () => {
        throw new Error('insecure');
      },
      events: {
        state: (s, e) => states.push([s, e]),
        message: () => undefined,
        sound: () => undefined,
        refused: () => undefined,
      },
    });
    t.start();
    expect(states.at(-1)).toEqual(['waiting', null]);
  });
});

describe('coming back', () => {
  it('waits longer each time, up to a limit, and starts over once the server has spoken', () => {
    make().start();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      last().drop(1006);
      waits.push(Math.max(...timers.waits()));
      again();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    last().open();
    last().say(CREATED);
    last().drop(1012);
    expect(Math.max(...timers.waits())).toBe(500);
  });

  it('an open socket alone does not start the back-off over', () => {
    make().start();
    for (let i = 0; i < 3; i++) {
      last().open();
      last().drop(1013);
      again();
    }
    last().drop(1013);
    expect(Math.max(...timers.waits())).toBe(4000);
  });

  it('counts refusals, not drops', () => {
    make().start();
    last().drop(1006);
    again();
    last().drop(1006);
    again();
    last().open();
    last().drop(1006);
    expect(refused).toEqual([1, 2]);
  });

  it.each([
    [1000, 'done'],
    [4409, 'replaced'],
    [4410, 'over'],
  ] as const)('does not come back after %i', (code, end) => {
    make().start();
    last().open();
    last().drop(code);
    timers.advance(60_000);
    expect(sockets).toHaveLength(1);
    expect(states.at(-1)).toEqual(['closed', end]);
  });

  it('late events of an old socket change nothing', () => {
    const t = make();
    t.start();
    const old = last();
    old.open();
    t.restart();
    old.say(CREATED);
    old.drop(1000);
    expect(messages).toEqual([]);
    expect(states.at(-1)).toEqual(['connecting', null]);
  });
});

describe('the network', () => {
  it('does not try while offline and tries at once when online', () => {
    online = false;
    make().start();
    expect(sockets).toHaveLength(0);
    expect(states).toEqual([['offline', null]]);
    tellNetwork(true);
    expect(sockets).toHaveLength(1);
  });

  it('drops the socket when the network goes', () => {
    make().start();
    last().open();
    tellNetwork(false);
    expect(last().closedWith).toBe(4000);
    timers.advance(60_000);
    expect(sockets).toHaveLength(1);
    tellNetwork(true);
    expect(sockets).toHaveLength(2);
  });
});

describe('keeping alive', () => {
  it('a pong keeps the connection', () => {
    make().start();
    last().open();
    for (let i = 0; i < 5; i++) {
      timers.advance(10_000);
      last().say({ type: 'pong', t: 1 });
    }
    expect(sockets).toHaveLength(1);
    expect(last().sent).toHaveLength(5);
  });

  it('a missing pong abandons the socket', () => {
    make().start();
    last().open();
    timers.advance(19_000);
    expect(states.at(-1)).toEqual(['connecting', null]);
    expect(sockets).toHaveLength(2);
  });
});

describe('where packets vanish', () => {
  it('a handshake without an answer is given up and tried again', () => {
    make().start();
    timers.advance(10_000);
    expect(sockets[0]?.closedWith).toBe(4000);
    expect(refused).toEqual([1]);
    again();
    expect(sockets).toHaveLength(2);
    last().open();
    timers.advance(9_000);
    expect(last().closedWith).toBeNull();
  });

  it('a page that wakes up asks at once whether anybody is there', () => {
    make().start();
    last().open();
    tellNetwork(true);
    expect(last().sent).toHaveLength(1);
    last().say({ type: 'pong', t: 1 });
    timers.advance(5_000);
    expect(sockets).toHaveLength(1);
    tellNetwork(true);
    timers.advance(3_000);
    expect(states.at(-1)).toEqual(['waiting', null]);
    again();
    expect(sockets).toHaveLength(2);
  });
});

it('leaves for good', () => {
  const t = make();
  t.start();
  last().open();
  t.stop();
  expect(last().closedWith).toBe(1000);
  expect(states.at(-1)).toEqual(['closed', 'left']);
  t.restart();
  expect(sockets).toHaveLength(1);
});
