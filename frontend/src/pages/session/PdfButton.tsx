import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/ui/Button';
import { useToast } from '../../contexts/ToastContext';
import { download } from '../../services/download';
import { reportService } from '../../services/reportService';
import type { Report } from '../../services/types';
import { errorMessage } from '../../utils/errorHandler';

/** Keeps the version that is read as a PDF. */
export function PdfButton({ report, name }: { report: Report; name: string }) {
  const toast = useToast();
  const [working, setWorking] = useState(false);
  const save = async () => {
    setWorking(true);
    try {
      await download(reportService.pdfUrl(report.id, report.version), `${name}.pdf`);
    } catch (error) {
      toast.error(errorMessage(error));
    }
    setWorking(false);
  };
  return (
    <Button icon={Download} working={working && 'Preparing'} onClick={() => void save()}>
      PDF
    </Button>
  );
}
