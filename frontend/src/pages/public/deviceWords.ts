/* What is said about a device that does not work, and the way out. */

import type { DeviceState } from '../../live/audio/media';

export type DeviceKind = 'camera' | 'microphone';

export function deviceBadge(state: DeviceState, asking: boolean): { text: string; tone: 'good' | 'warn' | 'plain' } {
  if (asking) return { text: 'Waiting for you', tone: 'plain' };
  switch (state) {
    case 'on':
      return { text: 'Working', tone: 'good' };
    case 'off':
      return { text: 'Off', tone: 'plain' };
    case 'denied':
      return { text: 'Blocked', tone: 'warn' };
    case 'missing':
      return { text: 'Not found', tone: 'warn' };
    case 'busy':
      return { text: 'In use', tone: 'warn' };
    case 'insecure':
    case 'failed':
      return { text: 'Not working', tone: 'warn' };
  }
}

export function deviceAdvice(kind: DeviceKind, state: DeviceState): string | null {
  const wayOut = kind === 'camera' ? 'go on with sound only' : 'type your answers';
  switch (state) {
    case 'on':
    case 'off':
      return null;
    case 'denied':
      return `Your browser blocks the ${kind}. Choose the lock beside the address, allow it, then try again. Or ${wayOut}.`;
    case 'missing':
      return `No ${kind} is connected. Plug one in, or ${wayOut}.`;
    case 'busy':
      return `Another programme is using the ${kind}. Close it, or ${wayOut}.`;
    case 'insecure':
      return `The address does not begin with https, so the browser gives no ${kind}. Ask for the https address, or ${wayOut}.`;
    case 'failed':
      return `The ${kind} did not start. Try again, choose another one, or ${wayOut}.`;
  }
}
