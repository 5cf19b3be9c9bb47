import { ResourceView } from '../../components/ResourceView';
import { Card, CardHeader } from '../../components/ui/Card';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { adminService } from '../../services/adminService';
import type { SystemInfo } from '../../services/types';
import { byteSize, exactTime, plural } from '../../utils/format';
import { useResource } from '../../utils/hooks';

const rows = (info: SystemInfo): [string, string][] => [
  ['Version', info.version],
  ['Started', exactTime(info.started_at)],
  ['Database', info.database],
  ['Cache', info.cache],
  ['Address for candidates', info.public_url === '' ? 'not set' : info.public_url],
  ['Speech', `${info.stt_provider} ${info.stt_model}, ${info.tts_provider}, ${info.vad_provider}`],
  ['Interviews at once', info.live_sessions_max > 0 ? String(info.live_sessions_max) : 'As many as it keeps up with'],
  ['Workers', `${info.workers}, and ${info.speech_workers} for speech`],
  ['Connections', String(info.connections_max)],
  ['Recording of an answer', `up to ${byteSize(info.answer_max_bytes)}`],
  ['Log-in lasts', plural(info.refresh_token_days, 'day')],
];

/** What the process was told at its start. Changed in its settings file, not here. */
export function SystemFacts() {
  const resource = useResource('system', (signal) => adminService.system(signal));
  return (
    <Card aria-labelledby="facts">
      <CardHeader id="facts" title="Installation" />
      <div className="px-5 pb-5">
        <ResourceView resource={resource} what="the installation" skeleton={<SkeletonRows rows={4} />}>
          {(info) => (
            <dl className="grid gap-2">
              {rows(info).map(([label, value]) => (
                <div key={label} className="flex items-baseline justify-between gap-3">
                  <dt className="text-ink-2">{label}</dt>
                  <dd className="min-w-0 text-right text-xs [overflow-wrap:anywhere] text-ink-3">{value}</dd>
                </div>
              ))}
            </dl>
          )}
        </ResourceView>
      </div>
    </Card>
  );
}
