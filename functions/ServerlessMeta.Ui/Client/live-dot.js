// Whether the page follows the store. A page says what it follows in <meta name="live" content="runs/...">; when that changes, the page is read again and merged into what is shown, so that scroll,
// selection and zoom stay; whoever can do better listens to "live:changed" and prevents it. Asked every 3 s while things move, up to every 15 s when they are still, never in a hidden tab. Where the
// store offers it and the reader wants it, one connection is held instead; when that fails, the page asks on from the same cursor, and tries again later.
import { listen } from "./live-stream.js";
import { visit } from "./turbo.js";

const address = "/api/v1/events", fastest = 3_000, slowest = 15_000, briefest = 30_000, longest = 600_000, shortest = 3_000, kept = "live-stream";
let timer, next, followed, held, wait = fastest, turns = 0, isBehind = false, streamsFrom = 0, rest = briefest;

// What somebody is writing is not taken from under the hands, nor what was found for it.
function isWriting() {
  const sought = document.querySelector(".find input");
  if (document.querySelector("found-list[role]:not([hidden])") || sought && sought === document.activeElement && sought.value !== sought.defaultValue) return true;
  const fields = document.querySelectorAll("main form:not([method=get]) :is(input, textarea, select)");
  return [...fields].some((field) => field === document.activeElement && field.matches("input:not([type=checkbox], [type=radio]), textarea") || field.localName !== "select" && field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked));
}

function isWanted() {
  try {
    return localStorage.getItem(kept) === "on";
  } catch {
    return false;
  }
}

function show(state) {
  for (const dot of document.querySelectorAll("live-dot")) dot.show(state);
}

const pageOf = () => document.querySelector("meta[name=live]");

function take(events) {
  show("live");
  wait = events.length > 0 ? fastest : Math.min(slowest, wait * 1.5);
  isBehind ||= events.length > 0 && document.dispatchEvent(new CustomEvent("live:changed", { detail: events, cancelable: true }));
  // A visit of this page would end one that somebody began.
  if (isBehind && !isWriting() && !document.documentElement.hasAttribute("aria-busy")) {
    isBehind = false;
    visit(location.href, { action: "replace" });
  }
}

function follow() {
  clearTimeout(timer);
  const page = pageOf(), subject = page?.content;
  if (subject === undefined || document.hidden) {
    letGo();
    turns++;
    show(subject === undefined ? "none" : "paused");
    return;
  }
  if (subject !== followed) {
    letGo();
    [followed, next, wait, isBehind] = [subject, undefined, fastest, false];
  }
  next ??= `${address}?${new URLSearchParams({ subject, ...page.dataset })}`;
  const mayStream = document.querySelector("live-dot[streams]") && isWanted() && performance.now() >= streamsFrom;
  if (!mayStream) letGo();
  // A page that was read again follows on by the connection that is there.
  else if (held) return show(held.state);
  const turn = ++turns;
  if (mayStream) stream(subject, turn);
  else ask(turn);
}

function letGo() {
  held?.stop.abort();
  held = undefined;
}

async function ask(turn) {
  try {
    const answer = await fetch(next, { headers: { Accept: "application/cloudevents-batch+json" }, signal: AbortSignal.timeout(slowest) });
    if (!answer.ok) throw new Error(`The store answered ${answer.status}.`);
    const events = await answer.json();
    if (turn !== turns) return;
    next = /<([^>]*)>/.exec(answer.headers.get("Link"))?.[1];
    take(events);
  } catch {
    if (turn !== turns) return;
    show(document.hidden ? "paused" : "offline");
    wait = fastest;
  }
  timer = setTimeout(follow, wait);
}

async function stream(subject, turn) {
  const mine = held = { stop: new AbortController(), state: document.querySelector("live-dot").dataset.state };
  const began = performance.now();
  let pause = 0;
  try {
    await listen(next, mine.stop.signal, (events, cursor) => {
      if (held !== mine) return;
      if (cursor !== null) next = `${address}?${new URLSearchParams({ subject, after: cursor })}`;
      mine.state = "live";
      take(events);
    });
    // It ends by itself after some minutes; one that does so at once is none.
    if (performance.now() - began < shortest) pause = rest;
    else rest = briefest;
  } catch ({ status }) {
    // Who says that it has no streams will have none later.
    pause = status === 406 ? Infinity : rest;
  }
  // One that was let go did not fail.
  if (held !== mine) return;
  held = undefined;
  streamsFrom = performance.now() + pause;
  // What fails again and again, as behind a proxy that holds everything back, is tried less and less: each time the page is silent for a while.
  if (pause > 0) rest = Math.min(longest, rest * 2);
  if (turn === turns) follow();
}

customElements.define("live-dot", class extends HTMLElement {
  connectedCallback() {
    if (this.word) return;
    // A page that comes out of Turbo's store has what stood in it, but nothing that listens.
    this.replaceChildren();
    this.word = document.createElement("span");
    this.word.setAttribute("role", "status");
    this.append(this.word);
    if (this.hasAttribute("streams")) this.#offer();
    this.show("none");
  }

  show(state) {
    if (this.dataset.state === state) return;
    this.dataset.state = state;
    this.word.textContent = { live: "live", paused: "paused", offline: "offline", none: "" }[state];
  }

  #offer() {
    const menu = document.createElement("details");
    menu.className = "menu";
    menu.innerHTML = `<summary><span class="hidden">How this page follows the store</span></summary>
      <div class="panel"><label class="line"><input type="checkbox" autocomplete="off"> Hold a connection</label>
      <p class="soft">Changes come within 3 seconds, however long it was quiet. A hosted store may be billed for as long as it is held. Remembered in this browser.</p></div>`;
    const choice = menu.querySelector("input");
    choice.checked = isWanted();
    choice.addEventListener("change", () => {
      try {
        localStorage.setItem(kept, choice.checked ? "on" : "off");
      } catch {
        choice.checked = false;
      }
      [streamsFrom, rest] = [0, briefest];
      follow();
    });
    this.append(menu);
  }
});

function anew() {
  letGo();
  [streamsFrom, rest] = [0, briefest];
  follow();
}

// The dot goes on saying what it said while the page is merged with a newer one.
document.addEventListener("turbo:before-morph-element", (event) => event.target.localName === "live-dot" && event.preventDefault());
document.addEventListener("visibilitychange", follow);
document.addEventListener("turbo:load", follow);
window.addEventListener("online", anew);
window.addEventListener("offline", anew);
// Other tabs of the reader's follow what was chosen in one.
window.addEventListener("storage", (event) => {
  if (event.key !== kept) return;
  for (const choice of document.querySelectorAll("live-dot input")) choice.checked = isWanted();
  follow();
});
