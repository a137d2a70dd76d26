// Draws the client's scenes as PNG for the eye, and measures each: nothing wider than the page, no clipped control, targets large enough.
// Usage: node scenes.mjs FOLDER [LANGUAGE...]
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { House, speak } from "./browser.mjs";
import { measure } from "./measure.mjs";
import { play } from "./play.mjs";

const [folder = "/tmp/scenes", ...languages] = process.argv.slice(2);
const WIDTHS = [320, 834, 1920];
const THEMES = ["light", "dark"];

const house = await House.open();
await mkdir(folder, { recursive: true });
try {
  await play(house, draw);
} finally {
  await house.close();
}

async function draw(page, scene) {
  for (const language of languages.length === 0 ? ["en"] : languages) {
    await speak(page, language);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 320 ? 640 : 900 });
      for (const theme of THEMES) {
        await page.evaluate((wanted) => { document.documentElement.dataset.theme = wanted; }, theme);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 250))));
        await page.screenshot({ path: join(folder, `${[scene, language, width, theme].join("-")}.png`), animations: "disabled" });
      }
      assert.deepEqual(await page.evaluate(measure, width < 720 ? 44 : 24), [], `${scene} at ${width}`);
    }
  }
  await speak(page, "en");
  await page.setViewportSize({ width: 1000, height: 800 });
}
