// One tick for all units; without scripts each is ticked by itself.
"use strict";

(() => {
  const all = document.getElementById("split-all");
  const boxes = [...document.querySelectorAll('#split input[name="unit"]')];
  if (!all || boxes.length < 2) return;
  function show() {
    all.checked = boxes.every((box) => box.checked);
    all.indeterminate = !all.checked && boxes.some((box) => box.checked);
  }
  all.hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  boxes.forEach((box) => box.addEventListener("change", show));
  show();
})();
