// Small comforts on pages that work without them: keys / j k, and a link sign that also copies its link.
(() => {
  "use strict";
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
  const said = document.getElementById("said");
  let timer = 0;

  const say = (text) => {
    said.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = ""; }, 2000);
  };

  const linkOf = (sign) => location.origin + location.pathname + sign.getAttribute("href");

  document.addEventListener("click", async (event) => {
    const sign = event.target.closest("a.sign");
    if (!sign || !navigator.clipboard) return; // without a clipboard the link is followed, and stands in the address bar
    try {
      await navigator.clipboard.writeText(linkOf(sign));
      say("链接已复制");
    } catch {
      say("链接在地址栏中");
    }
  });

  // Results are stepped through by their links, minutes by their marks.
  const stops = () => {
    const hits = document.querySelectorAll(".hit h3 a");
    return hits.length ? [...hits] : [...document.querySelectorAll(".sheet mark")];
  };
  let at = null;

  const step = (way) => {
    const all = stops();
    if (!all.length) return;
    const next = all.indexOf(at) + way;
    at = all[at === null ? 0 : Math.min(Math.max(next, 0), all.length - 1)];
    at.closest("details")?.setAttribute("open", "");
    if (at.tagName === "MARK") at.tabIndex = -1;
    at.focus({ preventScroll: true });
    at.scrollIntoView({ block: "center" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key === "/") {
      const box = document.getElementById("q");
      if (!box) return;
      box.focus();
      box.select();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
  });
})();
