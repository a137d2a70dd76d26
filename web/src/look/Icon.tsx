/** Drawings of one line. They say nothing to screen readers: whoever shows one names it. */

const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-6 16-3-6z M11 14l9-10",
  more: "M5 12h.01 M12 12h.01 M19 12h.01",
  plus: "M12 5v14 M5 12h14",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.5 20a7.5 7.5 0 0 1 15 0",
  group:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z M2.5 19.5a6.5 6.5 0 0 1 13 0 M16 4.5a3.5 3.5 0 0 1 0 6.5 M18 13.5a6.5 6.5 0 0 1 3.5 6",
  settings: "M4 7h9 M17 7h3 M4 17h3 M11 17h9 M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4z M9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  details: "M12 11v6 M12 7.5h.01 M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  close: "M6 6l12 12 M18 6L6 18",
  down: "M12 5v14 M6 13l6 6 6-6",
  up: "M12 19V5 M6 11l6-6 6 6",
  clock: "M12 7v5l3 2 M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  tick: "M5 12.5l4.5 4.5L19 7",
  ticks: "M2 12.5l4.5 4.5L16 7 M12 16.5l.5.5L22 7",
  warn: "M12 8v5 M12 16.5h.01 M10.6 4.2L2.9 17.5A1.6 1.6 0 0 0 4.3 20h15.4a1.6 1.6 0 0 0 1.4-2.5L13.4 4.2a1.6 1.6 0 0 0-2.8 0z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M8.5 14a4 4 0 0 0 7 0 M9 9.5h.01 M15 9.5h.01",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z M20 20l-4-4",
  reply: "M9 7L4 12l5 5 M4 12h9a7 7 0 0 1 7 7",
  pin: "M9 4h6l-1 6 3 3H7l3-3z M12 13v7",
  star: "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
  bellOff: "M18 9a6 6 0 0 0-9.5-4.9 M6 9c0 6-2 7-2 7h11 M10.5 20a2 2 0 0 0 3 0 M4 4l16 16",
  archive: "M4 5h16v4H4z M5.5 9v10h13V9 M10 13h4",
  turned: "M9 6l6 6-6 6",
  file: "M6 3h8l4 4v14H6z M14 3v5h4",
  clip: "M19 11l-7.5 7.5a4.6 4.6 0 0 1-6.5-6.5L13 4a3 3 0 0 1 4.3 4.3l-8 8a1.5 1.5 0 0 1-2.2-2.2L14 7",
  again: "M19 12a7 7 0 1 1-2-5 M17 3v4h-4",
  note: "M6 4h9l4 4v12H6z M14 4v5h5 M9 13h6 M9 16.5h4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A door ajar, light in the gap. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path class="logo-frame" d="M9 44V8a4 4 0 0 1 4-4h22a4 4 0 0 1 4 4v36z" />
      <path class="logo-light" d="M27 8h8v36h-8z" />
      <path class="logo-beam" d="M27 44h8l7 4H20z" />
      <path class="logo-door" d="M13 8l14 4v32l-14 2z" />
      <circle class="logo-knob" cx="23.5" cy="28" r="1.6" />
    </svg>
  );
}
