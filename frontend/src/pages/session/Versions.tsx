import { useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Select } from '../../components/ui/Input';
import { Notice } from '../../components/ui/Notice';
import { useToldTask } from '../../contexts/ToastContext';
import { reportService } from '../../services/reportService';
import type { Report } from '../../services/types';
import { useVersions, versionLabel } from './useVersions';

export interface VersionsProps {
  /** The version that stands. */
  report: Report;
  /** The earlier one that is read; null: the one that stands. */
  earlier: Report | null;
  onShow: (earlier: Report | null) => void;
}

/** Chooses which version is read; nothing while there is only one. */
export function Versions({ report, earlier, onShow }: VersionsProps) {
  const [asked, setAsked] = useState<number | null>(null);
  const { run } = useToldTask();
  const items = useVersions(report).data?.items ?? [];
  const show = async (version: number) => {
    if (version === report.latest_version) {
      onShow(null);
      return;
    }
    setAsked(version);
    await run(async () => onShow(await reportService.version(report.id, version)));
    setAsked(null);
  };
  return (
    <>
      {items.length > 1 && (
        <Select
          label="Version"
          options={items.map((one) => ({ value: String(one.version), label: versionLabel(one) }))}
          value={String(asked ?? earlier?.version ?? report.latest_version)}
          aria-busy={asked !== null}
          onChange={({ target }) => void show(Number(target.value))}
        />
      )}
      {earlier !== null && (
        <Notice
          tone="warn"
          title={`You read version ${earlier.version}, not the current one`}
          action={<Button onClick={() => onShow(null)}>Read version {report.latest_version}</Button>}
        >
          It is shown as it was; nothing can be changed in it.
        </Notice>
      )}
    </>
  );
}
