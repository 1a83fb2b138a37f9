// The grid of an activity's record: the last row adds up while one types. Without this script it shows what was saved.
(() => {
  "use strict";
  const grid = document.querySelector("[data-sum-grid]");
  if (!grid) return;
  const sums = [...grid.querySelectorAll("[data-sum]")];
  const rows = [...grid.querySelectorAll("[data-sum-row]")].map((row) => [...row.querySelectorAll("input")]);
  const add = () => {
    sums.forEach((cell, place) => {
      const total = rows.reduce((sum, inputs) => sum + (Number(inputs[place].value) || 0), 0);
      cell.textContent = String(Math.round(total * 10) / 10);
    });
  };
  grid.addEventListener("input", add);
  add();
})();
