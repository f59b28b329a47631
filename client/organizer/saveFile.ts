/** Spreadsheets take a file for what they are used to, unless it begins with this. */
const UTF8 = '\ufeff';

/** Hands over a file that was made here, in the browser. */
export function saveFile(
  name: string,
  content: string,
  type: 'text/csv' | 'application/json',
): void {
  const marked = type === 'text/csv' && /[^\0-\x7f]/.test(content) ? UTF8 + content : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([marked], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
