// Which runs are selected, by experiment: over pages, changes and visits, until the tab is closed.
export const mostCompared = 20;

export class RunPicks extends EventTarget {
  #key;
  #runs;

  constructor(experiment) {
    super();
    this.#key = `picks:${experiment}`;
    this.#runs = new Set(JSON.parse(sessionStorage.getItem(this.#key) ?? "[]"));
  }

  get all() { return [...this.#runs]; }
  get size() { return this.#runs.size; }
  has(run) { return this.#runs.has(run); }

  set(runs, isPicked) {
    for (const run of runs) isPicked ? this.#runs.add(run) : this.#runs.delete(run);
    sessionStorage.setItem(this.#key, JSON.stringify(this.all));
    this.dispatchEvent(new Event("change"));
  }

  clear() { this.set(this.all, false); }
}
