// Links and forms with data-table show the same page with something else chosen: it is merged into what is shown, so that focus and scroll stay, and yet has an address of its own to go back to.
import { visit } from "./turbo.js";

// What lines are set to is the script's own, and stands in the address: it stays when the charts show other runs.
export const lines = ["metric", "x", "top", "band", "smooth", "log"];

function kept(address) {
  const [here, there] = [new URL(location.href), new URL(address, location.href)];
  if (here.pathname !== there.pathname || here.searchParams.get("view") !== "charts" || there.searchParams.get("view") !== "charts") return address;
  for (const name of lines) {
    if (here.searchParams.has(name)) there.searchParams.set(name, here.searchParams.get(name));
    else there.searchParams.delete(name);
  }
  return there.pathname + there.search;
}

export function show(wanted) {
  const address = kept(wanted);
  if (address !== location.pathname + location.search) history.pushState(history.state, "", address);
  // The page is merged where it stands, so what Turbo would keep of the page before is already this one.
  visit(address, { action: "replace", shouldCacheSnapshot: false });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-table]");
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link.getAttribute("href"));
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-table]");
  if (!form) return;
  event.preventDefault();
  const chosen = new Map();
  // Fields of one name are a list by comma, and what is empty is left out: the address stays short.
  for (const [name, value] of new FormData(form, event.submitter)) {
    if (value.trim()) chosen.set(name, chosen.has(name) ? `${chosen.get(name)}, ${value}` : value);
  }
  const query = new URLSearchParams([...chosen]).toString();
  form.closest("details")?.removeAttribute("open");
  show(form.getAttribute("action") + (query ? `?${query}` : ""));
}, true);

// A menu closes when attention goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});
