// What every page has. Elements that only some pages have are loaded where they stand.
import "./turbo.js";
import "./live-dot.js";
import "./copy-button.js";
import "./api-form.js";
import "./keys.js";
import { showTimes } from "./times.js";

// Element by module. A page names the element; whoever adds one adds a line.
const elements = {
  "found-list": "./found-list.js",
  "signed-in": "./signed-in.js",
};

function arrive() {
  showTimes(document);
  for (const element of document.querySelectorAll(":not(:defined)")) {
    const name = element.localName;
    if (elements[name]) {
      import(elements[name]);
    }
  }
}

document.addEventListener("turbo:load", arrive);
document.addEventListener("turbo:render", arrive);
// Rows that come later have times too.
document.addEventListener("rows:added", (event) => showTimes(event.target));
