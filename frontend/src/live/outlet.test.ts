import { beforeEach, describe, expect, it } from 'vitest';
import { Outlet } from './outlet';
import type { ClientMessage } from './protocol';

let log: (string | number)[];
let inside: number[];
let flushed: { resolve: () => void; reject: () => void };
let give: (packet: Uint8Array) => void;
let broke: () => void;
let outlet: Outlet;

const at = (atMs: number): ClientMessage => ({ type: 'input_audio_buffer.position', answer_id: 'a', at_ms: atMs });
const done: ClientMessage = { type: 'answer.done', answer_id: 'a' };
const say = (...frames: number[]) => frames.forEach((n) => outlet.frame('opus', Int16Array.of(n)));
/** So many packets come out. */
const out = (count: number) => inside.splice(0, count).forEach((n) => give(Uint8Array.of(n)));

beforeEach(() => {
  log = [];
  inside = [];
  outlet = new Outlet({
    frame: (packed) => log.push(packed.at(-1) ?? -1),
    message: (message) => log.push('at_ms' in message ? `@${message.at_ms}` : message.type),
    encoder: (onPacket, onError) => {
      give = onPacket;
      broke = onError;
      return {
        encode: (pcm) => inside.push(pcm[0] ?? -1),
        flush: () =>
          new Promise((resolve, reject: (error: Error) => void) => {
            flushed = { resolve, reject: () => reject(new Error('closed')) };
          }),
        close: () => (inside = []),
      };
    },
    encoderBroke: () => log.push('broke'),
  });
});

describe('sound and what is said about it', () => {
  it('keep their order while the encoder is behind', () => {
    outlet.say(at(0));
    say(1, 2);
    outlet.say(at(900));
    say(3);
    expect(log).toEqual(['@0']);
    out(2);
    expect(log).toEqual(['@0', 1, 2, '@900']);
    out(1);
    expect(log).toEqual(['@0', 1, 2, '@900', 3]);
  });

  it('the end of an answer waits for the sound before it', async () => {
    say(1, 2, 3);
    outlet.sayLast(done);
    out(2);
    expect(log).toEqual([1, 2]);
    out(1);
    expect(log).toEqual([1, 2, 3, 'answer.done']);
    flushed.resolve();
    await Promise.resolve();
    expect(log).toHaveLength(4);
  });

  it('an encoder that kept a frame back holds up nobody', async () => {
    say(1, 2);
    outlet.sayLast(done);
    out(1);
    flushed.resolve();
    await Promise.resolve();
    expect(log).toEqual([1, 'answer.done']);
  });

  it('without an encoder nothing waits', () => {
    outlet.say(at(0));
    outlet.frame('pcm16', Int16Array.of(0x0700));
    outlet.sayLast(done);
    expect(log).toEqual(['@0', 7, 'answer.done']);
  });

  it('an encoder that is a second behind gets no more for now', () => {
    say(...Array.from({ length: 50 }, (_, i) => i));
    expect(outlet.ready()).toBe(false);
    out(1);
    expect(outlet.ready()).toBe(true);
  });

  it('with a new connection what was on its way is void', async () => {
    say(1);
    outlet.sayLast(done);
    const old = flushed;
    outlet.begin();
    old.reject();
    await Promise.resolve();
    say(2);
    outlet.say(at(5));
    out(1);
    expect(log).toEqual([2, '@5']);
  });

  it('an encoder that breaks says so', () => {
    say(1);
    broke();
    expect(log).toEqual(['broke']);
  });
});
