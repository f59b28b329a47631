/**
 * The wall's service worker: its page comes from the server as long as that answers, else from what
 * was kept last. Page and assets are kept together or not at all.
 */
type Waits = { waitUntil: (work: Promise<unknown>) => void };
type Asked = Waits & { request: Request; respondWith: (answer: Promise<Response>) => void };
type Scope = {
  addEventListener(name: 'fetch', hear: (event: Asked) => void): void;
  addEventListener(name: 'install' | 'activate', hear: (event: Waits) => void): void;
  skipWaiting: () => Promise<void>;
  clients: { claim: () => Promise<void> };
};
const worker = self as unknown as Scope;

const CACHE = 'noso-wall';
const PAGE = '/wall';
/** A server that does not answer within this is away, in ms. */
const PATIENCE = 4000;

worker.addEventListener('install', (event) => {
  event.waitUntil(inTime(fetch(PAGE)).then(keepPage).then(worker.skipWaiting.bind(worker)));
});
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate' && pathname === PAGE) event.respondWith(page(event));
  else if (pathname.startsWith('/assets/wall/')) event.respondWith(asset(request));
});

async function page(event: Asked): Promise<Response> {
  const asked = fetch(event.request);
  // One that comes too late for this time is kept for the next.
  event.waitUntil(asked.then((answer) => keepPage(answer.clone())).catch(() => {}));
  try {
    const answer = await inTime(asked);
    if (answer.status < 500) return answer;
  } catch {
    // Away.
  }
  return (await (await caches.open(CACHE)).match(PAGE)) ?? Response.error();
}

/** Assets bear the version of the page that they belong to: the same address is the same thing. */
async function asset(request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(request);
  return kept ?? fetch(request);
}

async function keepPage(answer: Response): Promise<void> {
  if (!answer.ok) return;
  const text = await answer.clone().text();
  const found = text.match(/\/assets\/wall\/[\w.]+\?v=[\w-]+/g) ?? [];
  const cache = await caches.open(CACHE);
  const old = (await cache.keys()).filter(({ url }) => !found.some((each) => url.endsWith(each)));
  await Promise.all(
    found.map(async (each) => {
      if (await cache.match(each)) return;
      const part = await fetch(each);
      if (!part.ok) throw new Error(`${each}: ${part.status}`);
      await cache.put(each, part);
    }),
  );
  await cache.put(PAGE, answer);
  await Promise.all(old.filter(({ url }) => url.includes('/assets/')).map((k) => cache.delete(k)));
}

function inTime(asked: Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('late')), PATIENCE);
    asked.then(resolve, reject).then(() => clearTimeout(timer));
  });
}
