import { openQueue } from './clickQueue.js';
import { createDesk } from './doorDesk.js';
import { openLine } from './doorLine.js';
import { createView } from './doorView.js';
import { createSayings, type Spoken } from './doorWords.js';
import { type Heard, startSender } from './sender.js';

/** The page is drawn at each press, each answer, and so that ages and undoing keep up. */
const TICK = 1000;

/** The token is in the fragment, where no server and no log sees it; a reload finds it there again. */
function readToken(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

async function start(): Promise<void> {
  const spoken = JSON.parse(document.getElementById('words')?.textContent ?? '{}') as Spoken;
  const token = readToken();
  const [kind, id = ''] = token.split('.');
  const sayings = createSayings(spoken);
  const queue = await openQueue(id);
  const desk = createDesk(queue, spoken, sayings);
  let told = () => false;
  const heard = async (what: Heard) => {
    await desk.hear(what, Date.now());
    if (desk.over()) sender.stop();
    draw();
  };
  const sender = startSender(token, queue, heard, () => told());

  const press = (what: 'in' | 'out') => {
    const now = Date.now();
    const number = view.takePaper();
    if (what === 'in' && desk.isFull(now)) return;
    const kept = desk.press(what, number, now);
    draw();
    void kept.then(sender.send);
  };
  const view = createView(spoken, {
    in: () => press('in'),
    out: () => press('out'),
    undo: () => {
      const kept = desk.undo(Date.now());
      draw();
      void kept.then(sender.send);
    },
  });
  const draw = () => view.draw(desk.shown(Date.now()));

  if (kind !== 'door' || id === '') {
    view.draw({ ...desk.shown(Date.now()), over: spoken.door.noToken });
    return;
  }
  draw();
  setInterval(() => !desk.over() && draw(), TICK);
  window.addEventListener('online', () => void sender.send());
  window.addEventListener('hashchange', () => location.reload());
  await sender.send();
  const line = openLine(token, {
    count(count) {
      desk.follow(count, Date.now());
      draw();
    },
    // Whether it is over, or was taken back, and what of it is lost, is answered to whoever asks.
    over: () => void sender.send(),
  });
  told = line.live;
}

void start();
