"use strict";

/* Questions can be moved by buttons or the mouse; that writes the numbers which say their order
   without a script. */

function renumber(list) {
  [...list.children].forEach((row, place) => {
    row.querySelector(".portal-order").value = String(place + 1);
  });
}

function mover(label, row, list, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "portal-move";
  made.textContent = label === "up" ? "↑" : "↓";
  const name = row.querySelector("th .portal-aside").textContent;
  made.setAttribute("aria-label", `Move ${name} ${label}`);
  made.addEventListener("click", () => {
    act();
    renumber(list);
    made.focus();
  });
  return made;
}

function makeMovable(row, list) {
  const moves = document.createElement("span");
  moves.className = "portal-moves portal-grip";
  moves.append(
    mover("up", row, list, () => row.previousElementSibling?.before(row)),
    mover("down", row, list, () => row.nextElementSibling?.after(row)),
  );
  row.querySelector(".portal-order").after(moves);
  moves.draggable = true;
  moves.title = "Drag to move this question";
  moves.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(row, 0, 0);
    row.classList.add("portal-dragged");
  });
  moves.addEventListener("dragend", () => {
    row.classList.remove("portal-dragged");
    renumber(list);
  });
  row.addEventListener("dragover", (event) => {
    const dragged = list.querySelector(".portal-dragged");
    if (!dragged) return;
    event.preventDefault();
    if (dragged === row) return;
    const { top, height } = row.getBoundingClientRect();
    if (event.clientY > top + height / 2) row.after(dragged);
    else row.before(dragged);
  });
}

document.addEventListener("DOMContentLoaded", () => {
  for (const list of document.querySelectorAll("[data-orders]")) {
    for (const row of [...list.children]) makeMovable(row, list);
  }
});
