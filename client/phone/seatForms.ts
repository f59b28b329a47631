/** What the forms of the seat page ask for. */
export type Doing = 'take' | 'back' | 'leave';

/** The script does what the page's forms would do without it. */
export function onForms(then: (doing: Doing) => void): void {
  document.addEventListener('submit', (event) => {
    const doing = (event.target as HTMLFormElement).dataset.do as Doing | undefined;
    if (doing === undefined) return;
    event.preventDefault();
    then(doing);
  });
}
