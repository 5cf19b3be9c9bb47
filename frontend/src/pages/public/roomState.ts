/* From the live state to what the room says: whose turn it is, what the interviewer is doing, and the words for both. */

import type { AvatarState } from '../../avatar/types';
import type { LiveState } from '../../live/machine';

export type Turn = 'interviewer' | 'candidate';

export interface RoomWords {
  turn: Turn;
  speaking: boolean;
  /** “Daniel …” on the name plate. */
  doing: string;
  avatar: AvatarState;
  heading: string;
  advice: string;
}

/** pauseMinutes: how long a pause may last still. */
export function roomWords(state: LiveState, name: string, pauseMinutes = 0): RoomWords {
  const { current, answer, link, joined } = state;
  const speaking = current !== null && current.state !== 'finished';
  if (!joined || link !== 'open')
    return {
      turn: answer ? 'candidate' : 'interviewer',
      speaking: false,
      doing: 'is waiting',
      avatar: 'idle',
      ...(joined
        ? { heading: 'One moment', advice: 'We are coming back to where you were.' }
        : state.blocked
          ? { heading: `${name} cannot come yet`, advice: 'The interview begins when the connection is there.' }
          : { heading: `${name} is coming`, advice: 'The interview begins in a moment.' }),
    };
  if (state.queue)
    return {
      turn: 'interviewer',
      speaking: false,
      doing: 'is with others',
      avatar: 'idle',
      heading: `You are number ${state.queue.position} in the queue`,
      advice: `${name} begins by itself when it is your turn. Keep this page open.`,
    };
  if (state.paused)
    return {
      turn: 'candidate',
      speaking: false,
      doing: 'is waiting',
      avatar: 'idle',
      heading: 'Paused',
      advice:
        pauseMinutes > 0
          ? `Nothing is heard or recorded. Go on when you like; in ${pauseMinutes} ${pauseMinutes === 1 ? 'minute' : 'minutes'} it goes on by itself.`
          : 'Nothing is heard or recorded. It goes on in a moment.',
    };
  if (speaking) return speakingWords(state, name);
  if (answer && !answer.closing && answer.thinkUntil !== null)
    return {
      turn: 'candidate',
      speaking: false,
      doing: 'is waiting',
      avatar: 'listening',
      heading: 'Time to think',
      advice: 'Speak whenever you are ready: your answer begins then. Recording is on.',
    };
  if (answer && !answer.closing)
    return {
      turn: 'candidate',
      speaking: false,
      doing: 'is listening',
      avatar: 'listening',
      heading: 'Your turn',
      advice:
        state.mic === 'muted'
          ? 'You are muted: nothing is heard or recorded until you unmute.'
          : 'Take the time you need. A pause does not end your answer.',
    };
  const over = state.phase === 'closing' || state.phase === 'farewell' || state.phase === 'done';
  return {
    turn: 'interviewer',
    speaking: false,
    doing: 'is thinking',
    avatar: 'thinking',
    heading: over ? 'That was the last question' : answer ? 'Thank you' : 'One moment',
    advice: over ? `${name} says good-bye.` : 'The next question is on its way.',
  };
}

function speakingWords(state: LiveState, name: string): RoomWords {
  const kind = state.current?.utterance.kind ?? 'question';
  const base = { turn: 'interviewer', speaking: true, doing: 'is speaking' } as const;
  switch (kind) {
    case 'greeting':
      return {
        ...base,
        avatar: 'smiling',
        heading: `${name} says hello`,
        advice: 'Listen first. The first question follows.',
      };
    case 'farewell':
      return {
        ...base,
        avatar: 'smiling',
        heading: `${name} says good-bye`,
        advice: 'You have answered every question.',
      };
    case 'prompt':
      return {
        ...base,
        avatar: 'speaking',
        heading: 'Still your turn',
        advice: 'There is no hurry. Go on when you are ready.',
      };
    case 'question': {
      const followUp = Boolean(state.current?.utterance.followUp);
      return {
        ...base,
        avatar: 'speaking',
        heading: followUp ? `${name} has a short follow-up` : `${name} is asking`,
        advice: `Listen first. Your ${followUp ? 'answer goes on' : 'time starts'} when ${name} has finished.`,
      };
    }
  }
}
