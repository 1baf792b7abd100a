// Tables: what is wider than its place can be scrolled by the keyboard, and rows stand on a phone as
// blocks, in which each value needs the name of its column.

const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };

// As blocks, the parts of a table are parts of a table no longer, unless they say so.
function label(table) {
  const names = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  table.role = ROLES.TABLE;
  for (const part of table.querySelectorAll("thead, tbody, tr, td")) part.role = ROLES[part.tagName];
  for (const head of table.querySelectorAll("th")) head.role = head.scope === "row" ? "rowheader" : "columnheader";
  for (const row of table.tBodies[0]?.rows ?? []) {
    [...row.cells].forEach((cell, index) => {
      const isAlone = cell.tagName === "TH" || cell.querySelector(".actions");
      if (!isAlone && names[index]) cell.dataset.label = names[index];
    });
  }
}

export function makeScrollable(part) {
  for (const element of part.querySelectorAll(".scroll")) {
    for (const table of element.querySelectorAll("table:not(.rules)")) {
      label(table);
      element.classList.add("stacked");
    }
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
  }
}

// The current entry of a menu that is wider than the screen.
export function showCurrent() {
  for (const entry of document.querySelectorAll(".side [aria-current], .tabs [aria-current]")) {
    const menu = entry.closest("nav");
    menu.scrollLeft = entry.offsetLeft - menu.offsetLeft - (menu.clientWidth - entry.clientWidth) / 2;
  }
}
