// Small comforts on pages that work without them: keys / j k, a link sign that also copies its link, and suggestions.
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

  // The link names no query, but the language of the page.
  const language = new URLSearchParams(location.search).get("lang") === "en" ? "?lang=en" : "";
  const linkOf = (sign) => location.origin + location.pathname + language + sign.getAttribute("href");

  document.addEventListener("click", async (event) => {
    const sign = event.target.closest("a.sign");
    if (!sign || !navigator.clipboard) return; // without a clipboard the link is followed, and stands in the address bar
    try {
      await navigator.clipboard.writeText(linkOf(sign));
      say(said.dataset.copied);
    } catch {
      say(said.dataset.kept);
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

  // The box of a page is a combobox (WAI-ARIA 1.2): the list opens while typing, arrows choose, Enter searches.
  const box = document.getElementById("q");
  if (!box) return;
  const list = document.createElement("ul");
  list.id = "suggested";
  list.className = "suggested";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.form.dataset.list);
  box.form.append(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  let typed = "";
  let chosen = -1;
  let waiting = 0;
  let asked = null;

  const open = (shown) => {
    list.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
    if (!shown) choose(-1);
  };

  const choose = (number) => {
    chosen = number;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === number)));
    const option = list.children[number];
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  };

  const optionOf = ({ text, kind, count }, i) => {
    const option = document.createElement("li");
    const told = document.createElement("small");
    option.id = `suggested-${i}`;
    option.dataset.text = text;
    option.setAttribute("role", "option");
    told.textContent = `${box.form.dataset[kind] ?? ""} ${count}`;
    option.append(text, told);
    return option;
  };

  const suggest = async () => {
    asked?.abort();
    asked = new AbortController();
    typed = box.value.trim();
    if (!typed || typed.length > 40) { open(false); return; }
    try {
      const url = `/api/v1/suggest?limit=8&q=${encodeURIComponent(typed)}`;
      const answer = await fetch(url, { signal: asked.signal });
      const { suggestions } = await answer.json();
      list.replaceChildren(...suggestions.map(optionOf));
      open(suggestions.length > 0 && document.activeElement === box);
      choose(-1);
    } catch {
      // A later letter took its place, or the server is away: the box works without.
    }
  };

  const take = (option) => {
    box.value = option.dataset.text;
    open(false);
    box.form.requestSubmit();
  };

  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 120);
  };
  // While an input method composes, its own list is open; its letters are not yet what is typed.
  box.addEventListener("input", (event) => { if (!event.isComposing) later(); });
  box.addEventListener("compositionend", later);
  box.addEventListener("blur", () => { clearTimeout(waiting); open(false); });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the box in focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) take(option);
  });
  box.form.addEventListener("submit", () => { clearTimeout(waiting); asked?.abort(); });
  box.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const count = list.children.length;
    if (event.key === "ArrowDown") choose((chosen + 2) % (count + 1) - 1);
    else if (event.key === "ArrowUp") choose((chosen + count + 1) % (count + 1) - 1);
    else if (event.key === "Escape") open(false);
    else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen]);
    else return;
    event.preventDefault();
  });
})();
