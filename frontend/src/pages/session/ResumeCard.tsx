/* The candidate's resume: the file, its text as it is read by software, and a warning when some of it is hidden. */

import { Download, Trash2, Upload } from 'lucide-react';
import { useRef } from 'react';
import { ResourceView } from '../../components/ResourceView';
import { Button, IconButton } from '../../components/ui/Button';
import { Card, CardHeader } from '../../components/ui/Card';
import { Notice } from '../../components/ui/Notice';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { useAuth } from '../../contexts/AuthContext';
import { useToldTask } from '../../contexts/ToastContext';
import { candidateService } from '../../services/candidateService';
import { download } from '../../services/download';
import type { Resume } from '../../services/types';
import { byteSize, relativeDayInline } from '../../utils/format';
import { useResource } from '../../utils/hooks';

const HIDDEN: Record<Resume['hidden_kinds'][number], string> = {
  unseen: 'text that cannot be seen',
  tiny: 'text too small to be read',
  off_page: 'text beside the page',
  overlaid: 'text under other text',
  vanish: 'text marked as hidden',
  invisible_characters: 'characters that cannot be seen',
  instructions: 'words addressed to whoever grades it',
};

function Warning({ resume }: { resume: Resume }) {
  if (resume.hidden_kinds.length === 0) return null;
  return (
    <Notice tone="warn" title="Look at this file before you rely on its text">
      <p>It holds {resume.hidden_kinds.map((kind) => HIDDEN[kind]).join(', ')}.</p>
      {resume.hidden_text !== '' && (
        <blockquote className="mt-1.5 border-l-2 border-warn pl-3 text-ink [overflow-wrap:anywhere]">
          {resume.hidden_text}
        </blockquote>
      )}
    </Notice>
  );
}

interface FileProps {
  resume: Resume;
  onRemove: (() => void) | null;
}

function File({ resume, onRemove }: FileProps) {
  const { working, run } = useToldTask();
  const save = () => run(() => download(`/candidates/${resume.candidate_id}/resume/download`, resume.file_name));
  return (
    <div className="grid gap-3 border-t border-line px-5 py-4">
      <div className="flex items-center justify-between gap-3">
        <span className="min-w-0">
          <b className="block font-semibold [overflow-wrap:anywhere]">{resume.file_name}</b>
          <span className="block text-xs text-ink-3">
            {byteSize(resume.bytes)}, handed in {relativeDayInline(resume.uploaded_at)}
          </span>
        </span>
        <span className="flex flex-none gap-1">
          <Button size="sm" icon={Download} working={working && 'Loading'} onClick={() => void save()}>
            Download
          </Button>
          {onRemove !== null && <IconButton icon={Trash2} name="Erase the resume" onClick={onRemove} />}
        </span>
      </div>
      <Warning resume={resume} />
      {resume.text.trim() === '' ? (
        <p className="text-ink-2">There is no text in it; it may be a picture of a page.</p>
      ) : (
        <details>
          <summary className="link cursor-pointer">Read its text</summary>
          <p className="mt-2 max-h-96 max-w-[68ch] overflow-y-auto whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]">
            {resume.text}
          </p>
        </details>
      )}
    </div>
  );
}

export function ResumeCard({ candidateId }: { candidateId: string }) {
  const staff = useAuth().hasRole(['admin', 'recruiter']);
  const { working, run } = useToldTask();
  const picker = useRef<HTMLInputElement>(null);
  const resource = useResource(`resume ${candidateId}`, (signal) => candidateService.resume(candidateId, signal));
  const change = async (call: () => Promise<unknown>) => {
    if (await run(call)) resource.reload();
  };
  return (
    <Card className="overflow-hidden max-xl:order-5" aria-labelledby="resume">
      <CardHeader
        id="resume"
        title="Resume"
        aside={
          staff && (
            <>
              <Button size="sm" icon={Upload} working={working && 'Reading'} onClick={() => picker.current?.click()}>
                Add a file
              </Button>
              <input
                ref={picker}
                type="file"
                hidden
                aria-label="Resume file"
                accept=".pdf,.docx,.txt"
                onChange={({ target }) => {
                  const file = target.files?.[0];
                  if (file) void change(() => candidateService.uploadResume(candidateId, file));
                  target.value = '';
                }}
              />
            </>
          )
        }
      />
      <ResourceView resource={resource} what="the resume" skeleton={<SkeletonRows rows={1} />}>
        {({ resume }) =>
          resume === null ? (
            <p className="px-5 pb-5 text-ink-2">None was handed in.</p>
          ) : (
            <File
              resume={resume}
              onRemove={staff ? () => void change(() => candidateService.removeResume(candidateId)) : null}
            />
          )
        }
      </ResourceView>
    </Card>
  );
}
