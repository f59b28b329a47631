// A browser without JavaScript, as far as pages need one: it keeps cookies, follows redirects when
// told to, and sends the form it finds.

export type Page = { status: number; headers: Headers; html: string; url: string };

export type Visitor = ReturnType<typeof visitorOf>;

/** A visitor of the pages at `url`, with an empty cookie jar, unless it is somebody's. */
export function visitorOf(url: string, language = 'en', jar = new Map<string, string>()) {
  async function request(method: string, path: string, init: RequestInit = {}): Promise<Page> {
    const headers = new Headers(init.headers);
    if (!headers.has('accept-language')) headers.set('accept-language', language);
    if (jar.size > 0) {
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await fetch(url + path, { ...init, method, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      const gone = attributes.some((each) => each.trim() === 'Max-Age=0');
      if (gone) jar.delete(name);
      else jar.set(name, value);
    }
    const html = await response.text();
    return { status: response.status, headers: response.headers, html, url: path };
  }

  const visitor = {
    jar,
    /** What the installation keeps under a name of the table's, whatever its id is. */
    kept: (name: string): string | undefined =>
      [...jar].find(([each]) => each.startsWith('noso_') && each.endsWith(`_${name}`))?.[1],
    get: (path: string, headers: Record<string, string> = {}) => request('GET', path, { headers }),
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      request('POST', path, { body: new URLSearchParams(fields), headers }),
    /** Sends the page's form that does `doing`, and follows where it leads. */
    async send(page: Page, doing: string): Promise<Page> {
      const { action, fields } = formOf(page.html, doing);
      const answer = await visitor.post(action, fields);
      const to = answer.headers.get('location');
      return answer.status === 303 && to ? visitor.get(to) : answer;
    },
  };
  return visitor;
}

/** What stands on the page: the templates for its script left out. */
export const standing = (html: string): string =>
  html.replace(/<template[\s\S]*?<\/template>/g, '').replace(/<script[\s\S]*?<\/script>/g, '');

/** The view that the seat page shows. */
export const viewOf = (page: Page): string =>
  /<main data-view="(\w+)"/.exec(page.html)?.[1] ?? 'none';

/** The number on the page. */
export const numberOf = (page: Page): string =>
  /class="number"[^>]*>(\d+)</.exec(standing(page.html))?.[1] ?? '';

/** The form that does `doing`: where it goes, and its hidden fields. */
export function formOf(
  html: string,
  doing: string,
): { action: string; fields: Record<string, string> } {
  const form = [...standing(html).matchAll(/<form[\s\S]*?<\/form>/g)]
    .map(([text]) => text)
    .find((text) => text.includes(`data-do="${doing}"`) || text.includes(`action="${doing}"`));
  if (!form) throw new Error(`no form that does ${doing} in ${standing(html)}`);
  const action = /action="([^"]*)"/.exec(form)?.[1] ?? '';
  const inputs = [...form.matchAll(/name="([^"]*)" value="([^"]*)"/g)];
  return { action, fields: Object.fromEntries(inputs.map(([, name, value]) => [name, value])) };
}
