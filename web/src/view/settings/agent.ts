/** From a browser's own name for itself to what people call it. */

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/(Firefox|FxiOS)\//, "Firefox"],
  [/HeadlessChrome\//, "Chrome"],
  [/(Chrome|CriOS)\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, "Android"],
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Macintosh|Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

export function browserOf(agent: string): string | undefined {
  return BROWSERS.find(([pattern]) => pattern.test(agent))?.[1];
}

export function systemOf(agent: string): string | undefined {
  return SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1];
}
