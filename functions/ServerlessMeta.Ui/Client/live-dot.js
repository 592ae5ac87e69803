// Whether the page follows the store. A page says what it follows in <meta name="live" content="runs/...">; when that changes, the page is read again and merged into what is shown, so that scroll,
// selection and zoom stay; whoever can do better listens to "live:changed" and prevents it. Asked every 3 s while things move, up to every 15 s when they are still, never in a hidden tab.
import { visit } from "./turbo.js";

const fastest = 3_000, slowest = 15_000;
let timer, next, followed, wait = fastest, turns = 0, isBehind = false;

// What somebody is writing is not taken from under the hands.
function isWriting() {
  const fields = document.querySelectorAll("main form:not([method=get]) :is(input, textarea, select)");
  return [...fields].some((field) => field === document.activeElement && field.matches("input:not([type=checkbox], [type=radio]), textarea") || field.localName !== "select" && field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked));
}

function show(state) {
  for (const dot of document.querySelectorAll("live-dot")) dot.show(state);
}

async function ask() {
  clearTimeout(timer);
  const subject = document.querySelector("meta[name=live]")?.content;
  if (subject === undefined || document.hidden) {
    show(subject === undefined ? "none" : "paused");
    return;
  }
  if (subject !== followed) [followed, next, wait, isBehind] = [subject, undefined, fastest, false];
  const turn = ++turns;
  try {
    const answer = await fetch(next ?? `/api/v1/events?${new URLSearchParams({ subject })}`, { headers: { Accept: "application/cloudevents-batch+json" }, signal: AbortSignal.timeout(slowest) });
    if (!answer.ok) throw new Error(`The store answered ${answer.status}.`);
    const events = await answer.json();
    if (turn !== turns) return;
    next = /<([^>]*)>/.exec(answer.headers.get("Link"))?.[1];
    show("live");
    wait = events.length > 0 ? fastest : Math.min(slowest, wait * 1.5);
    isBehind ||= events.length > 0 && document.dispatchEvent(new CustomEvent("live:changed", { detail: events, cancelable: true }));
    if (isBehind && !isWriting()) {
      isBehind = false;
      visit(location.href, { action: "replace" });
    }
  } catch {
    if (turn !== turns) return;
    show(document.hidden ? "paused" : "offline");
    wait = fastest;
  }
  timer = setTimeout(ask, wait);
}

customElements.define("live-dot", class extends HTMLElement {
  connectedCallback() {
    if (!this.firstChild) {
      this.setAttribute("role", "status");
      this.show("none");
    }
  }

  show(state) {
    if (this.dataset.state === state) return;
    this.dataset.state = state;
    this.textContent = { live: "live", paused: "paused", offline: "offline", none: "" }[state];
  }
});

// The dot goes on saying what it said while the page is merged with a newer one.
document.addEventListener("turbo:before-morph-element", (event) => event.target.localName === "live-dot" && event.preventDefault());
document.addEventListener("visibilitychange", ask);
document.addEventListener("turbo:load", ask);
window.addEventListener("online", ask);
window.addEventListener("offline", ask);
