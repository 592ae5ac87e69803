// What the search finds while somebody types, below its box: arrows go through it, Escape closes it. Enter goes to the page of all results, as without scripts.
const patience = 180;

customElements.define("found-list", class extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.hidden = true;
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "Found so far");
    document.addEventListener("input", (event) => event.target.matches?.(".find input") && this.later(event.target));
    document.addEventListener("keydown", (event) => this.move(event));
    document.addEventListener("click", (event) => this.contains(event.target) || event.target.matches?.(".find input") || this.close());
    document.addEventListener("turbo:visit", () => this.close());
    this.input = true;
  }

  later(input) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(input), patience);
  }

  async find(input) {
    const text = input.value.trim();
    if (!text) {
      this.close();
      return;
    }
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const answer = await fetch(`/search/instant?${new URLSearchParams({ q: text })}`, { signal: this.asking.signal });
      if (!answer.ok || document.activeElement !== input) return;
      this.innerHTML = await answer.text();
      const place = input.getBoundingClientRect();
      this.style.top = `${place.bottom + 4}px`;
      this.style.left = `${Math.max(8, Math.min(place.left, innerWidth - 488))}px`;
      this.hidden = false;
    } catch {
      // Another text was typed meanwhile, or the store does not answer: Enter says so.
    }
  }

  move(event) {
    if (this.hidden) return;
    if (event.key === "Escape") {
      const had = this.contains(document.activeElement);
      this.close();
      if (had) document.querySelector(".find input")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const places = [document.querySelector(".find input"), ...this.querySelectorAll("a")];
      const at = places.indexOf(document.activeElement);
      if (at < 0) return;
      event.preventDefault();
      places[(at + (event.key === "ArrowDown" ? 1 : places.length - 1)) % places.length].focus();
    }
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.hidden = true;
  }
});
