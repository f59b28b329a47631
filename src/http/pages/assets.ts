import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A style sheet that is set into the page, and its hash for the content security policy. */
export type Style = { css: string; hash: string };

/** The built pages: styles to set into a page, and where its scripts are. */
export type Assets = {
  /** Phones: what is read in a dark room. */
  night: Style;
  /** What is read by day. */
  day: Style;
  /** The seat page's and the code page's script. It loads the connection's once the page stands. */
  script: string;
  /** The script of a NoSo's page. */
  nosoScript: string;
};

function style(file: string): Style {
  const css = readFileSync(file, 'utf8').trim();
  return { css, hash: `sha256-${createHash('sha256').update(css).digest('base64')}` };
}

/** Reads what the build left in `folder` (dist/assets). Throws where a file is missing. */
export const loadAssets = (folder: string): Assets => ({
  night: style(join(folder, 'phone', 'page.css')),
  day: style(join(folder, 'public', 'page.css')),
  script: '/assets/phone/page.js',
  nosoScript: '/assets/public/noso.page.js',
});
