// Goes on verifying, part by part, and sums up what was found. Without it each part is a page.
const sums = ["objects", "entries", "unaudited"];

customElements.define("audit-check", class extends HTMLElement {
  connectedCallback() {
    const go = this.querySelector("[data-go]");
    if (go) {
      go.textContent = "Verify the rest";
      go.addEventListener("click", (event) => {
        event.preventDefault();
        go.closest("p").remove();
        this.goOn(this.dataset.next);
      });
    }
  }

  async goOn(token) {
    const total = Object.fromEntries(sums.map((name) => [name, Number(this.place(name).textContent.replaceAll(",", ""))]));
    const state = this.querySelector("[data-say=state]");
    try {
      while (token && this.isConnected) {
        state.textContent = "Verifying …";
        const answer = await fetch(`/api/v1/audit/verify?${new URLSearchParams({ pageToken: token })}`);
        if (!answer.ok) throw new Error(`The store answered ${answer.status}.`);
        const report = await answer.json();
        for (const name of sums) {
          total[name] += report[name];
          this.place(name).textContent = total[name].toLocaleString("en");
        }
        this.add(report.findings);
        token = report.nextPageToken;
      }
      state.textContent = "All was verified.";
    } catch (fault) {
      state.textContent = `It stopped: ${fault.message} Load the page again to begin anew.`;
    }
  }

  place(name) {
    return this.querySelector(`[data-sum=${name}]`);
  }

  add(findings) {
    if (findings.length === 0) return;
    const list = this.querySelector("[data-list=findings]");
    list.closest("section").hidden = false;
    for (const found of findings) {
      const line = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: `/audit?object=${encodeURIComponent(found.object)}`, textContent: found.object });
      line.append(Object.assign(document.createElement("strong"), { textContent: found.fault }), " ", link, `: ${found.detail}`);
      list.append(line);
    }
    const badge = this.querySelector(".badge");
    badge.className = "badge bad";
    badge.textContent = `${list.children.length} findings`;
  }
});
