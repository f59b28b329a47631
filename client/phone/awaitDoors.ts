import type { Noso } from '../../src/protocol/wire.js';
import { ask } from './request.js';
import { fill } from './showView.js';
import { createDoor } from './waiting.js';

/**
 * A page for typing a code, opened before there is one: once a NoSo is open it says by itself that
 * the code is on the wall. It seats nobody.
 */
export function awaitDoors(): void {
  const shut = document.querySelector<HTMLElement>('[data-with="shut"]');
  if (!shut || shut.hidden) return;

  const door = createDoor(
    () => 0,
    () => void look(),
  );
  async function look(): Promise<void> {
    const found = await ask<{ nosos: Noso[] }>('GET', '/api/nosos?state=open');
    if (found.is !== 'done' || found.value.nosos.length === 0) {
      door.knock();
      return;
    }
    fill({ shut: '', open: 'yes' });
    const status = document.querySelector('[role="status"]');
    if (status)
      status.textContent = document.querySelector('[data-with="open"]')?.textContent ?? '';
  }

  // A page that nobody looks at asks nothing; it asks when somebody does.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') door.leave();
    else if (!shut.hidden) void look();
  });
  door.knock();
}
