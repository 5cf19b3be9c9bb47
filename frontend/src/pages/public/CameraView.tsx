import { VideoOff } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useInterval } from '../../utils/hooks';

export interface CameraViewProps {
  stream: MediaStream | null;
  on: boolean;
  /** What is said where there is no picture. */
  off: ReactNode;
  onBrightness?: (mean: number) => void;
}

const SAMPLE = { width: 32, height: 24 };

/** Mean brightness of the picture, 0..255. Nothing else is looked at, and nothing leaves the page. */
function brightness(video: HTMLVideoElement, canvas: HTMLCanvasElement): number | null {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || video.videoWidth === 0) return null;
  canvas.width = SAMPLE.width;
  canvas.height = SAMPLE.height;
  context.drawImage(video, 0, 0, SAMPLE.width, SAMPLE.height);
  const { data } = context.getImageData(0, 0, SAMPLE.width, SAMPLE.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4)
    sum += 0.299 * (data[i] ?? 0) + 0.587 * (data[i + 1] ?? 0) + 0.114 * (data[i + 2] ?? 0);
  return sum / (SAMPLE.width * SAMPLE.height);
}

/** The own picture, mirrored as people know themselves. */
export function CameraView({ stream, on, off, onBrightness }: CameraViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [canvas] = useState(() => document.createElement('canvas'));
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = on ? stream : null;
    if (on && stream) element.play().catch(() => undefined); /* autoplay of a muted picture may wait for a gesture */
  }, [stream, on]);
  useInterval(
    () => {
      const mean = video.current ? brightness(video.current, canvas) : null;
      if (mean !== null) onBrightness?.(mean);
    },
    1000,
    on && onBrightness !== undefined,
  );
  if (!on)
    return (
      <div className="absolute inset-0 grid place-content-center justify-items-center gap-2 bg-sunken p-4 text-center text-sm text-ink-2">
        <VideoOff aria-hidden className="ic ic-lg" />
        {off}
      </div>
    );
  return (
    <video
      ref={video}
      muted
      playsInline
      autoPlay
      aria-label="Your camera picture"
      className="-scale-x-100 object-cover"
    />
  );
}
