/** What the server goes by, and the `Host` that this page's request came with: a proxy may change it. */
export type Served = { publicUrl?: string; host?: string };

/**
 * Whether this page is under an address that the server takes for another site's: then it refuses
 * its connection, and whatever its cookies should count for.
 */
export const isForeign = ({ publicUrl, host }: Served): boolean =>
  publicUrl !== undefined &&
  host !== undefined &&
  location.origin !== publicUrl &&
  location.host !== host;
