// The page object: what a person can do on the page and see there, found by role and name as a person finds it.
// Journeys speak through it only, so that a change of the page changes this file and not every journey.

export class Playground {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  /** The main region of the page. */
  get main() {
    return this.page.getByRole('main');
  }

  /** Milliseconds from the start of the navigation until one can work with the page. */
  async timeToInteractive() {
    return this.page.evaluate(() => Math.round(performance.getEntriesByName('mq-interactive')[0].startTime));
  }
}
