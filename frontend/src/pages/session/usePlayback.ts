import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { Answer } from '../../services/types';
import { beginOf, mediaTime, recordingAfter, recordingAt, type Played, type PlayableRecording } from './playback';

export interface Playback<A extends Played = Answer> {
  video: RefObject<HTMLVideoElement | null>;
  answer: A | null;
  recording: PlayableRecording | null;
  /** Where the player stands, in ms from the answer's start. */
  positionMs: number;
  playing: boolean;
  rate: number;
  failed: boolean;
  /** Shows an answer without playing it. */
  select: (answerId: string) => void;
  play: (answerId: string, ms: number) => void;
  seek: (ms: number) => void;
  toggle: () => void;
  setRate: (rate: number) => void;
  /** For the video element. */
  events: {
    onLoadedMetadata: () => void;
    onTimeUpdate: () => void;
    onPlay: () => void;
    onPause: () => void;
    onEnded: () => void;
    onError: () => void;
  };
}

/** Where the player stands before anybody touches it. */
export interface Start {
  answerId: string;
  ms: number;
}

interface Wish {
  ms: number;
  play: boolean;
}

/**
 * One player for a session's many recordings. A time stamp selects the answer, loads the recording that covers the
 * moment, and seeks there as soon as the browser knows the file. `onExpired` is called once for each file that the
 * server refuses: its ticket has a limited life, and a reloaded session carries a new one. `start` is read once; nothing
 * plays by itself there.
 */
export function usePlayback<A extends Played>(
  answers: readonly A[],
  onExpired: () => void,
  start: Start | null = null,
): Playback<A> {
  const first = answers.find((one) => one.id === start?.answerId);
  const video = useRef<HTMLVideoElement>(null);
  const wish = useRef<Wish | null>(start === null || first === undefined ? null : { ms: start.ms, play: false });
  const refreshedFor = useRef<string | null>(null);
  const [answerId, setAnswerId] = useState<string | null>(first?.id ?? null);
  const [segment, setSegment] = useState<number | null>(() =>
    start === null || first === undefined ? null : (recordingAt(first, start.ms)?.segment ?? null),
  );
  const [positionMs, setPosition] = useState(first === undefined ? 0 : (start?.ms ?? 0));
  const [playing, setPlaying] = useState(false);
  const [rate, setRateState] = useState(1);
  const [failedUrl, setFailedUrl] = useState<string | null>(null);

  const answer = answers.find((one) => one.id === answerId) ?? answers[0] ?? null;
  const chosen = answer === null ? null : recordingAt(answer, 0);
  const recording = (answer?.recordings.find((one) => one.segment === segment && one.media_url !== null) ??
    chosen) as PlayableRecording | null;

  /* Carries out the wish when the element has the file; otherwise loadedmetadata does. */
  const fulfil = useCallback(() => {
    const element = video.current;
    const wanted = wish.current;
    if (element === null || wanted === null || recording === null || element.readyState < 1) return;
    wish.current = null;
    element.currentTime = mediaTime(recording, wanted.ms);
    element.playbackRate = rate;
    if (wanted.play) element.play().catch(() => undefined);
  }, [recording, rate]);
  useEffect(fulfil, [fulfil, positionMs]);

  const go = useCallback(
    (target: A, ms: number, play: boolean) => {
      const next = recordingAt(target, ms);
      wish.current = { ms, play };
      setAnswerId(target.id);
      setSegment(next?.segment ?? null);
      setPosition(ms);
      if (target.id === answer?.id && next?.segment === recording?.segment) fulfil();
    },
    [answer, recording, fulfil],
  );

  const atTime = useCallback(() => {
    const element = video.current;
    if (element !== null && recording !== null && wish.current === null)
      setPosition(beginOf(recording) + element.currentTime * 1000);
  }, [recording]);

  const ended = useCallback(() => {
    const next = answer !== null && recording !== null ? recordingAfter(answer, recording.segment) : null;
    if (answer !== null && next !== null) go(answer, Math.max(0, beginOf(next)), true);
    else setPlaying(false);
  }, [answer, recording, go]);

  const failed = useCallback(() => {
    if (recording === null || answer === null) return;
    wish.current = { ms: positionMs, play: playing };
    const key = `${answer.id} ${recording.segment}`;
    if (refreshedFor.current === key) {
      setFailedUrl(recording.media_url);
      return;
    }
    refreshedFor.current = key;
    onExpired();
  }, [answer, recording, positionMs, playing, onExpired]);

  return {
    video,
    answer,
    recording,
    positionMs,
    playing,
    rate,
    failed: recording !== null && failedUrl === recording.media_url,
    select: (id) => {
      const target = answers.find((one) => one.id === id);
      if (target !== undefined && target.id !== answer?.id) go(target, 0, false);
    },
    play: (id, ms) => {
      const target = answers.find((one) => one.id === id);
      if (target !== undefined) go(target, ms, true);
    },
    seek: (ms) => {
      if (answer !== null) go(answer, Math.max(0, ms), playing);
    },
    toggle: () => {
      const element = video.current;
      if (element === null) return;
      if (element.paused) element.play().catch(() => undefined);
      else element.pause();
    },
    setRate: (next) => {
      setRateState(next);
      if (video.current !== null) video.current.playbackRate = next;
    },
    events: {
      onLoadedMetadata: fulfil,
      onTimeUpdate: atTime,
      onPlay: () => setPlaying(true),
      onPause: () => setPlaying(false),
      onEnded: ended,
      onError: failed,
    },
  };
}
