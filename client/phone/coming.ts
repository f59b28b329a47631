/** What happens to a page that is not looked at. */
export type Coming = {
  /** Somebody looks at it again. */
  returned: () => void;
  /** The network is back, whoever looks. */
  online: () => void;
  /** Nobody looks: a lock, another app, another tab; which of them is none of our business. */
  hidden: () => void;
  /** The page is left, and may be kept to be shown again. */
  gone: () => void;
};

/**
 * Listens to all of a phone's ways to come and go: coming back may be `pageshow` without
 * `visibilitychange`, or `resume` without either.
 */
export function onComing({ returned, online, hidden, gone }: Coming): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') returned();
    else hidden();
  });
  document.addEventListener('resume', returned);
  window.addEventListener('pageshow', (event) => event.persisted && returned());
  window.addEventListener('pagehide', gone);
  window.addEventListener('online', online);
}
