import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Dialog } from '../../components/ui/Dialog';
import { Checkbox, Select } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { download } from '../../services/download';
import { reportService } from '../../services/reportService';
import type { Report } from '../../services/types';
import { useTask } from '../../utils/hooks';
import { useVersions, versionLabel } from './useVersions';

export interface PdfProps {
  /** The one that is read. */
  report: Report;
  /** Of the candidate; the file is called so, unless names are hidden. */
  name: string;
}

function PdfDialog({ report, name, onClose }: PdfProps & { onClose: () => void }) {
  const versions = useVersions(report).data?.items ?? [];
  const [version, setVersion] = useState(report.version);
  const [hideNames, setHideNames] = useState(false);
  const { working, problem, run } = useTask();
  const save = async () => {
    const file = hideNames ? `Interview report, version ${version}` : name;
    if (await run(() => download(reportService.pdfUrl(report.id, version, hideNames), `${file}.pdf`))) onClose();
  };
  return (
    <Dialog
      open
      title="Save the report as a PDF?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button variant="primary" icon={Download} working={working && 'Preparing'} onClick={() => void save()}>
            Save PDF
          </Button>
        </>
      }
    >
      <p className="text-ink-2">Levels, quotes, people’s levels and the transcript, as they are now.</p>
      <div className="mt-2 grid gap-4">
        {problem !== null && <Notice tone="danger" title={problem} />}
        {versions.length > 1 && (
          <Select
            label="Version"
            options={versions.map((one) => ({ value: String(one.version), label: versionLabel(one) }))}
            value={String(version)}
            onChange={({ target }) => setVersion(Number(target.value))}
          />
        )}
        <Checkbox
          label="Hide names"
          help="Of the candidate and of those who reviewed. What was said stays as it was said."
          checked={hideNames}
          onChange={({ target }) => setHideNames(target.checked)}
        />
      </div>
    </Dialog>
  );
}

/** Keeps a version as a PDF, with or without names. */
export function Pdf(props: PdfProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon={Download} onClick={() => setAsking(true)}>
        PDF
      </Button>
      {asking && <PdfDialog {...props} onClose={() => setAsking(false)} />}
    </>
  );
}
