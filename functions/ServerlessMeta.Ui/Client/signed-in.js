// Whoever follows a link from another site arrives without the cookie, for it is never sent with what another site asks for; from here it is. So who is signed in already goes on at once.
customElements.define("signed-in", class extends HTMLElement {
  async connectedCallback() {
    if (new URLSearchParams(location.search).has("failed")) return;
    const answer = await fetch("/api/v1/me", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.replace(this.dataset.return);
  }
});
