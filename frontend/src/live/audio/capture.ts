/* From a microphone's stream to 20 ms frames of 16 kHz sound, through the worklet. The stream can be exchanged while it runs
 * (another microphone); the frames go on. */

import workletUrl from './capture.worklet.ts?worker&url';

export interface CapturedFrame {
  pcm: Int16Array<ArrayBuffer>;
  rms: number;
  peak: number;
}

export interface Capture {
  /** Takes the stream's microphone; null stops the frames. */
  connect(stream: MediaStream | null): void;
  close(): void;
}

/** Rejects when the browser cannot run the worklet: the interview then goes on in writing. */
export async function openCapture(ctx: AudioContext, onFrame: (frame: CapturedFrame) => void): Promise<Capture> {
  await ctx.audioWorklet.addModule(workletUrl);
  const node = new AudioWorkletNode(ctx, 'viva-capture', {
    numberOfInputs: 1,
    numberOfOutputs: 1,
    channelCount: 1,
    channelCountMode: 'explicit',
  });
  /* Without a way to the loudspeaker some browsers do not run the node; it writes silence. */
  const sink = ctx.createGain();
  sink.gain.value = 0;
  node.connect(sink).connect(ctx.destination);
  node.port.onmessage = (ev: MessageEvent<{ pcm: ArrayBuffer; rms: number; peak: number }>) => {
    onFrame({ pcm: new Int16Array(ev.data.pcm), rms: ev.data.rms, peak: ev.data.peak });
  };
  let source: MediaStreamAudioSourceNode | null = null;
  return {
    connect(stream) {
      source?.disconnect();
      source = stream && stream.getAudioTracks().length > 0 ? ctx.createMediaStreamSource(stream) : null;
      source?.connect(node);
    },
    close() {
      source?.disconnect();
      node.port.onmessage = null;
      node.disconnect();
      sink.disconnect();
    },
  };
}
