import { AdminNav } from '../../components/AdminNav';
import { PageHeader } from '../../components/PageHeader';
import { ResourceView } from '../../components/ResourceView';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { adminService, type VersionedSettings } from '../../services/adminService';
import { interviewService } from '../../services/interviewService';
import type { InterviewOptions } from '../../services/types';
import { useResource, useTitle } from '../../utils/hooks';
import { SettingsForm } from './SettingsForm';

interface Loaded {
  current: VersionedSettings;
  options: InterviewOptions;
}

async function load(signal: AbortSignal): Promise<Loaded> {
  const [current, options] = await Promise.all([adminService.settings(signal), interviewService.options(signal)]);
  return { current, options };
}

export default function AdminSettings() {
  useTitle('Settings');
  const resource = useResource('settings', load);
  return (
    <div className="page">
      <PageHeader title="Settings" under="They act at once, for everybody." />
      <AdminNav />
      <ResourceView
        resource={resource}
        what="the settings"
        skeleton={
          <div className="card max-w-3xl">
            <SkeletonRows rows={5} />
          </div>
        }
      >
        {({ current, options }) => (
          <SettingsForm
            current={current}
            options={options}
            onSaved={(saved) => resource.set({ current: saved, options })}
            onReload={resource.reload}
          />
        )}
      </ResourceView>
    </div>
  );
}
