// Keeps what is typed into a form until it is sent, in this tab only: a page that was lost or
// could not be sent comes back as it was. Pages work the same without it.

const PREFIX = "burnish-draft:";
const form = document.querySelector("form[data-draft]");
const key = form && PREFIX + form.dataset.draft;

function fields() {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "submit", "password"].includes(field.type),
  );
}

function isTicked(field) {
  return ["radio", "checkbox"].includes(field.type);
}

function keep() {
  const draft = {};
  for (const field of fields()) {
    if (!isTicked(field)) draft[field.name] = field.value;
    else if (field.checked) draft[field.name] = field.value;
  }
  sessionStorage.setItem(key, JSON.stringify(draft));
}

function restore() {
  const draft = JSON.parse(sessionStorage.getItem(key) || "{}");
  for (const field of fields()) {
    const said = draft[field.name];
    if (typeof said !== "string") continue;
    if (isTicked(field)) field.checked = field.value === said;
    else if (!field.value) field.value = said;
  }
}

try {
  // What was typed into other forms has been sent, or belongs to somebody else.
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(PREFIX) && name !== key) sessionStorage.removeItem(name);
  }
  if (form) {
    restore();
    form.addEventListener("input", keep);
    form.addEventListener("submit", (event) => {
      const note = form.querySelector("[data-offline]");
      note.hidden = navigator.onLine;
      if (navigator.onLine) return;
      event.preventDefault();
      // What was typed before this script was loaded was not kept yet.
      keep();
    });
  }
} catch {
  // A browser that keeps nothing for us: the form is a form.
}
