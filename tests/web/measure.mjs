// Measures a page as it stands; runs inside of it.

/** What is wrong with the page as it stands. Links inside texts may be as small as their line. */
export function measure(least) {
  const wrong = [];
  if (document.documentElement.scrollWidth > window.innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const control of document.querySelectorAll("button, input, select, textarea, a")) {
    const { width, height, right, left } = control.getBoundingClientRect();
    const isHidden = width === 0 || control.closest("[inert], .line-text, .unseen, .skip") !== null || !control.checkVisibility({ opacityProperty: true });
    if (isHidden) continue;
    const name = control.getAttribute("aria-label") ?? control.textContent ?? control.tagName;
    const label = control.closest("label");
    const box = label === null ? { width, height } : label.getBoundingClientRect();
    if (Math.min(box.width, box.height) < least - 0.5) wrong.push(`${name} is ${Math.round(box.width)} × ${Math.round(box.height)}`);
    if (right > window.innerWidth + 1 || left < -1) wrong.push(`${name} sticks out`);
    if (control.matches(".button") && control.scrollWidth > control.clientWidth + 1) wrong.push(`${name} is clipped`);
  }
  return wrong;
}
