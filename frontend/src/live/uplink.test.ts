import { beforeEach, describe, expect, it } from 'vitest';
import { Uplink } from './uplink';

const A = 'answer-a';
let log: (string | number)[];
let ready: boolean;
let uplink: Uplink;
let elapsed: number;
let count: number;

/** So many frames are said, one after the other; each is known by its number. */
function say(frames: number): void {
  for (let i = 0; i < frames; i++) {
    elapsed += 20;
    uplink.push(Int16Array.of(count++), elapsed);
    uplink.pump();
  }
}
const sent = () => log.filter((x) => typeof x === 'number');
const run = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

beforeEach(() => {
  log = [];
  ready = true;
  elapsed = 0;
  count = 0;
  uplink = new Uplink({
    ready: () => ready,
    position: (id, at) => log.push(`${id}@${at}`),
    frame: (pcm) => log.push(pcm[0] ?? -1),
  });
  uplink.connected();
  uplink.begin(A, 0);
});

describe('while connected', () => {
  it('says once where the sound begins, and sends each frame once', () => {
    say(5);
    expect(log).toEqual(['answer-a@0', 0, 1, 2, 3, 4]);
  });

  it('what the connection cannot take waits, and follows faster than it was said', () => {
    say(2);
    ready = false;
    say(50);
    expect(sent()).toHaveLength(2);
    ready = true;
    say(8);
    expect(sent()).toEqual(run(0, 60));
    expect(log.filter((x) => typeof x === 'string')).toHaveLength(1);
  });

  it('what the microphone took while the interviewer spoke again is not sent afterwards', () => {
    ready = false;
    say(10);
    ready = true;
    uplink.begin(A, 100);
    say(1);
    expect(log).toEqual(['answer-a@200', 10]);
  });
});

describe('after a drop', () => {
  it('goes on from where the server heard us last, without a gap', () => {
    say(100); /* the last 30 of them never arrived */
    ready = false;
    say(200);
    log = [];
    ready = true;
    uplink.connected();
    uplink.begin(A, 1400);
    say(40);
    expect(log[0]).toBe('answer-a@1400');
    expect(sent()).toEqual(run(70, 340));
    expect(log.filter((x) => typeof x === 'string')).toHaveLength(1);
  });

  it('keeps half a minute; what is older is missing at its place', () => {
    ready = false;
    say(3000);
    ready = true;
    uplink.connected();
    uplink.begin(A, 0);
    say(1);
    expect(log.slice(0, 2)).toEqual(['answer-a@30020', 1501]);
    expect(uplink.pending()).toBe(1500 - 8);
  });

  it('sends nothing again that was heard', () => {
    say(10);
    uplink.connected();
    uplink.begin(A, 200);
    say(1);
    expect(sent()).toEqual(run(0, 11));
  });

  it('another answer begins with nothing', () => {
    ready = false;
    say(10);
    ready = true;
    uplink.connected();
    uplink.begin('answer-b', 0);
    elapsed = 0;
    say(1);
    expect(log).toEqual(['answer-b@0', 10]);
  });
});

describe('the clock', () => {
  it('frames that come late but all of them stay where they are', () => {
    say(10);
    for (let i = 0; i < 150; i++) uplink.push(Int16Array.of(count++), elapsed + 3000);
    elapsed += 3000;
    log = [];
    say(60);
    expect(log.filter((x) => typeof x === 'string')).toEqual([]);
  });

  it('after a sleep the sound is at its time again', () => {
    say(10);
    elapsed += 20_000;
    say(60);
    const positions = log.filter((x) => typeof x === 'string');
    expect(positions).toHaveLength(2);
    expect(positions[1]).toMatch(/@20\d\d\d$/);
  });

  it('after the microphone was gone the sound is at its time at once', () => {
    say(10);
    uplink.interrupted();
    elapsed += 500;
    say(1);
    expect(log.slice(-2)).toEqual(['answer-a@700', 10]);
  });
});
