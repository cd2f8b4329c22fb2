// The texts of a page whose contrast is below 4.5, by the formulas of WCAG 2.2 (relative luminance, contrast ratio).
() => {
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => linear(value / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parts(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest(".hidden, .skip")) continue;
    const style = getComputedStyle(element);
    const back = ground(element);
    const ink = parts(style.color).slice(0, 3);
    const shown = ink.map((value, i) => value * style.opacity + back[i] * (1 - style.opacity));
    const [more, less] = [light(shown), light(back)].sort((x, y) => y - x);
    const ratio = (more + 0.05) / (less + 0.05);
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)} ${element.className || element.tagName} ${element.textContent.slice(0, 20)}`);
  }
  return low;
}
