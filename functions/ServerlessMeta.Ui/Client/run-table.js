// Makes a table of up to 100,000 runs scroll: only the rows in sight and some around them are there, spacers stand for the others. Selection outlives scrolling and changes; trends are loaded for what is in sight.
import { mostCompared, RunPicks } from "./run-picks.js";
import { show } from "./table-visit.js";
import { visit } from "./turbo.js";

const around = 1, mostSparks = 50;

function spacer() {
  const row = document.createElement("tr");
  row.className = "space";
  row.setAttribute("aria-hidden", "true");
  row.append(document.createElement("td"));
  return row;
}

// A table that shows other runs is laid out anew anyway: its rows are put in place of the old ones instead of being merged with them one by one, which takes several times as long.
document.addEventListener("turbo:before-morph-element", (event) => {
  const { target, detail: { newElement } } = event;
  if (target.localName !== "tbody" || newElement?.localName !== "tbody" || !target.closest("run-table")) return;
  event.preventDefault();
  const focused = focusWithin(target);
  target.replaceChildren(...newElement.childNodes);
  focused(target);
});

// Remembers what has the focus in rows, and gives it back in others: the same thing in the row of the same run.
function focusWithin(body) {
  const element = document.activeElement;
  const run = body.contains(element) ? element.closest("tr[data-run]")?.dataset.run : undefined;
  const within = element?.matches("input") ? "input" : "a";
  return (rows) => run && rows.querySelector(`tr[data-run="${run}"] ${within}`)?.focus({ preventScroll: true });
}

