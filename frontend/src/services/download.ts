import { requestRaw } from './api';

/** Fetches a file with the log-in and hands it to the browser to keep. */
export async function download(url: string, fileName: string): Promise<void> {
  const { data } = await requestRaw<Blob>({ method: 'GET', url, responseType: 'blob' });
  const address = URL.createObjectURL(data);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
