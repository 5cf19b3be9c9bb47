import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';

/* a busy machine is slow, not wrong */
configure({ asyncUtilTimeout: 15_000 });

/* jsdom has no modal dialogs; opening is all that our components need of them here. */
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

/* nor does it scroll */
Element.prototype.scrollIntoView = () => undefined;

/* nor can its Blobs be read by promise */
Blob.prototype.text = function text() {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(new Error('the Blob could not be read'));
    reader.readAsText(this);
  });
};

beforeEach(() => {
  localStorage.clear();
});
afterEach(() => {
  cleanup();
});
