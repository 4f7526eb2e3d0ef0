"use strict";

/* A waterfall's steps can be moved by buttons or the mouse; that writes the numbers which say their
   order without a script. Outputs a provider does not give are hidden. */

const GIVES = new Map();

function number(list) {
  let order = 0;
  for (const step of list.children) {
    const field = step.querySelector("[name$='-order']");
    const filled = step.querySelector("[name$='-provider']").value !== "";
    field.value = filled ? String(++order) : "";
  }
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "portal-move";
  made.textContent = label === "up" ? "↑" : "↓";
  made.setAttribute("aria-label", `Move this step ${label}`);
  made.addEventListener("click", () => {
    act();
    made.focus();
  });
  return made;
}

function movable(step, list) {
  const moves = document.createElement("p");
  moves.className = "portal-moves";
  moves.append(
    button("up", () => {
      if (step.previousElementSibling) step.previousElementSibling.before(step);
      number(list);
    }),
    button("down", () => {
      if (step.nextElementSibling) step.nextElementSibling.after(step);
      number(list);
    }),
  );
  step.append(moves);
  moves.draggable = true;
  moves.title = "Drag to move this step";
  moves.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(step, 0, 0);
    step.classList.add("portal-dragged");
  });
  moves.addEventListener("dragend", () => {
    step.classList.remove("portal-dragged");
    number(list);
  });
  step.addEventListener("dragover", (event) => {
    const dragged = list.querySelector(".portal-dragged");
    if (!dragged) return;
    event.preventDefault();
    if (dragged === step) return;
    const { top, height } = step.getBoundingClientRect();
    if (event.clientY > top + height / 2) step.after(dragged);
    else step.before(dragged);
  });
}

function narrow(step) {
  const provider = step.querySelector("[name$='-provider']");
  const output = step.querySelector("[name$='-output']");
  const gives = GIVES.get(provider.value);
  for (const option of output.options) {
    option.hidden = option.value !== "" && !option.selected && gives !== undefined &&
      !gives.has(option.value);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  for (const one of document.querySelectorAll("template[data-gives]")) {
    GIVES.set(one.dataset.gives, new Set(one.content.textContent.split(" ")));
  }
  for (const list of document.querySelectorAll("[data-moves]")) {
    for (const step of [...list.children]) {
      movable(step, list);
      narrow(step);
      step.querySelector("[name$='-provider']").addEventListener("change", () => {
        narrow(step);
        number(list);
      });
    }
  }
});
