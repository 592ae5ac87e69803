// <form data-api="POST /api/v1/...">: its fields go to the API as JSON, by the very call that any other client makes. What is refused is said at the form, by the API's own words.
// {name} in an address is the field of that name, which is no part of the body. data-first="POST address field ..." is called before with those fields: what must be there, and may be already.
// A field with data-asked has what the page's address says under that name: scripts may have changed it since the page came.
// One with data-fresh is an id, made when the form is first sent, so that the page is the same each time that it is asked for. It stays while nothing was made, so that sending again is safe; then the next is another.
// Names with dots are members of members; data-type number, boolean, list (by comma) and json say what a text stands for; empty fields are left out.
import { toast } from "./toast.js";
import { visit } from "./turbo.js";

const read = {
  number: Number,
  boolean: (text) => text === "true" || text === "on",
  list: (text) => text.split(",").map((one) => one.trim()).filter(Boolean),
  json: JSON.parse,
};

function bodyOf(form) {
  const body = {}, asked = new URLSearchParams(location.search);
  for (const field of form.elements) {
    if (field.dataset.asked) field.value = asked.get(field.dataset.asked) ?? "";
    if (!field.name || field.disabled || (field.type === "checkbox" || field.type === "radio") && !field.checked || field.value === "") continue;
    const path = field.name.split(".");
    const last = path.pop();
    const holder = path.reduce((at, name) => at[name] ??= {}, body);
    holder[last] = (read[field.dataset.type] ?? String)(field.value);
  }
  return body;
}

function say(form, text) {
  let place = form.querySelector(".fault");
  if (!place) {
    place = document.createElement("p");
    place.className = "fault";
    place.setAttribute("role", "alert");
    form.append(place);
  }
  place.textContent = text;
}

// Not randomUUID, which a page has by HTTPS alone.
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Fields that an address names, put into it; they are noted.
function filled(form, address, used = new Set()) {
  return address.replace(/\{(\w+)\}/g, (_, name) => {
    used.add(name);
    return encodeURIComponent(form.elements[name].value);
  });
}

function send(method, address, body, headers = {}) {
  return fetch(address, { method, headers: { "Content-Type": "application/json", ...headers }, body: method === "GET" || method === "DELETE" ? undefined : JSON.stringify(body) });
}

export async function problemOf(answer) {
  const text = await answer.text();
  try {
    const problem = JSON.parse(text);
    const fields = Object.entries(problem.errors ?? {}).map(([field, words]) => `${field}: ${[words].flat().join(" ")}`);
    return [problem.detail ?? problem.message ?? problem.title, ...fields].filter(Boolean).join(" ");
  } catch {
    return text || `The store answered ${answer.status}.`;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const call = form.dataset?.api;
  if (!call) return;
  event.preventDefault();
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) return;
  const [method, template] = call.split(" ");
  const used = new Set();
  for (const field of form.querySelectorAll("[data-fresh]")) field.value ||= newId();
  const address = filled(form, template, used);
  const then = form.dataset.then && filled(form, form.dataset.then);
  let body;
  try {
    body = bodyOf(form);
  } catch (fault) {
    say(form, `This is no JSON: ${fault.message}`);
    return;
  }
  for (const name of used) delete body[name];
  const button = event.submitter ?? form.querySelector("button");
  if (event.submitter?.name) body[event.submitter.name] = event.submitter.value;
  if (button) button.disabled = true;
  try {
    if (form.dataset.first) {
      const [before, place, ...fields] = form.dataset.first.split(" ");
      const made = await send(before, place, Object.fromEntries(fields.map((name) => [name, body[name]])));
      const problem = made.ok ? null : await made.clone().json().catch(() => null);
      if (!made.ok && problem?.error_code !== "RESOURCE_ALREADY_EXISTS") {
        say(form, await problemOf(made));
        return;
      }
    }
    const answer = await send(method, address, body, { ...(form.dataset.ifMatch && { "If-Match": form.dataset.ifMatch }), ...(form.dataset.ifNoneMatch && { "If-None-Match": form.dataset.ifNoneMatch }) });
    if (!answer.ok) {
      say(form, await problemOf(answer));
      return;
    }
    toast(form.dataset.done ?? "Done.");
    form.querySelector(".fault")?.remove();
    form.reset();
    for (const field of form.querySelectorAll("[data-fresh]")) field.value = "";
    form.closest("details")?.removeAttribute("open");
    visit(then ?? location.href, { action: then ? "advance" : "replace" });
  } catch {
    say(form, "The store did not answer. Nothing may have been changed; try again.");
  } finally {
    if (button) button.disabled = false;
  }
}, true);
