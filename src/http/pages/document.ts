import type { Style } from './assets.js';
import { Html, html } from './html.js';
import type { Tongue } from './language.js';

/** A whole page: its style is inside it or a file of ours, its script comes after it. */
export function document(page: {
  tongue: Tongue;
  title: string;
  style: Style | { href: string };
  /** `theme-color`, for a browser's own bars; two where the page follows the day. */
  bars: readonly { colour: string; media?: string }[];
  /** What else is said of the page, to whoever is no reader. */
  head?: Html | undefined;
  body: Html;
  script?: string | undefined;
  /** Asks for the page again after so many seconds, where no script does. */
  refresh?: number | undefined;
}): Html {
  const { tongue, style, script, refresh } = page;
  return html`<!doctype html>
    <html lang="${tongue.language}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <title>${page.title}</title>
    ${page.bars.map(
      ({ colour, media }) =>
        html`<meta name="theme-color" content="${colour}"${media ? html` media="${media}"` : null}>`,
    )}
    <meta name="format-detection" content="telephone=no">
    <link rel="icon" href="data:,">
    ${page.head ?? null}
    ${refresh === undefined ? null : again(refresh, script !== undefined)}
    ${
      'css' in style
        ? html`<style>${new Html(style.css)}</style>`
        : html`<link rel="stylesheet" href="${style.href}">`
    }
    ${script ? html`<script src="${script}" defer></script>` : null}
    </head>
    <body>${page.body}</body>
    </html>`;
}

function again(seconds: number, scripted: boolean): Html {
  const meta = html`<meta http-equiv="refresh" content="${seconds}">`;
  return scripted ? html`<noscript>${meta}</noscript>` : meta;
}

type Bars = readonly { colour: string; media?: string }[];
export const NIGHT_BARS: Bars = [{ colour: '#000000' }];
export const DAY_BARS: Bars = [
  { colour: '#F2EDE2', media: '(prefers-color-scheme: light)' },
  { colour: '#000000', media: '(prefers-color-scheme: dark)' },
];
