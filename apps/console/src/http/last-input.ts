// shorter than the calmest of the console's intervals, so that the first reading by itself is already told apart;
// longer than the code of a page that was just opened takes to arrive
const graceMs = 4_000;

// what a person at the page does; hovering reads ahead, and assistive technology sends clicks only
const inputs = ['pointerdown', 'pointermove', 'keydown', 'click', 'input', 'popstate'];

// opening the page is the first thing that a person does
let last = Date.now();

function note(): void {
  last = Date.now();
}

/** Listens for a person at `page`, once for the life of the page. */
export function watchInput(page: EventTarget): void {
  for (const type of inputs) page.addEventListener(type, note, { capture: true, passive: true });
}

/**
 * Whether what is read now is read by the console itself: by an interval, or because the window came to the front.
 * The query's own state cannot tell: a failed reading counts as invalidated, so the polls of a host that is away
 * would look wanted for ever.
 */
export function asksByItself(): boolean {
  return Date.now() - last > graceMs;
}
