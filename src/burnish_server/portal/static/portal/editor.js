"use strict";

/* Brings what the checker said into the editor's margin, lets the keyboard in and out of the
   editor, and lets it follow the page's theme. Runs after django_ace's own load handler. */

const severities = { error: "error", warning: "warning" };

function annotations() {
  const stored = document.getElementById("script-problems");
  return JSON.parse(stored ? stored.textContent : "[]").map((problem) => ({
    row: problem.line - 1,
    column: problem.column - 1,
    text: problem.message,
    type: severities[problem.severity] || "info",
  }));
}

function follow(editor) {
  const choose = () => {
    const dark = document.documentElement.classList.contains("dark");
    editor.setTheme(dark ? "ace/theme/tomorrow_night" : "ace/theme/tomorrow");
  };
  choose();
  new MutationObserver(choose).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["class"],
  });
}

function furnish(widget) {
  const editor = widget.editor;
  editor.setOption("enableKeyboardAccessibility", true);
  editor.textInput.getElement().setAttribute("aria-label", "Script");
  editor.getSession().setAnnotations(annotations());
  follow(editor);
  new ResizeObserver(() => editor.resize()).observe(widget);
  for (const link of document.querySelectorAll("a[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      editor.gotoLine(Number(link.dataset.line), Number(link.dataset.column) - 1, true);
      editor.focus();
    });
  }
}

/* Shows of a hook's form what matters for its event and its kind. Without a script all is shown. */
function suit() {
  const event = document.getElementById("id_event");
  const kind = document.getElementById("id_kind");
  if (!event || !kind) return;
  const show = (name, shown) => {
    const row = document.querySelector(`.form-row.field-${name}, .field-${name}`);
    if (row) row.classList.toggle("portal-row-hidden", !shown);
  };
  const choose = () => {
    show("told_of", event.value === "told");
    show("on_error", event.value !== "told");
    for (const name of ["script", "isolation"]) show(name, kind.value === "script");
    show("may_use", kind.value !== "webhook");
    show("url", kind.value === "webhook");
  };
  for (const one of [event, kind]) one.addEventListener("change", choose);
  choose();
}

window.addEventListener("load", () => {
  suit();
  for (const widget of document.getElementsByClassName("django-ace-widget")) {
    if (widget.editor) furnish(widget);
  }
});
