// What a page of the workbench does by itself: numbers beside sliders, undo and redo, copying the link.
(function () {
  "use strict";
  const KEY = "accord-history";
  const say = (text) => { document.getElementById("said").textContent = text; };
  const format = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 });

  document.addEventListener("input", (event) => {
    const slider = event.target;
    if (slider.type !== "range") return;
    const output = slider.parentElement.querySelector("output");
    const text = `${format.format(Number(slider.value))} ${output.dataset.unit}`;
    output.textContent = text;
    output.classList.toggle("moved", Number(slider.value) !== Number(output.dataset.was));
    slider.setAttribute("aria-valuetext", text);
  });

  // Undo and redo: the addresses of this tab, in order.
  const read = () => {
    try { return JSON.parse(sessionStorage.getItem(KEY)) || { list: [], at: -1 }; }
    catch { return { list: [], at: -1 }; }
  };
  const write = (kept) => sessionStorage.setItem(KEY, JSON.stringify(kept));
  const buttons = () => ({ undo: document.getElementById("undo"), redo: document.getElementById("redo") });

  function show() {
    const { list, at } = read();
    const { undo, redo } = buttons();
    undo.hidden = redo.hidden = false;
    undo.disabled = at <= 0;
    redo.disabled = at >= list.length - 1;
  }

  function note() {
    const url = document.getElementById("links").dataset.url;
    const kept = read();
    if (kept.list[kept.at] !== url) {
      kept.list = [...kept.list.slice(Math.max(0, kept.at - 48), kept.at + 1), url];
      kept.at = kept.list.length - 1;
      write(kept);
    }
    show();
  }

  function go(step) {
    const kept = read();
    const at = kept.at + step;
    if (at < 0 || at >= kept.list.length) return;
    kept.at = at;
    write(kept);
    location.assign(kept.list[at]);
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=range]), textarea, select");
    if (typing || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === "z") { event.preventDefault(); go(event.shiftKey ? 1 : -1); }
    else if (key === "y") { event.preventDefault(); go(1); }
  });

  document.addEventListener("click", async (event) => {
    if (event.target.id === "undo") go(-1);
    else if (event.target.id === "redo") go(1);
    else if (event.target.id === "copy-link") {
      const url = new URL(document.getElementById("links").dataset.url, location.href).href;
      try { await navigator.clipboard.writeText(url); say(event.target.dataset.done); }
      catch { prompt("", url); }
    }
  });

  let settle;
  document.addEventListener("htmx:after:swap", () => { clearTimeout(settle); settle = setTimeout(note, 400); });
  document.getElementById("copy-link").hidden = false;
  note();
})();
