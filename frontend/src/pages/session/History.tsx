/* What happened with the candidate, told when somebody wants to know. */

import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { ResourceView } from '../../components/ResourceView';
import { Card } from '../../components/ui/Card';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { candidateService } from '../../services/candidateService';
import type { TimelineEvent } from '../../services/types';
import { exactTime, timecode } from '../../utils/format';
import { useResource } from '../../utils/hooks';

const WORDS: Record<TimelineEvent['kind'], string> = {
  registered: 'Registered',
  consent_recording: 'Agreed to being recorded',
  consent_ai: 'Agreed to assessment by software',
  resume_uploaded: 'Resume handed in',
  interview_started: 'Interview begun',
  answer: 'Question',
  interrupted: 'Recording interrupted, and gone on with',
  completed: 'Interview finished',
  withdrawn: 'Withdrawn',
  report_ready: 'Report ready',
  report_failed: 'Report could not be written',
  note: 'Note',
};

const head = (event: TimelineEvent): string =>
  event.kind === 'answer'
    ? `Question ${event.position}${event.duration_ms > 0 ? `, answered in ${timecode(event.duration_ms)}` : ', being answered'}`
    : WORDS[event.kind];

function Events({ candidateId }: { candidateId: string }) {
  const resource = useResource(`timeline ${candidateId}`, (signal) => candidateService.timeline(candidateId, signal));
  return (
    <ResourceView resource={resource} what="the history" skeleton={<SkeletonRows rows={4} />}>
      {({ events }) => (
        <ol>
          {events.map((event, index) => (
            <li
              key={index}
              className="grid gap-x-4 border-t border-line px-5 py-2.5 sm:grid-cols-[13rem_minmax(0,1fr)]"
            >
              <time dateTime={event.at} className="text-xs leading-5 text-ink-3">
                {exactTime(event.at)}
              </time>
              <span className="[overflow-wrap:anywhere]">
                {head(event)}
                {event.text !== null && <span className="block whitespace-pre-wrap text-ink-2">{event.text}</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </ResourceView>
  );
}

export function History({ candidateId }: { candidateId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Card className="overflow-hidden max-xl:order-6" aria-label="History">
      <details className="group" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex cursor-pointer items-center justify-between px-5 py-4 text-base font-semibold">
          History
          <ChevronDown aria-hidden className="ic text-ink-3 group-open:rotate-180" />
        </summary>
        {open && <Events candidateId={candidateId} />}
      </details>
    </Card>
  );
}
