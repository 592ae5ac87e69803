// Says what was done, or why not, for some seconds; screen readers hear it.
export function toast(text, kind = "good") {
  const note = document.createElement("p");
  note.className = `toast ${kind}`;
  note.textContent = text;
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), kind === "bad" ? 10_000 : 4_000);
}
