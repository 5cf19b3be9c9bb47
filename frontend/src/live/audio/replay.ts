/* Plays what the microphone captured, on the page's own sound context. */

import { UPLINK_RATE } from '../protocol';

/** Begins at once; `ended` is told when it is over, and not when the returned function stopped it. */
export function replay(ctx: AudioContext, parts: readonly Int16Array[], ended: () => void): () => void {
  const total = parts.reduce((n, part) => n + part.length, 0);
  const buffer = ctx.createBuffer(1, Math.max(1, total), UPLINK_RATE);
  const data = buffer.getChannelData(0);
  let at = 0;
  for (const part of parts) for (const v of part) data[at++] = v / 32768;
  const node = ctx.createBufferSource();
  node.buffer = buffer;
  node.connect(ctx.destination);
  node.onended = ended;
  node.start();
  return () => {
    node.onended = null;
    node.stop();
    node.disconnect();
  };
}
