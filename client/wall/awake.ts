import mp4 from './awake.mp4';
import webm from './awake.webm';

/** On some televisions the request never settles. Milliseconds. */
const TIMEOUT = 3000;

export type Awake = {
  /** Keeps the screen on, or lets it sleep again. */
  keep: (on: boolean) => void;
};

/**
 * By a wake lock where there is one (HTTPS, recent browsers), else by a muted looping video of
 * black pictures behind everything: a café's LAN is plain HTTP.
 */
export function createAwake(root: HTMLElement): Awake {
  let wanted = false;
  let lock: WakeLockSentinel | null = null;
  let video: HTMLVideoElement | null = null;

  async function hold(): Promise<void> {
    const granted = await request();
    if (!wanted) {
      granted?.release().catch(() => {});
      return;
    }
    lock = granted;
    if (granted) granted.addEventListener('release', () => (lock = null));
    else play();
  }

  function play(): void {
    video = video ?? root.insertBefore(createVideo(), root.firstChild);
    // Refused where a page may not play even muted video: then nothing can be done.
    video.play().catch(() => {});
  }

  function apply(): void {
    if (wanted && !lock && document.visibilityState === 'visible') void hold();
    if (wanted) return;
    lock?.release().catch(() => {});
    lock = null;
    video?.pause();
  }

  // A wake lock ends whenever the page is hidden.
  document.addEventListener('visibilitychange', apply);
  return {
    keep(on) {
      if (on === wanted) return;
      wanted = on;
      apply();
    },
  };
}

async function request(): Promise<WakeLockSentinel | null> {
  if (!('wakeLock' in navigator)) return null;
  const late = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), TIMEOUT);
  });
  return Promise.race([navigator.wakeLock.request('screen').catch(() => null), late]);
}

function createVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.className = 'awake';
  video.muted = true;
  video.loop = true;
  video.setAttribute('playsinline', '');
  video.setAttribute('aria-hidden', 'true');
  for (const [type, src] of [
    ['video/webm', webm],
    ['video/mp4', mp4],
  ] as const) {
    const source = document.createElement('source');
    source.type = type;
    source.src = src;
    video.append(source);
  }
  return video;
}
