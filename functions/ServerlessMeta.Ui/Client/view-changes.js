// Stands beside a saved view, and is seen only when the page shows something else than what was saved. The page knows of all that it was asked for; what charts are set to since, the address knows.
import { lines } from "./table-visit.js";

customElements.define("view-changes", class extends HTMLElement {
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    document.addEventListener("address:changed", () => this.#look(), { signal: this.#stop.signal });
  }

  disconnectedCallback() { this.#stop?.abort(); }

  #look() {
    const asked = new URLSearchParams(location.search), saved = new URLSearchParams(this.getAttribute("lines"));
    this.hidden = !this.hasAttribute("changed") && lines.every((name) => asked.get(name) === saved.get(name));
  }
});
