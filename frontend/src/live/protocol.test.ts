import { describe, expect, it } from 'vitest';
import { packFrame, parseMessage, parseSound } from './protocol';

describe('messages', () => {
  it('reads an utterance with its times', () => {
    const m = parseMessage(
      JSON.stringify({
        type: 'utterance.created',
        utterance_id: 3,
        kind: 'question',
        position: 2,
        text: 'Why?',
        sample_rate: 22050,
        samples: 100,
        duration_ms: 4.5,
        phonemes: [['w', 0, 0.1], ['bad'], 7],
        words: [['Why?', 0, 0.3]],
      }),
    );
    expect(m).toMatchObject({ utteranceId: 3, kind: 'question', sampleRate: 22050 });
    expect(m?.type === 'utterance.created' && m.phonemes).toEqual([{ text: 'w', start: 0, end: 0.1 }]);
  });

  it('reads its next part', () => {
    const m = parseMessage(
      '{"type":"utterance.part","utterance_id":3,"samples":9,"duration_ms":7,"phonemes":[["n",1,2]],"words":[["now",1,2]]}',
    );
    expect(m).toEqual({
      type: 'utterance.part',
      utteranceId: 3,
      durationMs: 7,
      phonemes: [{ text: 'n', start: 1, end: 2 }],
      words: [{ text: 'now', start: 1, end: 2 }],
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[1]'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"weather"}'],
    ['a name from the prototype', '{"type":"toString"}'],
    ['a number for text', '{"type":"answer.started","answer_id":1,"position":1}'],
    ['an unknown kind', '{"type":"utterance.created","utterance_id":1,"kind":"joke","text":""}'],
    ['an unknown state', '{"type":"state","state":"dreaming"}'],
  ])('gives null for %s', (_, text) => {
    expect(parseMessage(text)).toBeNull();
  });

  it('reads what is said to one who waits', () => {
    expect(parseMessage('{"type":"server.busy","position":2,"retry_after_s":10,"message":"m"}')).toEqual({
      type: 'server.busy',
      position: 2,
      retryAfterS: 10,
      message: 'm',
    });
    expect(parseMessage('{"type":"captions.degraded","degraded":true,"message":"late"}')).toEqual({
      type: 'captions.degraded',
      degraded: true,
      message: 'late',
    });
  });

  it('reads what candidates may want, and what they have left', () => {
    expect(parseMessage('{"type":"answer.time","answer_id":"a","left_ms":null,"extensions_left":0}')).toEqual({
      type: 'answer.time',
      answerId: 'a',
      leftMs: null,
      extensionsLeft: 0,
    });
    expect(parseMessage('{"type":"answer.time","answer_id":"a"}')).toBeNull();
    expect(parseMessage('{"type":"think.started","answer_id":"a","ms":20000}')).toMatchObject({ ms: 20_000 });
    expect(parseMessage('{"type":"interview.paused","left_ms":5}')).toEqual({ type: 'interview.paused', leftMs: 5 });
    expect(parseMessage('{"type":"interview.resumed"}')).toEqual({ type: 'interview.resumed' });
    expect(parseMessage('{"type":"voice.rate","rate":0.8}')).toEqual({ type: 'voice.rate', rate: 0.8 });
    expect(parseMessage('{"type":"session.created","session_id":"s","allow_pause":true,"slower":true}')).toMatchObject({
      allowPause: true,
      allowSkip: false,
      slower: true,
    });
  });

  it('takes an item number as well as an item name', () => {
    const m = parseMessage(
      '{"type":"conversation.item.input_audio_transcription.delta","answer_id":"a","item_id":4,"transcript":"so"}',
    );
    expect(m).toMatchObject({ itemId: '4', transcript: 'so' });
  });
});

describe('sound', () => {
  it('reads a frame whose samples are not aligned', () => {
    const frame = new Uint8Array([0x81, 7, 0, 0, 0, 0x34, 0x12, 0xff, 0xff]);
    const read = parseSound(frame.buffer);
    expect(read?.utteranceId).toBe(7);
    expect(Array.from(read?.pcm ?? [])).toEqual([0x1234, -1]);
  });

  it.each([[[0x80, 0, 0, 0, 0]], [[0x81, 0, 0]], [[0x81, 0, 0, 0, 0, 1]]])('refuses %j', (bytes) => {
    expect(parseSound(new Uint8Array(bytes).buffer)).toBeNull();
  });

  it('packs tag, number and payload', () => {
    expect(Array.from(packFrame('pcm16', 258, new Uint8Array([9, 8])))).toEqual([1, 2, 1, 0, 0, 9, 8]);
    expect(packFrame('opus', 0, new Uint8Array([1]))[0]).toBe(2);
  });
});
