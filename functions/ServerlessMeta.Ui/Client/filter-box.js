// Completes a filter while it is written: fields that the experiment's runs have, the comparators that a field takes, the values that params and tags have most, what may follow. The store is asked once
// for the names, and once for the values of a field, and again only when that failed. Without scripts it is a plain field.
const most = 12;
const comparators = { number: ["=", "!=", "<", "<=", ">", ">=", "BETWEEN", "IN"], text: ["=", "!=", "LIKE", "ILIKE", "IN"], param: ["=", "!=", "<", "<=", ">", ">=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"], tag: ["=", "!=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"] };
const token = /\s*((?:[\p{L}_][\p{L}\p{N}_]*\.)?(?:`(?:[^`]|``)*`?|"(?:[^"]|"")*"?|[\p{L}_][\p{L}\p{N}_.]*)|'(?:[^']|'')*'?|[-+]?[\d.]+(?:e[-+]?\d+)?|[<>=!~]+|[(),])/uy;
const hasValues = /^(?:params?|parameters?|tags?)\./, number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const isWord = (text, ...words) => words.includes(text.toUpperCase());

/** What may stand at the end of a text: the part of it that is being written, and what of that kind there is. */
export function expect(text) {
  const tokens = [];
  token.lastIndex = 0;
  let end = 0, at;
  while ((at = token.lastIndex, true)) {
    const found = token.exec(text);
    if (!found) break;
    tokens.push({ text: found[1], start: token.lastIndex - found[1].length, end: token.lastIndex });
    end = token.lastIndex;
    if (token.lastIndex === at) break;
  }
  // What touches the end is still being written.
  const open = tokens.length > 0 && end === text.length && !/^[(),]$/.test(tokens.at(-1).text) ? tokens.pop() : null;
  let state = "field", field = null, comparator = null, inList = false;
  for (const { text: word } of tokens) {
    if (state === "field") {
      if (word === "(" || isWord(word, "NOT")) continue;
      [state, field] = ["comparator", word];
    } else if (state === "comparator") {
      comparator = word.toUpperCase();
      if (isWord(word, "IS")) state = "null";
      else if (isWord(word, "IN")) [state, inList] = ["value", true];
      else if (isWord(word, "NOT")) continue;
      else state = isWord(word, "BETWEEN") ? "low" : "value";
    } else if (state === "null") {
      if (isWord(word, "NULL")) state = "joint";
    } else if (state === "low") {
      if (isWord(word, "AND")) state = "value";
    } else if (state === "value") {
      if (inList ? word === ")" : true) [state, inList] = ["joint", false];
    } else if (isWord(word, "AND", "OR")) {
      state = "field";
    }
  }
  return { state, field, comparator, start: open?.start ?? text.length, part: open?.text ?? "" };
}

customElements.define("filter-box", class extends HTMLElement {
  #names;
  #values = new Map();
  #isLoading = false;
  #active = -1;

  connectedCallback() {
    if (this.list?.isConnected) return;
    this.input = this.querySelector("input");
    this.list = document.createElement("ul");
    this.list.id = "filter-options";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Completions");
    this.list.hidden = true;
    this.append(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id, "aria-expanded": "false" })) this.input.setAttribute(name, value);
    this.input.addEventListener("focus", () => this.#load());
    this.input.addEventListener("input", () => { this.#load(); this.#offer(); });
    this.input.addEventListener("click", () => this.#offer());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("li");
      if (option) this.#take(option.dataset.text);
    });
    // What scripts have added stays when the page is merged.
    this.input.addEventListener("turbo:before-morph-attribute", (event) => {
      if (/^(role|aria-(autocomplete|controls|expanded|activedescendant))$/.test(event.detail.attributeName)) event.preventDefault();
    });
    this.list.addEventListener("turbo:before-morph-element", (event) => event.preventDefault());
  }

  async #load() {
    if (this.#names || this.#isLoading) return;
    this.#isLoading = true;
    this.#names = await this.#ask(this.getAttribute("names"));
    this.#isLoading = false;
    if (this.#names && document.activeElement === this.input) this.#offer();
  }

  // Undefined when the store cannot say it now: whoever writes on asks again.
  async #ask(address) {
    try {
      const answer = await fetch(address);
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }

  // Quoted, as the filter takes them; none as long as they are on their way.
  #valuesOf(field, comparator) {
    if (!hasValues.test(field)) return [];
    if (!this.#values.has(field)) {
      this.#values.set(field, []);
      this.#loadValues(field);
    }
    const values = this.#values.get(field);
    // Greater and less compare params as numbers, which are not quoted.
    return /^[<>]/.test(comparator) ? values.map((value) => value.slice(1, -1)).filter((value) => number.test(value)) : values;
  }

  async #loadValues(field) {
    const values = await this.#ask(`${this.getAttribute("values")}?${new URLSearchParams({ field })}`);
    if (!values) {
      this.#values.delete(field);
      return;
    }
    this.#values.set(field, values);
    if (document.activeElement === this.input && this.at?.state === "value" && this.at.field === field) this.#offer();
  }

  #options({ state, field, comparator, part }) {
    const { attributes, fields, statuses } = this.#names ?? { attributes: [], fields: [], statuses: [] };
    const attribute = attributes.find((one) => one.name === field);
    const kind = attribute ? (attribute.isNumber ? "number" : "text") : field?.startsWith("metric") ? "number" : field?.startsWith("param") ? "param" : "tag";
    const all = {
      field: [...fields, ...attributes.map((one) => one.name)],
      comparator: comparators[kind],
      null: ["NULL", "NOT NULL"],
      low: [],
      value: field === "status" ? statuses.map((one) => `'${one}'`) : state === "value" ? this.#valuesOf(field, comparator) : [],
      joint: ["AND", "OR"],
    }[state];
    const wanted = part.toLowerCase().replaceAll("`", "");
    const rank = (text) => text.toLowerCase().replaceAll("`", "").indexOf(wanted);
    return all.filter((text) => text !== part && rank(text) >= 0).sort((x, y) => Math.min(1, rank(x)) - Math.min(1, rank(y))).slice(0, most);
  }

  #offer() {
    const caret = this.input.selectionStart;
    this.at = expect(this.input.value.slice(0, caret));
    const options = this.#options(this.at);
    this.list.replaceChildren(...options.map((text, place) => {
      const option = document.createElement("li");
      option.id = `filter-option-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      [option.dataset.text, option.textContent] = [text, text];
      return option;
    }));
    this.#mark(-1);
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(options.length > 0));
  }

  #mark(place) {
    this.#active = place;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    this.list.children[place]?.scrollIntoView({ block: "nearest" });
    if (place >= 0) this.input.setAttribute("aria-activedescendant", this.list.children[place].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const count = this.list.children.length;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.#close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (this.list.hidden || count > 0)) {
      event.preventDefault();
      if (this.list.hidden) this.#offer();
      else this.#mark((this.#active + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if ((event.key === "Enter" || event.key === "Tab") && this.#active >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.#take(this.list.children[this.#active].dataset.text);
    } else if (event.key === "Enter") {
      this.#close();
    }
  }

  #take(text) {
    const caret = this.input.selectionStart, { value } = this.input;
    const before = `${value.slice(0, this.at.start)}${text} `;
    this.input.value = before + value.slice(caret).trimStart();
    this.input.setSelectionRange(before.length, before.length);
    this.#offer();
  }

  #close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
});
