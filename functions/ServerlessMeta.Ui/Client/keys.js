// "/" goes to the search from anywhere; Escape leaves it.
function typing(target) {
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    event.preventDefault();
    document.querySelector(".find input")?.focus();
  } else if (event.key === "Escape" && event.target.matches(".find input")) {
    event.target.blur();
  }
});
