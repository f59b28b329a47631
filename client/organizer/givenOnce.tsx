import { useState } from 'preact/hooks';
import { qrPath } from '../wall/qr.js';
import { every, useDesk } from './consoleDesk.js';

/**
 * Copies by the modern way, or by the old one: on plain HTTP, a café's network, there is no
 * clipboard for scripts. False where neither works.
 */
async function copyText(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.className = 'aside';
    area.readOnly = true;
    area.setAttribute('aria-hidden', 'true');
    area.value = value;
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    try {
      return document.execCommand('copy');
    } finally {
      area.remove();
      if (before instanceof HTMLElement) before.focus();
    }
  }
}

/** A quiet button that copies, and says for a moment that it has. */
export function CopyButton({ label, value }: { label: string; value: string }) {
  const { w } = useDesk();
  const [said, say] = useState<string | null>(null);
  async function copy(): Promise<void> {
    say((await copyText(value)) ? w.copied : w.notCopied);
    const stop = every(2_500, () => {
      stop();
      say(null);
    });
  }
  return (
    <button class="link" type="button" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
    </button>
  );
}

export type Given = {
  title: string;
  note: string;
  values: { label: string; value: string }[];
  /** Shown as a square too, to be scanned by the phone that it is for. */
  square?: string;
};

/** CSS pixels: read from a phone that is held towards another. */
const SIDE = 232;

/** A link or key that is shown once and never again, to be carried where it belongs. */
export function GivenOnce({ title, note, values, square }: Given) {
  const { w } = useDesk();
  return (
    <section class="given" role="status">
      <h3>{title}</h3>
      {values.map(({ label, value }) => (
        <p class="secret" key={value}>
          <span class="secret-label">{label}</span>
          <code>{value}</code>
          <CopyButton label={w.copy} value={value} />
        </p>
      ))}
      {square && (
        <svg class="square" viewBox={`0 0 ${SIDE} ${SIDE}`} role="img" aria-label={w.square}>
          <rect width={SIDE} height={SIDE} />
          <path d={qrPath({ kind: 'qr', text: square, side: SIDE, x: 0, y: 0 }, 1)} />
        </svg>
      )}
      <p class="note">{note}</p>
    </section>
  );
}
