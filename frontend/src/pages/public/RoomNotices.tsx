/* Blocking news stays on the page, above the room: what happened, what is safe, what to do. One at a time, the worst first. */

import { Button } from '../../components/ui/Button';
import { Notice } from '../../components/ui/Notice';
import type { LiveState } from '../../live/machine';
import type { RigState } from '../../live/rig';
import { titleOf } from '../../utils/format';

export interface RoomNoticesProps {
  state: LiveState;
  rig: RigState;
  name: string;
  slow: boolean;
  wantsMic: boolean;
  problem: string | null;
  onWake: () => void;
  /** With a microphone that was chosen, or with the one that was lost. */
  onMicAgain: (id?: string) => void;
  onType: () => void;
  onWrite: () => void;
}

function linkNotice({ state, name, onWrite }: RoomNoticesProps) {
  if (state.blocked && state.link !== 'open' && state.link !== 'offline')
    return (
      <Notice
        tone="warn"
        title="The live connection is blocked here"
        action={
          <Button size="sm" variant="primary" onClick={onWrite}>
            Answer in writing
          </Button>
        }
      >
        Your network lets web pages through, but not a conversation. We keep trying. You can also come back from another
        network, or answer the questions in writing now; what you said is kept.
      </Notice>
    );
  if (state.link === 'offline')
    return (
      <Notice tone="warn" title="You are offline">
        Your answer is kept on this device and goes out when the connection is back.
      </Notice>
    );
  if (state.joined && state.link !== 'open')
    return (
      <Notice tone="warn" title="The connection dropped">
        We are coming back by ourselves, to the same question. Your recording goes on here, and {name} hears what you
        say now a moment later.
      </Notice>
    );
  if (!state.joined && state.link === 'waiting')
    return (
      <Notice tone="warn" title="The server does not answer yet">
        We keep trying. You can also close this page and come back by the same link.
      </Notice>
    );
  return null;
}

function microphoneNotice({ state, rig, wantsMic, onMicAgain, onType }: RoomNoticesProps) {
  if (!wantsMic || state.mic !== 'lost') return null;
  const others = rig.devices.microphones.filter((d) => d.deviceId !== rig.microphoneId).slice(0, 2);
  return (
    <Notice
      tone="warn"
      title="The microphone is gone"
      action={
        <>
          {others.length > 0 ? (
            others.map((device, i) => (
              <Button
                key={device.deviceId}
                size="sm"
                variant={i === 0 ? 'primary' : 'secondary'}
                working={rig.asking && 'Connecting'}
                onClick={() => onMicAgain(device.deviceId)}
              >
                Go on with {device.label || 'the other microphone'}
              </Button>
            ))
          ) : (
            <Button size="sm" working={rig.asking && 'Looking'} onClick={() => onMicAgain()}>
              Use the microphone again
            </Button>
          )}
          <Button size="sm" onClick={onType}>
            Type instead
          </Button>
        </>
      }
    >
      What you said so far is safe, and nobody waits for you. Plug it in again, or choose how to go on.
    </Notice>
  );
}

function serverNotice({ state, name }: RoomNoticesProps) {
  if (state.queue)
    return (
      <Notice tone="warn" title="Many interviews are under way just now">
        You are number {state.queue.position} in the queue. Keep this page open, it starts by itself. Or come back
        later: your link stays valid.
      </Notice>
    );
  if (state.missing.hearing)
    return (
      <Notice tone="warn" title={`${name} cannot hear at the moment`}>
        Type your answers. Nothing you said is lost.
      </Notice>
    );
  if (state.missing.speech)
    return (
      <Notice tone="warn" title={`${name} cannot speak at the moment`}>
        Read the questions under the picture, and answer as you like.
      </Notice>
    );
  if (state.error)
    return (
      <Notice tone={state.error.fatal ? 'danger' : 'warn'} title={state.error.message || 'The server met a fault'}>
        What you said before is safe.
      </Notice>
    );
  return null;
}

function soundNotice({ rig, state, onWake }: RoomNoticesProps) {
  const waiting = state.current !== null && state.current.state !== 'finished';
  if (rig.running || !waiting) return null;
  return (
    <Notice
      tone="warn"
      title="The browser holds the sound back"
      action={
        <Button size="sm" variant="primary" onClick={onWake}>
          Tap to continue
        </Button>
      }
    >
      Tap, and the interview goes on where it stopped.
    </Notice>
  );
}

function minorNotice({ state, problem, slow }: RoomNoticesProps) {
  if (problem !== null) return <Notice tone="warn" title={problem} />;
  if (state.captionsDelayed !== '') {
    const [title, rest] = titleOf(state.captionsDelayed);
    return <Notice title={title}>{rest}</Notice>;
  }
  return slow ? <Notice title="Your connection is slow">We go on with sound only; nothing is lost.</Notice> : null;
}

export function RoomNotices(props: RoomNoticesProps) {
  const notice =
    soundNotice(props) ?? linkNotice(props) ?? microphoneNotice(props) ?? serverNotice(props) ?? minorNotice(props);
  return notice ? <div className="room-news pb-3">{notice}</div> : null;
}