customElements.define("run-table", class extends HTMLElement {
  static observedAttributes = ["rows", "total", "sparks"];
  #parts = new Map();
  #loading = new Map();
  #trends = new Map();
  #spaces = [spacer(), spacer()];
  #shown = "";
  #hasWidths = false;
  #pending;
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.picks = new RunPicks(this.getAttribute("experiment"));
    this.frame.addEventListener("scroll", () => this.#settle(), { signal, passive: true });
    this.addEventListener("change", (event) => this.#pick(event.target), { signal });
    this.picks.addEventListener("change", () => this.#showPicks(), { signal });
    document.addEventListener("live:changed", (event) => { event.preventDefault(); this.refresh(); }, { signal });
    document.addEventListener("turbo:morph", () => this.#begin(false), { signal });
    this.#toolbar(signal);
    this.#begin(true);
    const sizes = new ResizeObserver(() => { this.#measure(); this.#settle(); });
    sizes.observe(this.frame);
    signal.addEventListener("abort", () => sizes.disconnect());
  }

  disconnectedCallback() { this.#stop?.abort(); }

  // The server has said something else: where its rows come from is another question now.
  attributeChangedCallback(name, before, after) {
    if (name === "rows" && before !== null && before !== after) this.frame.scrollTop = 0;
    if (name === "sparks" && before !== after) this.#trends.clear();
    if (name === "total") this.#count(Number(after));
  }

  get frame() { return this.querySelector(".scroll"); }
  get heads() { return [...this.querySelectorAll("thead th")]; }
  get body() { return this.querySelector("tbody"); }
  get size() { return Number(this.getAttribute("size")); }
  get total() { return Number(this.getAttribute("total")); }

  #begin(isFirst) {
    const from = Number(this.getAttribute("from"));
    this.#parts.clear();
    this.#loading.clear();
    this.#shown = "";
    const rows = [...this.body.querySelectorAll("tr[data-run]")];
    if (from % this.size === 0 && (rows.length === this.size || from + rows.length === this.total)) this.#parts.set(from / this.size, rows);
    this.querySelector(".pager")?.remove();
    const all = this.querySelector("[data-all]");
    if (all) all.hidden = false;
    for (const head of this.heads) head.style.minWidth = "";
    this.#hasWidths = false;
    if (isFirst) this.#measure();
    if (isFirst && from > 0) this.frame.scrollTop = from * this.rowHeight;
    this.#settle();
  }

  #measure() {
    this.rowHeight = this.body.querySelector("tr[data-run]")?.getBoundingClientRect().height || 36;
  }

  // Columns keep the width that they have with the first rows, so that nothing jumps while rows come and go.
  #keepWidths() {
    if (this.#hasWidths) return;
    this.#hasWidths = true;
    const widths = this.heads.map((head) => head.getBoundingClientRect().width);
    this.heads.forEach((head, at) => { head.style.minWidth = `${Math.floor(widths[at])}px`; });
  }

  #range() {
    const first = Math.max(0, Math.floor(this.frame.scrollTop / this.rowHeight));
    const last = Math.min(this.total - 1, Math.ceil((this.frame.scrollTop + this.frame.clientHeight) / this.rowHeight));
    return { first, last, firstPart: Math.floor(first / this.size), lastPart: Math.max(0, Math.floor(last / this.size)) };
  }

  #settle() {
    const { firstPart, lastPart } = this.#range();
    const highest = Math.max(0, Math.ceil(this.total / this.size) - 1);
    const [from, to] = [Math.max(0, firstPart - around), Math.min(highest, lastPart + around)];
    for (const part of this.#parts.keys()) if (part < from - around || part > to + around) this.#parts.delete(part);
    this.#render(from, to);
    clearTimeout(this.#pending);
    const missing = [];
    for (let part = firstPart; part <= lastPart; part++) if (!this.#parts.has(part)) missing.push(part);
    // Whoever drags the scrollbar passes many parts by.
    this.#pending = setTimeout(() => {
      for (let part = from; part <= to; part++) if (!this.#parts.has(part)) this.#load(part);
      this.#trendsInSight();
    }, missing.length ? 40 : 120);
  }

  #render(from, to) {
    const parts = [];
    for (let part = from; part <= to; part++) if (this.#parts.has(part)) parts.push(part);
    const shown = parts.join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    const children = [];
    let at = 0;
    for (const part of parts) {
      if (part * this.size > at) children.push(this.#space(children.length, part * this.size - at));
      children.push(...this.#parts.get(part));
      at = part * this.size + this.#parts.get(part).length;
    }
    if (at < this.total) children.push(this.#space(children.length, this.total - at));
    this.#place(children);
    for (const row of children) this.#placeTrend(row);
    this.dispatchEvent(new Event("rows:added", { bubbles: true }));
    this.#showPicks();
  }

  // What stays is not touched: it keeps its focus, and need not be laid out again.
  #place(children) {
    const wanted = new Set(children);
    for (const row of [...this.body.children]) if (!wanted.has(row)) row.remove();
    let next = this.body.firstElementChild;
    for (const row of children) {
      if (row === next) next = next.nextElementSibling;
      else this.body.insertBefore(row, next);
    }
  }

  // There may be holes between parts while they load, so spacers are made as they are needed.
  #space(place, rows) {
    const row = place === 0 ? this.#spaces[0] : spacer();
    row.firstChild.colSpan = this.heads.length;
    row.style.height = `${rows * this.rowHeight}px`;
    return row;
  }

  async #load(part) {
    if (this.#loading.has(part)) return;
    const address = this.getAttribute("rows");
    this.#loading.set(part, address);
    try {
      const answer = await fetch(`${address}${address.includes("?") ? "&" : "?"}from=${part * this.size}&count=${this.size}`);
      if (!answer.ok || this.getAttribute("rows") !== address || this.#loading.get(part) !== address) return;
      const rows = document.createElement("tbody");
      rows.innerHTML = await answer.text();
      this.#put(part, [...rows.children], Number(answer.headers.get("X-Total")));
    } finally {
      this.#loading.delete(part);
    }
  }

  #put(part, rows, total) {
    this.#keepWidths();
    this.#parts.set(part, rows);
    this.#count(total);
    this.#shown = "";
    this.#settle();
  }

  #count(total) {
    if (String(total) !== this.getAttribute("total")) this.setAttribute("total", total);
    this.querySelector("table")?.setAttribute("aria-rowcount", total + 1);
    const text = document.querySelector("[data-total]");
    if (text) text.textContent = total.toLocaleString("en");
  }

  /** Reads the rows in sight again; scroll, selection and focus stay. */
  async refresh() {
    const { firstPart, lastPart } = this.#range();
    const address = this.getAttribute("rows");
    for (let part = firstPart; part <= lastPart; part++) {
      const answer = await fetch(`${address}${address.includes("?") ? "&" : "?"}from=${part * this.size}&count=${this.size}`);
      if (!answer.ok || this.getAttribute("rows") !== address) return;
      const rows = document.createElement("tbody");
      rows.innerHTML = await answer.text();
      const focused = focusWithin(this.body);
      for (const row of rows.children) if (row.querySelector(".badge.info")) this.#trends.delete(row.dataset.run);
      this.#put(part, [...rows.children], Number(answer.headers.get("X-Total")));
      focused(this.body);
    }
    for (const part of [...this.#parts.keys()]) if (part < firstPart || part > lastPart) this.#parts.delete(part);
  }

  async #trendsInSight() {
    const address = this.getAttribute("sparks");
    if (!address) return;
    const top = this.frame.getBoundingClientRect().top, bottom = this.frame.getBoundingClientRect().bottom;
    const wanted = [];
    for (const row of this.body.querySelectorAll("tr[data-run]")) {
      const box = row.getBoundingClientRect();
      if (box.bottom < top || box.top > bottom || box.top > innerHeight + 400) continue;
      const run = row.dataset.run;
      if (this.#trends.has(run)) this.#placeTrend(row);
      else if (wanted.length < mostSparks) wanted.push(run);
    }
    if (wanted.length === 0) return;
    for (const run of wanted) this.#trends.set(run, null);
    const answer = await fetch(`${address}&runs=${wanted}`);
    if (!answer.ok || this.getAttribute("sparks") !== address) return;
    const drawn = document.createElement("template");
    drawn.innerHTML = await answer.text();
    for (const trend of [...drawn.content.children]) this.#trends.set(trend.dataset.of, trend);
    for (const run of wanted) {
      const row = this.body.querySelector(`tr[data-run="${run}"]`);
      if (row) this.#placeTrend(row);
    }
    if (wanted.length === mostSparks) this.#trendsInSight();
  }

  #placeTrend(row) {
    const trend = this.#trends.get(row.dataset.run);
    const cell = trend && row.querySelector(".trend");
    if (cell && cell.firstElementChild !== trend) cell.replaceChildren(trend);
  }

  #pick(box) {
    if (box.matches("[data-all]")) this.picks.set([...this.body.querySelectorAll("tr[data-run]")].map((row) => row.dataset.run), box.checked);
    else if (box.name === "runs") this.picks.set([box.value], box.checked);
  }

  #showPicks() {
    for (const row of this.body.querySelectorAll("tr[data-run]")) {
      const isPicked = this.picks.has(row.dataset.run);
      row.querySelector("input").checked = isPicked;
      row.classList.toggle("picked", isPicked);
    }
    const { size: count } = this.picks;
    const button = (name) => document.querySelector(`[data-picked=${name}]`);
    const compare = button("compare");
    if (!compare) return;
    compare.textContent = count > 0 ? `Compare ${count}` : "Compare";
    compare.disabled = count < 2 || count > mostCompared;
    compare.title = count > mostCompared ? `Up to ${mostCompared} runs are compared at once.` : count < 2 ? "Select two runs or more." : "";
    button("chart").hidden = button("none").hidden = count === 0;
  }

  #toolbar(signal) {
    document.addEventListener("submit", (event) => {
      if (event.target.id !== "compare") return;
      event.preventDefault();
      visit(`/compare?runs=${this.picks.all}`);
    }, { signal });
    document.addEventListener("click", (event) => {
      const name = event.target.closest?.("[data-picked]")?.dataset.picked;
      if (name === "none") this.picks.clear();
      if (name === "chart") {
        const address = new URL(location.href);
        address.searchParams.set("view", "charts");
        address.searchParams.set("runs", this.picks.all.join());
        show(address.pathname + address.search);
      }
    }, { signal });
  }
});
