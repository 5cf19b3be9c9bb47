/** The whole address of a link that the server may give relative to itself (it does not know every name it has). */
export const absoluteUrl = (link: string): string => new URL(link, window.location.origin).href;

/** Copies text; false when the browser refuses. Works on plain http too, where navigator.clipboard does not exist. */
export async function copyText(text: string): Promise<boolean> {
  const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
  try {
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // falls through to the older way
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.style.cssText = 'position:fixed;opacity:0';
  document.body.append(area);
  area.select();
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure context
    return document.execCommand('copy');
  } finally {
    area.remove();
  }
}
