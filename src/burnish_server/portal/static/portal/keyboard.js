"use strict";

/* unfold has links without an address and clickable spans (menu, filters, theme); the keyboard
   reaches them by this. */

const CLICKABLE = "a:not([href]), span[x-on\\:click], div[x-on\\:click]:has(.material-symbols-outlined)";
const NAMES = { dock_to_right: "Menu", close: "Close menu" };

function reach(root) {
  for (const element of root.querySelectorAll(CLICKABLE)) {
    if (!element.hasAttribute("x-on:click") || element.hasAttribute("tabindex")) continue;
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    const name = NAMES[element.textContent.trim()];
    if (name) element.setAttribute("aria-label", name);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      element.click();
    });
  }
}

document.addEventListener("DOMContentLoaded", () => reach(document));
